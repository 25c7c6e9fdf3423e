//! The order of candidates: listwise logistic regression, right checks against all
//! candidates of a text.

use super::example::Example;
use super::{FOLDS, is_right};
use crate::rank::{FEATURES, OF_MEANING, Scored};

/// Pull of every weight towards nothing.
const L2: f64 = 3.0;
/// Steps of the descent.
const STEPS: i32 = 300;

pub(super) type Ranking = [f32; FEATURES.len()];

/// One ranking for each fold, made from the others.
pub(super) fn folded(
    examples: &[Example],
    by_meaning: bool,
    left_out: Option<usize>,
) -> Vec<Ranking> {
    (0..FOLDS)
        .map(|fold| {
            let others = examples.iter().filter(|e| e.fold != fold);
            fit(others, by_meaning, left_out)
        })
        .collect()
}

/// Success without one feature at a time.
pub(super) fn ablation(examples: &[Example], by_meaning: bool) -> Vec<(&'static str, [f64; 3])> {
    let counts = |name: &&str| by_meaning || !OF_MEANING.contains(name);
    let tried: Vec<(usize, &'static str)> = FEATURES
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, name)| counts(name))
        .collect();
    std::thread::scope(|scope| {
        let works: Vec<_> = tried
            .into_iter()
            .map(|(at, name)| {
                let work = move || success(examples, &folded(examples, by_meaning, Some(at)));
                (name, scope.spawn(work))
            })
            .collect();
        works
            .into_iter()
            .map(|(name, work)| (name, work.join().unwrap_or_default()))
            .collect()
    })
}

pub(super) fn fit<'a>(
    examples: impl Iterator<Item = &'a Example>,
    by_meaning: bool,
    left_out: Option<usize>,
) -> Ranking {
    let silent: Vec<usize> = (0..FEATURES.len())
        .filter(|at| left_out == Some(*at) || (!by_meaning && OF_MEANING.contains(&FEATURES[*at])))
        .collect();
    let lists: Vec<List> = examples
        .filter(|e| e.is_told && e.with.iter().any(|s| is_right(e, s.candidate.doc)))
        .map(|e| List::new(e, &silent))
        .collect();
    let weights = descend::<{ FEATURES.len() }>(|weights, gradient| {
        for list in &lists {
            list.add_gradient(weights, gradient);
        }
        for (g, w) in gradient.iter_mut().zip(weights) {
            *g += L2 * w;
        }
    });
    weights.map(|w| w as f32)
}

/// The candidates of one text.
struct List {
    rows: Vec<[f64; FEATURES.len()]>,
    right: Vec<bool>,
}

impl List {
    fn new(example: &Example, silent: &[usize]) -> Self {
        let row = |scored: &Scored| {
            let mut row = scored.features.map(f64::from);
            for at in silent {
                row[*at] = 0.0;
            }
            row
        };
        Self {
            rows: example.with.iter().map(row).collect(),
            right: example
                .with
                .iter()
                .map(|s| is_right(example, s.candidate.doc))
                .collect(),
        }
    }

    fn add_gradient(&self, weights: &[f64; FEATURES.len()], gradient: &mut [f64; FEATURES.len()]) {
        let scores: Vec<f64> = self.rows.iter().map(|row| dot(weights, row)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let raised: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
        let all: f64 = raised.iter().sum();
        let good: f64 = raised
            .iter()
            .zip(&self.right)
            .filter(|(_, r)| **r)
            .map(|(e, _)| e)
            .sum();
        for ((row, e), r) in self.rows.iter().zip(&raised).zip(&self.right) {
            let pull = e / all - if *r { e / good } else { 0.0 };
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += pull * x;
            }
        }
    }
}

/// Adam over the whole batch, from nothing.
pub(super) fn descend<const N: usize>(gradient_of: impl Fn(&[f64; N], &mut [f64; N])) -> [f64; N] {
    let (mut weights, mut mean, mut square) = ([0.0; N], [0.0; N], [0.0; N]);
    for step in 1..=STEPS {
        let mut gradient = [0.0; N];
        gradient_of(&weights, &mut gradient);
        let rate = 0.1 * (1.0 - f64::from(step - 1) / f64::from(STEPS));
        for at in 0..N {
            mean[at] = 0.9 * mean[at] + 0.1 * gradient[at];
            square[at] = 0.99 * square[at] + 0.01 * gradient[at] * gradient[at];
            let m = mean[at] / (1.0 - 0.9_f64.powi(step));
            let s = square[at] / (1.0 - 0.99_f64.powi(step));
            weights[at] -= rate * m / (s.sqrt() + 1e-9);
        }
    }
    weights
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Candidates by order value, best first.
pub(super) fn ordered<'a>(scored: &'a [Scored], ranking: &Ranking) -> Vec<(&'a Scored, f32)> {
    let value = |s: &Scored| ranking.iter().zip(&s.features).map(|(w, x)| w * x).sum();
    let mut order: Vec<(&Scored, f32)> = scored.iter().map(|s| (s, value(s))).collect();
    order.sort_by(|a, b| {
        b.1.total_cmp(&a.1)
            .then(a.0.candidate.doc.cmp(&b.0.candidate.doc))
    });
    order
}

/// Share of told texts with a right check first, among five, among ten.
pub(super) fn success(examples: &[Example], rankings: &[Ranking]) -> [f64; 3] {
    let told: Vec<Option<usize>> = examples
        .iter()
        .filter(|e| e.is_told)
        .map(|e| {
            ordered(&e.with, &rankings[e.fold])
                .iter()
                .position(|(s, _)| is_right(e, s.candidate.doc))
        })
        .collect();
    [1, 5, 10].map(|k| {
        let within = told.iter().filter(|rank| rank.is_some_and(|r| r < k));
        within.count() as f64 / told.len().max(1) as f64
    })
}

/// Share of told texts whose right check is a candidate.
pub(super) fn reachable(examples: &[Example]) -> f64 {
    let told = || examples.iter().filter(|e| e.is_told);
    let reached = told().filter(|e| e.with.iter().any(|s| is_right(e, s.candidate.doc)));
    reached.count() as f64 / told().count().max(1) as f64
}
