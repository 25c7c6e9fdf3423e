//! Feeds of member portals: RSS, Atom, JSON Feed and sitemaps, polled politely.
//!
//! `address` decides what may be fetched, `fetch` fetches it, `document` and `sitemap` read what
//! it lists, `article` takes the text out of a page, and `poll` makes posts of what is new. An
//! article is known by its link: the numbers that feeds call identities start again with each
//! edition, and an edited article is the same article.

pub mod address;
pub mod article;
pub mod document;
pub mod fetch;
pub mod limits;
pub mod poll;
mod sitemap;

use std::collections::HashSet;
use std::time::Duration;

use domain::{FeedId, Timestamp};
use store::{FeedRow, PollResult, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::fetch::Fetcher;
use self::poll::{Polled, SeenLinks};
use crate::app::App;
use crate::clock;
use crate::intake::IntakeError;

/// Polls the feeds of the store until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    let fetcher = match Fetcher::new() {
        Ok(fetcher) => fetcher,
        Err(fault) => {
            tracing::error!(error = %fault, "feeds are not polled: the client cannot be made");
            return;
        }
    };
    let mut running: JoinSet<FeedId> = JoinSet::new();
    let mut busy: HashSet<FeedId> = HashSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            Some(ended) = running.join_next(), if !running.is_empty() => match ended {
                Ok(feed) => {
                    busy.remove(&feed);
                }
                // The feed that panicked stays busy, and is left alone until a restart.
                Err(fault) => tracing::error!(error = %fault, "the poll of a feed was cut off"),
            },
            () = tokio::time::sleep(Duration::from_millis(limits::LOOK_EVERY_MS)) => {
                start_due(&app, &fetcher, &mut running, &mut busy).await;
            }
        }
    }
}

async fn start_due(
    app: &App,
    fetcher: &Fetcher,
    running: &mut JoinSet<FeedId>,
    busy: &mut HashSet<FeedId>,
) {
    let free = limits::FEEDS_AT_ONCE.saturating_sub(running.len());
    // Those that are being polled are still due.
    let wanted = u32::try_from(free + busy.len()).unwrap_or(u32::MAX);
    let due = match app.store.due_feeds(clock::now(), wanted).await {
        Ok(due) => due,
        Err(fault) => {
            tracing::error!(error = %fault, "due feeds cannot be read");
            return;
        }
    };
    for feed in due
        .into_iter()
        .filter(|feed| !busy.contains(&feed.id))
        .take(free)
        .collect::<Vec<_>>()
    {
        busy.insert(feed.id);
        let (app, fetcher) = (app.clone(), fetcher.clone());
        running.spawn(async move {
            let id = feed.id;
            if let Err(fault) = poll_and_record(&app, &fetcher, &feed).await {
                tracing::error!(feed = %feed.url, error = %fault, "a poll could not be recorded");
            }
            id
        });
    }
}

/// What kept a poll from being recorded; the feed stays due.
#[derive(Debug, thiserror::Error)]
enum PollFault {
    #[error("the store refused")]
    Store(#[from] StoreError),
    #[error("intake refused")]
    Intake(#[from] IntakeError),
}

/// Polls one feed, sends what is new through intake and only then notes that it was seen.
async fn poll_and_record(app: &App, fetcher: &Fetcher, feed: &FeedRow) -> Result<(), PollFault> {
    let seen_name = format!("feed_seen:{}", feed.id);
    let mut seen =
        SeenLinks::from_bytes(&app.store.get_meta(&seen_name).await?.unwrap_or_default());
    let Polled { posts, result } = poll::poll(fetcher, feed, &mut seen, clock::now()).await;
    if let Some(reason) = &result.last_error {
        tracing::warn!(feed = %feed.url, failures = result.failures, reason, "a feed was not read");
    }
    let items = if posts.is_empty() {
        0
    } else {
        submit(app, posts).await?
    };
    if items > 0 || result.last_error.is_none() {
        app.store.set_meta(&seen_name, &seen.to_bytes()).await?;
    }
    app.store
        .record_poll(feed.id, &PollResult { items, ..result })
        .await?;
    Ok(())
}

/// Waits while intake is full; says how many posts were new.
async fn submit(app: &App, posts: Vec<domain::post::Post>) -> Result<i64, IntakeError> {
    loop {
        match app.intake.submit(posts.clone()).await {
            Ok(submitted) => return Ok(i64::try_from(submitted.accepted).unwrap_or(i64::MAX)),
            Err(IntakeError::Overloaded { retry_after_s }) => {
                tokio::time::sleep(Duration::from_secs(u64::from(retry_after_s))).await;
            }
            Err(fault) => return Err(fault),
        }
    }
}

/// When a feed that answered, or failed `failures` times in a row, is due again. `draw` from 0 to
/// 1 spreads feeds that failed together.
fn next_poll_at(now: Timestamp, failures: u32, retry_after_s: Option<u64>, draw: f64) -> Timestamp {
    let doubled = limits::POLL_EVERY_US.saturating_mul(1_i64 << failures.min(20));
    let asked = retry_after_s.map_or(0, |s| {
        i64::try_from(s)
            .unwrap_or(i64::MAX)
            .saturating_mul(Timestamp::SECOND_US)
    });
    let wait = doubled.max(asked).min(limits::BACK_OFF_US);
    // Between nine tenths and eleven tenths, and never sooner than asked.
    let tenth = wait / 10;
    let spread = (tenth.saturating_mul(2) as f64 * draw.clamp(0.0, 1.0)).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most a fifth of a day in microseconds"
    )]
    let spread = spread as i64;
    now.plus_us(
        (wait - tenth)
            .saturating_add(spread)
            .max(asked.min(limits::BACK_OFF_US)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_double_the_wait_up_to_a_day_and_the_server_is_obeyed() {
        let at = |failures, asked, draw| next_poll_at(Timestamp(0), failures, asked, draw).0;
        assert_eq!(at(0, None, 0.5), limits::POLL_EVERY_US);
        assert_eq!(at(3, None, 0.5), 8 * limits::POLL_EVERY_US);
        assert_eq!(at(60, None, 0.5), limits::BACK_OFF_US);
        assert_eq!(at(0, Some(7_200), 0.0), 2 * Timestamp::HOUR_US);
        assert_eq!(at(0, Some(u64::MAX), 0.5), limits::BACK_OFF_US);
        assert!(at(3, None, 0.0) < at(3, None, 1.0));
    }
}
