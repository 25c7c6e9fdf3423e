//! Latencies and their percentiles.

use std::time::Duration;

use serde_json::{Value, json};

/// Latencies of one run; a hundred million would be 800 MB, so runs are bounded elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    /// Adds one.
    pub(crate) fn add(&mut self, took: Duration) {
        self.0
            .push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Takes over those of another task.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Percentiles in milliseconds.
    pub(crate) fn summary(&mut self) -> Value {
        self.0.sort_unstable();
        json!({
            "count": self.0.len(),
            "p50_ms": self.at(50),
            "p95_ms": self.at(95),
            "p99_ms": self.at(99),
            "max_ms": self.at(100),
        })
    }

    /// The smallest latency that `percent` of all do not exceed, in milliseconds.
    fn at(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1) - 1;
        self.0.get(rank).map_or(0.0, |us| *us as f64 / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_ranks_of_what_was_measured() {
        let mut latencies = Latencies::default();
        for ms in (1..=200).rev() {
            latencies.add(Duration::from_millis(ms));
        }
        let summary = latencies.summary();
        assert_eq!(summary["p50_ms"], 100.0);
        assert_eq!(summary["p99_ms"], 198.0);
        assert_eq!(summary["max_ms"], 200.0);
        assert_eq!(Latencies::default().summary()["p99_ms"], 0.0);
    }
}
