//! Are two texts copies? The one rule, for the index and for pairs.

use super::GramSet;
use crate::fingerprint::fingerprint;
use crate::normalise::for_copies;

/// Least Jaccard resemblance of copies.
const JACCARD_MIN: f32 = 0.5;

/// A text that others are judged against.
pub(super) struct Subject {
    grams: GramSet,
}

impl Subject {
    pub(super) fn new(normalised: &str) -> Self {
        Self {
            grams: GramSet::new(normalised),
        }
    }
}

/// The resemblance of a copy; none where `other` is not one.
pub(super) fn judge(subject: &Subject, other: &str) -> Option<f32> {
    let jaccard = subject.grams.jaccard(&GramSet::new(other));
    (jaccard >= JACCARD_MIN).then_some(jaccard)
}

/// Are two original texts copies of one another? The rule of the index without its search.
pub fn is_copy(a: &str, b: &str) -> bool {
    let (a, b) = (for_copies(a), for_copies(b));
    if a == b {
        return !a.is_empty();
    }
    if fingerprint(&a).is_none() || fingerprint(&b).is_none() {
        return false;
    }
    judge(&Subject::new(&a), &b).is_some()
}
