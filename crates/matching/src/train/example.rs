//! Labelled texts with their candidates and features.

use super::{FOLDS, LabelledText, fold_of};
use crate::claims::{ClaimIndex, ClaimText, DocId, Query, Scratch};
use crate::rank::{FEATURES, Scored, scored};

/// Checks whose claim shares this much with a right one are neither right nor wrong.
const ALIKE_MIN: f32 = 0.5;

/// A text with its candidates, with and without its own checks in the index.
pub(super) struct Example {
    /// Place of the text in the list that was given.
    pub(super) at: usize,
    pub(super) fold: usize,
    pub(super) relevant: Vec<DocId>,
    /// The relevant checks and those whose claim is nearly theirs: archives hold the same
    /// hoax more than once and the labels know of one.
    pub(super) alike: Vec<DocId>,
    pub(super) with: Vec<Scored>,
    pub(super) without: Vec<Scored>,
    pub(super) is_told: bool,
}

/// All examples.
#[derive(Default)]
pub(super) struct Examples {
    pub(super) all: Vec<Example>,
}

impl Examples {
    /// Looks every text up in the index of its fold.
    pub(super) fn new<'i>(
        texts: &[LabelledText<'_>],
        alike: &[Vec<DocId>],
        prepared: impl Fn(usize, Query) -> Option<Query>,
        index_of: impl Fn(usize) -> &'i ClaimIndex,
    ) -> Self {
        let mut out = Self::default();
        for fold in 0..FOLDS {
            out.take_fold(fold, texts, alike, &prepared, index_of(fold));
        }
        out
    }

    /// Looks the texts of one fold up.
    pub(super) fn take_fold(
        &mut self,
        fold: usize,
        texts: &[LabelledText<'_>],
        alike: &[Vec<DocId>],
        prepared: impl Fn(usize, Query) -> Option<Query>,
        index: &ClaimIndex,
    ) {
        let mut scratch = Scratch::default();
        for (at, text) in texts.iter().enumerate() {
            if fold_of(&text.relevant) != fold {
                continue;
            }
            let plain = Query::with_lexicon(index.lexicon(), text.text);
            let query = prepared(at, plain.clone()).unwrap_or(plain);
            self.all.push(Example {
                at,
                fold,
                relevant: text.relevant.clone(),
                alike: alike[at].clone(),
                with: scored(index, &query, &[], &mut scratch),
                without: scored(index, &query, &alike[at], &mut scratch),
                is_told: text.is_told,
            });
        }
    }
}

/// For each text its checks and those whose claim is nearly theirs.
pub(super) fn alike(
    index: &ClaimIndex,
    corpus: &[ClaimText<'_>],
    texts: &[LabelledText<'_>],
) -> Vec<Vec<DocId>> {
    let place = |name| FEATURES.iter().position(|f| *f == name).unwrap_or_default();
    let (claim, text) = (place("claim_chars"), place("text_chars"));
    let mut scratch = Scratch::default();
    let near = |labelled: &LabelledText<'_>| {
        let mut out = labelled.relevant.clone();
        for doc in &labelled.relevant {
            let query = Query::with_lexicon(index.lexicon(), corpus[*doc as usize].claim);
            for one in scored(index, &query, &out, &mut scratch) {
                if one.features[claim].max(one.features[text]) >= ALIKE_MIN {
                    out.push(one.candidate.doc);
                }
            }
        }
        out
    };
    texts.iter().map(near).collect()
}
