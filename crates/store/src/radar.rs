//! The radar: live clusters, the hottest first.

use std::collections::HashMap;

use domain::channel::ChannelKind;
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::fact_check::Rating;
use domain::limits::CASE_LOCK_IDLE_US;
use domain::region::RegionCode;
use domain::{CaseId, ClusterId, FactCheckId, MemberId, OrganisationId, Timestamp};

use crate::clusters::{Facet, Growth};
use crate::db::{Columns, Engine, Store, Value, read_all, read_first};
use crate::encoding::{contains_pattern, read_facets, read_growth};
use crate::error::StoreError;
use crate::limits::{SEARCH_CHARS, SEARCH_CLUSTERS_MAX, page_rows};
use crate::matches::read_best;

/// Which clusters the radar shows; the default shows all that live.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RadarFilter {
    /// Only those with this answer.
    pub answer: Option<ClusterAnswer>,
    /// Only those seen on this kind of channel.
    pub channel: Option<ChannelKind>,
    /// Only those seen in this region or in one below it: `15` takes `15.05` in.
    pub region: Option<String>,
    /// Only those seen at or after this time.
    pub seen_after: Option<Timestamp>,
    /// Only those whose text contains these words as they stand, in any case.
    pub text: Option<String>,
    /// Live clusters that a search by text looks through, the hottest first; 0 and more than
    /// [`SEARCH_CLUSTERS_MAX`] mean as many.
    pub search_among: u32,
    /// Rows wanted; cut to [`crate::limits::PAGE_ROWS_MAX`].
    pub limit: u32,
    /// Rows skipped.
    pub offset: u32,
}

/// One cluster on the radar.
#[derive(Debug, Clone, PartialEq)]
pub struct RadarRow {
    /// Its identity.
    pub id: ClusterId,
    /// Where it is in its life.
    pub state: ClusterState,
    /// Its first post.
    pub born_at: Timestamp,
    /// Its latest post.
    pub last_seen_at: Timestamp,
    /// The text that stands for it.
    pub text: String,
    /// Posts, copies included.
    pub posts: i64,
    /// Distinct texts among them.
    pub texts: i64,
    /// People reached.
    pub reach: i64,
    /// Posts in the last hour of its activity.
    pub posts_per_hour: i64,
    /// Its place on the radar.
    pub heat: f64,
    /// Whether it has an answer.
    pub answer: ClusterAnswer,
    /// The region most of its posts come from.
    pub region: Option<RegionCode>,
    /// The language of its text.
    pub lang: Option<String>,
    /// How it grew.
    pub growth: Growth,
    /// Where it was seen.
    pub facets: Vec<Facet>,
    /// The check that answers it best: confirmed, or else suggested and not rejected.
    pub best: Option<BestCheck>,
    /// Live cases on it, one for each newsroom at most.
    pub cases: Vec<CaseMark>,
}

/// The check that answers a cluster best, as far as the radar shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct BestCheck {
    /// The check.
    pub fact_check: FactCheckId,
    /// Its claim.
    pub claim: String,
    /// Its rating.
    pub rating: Rating,
    /// The publisher's own label.
    pub label: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub published_at: Timestamp,
    /// How sure the machine is, 0 to 1; 1 where an editor added it.
    pub probability: f32,
}

/// A live case on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMark {
    /// The case.
    pub id: CaseId,
    /// The newsroom it belongs to.
    pub organisation: OrganisationId,
    /// The newsroom's name.
    pub organisation_name: String,
    /// The word of its state, as [`domain::case::CaseState::as_str`].
    pub state: String,
    /// Who holds it at the time asked for, with their name; a lapsed lock holds nothing.
    pub holder: Option<(MemberId, String)>,
}

/// The counts above the radar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RadarTotals {
    /// Live clusters seen since the time asked for.
    pub active_clusters: i64,
    /// Distinct claims among them: clusters that share their best check count once, a cluster
    /// without one counts for itself.
    pub distinct_claims: i64,
    /// Growing clusters among them that nothing answers yet.
    pub unanswered_rising: i64,
    /// When the oldest of those was born.
    pub oldest_unanswered_at: Option<Timestamp>,
}

impl RadarRow {
    /// The live case of one newsroom.
    pub fn case_of(&self, organisation: OrganisationId) -> Option<&CaseMark> {
        self.cases
            .iter()
            .find(|case| case.organisation == organisation)
    }
}

statements! {
    TOTALS = "SELECT COUNT(*), \
        COUNT(DISTINCT fact_check) + COUNT(CASE WHEN fact_check IS NULL THEN 1 END), \
        COUNT(CASE WHEN answer = 'none' AND state = 'growing' AND posts_per_hour > 0 THEN 1 END), \
        MIN(CASE WHEN answer = 'none' AND state = 'growing' AND posts_per_hour > 0 THEN born_at END) \
        FROM cluster WHERE state <> 'closed' AND last_seen_at >= $1";
    LAST_SEARCHED = "SELECT heat, id FROM cluster WHERE state <> 'closed' \
        ORDER BY heat DESC, id DESC LIMIT 1 OFFSET $1";
}

const SELECT: &str = "SELECT c.id, c.state, c.born_at, c.last_seen_at, c.text, c.posts, c.texts, c.reach, \
    c.posts_per_hour, c.heat, c.answer, c.region, c.lang, c.growth, c.facets, \
    c.probability, f.id, f.claim, f.rating, f.label, f.publisher, f.published_at \
    FROM cluster c LEFT JOIN fact_check f ON f.id = c.fact_check WHERE c.state <> 'closed'";

impl Store {
    /// One page of the radar at `now`.
    pub async fn radar(
        &self,
        filter: &RadarFilter,
        now: Timestamp,
    ) -> Result<Vec<RadarRow>, StoreError> {
        let coldest = self.last_searched(filter).await?;
        let (sql, values) = radar_statement(filter, coldest);
        let mut page = read_all(&self.rows(sql, values).await?, read_radar)?;
        let mut cases = self.live_cases(&page, now).await?;
        for row in &mut page {
            row.cases = cases.remove(&row.id).unwrap_or_default();
        }
        Ok(page)
    }

    /// The counts above the radar, over live clusters seen at or after `since`.
    pub async fn radar_totals(&self, since: Timestamp) -> Result<RadarTotals, StoreError> {
        let rows = self.rows(TOTALS, values![since]).await?;
        let totals = read_first(&rows, |c| {
            Ok(RadarTotals {
                active_clusters: c.int()?,
                distinct_claims: c.int()?,
                unanswered_rising: c.int()?,
                oldest_unanswered_at: c.opt_time()?,
            })
        })?;
        Ok(totals.unwrap_or_default())
    }

    /// How the database would run the radar with this filter, in its own words.
    #[doc(hidden)]
    pub async fn explain_radar(&self, filter: &RadarFilter) -> Result<String, StoreError> {
        let coldest = self.last_searched(filter).await?;
        let (sql, values) = radar_statement(filter, coldest);
        let (explain, column) = if self.engine() == Engine::Sqlite {
            ("EXPLAIN QUERY PLAN", 3)
        } else {
            ("EXPLAIN", 0)
        };
        let rows = self.rows(format!("{explain} {sql}"), values).await?;
        let lines = read_all(&rows, |c| {
            for _ in 0..column {
                c.int()?;
            }
            c.text()
        })?;
        Ok(lines.join("\n"))
    }

    /// The coldest cluster that a search by text looks at; `None` where it looks at all.
    async fn last_searched(
        &self,
        filter: &RadarFilter,
    ) -> Result<Option<(f64, ClusterId)>, StoreError> {
        if filter
            .text
            .as_deref()
            .is_none_or(|text| text.trim().is_empty())
        {
            return Ok(None);
        }
        let among = match filter.search_among {
            0 => SEARCH_CLUSTERS_MAX,
            among => among.min(SEARCH_CLUSTERS_MAX),
        };
        let rows = self
            .rows(LAST_SEARCHED, values![i64::from(among) - 1])
            .await?;
        read_first(&rows, |c| Ok((c.real()?, ClusterId(c.id()?))))
    }

    async fn live_cases(
        &self,
        page: &[RadarRow],
        now: Timestamp,
    ) -> Result<HashMap<ClusterId, Vec<CaseMark>>, StoreError> {
        let mut cases: HashMap<ClusterId, Vec<CaseMark>> = HashMap::new();
        if page.is_empty() {
            return Ok(cases);
        }
        let sql = format!(
            "SELECT k.cluster, k.id, k.organisation, o.name, k.state, k.moved_at, k.holder, m.name \
             FROM desk_case k JOIN organisation o ON o.id = k.organisation \
             LEFT JOIN member m ON m.id = k.holder \
             WHERE k.live = 1 AND k.cluster IN ({}) ORDER BY k.opened_at, k.id",
            self.engine().marks(1, page.len())
        );
        let ids = page.iter().map(|row| Value::from(row.id.0)).collect();
        for row in self.rows(sql, ids).await? {
            let mut c = row.columns();
            let cluster = ClusterId(c.id()?);
            cases
                .entry(cluster)
                .or_default()
                .push(read_case_mark(&mut c, now)?);
        }
        Ok(cases)
    }
}

/// The statement of a filter, down to the `coldest` cluster. Every value is bound; the text varies
/// only by which filters are set.
fn radar_statement(
    filter: &RadarFilter,
    coldest: Option<(f64, ClusterId)>,
) -> (String, Vec<Value>) {
    let mut sql = String::from(SELECT);
    let mut values: Vec<Value> = Vec::new();
    let mut and = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(answer) = filter.answer {
        and("c.answer = ?", answer.as_str().into());
    }
    if let Some(channel) = filter.channel {
        and(
            "c.seen_in LIKE ? ESCAPE '\\'",
            contains_pattern(&format!("|c:{}|", channel.as_str())).into(),
        );
    }
    if let Some(region) = &filter.region {
        and(
            "c.seen_in LIKE ? ESCAPE '\\'",
            contains_pattern(&format!("|r:{region}")).into(),
        );
    }
    if let Some(seen_after) = filter.seen_after {
        and("c.last_seen_at >= ?", seen_after.into());
    }
    if let Some(text) = filter
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        let needle: String = text.chars().take(SEARCH_CHARS).collect();
        and(
            "LOWER(c.text) LIKE ? ESCAPE '\\'",
            contains_pattern(&needle.to_lowercase()).into(),
        );
    }
    if let Some((heat, id)) = coldest {
        values.extend([heat.into(), id.0.into()]);
        let last = values.len();
        sql.push_str(&format!(" AND (c.heat, c.id) >= (${}, ${last})", last - 1));
    }
    values.push(page_rows(filter.limit).into());
    values.push(i64::from(filter.offset).into());
    let last = values.len();
    let page = format!(
        " ORDER BY c.heat DESC, c.id DESC LIMIT ${} OFFSET ${last}",
        last - 1
    );
    sql.push_str(&page);
    (sql, values)
}

fn read_radar(c: &mut Columns<'_>) -> Result<RadarRow, StoreError> {
    Ok(RadarRow {
        id: ClusterId(c.id()?),
        state: c.word("cluster state", ClusterState::parse)?,
        born_at: c.time()?,
        last_seen_at: c.time()?,
        text: c.text()?,
        posts: c.int()?,
        texts: c.int()?,
        reach: c.int()?,
        posts_per_hour: c.int()?,
        heat: c.real()?,
        answer: c.word("cluster answer", ClusterAnswer::parse)?,
        region: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
        lang: c.opt_text()?,
        growth: read_growth(&c.bytes()?)?,
        facets: read_facets(&c.text()?)?,
        best: read_best_check(c)?,
        cases: Vec::new(),
    })
}

fn read_best_check(c: &mut Columns<'_>) -> Result<Option<BestCheck>, StoreError> {
    let probability = read_best(c)?;
    let Some(id) = c.opt_id()? else {
        return Ok(None);
    };
    Ok(Some(BestCheck {
        fact_check: FactCheckId(id),
        claim: c.text()?,
        rating: c.word("rating", Rating::parse)?,
        label: c.text()?,
        publisher: c.text()?,
        published_at: c.time()?,
        probability: probability.unwrap_or_default(),
    }))
}

fn read_case_mark(c: &mut Columns<'_>, now: Timestamp) -> Result<CaseMark, StoreError> {
    let id = CaseId(c.id()?);
    let organisation = OrganisationId(c.id()?);
    let organisation_name = c.text()?;
    let state = c.text()?;
    let touched_at = c.time()?;
    let holder = c.opt_id()?.map(MemberId).zip(c.opt_text()?);
    let held = state == "held" && now.since_us(touched_at) < CASE_LOCK_IDLE_US;
    Ok(CaseMark {
        id,
        organisation,
        organisation_name,
        state,
        holder: holder.filter(|_| held),
    })
}
