//! Signed-in sessions. Only digests of their tokens are stored.

use domain::audit::AuditEvent;
use domain::member::Member;
use domain::organisation::Organisation;
use domain::{MemberId, Timestamp};

use crate::db::{Columns, Store, read_first};
use crate::error::StoreError;
use crate::members::{member_columns, organisation_columns, read_member, read_organisation};

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token the browser holds.
    pub digest: [u8; 32],
    /// Whose it is.
    pub member: MemberId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// The last sign of its owner.
    pub last_seen_at: Timestamp,
}

/// Who a live session belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The member; always active.
    pub member: Member,
    /// Whom they act for.
    pub organisation: Organisation,
    /// The session.
    pub session: SessionRow,
}

statements! {
    INSERT = "INSERT INTO session (digest, member, created_at, expires_at, last_seen_at) VALUES ($1, $2, $3, $4, $5)";
    LIVE = concat!("SELECT s.digest, s.member, s.created_at, s.expires_at, s.last_seen_at, ",
        member_columns!(), ", ", organisation_columns!(), " FROM session s \
        JOIN member m ON m.id = s.member JOIN organisation o ON o.id = m.organisation \
        WHERE s.digest = $1 AND s.expires_at > $2 AND m.active = 1 AND o.active = 1");
    TOUCH = "UPDATE session SET last_seen_at = $2 WHERE digest = $1 AND last_seen_at < $2";
    DELETE = "DELETE FROM session WHERE digest = $1";
    DELETE_OF_MEMBER = "DELETE FROM session WHERE member = $1";
    PURGE = "DELETE FROM session WHERE expires_at <= $1";
}

impl Store {
    /// Begins a session; the audit event says who signed in.
    pub async fn insert_session(
        &self,
        session: &SessionRow,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            session.digest,
            session.member.0,
            session.created_at,
            session.expires_at,
            session.last_seen_at,
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The owner of a session that has not ended by `now`, whose account is active and whose
    /// organisation has not left the network.
    pub async fn session(
        &self,
        digest: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Signed>, StoreError> {
        let rows = self.rows(LIVE, values![*digest, now]).await?;
        read_first(&rows, read_signed)
    }

    /// Notes a sign of the owner; a session that has ended is left alone.
    pub async fn touch_session(&self, digest: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
        self.change(TOUCH, values![*digest, now]).await.map(drop)
    }

    /// Ends a session; one that has ended already stays so.
    pub async fn delete_session(
        &self,
        digest: &[u8; 32],
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(DELETE, values![*digest]).await? > 0 {
            tx.record(audit).await?;
        }
        tx.commit().await
    }

    /// Ends every session of a member; yields how many there were.
    pub async fn delete_sessions_of(&self, member: MemberId) -> Result<u64, StoreError> {
        self.change(DELETE_OF_MEMBER, values![member.0]).await
    }

    /// Removes sessions that have ended by `now`; yields how many.
    pub async fn purge_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.change(PURGE, values![now]).await
    }
}

fn read_signed(c: &mut Columns<'_>) -> Result<Signed, StoreError> {
    let session = SessionRow {
        digest: c.digest("session digest")?,
        member: MemberId(c.id()?),
        created_at: c.time()?,
        expires_at: c.time()?,
        last_seen_at: c.time()?,
    };
    Ok(Signed {
        member: read_member(c)?,
        organisation: read_organisation(c)?,
        session,
    })
}
