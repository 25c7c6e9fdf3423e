//! What can go wrong, in words an operator can act on.

use std::path::PathBuf;

use domain::CaseId;
use sqlx::error::ErrorKind;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The record does not exist.
    #[error("the record does not exist")]
    NotFound,
    /// Somebody changed the record meanwhile, or another record holds the same unique value.
    #[error("the record was changed meanwhile, or another one holds the same unique value")]
    Conflict,
    /// The files of an agreement would be more than [`crate::limits::FILES_BYTES_MAX`].
    #[error("the files of the agreement would be more than it may hold; nothing was stored")]
    NoRoom,
    /// A live case of the same organisation exists for the cluster.
    #[error("case {0} is already open on this cluster")]
    CaseExists(CaseId),
    /// Only a person may do this, and the audit event names none.
    #[error("only a member may do this, and the record of the act names none")]
    NotAPerson,
    /// The database file is damaged. It is left as it is.
    #[error("the database {} is damaged: {detail}; {remedy}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What the check found.
        detail: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The file or its folder cannot be written.
    #[error("the database {} cannot be written: {detail}; {remedy}", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
        /// What to do.
        remedy: &'static str,
    },
    /// No space is left.
    #[error("no space is left for the database; free some and try again, nothing was stored")]
    DiskFull,
    /// A newer version of the program has changed the schema.
    #[error(
        "the database has schema {found}, this program knows up to {known}; start the newer program, or restore the backup made before the upgrade"
    )]
    NewerSchema {
        /// The schema found.
        found: i64,
        /// The newest schema this program knows.
        known: i64,
    },
    /// A migration that was applied is not the one this program carries.
    #[error(
        "migration {0} was applied with another text than this program carries; start the program that made the database"
    )]
    MigrationChanged(i64),
    /// The address names no database we know.
    #[error("{0:?} is no database address; use sqlite:PATH or postgres://…")]
    BadAddress(String),
    /// The database does not answer, or is busy for too long.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value is none we know.
    #[error("the database holds {value:?} as {what}, which this program does not know")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// What stood there.
        value: String,
    },
    /// The database could not be read from one end to the other.
    #[error("the database cannot be read through")]
    Unread(#[from] rusqlite::Error),
    /// The program ended while it was reading.
    #[error("the reading was interrupted")]
    Interrupted,
    /// The ledger refused an entry, or its stored head is damaged.
    #[error("the ledger refused an entry")]
    Ledger(#[from] ledger::LedgerError),
    /// Anything else the database said.
    #[error("the database refused a statement")]
    Db(#[source] sqlx::Error),
}

/// What to do with a damaged file.
pub(crate) const CORRUPT_REMEDY: &str =
    "it was left untouched; move it aside and restore the last backup with `kentongan restore DIR`";
/// What to do with a place that cannot be written.
pub(crate) const READ_ONLY_REMEDY: &str = "make the folder exist and be writable for the user that runs the program, or choose another with KENTONGAN_DATA";

/// Primary result codes of SQLite; an extended code carries its primary one in the low byte.
pub(crate) mod sqlite_code {
    pub(crate) const BUSY: i32 = 5;
    pub(crate) const READONLY: i32 = 8;
    pub(crate) const CORRUPT: i32 = 11;
    pub(crate) const FULL: i32 = 13;
    pub(crate) const CANTOPEN: i32 = 14;
    pub(crate) const NOTADB: i32 = 26;
}

/// The primary SQLite code of `error`, when it carries one.
pub(crate) fn sqlite_primary(error: &sqlx::Error) -> Option<i32> {
    let sqlx::Error::Database(inner) = error else {
        return None;
    };
    let code: i32 = inner.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::RowNotFound) {
            return Self::NotFound;
        }
        let sqlx::Error::Database(inner) = &error else {
            return match error {
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                    Self::Unavailable(error)
                }
                other => Self::Db(other),
            };
        };
        match inner.kind() {
            ErrorKind::UniqueViolation => return Self::Conflict,
            ErrorKind::ForeignKeyViolation => return Self::NotFound,
            _ => {}
        }
        if inner
            .try_downcast_ref::<sqlx::sqlite::SqliteError>()
            .is_some()
        {
            return match sqlite_primary(&error) {
                Some(sqlite_code::FULL) => Self::DiskFull,
                Some(sqlite_code::BUSY) => Self::Unavailable(error),
                _ => Self::Db(error),
            };
        }
        match inner.code().as_deref() {
            Some("53100") => Self::DiskFull,
            // Deadlock, serialisation failure, lock not available: worth another try.
            Some("40P01" | "40001" | "55P03") => Self::Conflict,
            Some(code) if code.starts_with("57P") || code.starts_with("53") => {
                Self::Unavailable(error)
            }
            _ => Self::Db(error),
        }
    }
}
