//! Other parties that co-sign the ledger, and what they signed.

use domain::audit::AuditEvent;
use domain::{Timestamp, WitnessId};
use ledger::Hash;

use crate::db::{Columns, Store, read_all, read_first};
use crate::error::StoreError;
use crate::ledger_tiles::LedgerHead;

/// A registered witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessRow {
    /// Its identity.
    pub id: WitnessId,
    /// Who it is, for people.
    pub name: String,
    /// Its public key, as signed notes write it.
    pub vkey: String,
    /// When it was registered.
    pub added_at: Timestamp,
    /// When it was struck off.
    pub removed_at: Option<Timestamp>,
    /// The largest ledger it co-signed, and when it says it did.
    pub last: Option<(u64, Timestamp)>,
}

/// One cosignature on a checkpoint of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// Who signed.
    pub witness: WitnessId,
    /// Entries of the ledger that was signed.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// When the witness says it signed.
    pub signed_at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// The line of the signed note.
    pub line: String,
}

statements! {
    ADD = "INSERT INTO ledger_witness (id, name, vkey, added_at) VALUES ($1, $2, $3, $4)";
    REMOVE = "UPDATE ledger_witness SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
    LIST = "SELECT w.id, w.name, w.vkey, w.added_at, w.removed_at, c.size, c.signed_at \
        FROM ledger_witness w LEFT JOIN ledger_cosignature c ON c.witness = w.id \
        AND c.size = (SELECT MAX(m.size) FROM ledger_cosignature m WHERE m.witness = w.id) \
        ORDER BY w.added_at, w.id";
    KEEP = "INSERT INTO ledger_cosignature (witness, size, root, signed_at, received_at, line) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (witness, size) DO UPDATE SET \
        root = excluded.root, signed_at = excluded.signed_at, received_at = excluded.received_at, line = excluded.line \
        WHERE excluded.signed_at > ledger_cosignature.signed_at";
    // What the ledger of this size has and the largest that this witness signed before has not.
    NEWS = "SELECT sequence FROM audit_event WHERE sequence <= $2 AND kind <> $3 \
        AND sequence > (SELECT COALESCE(MAX(c.size), 0) FROM ledger_cosignature c WHERE c.witness = $1) LIMIT 1";
    LINES = "SELECT c.line FROM ledger_cosignature c JOIN ledger_witness w ON w.id = c.witness \
        WHERE c.size = $1 AND w.removed_at IS NULL ORDER BY w.added_at, w.id";
    LAST_COSIGNED = "SELECT c.size, c.root FROM ledger_cosignature c JOIN ledger_witness w ON w.id = c.witness \
        WHERE w.removed_at IS NULL ORDER BY c.size DESC LIMIT 1";
}

impl Store {
    /// Registers a witness, whose key must be no other's.
    pub async fn add_witness(
        &self,
        witness: &WitnessRow,
        act: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let row = values![witness.id.0, &witness.name, &witness.vkey, witness.added_at];
        tx.execute(ADD, row).await?;
        tx.record(act).await?;
        tx.commit().await
    }

    /// Strikes a witness off: it co-signs no more, and what it signed is shown no more.
    pub async fn remove_witness(
        &self,
        id: WitnessId,
        at: Timestamp,
        act: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(REMOVE, values![id.0, at]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.record(act).await?;
        tx.commit().await
    }

    /// Every witness there ever was, in the order they came.
    pub async fn witnesses(&self) -> Result<Vec<WitnessRow>, StoreError> {
        let rows = self.rows(LIST, values![]).await?;
        read_all(&rows, |c| {
            Ok(WitnessRow {
                id: WitnessId(c.id()?),
                name: c.text()?,
                vkey: c.text()?,
                added_at: c.time()?,
                removed_at: c.opt_time()?,
                last: match (c.opt_int()?, c.opt_time()?) {
                    (Some(size), Some(at)) => Some((u64::try_from(size).unwrap_or_default(), at)),
                    _ => None,
                },
            })
        })
    }

    /// Keeps a cosignature; an earlier one of the same witness on the same size gives way. `act`
    /// is recorded with it, unless the ledger grew by nothing but such records since the witness
    /// signed last: its entries would otherwise call for one another without end.
    pub async fn keep_cosignature(
        &self,
        signed: &Cosignature,
        act: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let size = i64::try_from(signed.size).unwrap_or(i64::MAX);
        let news = values![signed.witness.0, size, act.kind.as_str()];
        let news = tx.rows(NEWS, news).await?;
        let row = values![
            signed.witness.0,
            size,
            signed.root,
            signed.signed_at,
            signed.received_at,
            &signed.line,
        ];
        tx.execute(KEEP, row).await?;
        if !news.is_empty() {
            tx.record(act).await?;
        }
        tx.commit().await
    }

    /// The cosignature lines on the ledger of `size` entries.
    pub async fn cosignature_lines(&self, size: u64) -> Result<Vec<String>, StoreError> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let rows = self.rows(LINES, values![size]).await?;
        read_all(&rows, Columns::text)
    }

    /// The largest ledger that a witness co-signed.
    pub async fn last_cosigned(&self) -> Result<Option<LedgerHead>, StoreError> {
        let rows = self.rows(LAST_COSIGNED, values![]).await?;
        read_first(&rows, |c| {
            Ok(LedgerHead {
                size: u64::try_from(c.int()?).unwrap_or_default(),
                root: c.digest("cosigned root")?,
            })
        })
    }
}
