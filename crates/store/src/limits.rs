//! Every limit of the store, with its unit in its name.

use std::time::Duration;

/// Rows of one page, at most; a larger wish is cut to this.
pub const PAGE_ROWS_MAX: u32 = 200;
/// Rows that a reader of changes takes at once, at most.
pub const CHANGES_ROWS_MAX: u32 = 10_000;
/// Ids asked for at once, at most; the rest of a longer list is left out.
pub const IDS_PER_CALL_MAX: usize = 1_000;
/// Examples kept of one cluster.
pub const EXAMPLES_PER_CLUSTER: usize = 20;
/// Text of one example and of a cluster itself, in bytes of UTF-8; longer text is cut there.
pub const EXAMPLE_TEXT_BYTES: usize = 8_192;
/// Suggestions kept of one cluster.
pub const SUGGESTIONS_PER_CLUSTER: usize = 10;
/// Closed clusters forgotten by one call; the caller comes again until it gets fewer.
pub const FORGET_ROWS_MAX: i64 = 5_000;
/// Labels read at once; whoever wants all comes again with the last one.
pub const LABEL_ROWS_MAX: i64 = 2_000;
/// Agreements that are settled, in force or renewed at the same time.
pub const AGREEMENTS_MAX: i64 = 50_000;
/// Sign-ins and passkeys on their way at once.
pub const CEREMONIES_MAX: i64 = 10_000;
/// Documents and minutes of one agreement together, in bytes.
pub const FILES_BYTES_MAX: i64 = 256 * 1024 * 1024;
/// Obligations shown of one agreement.
pub const OBLIGATIONS_MAX: i64 = 500;
/// A text a person searches for, in characters; the rest is ignored.
pub const SEARCH_CHARS: usize = 200;

/// Entries of the directory read at once by an import that compares.
pub const ENTRIES_MAX: i64 = 50_000;
/// Facts of one sort shown of one organisation.
pub const FACTS_PER_ORGANISATION_MAX: u32 = 200;
/// Chapters, their regions and stated numbers of one association.
pub const COVERAGE_ROWS_MAX: i64 = 5_000;

/// Live clusters that a search by text looks through, the hottest first.
pub const SEARCH_CLUSTERS_MAX: u32 = 20_000;

/// Parameters of one statement: SQLite takes 32,766, PostgreSQL 65,535.
pub(crate) const PARAMETERS_PER_STATEMENT: usize = 16_000;
/// Audit rows read at once while the ledger is verified.
pub(crate) const VERIFY_ROWS: i64 = 5_000;
/// Reading connections of an SQLite store.
pub const READERS: u32 = 4;
/// Connections of a PostgreSQL store.
pub const POSTGRES_CONNECTIONS: u32 = 12;
/// How long a statement waits for a lock or a free connection.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(10);

/// Part of a list: at most `limit` rows, after the first `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows wanted; cut to [`PAGE_ROWS_MAX`].
    pub limit: u32,
    /// Rows skipped.
    pub offset: u32,
}

impl Page {
    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self { limit, offset: 0 }
    }

    pub(crate) fn rows(self) -> i64 {
        page_rows(self.limit)
    }

    pub(crate) fn skipped(self) -> i64 {
        i64::from(self.offset)
    }
}

pub(crate) fn page_rows(limit: u32) -> i64 {
    i64::from(limit.min(PAGE_ROWS_MAX))
}
