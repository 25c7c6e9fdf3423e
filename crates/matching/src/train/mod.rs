//! How the shipped weights are made: `head.tsv` and `weights.tsv`, from labelled texts.
//!
//! Everything is judged by five-fold cross-validation, folds cut by check. Features of
//! meaning are always those of a head that has not seen the text's fold. Honest negatives
//! are the same texts with their own checks taken out of the index. Plain descent in a
//! fixed order: the same files give the same weights.

mod example;
mod head;
mod probability;
mod ranking;

use crate::claims::{ClaimIndex, ClaimText, DocId, Query};
use crate::meaning::{Head, Meaning, Sentence};
use crate::model::{Model, Weights};
use example::{Example, Examples};
use probability::{Answering, Thresholds};

/// Parts that texts are cut into for cross-validation.
pub const FOLDS: usize = 5;

/// A text with the checks that answer it.
#[derive(Debug, Clone)]
pub struct LabelledText<'a> {
    /// As it circulated.
    pub text: &'a str,
    /// Numbers of its checks: places in the corpus. Never empty.
    pub relevant: Vec<DocId>,
    /// The text says something by itself; others are only learnt from for abstaining.
    pub is_told: bool,
}

/// Sentence vectors of the corpus and of the texts, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Sentences<'a> {
    /// One for each check.
    pub checks: &'a [Sentence],
    /// One for each text.
    pub texts: &'a [Sentence],
}

/// Cross-validated figures of one kind of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// By words alone, or by meaning too.
    pub by_meaning: bool,
    /// Share of told texts with a right check first, among five, among ten.
    pub success: [f64; 3],
    /// Share of told texts whose right check is a candidate at all.
    pub reachable: f64,
    /// Area under the curve: told texts with their checks in the index against without.
    pub auc: f64,
    /// Share of right ones among answers at the threshold of a match, and the share of
    /// texts that get such a right answer.
    pub match_precision_recall: (f64, f64),
    /// Success without one feature at a time, in the order of the ranking's features.
    pub without: Vec<(&'static str, [f64; 3])>,
}

/// What training makes.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The map of meaning; the shipped one where no vectors were given.
    pub head: Head,
    /// Weights and thresholds.
    pub model: Model,
    /// How they did on texts that they had not seen.
    pub judged: Vec<Judged>,
}

/// Trains on labelled texts. `told` is called with each step in plain words.
pub fn train(
    corpus: &[ClaimText<'_>],
    texts: &[LabelledText<'_>],
    sentences: Option<Sentences<'_>>,
    mut told: impl FnMut(&str),
) -> Trained {
    told("reading the corpus");
    let mut index = ClaimIndex::new();
    for (number, claim) in corpus.iter().enumerate() {
        index.add(number as u32, claim);
    }
    told("looking every text up by words");
    let alike = example::alike(&index, corpus, texts);
    let plain = Examples::new(texts, &alike, |_, _| None, |_| &index);
    let words = fit(&plain, false);
    let (head, meaning) = match sentences {
        None => (Head::built_in().clone(), None),
        Some(sentences) => {
            told("training one head for each fold, and one on all");
            let mut heads = head::train_folds(&plain, sentences);
            let last = heads.pop().unwrap_or_else(|| Head::built_in().clone());
            told("looking every text up by meaning too");
            let examples = by_meaning(index, texts, &alike, sentences, &heads);
            (last, Some(fit(&examples, true)))
        }
    };
    let (words, words_judged, words_thresholds) = words;
    let mut judged = vec![words_judged];
    let mut thresholds = words_thresholds;
    let mut weights = Model::built_in().meaning;
    if let Some((by_meaning, figures, theirs)) = meaning {
        weights = by_meaning;
        judged.push(figures);
        thresholds = thresholds.stricter(theirs);
    }
    let model = Model {
        words,
        meaning: weights,
        match_probability_min: thresholds.match_min as f32,
        probable_probability_min: thresholds.probable_min as f32,
    };
    Trained {
        head,
        model,
        judged,
    }
}

/// Every text looked up with the meanings of the head that has not seen its fold.
fn by_meaning(
    mut index: ClaimIndex,
    texts: &[LabelledText<'_>],
    alike: &[Vec<DocId>],
    sentences: Sentences<'_>,
    heads: &[Head],
) -> Examples {
    let mut all = Examples::default();
    for (fold, head) in heads.iter().enumerate() {
        for (number, sentence) in sentences.checks.iter().enumerate() {
            index.set_meanings(number as u32, head.meaning(sentence), None);
        }
        let meaning = |at: usize, query: Query| {
            let meaning: Meaning = head.meaning(&sentences.texts[at]);
            Some(query.with_meaning(Some(meaning)))
        };
        all.take_fold(fold, texts, alike, meaning, &index);
    }
    all
}

/// Weights fitted on all examples, figures and thresholds from those of the other folds.
fn fit(examples: &Examples, by_meaning: bool) -> (Weights, Judged, Thresholds) {
    let folded = ranking::folded(&examples.all, by_meaning, None);
    let success = ranking::success(&examples.all, &folded);
    let without = ranking::ablation(&examples.all, by_meaning);
    let Answering {
        calibration,
        thresholds,
        auc,
    } = probability::fit(&examples.all, &folded, by_meaning);
    let judged = Judged {
        by_meaning,
        success,
        reachable: ranking::reachable(&examples.all),
        auc,
        match_precision_recall: (thresholds.precision, thresholds.recall),
        without,
    };
    let weights = Weights {
        ranking: ranking::fit(examples.all.iter(), by_meaning, None),
        calibration,
    };
    (weights, judged, thresholds)
}

fn fold_of(relevant: &[DocId]) -> usize {
    relevant
        .iter()
        .min()
        .map_or(0, |first| *first as usize % FOLDS)
}

fn is_right(example: &Example, doc: DocId) -> bool {
    example.relevant.contains(&doc)
}
