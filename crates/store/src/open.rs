//! Opening a database: a damaged file, a folder that cannot be written and a newer schema are
//! told apart before anything is changed.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlitePool};

use crate::db::{SqliteStore, Store};
use crate::error::{CORRUPT_REMEDY, READ_ONLY_REMEDY, StoreError, sqlite_code, sqlite_primary};
use crate::ledger_edge::LedgerEdge;
use crate::limits::{POSTGRES_CONNECTIONS, READERS, WAIT_MAX};

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`, makes the file when there is none, checks an
    /// existing one and brings the schema up to date.
    ///
    /// [`StoreError::Corrupt`] leaves the file as it was found; [`StoreError::ReadOnly`] and
    /// [`StoreError::NewerSchema`] change nothing either.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let store = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(StoreError::BadAddress(url.to_owned()));
            }
            open_sqlite(PathBuf::from(path)).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            return Err(StoreError::BadAddress(url.to_owned()));
        };
        let migrated = store.migrate().await;
        match (&store, migrated) {
            (_, Ok(())) => Ok(store),
            (Self::Sqlite(sqlite), Err(StoreError::Db(error))) => {
                Err(about_file(&sqlite.path, error))
            }
            (_, Err(error)) => Err(error),
        }
    }

    /// Opens a copy of an SQLite database, such as a backup, for reading alone: nothing in it is
    /// changed, its schema neither.
    pub async fn open_copy(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::BadAddress(path.display().to_string()));
        }
        // A copy with a write-ahead log beside it is read through that; one without has all in one
        // file, and must not get companions from us.
        let log = path.with_extension("db-wal");
        let whole = !log.metadata().is_ok_and(|file| file.len() > 0);
        let reading = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(whole)
            .busy_timeout(WAIT_MAX);
        let pool = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(WAIT_MAX)
            .connect_with(reading)
            .await
            .map_err(|error| about_file(path, error))?;
        Ok(Self::Sqlite(SqliteStore {
            writer: pool.clone(),
            readers: pool,
            path: path.to_owned(),
            immutable: whole,
            edge: LedgerEdge::default(),
        }))
    }

    /// Finishes what runs and closes the connections.
    pub async fn close(self) {
        match self {
            Self::Sqlite(store) => {
                store.readers.close().await;
                store.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_postgres(url: &str) -> Result<Store, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::BadAddress("postgres://…".to_owned()))?
        .application_name("kentongan");
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(WAIT_MAX);
    let pool = pool
        .connect_with(options)
        .await
        .map_err(StoreError::Unavailable)?;
    Ok(Store::Postgres(pool))
}

async fn open_sqlite(path: PathBuf) -> Result<Store, StoreError> {
    if path.metadata().is_ok_and(|file| file.len() > 0) {
        check_file(&path).await?;
    }
    let writer = writer_pool(&path)
        .await
        .map_err(|error| about_file(&path, error))?;
    let reading = SqliteConnectOptions::new()
        .filename(&path)
        .read_only(true)
        .busy_timeout(WAIT_MAX)
        .statement_cache_capacity(256);
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(WAIT_MAX)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(reading);
    Ok(Store::Sqlite(SqliteStore {
        writer,
        readers,
        path,
        immutable: false,
        edge: LedgerEdge::default(),
    }))
}

async fn writer_pool(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT_MAX)
        .statement_cache_capacity(256);
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(WAIT_MAX)
        .idle_timeout(None)
        .max_lifetime(None)
        // A file does not hang up: to ask it before each transaction whether it is still there
        // costs a fifth of a small one.
        .test_before_acquire(false)
        // SQLite itself rolls back when the disk is full or fails; sqlx then believes for ever
        // that the transaction is open. Such a connection is replaced.
        .before_acquire(|connection, _| {
            let stuck = connection.is_in_transaction();
            Box::pin(async move { Ok(!stuck) })
        })
        .connect_with(options)
        .await
}

/// Reads the whole file once without changing it.
async fn check_file(path: &Path) -> Result<(), StoreError> {
    let about = |error| about_file(path, error);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(WAIT_MAX);
    let mut connection = options.connect().await.map_err(about)?;
    let findings = sqlx::query_scalar::<_, String>("PRAGMA quick_check(3)")
        .fetch_all(&mut connection)
        .await;
    let closed = connection.close().await;
    let findings = findings.map_err(about)?;
    closed.map_err(about)?;
    if findings.iter().any(|finding| finding != "ok") {
        return Err(corrupt(path, findings.join("; ")));
    }
    Ok(())
}

fn corrupt(path: &Path, detail: String) -> StoreError {
    StoreError::Corrupt {
        path: path.to_owned(),
        detail,
        remedy: CORRUPT_REMEDY,
    }
}

/// What an error says about the file itself.
fn about_file(path: &Path, error: sqlx::Error) -> StoreError {
    match sqlite_primary(&error) {
        Some(sqlite_code::CORRUPT | sqlite_code::NOTADB) => corrupt(path, error.to_string()),
        Some(sqlite_code::CANTOPEN | sqlite_code::READONLY) => StoreError::ReadOnly {
            path: path.to_owned(),
            detail: error.to_string(),
            remedy: READ_ONLY_REMEDY,
        },
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_named_and_nothing_is_half_stored() {
        let folder = tempfile::tempdir().expect("folder");
        let url = format!("sqlite:{}", folder.path().join("kentongan.db").display());
        let store = Store::open(&url).await.expect("open");
        store.set_meta("before", b"kept").await.expect("set");
        let Store::Sqlite(sqlite) = &store else {
            panic!("not SQLite")
        };
        // SQLite says FULL when the file may not grow, as it does when the disk is full.
        sqlx::query("PRAGMA max_page_count = 1")
            .execute(&sqlite.writer)
            .await
            .expect("pragma");
        let full = store
            .set_meta("large", &vec![1; 1_000_000])
            .await
            .expect_err("stored");
        assert!(matches!(full, StoreError::DiskFull), "{full:?}");
        assert_eq!(store.get_meta("large").await.expect("get"), None);
        sqlx::query("PRAGMA max_page_count = 100000")
            .execute(&sqlite.writer)
            .await
            .expect("pragma");
        store
            .set_meta("large", &vec![1; 1_000_000])
            .await
            .expect("stored");
        assert_eq!(
            store.get_meta("before").await.expect("get"),
            Some(b"kept".to_vec())
        );
        store.close().await;
    }

    #[tokio::test]
    async fn every_write_waits_for_the_disk() {
        let folder = tempfile::tempdir().expect("folder");
        let url = format!("sqlite:{}", folder.path().join("kentongan.db").display());
        let store = Store::open(&url).await.expect("open");
        let Store::Sqlite(sqlite) = &store else {
            panic!("not SQLite")
        };
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&sqlite.writer)
            .await
            .expect("pragma");
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&sqlite.writer)
            .await
            .expect("pragma");
        assert_eq!((mode.as_str(), synchronous), ("wal", 2));
        let written = sqlx::query("DELETE FROM meta")
            .execute(&sqlite.readers)
            .await;
        assert!(written.is_err(), "a reader wrote");
        store.close().await;
    }
}
