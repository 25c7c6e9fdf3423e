//! Fits the weights of ranking, probability and thresholds on `queries-train`:
//! `cargo run --release --example fit -- FOLDER [WEIGHTS.tsv]`.
//!
//! Choices are judged by five-fold cross-validation inside train, folds cut by check.
//! Honest negatives are the same queries with their own checks taken out of the index.
//! Plain full-batch descent in double precision: the same files give the same weights.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights are stored in single precision, counts are small"
)]

#[path = "shared/files.rs"]
#[expect(dead_code, reason = "this example needs no sources")]
mod files;

use std::path::PathBuf;

use matching::claims::{ClaimIndex, Query, Scratch};
use matching::evaluate::area_under_curve;
use matching::rank::{CALIBRATION, FEATURES, Model, Scored, calibration_features, scored};

const FOLDS: usize = 5;
/// Results of each query that the probability learns from.
const LEARNT_RESULTS: usize = 3;
const MATCH_PRECISION_MIN: f64 = 0.956;
const FALSE_ANSWERS_MAX: f64 = 0.05;

/// A query with its candidates, with and without its own checks in the index.
struct Example {
    fold: usize,
    relevant: Vec<u32>,
    /// The relevant checks and those whose claim is nearly theirs: archives hold the same
    /// hoax more than once and the labels know of one.
    alike: Vec<u32>,
    with: Vec<Scored>,
    without: Vec<Scored>,
    is_told: bool,
}

fn main() -> Result<(), files::Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder")?);
    let out = arguments.next().filter(|a| !a.starts_with("--"));
    let (index, numbers, claims) = files::corpus(&folder)?;
    let mut scratch = Scratch::default();
    let mut examples = Vec::new();
    for line in files::queries(&folder, "train", &numbers)? {
        let Some(first) = line.relevant.iter().min() else {
            continue;
        };
        let query = Query::new(&line.text);
        let alike = with_alike(&index, &claims, &line.relevant, &mut scratch);
        examples.push(Example {
            fold: *first as usize % FOLDS,
            with: scored(&index, &query, &[], &mut scratch),
            without: scored(&index, &query, &alike, &mut scratch),
            relevant: line.relevant,
            alike,
            is_told: line.bucket.as_deref() != Some("no_overlap"),
        });
    }
    let reachable = examples
        .iter()
        .filter(|e| e.is_told && e.with.iter().any(|s| e.relevant.contains(&s.candidate.doc)));
    let told = examples.iter().filter(|e| e.is_told).count();
    println!(
        "{} queries, {told} told, {:.3} of them reachable",
        examples.len(),
        reachable.count() as f64 / told as f64
    );

    if std::env::args().any(|a| a == "--ablation") {
        ablation(&examples);
    }
    if std::env::args().any(|a| a == "--quick") {
        return Ok(());
    }
    for l2 in [0.3, 3.0, 30.0] {
        println!(
            "l2 {l2:5}: {}",
            summary(
                &examples,
                &ranks(&examples, &cross_validated(&examples, l2, None))
            )
        );
    }
    let l2 = 3.0;
    let rankings = cross_validated(&examples, l2, None);
    let ranking = fit_ranking(examples.iter(), l2, None);
    let model = fit_probability(&examples, &rankings, ranking);
    print!("{}", model.to_text());
    if let Some(path) = out {
        let head = "# Made by `cargo run --release --example fit`; see docs/matching.md.\n";
        std::fs::write(path, format!("{head}{}", model.to_text()))?;
    }
    Ok(())
}

/// Checks whose claim shares this much with a right one are neither right nor wrong.
const ALIKE_MIN: f32 = 0.5;

fn with_alike(
    index: &ClaimIndex,
    claims: &[String],
    relevant: &[u32],
    scratch: &mut Scratch,
) -> Vec<u32> {
    let at = |name| FEATURES.iter().position(|f| *f == name).unwrap_or_default();
    let (claim, text) = (at("claim_chars"), at("text_chars"));
    let mut out = relevant.to_vec();
    for doc in relevant {
        let query = Query::new(&claims[*doc as usize]);
        for one in scored(index, &query, &out, scratch) {
            if one.features[claim].max(one.features[text]) >= ALIKE_MIN {
                out.push(one.candidate.doc);
            }
        }
    }
    out
}

type Ranking = [f32; FEATURES.len()];

fn cross_validated(examples: &[Example], l2: f64, without: Option<usize>) -> Vec<Ranking> {
    (0..FOLDS)
        .map(|fold| fit_ranking(examples.iter().filter(|e| e.fold != fold), l2, without))
        .collect()
}

fn ablation(examples: &[Example]) {
    println!(
        "all: {}",
        summary(
            examples,
            &ranks(examples, &cross_validated(examples, 3.0, None))
        )
    );
    let mut only = [0.0; FEATURES.len()];
    for (at, name) in FEATURES
        .iter()
        .enumerate()
        .filter(|(_, name)| ["words", "chars"].contains(name))
    {
        only[at] = 1.0;
        println!(
            "only {name}: {}",
            summary(examples, &ranks(examples, &vec![only; FOLDS]))
        );
        only[at] = 0.0;
    }
    for (at, name) in
        FEATURES
            .iter()
            .enumerate()
            .skip(if std::env::args().any(|a| a == "--quick") {
                99
            } else {
                0
            })
    {
        let rankings = cross_validated(examples, 3.0, Some(at));
        println!(
            "without {name:16}: {}",
            summary(examples, &ranks(examples, &rankings))
        );
    }
}

/// Listwise logistic regression: the right checks against all candidates of a query.
fn fit_ranking<'a>(
    examples: impl Iterator<Item = &'a Example>,
    l2: f64,
    without: Option<usize>,
) -> Ranking {
    let lists: Vec<(Vec<[f64; FEATURES.len()]>, Vec<bool>)> = examples
        .filter(|e| e.is_told && e.with.iter().any(|s| e.relevant.contains(&s.candidate.doc)))
        .map(|e| {
            let rows = e.with.iter().map(|s| {
                let mut row = s.features.map(f64::from);
                if let Some(at) = without {
                    row[at] = 0.0;
                }
                row
            });
            (
                rows.collect(),
                e.with
                    .iter()
                    .map(|s| e.relevant.contains(&s.candidate.doc))
                    .collect(),
            )
        })
        .collect();
    let weights = descend::<{ FEATURES.len() }>(|weights, gradient| {
        for (rows, right) in &lists {
            let scores: Vec<f64> = rows.iter().map(|row| dot(weights, row)).collect();
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            let raised: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
            let all: f64 = raised.iter().sum();
            let good: f64 = raised
                .iter()
                .zip(right)
                .filter(|(_, r)| **r)
                .map(|(e, _)| e)
                .sum();
            for ((row, e), r) in rows.iter().zip(&raised).zip(right) {
                let pull = e / all - if *r { e / good } else { 0.0 };
                for (g, x) in gradient.iter_mut().zip(row) {
                    *g += pull * x;
                }
            }
        }
        for (g, w) in gradient.iter_mut().zip(weights) {
            *g += l2 * w;
        }
    });
    weights.map(|w| w as f32)
}

/// Adam over the whole batch.
fn descend<const N: usize>(gradient_of: impl Fn(&[f64; N], &mut [f64; N])) -> [f64; N] {
    let (mut weights, mut mean, mut square) = ([0.0; N], [0.0; N], [0.0; N]);
    for step in 1..=300 {
        let mut gradient = [0.0; N];
        gradient_of(&weights, &mut gradient);
        let rate = 0.1 * (1.0 - f64::from(step - 1) / 300.0);
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Candidates by order value, best first.
fn ordered<'a>(scored: &'a [Scored], ranking: &Ranking) -> Vec<(&'a Scored, f32)> {
    let mut order: Vec<(&Scored, f32)> = scored
        .iter()
        .map(|s| {
            (
                s,
                ranking
                    .iter()
                    .zip(&s.features)
                    .map(|(w, x)| w * x)
                    .sum::<f32>(),
            )
        })
        .collect();
    order.sort_by(|a, b| {
        b.1.total_cmp(&a.1)
            .then(a.0.candidate.doc.cmp(&b.0.candidate.doc))
    });
    order
}

fn ranks(examples: &[Example], rankings: &[Ranking]) -> Vec<Option<usize>> {
    examples
        .iter()
        .map(|e| {
            ordered(&e.with, &rankings[e.fold])
                .iter()
                .position(|(s, _)| e.relevant.contains(&s.candidate.doc))
        })
        .collect()
}

fn summary(examples: &[Example], ranks: &[Option<usize>]) -> String {
    let told: Vec<Option<usize>> = examples
        .iter()
        .zip(ranks)
        .filter(|(e, _)| e.is_told)
        .map(|(_, r)| *r)
        .collect();
    let within = |k: usize| {
        told.iter().filter(|r| r.is_some_and(|r| r < k)).count() as f64 / told.len() as f64
    };
    format!(
        "s@1 {:.4} s@5 {:.4} s@10 {:.4}",
        within(1),
        within(5),
        within(10)
    )
}

/// A result: its features, whether it is right, and whether that can be said.
#[derive(Clone, Copy)]
struct Row {
    features: [f64; CALIBRATION.len()],
    is_right: bool,
    is_unsure: bool,
}

/// Rows of the first results of one query.
fn rows(scored: &[Scored], relevant: &[u32], alike: &[u32], ranking: &Ranking) -> Vec<Row> {
    let order = ordered(scored, ranking);
    (0..order.len().min(LEARNT_RESULTS))
        .map(|rank| {
            let (one, score) = order[rank];
            let other = order.get(usize::from(rank == 0)).map_or(0.0, |o| o.1);
            let is_right = relevant.contains(&one.candidate.doc);
            Row {
                features: calibration_features(one, score, other).map(f64::from),
                is_right,
                is_unsure: !is_right && alike.contains(&one.candidate.doc),
            }
        })
        .collect()
}

fn fit_logistic(rows: &[Row]) -> [f64; CALIBRATION.len()] {
    descend(|weights, gradient| {
        for row in rows.iter().filter(|row| !row.is_unsure) {
            let p = sigmoid(dot(weights, &row.features));
            let pull = p - f64::from(u8::from(row.is_right));
            for (g, x) in gradient.iter_mut().zip(&row.features) {
                *g += pull * x;
            }
        }
        for (g, w) in gradient.iter_mut().zip(weights) {
            *g += 0.5 * w;
        }
    })
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The first result of a query, with the probability given to it by weights that have
/// not seen it.
struct First {
    probability: f64,
    row: Row,
    has_own: bool,
}

fn fit_probability(examples: &[Example], rankings: &[Ranking], ranking: Ranking) -> Model {
    let all: Vec<(usize, Vec<Row>, Vec<Row>)> = examples
        .iter()
        .map(|e| {
            let ranking = &rankings[e.fold];
            (
                e.fold,
                rows(&e.with, &e.relevant, &e.alike, ranking),
                rows(&e.without, &[], &[], ranking),
            )
        })
        .collect();
    let gather = |keep: &dyn Fn(usize) -> bool| -> Vec<Row> {
        all.iter()
            .filter(|(fold, ..)| keep(*fold))
            .flat_map(|(_, a, b)| a.iter().chain(b))
            .copied()
            .collect()
    };
    let folded: Vec<_> = (0..FOLDS)
        .map(|fold| fit_logistic(&gather(&|f| f != fold)))
        .collect();
    let mut firsts: Vec<First> = Vec::new();
    for (fold, with, without) in &all {
        for (rows, has_own) in [(with, true), (without, false)] {
            firsts.extend(rows.first().map(|row| First {
                probability: sigmoid(dot(&folded[*fold], &row.features)),
                row: *row,
                has_own,
            }));
        }
    }
    firsts.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let (match_min, probable_min) = thresholds(&firsts);
    Model {
        ranking,
        calibration: fit_logistic(&gather(&|_| true)).map(|w| w as f32),
        match_probability_min: match_min as f32,
        probable_probability_min: probable_min as f32,
    }
}

fn thresholds(firsts: &[First]) -> (f64, f64) {
    let side = |own: bool| -> Vec<f32> {
        firsts
            .iter()
            .filter(|f| f.has_own == own)
            .map(|f| f.probability as f32)
            .collect()
    };
    let (above, below) = (side(true), side(false));
    println!(
        "auc with against without own checks: {:.4}",
        area_under_curve(&above, &below)
    );
    for low in 0..10 {
        let bin = || {
            firsts
                .iter()
                .filter(move |f| !f.row.is_unsure && (f.probability * 10.0) as usize == low)
        };
        let right = bin().filter(|f| f.row.is_right).count();
        println!(
            "  said {:.1}: {:5} firsts, {:.3} right",
            (low as f64 + 0.5) / 10.0,
            bin().count(),
            right as f64 / bin().count().max(1) as f64
        );
    }
    println!(
        "threshold  precision as labelled, own checks in  precision among sure ones  recall  answered without own"
    );
    for step in 0..20 {
        let least = 0.5 + f64::from(step) * 0.025;
        let over = || firsts.iter().filter(move |f| f.probability >= least);
        let own = over().filter(|f| f.has_own).count();
        let right = over().filter(|f| f.row.is_right).count();
        let sure = over().filter(|f| !f.row.is_unsure).count();
        println!(
            "  {least:.3}  {:.3}  {:.3}  {:.3}  {:.3}",
            right as f64 / own.max(1) as f64,
            right as f64 / sure.max(1) as f64,
            right as f64 / above.len() as f64,
            (over().count() - own) as f64 / below.len() as f64
        );
    }
    // The precision must hold both as labelled and where labels are sure, there with as
    // many texts without a check as with one.
    let (mut right, mut own, mut sure, mut match_min) = (0_u32, 0_u32, 0_u32, 1.0);
    for first in firsts {
        right += u32::from(first.row.is_right);
        own += u32::from(first.has_own);
        sure += u32::from(!first.row.is_unsure);
        if f64::from(right) / f64::from(own.max(sure)) >= MATCH_PRECISION_MIN {
            match_min = first.probability;
        }
    }
    let at = (below.len() as f64 * FALSE_ANSWERS_MAX) as usize;
    (match_min, f64::from(below[at]).min(match_min))
}
