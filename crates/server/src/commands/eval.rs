//! `eval lookup` and `eval copies`: quality and latency as one JSON object on standard output.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use matching::answer::answer;
use matching::claims::{ClaimIndex, ClaimText, Scratch};
use matching::evaluate::{self, LabelledQuery, Ranking};
use serde::Deserialize;
use serde_json::{Value, json};

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

/// Runs the queries over an index of the corpus and prints the figures.
pub fn lookup(corpus: &Path, queries: &Path, qrels: &Path) -> anyhow::Result<()> {
    let documents: Vec<CorpusLine> = read_lines(corpus)?;
    let texts: Vec<QueryLine> = read_lines(queries)?;
    let relevant = read_qrels(qrels)?;
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
    let figures = evaluate::evaluate(&labelled, &answered);
    let buckets: BTreeMap<String, Value> = figures
        .by_bucket
        .iter()
        .map(|(name, ranking)| (name.clone(), ranking_json(ranking)))
        .collect();
    let mut report = ranking_json(&figures.ranking);
    let answers = &figures.answers;
    report["answers"] = json!({
        "match": {"precision": answers.match_precision, "recall": answers.match_recall},
        "true_negative_rate": answers.true_negative_rate,
        "no_false_match_rate": answers.no_false_match_rate,
        "auc": answers.auc,
    });
    report["latency_us"] = percentiles(&mut latencies_us);
    report["index"] = json!({
        "documents": index.len(), "bytes": index.bytes(), "build_seconds": build_seconds,
    });
    report["buckets"] = json!(buckets);
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
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
        if let (Some(query), Some(document)) = (fields.next(), fields.next()) {
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

fn ranking_json(ranking: &Ranking) -> Value {
    json!({
        "queries": ranking.queries,
        "s@1": ranking.success_at_1,
        "s@5": ranking.success_at_5,
        "s@10": ranking.success_at_10,
        "mrr@10": ranking.mrr_at_10,
    })
}

fn percentiles(latencies_us: &mut [f64]) -> Value {
    latencies_us.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let place = latencies_us.len().saturating_sub(1) * percent / 100;
        latencies_us.get(place).copied().unwrap_or_default()
    };
    json!({"p50": at(50), "p95": at(95), "p99": at(99)})
}
