//! From candidates to an order and a probability: a small linear model over named
//! features. Its weights stand in `weights.tsv`, made by `examples/fit.rs`.

use std::sync::OnceLock;

use crate::claims::{Candidate, ClaimIndex, Entry, Query, Scratch, WEIGHT_UNITS};
use crate::limits::CANDIDATES;

/// Names of the ranking features, in the order of [`Scored::features`].
pub const FEATURES: [&str; 14] = [
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
];

/// Names of the features of the probability, in the order of [`calibration_features`].
pub const CALIBRATION: [&str; 10] = [
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
}

/// Weights of the ranking and the probability, and the thresholds of the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// One weight for each of [`FEATURES`].
    pub ranking: [f32; FEATURES.len()],
    /// One weight for each of [`CALIBRATION`].
    pub calibration: [f32; CALIBRATION.len()],
    /// Least probability of a match.
    pub match_probability_min: f32,
    /// Least probability of a probable match.
    pub probable_probability_min: f32,
}

/// A weight file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// A line is not `part<TAB>name<TAB>number` with a known name.
    #[error("line {0} of the weights cannot be read")]
    Line(usize),
    /// A weight is missing.
    #[error("the weights are not complete")]
    Incomplete,
}

impl Model {
    /// The weights that ship with the program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Model> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let read = Self::parse(include_str!("../weights.tsv"));
            debug_assert!(read.is_ok(), "{read:?}");
            // The shipped file is read by a test; an unreadable one abstains always.
            read.unwrap_or(Self {
                ranking: [0.0; FEATURES.len()],
                calibration: [0.0; CALIBRATION.len()],
                match_probability_min: f32::INFINITY,
                probable_probability_min: f32::INFINITY,
            })
        })
    }

    /// Reads the text form; every weight must be there.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let mut model = Self {
            ranking: [f32::NAN; FEATURES.len()],
            calibration: [f32::NAN; CALIBRATION.len()],
            match_probability_min: f32::NAN,
            probable_probability_min: f32::NAN,
        };
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            model.read_line(line).ok_or(ModelError::Line(index + 1))?;
        }
        let numbers = model.ranking.iter().chain(&model.calibration);
        let thresholds = [model.match_probability_min, model.probable_probability_min];
        if numbers.chain(&thresholds).all(|value| value.is_finite()) {
            Ok(model)
        } else {
            Err(ModelError::Incomplete)
        }
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        let (part, name, value) = (fields.next()?, fields.next()?, fields.next()?);
        let value: f32 = value.parse().ok()?;
        let place = match (part, name) {
            ("ranking", name) => &mut self.ranking[FEATURES.iter().position(|f| *f == name)?],
            ("probability", name) => {
                &mut self.calibration[CALIBRATION.iter().position(|f| *f == name)?]
            }
            ("answer", "match") => &mut self.match_probability_min,
            ("answer", "probable") => &mut self.probable_probability_min,
            _ => return None,
        };
        *place = value;
        Some(())
    }

    /// The text form.
    pub fn to_text(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::from("# part\tname\tvalue\n");
        for (name, value) in FEATURES.iter().zip(&self.ranking) {
            let _ = writeln!(out, "ranking\t{name}\t{value:.4}");
        }
        for (name, value) in CALIBRATION.iter().zip(&self.calibration) {
            let _ = writeln!(out, "probability\t{name}\t{value:.4}");
        }
        let _ = writeln!(out, "answer\tmatch\t{:.4}", self.match_probability_min);
        let _ = writeln!(
            out,
            "answer\tprobable\t{:.4}",
            self.probable_probability_min
        );
        out
    }

    /// The order value of a candidate.
    pub fn score(&self, scored: &Scored) -> f32 {
        self.ranking
            .iter()
            .zip(&scored.features)
            .map(|(w, x)| w * x)
            .sum()
    }

    /// The probability that a candidate checks what the text claims, 0 to 1.
    pub fn probability(&self, features: &[f32; CALIBRATION.len()]) -> f32 {
        let sum: f32 = self
            .calibration
            .iter()
            .zip(features)
            .map(|(w, x)| w * x)
            .sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// What the probability of a candidate is computed from: its order value, and how far
/// that lies above the best of the others (below it where it is not first).
pub fn calibration_features(scored: &Scored, score: f32, other: f32) -> [f32; CALIBRATION.len()] {
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
    let mut candidates = index.search_entries(query, CANDIDATES + left_out.len() * 2, scratch);
    candidates.retain(|candidate| !left_out.contains(&candidate.doc));
    candidates.truncate(CANDIDATES);
    let view = View::new(index, query, scratch);
    let mut out: Vec<Scored> = candidates
        .into_iter()
        .map(|candidate| view.scored(candidate, scratch))
        .collect();
    relate_to_best(&mut out);
    out
}

fn relate_to_best(scored: &mut [Scored]) {
    for (from, to) in [(0, 1), (5, 6)] {
        let best = scored.iter().map(|s| s.features[from]).fold(0.0, f32::max);
        for one in &mut *scored {
            one.features[to] = if best > 0.0 {
                one.features[from] / best
            } else {
                0.0
            };
        }
    }
}

fn in_weight(units: u64) -> f32 {
    units as f32 / WEIGHT_UNITS
}

/// A query as the index sees it.
struct View<'a> {
    index: &'a ClaimIndex,
    query: &'a Query,
    /// Known terms with their weight, by number.
    terms: Vec<(u32, u64)>,
    /// Places of known terms in the query, by number.
    places: Vec<(u32, u32)>,
    terms_weight: u64,
    text_terms: f32,
    grams_weight: u64,
}

/// Weight of character evidence per 4-gram is divided by this to lie near word scores.
const GRAMS_PER_WORD: f32 = 6.0;

impl<'a> View<'a> {
    fn new(index: &'a ClaimIndex, query: &'a Query, scratch: &mut Scratch) -> Self {
        let terms: Vec<(u32, u64)> = index
            .query_terms(query)
            .into_iter()
            .map(|(term, _)| (term, index.weight_units(term)))
            .collect();
        let mut places = Vec::new();
        let mut unknown = 0_u64;
        for (place, term) in index.query_sequence(query).into_iter().enumerate() {
            match term {
                Some(term) => places.push((term, place as u32)),
                None => unknown += 1,
            }
        }
        places.sort_unstable();
        let known: u64 = terms.iter().map(|(_, weight)| weight).sum();
        let terms_weight = known + unknown * index.units_of_unknown();
        let text_terms = terms.len() as f32 + unknown as f32;
        scratch
            .gram_marks
            .resize(index.gram_count().max(scratch.gram_marks.len()), 0);
        scratch.gram_stamp = scratch.gram_stamp.wrapping_add(1);
        if scratch.gram_stamp == 0 {
            scratch.gram_marks.fill(0);
            scratch.gram_stamp = 1;
        }
        let mut grams_weight = 0;
        for hash in &query.grams {
            if let Some(gram) = index.gram(*hash) {
                scratch.gram_marks[gram as usize] = scratch.gram_stamp;
                grams_weight += index.gram_units(gram);
            } else {
                grams_weight += index.units_of_unknown();
            }
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

    fn scored(&self, candidate: Candidate, scratch: &Scratch) -> Scored {
        let entry = &self.index.entries[candidate.entry as usize];
        let words = self.words(entry);
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
        let length = entry.terms.len() as f32;
        let grams = entry.grams.len() as f32;
        let chars =
            in_weight(shared) * 2.2 / (1.0 + 1.2 * (0.5 + 0.5 * grams / 50.0)) / GRAMS_PER_WORD;
        let (numbers_shared, numbers_missing) = entry.facts.numbers_against(&self.query.facts);
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
        ];
        Scored {
            candidate,
            features,
            text_terms: self.text_terms,
            shared_weight: in_weight(words.shared),
        }
    }

    fn words(&self, entry: &Entry) -> Words {
        let mut out = Words {
            shared: 0,
            whole: 0,
            rarest: 0,
        };
        for (at, term) in entry.terms.iter().enumerate() {
            if entry.terms[..at].contains(term) {
                continue;
            }
            let known = self.terms.binary_search_by_key(term, |(t, _)| *t);
            let weight =
                known.map_or_else(|_| self.index.weight_units(*term), |at| self.terms[at].1);
            out.whole += weight;
            if known.is_ok() {
                out.shared += weight;
                out.rarest = out.rarest.max(weight);
            }
        }
        out
    }

    /// Weight of the 4-grams of an entry that the query has, and of all of them.
    fn grams(&self, entry: &Entry, scratch: &Scratch) -> (u64, u64) {
        let (mut shared, mut whole) = (0, 0);
        for gram in &entry.grams {
            let weight = self.index.gram_units(*gram);
            whole += weight;
            if scratch.gram_marks[*gram as usize] == scratch.gram_stamp {
                shared += weight;
            }
        }
        (shared, whole)
    }

    /// Share of neighbouring words of an entry that stand near one another, in the same
    /// order, in the query.
    fn pairs(&self, entry: &Entry) -> f32 {
        if entry.terms.len() < 2 {
            return 0.0;
        }
        let places = |term: u32| {
            let from = self.places.partition_point(|(t, _)| *t < term);
            self.places[from..]
                .iter()
                .take_while(move |(t, _)| *t == term)
                .map(|(_, place)| *place)
        };
        let near = entry.terms.windows(2).filter(|pair| {
            places(pair[0])
                .any(|first| places(pair[1]).any(|second| second > first && second <= first + 2))
        });
        near.count() as f32 / (entry.terms.len() - 1) as f32
    }
}

struct Words {
    shared: u64,
    whole: u64,
    rarest: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_written() {
        let model = Model::parse(include_str!("../weights.tsv")).unwrap();
        let again = Model::parse(&model.to_text()).unwrap();
        assert_eq!(model, again);
        assert!(model.match_probability_min > model.probable_probability_min);
    }

    #[test]
    fn incomplete_weights_are_refused() {
        assert_eq!(
            Model::parse("ranking\twords\t1.0"),
            Err(ModelError::Incomplete)
        );
        assert_eq!(
            Model::parse("# x\nranking\tsource\t1.0"),
            Err(ModelError::Line(2))
        );
    }
}
