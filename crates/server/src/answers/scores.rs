//! How first probabilities are spread, counted in memory until a job writes them down.

use std::sync::atomic::{AtomicU64, Ordering};

use matching::calibration::{SPREAD_BINS, bin_of};
use store::ScoreCount;

/// Where a text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoreSource {
    /// The first post of a new cluster.
    Stream,
    /// A look-up by a reader or a program.
    LookUp,
}

impl ScoreSource {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::Stream, Self::LookUp];

    /// The word used in the database and the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::LookUp => "lookup",
        }
    }
}

/// Counters by source and bin.
#[derive(Debug, Default)]
pub struct Scores {
    stream: [AtomicU64; SPREAD_BINS],
    look_up: [AtomicU64; SPREAD_BINS],
}

impl Scores {
    /// Counts one text by the probability of its first result; 0 where there is none.
    pub fn count(&self, source: ScoreSource, probability: f32) {
        let bin = bin_of(probability, SPREAD_BINS);
        self.bins(source)[bin].fetch_add(1, Ordering::Relaxed);
    }

    /// Takes what was counted since the last time, as counts of `hour` (hours since 1970 UTC).
    pub fn take(&self, hour: i64) -> Vec<ScoreCount> {
        let mut taken = Vec::new();
        for source in ScoreSource::ALL {
            for (bin, counter) in (0..).zip(self.bins(source)) {
                let count = counter.swap(0, Ordering::Relaxed);
                if count > 0 {
                    taken.push(ScoreCount {
                        hour,
                        source: source.as_str(),
                        bin,
                        count: i64::try_from(count).unwrap_or(i64::MAX),
                    });
                }
            }
        }
        taken
    }

    /// Gives back what could not be written down.
    pub fn give_back(&self, counts: &[ScoreCount]) {
        for one in counts {
            let source = ScoreSource::ALL
                .into_iter()
                .find(|source| source.as_str() == one.source);
            let place = usize::try_from(one.bin).unwrap_or(SPREAD_BINS);
            if let Some(counter) = source.and_then(|source| self.bins(source).get(place)) {
                counter.fetch_add(u64::try_from(one.count).unwrap_or(0), Ordering::Relaxed);
            }
        }
    }

    fn bins(&self, source: ScoreSource) -> &[AtomicU64; SPREAD_BINS] {
        match source {
            ScoreSource::Stream => &self.stream,
            ScoreSource::LookUp => &self.look_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_taken_once_and_can_be_given_back() {
        let scores = Scores::default();
        for probability in [0.0, 0.01, 0.99] {
            scores.count(ScoreSource::Stream, probability);
        }
        scores.count(ScoreSource::LookUp, 0.5);
        let taken = scores.take(7);
        let figures: Vec<(&str, i64, i64)> = taken
            .iter()
            .map(|one| (one.source, one.bin, one.count))
            .collect();
        assert_eq!(
            figures,
            [("stream", 0, 2), ("stream", 19, 1), ("lookup", 10, 1)]
        );
        assert!(scores.take(7).is_empty());
        scores.give_back(&taken);
        assert_eq!(scores.take(7), taken);
    }
}
