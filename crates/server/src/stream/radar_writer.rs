//! Carries projections into the store and tells the pages that the radar moved.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use domain::Timestamp;
use store::{Store, StoreError, StreamHour};
use tokio::sync::{mpsc, watch};

use super::LiveFigures;
use super::runner::{Shared, Update};
use crate::clock;
use crate::intake::Intake;

/// Pause after a failed write, in milliseconds.
const RETRY_MS: u64 = 500;
/// The rate shown is that of the last so many seconds.
const RATE_WINDOW_S: u64 = 10;

/// Writes updates until the stream ends.
pub async fn run(
    store: Store,
    mut updates: mpsc::Receiver<Update>,
    shared: Arc<Shared>,
    intake: Intake,
    figures: watch::Sender<LiveFigures>,
) {
    let mut rate = Rate::default();
    let mut written_hours = Vec::new();
    while let Some(mut update) = updates.recv().await {
        let hours = std::mem::take(&mut update.projection.hours);
        let changed: Vec<StreamHour> = hours
            .iter()
            .filter(|hour| !written_hours.contains(*hour))
            .copied()
            .collect();
        while let Err(error) = write(&store, &update, &changed).await {
            tracing::error!(%error, "the radar could not be written; trying again");
            if shared.stop.load(Ordering::Acquire) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(RETRY_MS)).await;
        }
        let processed = intake.progress().processed.load(Ordering::Acquire);
        let per_second = rate.at(Instant::now(), processed);
        publish(&figures, &update, &hours, per_second);
        written_hours = hours;
        shared.radar_is_free.store(true, Ordering::Release);
    }
}

async fn write(store: &Store, update: &Update, hours: &[StreamHour]) -> Result<(), StoreError> {
    if !update.projection.rows.is_empty() {
        store.upsert_clusters(&update.projection.rows).await?;
    }
    if !hours.is_empty() {
        store.upsert_stream_hours(hours).await?;
    }
    for (tip, cluster) in &update.tips {
        match store.link_tip(*tip, *cluster).await {
            Ok(()) | Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn publish(
    figures: &watch::Sender<LiveFigures>,
    update: &Update,
    hours: &[StreamHour],
    per_second: f64,
) {
    let now = clock::now();
    let this_hour = now.0.div_euclid(Timestamp::HOUR_US);
    let day = hours.iter().filter(|hour| hour.hour > this_hour - 24);
    let mut next = LiveFigures {
        posts_per_second: per_second,
        ..LiveFigures::default()
    };
    for hour in day {
        next.posts_24h += hour.posts.cast_unsigned();
        next.copies_24h += hour.copies.cast_unsigned();
        next.matched_24h += hour.matched.cast_unsigned();
    }
    let counted: i64 = hours.iter().map(|hour| hour.posts).sum();
    metrics::gauge!("kentongan_stream_posts").set(counted as f64);
    if let Some(changed) = update.projection.oldest_change {
        let late_us = now.since_us(changed).max(0) as f64;
        metrics::histogram!("kentongan_radar_lateness_seconds").record(late_us / 1e6);
    }
    metrics::gauge!("kentongan_live_clusters").set(update.live_clusters as f64);
    metrics::gauge!("kentongan_posts_per_second").set(per_second);
    figures.send_if_modified(|figures| {
        let moved = !update.projection.rows.is_empty();
        next.version = figures.version + u64::from(moved);
        next.to_radar_ms = match update.projection.oldest_change.filter(|_| moved) {
            Some(changed) => {
                u64::try_from(now.since_us(changed).max(0) / 1_000).unwrap_or_default()
            }
            None => figures.to_radar_ms,
        };
        let differs = *figures != next;
        *figures = next;
        differs
    });
}

/// Posts a second over a short window.
#[derive(Default)]
struct Rate(VecDeque<(Instant, u64)>);

impl Rate {
    fn at(&mut self, now: Instant, count: u64) -> f64 {
        self.0.push_back((now, count));
        while self.0.len() > 2 && now.duration_since(self.0[0].0).as_secs() > RATE_WINDOW_S {
            self.0.pop_front();
        }
        let (then, earlier) = self.0[0];
        let seconds = now.duration_since(then).as_secs_f64();
        if seconds > 0.0 {
            count.saturating_sub(earlier) as f64 / seconds
        } else {
            0.0
        }
    }
}
