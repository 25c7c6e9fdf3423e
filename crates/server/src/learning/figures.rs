//! The figures of one evaluation, as they are printed, committed and shown: numbers without texts.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use matching::answer::{Answer, Answered};
use matching::calibration::{
    Judged, RELIABILITY_BINS, SPREAD_BINS, brier_score, expected_calibration_error,
    operating_points, reliability, risk_coverage, spread,
};
use matching::evaluate::{LabelledQuery, Ranking, evaluate};
use serde::{Deserialize, Serialize};

use crate::answers::{model_digest, weights};

/// The figures that ship with the program.
const SHIPPED: &str = include_str!("../../../../reference/figures/lookup-dev.json");
/// Points of a curve.
const CURVE_POINTS: usize = 20;
/// Thresholds of the precision–recall curve: every hundredth.
const THRESHOLDS: u8 = 100;

/// All figures of one evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The day it was run (UTC), like 2026-11-25.
    pub made_on: String,
    /// How to run it again; files without their folders.
    pub command: String,
    /// Digest of the weights that answered.
    pub model: String,
    /// Checks in the corpus.
    pub documents: usize,
    /// Least probability of a match.
    pub match_min: f64,
    /// Least probability of a probable match.
    pub probable_min: f64,
    /// Ranking over the texts that have an answer.
    #[serde(flatten)]
    pub ranking: RankingFigures,
    /// Texts that have none.
    pub unanswerable: usize,
    /// Quality of the three answers.
    pub answers: AnswerFigures,
    /// How often each answer was given, and how often it was right.
    pub given: GivenFigures,
    /// Mean squared distance between said and come true.
    pub brier_score: f64,
    /// Mean distance between said and right, by bin.
    pub expected_calibration_error: f64,
    /// Said against right, in ten bins.
    pub reliability: Vec<BinFigures>,
    /// Precision and recall of "match" by threshold.
    pub operating_points: Vec<OperatingFigures>,
    /// Share of wrong first results among the surest texts.
    pub risk_coverage: Vec<RiskFigures>,
    /// First probabilities in twenty bins.
    pub first_probabilities: [u64; SPREAD_BINS],
    /// Ranking by bucket.
    pub buckets: BTreeMap<String, RankingFigures>,
}

/// Ranking quality over the texts that have an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankingFigures {
    /// Texts.
    pub queries: usize,
    /// Share with a right check first.
    #[serde(rename = "s@1")]
    pub first: f64,
    /// Share with one among the first five.
    #[serde(rename = "s@5")]
    pub among_5: f64,
    /// Share with one among the first ten.
    #[serde(rename = "s@10")]
    pub among_10: f64,
    /// Mean reciprocal rank among the first ten.
    #[serde(rename = "mrr@10")]
    pub reciprocal: f64,
}

/// Quality of the three answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnswerFigures {
    /// Of "match".
    #[serde(rename = "match")]
    pub matched: MatchFigures,
    /// Of the texts without an answer, the share answered "not yet checked".
    pub true_negative_rate: f64,
    /// Of the texts without an answer, the share not answered "match".
    pub no_false_match_rate: f64,
    /// Area under the curve of the first probability: with an answer against without.
    pub auc: f64,
}

/// Quality of "match".
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MatchFigures {
    /// Share of them that is right.
    pub precision: f64,
    /// Of the texts with an answer, the share answered "match" and right.
    pub recall: f64,
}

/// How often each of the three answers was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct GivenFigures {
    /// "Match".
    #[serde(rename = "match")]
    pub matched: Given,
    /// "Probable".
    pub probable: Given,
    /// "Not yet checked"; right where the corpus holds no answer.
    pub not_yet_checked: Given,
}

/// One answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Times it was given.
    pub given: usize,
    /// Times it was right.
    pub right: usize,
}

/// One bin of the reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BinFigures {
    /// Texts.
    pub count: usize,
    /// Mean of what was said.
    pub said: f64,
    /// Share that is right.
    pub right: f64,
}

/// "Match" at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OperatingFigures {
    /// The threshold.
    pub threshold: f64,
    /// Texts called a match.
    pub called: usize,
    /// Share of them that is right.
    pub precision: f64,
    /// Of the texts with an answer, the share called a match and right.
    pub recall: f64,
}

/// One point of the risk–coverage curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RiskFigures {
    /// Share of the texts, the surest first.
    pub coverage: f64,
    /// Share of them with a wrong first result.
    pub risk: f64,
}

impl Figures {
    /// The figures that ship with the program; none when the file is damaged.
    pub fn shipped() -> Option<&'static Self> {
        static SHIPPED_FIGURES: OnceLock<Option<Figures>> = OnceLock::new();
        let read = || match serde_json::from_str(SHIPPED) {
            Ok(figures) => Some(figures),
            Err(error) => {
                tracing::error!(%error, "the shipped figures cannot be read");
                None
            }
        };
        SHIPPED_FIGURES.get_or_init(read).as_ref()
    }

    /// The figures of given answers, one for each query, over a corpus of `documents` checks.
    pub fn of(
        queries: &[LabelledQuery<'_>],
        answered: &[Answered],
        documents: usize,
        made_on: String,
        command: String,
    ) -> Self {
        let all = evaluate(queries, answered);
        let judged: Vec<Judged> = queries
            .iter()
            .zip(answered)
            .map(|(query, answered)| judge(query, answered))
            .collect();
        let bins = reliability(&judged, RELIABILITY_BINS);
        let thresholds = (0..THRESHOLDS).map(|step| f32::from(step) / f32::from(THRESHOLDS));
        let points = operating_points(&judged, all.ranking.queries, thresholds);
        let curve = risk_coverage(&judged, CURVE_POINTS);
        let shipped = weights::shipped();
        Self {
            made_on,
            command,
            model: model_digest().to_owned(),
            documents,
            match_min: shipped.map_or(1.0, |holding| fine(f64::from(holding.match_min()))),
            probable_min: shipped.map_or(1.0, |holding| fine(f64::from(holding.probable_min()))),
            ranking: RankingFigures::of(&all.ranking),
            unanswerable: queries.len() - all.ranking.queries,
            answers: AnswerFigures {
                matched: MatchFigures {
                    precision: fine(all.answers.match_precision),
                    recall: fine(all.answers.match_recall),
                },
                true_negative_rate: fine(all.answers.true_negative_rate),
                no_false_match_rate: fine(all.answers.no_false_match_rate),
                auc: fine(all.answers.auc),
            },
            given: given(queries, answered),
            brier_score: fine(brier_score(&judged)),
            expected_calibration_error: fine(expected_calibration_error(&bins)),
            reliability: bins
                .iter()
                .map(|bin| BinFigures {
                    count: bin.count,
                    said: fine(bin.said),
                    right: fine(bin.right),
                })
                .collect(),
            operating_points: points
                .iter()
                .map(|point| OperatingFigures {
                    threshold: fine(f64::from(point.threshold)),
                    called: point.called,
                    precision: fine(point.precision),
                    recall: fine(point.recall),
                })
                .collect(),
            risk_coverage: curve
                .iter()
                .map(|point| RiskFigures {
                    coverage: fine(point.coverage),
                    risk: fine(point.risk),
                })
                .collect(),
            first_probabilities: spread(answered.iter().map(|one| one.probability)),
            buckets: all
                .by_bucket
                .iter()
                .map(|(name, ranking)| (name.clone(), RankingFigures::of(ranking)))
                .collect(),
        }
    }
}

impl RankingFigures {
    fn of(ranking: &Ranking) -> Self {
        Self {
            queries: ranking.queries,
            first: fine(ranking.success_at_1),
            among_5: fine(ranking.success_at_5),
            among_10: fine(ranking.success_at_10),
            reciprocal: fine(ranking.mrr_at_10),
        }
    }
}

impl Given {
    fn add(&mut self, right: bool) {
        self.given += 1;
        self.right += usize::from(right);
    }

    /// Share of them that is wrong, 0 to 1; 0 where none was given.
    pub fn wrong_share(self) -> f64 {
        (self.given - self.right) as f64 / self.given.max(1) as f64
    }
}

/// What became of an answer's first result.
pub fn judge(query: &LabelledQuery<'_>, answered: &Answered) -> Judged {
    let first = answered.results.first();
    Judged {
        probability: answered.probability,
        right: first.is_some_and(|first| query.relevant.contains(&first.doc)),
        contradicted: first.is_some_and(|first| !first.contradictions.is_empty()),
    }
}

fn given(queries: &[LabelledQuery<'_>], answered: &[Answered]) -> GivenFigures {
    let mut given = GivenFigures::default();
    for (query, answered) in queries.iter().zip(answered) {
        let right = judge(query, answered).right;
        match answered.answer {
            Answer::Match => given.matched.add(right),
            Answer::Probable => given.probable.add(right),
            Answer::NotYetChecked => given.not_yet_checked.add(query.relevant.is_empty()),
        }
    }
    given
}

/// Four decimals are as many as anybody reads, and the file stays the same on every machine.
fn fine(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_figures_are_whole_and_agree_with_themselves() {
        let shipped = Figures::shipped().expect("figures");
        let texts = shipped.ranking.queries + shipped.unanswerable;
        let binned: usize = shipped.reliability.iter().map(|bin| bin.count).sum();
        assert_eq!(shipped.reliability.len(), RELIABILITY_BINS);
        assert_eq!(binned, texts);
        assert_eq!(
            shipped.first_probabilities.iter().sum::<u64>(),
            texts as u64
        );
        let given = shipped.given;
        let all = [given.matched, given.probable, given.not_yet_checked];
        assert_eq!(all.iter().map(|one| one.given).sum::<usize>(), texts);
        let precision = 1.0 - given.matched.wrong_share();
        assert!((precision - shipped.answers.matched.precision).abs() < 0.001);
        assert!(!shipped.command.contains("/work") && shipped.made_on.len() == 10);
    }
}
