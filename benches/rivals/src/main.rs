//! `rivals claims CLAIMS QUERIES`: claim search in our index and in tantivy's BM25.
//! `rivals copies POSTS OUT`: copy recognition in our index; OUT gets the normalised posts, so
//! that another library is given the same work.
//!
//! Both print one JSON object with processor time, which a busy machine does not change much.

use std::collections::HashSet;
use std::error::Error;
use std::hint::black_box;
use std::io::Write;

use matching::claims::{ClaimIndex, ClaimText, Query, Scratch};
use matching::copies::{CopyIndex, CopyLimits};
use matching::fingerprint::fingerprint;
use matching::normalise::{for_copies, terms};
use serde_json::{Value, json};
use tantivy::collector::TopDocs;
use tantivy::query::BooleanQuery;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, Searcher, TantivyDocument, Term};

type Failure = Box<dyn Error>;

/// Results asked for.
const BEST: usize = 10;
/// Terms of one query at most, for both.
const QUERY_TERMS: usize = 30;
/// Memory of tantivy's writer, in bytes: all claims end in one segment.
const WRITER_BYTES: usize = 300 << 20;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = match arguments[..] {
        ["claims", claims, queries] => compare_claims(claims, queries)?,
        ["copies", posts, out] => measure_copies(posts, out)?,
        _ => return Err("usage: rivals claims CLAIMS QUERIES | rivals copies POSTS OUT".into()),
    };
    println!("{report}");
    Ok(())
}

/// Processor time of this thread, in seconds.
fn spent() -> Result<f64, Failure> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos: u64 = line.split(' ').next().ok_or("no processor time")?.parse()?;
    Ok(nanos as f64 / 1e9)
}

/// The values of one field of a JSON Lines file.
fn read(path: &str, field: &str) -> Result<Vec<String>, Failure> {
    let lines = std::fs::read_to_string(path)?;
    let values = lines.lines().map(|line| {
        let value: Value = serde_json::from_str(line)?;
        Ok(value[field].as_str().ok_or("a line without the field")?.to_owned())
    });
    values.collect()
}

fn compare_claims(claims: &str, queries: &str) -> Result<Value, Failure> {
    let claims = read(claims, "claim")?;
    let queries = read(queries, "text")?;
    let (ours, our_best) = ours(&claims, &queries)?;
    let (theirs, their_best) = theirs(&claims, &queries)?;
    let same = our_best.iter().zip(&their_best).filter(|(a, b)| a.is_some() && a == b).count();
    Ok(json!({
        "claims": claims.len(),
        "queries": queries.len(),
        "ours_us": ours,
        "tantivy_us": theirs,
        "same_first": same as f64 / queries.len() as f64,
    }))
}

type Timed = (f64, Vec<Option<u32>>);

fn ours(claims: &[String], queries: &[String]) -> Result<Timed, Failure> {
    let mut index = ClaimIndex::new();
    for (doc, claim) in (0..).zip(claims) {
        let text =
            ClaimText { claim, narrative: None, explanation: None, says_true: false, date_days: None };
        index.add(doc, &text);
    }
    let prepared: Vec<Query> = queries.iter().map(|text| Query::new(&first_words(text))).collect();
    let mut scratch = Scratch::default();
    for query in &prepared {
        black_box(index.search(query, BEST, &mut scratch));
    }
    let started = spent()?;
    let best = prepared
        .iter()
        .map(|query| index.search(query, BEST, &mut scratch).first().map(|found| found.doc))
        .collect();
    Ok(((spent()? - started) * 1e6 / queries.len() as f64, best))
}

/// The text up to its last word that counts, so that both are asked for the same words.
fn first_words(text: &str) -> String {
    let end = terms(text).get(QUERY_TERMS - 1).map_or(text.len(), |term| term.end);
    text[..end].to_owned()
}

fn theirs(claims: &[String], queries: &[String]) -> Result<Timed, Failure> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
    let field = schema.add_text_field("claim", TextOptions::default().set_indexing_options(indexing));
    let number = schema.add_u64_field("number", tantivy::schema::FAST);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, WRITER_BYTES)?;
    for (doc, claim) in (0_u64..).zip(claims) {
        let mut document = TantivyDocument::default();
        document.add_pre_tokenized_text(field, cut_up(claim));
        document.add_u64(number, doc);
        writer.add_document(document)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    let searcher = index.reader()?.searcher();
    let prepared: Vec<BooleanQuery> =
        queries.iter().map(|text| words_of(field, &first_words(text))).collect();
    for query in &prepared {
        black_box(first(&searcher, query)?);
    }
    let started = spent()?;
    let best: Vec<Option<u32>> =
        prepared.iter().map(|query| first(&searcher, query)).collect::<Result<_, _>>()?;
    Ok(((spent()? - started) * 1e6 / queries.len() as f64, best))
}

fn first(searcher: &Searcher, query: &BooleanQuery) -> Result<Option<u32>, Failure> {
    let found = searcher.search(query, &TopDocs::with_limit(BEST).order_by_score())?;
    Ok(found.first().map(|(_, address)| address.doc_id))
}

/// A claim in the words that our own index sees.
fn cut_up(text: &str) -> PreTokenizedString {
    let tokens = terms(text).into_iter().enumerate().map(|(position, term)| Token {
        offset_from: term.start,
        offset_to: term.end,
        position,
        text: term.stem,
        position_length: 1,
    });
    PreTokenizedString { text: text.to_owned(), tokens: tokens.collect() }
}

fn words_of(field: Field, text: &str) -> BooleanQuery {
    let distinct: HashSet<String> = terms(text).into_iter().map(|term| term.stem).collect();
    let terms = distinct.iter().map(|word| Term::from_field_text(field, word)).collect();
    BooleanQuery::new_multiterms_query(terms)
}

fn measure_copies(posts: &str, out: &str) -> Result<Value, Failure> {
    let posts = read(posts, "text")?;
    let normalised: Vec<String> = posts.iter().map(|text| for_copies(text)).collect();
    let mut file = std::io::BufWriter::new(std::fs::File::create(out)?);
    for text in &normalised {
        writeln!(file, "{text}")?;
    }
    file.flush()?;
    let mut index = CopyIndex::new(CopyLimits::default());
    let started = spent()?;
    let mut copies = 0;
    for (group, text) in (0..).zip(&normalised) {
        let print = fingerprint(text);
        let found = match &print {
            Some(print) => index.find(text, print),
            None => index.find_exact(text),
        };
        match found {
            Some(_) => copies += 1,
            None => {
                index.insert(text, print.as_ref(), group);
            }
        }
    }
    let seconds = spent()? - started;
    let rate = posts.len() as f64 / seconds;
    Ok(json!({ "posts": posts.len(), "copies": copies, "posts_per_core_second": rate }))
}
