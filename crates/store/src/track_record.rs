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
/// Its own checks, and those an archive attributes to it by name.
macro_rules! checks_by_year {
    ($year:expr) => {
        concat!(
            "SELECT y, COUNT(*) FROM (SELECT ",
            $year,
            " AS y FROM fact_check WHERE organisation = $1 UNION ALL SELECT ",
            $year,
            " AS y FROM fact_check WHERE publisher IN ($2, $3) AND organisation IS NULL) years GROUP BY y"
        )
    };
}
macro_rules! cases_by_year {
    ($year:expr) => {
        concat!(
            "SELECT ",
            $year,
            ", COUNT(*) FROM desk_case WHERE organisation = $1 GROUP BY 1"
        )
    };
}

const SQLITE_CHECKS: &str = checks_by_year!(sqlite_year!("published_at"));
const POSTGRES_CHECKS: &str = checks_by_year!(postgres_year!("published_at"));
const SQLITE_CASES: &str = cases_by_year!(sqlite_year!("opened_at"));
const POSTGRES_CASES: &str = cases_by_year!(postgres_year!("opened_at"));

impl Store {
    /// Checks published and cases opened by year; a year without either is left out.
    pub async fn track_record(
        &self,
        entry: &Entry,
    ) -> Result<BTreeMap<i64, YearRecord>, StoreError> {
        let id: OrganisationId = entry.organisation.id;
        let (checks, cases) = match self.engine() {
            Engine::Sqlite => (SQLITE_CHECKS, SQLITE_CASES),
            Engine::Postgres => (POSTGRES_CHECKS, POSTGRES_CASES),
        };
        let name = &entry.organisation.name;
        let short = if entry.short_name.is_empty() {
            name
        } else {
            &entry.short_name
        };
        let counted = |c: &mut Columns<'_>| Ok((c.int()?, c.int()?));
        let rows = self.rows(checks, values![id.0, name, short]).await?;
        let mut years: BTreeMap<i64, YearRecord> = BTreeMap::new();
        for (year, count) in read_all(&rows, counted)? {
            years.entry(year).or_default().checks = count;
        }
        let rows = self.rows(cases, values![id.0]).await?;
        for (year, count) in read_all(&rows, counted)? {
            years.entry(year).or_default().cases = count;
        }
        Ok(years)
    }
}
