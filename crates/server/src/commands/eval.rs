//! `eval lookup` and `eval copies`: quality and latency as one JSON object on standard output.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use askama::Template as _;
use matching::answer::{Answered, answer};
use matching::claims::{ClaimIndex, ClaimText, Scratch};
use matching::evaluate::{self, LabelledQuery};
use serde::Deserialize;
use serde_json::{Value, json};

use super::figures_page::{Fault, FiguresPage, WrongAnswer};
use crate::answers::api::answer_word;
use crate::answers::reason::Disagreement;
use crate::learning::figures::Figures;

#[derive(Deserialize)]
struct CorpusLine {
    doc_id: String,
    claim: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    date: String,
    #[serde(default)]
    explanation: Option<String>,
}

#[derive(Deserialize)]
struct QueryLine {
    qid: String,
    text: String,
    #[serde(default)]
    split: String,
    #[serde(default)]
    bucket: Option<String>,
}

/// What `eval lookup` reads and writes.
#[derive(Debug)]
pub struct LookUp {
    /// Fact-checks, JSON Lines.
    pub corpus: PathBuf,
    /// Texts, JSON Lines.
    pub queries: PathBuf,
    /// Which check answers which text, tab-separated.
    pub qrels: PathBuf,
    /// Where the page with diagrams goes.
    pub page: Option<PathBuf>,
    /// Whether the page shows texts.
    pub with_texts: bool,
    /// Where the figures alone go.
    pub figures: Option<PathBuf>,
}

/// Runs the queries over an index of the corpus and prints the figures.
pub fn lookup(asked: &LookUp) -> anyhow::Result<()> {
    let figures = measure(asked)?;
    println!("{}", serde_json::to_string_pretty(&figures)?);
    Ok(())
}

/// The figures of a run, as they are printed; also writes the files that were asked for.
pub fn measure(asked: &LookUp) -> anyhow::Result<Value> {
    let documents: Vec<CorpusLine> = read_lines(&asked.corpus)?;
    let texts: Vec<QueryLine> = read_lines(&asked.queries)?;
    let relevant = read_qrels(&asked.qrels)?;
    let started = Instant::now();
    let (index, numbers) = build(&documents)?;
    let build_seconds = started.elapsed().as_secs_f64();
    let labelled = label(&texts, &relevant, &numbers);
    let mut scratch = Scratch::default();
    let mut latencies_us = Vec::with_capacity(labelled.len());
    let mut answered = Vec::with_capacity(labelled.len());
    for query in &labelled {
        let started = Instant::now();
        answered.push(answer(&index, query.text, &mut scratch));
        latencies_us.push(started.elapsed().as_secs_f64() * 1e6);
    }
    let figures = Figures::of(&labelled, &answered, index.len(), today(), asked.command());
    if let Some(path) = &asked.figures {
        let text = format!("{}\n", serde_json::to_string_pretty(&figures)?);
        write_file(path, &text)?;
    }
    if let Some(path) = &asked.page {
        let run = Run {
            documents: &documents,
            texts: &texts,
            labelled: &labelled,
            answered: &answered,
        };
        let page = FiguresPage::new(&figures, run.errors(asked.with_texts), asked.with_texts);
        write_file(path, &page.render()?)?;
    }
    let mut printed = serde_json::to_value(&figures)?;
    printed["latency_us"] = percentiles(&mut latencies_us);
    printed["index"] = json!({
        "documents": index.len(), "bytes": index.bytes(), "build_seconds": build_seconds,
    });
    Ok(printed)
}

impl LookUp {
    /// How to do it again, with files but not their folders.
    fn command(&self) -> String {
        let name = |path: &Path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        format!(
            "kentongan eval lookup --corpus {} --queries {} --qrels {}",
            name(&self.corpus),
            name(&self.queries),
            name(&self.qrels)
        )
    }
}

/// All that a wrong answer is told from.
struct Run<'a> {
    documents: &'a [CorpusLine],
    texts: &'a [QueryLine],
    labelled: &'a [LabelledQuery<'a>],
    answered: &'a [Answered],
}

impl Run<'_> {
    /// Wrong answers, the surest first.
    fn errors(&self, with_texts: bool) -> Vec<WrongAnswer> {
        let mut errors: Vec<WrongAnswer> = Vec::new();
        for (number, (query, answered)) in self.labelled.iter().zip(self.answered).enumerate() {
            let Some(fault) = Fault::of(query, answered) else {
                continue;
            };
            let first = answered.results.first().map(|first| first.doc as usize);
            let document = first.and_then(|first| self.documents.get(first));
            let text = &self.texts[number];
            errors.push(WrongAnswer {
                query: text.qid.clone(),
                part: text.bucket.clone().unwrap_or_else(|| text.split.clone()),
                document: document
                    .map(|found| found.doc_id.clone())
                    .unwrap_or_default(),
                answer: answer_word(answered.answer),
                probability: answered.probability,
                fault,
                differences: differences(answered),
                texts: with_texts.then(|| {
                    let claim = document.map(|found| found.claim.clone());
                    (text.text.clone(), claim.unwrap_or_default())
                }),
            });
        }
        errors.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        errors
    }
}

fn differences(answered: &Answered) -> String {
    let first = answered.results.first();
    let kinds = first.into_iter().flat_map(|first| &first.contradictions);
    let kinds: Vec<&str> = kinds.map(|one| Disagreement::of(one).kind).collect();
    kinds.join(", ")
}

fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn today() -> String {
    jiff::Timestamp::from_microsecond(crate::clock::now().0)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        .unwrap_or_default()
}

/// Judges labelled pairs and prints the figures.
pub fn copies(pairs: &Path) -> anyhow::Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .flexible(true)
        .from_path(pairs)
        .with_context(|| format!("{} cannot be read", pairs.display()))?;
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|title| title == name)
            .with_context(|| format!("{} has no column {name}", pairs.display()))
    };
    let (a, b, same) = (column("text_a")?, column("text_b")?, column("same")?);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let field = |row: &csv::StringRecord, at: usize| row.get(at).unwrap_or_default().to_owned();
    let triples: Vec<(String, String, bool)> = rows
        .iter()
        .map(|row| (field(row, a), field(row, b), field(row, same) == "1"))
        .collect();
    let figures = evaluate::copies(
        triples
            .iter()
            .map(|(a, b, same)| (a.as_str(), b.as_str(), *same)),
    );
    let report = json!({
        "pairs": triples.len(), "precision": figures.precision, "recall": figures.recall, "f1": figures.f1,
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn build(documents: &[CorpusLine]) -> anyhow::Result<(ClaimIndex, HashMap<&str, u32>)> {
    let mut index = ClaimIndex::new();
    let mut numbers = HashMap::new();
    for (number, document) in documents.iter().enumerate() {
        let number = u32::try_from(number)?;
        index.add(
            number,
            &ClaimText {
                claim: &document.claim,
                narrative: None,
                explanation: document.explanation.as_deref(),
                says_true: document.verdict == "true",
                date_days: days_of(&document.date),
            },
        );
        numbers.insert(document.doc_id.as_str(), number);
    }
    Ok((index, numbers))
}

fn label<'a>(
    texts: &'a [QueryLine],
    relevant: &HashMap<String, HashSet<String>>,
    numbers: &HashMap<&str, u32>,
) -> Vec<LabelledQuery<'a>> {
    let of = |query: &QueryLine| -> Vec<u32> {
        let named = relevant
            .get(&query.qid)
            .filter(|_| query.split != "nomatch");
        let documents = named.into_iter().flatten();
        documents
            .filter_map(|document| numbers.get(document.as_str()).copied())
            .collect()
    };
    texts
        .iter()
        .map(|query| LabelledQuery {
            text: &query.text,
            relevant: of(query),
            bucket: query.bucket.as_deref(),
        })
        .collect()
}

fn read_lines<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<Vec<T>> {
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

fn read_qrels(path: &Path) -> anyhow::Result<HashMap<String, HashSet<String>>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let mut relevant: HashMap<String, HashSet<String>> = HashMap::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split('\t');
        let (query, document, relevance) = (fields.next(), fields.next(), fields.next());
        // A pair that somebody rejected is listed with relevance 0.
        if let (Some(query), Some(document)) = (query, document)
            && relevance != Some("0")
        {
            relevant
                .entry(query.to_owned())
                .or_default()
                .insert(document.to_owned());
        }
    }
    Ok(relevant)
}

fn days_of(date: &str) -> Option<i32> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).ok().map(|span| span.get_days())
}

fn percentiles(latencies_us: &mut [f64]) -> Value {
    latencies_us.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = latencies_us.len().saturating_sub(1) * percent / 100;
        latencies_us.get(place).copied().unwrap_or_default()
    };
    json!({"p50": at(50), "p95": at(95), "p99": at(99)})
}
