//! The gold set of a month: texts that people have judged, in the files that `eval lookup` reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::fact_check::{Deception, FactCheck, Rating};
use domain::label::Verdict;
use domain::{FactCheckId, Timestamp};
use serde_json::json;
use store::{LabelRow, Store, StoreError};

use super::mask::masked;
use super::pairs::labels_of;

/// Checks read from the store at once.
const READ_CHECKS: u32 = 500;
/// Letters of a text's name: 48 bits of its digest.
const NAME_LETTERS: usize = 12;
/// Stands beside the files and says what they are.
const README: &str = include_str!("gold-readme.txt");

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    first: jiff::civil::Date,
}

/// What an export holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Texts with at least one confirmed check.
    pub texts: usize,
    /// Confirmed pairs.
    pub confirmed: usize,
    /// Rejected pairs.
    pub rejected: usize,
    /// Texts that only have rejected checks: nobody knows whether another one answers them.
    pub rejected_only: usize,
    /// Pairs on which people said both.
    pub conflicts: usize,
    /// Texts in which a number or an address was replaced.
    pub masked: usize,
    /// Checks in the corpus.
    pub checks: usize,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum GoldFault {
    /// Nothing was judged in that month.
    #[error("nobody has confirmed a check of a text in {0}: there is nothing to export")]
    Empty(String),
    /// The store does not answer.
    #[error("labels and checks cannot be read")]
    Store(#[from] StoreError),
}

/// An export, ready to be written.
#[derive(Debug)]
pub struct Gold {
    /// File names with their content.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// What they hold.
    pub summary: Summary,
}

impl Month {
    /// Reads "2026-11".
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        let first = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        Some(Self { first })
    }

    /// The month that holds `now`.
    pub fn of(now: Timestamp) -> Option<Self> {
        let date = date_of(now)?;
        Some(Self {
            first: date.first_of_month(),
        })
    }

    /// Its first moment, and the first one after it.
    pub fn span(self) -> (Timestamp, Timestamp) {
        let next = self.first.last_of_month().tomorrow().unwrap_or(self.first);
        let start = |date: jiff::civil::Date| {
            let zoned = date.to_zoned(jiff::tz::TimeZone::UTC);
            Timestamp(zoned.map_or(0, |at| at.timestamp().as_microsecond()))
        };
        (start(self.first), start(next))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// A judged pair of the month.
#[derive(Debug, Default)]
struct PairWords {
    last: Option<(Timestamp, Verdict)>,
    confirmed: usize,
    rejected: usize,
}

/// A judged text of the month.
#[derive(Debug)]
struct Judged {
    text: String,
    day: Timestamp,
    pairs: BTreeMap<FactCheckId, PairWords>,
}

/// The gold set of `month`.
pub async fn collect(store: &Store, month: Month) -> Result<Gold, GoldFault> {
    let (from, until) = month.span();
    let texts = judged(labels_of(store, from, until).await?);
    let mut summary = Summary::default();
    let queries = queries(&texts, &mut summary);
    if summary.texts == 0 {
        return Err(GoldFault::Empty(month.to_string()));
    }
    let (qrels, conflicts) = lines_of_pairs(&texts, &mut summary);
    let corpus = corpus(store, &mut summary).await?;
    let files = vec![
        ("README.txt", README.as_bytes().to_vec()),
        ("corpus.jsonl", corpus.into_bytes()),
        ("queries.jsonl", queries.into_bytes()),
        ("qrels.tsv", qrels.into_bytes()),
        ("conflicts.tsv", conflicts.into_bytes()),
    ];
    Ok(Gold { files, summary })
}

/// Texts by the name of their digest; labels without a text are readers' and left out.
fn judged(labels: Vec<LabelRow>) -> BTreeMap<String, Judged> {
    let mut texts: BTreeMap<String, Judged> = BTreeMap::new();
    for label in labels {
        let Some(text) = label.text else { continue };
        let judged = texts
            .entry(name_of(&label.text_digest))
            .or_insert_with(|| Judged {
                text,
                day: label.at,
                pairs: BTreeMap::new(),
            });
        let pair = judged.pairs.entry(label.fact_check).or_default();
        pair.last = Some((label.at, label.verdict));
        pair.confirmed += usize::from(label.verdict == Verdict::Confirmed);
        pair.rejected += usize::from(label.verdict == Verdict::Rejected);
    }
    texts
}

impl Judged {
    /// Checks of which `verdict` was the last word.
    fn with_last(&self, verdict: Verdict) -> impl Iterator<Item = &FactCheckId> {
        let is_last = move |pair: &PairWords| pair.last.is_some_and(|(_, last)| last == verdict);
        self.pairs
            .iter()
            .filter(move |(_, pair)| is_last(pair))
            .map(|(check, _)| check)
    }

    fn is_answered(&self) -> bool {
        self.with_last(Verdict::Confirmed).next().is_some()
    }
}

fn queries(texts: &BTreeMap<String, Judged>, summary: &mut Summary) -> String {
    let mut lines = String::new();
    for (name, judged) in texts {
        if !judged.is_answered() {
            let rejected = judged.with_last(Verdict::Rejected).next().is_some();
            summary.rejected_only += usize::from(rejected);
            continue;
        }
        let text = masked(&judged.text);
        summary.texts += 1;
        summary.masked += usize::from(text != judged.text);
        let line = json!({
            "qid": name, "text": text, "date": day(judged.day), "split": "gold",
        });
        let _ = writeln!(lines, "{line}");
    }
    lines
}

fn lines_of_pairs(texts: &BTreeMap<String, Judged>, summary: &mut Summary) -> (String, String) {
    let mut qrels = "qid\tdoc_id\trel\n".to_owned();
    let mut conflicts = "qid\tdoc_id\tlast\tconfirmed\trejected\n".to_owned();
    for (name, judged) in texts {
        for (check, pair) in &judged.pairs {
            let Some((_, last)) = pair.last else { continue };
            if pair.confirmed > 0 && pair.rejected > 0 {
                summary.conflicts += 1;
                let _ = writeln!(
                    conflicts,
                    "{name}\t{check}\t{}\t{}\t{}",
                    last.as_str(),
                    pair.confirmed,
                    pair.rejected
                );
            }
            summary.confirmed += usize::from(last == Verdict::Confirmed);
            summary.rejected += usize::from(last == Verdict::Rejected);
            let relevance = match last {
                Verdict::Confirmed => 2,
                Verdict::Rejected => 0,
                Verdict::TakenBack | Verdict::NotMeant => continue,
            };
            if judged.is_answered() {
                let _ = writeln!(qrels, "{name}\t{check}\t{relevance}");
            }
        }
    }
    (qrels, conflicts)
}

/// Every check: a text is answered among all of them, not among the judged ones.
async fn corpus(store: &Store, summary: &mut Summary) -> Result<String, StoreError> {
    let mut lines = String::new();
    let mut seen: BTreeSet<FactCheckId> = BTreeSet::new();
    let mut after = 0;
    loop {
        let checks = store.fact_checks_after(after, READ_CHECKS).await?;
        let Some(last) = checks.last() else {
            return Ok(lines);
        };
        after = last.revision;
        for check in &checks {
            // A check that changed while we read comes again.
            if seen.insert(check.id) {
                summary.checks += 1;
                let _ = writeln!(lines, "{}", corpus_line(check));
            }
        }
    }
}

fn corpus_line(check: &FactCheck) -> serde_json::Value {
    let mut line = json!({
        "doc_id": check.id.to_string(),
        "org": check.publisher,
        "claim": check.claim,
        "verdict": verdict_word(check.rating),
        "tag": check.deception.map_or(&*check.label, |deception| Deception::as_str(deception)),
        "date": day(check.published_at),
        "url": check.url,
    });
    if !check.explanation.is_empty() {
        line["explanation"] = json!(check.explanation);
    }
    line
}

/// The word of an evaluation corpus for a rating.
fn verdict_word(rating: Rating) -> &'static str {
    match rating {
        Rating::False => "false",
        Rating::Misleading => "misleading",
        Rating::PartlyTrue => "partly_true",
        Rating::True => "true",
        Rating::Unproven => "unproven",
    }
}

fn name_of(digest: &[u8; 32]) -> String {
    let mut name = String::with_capacity(NAME_LETTERS);
    for byte in &digest[..NAME_LETTERS / 2] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn date_of(at: Timestamp) -> Option<jiff::civil::Date> {
    let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn day(at: Timestamp) -> String {
    date_of(at).map_or_else(String::new, |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::pairs::tests::label;
    use super::*;

    #[test]
    fn a_month_has_its_first_moment_and_its_end() {
        let month = Month::parse("2026-11").expect("a month");
        let (from, until) = month.span();
        assert_eq!(from, Timestamp(1_793_491_200_000_000));
        assert_eq!(until.since_us(from), 30 * Timestamp::DAY_US);
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(Month::of(from), Some(month));
        assert_ne!(Month::of(until), Some(month));
        let december = Month::parse("2026-12").expect("a month").span();
        assert_eq!(december.0, until);
        for bad in ["2026-13", "2026-1", "26-11", "2026", "", "2026-11-01"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_last_word_makes_the_label_and_conflicts_are_listed() {
        let texts = judged(vec![
            label(1, "surat 081234567890", 1, Verdict::Confirmed),
            label(2, "surat 081234567890", 2, Verdict::Rejected),
            label(3, "kotak", 1, Verdict::Confirmed),
            label(4, "kotak", 1, Verdict::Rejected),
            label(5, "undangan", 3, Verdict::Rejected),
            label(6, "undangan", 3, Verdict::Confirmed),
            label(7, "salah pencet", 4, Verdict::Confirmed),
            label(8, "salah pencet", 4, Verdict::TakenBack),
        ]);
        let mut summary = Summary::default();
        let queries = queries(&texts, &mut summary);
        let (qrels, conflicts) = lines_of_pairs(&texts, &mut summary);
        assert_eq!((summary.texts, summary.masked), (2, 1));
        assert_eq!((summary.confirmed, summary.rejected), (2, 2));
        assert_eq!((summary.rejected_only, summary.conflicts), (1, 2));
        assert!(queries.contains("surat [nomor]") && !queries.contains("0812"));
        assert_eq!(queries.lines().count(), 2);
        let relevances: Vec<&str> = qrels
            .lines()
            .skip(1)
            .filter_map(|line| line.rsplit('\t').next())
            .collect();
        assert_eq!(relevances.iter().filter(|rel| **rel == "2").count(), 2);
        assert_eq!(relevances.iter().filter(|rel| **rel == "0").count(), 1);
        assert_eq!(conflicts.lines().count(), 3);
        assert!(conflicts.contains("\trejected\t1\t1") && conflicts.contains("\tconfirmed\t1\t1"));
    }
}
