//! Minutes of events under agreements: each file by its digest, those that were replaced too.

use domain::audit::AuditEvent;
use domain::{AgreementId, EventId, Timestamp};

use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::{AGREEMENTS_MAX, FILES_BYTES_MAX};

/// Minutes that are to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// The event they are of.
    pub event: EventId,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// The name of the file.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Kept minutes without their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinutesName {
    /// The event they are of.
    pub event: EventId,
    /// SHA-256 of their bytes.
    pub digest: [u8; 32],
    /// The name of the file.
    pub name: String,
    /// Their length in bytes.
    pub bytes: i64,
    /// When they were kept.
    pub kept_at: Timestamp,
}

statements! {
    HOLD_BY_EVENT = "SELECT a.id FROM agreement a JOIN agreement_event e ON e.agreement = a.id WHERE e.id = $1";
    KEEP = "INSERT INTO minutes (event, digest, name, bytes, kept_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (event, digest) DO NOTHING";
    FIRST = "UPDATE agreement_event SET minutes = $2 WHERE id = $1 AND minutes IS NULL";
    REPLACE = "UPDATE agreement_event SET minutes = $2 WHERE id = $1 AND minutes = $3";
    NAMES = "SELECT m.event, m.digest, m.name, CAST(LENGTH(m.bytes) AS BIGINT), m.kept_at FROM minutes m \
        JOIN agreement_event e ON e.id = m.event WHERE e.agreement = $1 ORDER BY m.kept_at DESC, m.digest LIMIT $2";
    ONE = "SELECT m.name, m.bytes FROM minutes m JOIN agreement_event e ON e.id = m.event \
        WHERE e.agreement = $1 AND m.event = $2 AND m.digest = $3";
    FILE_BYTES = "SELECT CAST(COALESCE((SELECT SUM(LENGTH(bytes)) FROM document WHERE agreement = $1), 0) \
        + COALESCE((SELECT SUM(LENGTH(m.bytes)) FROM minutes m JOIN agreement_event e ON e.id = m.event \
        WHERE e.agreement = $2), 0) AS BIGINT)";
}

impl Store {
    /// Keeps minutes and puts them in the place of those with the digest `seen`, which stay kept.
    /// [`StoreError::Conflict`] when others stand there, [`StoreError::NoRoom`] when the files of the
    /// agreement would be too many.
    pub async fn keep_minutes(
        &self,
        minutes: &Minutes,
        seen: Option<[u8; 32]>,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let holding = tx.locked(HOLD_BY_EVENT);
        let agreement = tx.rows(holding, values![minutes.event.0]).await?;
        let agreement = read_first(&agreement, |c| Ok(AgreementId(c.id()?)))?;
        let agreement = agreement.ok_or(StoreError::NotFound)?;
        let values = values![
            minutes.event.0,
            minutes.digest,
            &minutes.name,
            minutes.bytes.clone(),
            audit.at,
        ];
        tx.execute(KEEP, values).await?;
        let mut values = values![minutes.event.0, minutes.digest];
        let sql = match seen {
            None => FIRST,
            Some(seen) => {
                values.push(Value::from(seen));
                REPLACE
            }
        };
        if tx.execute(sql, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.fits(agreement).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// All minutes under an agreement without their bytes, the newest first.
    pub async fn minutes(&self, agreement: AgreementId) -> Result<Vec<MinutesName>, StoreError> {
        let values = values![agreement.0, AGREEMENTS_MAX];
        read_all(&self.rows(NAMES, values).await?, |c| {
            Ok(MinutesName {
                event: EventId(c.id()?),
                digest: c.digest("digest of minutes")?,
                name: c.text()?,
                bytes: c.int()?,
                kept_at: c.time()?,
            })
        })
    }

    /// The name and the bytes of minutes of an event under this agreement.
    pub async fn minutes_file(
        &self,
        agreement: AgreementId,
        event: EventId,
        digest: [u8; 32],
    ) -> Result<(String, Vec<u8>), StoreError> {
        let values = values![agreement.0, event.0, digest];
        let rows = self.rows(ONE, values).await?;
        read_first(&rows, |c| Ok((c.text()?, c.bytes()?)))?.ok_or(StoreError::NotFound)
    }
}

impl Tx {
    /// That the files of an agreement, whose row is held, are not more than it may hold.
    pub(crate) async fn fits(&mut self, agreement: AgreementId) -> Result<(), StoreError> {
        let values = values![agreement.0, agreement.0];
        let rows = self.rows(FILE_BYTES, values).await?;
        let bytes = read_first(&rows, Columns::int)?.unwrap_or_default();
        if bytes > FILES_BYTES_MAX {
            return Err(StoreError::NoRoom);
        }
        Ok(())
    }
}
