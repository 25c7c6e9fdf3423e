//! `train ranker`: makes the weights and the head anew from labelled files.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use matching::claims::ClaimText;
use matching::train::{Judged, LabelledText, Sentences, train};

use super::labelled::{self, CorpusLine, QueryLine};
use crate::meaning::Reader;

/// What `train ranker` reads and writes.
#[derive(Debug)]
pub struct Ranker {
    /// Fact-checks, JSON Lines.
    pub corpus: PathBuf,
    /// Texts to learn from, JSON Lines.
    pub queries: PathBuf,
    /// Which check answers which text, tab-separated.
    pub qrels: PathBuf,
    /// Folder that `weights.tsv` and `head.tsv` are written to.
    pub folder: PathBuf,
}

/// Name of the part whose texts say nothing by themselves.
const UNTOLD: &str = "no_overlap";
/// How many texts lie between two words of progress.
const TOLD_EVERY: usize = 2_000;

/// Trains, prints the cross-validated figures, and writes the weights.
pub fn ranker(asked: &Ranker, reader: Option<&Reader>) -> anyhow::Result<()> {
    let documents: Vec<CorpusLine> = labelled::read_lines(&asked.corpus)?;
    let answering = labelled::read_qrels(&asked.qrels)?;
    let numbers = labelled::numbers(&documents);
    let mut texts: Vec<QueryLine> = labelled::read_lines(&asked.queries)?;
    texts.retain(|text| {
        !text.quoted_in_body && !labelled::relevant(text, &answering, &numbers).is_empty()
    });
    anyhow::ensure!(
        !texts.is_empty(),
        "no text of {} has a check in {}",
        asked.queries.display(),
        asked.corpus.display()
    );
    let corpus: Vec<ClaimText<'_>> = documents.iter().map(CorpusLine::claim_text).collect();
    let examples: Vec<LabelledText<'_>> = texts
        .iter()
        .map(|text| LabelledText {
            text: &text.text,
            relevant: labelled::relevant(text, &answering, &numbers),
            is_told: text.bucket.as_deref() != Some(UNTOLD),
        })
        .collect();
    let vectors = reader.map(|reader| {
        let claims: Vec<&str> = documents.iter().map(|line| line.claim.as_str()).collect();
        let asked: Vec<&str> = texts.iter().map(|line| line.text.as_str()).collect();
        (
            read(reader, "checks", &claims),
            read(reader, "texts", &asked),
        )
    });
    let sentences = vectors
        .as_ref()
        .map(|(checks, texts)| Sentences { checks, texts });
    let trained = train(&corpus, &examples, sentences, say);
    for judged in &trained.judged {
        print(judged);
    }
    let head = "# Made by `kentongan train ranker`; see docs/matching.md.\n";
    let file = |name: &str| asked.folder.join(name);
    write(
        &file("weights.tsv"),
        &format!("{head}{}", trained.model.to_text()),
    )?;
    if sentences.is_some() {
        write(
            &file("head.tsv"),
            &format!("{head}{}", trained.head.to_text()),
        )?;
    }
    Ok(())
}

fn read(reader: &Reader, what: &str, texts: &[&str]) -> Vec<matching::meaning::Sentence> {
    reader.sentences(texts, |done| {
        if done % TOLD_EVERY == 0 || done == texts.len() {
            say(&format!(
                "read the meaning of {done} of {} {what}",
                texts.len()
            ));
        }
    })
}

#[expect(clippy::print_stderr, reason = "a command tells how far it is")]
fn say(step: &str) {
    eprintln!("{step}");
}

#[expect(clippy::print_stdout, reason = "a command prints what it found")]
fn print(judged: &Judged) {
    let by = if judged.by_meaning {
        "words and meaning"
    } else {
        "words"
    };
    let told = |[one, five, ten]: [f64; 3]| format!("s@1 {one:.4}  s@5 {five:.4}  s@10 {ten:.4}");
    let (precision, recall) = judged.match_precision_recall;
    println!("by {by}, cross-validated: {}", told(judged.success));
    println!("  right check among the candidates {:.4}", judged.reachable);
    println!(
        "  area under the curve, own checks in the index against out of it {:.4}",
        judged.auc
    );
    println!("  match: precision {precision:.4}, recall {recall:.4}");
    for (name, success) in &judged.without {
        println!("  without {name:16} {}", told(*success));
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
