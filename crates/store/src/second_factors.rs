//! Devices that give one-time codes, and the recovery codes that stand in for a lost device or a lost
//! passkey.

use domain::audit::AuditEvent;
use domain::{MemberId, Timestamp};

use crate::db::{Columns, Store, Tx, Value, read_first};
use crate::error::StoreError;
use crate::outbox::Mail;

/// What a member's device and we share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// When the person showed that the device gives the same codes.
    pub confirmed_at: Option<Timestamp>,
    /// The newest time step whose code was used.
    pub last_step: i64,
}

/// What becomes of the last second factor of a member when somebody takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastFactor {
    /// It stays.
    Stays,
    /// It may go.
    MayGo,
}

statements! {
    // Whoever changes the second factors of a member holds its row, so that two at once see each other.
    HOLD_MEMBER = "SELECT id FROM member WHERE id = $1";
    READ = "SELECT secret, confirmed_at, last_step FROM one_time_code WHERE member = $1";
    BEGIN = "INSERT INTO one_time_code (member, secret, confirmed_at, last_step) VALUES ($1, $2, NULL, 0) \
        ON CONFLICT (member) DO NOTHING";
    CONFIRM = "UPDATE one_time_code SET confirmed_at = $2, last_step = $3 WHERE member = $1 AND confirmed_at IS NULL";
    USE_STEP = "UPDATE one_time_code SET last_step = $2 \
        WHERE member = $1 AND last_step < $2 AND confirmed_at IS NOT NULL";
    REMOVE = "DELETE FROM one_time_code WHERE member = $1 AND confirmed_at IS NOT NULL";
    HAS = "SELECT CAST(COUNT(*) AS BIGINT) FROM member m WHERE m.id = $1 AND ( \
        EXISTS (SELECT 1 FROM one_time_code c WHERE c.member = m.id AND c.confirmed_at IS NOT NULL) \
        OR EXISTS (SELECT 1 FROM passkey p WHERE p.member = m.id))";
    CLEAR_CODES = "DELETE FROM recovery_code WHERE member = $1";
    CLEAR_IDLE_CODES = "DELETE FROM recovery_code WHERE member = $1 \
        AND NOT EXISTS (SELECT 1 FROM passkey WHERE member = $1) \
        AND NOT EXISTS (SELECT 1 FROM one_time_code WHERE member = $1 AND confirmed_at IS NOT NULL)";
    USE_CODE = "UPDATE recovery_code SET used_at = $3 WHERE member = $1 AND digest = $2 AND used_at IS NULL";
    CODES_LEFT = "SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_code WHERE member = $1 AND used_at IS NULL";
}

const INSERT_CODES: &str = "INSERT INTO recovery_code (member, digest) VALUES";

impl Store {
    /// What a member's device and we share, confirmed or not.
    pub async fn one_time_code(&self, member: MemberId) -> Result<Option<OneTimeCode>, StoreError> {
        let rows = self.rows(READ, values![member.0]).await?;
        read_first(&rows, |c| {
            Ok(OneTimeCode {
                secret: c.bytes()?,
                confirmed_at: c.opt_time()?,
                last_step: c.int()?,
            })
        })
    }

    /// Keeps `secret` for a device to be added, unless one is on its way already.
    pub async fn begin_one_time_code(
        &self,
        member: MemberId,
        secret: &[u8],
    ) -> Result<(), StoreError> {
        self.change(BEGIN, values![member.0, secret.to_vec()])
            .await
            .map(drop)
    }

    /// Takes a device into use whose code of time step `step` was right, with fresh recovery codes.
    /// [`StoreError::Conflict`] when there is none on its way.
    pub async fn confirm_one_time_code(
        &self,
        member: MemberId,
        step: i64,
        recovery: &[[u8; 32]],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.hold(member).await?;
        if tx
            .execute(CONFIRM, values![member.0, audit.at, step])
            .await?
            == 0
        {
            return Err(StoreError::Conflict);
        }
        tx.replace_codes(member, recovery).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Uses up the code of time step `step`; false when it or a later one was used before.
    pub async fn use_step(&self, member: MemberId, step: i64) -> Result<bool, StoreError> {
        Ok(self.change(USE_STEP, values![member.0, step]).await? == 1)
    }

    /// Whether a member has a second factor: a device that gives codes, or a passkey.
    pub async fn has_second_factor(&self, member: MemberId) -> Result<bool, StoreError> {
        let rows = self.rows(HAS, values![member.0]).await?;
        Ok(read_first(&rows, Columns::flag)?.unwrap_or_default())
    }

    /// Takes the device away, and the recovery codes unless a passkey needs them; false when it is the
    /// last second factor and that stays.
    pub async fn remove_one_time_code(
        &self,
        member: MemberId,
        last: LastFactor,
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        tx.hold(member).await?;
        if tx.execute(REMOVE, values![member.0]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        if last == LastFactor::Stays && !tx.has_second_factor(member).await? {
            return Ok(false);
        }
        tx.clear_idle_codes(member).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Uses up a recovery code; false when there is none such.
    pub async fn use_recovery_code(
        &self,
        member: MemberId,
        digest: [u8; 32],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if tx
            .execute(USE_CODE, values![member.0, digest, audit.at])
            .await?
            == 0
        {
            return Ok(false);
        }
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Puts fresh recovery codes in the place of the old ones, and tells their member.
    pub async fn renew_recovery_codes(
        &self,
        member: MemberId,
        recovery: &[[u8; 32]],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.hold(member).await?;
        tx.replace_codes(member, recovery).await?;
        tx.post(mail, audit.at).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Recovery codes a member has left.
    pub async fn recovery_codes_left(&self, member: MemberId) -> Result<i64, StoreError> {
        let rows = self.rows(CODES_LEFT, values![member.0]).await?;
        Ok(read_first(&rows, Columns::int)?.unwrap_or_default())
    }
}

impl Tx {
    /// Keeps everybody else who calls this for the same member waiting until the end of the
    /// transaction.
    pub(crate) async fn hold(&mut self, member: MemberId) -> Result<(), StoreError> {
        let hold = self.locked(HOLD_MEMBER);
        self.rows(hold, values![member.0]).await.map(drop)
    }

    /// Whether a member has a second factor, as this transaction leaves them.
    pub(crate) async fn has_second_factor(&mut self, member: MemberId) -> Result<bool, StoreError> {
        let rows = self.rows(HAS, values![member.0]).await?;
        Ok(read_first(&rows, Columns::flag)?.unwrap_or_default())
    }

    /// Takes recovery codes away that stand in for nothing any more.
    pub(crate) async fn clear_idle_codes(&mut self, member: MemberId) -> Result<(), StoreError> {
        self.execute(CLEAR_IDLE_CODES, values![member.0])
            .await
            .map(drop)
    }

    /// Puts these recovery codes in the place of the old ones.
    pub(crate) async fn replace_codes(
        &mut self,
        member: MemberId,
        recovery: &[[u8; 32]],
    ) -> Result<(), StoreError> {
        self.execute(CLEAR_CODES, values![member.0]).await?;
        let values: Vec<Value> = recovery
            .iter()
            .flat_map(|digest| values![member.0, *digest])
            .collect();
        self.insert_rows(INSERT_CODES, "", 2, values)
            .await
            .map(drop)
    }
}
