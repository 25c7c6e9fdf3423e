//! `eval lookup` and `eval copies`: quality and latency as one JSON object on standard output.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use askama::Template as _;
use matching::answer::{Answered, answer_by_meaning};
use matching::claims::{ClaimIndex, Scratch};
use matching::evaluate::{self, LabelledQuery};
use matching::meaning::Meaning;
use matching::model::Model;
use serde_json::{Value, json};

use super::figures_page::{Fault, FiguresPage, WrongAnswer};
use super::labelled::{self, Answering, CorpusLine, Numbers, QueryLine};
use crate::answers::api::answer_word;
use crate::answers::reason::Disagreement;
use crate::learning::figures::Figures;
use crate::meaning::Reader;

/// What `eval lookup` reads and writes.
#[derive(Debug)]
pub struct LookUp {
    /// Fact-checks, JSON Lines.
    pub corpus: PathBuf,
    /// Texts, JSON Lines.
    pub queries: PathBuf,
    /// Which check answers which text, tab-separated.
    pub qrels: PathBuf,
    /// Whether claims are searched alone.
    pub claims_only: bool,
    /// Whether texts that an explanation quotes are left out.
    pub unquoted: bool,
    /// Where the page with diagrams goes.
    pub page: Option<PathBuf>,
    /// Whether the page shows texts.
    pub with_texts: bool,
    /// Where the figures alone go.
    pub figures: Option<PathBuf>,
}

/// Runs the queries over an index of the corpus and prints the figures.
pub fn lookup(asked: &LookUp, reader: Option<&Reader>) -> anyhow::Result<()> {
    let figures = measure(asked, reader)?;
    println!("{}", serde_json::to_string_pretty(&figures)?);
    Ok(())
}

/// The figures of a run, as they are printed; also writes the files that were asked for.
pub fn measure(asked: &LookUp, reader: Option<&Reader>) -> anyhow::Result<Value> {
    let mut documents: Vec<CorpusLine> = labelled::read_lines(&asked.corpus)?;
    if asked.claims_only {
        for document in &mut documents {
            document.explanation = None;
        }
    }
    let mut texts: Vec<QueryLine> = labelled::read_lines(&asked.queries)?;
    texts.retain(|text| !(asked.unquoted && text.quoted_in_body));
    let answering = labelled::read_qrels(&asked.qrels)?;
    let started = Instant::now();
    let mut index = build(&documents);
    let build_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    if let Some(reader) = reader {
        give_meanings(&mut index, &documents, reader);
    }
    let meaning_seconds = started.elapsed().as_secs_f64();
    let labelled = label(&texts, &answering, &labelled::numbers(&documents));
    let mut scratch = Scratch::default();
    let mut latencies_us = Vec::with_capacity(labelled.len());
    let mut answered = Vec::with_capacity(labelled.len());
    for query in &labelled {
        let started = Instant::now();
        let meaning = reader.map(|reader| Meaning::new(&reader.sentence(query.text)));
        let model = Model::built_in();
        answered.push(answer_by_meaning(
            model,
            &index,
            query.text,
            meaning,
            &mut scratch,
        ));
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
        "by_meaning": reader.is_some(), "meaning_seconds": meaning_seconds,
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
        let claims_only = if self.claims_only {
            " --claims-only"
        } else {
            ""
        };
        let unquoted = if self.unquoted { " --unquoted" } else { "" };
        format!(
            "kentongan eval lookup --corpus {} --queries {} --qrels {}{claims_only}{unquoted}",
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

fn build(documents: &[CorpusLine]) -> ClaimIndex {
    let mut index = ClaimIndex::new();
    for (number, document) in (0..).zip(documents) {
        index.add(number, &document.claim_text());
    }
    index
}

/// How many checks lie between two words of progress.
const TOLD_EVERY: usize = 2_000;

#[expect(clippy::print_stderr, reason = "a command tells how far it is")]
fn give_meanings(index: &mut ClaimIndex, documents: &[CorpusLine], reader: &Reader) {
    let claims: Vec<&str> = documents.iter().map(|line| line.claim.as_str()).collect();
    let sentences = reader.sentences(&claims, |done| {
        if done % TOLD_EVERY == 0 {
            eprintln!("read the meaning of {done} of {} checks", claims.len());
        }
    });
    for (number, sentence) in (0..).zip(&sentences) {
        index.set_meanings(number, Meaning::new(sentence), None);
    }
}

fn label<'a>(
    texts: &'a [QueryLine],
    answering: &Answering,
    numbers: &Numbers<'_>,
) -> Vec<LabelledQuery<'a>> {
    texts
        .iter()
        .map(|query| LabelledQuery {
            text: &query.text,
            relevant: labelled::relevant(query, answering, numbers),
            bucket: query.bucket.as_deref(),
        })
        .collect()
}

fn percentiles(latencies_us: &mut [f64]) -> Value {
    latencies_us.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = latencies_us.len().saturating_sub(1) * percent / 100;
        latencies_us.get(place).copied().unwrap_or_default()
    };
    json!({"p50": at(50), "p95": at(95), "p99": at(99)})
}
