//! The check of the whole trail in an SQLite file: every entry is hashed from where SQLite has it.
//!
//! The rest of the store reads rows through sqlx, which copies each column and hands each row from
//! one thread to another. For a page of rows that is nothing; for a million entries it is three
//! quarters of the check. This one reading goes to the same SQLite by a second door, in one
//! transaction, so that it sees the trail as it is at one moment.

use std::path::Path;

use ledger::Hash;
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, Statement, Transaction};

use crate::audit_check::{AuditVerification, BEYOND, Check, StoredEntry, WITH_LEAF};
use crate::db::SqliteStore;
use crate::error::StoreError;
use crate::ledger_tiles::{HEAD, LedgerHead, TILE};
use crate::limits::WAIT_MAX;

impl SqliteStore {
    /// Checks the trail in this file; `with_tiles` when its schema has the ledger's tiles.
    pub(crate) async fn verify_file(
        &self,
        with_tiles: bool,
    ) -> Result<AuditVerification, StoreError> {
        let store = self.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let mut connection = open(&store.path, store.immutable)?;
            verify(&connection.transaction()?, with_tiles)
        });
        match checked.await {
            Ok(done) => done,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(StoreError::Interrupted),
        }
    }
}

/// A connection that only reads; of a file that nobody writes to, without a look for companions.
fn open(path: &Path, immutable: bool) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = if immutable {
        let path = path.to_string_lossy();
        let plain = path
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23");
        Connection::open_with_flags(format!("file:{plain}?immutable=1"), flags)?
    } else {
        Connection::open_with_flags(path, flags)?
    };
    connection.busy_timeout(WAIT_MAX)?;
    Ok(connection)
}

fn verify(tx: &Transaction<'_>, with_tiles: bool) -> Result<AuditVerification, StoreError> {
    let head = tx.query_row(HEAD, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Hash>(1)?))
    });
    let (size, root) = head.optional()?.unwrap_or((0, ledger::empty_root()));
    let size = u64::try_from(size).unwrap_or_default();
    let mut check = Check::against(LedgerHead { size, root });
    let mut tiles = with_tiles.then(|| tx.prepare(TILE)).transpose()?;
    let mut entries = tx.prepare(WITH_LEAF)?;
    let mut rows = entries.query([0, check.last()])?;
    while let Some(row) = rows.next()? {
        let made = check.entry(row.get(0)?, stored_entry(row).ok().as_ref());
        if let Some(tiles) = &mut tiles {
            for tile in made {
                let stored = stored_tile(tiles, tile.place.level, tile.place.index)?;
                check.tile(&tile, &stored);
            }
        }
    }
    if let Some(tiles) = &mut tiles {
        for tile in check.unfinished() {
            let stored = stored_tile(tiles, tile.place.level, tile.place.index)?;
            check.tile(&tile, &stored);
        }
    }
    check.end(tx.query_row(BEYOND, [], |row| row.get(0))?)
}

/// The columns of an entry; an error where one is not of its type.
fn stored_entry<'a>(row: &'a Row<'_>) -> Result<StoredEntry<'a>, FromSqlError> {
    let column = |at| row.get_ref(at).map_err(|_| FromSqlError::InvalidType);
    let bytes = |at| column(at)?.as_bytes();
    Ok(StoredEntry {
        at: column(1)?.as_i64()?,
        actor_kind: bytes(2)?,
        actor: match column(3)? {
            ValueRef::Null => None,
            id => Some(id.as_blob()?),
        },
        kind: bytes(4)?,
        subject: bytes(5)?,
        note: bytes(6)?,
        leaf: bytes(7)?,
    })
}

/// The hashes of a stored tile; none where there is no such tile or it is none.
fn stored_tile(
    statement: &mut Statement<'_>,
    level: u8,
    index: u64,
) -> Result<Vec<Hash>, StoreError> {
    let index = i64::try_from(index).unwrap_or(i64::MAX);
    let bytes = statement.query_row((level, index), |row| row.get::<_, Vec<u8>>(0));
    let hashes = bytes.optional()?.map(|bytes| ledger::tile_hashes(&bytes));
    Ok(hashes.and_then(Result::ok).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use domain::audit::{Actor, AuditEvent, AuditKind};
    use domain::{MemberId, Timestamp};
    use rusqlite::types::Value;
    use uuid::Uuid;

    use super::*;
    use crate::db::Store;

    const ENTRIES: u8 = 255;

    async fn log_in(folder: &Path) -> Connection {
        let path = folder.join("kentongan.db");
        let store = Store::open(&format!("sqlite:{}", path.display()))
            .await
            .expect("open");
        let acts: Vec<AuditEvent> = (0..=ENTRIES)
            .map(|n| AuditEvent {
                at: Timestamp(1_764_000_000_000_000 + i64::from(n)),
                actor: match n % 3 {
                    0 => Actor::Machine,
                    1 => Actor::Public,
                    _ => Actor::Member(MemberId(Uuid::from_u128(u128::from(n)))),
                },
                kind: AuditKind::CaseOpened,
                subject: Uuid::from_u128(u128::from(n) << 70),
                note: format!("catatan {n}"),
            })
            .collect();
        store.record_audits(&acts).await.expect("recorded");
        store.close().await;
        let connection = Connection::open(path).expect("open");
        let lift = "DROP TRIGGER audit_event_no_update; DROP TRIGGER ledger_tile_only_grows; \
            PRAGMA synchronous = OFF";
        connection.execute_batch(lift).expect("lifted");
        connection
    }

    fn first_bad(connection: &mut Connection) -> Option<i64> {
        let tx = connection.transaction().expect("begin");
        let found = verify(&tx, true).expect("verify");
        found.first_bad.map(|bad| bad.sequence)
    }

    /// The value with one bit flipped; none behind its end.
    fn flipped(value: &Value, bit: usize) -> Option<Value> {
        let (byte, mask) = (bit / 8, 1_u8 << (bit % 8));
        let turned = |mut bytes: Vec<u8>| {
            *bytes.get_mut(byte)? ^= mask;
            Some(bytes)
        };
        match value {
            Value::Null | Value::Real(_) => None,
            Value::Integer(number) => (bit < 64).then(|| Value::Integer(number ^ (1 << bit))),
            // Where the text is none any more, what the file would have is written all the same.
            Value::Text(text) => turned(text.clone().into_bytes()).map(Value::Blob),
            Value::Blob(bytes) => turned(bytes.clone()).map(Value::Blob),
        }
    }

    #[tokio::test]
    async fn every_flipped_bit_of_an_entry_is_found() {
        let folder = tempfile::tempdir().expect("folder");
        let mut db = log_in(folder.path()).await;
        assert_eq!(first_bad(&mut db), None);
        let mut flips = 0;
        for (sequence, column) in [
            (3_i64, "actor_kind"),
            (3, "actor"),
            (1, "actor_kind"),
            (200, "at"),
            (255, "kind"),
            (9, "subject"),
            (256, "note"),
            (77, "leaf"),
        ] {
            let read = format!("SELECT {column} FROM audit_event WHERE sequence = {sequence}");
            let kept: Value = db.query_row(&read, [], |row| row.get(0)).expect("a value");
            let as_text = matches!(kept, Value::Text(_));
            let cast = if as_text { "CAST(?1 AS TEXT)" } else { "?1" };
            let write =
                format!("UPDATE audit_event SET {column} = {cast} WHERE sequence = {sequence}");
            for bit in 0.. {
                let Some(changed) = flipped(&kept, bit) else {
                    break;
                };
                db.execute(&write, [&changed]).expect("changed");
                assert_eq!(first_bad(&mut db), Some(sequence), "{column}, bit {bit}");
                flips += 1;
            }
            db.execute(&write, [&kept]).expect("put back");
            assert_eq!(first_bad(&mut db), None);
        }
        assert!(flips > 700, "only {flips}");
    }

    #[tokio::test]
    async fn a_flipped_bit_of_a_tile_or_the_head_is_found() {
        let folder = tempfile::tempdir().expect("folder");
        let mut db = log_in(folder.path()).await;
        for (read, write) in [
            (
                "SELECT hashes FROM ledger_tile WHERE level = 0",
                "UPDATE ledger_tile SET hashes = ?1 WHERE level = 0",
            ),
            (
                "SELECT hashes FROM ledger_tile WHERE level = 1",
                "UPDATE ledger_tile SET hashes = ?1 WHERE level = 1",
            ),
            (
                "SELECT root FROM ledger_head",
                "UPDATE ledger_head SET root = ?1",
            ),
        ] {
            let kept: Value = db.query_row(read, [], |row| row.get(0)).expect("a value");
            // Some bits of each hash: no number of bits in a hash shares a divisor with 97.
            for bit in (0..).step_by(97) {
                let Some(changed) = flipped(&kept, bit) else {
                    break;
                };
                db.execute(write, [&changed]).expect("changed");
                assert!(first_bad(&mut db).is_some(), "{write}, bit {bit}");
            }
            db.execute(write, [&kept]).expect("put back");
            assert_eq!(first_bad(&mut db), None);
        }
    }
}
