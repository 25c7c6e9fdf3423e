//! Mail to be sent: written in the transaction of the change it tells of, handed over afterwards,
//! at least once.

use domain::Timestamp;
use uuid::Uuid;

use crate::db::{Store, Tx, read_all, read_first};
use crate::error::StoreError;

/// One mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its identity; the same mail handed over twice carries it twice.
    pub id: Uuid,
    /// The address it goes to.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// A mail taken for sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMail {
    /// The mail.
    pub mail: Mail,
    /// How often it has been tried, this time included.
    pub tries: i64,
}

/// How much mail waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxCount {
    /// Mails still to be sent.
    pub waiting: i64,
    /// Mails that nobody tries to send any more.
    pub given_up: i64,
}

statements! {
    INSERT = "INSERT INTO outbox (id, recipient, subject, body, written_at, next_try_at, tries, given_up, fault) \
        VALUES ($1, $2, $3, $4, $5, $5, 0, 0, '')";
    DUE = "SELECT id, recipient, subject, body, tries, next_try_at FROM outbox \
        WHERE given_up = 0 AND next_try_at <= $1 ORDER BY next_try_at, id LIMIT $2";
    CLAIM = "UPDATE outbox SET next_try_at = $3, tries = tries + 1 WHERE id = $1 AND next_try_at = $2";
    SENT = "DELETE FROM outbox WHERE id = $1";
    FAILED = "UPDATE outbox SET next_try_at = $2, fault = $3 WHERE id = $1";
    GIVE_UP = "UPDATE outbox SET given_up = 1, body = '', fault = $2 WHERE id = $1";
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(given_up), 0) AS BIGINT) FROM outbox";
}

impl Store {
    /// Takes up to `limit` mails due at `now` for sending; nobody else gets them before `until`.
    pub async fn claim_mail(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMail>, StoreError> {
        let rows = self.rows(DUE, values![now, i64::from(limit)]).await?;
        let due = read_all(&rows, |c| {
            let mail = Mail {
                id: c.id()?,
                recipient: c.text()?,
                subject: c.text()?,
                body: c.text()?,
            };
            Ok((mail, c.int()?, c.time()?))
        })?;
        let mut claimed = Vec::with_capacity(due.len());
        for (mail, tries, at) in due {
            // Another sender may have been quicker.
            if self.change(CLAIM, values![mail.id, at, until]).await? == 1 {
                claimed.push(DueMail {
                    mail,
                    tries: tries + 1,
                });
            }
        }
        Ok(claimed)
    }

    /// Forgets a mail that was handed over.
    pub async fn mail_sent(&self, id: Uuid) -> Result<(), StoreError> {
        self.change(SENT, values![id]).await.map(drop)
    }

    /// Notes why a mail was not handed over and when to try again.
    pub async fn mail_failed(
        &self,
        id: Uuid,
        again_at: Timestamp,
        fault: &str,
    ) -> Result<(), StoreError> {
        self.change(FAILED, values![id, again_at, fault])
            .await
            .map(drop)
    }

    /// Gives a mail up; its text goes, for it may hold a link that opens something.
    pub async fn give_mail_up(&self, id: Uuid, fault: &str) -> Result<(), StoreError> {
        self.change(GIVE_UP, values![id, fault]).await.map(drop)
    }

    /// How much mail waits, and how much was given up.
    pub async fn outbox(&self) -> Result<OutboxCount, StoreError> {
        let rows = self.rows(COUNT, values![]).await?;
        let count = read_first(&rows, |c| Ok((c.int()?, c.int()?)))?;
        let (all, given_up) = count.unwrap_or_default();
        Ok(OutboxCount {
            waiting: all - given_up,
            given_up,
        })
    }
}

impl Tx {
    /// Puts a mail into the outbox.
    pub(crate) async fn post(&mut self, mail: &Mail, at: Timestamp) -> Result<(), StoreError> {
        let values = values![mail.id, &mail.recipient, &mail.subject, &mail.body, at];
        self.execute(INSERT, values).await.map(drop)
    }
}
