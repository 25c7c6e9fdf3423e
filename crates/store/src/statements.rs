//! Every fixed statement, so that each is tried on each engine before it is needed.

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use crate::db::Store;
use crate::error::StoreError;
use crate::{
    affiliations, agreements, audit, audit_check, cases, clusters, dated_facts, directory,
    fact_checks, feeds, invitations, keys, labels, ledger_tiles, matches, members, meta, migrate,
    minutes, obligations, outbox, passkeys, passwords, provider_links, radar, recipients, scores,
    second_factors, sessions, thresholds, tips, witnesses,
};

const BY_MODULE: &[(&str, &[(&str, &str)])] = &[
    ("agreements", agreements::STATEMENTS),
    ("affiliations", affiliations::STATEMENTS),
    ("audit", audit::STATEMENTS),
    ("audit_check", audit_check::STATEMENTS),
    ("cases", cases::STATEMENTS),
    ("clusters", clusters::STATEMENTS),
    ("dated_facts", dated_facts::STATEMENTS),
    ("directory", directory::STATEMENTS),
    ("fact_checks", fact_checks::STATEMENTS),
    ("feeds", feeds::STATEMENTS),
    ("invitations", invitations::STATEMENTS),
    ("keys", keys::STATEMENTS),
    ("labels", labels::STATEMENTS),
    ("ledger_tiles", ledger_tiles::STATEMENTS),
    ("matches", matches::STATEMENTS),
    ("members", members::STATEMENTS),
    ("meta", meta::STATEMENTS),
    ("migrate", migrate::STATEMENTS),
    ("minutes", minutes::STATEMENTS),
    ("obligations", obligations::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("passkeys", passkeys::STATEMENTS),
    ("passwords", passwords::STATEMENTS),
    ("provider_links", provider_links::STATEMENTS),
    ("radar", radar::STATEMENTS),
    ("recipients", recipients::STATEMENTS),
    ("scores", scores::STATEMENTS),
    ("second_factors", second_factors::STATEMENTS),
    ("sessions", sessions::STATEMENTS),
    ("thresholds", thresholds::STATEMENTS),
    ("tips", tips::STATEMENTS),
    ("witnesses", witnesses::STATEMENTS),
];

impl Store {
    /// Has the database prepare every fixed statement without running it; yields how many there
    /// are, or the first it refuses with the database's word on it.
    pub async fn check_statements(&self) -> Result<usize, (String, StoreError)> {
        let mut count = 0;
        for (module, statements) in BY_MODULE {
            for (name, sql) in *statements {
                let prepared = self.prepare(sql).await;
                prepared.map_err(|error| (format!("{module}::{name}"), error))?;
                count += 1;
            }
        }
        Ok(count)
    }

    async fn prepare(&self, sql: &'static str) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql).into_sql_str();
        match self {
            Self::Sqlite(store) => store.writer.prepare(sql).await.map(drop)?,
            Self::Postgres(pool) => pool.prepare(sql).await.map(drop)?,
        }
        Ok(())
    }
}
