//! Signed-in sessions. Only digests of their tokens are stored.

use domain::audit::AuditEvent;
use domain::member::Member;
use domain::organisation::Organisation;
use domain::proof::Proof;
use domain::{MemberId, Timestamp};

use crate::db::{Columns, Store, Tx, read_all, read_first};
use crate::error::StoreError;
use crate::limits::PAGE_ROWS_MAX;
use crate::members::{member_columns, organisation_columns, read_member, read_organisation};
use crate::outbox::Mail;

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
    /// How its owner proved who they are.
    pub proof: Proof,
    /// A few words on the device.
    pub device: String,
    /// The network it was opened from, without the last part of the address.
    pub network: String,
    /// Whether it was opened on a device not seen before.
    pub new_device: bool,
}

/// The device a session is opened on, and what to send when nobody has seen it before.
#[derive(Debug, Clone)]
pub struct Device {
    /// Digest of the token the browser keeps.
    pub digest: [u8; 32],
    /// The notice to the member.
    pub notice: Mail,
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
    /// Whether the member has a second factor: a device that gives codes, or a passkey.
    pub second_factor: bool,
}

/// The columns [`read_session`] reads, of the table named `s`.
macro_rules! session_columns {
    () => {
        "s.digest, s.member, s.created_at, s.expires_at, s.last_seen_at, s.proof, s.device, s.network, s.new_device"
    };
}

statements! {
    INSERT = "INSERT INTO session (digest, member, created_at, expires_at, last_seen_at, proof, device, network, new_device) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIVE = concat!("SELECT ", session_columns!(), ", ", member_columns!(), ", ", organisation_columns!(), ", CAST(CASE WHEN c.confirmed_at IS NOT NULL \
        OR EXISTS (SELECT 1 FROM passkey p WHERE p.member = m.id) THEN 1 ELSE 0 END AS BIGINT) \
        FROM session s JOIN member m ON m.id = s.member JOIN organisation o ON o.id = m.organisation \
        LEFT JOIN one_time_code c ON c.member = m.id \
        WHERE s.digest = $1 AND s.expires_at > $2 AND m.active = 1 AND o.active = 1");
    OF_MEMBER = concat!("SELECT ", session_columns!(), " FROM session s WHERE s.member = $1 AND s.expires_at > $2 \
        ORDER BY s.last_seen_at DESC, s.digest LIMIT $3");
    TOUCH = "UPDATE session SET last_seen_at = $2 WHERE digest = $1 AND last_seen_at < $2";
    DELETE = "DELETE FROM session WHERE digest = $1";
    DELETE_OWN = "DELETE FROM session WHERE digest = $1 AND member = $2";
    DELETE_OF_MEMBER = "DELETE FROM session WHERE member = $1";
    PURGE = "DELETE FROM session WHERE expires_at <= $1";
    DEVICES = "SELECT digest FROM known_device WHERE member = $1 ORDER BY last_seen_at DESC LIMIT $2";
    KNOW_DEVICE = "INSERT INTO known_device (member, digest, last_seen_at) VALUES ($1, $2, $3) \
        ON CONFLICT (member, digest) DO UPDATE SET last_seen_at = excluded.last_seen_at";
    FORGET_DEVICE = "DELETE FROM known_device WHERE member = $1 AND digest = $2";
    PURGE_DEVICES = "DELETE FROM known_device WHERE last_seen_at <= $1";
}

/// Every session of a member that this kind of proof opened, but one.
pub(crate) const DELETE_OTHERS_OF_PROOF: &str =
    "DELETE FROM session WHERE member = $1 AND digest <> $2 AND proof = $3";
/// Every session of a member but one.
pub(crate) const DELETE_OTHERS: &str = "DELETE FROM session WHERE member = $1 AND digest <> $2";
/// Devices remembered of one member; the one unseen for longest is forgotten.
const DEVICES_MAX: i64 = 50;

impl Store {
    /// Begins a session; the audit event says who signed in. When `device` is one the member has not
    /// used before, and they have used others, its notice is sent and the session says so.
    pub async fn insert_session(
        &self,
        session: &SessionRow,
        device: Option<&Device>,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let is_new = match device {
            Some(device) => tx.see_device(session, device).await?,
            None => session.new_device,
        };
        let values = values![
            session.digest,
            session.member.0,
            session.created_at,
            session.expires_at,
            session.last_seen_at,
            session.proof.as_str(),
            &session.device,
            &session.network,
            is_new,
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

    /// Sessions of a member that have not run out by `now`, the one used last first, at most a page.
    pub async fn sessions_of(
        &self,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let values = values![member.0, now, i64::from(PAGE_ROWS_MAX)];
        let rows = self.rows(OF_MEMBER, values).await?;
        read_all(&rows, read_session)
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

    /// Ends one session of this member; [`StoreError::NotFound`] when it is none of theirs.
    pub async fn end_session_of(
        &self,
        member: MemberId,
        digest: [u8; 32],
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(DELETE_OWN, values![digest, member.0]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Ends every session of a member, but for `kept` where one is named; yields how many there were.
    pub async fn end_sessions_of(
        &self,
        member: MemberId,
        kept: Option<[u8; 32]>,
        audit: &AuditEvent,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let ended = match kept {
            Some(kept) => tx.execute(DELETE_OTHERS, values![member.0, kept]).await?,
            None => tx.execute(DELETE_OF_MEMBER, values![member.0]).await?,
        };
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Removes sessions that have ended by `now`, and devices not seen since `unseen_since`; yields
    /// how many sessions.
    pub async fn purge_sessions(
        &self,
        now: Timestamp,
        unseen_since: Timestamp,
    ) -> Result<u64, StoreError> {
        self.change(PURGE_DEVICES, values![unseen_since]).await?;
        self.change(PURGE, values![now]).await
    }
}

impl Tx {
    /// Ends every session of a member.
    pub(crate) async fn delete_sessions_of(&mut self, member: MemberId) -> Result<(), StoreError> {
        self.execute(DELETE_OF_MEMBER, values![member.0])
            .await
            .map(drop)
    }

    /// Remembers the device of a session; whether it is news to a member who has used others.
    async fn see_device(
        &mut self,
        session: &SessionRow,
        device: &Device,
    ) -> Result<bool, StoreError> {
        let member = session.member.0;
        let rows = self.rows(DEVICES, values![member, DEVICES_MAX + 1]).await?;
        let known = read_all(&rows, |c| c.digest("device digest"))?;
        let at = session.created_at;
        self.execute(KNOW_DEVICE, values![member, device.digest, at])
            .await?;
        if known.contains(&device.digest) {
            return Ok(false);
        }
        if let Some(oldest) = known.last().filter(|_| known.len() as i64 >= DEVICES_MAX) {
            self.execute(FORGET_DEVICE, values![member, *oldest])
                .await?;
        }
        if known.is_empty() {
            return Ok(false);
        }
        self.post(&device.notice, at).await?;
        Ok(true)
    }
}

fn read_session(c: &mut Columns<'_>) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        digest: c.digest("session digest")?,
        member: MemberId(c.id()?),
        created_at: c.time()?,
        expires_at: c.time()?,
        last_seen_at: c.time()?,
        proof: c.word("proof", Proof::parse)?,
        device: c.text()?,
        network: c.text()?,
        new_device: c.flag()?,
    })
}

fn read_signed(c: &mut Columns<'_>) -> Result<Signed, StoreError> {
    let session = read_session(c)?;
    Ok(Signed {
        member: read_member(c)?,
        organisation: read_organisation(c)?,
        session,
        second_factor: c.flag()?,
    })
}
