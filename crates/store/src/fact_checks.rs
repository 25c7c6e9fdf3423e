//! Fact-checks: imported once by publisher and external id, followed by a rising revision.

use std::collections::HashMap;

use domain::audit::AuditEvent;
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::{FactCheckId, MemberId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::encoding::{read_texts, write_texts};
use crate::error::StoreError;
use crate::limits::{CHANGES_ROWS_MAX, IDS_PER_CALL_MAX, page_rows};

/// What an import did with the checks it was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportCount {
    /// New ones.
    pub inserted: u64,
    /// Known ones that had changed.
    pub updated: u64,
    /// Known ones that stand as they were, and repetitions within the import.
    pub unchanged: u64,
}

/// The columns [`read_fact_check`] reads, of the table named `f`.
macro_rules! fact_check_columns {
    () => {
        "f.id, f.publisher, f.external_id, f.origin, f.organisation, f.author, f.reviewer, f.claim, \
         f.rating, f.label, f.deception, f.explanation, f.narrative, f.evidence, f.url, \
         f.published_at, f.revision"
    };
}
pub(crate) use fact_check_columns;

const WIDTH: usize = 17;

statements! {
    ONE = concat!("SELECT ", fact_check_columns!(), " FROM fact_check f WHERE f.id = $1");
    LATEST = concat!("SELECT ", fact_check_columns!(), " FROM fact_check f \
        WHERE (f.published_at, f.id) < ($1, $2) ORDER BY f.published_at DESC, f.id DESC LIMIT $3");
    LATEST_RATED = concat!("SELECT ", fact_check_columns!(), " FROM fact_check f \
        WHERE f.rating = $4 AND (f.published_at, f.id) < ($1, $2) \
        ORDER BY f.published_at DESC, f.id DESC LIMIT $3");
    AFTER = concat!("SELECT ", fact_check_columns!(), " FROM fact_check f WHERE f.revision > $1 ORDER BY f.revision LIMIT $2");
    COUNT = "SELECT COUNT(*) FROM fact_check";
    LAST_REVISION = "SELECT value FROM counter WHERE name = 'fact_check_revision'";
    NEXT_REVISION = "UPDATE counter SET value = value + $1 WHERE name = 'fact_check_revision' RETURNING value";
    EXISTS = "SELECT COUNT(*) FROM fact_check WHERE id = $1";
}

const INSERT: &str = "INSERT INTO fact_check (id, publisher, external_id, origin, organisation, author, reviewer, \
    claim, rating, label, deception, explanation, narrative, evidence, url, published_at, revision) VALUES";
const UPDATE_TAIL: &str = "ON CONFLICT (publisher, external_id) DO UPDATE SET claim = excluded.claim, \
    rating = excluded.rating, label = excluded.label, deception = excluded.deception, \
    explanation = excluded.explanation, narrative = excluded.narrative, evidence = excluded.evidence, \
    url = excluded.url, published_at = excluded.published_at, revision = excluded.revision";

impl Store {
    /// Brings checks in, in one transaction: a new one is inserted, a known one (same publisher
    /// and external id) is updated when anything in it differs and keeps its id, the rest is left
    /// as it is. Of several with the same publisher and external id the last counts. A check
    /// written on this desk is never changed by an import. Every change takes the next revision.
    pub async fn import_fact_checks(
        &self,
        checks: &[FactCheck],
        audit: &AuditEvent,
    ) -> Result<ImportCount, StoreError> {
        let mut count = ImportCount::default();
        let mut last: HashMap<(&str, &str), usize> = HashMap::with_capacity(checks.len());
        for (at, check) in checks.iter().enumerate() {
            if last
                .insert((&check.publisher, &check.external_id), at)
                .is_some()
            {
                count.unchanged += 1;
            }
        }
        let wanted: Vec<&FactCheck> = checks
            .iter()
            .enumerate()
            .filter(|(at, check)| {
                last.get(&(check.publisher.as_str(), check.external_id.as_str())) == Some(at)
            })
            .map(|(_, check)| check)
            .collect();
        let mut tx = self.begin().await?;
        let known = tx.known_fact_checks(&wanted).await?;
        let mut changed = Vec::new();
        for check in wanted {
            match known.get(&(check.publisher.clone(), check.external_id.clone())) {
                None => count.inserted += 1,
                Some(old) if old.origin != Origin::Imported || same_content(old, check) => {
                    count.unchanged += 1;
                    continue;
                }
                Some(_) => count.updated += 1,
            }
            changed.push(check);
        }
        if !changed.is_empty() {
            let first = tx.next_revision(changed.len()).await?;
            let values = (first..)
                .zip(&changed)
                .flat_map(|(revision, check)| columns_of(check, revision));
            tx.insert_rows(INSERT, UPDATE_TAIL, WIDTH, values.collect())
                .await?;
        }
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// One check.
    pub async fn fact_check(&self, id: FactCheckId) -> Result<FactCheck, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_fact_check)?.ok_or(StoreError::NotFound)
    }

    /// The checks with these ids, in the order of the ids; unknown ids are left out, and so is
    /// what lies beyond [`IDS_PER_CALL_MAX`].
    pub async fn fact_checks_by_ids(
        &self,
        ids: &[FactCheckId],
    ) -> Result<Vec<FactCheck>, StoreError> {
        let ids = &ids[..ids.len().min(IDS_PER_CALL_MAX)];
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            concat!(
                "SELECT ",
                fact_check_columns!(),
                " FROM fact_check f WHERE f.id IN ({})"
            ),
            self.engine().marks(1, ids.len())
        );
        let rows = self
            .rows(sql, ids.iter().map(|id| Value::from(id.0)).collect())
            .await?;
        let mut checks = read_all(&rows, read_fact_check)?;
        let place: HashMap<FactCheckId, usize> = ids
            .iter()
            .enumerate()
            .rev()
            .map(|(at, id)| (*id, at))
            .collect();
        checks.sort_by_key(|check| place.get(&check.id).copied());
        Ok(checks)
    }

    /// The newest checks, or those older than the last of the page before; of one rating or of all.
    pub async fn latest_fact_checks(
        &self,
        before: Option<(Timestamp, FactCheckId)>,
        limit: u32,
        rating: Option<Rating>,
    ) -> Result<Vec<FactCheck>, StoreError> {
        let (at, id) = before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id.0));
        let rows = match rating {
            None => self.rows(LATEST, values![at, id, page_rows(limit)]).await?,
            Some(rating) => {
                self.rows(
                    LATEST_RATED,
                    values![at, id, page_rows(limit), rating.as_str()],
                )
                .await?
            }
        };
        read_all(&rows, read_fact_check)
    }

    /// Checks changed after `revision`, in the order of their changes, at most
    /// [`CHANGES_ROWS_MAX`]. Following them from the last revision seen misses none.
    pub async fn fact_checks_after(
        &self,
        revision: i64,
        limit: u32,
    ) -> Result<Vec<FactCheck>, StoreError> {
        let rows = self
            .rows(
                AFTER,
                values![revision, i64::from(limit.min(CHANGES_ROWS_MAX))],
            )
            .await?;
        read_all(&rows, read_fact_check)
    }

    /// How many checks there are.
    pub async fn fact_check_count(&self) -> Result<i64, StoreError> {
        let rows = self.rows(COUNT, values![]).await?;
        Ok(read_first(&rows, Columns::int)?.unwrap_or_default())
    }

    /// The newest revision given out; 0 before the first check.
    pub async fn last_revision(&self) -> Result<i64, StoreError> {
        let rows = self.rows(LAST_REVISION, values![]).await?;
        Ok(read_first(&rows, Columns::int)?.unwrap_or_default())
    }
}

impl Tx {
    /// The first of `count` fresh revisions. The counter's row is held until commit, so no reader
    /// sees a later revision before an earlier one.
    async fn next_revision(&mut self, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = self.rows(NEXT_REVISION, values![count]).await?;
        let last = read_first(&rows, Columns::int)?.ok_or(StoreError::NotFound)?;
        Ok(last - count + 1)
    }

    /// Publishes one check of the desk; yields its revision.
    pub(crate) async fn insert_fact_check(&mut self, check: &FactCheck) -> Result<i64, StoreError> {
        let revision = self.next_revision(1).await?;
        self.insert_rows(INSERT, "", WIDTH, columns_of(check, revision))
            .await?;
        Ok(revision)
    }

    pub(crate) async fn has_fact_check(&mut self, id: FactCheckId) -> Result<bool, StoreError> {
        let rows = self.rows(EXISTS, values![id.0]).await?;
        Ok(read_first(&rows, Columns::int)? == Some(1))
    }

    /// The stored checks with the same publisher and external id as one of `checks`.
    async fn known_fact_checks(
        &mut self,
        checks: &[&FactCheck],
    ) -> Result<HashMap<(String, String), FactCheck>, StoreError> {
        let mut by_publisher: HashMap<&str, Vec<&str>> = HashMap::new();
        for check in checks {
            by_publisher
                .entry(&check.publisher)
                .or_default()
                .push(&check.external_id);
        }
        let mut known = HashMap::new();
        for (publisher, external_ids) in by_publisher {
            for part in external_ids.chunks(IDS_PER_CALL_MAX) {
                let sql = format!(
                    concat!(
                        "SELECT ",
                        fact_check_columns!(),
                        " FROM fact_check f WHERE f.publisher = {} AND f.external_id IN ({})"
                    ),
                    self.engine().mark(1),
                    self.engine().marks(2, part.len())
                );
                let mut values = values![publisher];
                values.extend(part.iter().map(|id| Value::from(*id)));
                for check in read_all(&self.rows(sql, values).await?, read_fact_check)? {
                    known.insert((check.publisher.clone(), check.external_id.clone()), check);
                }
            }
        }
        Ok(known)
    }
}

/// True when an import of `new` would change nothing in `old`.
fn same_content(old: &FactCheck, new: &FactCheck) -> bool {
    let new = FactCheck {
        id: old.id,
        origin: old.origin,
        revision: old.revision,
        ..new.clone()
    };
    *old == new
}

fn columns_of(check: &FactCheck, revision: i64) -> Vec<Value> {
    let (origin, organisation, author, reviewer) = match check.origin {
        Origin::Imported => ("imported", None, None, None),
        Origin::Desk {
            organisation,
            author,
            reviewer,
        } => (
            "desk",
            Some(organisation.0),
            Some(author.0),
            Some(reviewer.0),
        ),
    };
    values![
        check.id.0,
        &check.publisher,
        &check.external_id,
        origin,
        organisation,
        author,
        reviewer,
        &check.claim,
        check.rating.as_str(),
        &check.label,
        check.deception.map(Deception::as_str),
        &check.explanation,
        check.narrative.clone(),
        write_texts(&check.evidence),
        check.url.clone(),
        check.published_at,
        revision,
    ]
}

pub(crate) fn read_fact_check(c: &mut Columns<'_>) -> Result<FactCheck, StoreError> {
    let id = FactCheckId(c.id()?);
    let publisher = c.text()?;
    let external_id = c.text()?;
    let origin_word = c.text()?;
    let origin = match (origin_word.as_str(), c.opt_id()?, c.opt_id()?, c.opt_id()?) {
        ("imported", ..) => Origin::Imported,
        ("desk", Some(organisation), Some(author), Some(reviewer)) => Origin::Desk {
            organisation: OrganisationId(organisation),
            author: MemberId(author),
            reviewer: MemberId(reviewer),
        },
        _ => {
            return Err(StoreError::Unreadable {
                what: "origin",
                value: origin_word,
            });
        }
    };
    Ok(FactCheck {
        id,
        external_id,
        publisher,
        origin,
        claim: c.text()?,
        rating: c.word("rating", Rating::parse)?,
        label: c.text()?,
        deception: c.opt_word("deception", Deception::parse)?,
        explanation: c.text()?,
        narrative: c.opt_text()?,
        evidence: read_texts(&c.text()?)?,
        url: c.opt_text()?,
        published_at: c.time()?,
        revision: c.int()?,
    })
}
