//! The evaluation files, read for the examples.

use std::collections::HashMap;
use std::path::Path;

use matching::claims::{ClaimIndex, ClaimText, DocId};

/// A line of `queries.jsonl` with its checks from `qrels.tsv`.
pub(crate) struct QueryLine {
    pub(crate) text: String,
    pub(crate) bucket: Option<String>,
    pub(crate) relevant: Vec<DocId>,
    pub(crate) is_nomatch: bool,
    pub(crate) source: String,
}

pub(crate) type Failure = Box<dyn std::error::Error>;

fn lines(path: &Path) -> Result<Vec<serde_json::Value>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    text.lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}

/// An index, the numbers of its checks by name, and their claims.
pub(crate) type Corpus = (ClaimIndex, HashMap<String, DocId>, Vec<String>);

/// The corpus as an index of claims alone, and the numbers of its checks.
pub(crate) fn corpus(folder: &Path) -> Result<Corpus, Failure> {
    let mut index = ClaimIndex::new();
    let mut numbers = HashMap::new();
    let mut claims = Vec::new();
    for (number, line) in lines(&folder.join("corpus.jsonl"))?.iter().enumerate() {
        let number = u32::try_from(number)?;
        let text = ClaimText {
            claim: line["claim"].as_str().unwrap_or_default(),
            narrative: None,
            explanation: None,
            says_true: line["verdict"] == "true",
            date_days: None,
        };
        index.add(number, &text);
        claims.push(text.claim.to_owned());
        numbers.insert(
            line["doc_id"].as_str().unwrap_or_default().to_owned(),
            number,
        );
    }
    Ok((index, numbers, claims))
}

/// The queries of one part, `train` or `dev`.
pub(crate) fn queries(
    folder: &Path,
    part: &str,
    numbers: &HashMap<String, DocId>,
) -> Result<Vec<QueryLine>, Failure> {
    let mut relevant: HashMap<String, Vec<DocId>> = HashMap::new();
    for line in std::fs::read_to_string(folder.join(format!("qrels-{part}.tsv")))?
        .lines()
        .skip(1)
    {
        let mut fields = line.split('\t');
        if let (Some(query), Some(doc)) = (fields.next(), fields.next())
            && let Some(number) = numbers.get(doc)
        {
            relevant.entry(query.to_owned()).or_default().push(*number);
        }
    }
    let mut out = Vec::new();
    for line in lines(&folder.join(format!("queries-{part}.jsonl")))? {
        let id = line["qid"].as_str().unwrap_or_default();
        out.push(QueryLine {
            text: line["text"].as_str().unwrap_or_default().to_owned(),
            bucket: line["bucket"].as_str().map(str::to_owned),
            relevant: relevant.remove(id).unwrap_or_default(),
            is_nomatch: line["split"] == "nomatch",
            source: line["source"].as_str().unwrap_or_default().to_owned(),
        });
    }
    Ok(out)
}
