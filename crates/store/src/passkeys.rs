//! Passkeys: the public half of keys that never leave a member's device.

use domain::audit::AuditEvent;
use domain::limits::PASSKEYS_PER_MEMBER;
use domain::member::Member;
use domain::proof::Proof;
use domain::{MemberId, PasskeyId, Timestamp};

use crate::db::{Columns, Store, read_all, read_first};
use crate::error::StoreError;
use crate::members::{member_columns, read_member};
use crate::outbox::Mail;
use crate::second_factors::LastFactor;
use crate::sessions::DELETE_OTHERS_OF_PROOF;

/// A passkey of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its identity here.
    pub id: PasskeyId,
    /// Whose it is.
    pub member: MemberId,
    /// What the person calls it.
    pub name: String,
    /// Public key, counter and properties, as JSON.
    pub content: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// The last sign-in with it.
    pub last_used_at: Option<Timestamp>,
}

/// A passkey to be added.
#[derive(Debug, Clone)]
pub struct NewPasskey {
    /// The passkey.
    pub row: PasskeyRow,
    /// The identity the device gave to its key.
    pub credential: Vec<u8>,
    /// Digests of fresh recovery codes, for the case that this is the member's first second factor.
    pub recovery: Vec<[u8; 32]>,
}

/// A passkey somebody shows at the door, and whom it opens for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPasskey {
    /// The passkey.
    pub passkey: PasskeyRow,
    /// Its member; always active, and of an organisation that has not left.
    pub member: Member,
}

/// The columns [`read_passkey`] reads, of the table named `p`.
macro_rules! passkey_columns {
    () => {
        "p.id, p.member, p.name, p.content, p.added_at, p.last_used_at"
    };
}

statements! {
    OF_MEMBER = concat!("SELECT ", passkey_columns!(), " FROM passkey p WHERE p.member = $1 ORDER BY p.added_at, p.id");
    FIND = concat!("SELECT ", passkey_columns!(), ", ", member_columns!(), " FROM passkey p \
        JOIN member m ON m.id = p.member JOIN organisation o ON o.id = m.organisation \
        WHERE p.credential = $1 AND m.active = 1 AND o.active = 1");
    CREDENTIALS = "SELECT credential FROM passkey WHERE member = $1";
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM passkey WHERE member = $1";
    INSERT = "INSERT INTO passkey (id, member, credential, name, content, added_at, last_used_at) \
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    USE = "UPDATE passkey SET content = $3, last_used_at = $4 WHERE id = $1 AND content = $2";
    REMOVE = "DELETE FROM passkey WHERE id = $1 AND member = $2";
}

impl Store {
    /// The passkeys of a member, the oldest first.
    pub async fn passkeys(&self, member: MemberId) -> Result<Vec<PasskeyRow>, StoreError> {
        let rows = self.rows(OF_MEMBER, values![member.0]).await?;
        read_all(&rows, read_passkey)
    }

    /// The identities that a member's devices gave to their keys.
    pub async fn passkey_credentials(&self, member: MemberId) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = self.rows(CREDENTIALS, values![member.0]).await?;
        read_all(&rows, Columns::bytes)
    }

    /// The passkey with this identity, while it opens anything.
    pub async fn passkey(&self, credential: &[u8]) -> Result<Option<FoundPasskey>, StoreError> {
        let rows = self.rows(FIND, values![credential.to_vec()]).await?;
        read_first(&rows, |c| {
            Ok(FoundPasskey {
                passkey: read_passkey(c)?,
                member: read_member(c)?,
            })
        })
    }

    /// Adds a passkey; true when it is the member's first second factor, and then its recovery codes
    /// count from now on. [`StoreError::Conflict`] when its key is known already, or the member has as
    /// many as they may have.
    pub async fn insert_passkey(
        &self,
        new: &NewPasskey,
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let row = &new.row;
        let mut tx = self.begin().await?;
        tx.hold(row.member).await?;
        let rows = tx.rows(COUNT, values![row.member.0]).await?;
        let count = read_first(&rows, Columns::int)?.unwrap_or_default();
        if count >= PASSKEYS_PER_MEMBER as i64 {
            return Err(StoreError::Conflict);
        }
        let first = !tx.has_second_factor(row.member).await?;
        let values = values![
            row.id.0,
            row.member.0,
            new.credential.clone(),
            &row.name,
            &row.content,
            row.added_at,
        ];
        tx.execute(INSERT, values).await?;
        if first {
            tx.replace_codes(row.member, &new.recovery).await?;
        }
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(first)
    }

    /// Notes a sign-in with a passkey, as it was read before and as it is now; false when somebody
    /// else used or removed it in between.
    pub async fn use_passkey(
        &self,
        before: &PasskeyRow,
        content: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = values![before.id.0, &before.content, content, now];
        Ok(self.change(USE, values).await? == 1)
    }

    /// Records that a passkey was refused, and tells its member.
    pub async fn passkey_refused(&self, mail: &Mail, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Takes a passkey away: every session that passkeys opened ends but `kept`, and with the last
    /// second factor go its recovery codes. False when it is that last one and stays;
    /// [`StoreError::NotFound`] when it is none of this member.
    pub async fn remove_passkey(
        &self,
        member: MemberId,
        id: PasskeyId,
        last: LastFactor,
        kept: [u8; 32],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        tx.hold(member).await?;
        if tx.execute(REMOVE, values![id.0, member.0]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        if last == LastFactor::Stays && !tx.has_second_factor(member).await? {
            return Ok(false);
        }
        let others = values![member.0, kept, Proof::Passkey.as_str()];
        tx.execute(DELETE_OTHERS_OF_PROOF, others).await?;
        tx.clear_idle_codes(member).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn read_passkey(c: &mut Columns<'_>) -> Result<PasskeyRow, StoreError> {
    Ok(PasskeyRow {
        id: PasskeyId(c.id()?),
        member: MemberId(c.id()?),
        name: c.text()?,
        content: c.text()?,
        added_at: c.time()?,
        last_used_at: c.opt_time()?,
    })
}
