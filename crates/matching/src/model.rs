//! The weights of ranking and probability and the thresholds of the answers. They stand in
//! `weights.tsv`, made by `kentongan train ranker`.

use std::sync::OnceLock;

use crate::rank::{CALIBRATION, FEATURES, Scored};

/// Weights of the ranking and of the probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// One weight for each of [`FEATURES`].
    pub ranking: [f32; FEATURES.len()],
    /// One weight for each of [`CALIBRATION`].
    pub calibration: [f32; CALIBRATION.len()],
}

/// All weights, and the thresholds of the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// For texts that are compared by words alone.
    pub words: Weights,
    /// For texts that are compared by meaning too.
    pub meaning: Weights,
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

impl Weights {
    /// Weights of this value everywhere.
    pub fn all(value: f32) -> Self {
        Self {
            ranking: [value; FEATURES.len()],
            calibration: [value; CALIBRATION.len()],
        }
    }

    /// The order value of a candidate.
    pub fn score(&self, scored: &Scored) -> f32 {
        self.score_of(&scored.features)
    }

    /// The order value of a candidate with these features.
    pub fn score_of(&self, features: &[f32; FEATURES.len()]) -> f32 {
        self.ranking.iter().zip(features).map(|(w, x)| w * x).sum()
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

impl Model {
    /// The weights that ship with the program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Model> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let read = Self::parse(include_str!("../weights.tsv"));
            debug_assert!(read.is_ok(), "{read:?}");
            // The shipped file is read by a test; an unreadable one abstains always.
            read.unwrap_or(Self::of(Weights::all(0.0), f32::INFINITY))
        })
    }

    /// A model with the same weights everywhere and one threshold.
    fn of(weights: Weights, threshold: f32) -> Self {
        Self {
            words: weights,
            meaning: weights,
            match_probability_min: threshold,
            probable_probability_min: threshold,
        }
    }

    /// The weights for these candidates: meaning counts where it is known of every one.
    pub fn weights_for(&self, scored: &[Scored]) -> &Weights {
        if !scored.is_empty() && scored.iter().all(|one| one.has_meaning) {
            &self.meaning
        } else {
            &self.words
        }
    }

    /// Reads the text form; every weight must be there.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let mut model = Self::of(Weights::all(f32::NAN), f32::NAN);
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            model.read_line(line).ok_or(ModelError::Line(index + 1))?;
        }
        let numbers = [&model.words, &model.meaning]
            .into_iter()
            .flat_map(|weights| weights.ranking.iter().chain(&weights.calibration));
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
        let feature = |name: &str| FEATURES.iter().position(|known| *known == name);
        let calibration = |name: &str| CALIBRATION.iter().position(|known| *known == name);
        let place = match (part, name) {
            ("ranking_by_words", name) => &mut self.words.ranking[feature(name)?],
            ("ranking_by_meaning", name) => &mut self.meaning.ranking[feature(name)?],
            ("probability_by_words", name) => &mut self.words.calibration[calibration(name)?],
            ("probability_by_meaning", name) => &mut self.meaning.calibration[calibration(name)?],
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
        for (by, weights) in [("words", &self.words), ("meaning", &self.meaning)] {
            for (name, value) in FEATURES.iter().zip(&weights.ranking) {
                let _ = writeln!(out, "ranking_by_{by}\t{name}\t{value:.4}");
            }
            for (name, value) in CALIBRATION.iter().zip(&weights.calibration) {
                let _ = writeln!(out, "probability_by_{by}\t{name}\t{value:.4}");
            }
        }
        let _ = writeln!(out, "answer\tmatch\t{:.4}", self.match_probability_min);
        let _ = writeln!(
            out,
            "answer\tprobable\t{:.4}",
            self.probable_probability_min
        );
        out
    }
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
            Model::parse("ranking_by_words\twords\t1.0"),
            Err(ModelError::Incomplete)
        );
        assert_eq!(
            Model::parse("# x\nranking_by_words\tsource\t1.0"),
            Err(ModelError::Line(2))
        );
    }
}
