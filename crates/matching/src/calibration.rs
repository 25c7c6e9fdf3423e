//! Do probabilities mean what they say? Bins, scores and curves over judged answers, and how far
//! two spreads of probabilities lie apart.

/// Bins of a reliability diagram.
pub const RELIABILITY_BINS: usize = 10;
/// Bins of a spread of first probabilities.
pub const SPREAD_BINS: usize = 20;
/// Added to every bin before two spreads are compared, in texts: an empty bin would otherwise
/// weigh without limit.
const SPREAD_PRIOR: f64 = 0.5;

/// An answer with what became of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Probability that was said of the first result, 0 to 1.
    pub probability: f32,
    /// Whether the first result is right.
    pub right: bool,
    /// Whether a contradiction forbids the word "match".
    pub contradicted: bool,
}

/// Answers whose probability lies in one stretch.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Answers.
    pub count: usize,
    /// Mean of what was said, 0 to 1; 0 in an empty bin.
    pub said: f64,
    /// Share that is right, 0 to 1; 0 in an empty bin.
    pub right: f64,
}

/// The number of the bin, out of `bins` equal ones, that holds `probability`; what is no
/// probability counts as the nearest one.
pub fn bin_of(probability: f32, bins: usize) -> usize {
    // In single precision, so that 0.9 begins its bin. NaN becomes 0.
    let place = probability.clamp(0.0, 1.0) * bins as f32;
    (place as usize).min(bins.saturating_sub(1))
}

/// Said against right, in `bins` equal stretches.
pub fn reliability(judged: &[Judged], bins: usize) -> Vec<Bin> {
    let mut sums = vec![(0_usize, 0.0_f64, 0_usize); bins];
    for one in judged {
        let sum = &mut sums[bin_of(one.probability, bins)];
        sum.0 += 1;
        sum.1 += f64::from(one.probability);
        sum.2 += usize::from(one.right);
    }
    sums.into_iter()
        .map(|(count, said, right)| {
            let share = |part: f64| if count == 0 { 0.0 } else { part / count as f64 };
            Bin {
                count,
                said: share(said),
                right: share(right as f64),
            }
        })
        .collect()
}

/// Mean squared distance between what was said and what came true; 0 is best. 0 without answers.
pub fn brier_score(judged: &[Judged]) -> f64 {
    let errors = judged.iter().map(|one| {
        let truth = if one.right { 1.0 } else { 0.0 };
        (f64::from(one.probability) - truth).powi(2)
    });
    errors.sum::<f64>() / judged.len().max(1) as f64
}

/// Mean distance between said and right over the bins, weighed by their answers; 0 is best.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.count).sum();
    let gaps = bins
        .iter()
        .map(|bin| bin.count as f64 * (bin.said - bin.right).abs());
    gaps.sum::<f64>() / all.max(1) as f64
}

/// Precision and recall of "match" at one threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operating {
    /// Least probability of a match.
    pub threshold: f32,
    /// Answers called a match.
    pub called: usize,
    /// Share of them that is right; 1 where there is none.
    pub precision: f64,
    /// Of the texts that have an answer, the share called a match and right.
    pub recall: f64,
}

/// Precision and recall at every threshold of `thresholds`; `answerable` texts have an answer.
/// What is contradicted is never called a match.
pub fn operating_points(
    judged: &[Judged],
    answerable: usize,
    thresholds: impl IntoIterator<Item = f32>,
) -> Vec<Operating> {
    let at = |threshold: f32| {
        let called = judged
            .iter()
            .filter(|one| one.probability >= threshold && !one.contradicted);
        let (mut count, mut right) = (0_usize, 0_usize);
        for one in called {
            count += 1;
            right += usize::from(one.right);
        }
        Operating {
            threshold,
            called: count,
            precision: if count == 0 {
                1.0
            } else {
                right as f64 / count as f64
            },
            recall: right as f64 / answerable.max(1) as f64,
        }
    };
    thresholds.into_iter().map(at).collect()
}

/// One point of a risk–coverage curve: answering only the surest texts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Risk {
    /// Share of texts that is answered, the surest first.
    pub coverage: f64,
    /// Share of those answers that is wrong.
    pub risk: f64,
}

/// How the share of wrong answers grows as less sure ones are given too, at `points` equal steps
/// of coverage. Among equally sure answers the wrong ones come first: the curve flatters nobody.
pub fn risk_coverage(judged: &[Judged], points: usize) -> Vec<Risk> {
    let mut sure: Vec<&Judged> = judged.iter().collect();
    sure.sort_by(|a, b| {
        b.probability
            .total_cmp(&a.probability)
            .then(a.right.cmp(&b.right))
    });
    let wrong: Vec<usize> = sure
        .iter()
        .scan(0, |wrong, one| {
            *wrong += usize::from(!one.right);
            Some(*wrong)
        })
        .collect();
    let step = |point: usize| {
        let answered = (sure.len() * point).div_ceil(points.max(1));
        let answered = answered.min(sure.len());
        (answered > 0).then(|| Risk {
            coverage: answered as f64 / sure.len() as f64,
            risk: wrong[answered - 1] as f64 / answered as f64,
        })
    };
    (1..=points).filter_map(step).collect()
}

/// How many probabilities fall into each of [`SPREAD_BINS`] equal bins.
pub fn spread(probabilities: impl IntoIterator<Item = f32>) -> [u64; SPREAD_BINS] {
    let mut counts = [0; SPREAD_BINS];
    for probability in probabilities {
        counts[bin_of(probability, SPREAD_BINS)] += 1;
    }
    counts
}

/// Population stability index of `now` against `before`: 0 where both are spread alike; 0.1 is
/// commonly called a small change and 0.25 a large one. 0 where either is empty.
pub fn stability_index(now: &[u64; SPREAD_BINS], before: &[u64; SPREAD_BINS]) -> f64 {
    let all = |counts: &[u64; SPREAD_BINS]| counts.iter().sum::<u64>();
    if all(now) == 0 || all(before) == 0 {
        return 0.0;
    }
    let share = |counts: &[u64; SPREAD_BINS], at: usize| {
        let whole = all(counts) as f64 + SPREAD_PRIOR * SPREAD_BINS as f64;
        (counts[at] as f64 + SPREAD_PRIOR) / whole
    };
    let part = |at: usize| {
        let (p, q) = (share(now, at), share(before, at));
        (p - q) * (p / q).ln()
    };
    (0..SPREAD_BINS).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(probability: f32, right: bool) -> Judged {
        Judged {
            probability,
            right,
            contradicted: false,
        }
    }

    fn near(value: f64, wanted: f64) {
        assert!((value - wanted).abs() < 1e-6, "{value} is not {wanted}");
    }

    #[test]
    fn a_probability_has_one_bin() {
        for (probability, bin) in [
            (0.0, 0),
            (0.099, 0),
            (0.1, 1),
            (0.95, 9),
            (1.0, 9),
            (7.0, 9),
            (-1.0, 0),
            (f32::NAN, 0),
        ] {
            assert_eq!(bin_of(probability, 10), bin, "{probability}");
        }
    }

    /// 0.2 wrong, 0.25 right, 0.9 right, 0.95 right: by hand, bin 2 says 0.225 and is right half
    /// the time, bin 9 says 0.925 and is always right.
    #[test]
    fn bins_say_what_came_true() {
        let all = [
            judged(0.2, false),
            judged(0.25, true),
            judged(0.9, true),
            judged(0.95, true),
        ];
        let bins = reliability(&all, 10);
        assert_eq!(
            bins.iter().map(|bin| bin.count).collect::<Vec<_>>(),
            [0, 0, 2, 0, 0, 0, 0, 0, 0, 2]
        );
        near(bins[2].said, 0.225);
        near(bins[2].right, 0.5);
        near(bins[9].right, 1.0);
        // (2 × 0.275 + 2 × 0.075) / 4
        near(expected_calibration_error(&bins), 0.175);
        // (0.04 + 0.5625 + 0.01 + 0.0025) / 4
        near(brier_score(&all), 0.153_75);
        near(brier_score(&[]), 0.0);
        near(expected_calibration_error(&reliability(&[], 10)), 0.0);
    }

    #[test]
    fn a_threshold_gives_precision_and_recall() {
        let mut all = [
            judged(0.9, true),
            judged(0.8, false),
            judged(0.8, true),
            judged(0.3, true),
        ];
        all[2].contradicted = true;
        // Five texts have an answer; one of them was given none at all.
        let points = operating_points(&all, 5, [0.95, 0.85, 0.5, 0.1]);
        let figures: Vec<(usize, f64, f64)> = points
            .iter()
            .map(|point| (point.called, point.precision, point.recall))
            .collect();
        assert_eq!(figures[0], (0, 1.0, 0.0));
        assert_eq!(figures[1], (1, 1.0, 0.2));
        assert_eq!(figures[2], (2, 0.5, 0.2));
        assert_eq!(figures[3].0, 3);
        near(figures[3].1, 2.0 / 3.0);
        near(figures[3].2, 0.4);
    }

    #[test]
    fn risk_grows_with_coverage() {
        let all = [
            judged(0.9, true),
            judged(0.7, false),
            judged(0.8, true),
            judged(0.7, true),
        ];
        let curve = risk_coverage(&all, 4);
        let risks: Vec<(f64, f64)> = curve.iter().map(|at| (at.coverage, at.risk)).collect();
        assert_eq!(risks[0], (0.25, 0.0));
        assert_eq!(risks[1], (0.5, 0.0));
        near(risks[2].0, 0.75);
        near(risks[2].1, 1.0 / 3.0);
        assert_eq!(risks[3], (1.0, 0.25));
        assert!(risk_coverage(&[], 4).is_empty());
        assert_eq!(risk_coverage(&all[..1], 4).len(), 4);
    }

    #[test]
    fn spreads_alike_lie_together_and_moved_ones_apart() {
        let low = spread((0..1_000).map(|n| (n % 100) as f32 / 200.0));
        let same = spread((0..4_000).map(|n| (n % 100) as f32 / 200.0));
        let high = spread((0..1_000).map(|n| 0.5 + (n % 100) as f32 / 200.0));
        assert_eq!(low.iter().sum::<u64>(), 1_000);
        assert!(stability_index(&low, &same) < 0.01);
        assert!(stability_index(&high, &low) > 1.0);
        near(stability_index(&low, &[0; SPREAD_BINS]), 0.0);
    }

    /// Two bins of twenty hold everything: 3 : 1 before, 1 : 3 now. With half a text more in
    /// every bin the shares are 300.5/410, 100.5/410 and 0.5/410, so the index is
    /// 2 × (200/410) × ln(300.5/100.5).
    #[test]
    fn the_index_is_the_textbook_one() {
        let mut before = [0; SPREAD_BINS];
        let mut now = before;
        (before[0], before[19]) = (300, 100);
        (now[0], now[19]) = (100, 300);
        near(
            stability_index(&now, &before),
            2.0 * (200.0 / 410.0) * (300.5_f64 / 100.5).ln(),
        );
    }
}
