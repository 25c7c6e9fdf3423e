//! Do texts score today as they did? The spread of first probabilities of the last day against the
//! weeks before.

use domain::Timestamp;
use matching::calibration::{SPREAD_BINS, stability_index};
use store::{ScoreSum, StoreError};

use super::figures::Figures;
use crate::answers::{ScoreSource, model_digest};
use crate::app::App;

/// What counts as "now", in hours.
pub const RECENT_HOURS: i64 = 24;
/// What "now" is compared with, in hours before it: 28 days hold every weekday four times.
pub const HISTORY_HOURS: i64 = 28 * 24;
/// Hours kept; older ones are dropped.
const KEPT_HOURS: i64 = 60 * 24;
/// A population stability index above this raises the alert.
pub const INDEX_MAX: f64 = 0.25;
/// Below so many texts, now or before, nothing is said: with 20 bins chance alone gives an index
/// of about 19 × (1/now + 1/before).
pub const TEXTS_MIN: u64 = 500;
/// An archive with fewer checks than this scores otherwise than the one the shipped spread is of.
pub const SHIPPED_CHECKS_MIN: usize = 5_000;

/// What the last day is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// The weeks before.
    History,
    /// The spread that ships with the weights.
    Shipped,
    /// There is none yet.
    Nothing,
}

/// How one source's scores are spread.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Which source.
    pub source: ScoreSource,
    /// Texts of the last day, by bin.
    pub recent: [u64; SPREAD_BINS],
    /// Texts of what it is compared with, by bin.
    pub before: [u64; SPREAD_BINS],
    /// What that is.
    pub baseline: Baseline,
    /// The population stability index; none while there are too few texts.
    pub index: Option<f64>,
}

impl Drift {
    /// The drift of `source` from its sums; `shipped` is taken where the weeks before hold too little.
    pub fn of(source: ScoreSource, sums: &[ScoreSum], shipped: Option<[u64; SPREAD_BINS]>) -> Self {
        let (mut recent, mut history) = ([0; SPREAD_BINS], [0; SPREAD_BINS]);
        for sum in sums.iter().filter(|sum| sum.source == source.as_str()) {
            let counts = if sum.recent {
                &mut recent
            } else {
                &mut history
            };
            let place = usize::try_from(sum.bin).unwrap_or(SPREAD_BINS);
            if let Some(count) = counts.get_mut(place) {
                *count += u64::try_from(sum.count).unwrap_or(0);
            }
        }
        let enough = |counts: &[u64; SPREAD_BINS]| counts.iter().sum::<u64>() >= TEXTS_MIN;
        let (before, baseline) = if enough(&history) {
            (history, Baseline::History)
        } else {
            match shipped.filter(&enough) {
                Some(shipped) => (shipped, Baseline::Shipped),
                None => (history, Baseline::Nothing),
            }
        };
        let comparable = enough(&recent) && baseline != Baseline::Nothing;
        Self {
            source,
            recent,
            before,
            baseline,
            index: comparable.then(|| stability_index(&recent, &before)),
        }
    }

    /// Whether a person should look.
    pub fn alarms(&self) -> bool {
        self.index.is_some_and(|index| index > INDEX_MAX)
    }
}

/// The drift of each source at `now`.
pub async fn look(app: &App, now: Timestamp) -> Result<Vec<Drift>, StoreError> {
    let until = hour_of(now) + 1;
    let split = until - RECENT_HOURS;
    let sums = app
        .store
        .score_sums(split - HISTORY_HOURS, split, until)
        .await?;
    let shipped = Figures::shipped()
        .filter(|figures| figures.model == model_digest())
        .filter(|_| app.answers.len() >= SHIPPED_CHECKS_MIN)
        .map(|figures| figures.first_probabilities);
    let drift = ScoreSource::ALL.map(|source| {
        // The shipped texts are such as people look up; a stream is mostly about other things.
        let shipped = shipped.filter(|_| source == ScoreSource::LookUp);
        Drift::of(source, &sums, shipped)
    });
    Ok(drift.into())
}

/// Writes down what was counted, drops what is too old, and renews the metrics. What cannot be
/// written is kept for the next time.
pub async fn write_down(app: &App, now: Timestamp) {
    let scores = app.answers.scores();
    let counts = scores.take(hour_of(now));
    if let Err(error) = app.store.add_score_counts(&counts).await {
        scores.give_back(&counts);
        tracing::error!(%error, "the spread of scores could not be written down");
        return;
    }
    let kept_from = hour_of(now) - KEPT_HOURS;
    if let Err(error) = app.store.forget_scores(kept_from).await {
        tracing::error!(%error, "old spreads of scores could not be dropped");
    }
    match look(app, now).await {
        Ok(all) => all.iter().for_each(tell),
        Err(error) => tracing::error!(%error, "the spread of scores could not be read"),
    }
}

fn tell(drift: &Drift) {
    let source = drift.source.as_str();
    let alarm = if drift.alarms() { 1.0 } else { 0.0 };
    metrics::gauge!("kentongan_score_drift", "source" => source).set(drift.index.unwrap_or(0.0));
    metrics::gauge!("kentongan_score_drift_alert", "source" => source).set(alarm);
}

/// Hours since 1970 UTC.
fn hour_of(now: Timestamp) -> i64 {
    now.0.div_euclid(Timestamp::HOUR_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(source: ScoreSource, recent: bool, counts: &[(i64, i64)]) -> Vec<ScoreSum> {
        counts
            .iter()
            .map(|(bin, count)| ScoreSum {
                source: source.as_str().to_owned(),
                recent,
                bin: *bin,
                count: *count,
            })
            .collect()
    }

    fn drift(before: &[(i64, i64)], recent: &[(i64, i64)]) -> Drift {
        let source = ScoreSource::LookUp;
        let mut all = sums(source, false, before);
        all.extend(sums(source, true, recent));
        // Another source's texts change nothing.
        all.extend(sums(ScoreSource::Stream, true, &[(19, 9_999)]));
        Drift::of(source, &all, None)
    }

    const USUAL: &[(i64, i64)] = &[(0, 700), (5, 200), (19, 100)];

    #[test]
    fn an_ordinary_day_raises_no_alert_and_a_shifted_one_does() {
        let same = drift(USUAL, &[(0, 360), (5, 90), (19, 50)]);
        assert!(same.index.is_some_and(|index| index < 0.05) && !same.alarms());
        let shifted = drift(USUAL, &[(0, 200), (5, 200), (19, 600)]);
        assert!(shifted.alarms(), "{shifted:?}");
        assert_eq!(shifted.baseline, Baseline::History);
    }

    #[test]
    fn too_few_texts_say_nothing() {
        let few = drift(USUAL, &[(19, 499)]);
        assert_eq!((few.index, few.alarms()), (None, false));
        let young = drift(&[(0, 499)], &[(19, 5_000)]);
        assert_eq!((young.index, young.baseline), (None, Baseline::Nothing));
    }

    #[test]
    fn without_a_history_the_shipped_spread_stands_in() {
        let recent = sums(ScoreSource::LookUp, true, &[(19, 800)]);
        let mut shipped = [0; SPREAD_BINS];
        shipped[0] = 1_000;
        let compared = Drift::of(ScoreSource::LookUp, &recent, Some(shipped));
        assert_eq!(compared.baseline, Baseline::Shipped);
        assert!(compared.alarms());
    }
}
