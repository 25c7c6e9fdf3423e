//! The counts above the radar, counted once for all who look.
//!
//! Counting reads every live cluster, and the radar moves several times a second before many eyes.
//! What was counted is therefore shown again for a while that grows with what the counting cost: a
//! small radar is always exact, a large one spends at most a twentieth of one core on its counts.

use std::time::{Duration, Instant};

use domain::Timestamp;
use store::{RadarTotals, Store, StoreError};
use tokio::sync::Mutex;

/// Counting that takes less than this is done for everybody who asks.
const CHEAP: Duration = Duration::from_millis(5);
/// Counts are shown for so many times as long as the counting took.
const SHOWN_TIMES: u32 = 20;
/// The longest that counts are shown.
const SHOWN_MAX: Duration = Duration::from_secs(15);

/// The newest counts. Whoever asks while they are counted waits for them and does not count, too.
#[derive(Debug, Default)]
pub struct Totals(Mutex<Option<Counted>>);

#[derive(Debug, Clone, Copy)]
struct Counted {
    totals: RadarTotals,
    at: Instant,
    took: Duration,
}

impl Counted {
    fn holds(&self, now: Instant) -> bool {
        self.took >= CHEAP
            && now.saturating_duration_since(self.at) < (self.took * SHOWN_TIMES).min(SHOWN_MAX)
    }
}

impl Totals {
    /// The counts over live clusters seen at or after `since`.
    pub(super) async fn of(
        &self,
        store: &Store,
        since: Timestamp,
    ) -> Result<RadarTotals, StoreError> {
        self.kept_or(async || store.radar_totals(since).await).await
    }

    async fn kept_or<E>(
        &self,
        count: impl AsyncFnOnce() -> Result<RadarTotals, E>,
    ) -> Result<RadarTotals, E> {
        let mut kept = self.0.lock().await;
        if let Some(counted) = kept.filter(|counted| counted.holds(Instant::now())) {
            return Ok(counted.totals);
        }
        let began = Instant::now();
        let totals = count().await?;
        let at = Instant::now();
        *kept = Some(Counted {
            totals,
            at,
            took: at.saturating_duration_since(began),
        });
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(took: Duration) -> Counted {
        Counted {
            totals: RadarTotals::default(),
            at: Instant::now(),
            took,
        }
    }

    #[test]
    fn what_was_dear_is_shown_for_longer() {
        let ms = Duration::from_millis;
        for (took, shown) in [(4, 0), (5, 100), (215, 4_300), (2_000, 15_000)] {
            let counted = counted(ms(took));
            assert_eq!(counted.holds(counted.at), shown > 0);
            assert!(shown == 0 || counted.holds(counted.at + ms(shown - 1)));
            assert!(!counted.holds(counted.at + ms(shown)), "{took} ms");
        }
    }

    #[tokio::test]
    async fn dear_counts_are_not_counted_again_and_cheap_ones_are() {
        let totals = Totals::default();
        let answer = |active_clusters| RadarTotals {
            active_clusters,
            ..RadarTotals::default()
        };
        for number in 0..3 {
            let cheap = totals.kept_or(async || Ok::<_, ()>(answer(number))).await;
            assert_eq!(cheap, Ok(answer(number)));
        }
        *totals.0.lock().await = Some(Counted {
            totals: answer(7),
            ..counted(SHOWN_MAX)
        });
        let kept = totals.kept_or(async || Err("counted again")).await;
        assert_eq!(kept, Ok(answer(7)));
    }
}
