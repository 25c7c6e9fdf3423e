//! Pools, transactions and the dispatch of one SQL text to either engine.

use std::borrow::Cow;
use std::path::PathBuf;

use domain::Timestamp;
use ledger::Frontier;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction};
use uuid::Uuid;

use crate::error::StoreError;
use crate::ledger_edge::LedgerEdge;
use crate::limits::PARAMETERS_PER_STATEMENT;
use crate::statement_count::one_more;

/// The relational store. A clone shares the connections.
#[derive(Debug, Clone)]
pub enum Store {
    /// One file on this machine.
    Sqlite(SqliteStore),
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// One SQLite file: a single writing connection and a few reading ones.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) path: PathBuf,
    /// Nobody writes to the file while it is open here.
    pub(crate) immutable: bool,
    pub(crate) edge: LedgerEdge,
}

/// One value handed to a statement. A missing value keeps its type, which PostgreSQL asks for.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Id(Option<Uuid>),
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $into:expr;)+) => {$(
        impl From<$from> for Value { fn from($v: $from) -> Self { $into } }
    )+};
}

value_from! {
    i64 => |v| Self::Int(Some(v));
    Option<i64> => |v| Self::Int(v);
    bool => |v| Self::Int(Some(i64::from(v)));
    Timestamp => |v| Self::Int(Some(v.0));
    Option<Timestamp> => |v| Self::Int(v.map(|at| at.0));
    f64 => |v| Self::Real(Some(v));
    Option<f64> => |v| Self::Real(v);
    &str => |v| Self::Text(Some(storable(v.to_owned())));
    String => |v| Self::Text(Some(storable(v)));
    &String => |v| Self::Text(Some(storable(v.clone())));
    Option<String> => |v| Self::Text(v.map(storable));
    Option<&str> => |v| Self::Text(v.map(|text| storable(text.to_owned())));
    Vec<u8> => |v| Self::Bytes(Some(v));
    [u8; 32] => |v| Self::Bytes(Some(v.to_vec()));
    Uuid => |v| Self::Id(Some(v));
    Option<Uuid> => |v| Self::Id(v);
}

/// PostgreSQL stores no NUL character; what stands for the unreadable takes its place on both.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

/// The values of one statement, in the order of its `$1`, `$2`, …
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}

/// Names the fixed statements of a module, so that a test prepares each of them.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(pub(crate) const $name: &str = $sql;)+
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

/// Hands a statement with its values to `$on`; the body sees the bound query as `$query`.
macro_rules! bound {
    ($sql:expr, $values:expr, |$query:ident| $run:expr) => {{
        let fixed = matches!($sql, Cow::Borrowed(_));
        let mut $query = sqlx::query(AssertSqlSafe($sql)).persistent(fixed);
        for value in $values {
            $query = match value {
                Value::Int(v) => $query.bind(v),
                Value::Real(v) => $query.bind(v),
                Value::Text(v) => $query.bind(v),
                Value::Bytes(v) => $query.bind(v),
                Value::Id(v) => $query.bind(v),
            };
        }
        $run
    }};
}

/// A row of either engine; columns are read in the order they were selected.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Reads the columns of one row from left to right.
pub(crate) struct Columns<'r> {
    row: &'r Row,
    next: usize,
}

macro_rules! column_readers {
    ($($name:ident -> $type:ty;)+) => {
        impl Columns<'_> {$(
            pub(crate) fn $name(&mut self) -> Result<$type, StoreError> {
                let at = self.next;
                self.next += 1;
                let value = match self.row {
                    Row::Sqlite(row) => row.try_get::<$type, usize>(at),
                    Row::Postgres(row) => row.try_get::<$type, usize>(at),
                };
                value.map_err(StoreError::Db)
            }
        )+}
    };
}

column_readers! {
    int -> i64;
    opt_int -> Option<i64>;
    real -> f64;
    opt_real -> Option<f64>;
    text -> String;
    opt_text -> Option<String>;
    bytes -> Vec<u8>;
    opt_bytes -> Option<Vec<u8>>;
    id -> Uuid;
    opt_id -> Option<Uuid>;
}

impl Columns<'_> {
    pub(crate) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.int().map(Timestamp)
    }

    pub(crate) fn opt_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int()?.map(Timestamp))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.int()? != 0)
    }

    pub(crate) fn digest(&mut self, what: &'static str) -> Result<[u8; 32], StoreError> {
        let bytes = self.bytes()?;
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| StoreError::Unreadable {
            what,
            value: format!("{} bytes", bytes.len()),
        })
    }

    pub(crate) fn opt_digest(
        &mut self,
        what: &'static str,
    ) -> Result<Option<[u8; 32]>, StoreError> {
        let Some(bytes) = self.opt_bytes()? else {
            return Ok(None);
        };
        let digest = <[u8; 32]>::try_from(bytes.as_slice());
        digest.map(Some).map_err(|_| StoreError::Unreadable {
            what,
            value: format!("{} bytes", bytes.len()),
        })
    }

    /// Reads a word of a closed list.
    pub(crate) fn word<T>(
        &mut self,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let value = self.text()?;
        parse(&value).ok_or(StoreError::Unreadable { what, value })
    }

    /// Reads a word of a closed list, or nothing.
    pub(crate) fn opt_word<T>(
        &mut self,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let Some(value) = self.opt_text()? else {
            return Ok(None);
        };
        parse(&value)
            .map(Some)
            .ok_or(StoreError::Unreadable { what, value })
    }
}

impl Row {
    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }
}

/// Reads every row with one function.
pub(crate) fn read_all<'r, T>(
    rows: &'r [Row],
    read: impl Fn(&mut Columns<'r>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| read(&mut row.columns())).collect()
}

/// Reads the first row, when there is one.
pub(crate) fn read_first<'r, T>(
    rows: &'r [Row],
    read: impl FnOnce(&mut Columns<'r>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    rows.first().map(|row| read(&mut row.columns())).transpose()
}

type Sql = Cow<'static, str>;

impl Store {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Rows of a statement that changes nothing.
    pub(crate) async fn rows(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        one_more();
        let sql = sql.into();
        match self {
            Self::Sqlite(store) => {
                let rows = bound!(sql, values, |query| query.fetch_all(&store.readers).await)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(pool) => {
                let rows = bound!(sql, values, |query| query.fetch_all(pool).await)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Runs one changing statement in a transaction of its own; yields the rows it touched.
    pub(crate) async fn change(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let touched = tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(touched)
    }

    /// Starts a transaction that will write.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Tx::Sqlite(SqliteTx {
                tx: store.writer.begin_with("BEGIN IMMEDIATE").await?,
                edge: store.edge.clone(),
                moved: None,
            }),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }
}

/// A transaction that writes; dropped without a commit it leaves nothing behind.
pub(crate) enum Tx {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction on an SQLite file.
pub(crate) struct SqliteTx {
    tx: Transaction<'static, Sqlite>,
    edge: LedgerEdge,
    /// Where this transaction moved the ledger's edge to.
    moved: Option<Frontier>,
}

impl Tx {
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) async fn execute(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        one_more();
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(on) => {
                bound!(sql, values, |query| query.execute(&mut *on.tx).await)?.rows_affected()
            }
            Self::Postgres(tx) => {
                bound!(sql, values, |query| query.execute(&mut **tx).await)?.rows_affected()
            }
        })
    }

    pub(crate) async fn rows(
        &mut self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        one_more();
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(on) => {
                let rows = bound!(sql, values, |query| query.fetch_all(&mut *on.tx).await)?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                let rows = bound!(sql, values, |query| query.fetch_all(&mut **tx).await)?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// A SELECT whose rows this transaction will change: on PostgreSQL other writers wait for
    /// them; on SQLite there is no other writer.
    pub(crate) fn locked(&self, select: impl Into<Sql>) -> Sql {
        let select = select.into();
        match self {
            Self::Sqlite(_) => select,
            Self::Postgres(_) => Cow::Owned(format!("{select} FOR UPDATE")),
        }
    }

    /// Runs a text of several statements without values.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(on) => {
                sqlx::raw_sql(text).execute(&mut *on.tx).await?;
            }
            Self::Postgres(tx) => {
                sqlx::raw_sql(text).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(on) => {
                // No other transaction of this process begins before this one ends, and should the
                // commit fail, the next append finds that the edge is another.
                if let Some(moved) = on.moved {
                    on.edge.keep(moved);
                }
                on.tx.commit().await?;
            }
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// The right edge of the ledger as it was left last, where that is remembered.
    pub(crate) fn remembered_edge(&self) -> Option<Frontier> {
        match self {
            Self::Sqlite(on) => on.moved.clone().or_else(|| on.edge.last()),
            // Other processes append there as well; who holds the row knows the edge.
            Self::Postgres(_) => None,
        }
    }

    /// Notes where the edge is now; remembered once this transaction is committed.
    pub(crate) fn move_edge(&mut self, edge: Frontier) {
        if let Self::Sqlite(on) = self {
            on.moved = Some(edge);
        }
    }
}

/// Which of the two engines, for the few texts in which they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The mark of the `n`th value in a statement that is written for a list. SQLite looks each
    /// named mark up among all before it, which takes seconds for thousands of them; its nameless
    /// ones count on. A statement uses marks of one sort only.
    pub(crate) fn mark(self, n: usize) -> String {
        match self {
            Self::Sqlite => "?".to_owned(),
            Self::Postgres => format!("${n}"),
        }
    }

    /// Marks for `count` values, the first being the `from`th of the statement.
    pub(crate) fn marks(self, from: usize, count: usize) -> String {
        let mut list = String::with_capacity(count * 6);
        for n in from..from + count {
            if n > from {
                list.push(',');
            }
            list.push_str(&self.mark(n));
        }
        list
    }

    /// Marks for `rows` rows of `width` values, each row in brackets.
    pub(crate) fn tuples(self, rows: usize, width: usize) -> String {
        let mut list = String::with_capacity(rows * (width * 6 + 3));
        for row in 0..rows {
            list.push_str(if row == 0 { "(" } else { ",(" });
            list.push_str(&self.marks(row * width + 1, width));
            list.push(')');
        }
        list
    }
}

/// How many rows of `width` values one statement takes.
pub(crate) fn rows_per_statement(width: usize) -> usize {
    (PARAMETERS_PER_STATEMENT / width.max(1)).max(1)
}

impl Tx {
    /// Inserts rows of equal width in as few statements as their values allow: `head` is the text
    /// before the tuples, `tail` what comes after them.
    pub(crate) async fn insert_rows(
        &mut self,
        head: &'static str,
        tail: &'static str,
        width: usize,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let mut touched = 0;
        let mut rest = values.into_iter().peekable();
        let step = rows_per_statement(width) * width;
        while rest.peek().is_some() {
            let part: Vec<Value> = rest.by_ref().take(step).collect();
            let sql = format!(
                "{head} {} {tail}",
                self.engine().tuples(part.len() / width, width)
            );
            touched += self.execute(sql, part).await?;
        }
        Ok(touched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_marked_as_each_engine_reads_them_fast() {
        assert_eq!(Engine::Sqlite.tuples(2, 2), "(?,?),(?,?)");
        assert_eq!(Engine::Postgres.tuples(2, 2), "($1,$2),($3,$4)");
        assert_eq!(Engine::Postgres.marks(2, 3), "$2,$3,$4");
        assert_eq!(Engine::Postgres.marks(1, 0), "");
    }
}
