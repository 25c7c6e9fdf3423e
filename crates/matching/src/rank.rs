//! What speaks for a candidate, in named numbers: the features of the ranking and of the
//! probability. [`crate::model`] weighs them.

use std::hint::black_box;

use crate::claims::{
    Candidate, ClaimIndex, Entry, Known, Query, Scratch, WEIGHT_UNITS, opening_score,
};
use crate::limits::{CANDIDATES, CANDIDATES_BY_MEANING, OPENING_TERMS, RESULTS};
pub use crate::model::{Model, ModelError, Weights};

/// Names of the ranking features, in the order of [`Scored::features`].
pub const FEATURES: [&str; 19] = [
    "words",
    "words_of_best",
    "claim_words",
    "text_words",
    "words_cosine",
    "chars",
    "chars_of_best",
    "claim_chars",
    "text_chars",
    "pairs",
    "rarest",
    "numbers_shared",
    "numbers_missing",
    "claim_length",
    "opening",
    "meaning",
    "meaning_of_best",
    "learned",
    "learned_of_best",
];

/// Those of [`FEATURES`] that need the meaning of the text and of the check.
pub const OF_MEANING: [&str; 4] = ["meaning", "meaning_of_best", "learned", "learned_of_best"];

/// Names of the features of the probability, in the order of [`calibration_features`].
pub const CALIBRATION: [&str; 16] = [
    "constant",
    "rank_score",
    "margin",
    "claim_words",
    "text_words",
    "claim_chars",
    "text_chars",
    "shared_weight",
    "claim_length",
    "text_length",
    "rarest",
    "opening",
    "meaning",
    "learned",
    "learned_best",
    "doubt",
];

/// A candidate with what speaks for it.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The candidate.
    pub candidate: Candidate,
    /// One value for each of [`FEATURES`].
    pub features: [f32; FEATURES.len()],
    /// Distinct words of the query that the index knows or not.
    pub text_terms: f32,
    /// Sum of the weights of shared words.
    pub shared_weight: f32,
    /// The text and the check were compared by meaning.
    pub has_meaning: bool,
    /// Likeness in learned meaning of the candidate that is nearest in it.
    pub learned_best: f32,
}

/// Terms of the claim of an ordinary check.
const ORDINARY_CLAIM_TERMS: f32 = 10.0;

/// The features of an ordinary check that shares nothing with a text.
pub(crate) fn unrelated() -> [f32; FEATURES.len()] {
    let mut features = [0.0; FEATURES.len()];
    features[CLAIM_LENGTH] = ORDINARY_CLAIM_TERMS.ln();
    features
}

/// How evenly the first results share what speaks for them: the entropy, in nats, of the shares
/// they get where each is worth the exponential of its order value. 0 where one stands alone, and
/// ln 10 among equals. Where there are fewer than [`RESULTS`], as in a young collection, the rest
/// counts as checks that share nothing, of order value `unrelated`.
pub(crate) fn doubt(scores: impl Iterator<Item = f32>, unrelated: f32) -> f32 {
    let mut worth = [unrelated; RESULTS];
    for (place, score) in worth.iter_mut().zip(scores) {
        *place = score;
    }
    let most = worth.iter().copied().fold(f32::MIN, f32::max);
    worth = worth.map(|score| (score - most).exp());
    let all: f32 = worth.iter().sum();
    let shares = worth.iter().map(|worth| worth / all);
    shares
        .filter(|share| *share > 0.0)
        .map(|share| -share * share.ln())
        .sum()
}

/// What the probability of a candidate is computed from: its order value, how far that lies above
/// the best of the others (below it where it is not first), and the doubt about all of them.
pub fn calibration_features(
    scored: &Scored,
    score: f32,
    other: f32,
    doubt: f32,
) -> [f32; CALIBRATION.len()] {
    let of = |name: &str| {
        FEATURES
            .iter()
            .position(|f| *f == name)
            .map_or(0.0, |at| scored.features[at])
    };
    [
        1.0,
        score,
        (score - other).clamp(-4.0, 4.0),
        of("claim_words"),
        of("text_words"),
        of("claim_chars"),
        of("text_chars"),
        scored.shared_weight / 10.0,
        of("claim_length"),
        scored.text_terms.max(1.0).ln(),
        of("rarest"),
        of("opening"),
        of("meaning"),
        of("learned"),
        scored.learned_best,
        doubt,
    ]
}

/// The candidates of a query with their features, one entry for each check, best word
/// score first. `left_out` names checks that count as absent.
pub fn scored(
    index: &ClaimIndex,
    query: &Query,
    left_out: &[u32],
    scratch: &mut Scratch,
) -> Vec<Scored> {
    scored_known(index, query, &index.known(query), left_out, scratch)
}

/// [`scored`] of a query whose words are looked up.
pub(crate) fn scored_known(
    index: &ClaimIndex,
    query: &Query,
    known: &Known,
    left_out: &[u32],
    scratch: &mut Scratch,
) -> Vec<Scored> {
    let candidates = candidates(index, query, known, left_out, scratch);
    black_box(candidates.iter().fold(0, |looked, candidate| {
        looked ^ index.entries[candidate.entry as usize].look_at()
    }));
    let view = View::new(index, query, known, scratch);
    let mut out: Vec<Scored> = candidates
        .into_iter()
        .map(|candidate| view.scored(candidate, scratch))
        .collect();
    relate_to_best(&mut out);
    out
}

/// The best by words, then those that only meaning finds.
fn candidates(
    index: &ClaimIndex,
    query: &Query,
    known: &Known,
    left_out: &[u32],
    scratch: &mut Scratch,
) -> Vec<Candidate> {
    let beyond = left_out.len() * 2;
    let keep = |found: Vec<Candidate>, most: usize| {
        let kept = found.into_iter().filter(|c| !left_out.contains(&c.doc));
        kept.take(most).collect::<Vec<_>>()
    };
    let by_words = index.search_entries(known, CANDIDATES + beyond, scratch);
    let mut out = keep(by_words, CANDIDATES);
    if let Some(meaning) = &query.meaning {
        let near = index.nearest(meaning, CANDIDATES_BY_MEANING + beyond, scratch);
        for candidate in keep(near, CANDIDATES_BY_MEANING) {
            if out.iter().all(|known| known.entry != candidate.entry) {
                out.push(candidate);
            }
        }
    }
    out
}

/// Places of features that are seen beside the best candidate or set by hand.
const WORDS: usize = 0;
const WORDS_OF_BEST: usize = 1;
const CHARS: usize = 5;
const CHARS_OF_BEST: usize = 6;
const CLAIM_LENGTH: usize = 13;
const MEANING: usize = 15;
const MEANING_OF_BEST: usize = 16;
const LEARNED: usize = 17;
const LEARNED_OF_BEST: usize = 18;

fn relate_to_best(scored: &mut [Scored]) {
    let best = |from: usize| scored.iter().map(|s| s.features[from]).fold(0.0, f32::max);
    let (words, chars) = (best(WORDS), best(CHARS));
    let nearest = |from: usize| {
        let compared = scored.iter().filter(|s| s.has_meaning);
        compared.map(|s| s.features[from]).fold(-1.0, f32::max)
    };
    let (meaning, learned) = (nearest(MEANING), nearest(LEARNED));
    let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
    for one in scored {
        one.features[WORDS_OF_BEST] = share(one.features[WORDS], words);
        one.features[CHARS_OF_BEST] = share(one.features[CHARS], chars);
        if one.has_meaning {
            one.features[MEANING_OF_BEST] = one.features[MEANING] - meaning;
            one.features[LEARNED_OF_BEST] = one.features[LEARNED] - learned;
            one.learned_best = learned;
        }
    }
}

fn in_weight(units: u64) -> f32 {
    units as f32 / WEIGHT_UNITS
}

/// A query as the index sees it. Its terms and 4-grams are marked in the scratch memory.
struct View<'a> {
    index: &'a ClaimIndex,
    query: &'a Query,
    /// Known terms.
    terms: Vec<KnownTerm>,
    /// Places of known terms in the query, by number.
    places: Vec<(u32, u32)>,
    terms_weight: u64,
    text_terms: f32,
    grams_weight: u64,
}

/// A known term of the query.
struct KnownTerm {
    weight: u64,
    /// It stands in the beginning.
    opens: bool,
}

/// Weight of character evidence per 4-gram is divided by this to lie near word scores.
const GRAMS_PER_WORD: f32 = 6.0;

impl<'a> View<'a> {
    fn new(index: &'a ClaimIndex, query: &'a Query, known: &Known, scratch: &mut Scratch) -> Self {
        index.fit(&mut scratch.units);
        let terms = marked_terms(index, known, scratch);
        let mut places = Vec::with_capacity(known.sequence.len());
        let mut unknown = 0_u64;
        for (place, term) in known.sequence.iter().enumerate() {
            match term {
                Some(term) => places.push((*term, place as u32)),
                None => unknown += 1,
            }
        }
        places.sort_unstable();
        let weight: u64 = terms.iter().map(|term| term.weight).sum();
        let terms_weight = weight + unknown * scratch.units.of(0);
        let text_terms = terms.len() as f32 + unknown as f32;
        scratch.grams.clear(index.gram_count());
        let mut grams_weight = 0;
        for hash in &query.grams {
            let having = index.gram(*hash).map_or(0, |gram| {
                scratch.grams.add(gram);
                index.having_gram(gram)
            });
            grams_weight += scratch.units.of(having);
        }
        Self {
            index,
            query,
            terms,
            places,
            terms_weight,
            text_terms,
            grams_weight,
        }
    }

    fn scored(&self, candidate: Candidate, scratch: &mut Scratch) -> Scored {
        let entry = &self.index.entries[candidate.entry as usize];
        let words = self.words(entry, scratch);
        let (shared, whole) = self.grams(entry, scratch);
        let share = |part: u64, all: u64| {
            if all > 0 {
                (part as f32 / all as f32).min(1.0)
            } else {
                0.0
            }
        };
        let claim_words = share(words.shared, words.whole);
        let text_words = share(words.shared, self.terms_weight);
        let length = entry.terms().len() as f32;
        let grams = entry.grams().len() as f32;
        let chars =
            in_weight(shared) * 2.2 / (1.0 + 1.2 * (0.5 + 0.5 * grams / 50.0)) / GRAMS_PER_WORD;
        let (numbers_shared, numbers_missing) = entry.numbers_against(&self.query.facts);
        let (has_meaning, meaning, learned) = self.likeness(entry, candidate.entry);
        let features = [
            candidate.score / 10.0,
            0.0,
            claim_words,
            text_words,
            (claim_words * text_words).sqrt(),
            chars / 10.0,
            0.0,
            share(shared, whole),
            share(shared, self.grams_weight),
            self.pairs(entry),
            in_weight(words.rarest) / 10.0,
            numbers_shared,
            numbers_missing,
            length.max(1.0).ln(),
            opening_score(entry.terms().len(), in_weight(words.opening)) / 10.0,
            meaning,
            0.0,
            learned,
            0.0,
        ];
        Scored {
            candidate,
            features,
            text_terms: self.text_terms,
            shared_weight: in_weight(words.shared),
            has_meaning,
            learned_best: 0.0,
        }
    }

    /// Whether text and entry can be compared by meaning, and how near they are in both forms.
    fn likeness(&self, entry: &Entry, number: u32) -> (bool, f32, f32) {
        let known = (
            &self.query.meaning,
            &entry.meaning,
            self.index.learned(number),
        );
        match known {
            (Some(ours), Some(plain), Some(learned)) => (
                true,
                ours.plain.likeness(plain),
                ours.learned.likeness(learned),
            ),
            _ => (false, 0.0, 0.0),
        }
    }

    fn words(&self, entry: &Entry, scratch: &mut Scratch) -> Words {
        let mut out = Words {
            shared: 0,
            whole: 0,
            rarest: 0,
            opening: 0,
        };
        for term in entry.distinct() {
            let mark = scratch.terms.get(*term);
            if mark == 0 {
                out.whole += scratch.units.of(self.index.having_term(*term));
                continue;
            }
            let known = &self.terms[mark as usize - 1];
            out.whole += known.weight;
            out.shared += known.weight;
            out.rarest = out.rarest.max(known.weight);
            if known.opens {
                out.opening += known.weight;
            }
        }
        out
    }

    /// Weight of the 4-grams of an entry that the query has, and of all of them.
    fn grams(&self, entry: &Entry, scratch: &mut Scratch) -> (u64, u64) {
        let (mut shared, mut whole) = (0, 0);
        for gram in entry.grams() {
            let weight = scratch.units.of(self.index.having_gram(*gram));
            whole += weight;
            if scratch.grams.has(*gram) {
                shared += weight;
            }
        }
        (shared, whole)
    }

    /// Share of neighbouring words of an entry that stand near one another, in the same
    /// order, in the query.
    fn pairs(&self, entry: &Entry) -> f32 {
        if entry.terms().len() < 2 {
            return 0.0;
        }
        let places = |term: u32| {
            let from = self.places.partition_point(|(t, _)| *t < term);
            self.places[from..]
                .iter()
                .take_while(move |(t, _)| *t == term)
                .map(|(_, place)| *place)
        };
        let near = entry.terms().windows(2).filter(|pair| {
            places(pair[0])
                .any(|first| places(pair[1]).any(|second| second > first && second <= first + 2))
        });
        near.count() as f32 / (entry.terms().len() - 1) as f32
    }
}

/// The known terms of a query, each marked with its place in the list and one.
fn marked_terms(index: &ClaimIndex, known: &Known, scratch: &mut Scratch) -> Vec<KnownTerm> {
    scratch.terms.clear(index.term_count());
    let mut terms = Vec::with_capacity(known.terms.len());
    for (term, _) in &known.terms {
        let weight = scratch.units.of(index.having_term(*term));
        terms.push(KnownTerm {
            weight,
            opens: false,
        });
        scratch.terms.set(*term, terms.len() as u32);
    }
    for term in known.sequence.iter().take(OPENING_TERMS).flatten() {
        terms[scratch.terms.get(*term) as usize - 1].opens = true;
    }
    terms
}

struct Words {
    shared: u64,
    whole: u64,
    rarest: u64,
    /// Weight of the shared words that stand at the beginning of the text.
    opening: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_is_nothing_for_one_alone_and_most_among_equals() {
        let of = |scores: &[f32]| doubt(scores.iter().copied(), 0.0);
        assert!(of(&[40.0, 1.0]).abs() < 1e-6);
        assert!((of(&[3.0; RESULTS]) - (RESULTS as f32).ln()).abs() < 1e-5);
        // One that shares nothing is as doubtful as can be, alone as well.
        assert!((of(&[]) - of(&[0.0])).abs() < 1e-6);
        assert!(of(&[4.0]) < of(&[4.0, 3.0]));
        // Only the first results count.
        let many: Vec<f32> = (0..30_u8).map(|at| -f32::from(at)).collect();
        assert!((of(&many) - of(&many[..RESULTS])).abs() < 1e-6);
    }

    #[test]
    fn places_of_related_features_are_theirs() {
        for (at, name) in [
            (WORDS, "words"),
            (WORDS_OF_BEST, "words_of_best"),
            (CHARS, "chars"),
            (CHARS_OF_BEST, "chars_of_best"),
            (CLAIM_LENGTH, "claim_length"),
            (MEANING, "meaning"),
            (MEANING_OF_BEST, "meaning_of_best"),
            (LEARNED, "learned"),
            (LEARNED_OF_BEST, "learned_of_best"),
        ] {
            assert_eq!(FEATURES[at], name);
        }
    }
}
