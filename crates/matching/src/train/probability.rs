//! From an order to a probability, and the thresholds of the answers.

use super::example::Example;
use super::ranking::{Ranking, dot, ordered};
use super::{FOLDS, is_right};
use crate::claims::DocId;
use crate::evaluate::area_under_curve;
use crate::rank::{CALIBRATION, Scored, calibration_features, doubt, unrelated};

/// Results of each text that the probability learns from: what is said of the first decides.
const LEARNT_RESULTS: usize = 1;
/// Least precision of a match on texts that were not learnt from: the promised 0.95 and
/// a little, since a threshold is chosen where it just holds.
const MATCH_PRECISION_MIN: f64 = 0.956;
/// Share of honest negatives that may be answered at all.
const FALSE_ANSWERS_MAX: f64 = 0.045;
/// Pull of every weight towards nothing.
const L2: f64 = 0.5;
/// Steps of Newton's method; the last ones change nothing any more.
const NEWTON_STEPS: usize = 12;
/// Features of the probability that need meaning.
const OF_MEANING: [&str; 3] = ["meaning", "learned", "learned_best"];

type Calibration = [f64; CALIBRATION.len()];

/// Thresholds of the answers, with what the one of a match gave.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thresholds {
    pub(super) match_min: f64,
    pub(super) probable_min: f64,
    pub(super) precision: f64,
    pub(super) recall: f64,
}

impl Thresholds {
    /// The higher ones of both: a promise holds by words and by meaning.
    pub(super) fn stricter(self, other: Self) -> Self {
        Self {
            match_min: self.match_min.max(other.match_min),
            probable_min: self.probable_min.max(other.probable_min),
            ..self
        }
    }
}

/// The fitted probability.
pub(super) struct Answering {
    pub(super) calibration: [f32; CALIBRATION.len()],
    pub(super) thresholds: Thresholds,
    pub(super) auc: f64,
}

/// A result: its features, whether it is right, and whether that can be said.
#[derive(Clone, Copy)]
struct Row {
    features: Calibration,
    is_right: bool,
    is_unsure: bool,
}

/// The first result of a text, with the probability from weights that have not seen it.
struct First {
    probability: f64,
    row: Row,
    has_own: bool,
    is_told: bool,
}

/// Rows of the first results of one text, with and without its own checks.
struct Rows {
    fold: usize,
    is_told: bool,
    with: Vec<Row>,
    without: Vec<Row>,
}

pub(super) fn fit(examples: &[Example], rankings: &[Ranking], by_meaning: bool) -> Answering {
    let all: Vec<Rows> = examples
        .iter()
        .map(|e| {
            let ranking = &rankings[e.fold];
            Rows {
                fold: e.fold,
                is_told: e.is_told,
                with: rows(
                    &e.with,
                    |doc| is_right(e, doc),
                    &e.alike,
                    ranking,
                    by_meaning,
                ),
                without: rows(&e.without, |_| false, &[], ranking, by_meaning),
            }
        })
        .collect();
    let gather = |keep: &dyn Fn(usize) -> bool| -> Vec<Row> {
        all.iter()
            .filter(|rows| keep(rows.fold))
            .flat_map(|rows| rows.with.iter().chain(&rows.without))
            .copied()
            .collect()
    };
    let folded: Vec<Calibration> = (0..FOLDS)
        .map(|fold| logistic(&gather(&|f| f != fold)))
        .collect();
    let mut firsts: Vec<First> = Vec::new();
    for rows in &all {
        for (rows_of, has_own) in [(&rows.with, true), (&rows.without, false)] {
            firsts.extend(rows_of.first().map(|row| First {
                probability: sigmoid(dot(&folded[rows.fold], &row.features)),
                row: *row,
                has_own,
                is_told: rows.is_told,
            }));
        }
    }
    firsts.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Answering {
        calibration: logistic(&gather(&|_| true)).map(|w| w as f32),
        thresholds: thresholds(&firsts),
        auc: area_under_curve(&side(&firsts, true), &side(&firsts, false)),
    }
}

fn rows(
    scored: &[Scored],
    is_right: impl Fn(DocId) -> bool,
    alike: &[DocId],
    ranking: &Ranking,
    by_meaning: bool,
) -> Vec<Row> {
    let order = ordered(scored, ranking);
    let unrelated = ranking.iter().zip(unrelated()).map(|(w, x)| w * x).sum();
    let doubt = doubt(order.iter().map(|(_, score)| *score), unrelated);
    (0..order.len().min(LEARNT_RESULTS))
        .map(|rank| {
            let (one, score) = order[rank];
            let other = order.get(usize::from(rank == 0)).map_or(0.0, |o| o.1);
            let right = is_right(one.candidate.doc);
            let mut features = calibration_features(one, score, other, doubt).map(f64::from);
            for (value, name) in features.iter_mut().zip(CALIBRATION) {
                if !by_meaning && OF_MEANING.contains(&name) {
                    *value = 0.0;
                }
            }
            Row {
                features,
                is_right: right,
                is_unsure: !right && alike.contains(&one.candidate.doc),
            }
        })
        .collect()
}

/// The weights of least loss, by Newton's method: the loss is convex and has a handful of weights,
/// so that a few steps reach the bottom, where plain descent was still on its way.
fn logistic(rows: &[Row]) -> Calibration {
    let mut weights = [0.0; CALIBRATION.len()];
    for _ in 0..NEWTON_STEPS {
        let mut gradient = weights.map(|w| L2 * w);
        let mut curvature = [[0.0; CALIBRATION.len()]; CALIBRATION.len()];
        for (at, row) in curvature.iter_mut().enumerate() {
            row[at] = L2;
        }
        for row in rows.iter().filter(|row| !row.is_unsure) {
            let probability = sigmoid(dot(&weights, &row.features));
            let pull = probability - f64::from(u8::from(row.is_right));
            let bend = probability * (1.0 - probability);
            for (at, x) in row.features.iter().enumerate() {
                gradient[at] += pull * x;
                for (sum, other) in curvature[at].iter_mut().zip(&row.features) {
                    *sum += bend * x * other;
                }
            }
        }
        let step = solved(curvature, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight -= step;
        }
    }
    weights
}

/// Solves `matrix * x = right` by elimination. The matrix is symmetric and has the pull of every
/// weight on its diagonal, so that no pivot comes near nothing.
fn solved(
    mut matrix: [[f64; CALIBRATION.len()]; CALIBRATION.len()],
    mut right: Calibration,
) -> Calibration {
    let size = right.len();
    for at in 0..size {
        let (pivot, value) = (matrix[at], right[at]);
        for below in at + 1..size {
            let share = matrix[below][at] / pivot[at];
            for (cell, above) in matrix[below].iter_mut().zip(&pivot) {
                *cell -= share * above;
            }
            right[below] -= share * value;
        }
    }
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|to| matrix[at][to] * right[to]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn side(firsts: &[First], own: bool) -> Vec<f32> {
    let of = firsts.iter().filter(|f| f.is_told && f.has_own == own);
    of.map(|f| f.probability as f32).collect()
}

/// The precision must hold both as labelled and where labels are sure, there with as many
/// texts without a check as with one. `firsts` come most probable first.
fn thresholds(firsts: &[First]) -> Thresholds {
    let below = side(firsts, false);
    let texts = firsts.iter().filter(|f| f.has_own).count().max(1);
    let mut out = Thresholds {
        match_min: 1.0,
        probable_min: 1.0,
        precision: 1.0,
        recall: 0.0,
    };
    let (mut right, mut own, mut sure) = (0_u32, 0_u32, 0_u32);
    for first in firsts {
        right += u32::from(first.row.is_right);
        own += u32::from(first.has_own);
        sure += u32::from(!first.row.is_unsure);
        let precision = f64::from(right) / f64::from(own.max(sure));
        if precision >= MATCH_PRECISION_MIN {
            out = Thresholds {
                match_min: first.probability,
                precision,
                recall: f64::from(right) / texts as f64,
                ..out
            };
        }
    }
    let at = (below.len() as f64 * FALSE_ANSWERS_MAX) as usize;
    let answered = below.get(at).copied().map_or(1.0, f64::from);
    out.probable_min = answered.min(out.match_min);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: usize) -> Row {
        let mut features = [0.0; CALIBRATION.len()];
        features[0] = 1.0;
        for (place, value) in features.iter_mut().enumerate().skip(1) {
            *value = ((at * (place + 3) + place * place) % 17) as f64 / 17.0;
        }
        Row {
            features,
            is_right: (at * at + at / 3) % 5 < 2,
            is_unsure: at.is_multiple_of(11),
        }
    }

    #[test]
    fn the_weights_lie_at_the_bottom_of_the_loss() {
        let rows: Vec<Row> = (0..400).map(row).collect();
        let weights = logistic(&rows);
        let loss = |weights: &Calibration| {
            let sure = rows.iter().filter(|row| !row.is_unsure);
            let told: f64 = sure
                .map(|row| {
                    let probability = sigmoid(dot(weights, &row.features));
                    -(if row.is_right {
                        probability
                    } else {
                        1.0 - probability
                    })
                    .ln()
                })
                .sum();
            told + L2 / 2.0 * dot(weights, weights)
        };
        let least = loss(&weights);
        for at in 0..weights.len() {
            for step in [-0.01, 0.01] {
                let mut beside = weights;
                beside[at] += step;
                assert!(loss(&beside) > least, "weight {at}");
            }
        }
    }
}
