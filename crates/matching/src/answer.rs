//! Is this text checked already? Three answers, never the nearest neighbour.

pub use crate::contradiction::Contradiction;

use hashbrown::HashSet;

use crate::claims::{ClaimIndex, DocId, Query, Scratch};
use crate::contradiction::contradictions;
use crate::lexicon::Lexicon;
use crate::limits::{CLAIM_FIELD_BYTES_MAX, QUERY_TOKENS_MAX, RESULTS, SHARED_SPANS_MAX, cut};
use crate::meaning::Meaning;
use crate::model::{Model, Weights};
use crate::rank::{FEATURES, Scored, calibration_features, doubt, scored_known, unrelated};
use crate::tokens::{Token, tokens};

/// What is said of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The first result checks this claim.
    Match,
    /// The first result looks like it.
    Probable,
    /// No check is near enough to be shown as one.
    NotYetChecked,
}

/// A stretch of the query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

/// What one feature adds to the order value of a result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// Its name, one of [`FEATURES`].
    pub feature: &'static str,
    /// Value of the feature.
    pub value: f32,
    /// Its weight; value times weight is what it adds.
    pub weight: f32,
}

/// A check that was found, with the reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The check.
    pub doc: DocId,
    /// Probability that it checks this text's claim, 0 to 1, before contradictions.
    pub probability: f32,
    /// Order value; comparable within one answer only.
    pub score: f32,
    /// Places of shared words in the query text, in order, without overlap.
    pub shared: Vec<Span>,
    /// The shared words as they stand in the query text, each once.
    pub shared_words: Vec<String>,
    /// What the text and the claim disagree in.
    pub contradictions: Vec<Contradiction>,
    /// What adds to the order value; the amounts sum up to it.
    pub contributions: Vec<Contribution>,
}

/// The answer to a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// One of three.
    pub answer: Answer,
    /// Probability of the first result; 0 without one.
    pub probability: f32,
    /// At most [`RESULTS`] checks, best first.
    pub results: Vec<Found>,
}

/// Answers a text. Never fails: text beyond a limit is not read, and a text without
/// known words is not yet checked.
pub fn answer(index: &ClaimIndex, text: &str, scratch: &mut Scratch) -> Answered {
    answer_with(Model::built_in(), index, text, &[], scratch)
}

/// [`answer`] with the given weights, by meaning too where it is known.
pub fn answer_by_meaning(
    model: &Model,
    index: &ClaimIndex,
    text: &str,
    meaning: Option<Meaning>,
    scratch: &mut Scratch,
) -> Answered {
    let query = Query::with_lexicon(index.lexicon(), text).with_meaning(meaning);
    answer_query(model, index, text, &query, &[], scratch)
}

/// [`answer`] with other weights, as if the checks in `left_out` were not in the index.
pub fn answer_with(
    model: &Model,
    index: &ClaimIndex,
    text: &str,
    left_out: &[DocId],
    scratch: &mut Scratch,
) -> Answered {
    let query = Query::with_lexicon(index.lexicon(), text);
    answer_query(model, index, text, &query, left_out, scratch)
}

fn answer_query(
    model: &Model,
    index: &ClaimIndex,
    text: &str,
    query: &Query,
    left_out: &[DocId],
    scratch: &mut Scratch,
) -> Answered {
    let known = index.known(query);
    let scored = scored_known(index, query, &known, left_out, scratch);
    let weights = model.weights_for(&scored);
    let ranked = ranked(weights, scored);
    let asked = Asked {
        text,
        query,
        known: &known.sequence,
    };
    let scores = ranked.iter().map(|(_, score)| *score);
    let doubt = doubt(scores, weights.score_of(&unrelated()));
    let results: Vec<Found> = (0..ranked.len())
        .map(|rank| found(weights, index, &asked, (&ranked, doubt), rank))
        .collect();
    let probability = results.first().map_or(0.0, |first| first.probability);
    let contradicted = results
        .first()
        .is_some_and(|first| !first.contradictions.is_empty());
    let answer = if results.is_empty() || probability < model.probable_probability_min {
        Answer::NotYetChecked
    } else if probability < model.match_probability_min || contradicted {
        Answer::Probable
    } else {
        Answer::Match
    };
    Answered {
        answer,
        probability,
        results,
    }
}

/// Best first, one entry of each check, at most one more than is shown.
pub(crate) fn ranked(weights: &Weights, scored: Vec<Scored>) -> Vec<(Scored, f32)> {
    let mut ranked: Vec<(Scored, f32)> = scored
        .into_iter()
        .map(|one| {
            let score = weights.score(&one);
            (one, score)
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.1.total_cmp(&a.1)
            .then(a.0.candidate.doc.cmp(&b.0.candidate.doc))
    });
    let mut seen: Vec<DocId> = Vec::new();
    ranked.retain(|(one, _)| {
        let fresh = !seen.contains(&one.candidate.doc);
        seen.push(one.candidate.doc);
        fresh
    });
    ranked.truncate(RESULTS);
    ranked
}

/// The order value of the best other result.
pub(crate) fn best_other(ranked: &[(Scored, f32)], rank: usize) -> f32 {
    ranked
        .get(usize::from(rank == 0))
        .map_or(0.0, |(_, score)| *score)
}

/// The text that is answered, as read.
struct Asked<'a> {
    text: &'a str,
    query: &'a Query,
    /// Known term of each token that is not a stop word.
    known: &'a [Option<u32>],
}

fn found(
    weights: &Weights,
    index: &ClaimIndex,
    asked: &Asked<'_>,
    (ranked, doubt): (&[(Scored, f32)], f32),
    rank: usize,
) -> Found {
    let (scored, score) = &ranked[rank];
    let entry = &index.entries[scored.candidate.entry as usize];
    let (shared, shared_words) = shared(asked, entry.terms());
    let features = calibration_features(scored, *score, best_other(ranked, rank), doubt);
    Found {
        doc: scored.candidate.doc,
        probability: weights.probability(&features),
        score: *score,
        shared,
        shared_words,
        contradictions: contradictions(&asked.query.facts, &entry.facts, entry.says_true),
        contributions: contributions(weights, scored),
    }
}

/// Every feature that adds or takes away something.
fn contributions(weights: &Weights, scored: &Scored) -> Vec<Contribution> {
    let values = scored.features.iter().zip(&weights.ranking);
    FEATURES
        .iter()
        .zip(values)
        .filter(|(_, (value, weight))| **value * **weight != 0.0)
        .map(|(feature, (value, weight))| Contribution {
            feature,
            value: *value,
            weight: *weight,
        })
        .collect()
}

/// Where the words of a claim stand that a text says too, in any form of them: byte spans of the
/// claim, in order, without overlap, at most [`SHARED_SPANS_MAX`].
pub fn shared_in_claim(lexicon: &Lexicon, text: &Query, claim: &str) -> Vec<Span> {
    let said: HashSet<&str> = telling(&text.tokens).map(|t| t.stem.as_str()).collect();
    let read = tokens(lexicon, cut(claim, CLAIM_FIELD_BYTES_MAX), QUERY_TOKENS_MAX);
    apart(telling(&read).filter(|token| said.contains(token.stem.as_str())))
}

/// Tokens that are not stop words.
fn telling(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    tokens.iter().filter(|token| !token.is_stop)
}

/// Where tokens stand that begin behind the one before, the first [`SHARED_SPANS_MAX`].
fn apart<'t>(tokens: impl Iterator<Item = &'t Token>) -> Vec<Span> {
    let mut end = 0;
    let clear = tokens.filter_map(|token| {
        let is_clear = token.start >= end;
        if is_clear {
            end = token.end;
        }
        is_clear.then_some(Span {
            start: token.start,
            end: token.end,
        })
    });
    clear.take(SHARED_SPANS_MAX).collect()
}

/// Where a text shares words with a claim of these terms, and the words, each once.
fn shared(asked: &Asked<'_>, terms: &[u32]) -> (Vec<Span>, Vec<String>) {
    let words = telling(&asked.query.tokens).zip(asked.known);
    let in_claim = words.filter(|(_, term)| term.is_some_and(|term| terms.contains(&term)));
    let spans = apart(in_claim.map(|(token, _)| token));
    let mut words: Vec<String> = Vec::new();
    for span in &spans {
        let word = &asked.text[span.start..span.end];
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    (spans, words)
}
