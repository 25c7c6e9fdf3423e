//! Carries the log's frames into the Parquet archive, at the archive's own pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bus::{LogError, Position, Reader};
use domain::post::Post;

use super::archive::Archive;
use crate::clock;
use crate::intake::record;

/// Pause when the log has nothing new, in milliseconds.
const IDLE_MS: u64 = 500;
/// Pause after a failed write, in milliseconds.
const RETRY_MS: u64 = 5_000;

/// Reads frames from `reader` into `archive` until `stop` says so. `through` is the last frame
/// that is safely archived.
pub async fn run(
    mut archive: Archive,
    mut reader: Reader,
    through: Arc<AtomicU64>,
    stop: tokio_util::sync::CancellationToken,
) {
    while !stop.is_cancelled() {
        let (back, frame) = match tokio::task::spawn_blocking(move || read(reader)).await {
            Ok(read) => read,
            Err(error) => {
                tracing::error!(%error, "the archive stops until restart; the log keeps everything");
                return;
            }
        };
        reader = back;
        match frame {
            Ok(Some((sequence, posts))) => push(&mut archive, sequence, &posts, &stop).await,
            Ok(None) => pause(&stop, IDLE_MS).await,
            Err(error) => {
                tracing::error!(%error, "the archive cannot read the log");
                if reader.skip_quarantined().is_none() {
                    pause(&stop, RETRY_MS).await;
                }
            }
        }
        if let Err(error) = archive.flush_if_due(clock::now()).await {
            tracing::error!(%error, "the archive cannot be written; trying again");
            pause(&stop, RETRY_MS).await;
        }
        through.store(archive.archived_through(), Ordering::Release);
    }
    if let Err(error) = archive.flush().await {
        tracing::error!(%error, "the archive could not be written at the end; the log keeps the rest");
    }
}

type ReadFrame = Result<Option<(u64, Vec<Post>)>, LogError>;

fn read(mut reader: Reader) -> (Reader, ReadFrame) {
    let frame = reader.next().map(|frame| {
        frame.map(|frame| {
            let posts = record::read_all(&frame.payload).unwrap_or_else(|error| {
                tracing::error!(%error, "a frame holds what is no post");
                Vec::new()
            });
            (frame.position.sequence, posts)
        })
    });
    (reader, frame)
}

async fn push(
    archive: &mut Archive,
    sequence: u64,
    posts: &[Post],
    stop: &tokio_util::sync::CancellationToken,
) {
    while let Err(error) = archive.push(sequence, posts).await {
        tracing::error!(%error, "the archive cannot be written; trying again");
        pause(stop, RETRY_MS).await;
        if stop.is_cancelled() {
            return;
        }
    }
}

async fn pause(stop: &tokio_util::sync::CancellationToken, ms: u64) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(Duration::from_millis(ms)) => {}
    }
}

/// Where the archive goes on reading.
pub fn start_at(archived_through: u64) -> Position {
    if archived_through == 0 {
        Position::OLDEST
    } else {
        Position {
            sequence: archived_through + 1,
            segment: 0,
            offset: 0,
        }
    }
}
