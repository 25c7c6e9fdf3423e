//! What an organisation did, year by year, as far as this installation knows.

use std::collections::BTreeMap;

use domain::OrganisationId;
use domain::directory::Entry;

use crate::db::{Columns, Engine, Store, read_all};
use crate::error::StoreError;

/// One year of an organisation, by Western Indonesian Time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearRecord {
    /// Checks it published.
    pub checks: i64,
    /// Cases it opened.
    pub cases: i64,
}

/// The year of a time in WIB, which is seven hours ahead of UTC.
macro_rules! sqlite_year {
    ($column:literal) => {
        concat!(
            "CAST(strftime('%Y', ",
            $column,
            " / 1000000 + 25200, 'unixepoch') AS INTEGER)"
        )
    };
}
macro_rules! postgres_year {
    ($column:literal) => {
        concat!(
            "CAST(extract(year FROM to_timestamp(",
            $column,
            " / 1000000 + 25200) AT TIME ZONE 'UTC') AS BIGINT)"
        )
    };
}
/// Its own checks, those an archive attributes to it by name, and the cases it opened.
macro_rules! by_year {
    ($published:expr, $opened:expr) => {
        concat!(
            "SELECT y, SUM(checks), SUM(cases) FROM (SELECT ",
            $published,
            " AS y, 1 AS checks, 0 AS cases FROM fact_check WHERE organisation = $1 UNION ALL SELECT ",
            $published,
            ", 1, 0 FROM fact_check WHERE publisher IN ($2, $3) AND organisation IS NULL UNION ALL SELECT ",
            $opened,
            ", 0, 1 FROM desk_case WHERE organisation = $1) acts GROUP BY y"
        )
    };
}

const SQLITE: &str = by_year!(sqlite_year!("published_at"), sqlite_year!("opened_at"));
const POSTGRES: &str = by_year!(postgres_year!("published_at"), postgres_year!("opened_at"));

impl Store {
    /// Checks published and cases opened by year; a year without either is left out.
    pub async fn track_record(
        &self,
        entry: &Entry,
    ) -> Result<BTreeMap<i64, YearRecord>, StoreError> {
        let id: OrganisationId = entry.organisation.id;
        let by_year = match self.engine() {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        };
        let name = &entry.organisation.name;
        let short = if entry.short_name.is_empty() {
            name
        } else {
            &entry.short_name
        };
        let rows = self.rows(by_year, values![id.0, name, short]).await?;
        let years = read_all(&rows, |c: &mut Columns<'_>| {
            let (year, checks, cases) = (c.int()?, c.int()?, c.int()?);
            Ok((year, YearRecord { checks, cases }))
        })?;
        Ok(years.into_iter().collect())
    }
}
