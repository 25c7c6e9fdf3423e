//! The schema, step by step. Both engines have the same numbers; what was applied is remembered
//! with its digest, so a step that changed afterwards is noticed.

use ledger::Frontier;

use crate::db::{Columns, Engine, Store, Tx, read_all};
use crate::error::StoreError;

struct Migration {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Migration {
        number: 2,
        sqlite: include_str!("../migrations/sqlite/0002_learning.sql"),
        postgres: include_str!("../migrations/postgres/0002_learning.sql"),
    },
    Migration {
        number: 3,
        sqlite: include_str!("../migrations/sqlite/0003_directory.sql"),
        postgres: include_str!("../migrations/postgres/0003_directory.sql"),
    },
    Migration {
        number: 4,
        sqlite: include_str!("../migrations/sqlite/0004_identity.sql"),
        postgres: include_str!("../migrations/postgres/0004_identity.sql"),
    },
    Migration {
        number: LEDGER_TILES_SINCE,
        sqlite: include_str!("../migrations/sqlite/0005_ledger.sql"),
        postgres: include_str!("../migrations/postgres/0005_ledger.sql"),
    },
    Migration {
        number: 6,
        sqlite: include_str!("../migrations/sqlite/0006_agreements.sql"),
        postgres: include_str!("../migrations/postgres/0006_agreements.sql"),
    },
    Migration {
        number: 7,
        sqlite: include_str!("../migrations/sqlite/0007_passkeys.sql"),
        postgres: include_str!("../migrations/postgres/0007_passkeys.sql"),
    },
    Migration {
        number: 8,
        sqlite: include_str!("../migrations/sqlite/0008_network.sql"),
        postgres: include_str!("../migrations/postgres/0008_network.sql"),
    },
    Migration {
        number: 9,
        sqlite: include_str!("../migrations/sqlite/0009_memberships.sql"),
        postgres: include_str!("../migrations/postgres/0009_memberships.sql"),
    },
    Migration {
        number: 10,
        sqlite: include_str!("../migrations/sqlite/0010_checks_by_day.sql"),
        postgres: include_str!("../migrations/postgres/0010_checks_by_day.sql"),
    },
];

/// The step that brought the tiles of the ledger.
const LEDGER_TILES_SINCE: i64 = 5;

const SQLITE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration \
    (number INTEGER NOT NULL PRIMARY KEY, digest BLOB NOT NULL) STRICT";
const POSTGRES_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration \
    (number BIGINT NOT NULL PRIMARY KEY, digest BYTEA NOT NULL)";
/// Held until commit, so that of several processes that start together one migrates.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7813540291125)";

statements! {
    APPLIED = "SELECT number, digest FROM schema_migration ORDER BY number";
    NOTE = "INSERT INTO schema_migration (number, digest) VALUES ($1, $2)";
    FIRST_HEAD = "INSERT INTO ledger_head (id, size, root, frontier) VALUES (1, 0, $1, $2) ON CONFLICT (id) DO NOTHING";
}

impl Store {
    /// Brings the schema up to this program's; all steps commit together or none does.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        match &mut tx {
            Tx::Sqlite(_) => tx.script(SQLITE_TABLE).await?,
            Tx::Postgres(_) => {
                tx.script(POSTGRES_LOCK).await?;
                tx.script(POSTGRES_TABLE).await?;
            }
        }
        let rows = tx.rows(APPLIED, values![]).await?;
        let applied = read_all(&rows, |c: &mut Columns<'_>| Ok((c.int()?, c.bytes()?)))?;
        let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
        if let Some((found, _)) = applied.last().filter(|(number, _)| *number > known) {
            return Err(StoreError::NewerSchema {
                found: *found,
                known,
            });
        }
        for migration in MIGRATIONS {
            let text = if self.engine() == Engine::Sqlite {
                migration.sqlite
            } else {
                migration.postgres
            };
            let digest = ledger::sha256(text.as_bytes());
            match applied
                .iter()
                .find(|(number, _)| *number == migration.number)
            {
                Some((_, stored)) if *stored == digest => {}
                Some(_) => return Err(StoreError::MigrationChanged(migration.number)),
                None => {
                    tx.script(text).await?;
                    tx.execute(NOTE, values![migration.number, digest]).await?;
                }
            }
        }
        let empty = Frontier::new();
        tx.execute(FIRST_HEAD, values![empty.root(), empty.to_bytes()])
            .await?;
        tx.fill_missing_tiles().await?;
        tx.commit().await
    }

    /// Whether the schema is one this program reads, and whether it has the ledger's tiles; nothing
    /// is changed.
    pub(crate) async fn has_tiles(&self) -> Result<bool, StoreError> {
        let rows = self.rows(APPLIED, values![]).await?;
        let applied = read_all(&rows, |c: &mut Columns<'_>| c.int())?;
        let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
        match applied.last() {
            Some(found) if *found > known => Err(StoreError::NewerSchema {
                found: *found,
                known,
            }),
            _ => Ok(applied.contains(&LEDGER_TILES_SINCE)),
        }
    }
}
