//! Labelled files: fact-checks, texts, and which check answers which text.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Context as _;
use matching::claims::{ClaimText, DocId};
use serde::Deserialize;

/// A line of `corpus.jsonl`.
#[derive(Debug, Deserialize)]
pub struct CorpusLine {
    /// Name of the check.
    pub doc_id: String,
    /// Its claim.
    pub claim: String,
    /// Its rating as the file says it.
    #[serde(default)]
    pub verdict: String,
    /// Day of publication.
    #[serde(default)]
    pub date: String,
    /// Why it has that rating.
    #[serde(default)]
    pub explanation: Option<String>,
}

/// A line of `queries.jsonl`.
#[derive(Debug, Deserialize)]
pub struct QueryLine {
    /// Name of the text.
    pub qid: String,
    /// The text as it circulated.
    pub text: String,
    /// `nomatch` where no check in the corpus answers it.
    #[serde(default)]
    pub split: String,
    /// Part that is also told on its own.
    #[serde(default)]
    pub bucket: Option<String>,
    /// The check's explanation quotes the text: nothing can be learnt where that is searched.
    #[serde(default)]
    pub quoted_in_body: bool,
}

impl CorpusLine {
    /// As the index takes it in.
    pub fn claim_text(&self) -> ClaimText<'_> {
        ClaimText {
            claim: &self.claim,
            narrative: None,
            explanation: self.explanation.as_deref(),
            says_true: self.verdict == "true",
            date_days: days_of(&self.date),
        }
    }
}

/// Checks that answer each text, by their names.
pub type Answering = HashMap<String, HashSet<String>>;

/// The number of each check, by its name: its place in the file.
pub type Numbers<'a> = HashMap<&'a str, DocId>;

/// The number of each check.
pub fn numbers(documents: &[CorpusLine]) -> Numbers<'_> {
    (0..)
        .zip(documents)
        .map(|(number, document)| (document.doc_id.as_str(), number))
        .collect()
}

/// Numbers of the checks that answer a text, in order; none for one that has no answer.
pub fn relevant(query: &QueryLine, answering: &Answering, numbers: &Numbers<'_>) -> Vec<DocId> {
    let named = answering
        .get(&query.qid)
        .filter(|_| query.split != "nomatch");
    let documents = named.into_iter().flatten();
    let mut found: Vec<DocId> = documents
        .filter_map(|document| numbers.get(document.as_str()).copied())
        .collect();
    found.sort_unstable();
    found
}

/// Every line of a JSON Lines file; an unreadable one is named.
pub fn read_lines<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), number + 1))
        })
        .collect()
}

/// The tab-separated file of which check answers which text.
pub fn read_qrels(path: &Path) -> anyhow::Result<Answering> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let mut answering = Answering::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split('\t');
        let (query, document, relevance) = (fields.next(), fields.next(), fields.next());
        // A pair that somebody rejected is listed with relevance 0.
        if let (Some(query), Some(document)) = (query, document)
            && relevance != Some("0")
        {
            answering
                .entry(query.to_owned())
                .or_default()
                .insert(document.to_owned());
        }
    }
    Ok(answering)
}

fn days_of(date: &str) -> Option<i32> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).ok().map(|span| span.get_days())
}
