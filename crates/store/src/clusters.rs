//! Clusters: a read model of the stream. The engine writes absolute values, as often as it likes;
//! a person's decision on a match is never overridden by it.

use std::collections::{HashMap, HashSet};

use domain::channel::ChannelKind;
use domain::cluster::{ClusterAnswer, ClusterState, heat};
use domain::region::RegionCode;
use domain::{ClusterId, FactCheckId, Timestamp};

use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::encoding::{
    cut, read_examples, read_facets, read_growth, seen_in, write_examples, write_facets,
    write_growth,
};
use crate::error::StoreError;
use crate::limits::{FORGET_ROWS_MAX, IDS_PER_CALL_MAX, SUGGESTIONS_PER_CLUSTER};

/// A cluster as the engine writes it and the desk reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterRow {
    /// Its identity.
    pub id: ClusterId,
    /// Where it is in its life.
    pub state: ClusterState,
    /// Its first post.
    pub born_at: Timestamp,
    /// Its latest post.
    pub last_seen_at: Timestamp,
    /// The text that stands for it; kept to [`crate::limits::EXAMPLE_TEXT_BYTES`].
    pub text: String,
    /// Posts, copies included.
    pub posts: i64,
    /// Distinct texts among them.
    pub texts: i64,
    /// People reached, as far as channels tell.
    pub reach: i64,
    /// Posts in the last hour of its activity.
    pub posts_per_hour: i64,
    /// Its place on the radar. Written as given unless a person's decision changes the answer.
    pub heat: f64,
    /// Whether it has an answer. Read back, a person's decision has the last word.
    pub answer: ClusterAnswer,
    /// What the machine suggests, best first; at most [`SUGGESTIONS_PER_CLUSTER`].
    pub suggestions: Vec<Suggestion>,
    /// How it grew.
    pub growth: Growth,
    /// Where it was seen and how often.
    pub facets: Vec<Facet>,
    /// Some of its posts; at most [`crate::limits::EXAMPLES_PER_CLUSTER`].
    pub examples: Vec<Example>,
    /// The region most of its posts come from.
    pub region: Option<RegionCode>,
    /// The language of its text, as a short code.
    pub lang: Option<String>,
}

/// One check the machine suggests as a cluster's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The check.
    pub fact_check: FactCheckId,
    /// How sure the machine is, 0 to 1.
    pub probability: f32,
    /// `match` or `probable`.
    pub answer_word: &'static str,
    /// Why, as a JSON object of the engine's making.
    pub reason: String,
}

/// Posts by equal stretches of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growth {
    /// Width of one bucket in microseconds.
    pub bucket_us: i64,
    /// Start of the first bucket.
    pub start: Timestamp,
    /// Posts in each bucket, oldest first.
    pub counts: Vec<u32>,
}

/// What a facet counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacetKind {
    /// By kind of channel; the value is [`ChannelKind::as_str`].
    Channel,
    /// By region; the value is the official code.
    Region,
}

impl FacetKind {
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Channel => 'c',
            Self::Region => 'r',
        }
    }
}

/// Posts of a cluster in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// What is counted by.
    pub kind: FacetKind,
    /// The place.
    pub value: String,
    /// Posts in it.
    pub posts: i64,
}

/// One post kept as an example, with how many copies have exactly its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its text; kept to [`crate::limits::EXAMPLE_TEXT_BYTES`].
    pub text: String,
    /// The kind of channel.
    pub channel_kind: ChannelKind,
    /// The account or site; empty where it is not kept.
    pub account: String,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Where it comes from.
    pub region: Option<RegionCode>,
    /// People it reached.
    pub reach: i64,
    /// How alike it is to the cluster's text, 0 to 1.
    pub resemblance: f32,
    /// Posts with exactly this text, itself included.
    pub posts: i64,
}

/// Counts of one hour of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamHour {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Posts taken in.
    pub posts: i64,
    /// Copies of known clusters among them.
    pub copies: i64,
    /// Posts matched to a check.
    pub matched: i64,
}

macro_rules! cluster_columns {
    () => {
        "c.id, c.state, c.born_at, c.last_seen_at, c.posts, c.texts, c.reach, c.posts_per_hour, \
         c.heat, c.answer, c.region, c.lang, c.growth, c.text, c.facets, e.examples"
    };
}

statements! {
    ONE = concat!("SELECT ", cluster_columns!(), " FROM cluster c \
        JOIN cluster_examples e ON e.cluster = c.id WHERE c.id = $1");
    SUGGESTIONS = "SELECT fact_check, probability, word, reason FROM cluster_match \
        WHERE cluster = $1 AND suggested = 1 ORDER BY probability DESC, fact_check";
    HOURS = "SELECT hour, posts, copies, matched FROM stream_hour WHERE hour >= $1 ORDER BY hour LIMIT $2";
    FORGET = "DELETE FROM cluster WHERE id IN (SELECT c.id FROM cluster c \
        WHERE c.state = 'closed' AND c.last_seen_at < $1 \
        AND NOT EXISTS (SELECT 1 FROM desk_case k WHERE k.cluster = c.id) \
        AND NOT EXISTS (SELECT 1 FROM tip t WHERE t.cluster = c.id) \
        AND NOT EXISTS (SELECT 1 FROM cluster_match m WHERE m.cluster = c.id AND m.state <> 'suggested') \
        ORDER BY c.last_seen_at LIMIT $2)";
}

const INSERT_CLUSTERS: &str = "INSERT INTO cluster (id, state, born_at, last_seen_at, posts, texts, reach, \
    posts_per_hour, heat, answer, fact_check, probability, region, lang, seen_in, growth, text, facets) VALUES";
const UPDATE_CLUSTERS: &str = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, born_at = excluded.born_at, \
    last_seen_at = excluded.last_seen_at, posts = excluded.posts, texts = excluded.texts, reach = excluded.reach, \
    posts_per_hour = excluded.posts_per_hour, heat = excluded.heat, answer = excluded.answer, \
    fact_check = excluded.fact_check, probability = excluded.probability, region = excluded.region, \
    lang = excluded.lang, seen_in = excluded.seen_in, growth = excluded.growth, text = excluded.text, \
    facets = excluded.facets";
const CLUSTER_WIDTH: usize = 18;

const INSERT_EXAMPLES: &str = "INSERT INTO cluster_examples (cluster, examples) VALUES";
const UPDATE_EXAMPLES: &str = "ON CONFLICT (cluster) DO UPDATE SET examples = excluded.examples";

const INSERT_MATCHES: &str = "INSERT INTO cluster_match (cluster, fact_check, suggested, probability, word, reason, state) VALUES";
const UPDATE_MATCHES: &str = "ON CONFLICT (cluster, fact_check) DO UPDATE SET suggested = 1, \
    probability = excluded.probability, word = excluded.word, reason = excluded.reason";
const MATCH_WIDTH: usize = 7;

const INSERT_HOURS: &str = "INSERT INTO stream_hour (hour, posts, copies, matched) VALUES";
const UPDATE_HOURS: &str = "ON CONFLICT (hour) DO UPDATE SET posts = excluded.posts, \
    copies = excluded.copies, matched = excluded.matched";

impl Store {
    /// Writes clusters with absolute values, in one transaction: writing the same rows again
    /// changes nothing. Facets, examples and suggestions of the given rows are replaced; what
    /// people decided stays, and decides the answer and with it the heat. Of several rows with
    /// the same id the last counts.
    pub async fn upsert_clusters(&self, rows: &[ClusterRow]) -> Result<(), StoreError> {
        let mut last: HashMap<ClusterId, &ClusterRow> = HashMap::with_capacity(rows.len());
        for row in rows {
            last.insert(row.id, row);
        }
        let mut rows: Vec<&ClusterRow> = last.into_values().collect();
        // One order for every writer, so that two of them cannot wait for each other.
        rows.sort_unstable_by_key(|row| row.id);
        let mut tx = self.begin().await?;
        for part in rows.chunks(IDS_PER_CALL_MAX) {
            tx.upsert_part(part).await?;
        }
        tx.commit().await
    }

    /// One cluster with its facets, examples and the machine's suggestions.
    pub async fn cluster(&self, id: ClusterId) -> Result<ClusterRow, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        let mut cluster = read_first(&rows, read_cluster)?.ok_or(StoreError::NotFound)?;
        let rows = self.rows(SUGGESTIONS, values![id.0]).await?;
        cluster.suggestions = read_all(&rows, read_suggestion)?;
        Ok(cluster)
    }

    /// Removes clusters closed since before `closed_before` that no case, no tip and no decision
    /// refers to; at most [`FORGET_ROWS_MAX`] a call. Yields how many went.
    pub async fn forget_clusters(&self, closed_before: Timestamp) -> Result<u64, StoreError> {
        self.change(FORGET, values![closed_before, FORGET_ROWS_MAX])
            .await
    }

    /// Writes the counts of hours, with absolute values.
    pub async fn upsert_stream_hours(&self, hours: &[StreamHour]) -> Result<(), StoreError> {
        let last: HashMap<i64, &StreamHour> = hours.iter().map(|hour| (hour.hour, hour)).collect();
        let values = last
            .into_values()
            .flat_map(|hour| values![hour.hour, hour.posts, hour.copies, hour.matched]);
        let mut tx = self.begin().await?;
        tx.insert_rows(INSERT_HOURS, UPDATE_HOURS, 4, values.collect())
            .await?;
        tx.commit().await
    }

    /// The hours from `since` (hours since 1970 UTC) on, oldest first; an hour without posts is
    /// left out.
    pub async fn stream_hours(&self, since: i64) -> Result<Vec<StreamHour>, StoreError> {
        let most = i64::from(crate::limits::CHANGES_ROWS_MAX);
        let rows = self.rows(HOURS, values![since, most]).await?;
        read_all(&rows, |c| {
            Ok(StreamHour {
                hour: c.int()?,
                posts: c.int()?,
                copies: c.int()?,
                matched: c.int()?,
            })
        })
    }
}

/// What people have said about one cluster's matches.
#[derive(Default)]
struct Word {
    confirmed: Option<(FactCheckId, f64)>,
    rejected: HashSet<FactCheckId>,
}

impl Tx {
    async fn upsert_part(&mut self, rows: &[&ClusterRow]) -> Result<(), StoreError> {
        let ids: Vec<Value> = rows.iter().map(|row| Value::from(row.id.0)).collect();
        let list = self.engine().marks(1, rows.len());
        if matches!(self, Self::Postgres(_)) {
            // A person deciding at this moment holds the row; wait for their word.
            let lock =
                format!("SELECT id FROM cluster WHERE id IN ({list}) ORDER BY id FOR UPDATE");
            self.rows(lock, ids.clone()).await?;
        }
        let words = self.words_on(&list, ids.clone()).await?;
        let silent = Word::default();
        let clusters = rows
            .iter()
            .flat_map(|row| cluster_values(row, words.get(&row.id).unwrap_or(&silent)));
        self.insert_rows(
            INSERT_CLUSTERS,
            UPDATE_CLUSTERS,
            CLUSTER_WIDTH,
            clusters.collect(),
        )
        .await?;
        let examples = rows
            .iter()
            .flat_map(|row| values![row.id.0, write_examples(&row.examples)]);
        self.insert_rows(INSERT_EXAMPLES, UPDATE_EXAMPLES, 2, examples.collect())
            .await?;
        self.replace_suggestions(&list, ids, rows).await
    }

    async fn words_on(
        &mut self,
        list: &str,
        ids: Vec<Value>,
    ) -> Result<HashMap<ClusterId, Word>, StoreError> {
        let sql = format!(
            "SELECT cluster, fact_check, state, probability FROM cluster_match \
             WHERE state <> 'suggested' AND cluster IN ({list}) ORDER BY decided_at"
        );
        let mut words: HashMap<ClusterId, Word> = HashMap::new();
        for row in self.rows(sql, ids).await? {
            let mut c = row.columns();
            let word = words.entry(ClusterId(c.id()?)).or_default();
            let check = FactCheckId(c.id()?);
            if c.text()? == "confirmed" {
                word.confirmed = Some((check, c.real()?));
            } else {
                word.rejected.insert(check);
            }
        }
        Ok(words)
    }

    async fn replace_suggestions(
        &mut self,
        list: &str,
        ids: Vec<Value>,
        rows: &[&ClusterRow],
    ) -> Result<(), StoreError> {
        let undecided =
            format!("DELETE FROM cluster_match WHERE state = 'suggested' AND cluster IN ({list})");
        self.execute(undecided, ids.clone()).await?;
        let decided = format!(
            "UPDATE cluster_match SET suggested = 0 WHERE state <> 'suggested' AND cluster IN ({list})"
        );
        self.execute(decided, ids).await?;
        let mut values = Vec::new();
        for row in rows {
            let mut seen = HashSet::new();
            for suggestion in row.suggestions.iter().take(SUGGESTIONS_PER_CLUSTER) {
                if seen.insert(suggestion.fact_check) {
                    values.extend(values![
                        row.id.0,
                        suggestion.fact_check.0,
                        true,
                        f64::from(suggestion.probability),
                        suggestion.answer_word,
                        &suggestion.reason,
                        "suggested",
                    ]);
                }
            }
        }
        self.insert_rows(INSERT_MATCHES, UPDATE_MATCHES, MATCH_WIDTH, values)
            .await?;
        Ok(())
    }
}

/// The answer that stands once people's words are counted, with the check that gives it.
fn standing_answer(row: &ClusterRow, word: &Word) -> (ClusterAnswer, Option<(FactCheckId, f64)>) {
    if let Some(confirmed) = word.confirmed {
        return (ClusterAnswer::Answered, Some(confirmed));
    }
    let open = row.suggestions.iter().take(SUGGESTIONS_PER_CLUSTER);
    let best = open
        .filter(|suggestion| !word.rejected.contains(&suggestion.fact_check))
        .max_by(|a, b| a.probability.total_cmp(&b.probability));
    match best {
        Some(best) if row.answer != ClusterAnswer::None => (
            ClusterAnswer::Suggested,
            Some((best.fact_check, f64::from(best.probability))),
        ),
        _ => (ClusterAnswer::None, None),
    }
}

/// The heat of a cluster whose answer a person's decision has changed.
pub(crate) fn heat_with(posts_per_hour: i64, reach: i64, answer: ClusterAnswer) -> f64 {
    heat(
        u64::try_from(posts_per_hour).unwrap_or_default(),
        u64::try_from(reach).unwrap_or_default(),
        answer,
    )
}

fn cluster_values(row: &ClusterRow, word: &Word) -> Vec<Value> {
    let (answer, best) = standing_answer(row, word);
    let heat = if answer == row.answer {
        row.heat
    } else {
        heat_with(row.posts_per_hour, row.reach, answer)
    };
    values![
        row.id.0,
        row.state.as_str(),
        row.born_at,
        row.last_seen_at,
        row.posts,
        row.texts,
        row.reach,
        row.posts_per_hour,
        heat,
        answer.as_str(),
        best.map(|(check, _)| check.0),
        best.map(|(_, probability)| probability),
        row.region.as_ref().map(RegionCode::as_str),
        row.lang.clone(),
        seen_in(&row.facets),
        write_growth(&row.growth),
        cut(&row.text),
        write_facets(&row.facets),
    ]
}

fn read_cluster(c: &mut Columns<'_>) -> Result<ClusterRow, StoreError> {
    let id = ClusterId(c.id()?);
    let state = c.word("cluster state", ClusterState::parse)?;
    Ok(ClusterRow {
        id,
        state,
        born_at: c.time()?,
        last_seen_at: c.time()?,
        posts: c.int()?,
        texts: c.int()?,
        reach: c.int()?,
        posts_per_hour: c.int()?,
        heat: c.real()?,
        answer: c.word("cluster answer", ClusterAnswer::parse)?,
        region: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
        lang: c.opt_text()?,
        growth: read_growth(&c.bytes()?)?,
        text: c.text()?,
        facets: read_facets(&c.text()?)?,
        examples: read_examples(&c.text()?)?,
        suggestions: Vec::new(),
    })
}

/// Reads check, probability, word and reason.
pub(crate) fn read_suggestion(c: &mut Columns<'_>) -> Result<Suggestion, StoreError> {
    Ok(Suggestion {
        fact_check: FactCheckId(c.id()?),
        probability: narrow(c.real()?),
        answer_word: c.word("answer word", answer_word)?,
        reason: c.text()?,
    })
}

/// The words of a suggestion; a match that an editor added counts as `match`.
fn answer_word(word: &str) -> Option<&'static str> {
    ["match", "probable"]
        .into_iter()
        .find(|known| *known == word)
}

/// Probabilities were written from `f32` and read back as such.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value was an f32 before it was stored"
)]
pub(crate) fn narrow(probability: f64) -> f32 {
    probability as f32
}
