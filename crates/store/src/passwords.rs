//! Passwords of members, as hashes, and the mail links that set a new one.

use domain::audit::AuditEvent;
use domain::member::Member;
use domain::{MemberId, Timestamp};

use crate::db::{Columns, Store, Tx, read_first};
use crate::error::StoreError;
use crate::members::{member_columns, read_member};
use crate::outbox::Mail;
use crate::sessions::DELETE_OTHERS;

statements! {
    HASH = "SELECT password_hash FROM member WHERE id = $1";
    SET = "UPDATE member SET password_hash = $2 WHERE id = $1 AND active = 1";
    INSERT_RESET = "INSERT INTO password_reset (digest, member, asked_at, expires_at) VALUES ($1, $2, $3, $4)";
    RESET = concat!("SELECT ", member_columns!(), " FROM password_reset r JOIN member m ON m.id = r.member \
        WHERE r.digest = $1 AND r.expires_at > $2 AND m.active = 1");
    USE_RESET = "DELETE FROM password_reset WHERE digest = $1 AND member = $2 AND expires_at > $3";
    CLEAR_RESETS = "DELETE FROM password_reset WHERE member = $1";
    PURGE_RESETS = "DELETE FROM password_reset WHERE expires_at <= $1";
}

impl Store {
    /// The hash of a member's password.
    pub async fn password_hash(&self, member: MemberId) -> Result<String, StoreError> {
        let rows = self.rows(HASH, values![member.0]).await?;
        read_first(&rows, Columns::text)?.ok_or(StoreError::NotFound)
    }

    /// Sets another password; every other session of the member than `kept` ends with it, and every
    /// link that would set one.
    pub async fn set_password(
        &self,
        member: MemberId,
        password_hash: &str,
        kept: [u8; 32],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.set_password(member, password_hash, kept).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keeps a link that sets a new password, in place of earlier ones, together with its mail.
    pub async fn insert_reset(
        &self,
        member: MemberId,
        digest: [u8; 32],
        expires_at: Timestamp,
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.execute(CLEAR_RESETS, values![member.0]).await?;
        tx.execute(
            INSERT_RESET,
            values![digest, member.0, audit.at, expires_at],
        )
        .await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Whose password the link with this digest sets, while it works.
    pub async fn reset(
        &self,
        digest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Member>, StoreError> {
        let rows = self.rows(RESET, values![*digest, now]).await?;
        read_first(&rows, read_member)
    }

    /// Sets a new password by a link, which works this once; every session of the member ends.
    /// [`StoreError::NotFound`] when the link does not work any more.
    pub async fn use_reset(
        &self,
        member: MemberId,
        digest: [u8; 32],
        password_hash: &str,
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let used = tx
            .execute(USE_RESET, values![digest, member.0, audit.at])
            .await?;
        if used == 0 {
            return Err(StoreError::NotFound);
        }
        tx.set_password(member, password_hash, [0; 32]).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Removes links that have run out by `now`; yields how many.
    pub async fn purge_resets(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.change(PURGE_RESETS, values![now]).await
    }
}

impl Tx {
    async fn set_password(
        &mut self,
        member: MemberId,
        password_hash: &str,
        kept: [u8; 32],
    ) -> Result<(), StoreError> {
        if self.execute(SET, values![member.0, password_hash]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        self.execute(DELETE_OTHERS, values![member.0, kept]).await?;
        self.execute(CLEAR_RESETS, values![member.0])
            .await
            .map(drop)
    }
}
