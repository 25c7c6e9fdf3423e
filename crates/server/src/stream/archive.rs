//! The archive: raw posts in hour-partitioned Parquet, for researchers and their own tools.
//!
//! `posts/year=2026/month=11/day=22/hour=08/{first}-{last}.parquet`, partitioned by the hour of
//! receipt; `first` and `last` are the numbers of the log frames of that flush. What is being
//! written and what is complete stands in one small object beside the rows, so a crash between
//! two of them leaves neither a gap nor a row twice: [`Archive::open`] removes the objects of an
//! unfinished flush, and the log, which keeps every frame after [`Archive::archived_through`],
//! gives them again. The columns are described in `docs/archive.md`.

mod columns;
mod place;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::Timestamp;
use domain::post::Post;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};

pub use self::columns::COLUMNS;
use self::columns::{Columns, EncodeFault};
pub use self::place::{ArchivePlace, PlaceRefused};

/// Rows of one flush before it is written.
pub const FLUSH_ROWS: usize = 50_000;
/// Text and other variable bytes of one flush before it is written.
pub const FLUSH_BYTES: usize = 64 << 20;
/// How long rows wait in memory before they are written, in microseconds.
pub const FLUSH_AGE_US: i64 = 10 * Timestamp::MINUTE_US;
/// The object that says what is complete.
const PROGRESS_OBJECT: &str = "posts/_progress.json";

/// Where the archive lies and how much it gathers before it writes.
#[derive(Debug, Clone)]
pub struct ArchiveSettings {
    /// A folder or a bucket.
    pub place: ArchivePlace,
    /// Rows of one flush.
    pub flush_rows: usize,
    /// Bytes of one flush.
    pub flush_bytes: usize,
    /// Microseconds a row waits at most.
    pub flush_age_us: i64,
}

impl ArchiveSettings {
    /// The usual sizes, at `place`.
    pub fn at(place: ArchivePlace) -> Self {
        Self {
            place,
            flush_rows: FLUSH_ROWS,
            flush_bytes: FLUSH_BYTES,
            flush_age_us: FLUSH_AGE_US,
        }
    }
}

/// What went wrong; the rows stay in memory and the log keeps their frames.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The place cannot be used.
    #[error("the archive cannot be opened")]
    Place(#[from] PlaceRefused),
    /// A read or write failed; the same call may be made again.
    #[error("archive object {object} cannot be written or read")]
    Store {
        /// Which object.
        object: String,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// The rows could not be encoded.
    #[error("archive rows cannot be encoded")]
    Encode(#[from] EncodeFault),
    /// The note of what is complete cannot be read.
    #[error("archive object {PROGRESS_OBJECT} is damaged; restore it, or name an empty archive")]
    Progress(#[source] serde_json::Error),
    /// The archive is ahead of the log, so it belongs to another installation.
    #[error(
        "the archive holds frames up to {archived}, but the next frame of this log is {log_next}: \
         it was written from another log; name an empty archive"
    )]
    OtherLog {
        /// The last frame archived.
        archived: u64,
        /// The number the log gives next.
        log_next: u64,
    },
}

/// What is complete, and which objects a flush is writing.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// Every post of frames up to and with this one is in the archive; 0 before the first.
    through: u64,
    /// Objects to be removed if the flush does not finish.
    writing: Vec<String>,
}

/// Frames gathered for the next flush.
#[derive(Default)]
struct Gathered {
    /// Rows by hour of receipt, in hours since 1970.
    hours: BTreeMap<i64, Columns>,
    first: u64,
    last: u64,
    rows: usize,
    bytes: usize,
    /// The hour of the first row and when it came.
    since: Option<(i64, Timestamp)>,
}

/// Objects that are encoded and not yet all written.
struct Sealed {
    objects: Vec<(Path, Bytes)>,
    last: u64,
}

/// The writer of the archive: one at a time for each place. Memory is bounded by
/// [`ArchiveSettings::flush_bytes`] and one frame.
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    settings: ArchiveSettings,
    gathered: Gathered,
    sealed: Option<Sealed>,
    through: u64,
}

impl Archive {
    /// Opens the archive and removes what an interrupted flush left. `log_next` is the number the
    /// log gives its next frame.
    pub async fn open(settings: ArchiveSettings, log_next: u64) -> Result<Self, ArchiveError> {
        let store = settings.place.open()?;
        let progress = match read_progress(&*store).await? {
            Some(progress) => progress,
            None => begin(&*store).await?,
        };
        if progress.through >= log_next {
            return Err(ArchiveError::OtherLog {
                archived: progress.through,
                log_next,
            });
        }
        for object in &progress.writing {
            match store.delete(&Path::from(object.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(source) => {
                    return Err(ArchiveError::Store {
                        object: object.clone(),
                        source,
                    });
                }
            }
        }
        let through = progress.through;
        Ok(Self {
            store,
            settings,
            gathered: Gathered::default(),
            sealed: None,
            through,
        })
    }

    /// Every post of the frames up to and with this one is safely in the archive; the log must
    /// keep the frames after it. 0 before the first.
    pub fn archived_through(&self) -> u64 {
        self.through
    }

    /// Takes the posts of one whole frame, in the order of the log; a frame that is already
    /// archived or gathered is passed over. On an error the frame was not taken: push it again.
    pub async fn push(&mut self, frame: u64, posts: &[Post]) -> Result<(), ArchiveError> {
        if frame <= self.through.max(self.gathered.last) {
            return Ok(());
        }
        let Some(first) = posts.first() else {
            return self.pass(frame).await;
        };
        let hour = hour_of(first.received_at);
        if self.sealed.is_some() || self.is_due(hour, first.received_at) {
            self.flush().await?;
        }
        self.gathered.take(frame, hour, posts);
        Ok(())
    }

    /// Writes what waits longer than it should; call it now and then while no posts come.
    pub async fn flush_if_due(&mut self, now: Timestamp) -> Result<u64, ArchiveError> {
        if self.sealed.is_some() || self.is_due(hour_of(now), now) {
            self.flush().await
        } else {
            Ok(self.through)
        }
    }

    /// Writes everything gathered and says up to which frame the archive is complete.
    pub async fn flush(&mut self) -> Result<u64, ArchiveError> {
        if self.sealed.is_none() {
            let Some(sealed) = self.seal().await? else {
                return Ok(self.through);
            };
            self.sealed = Some(sealed);
        }
        let Some(sealed) = &self.sealed else {
            return Ok(self.through);
        };
        let writing = sealed
            .objects
            .iter()
            .map(|(path, _)| path.to_string())
            .collect();
        write_progress(
            &*self.store,
            &Progress {
                through: self.through,
                writing,
            },
        )
        .await?;
        for (path, bytes) in &sealed.objects {
            put(&*self.store, path, bytes.clone()).await?;
        }
        write_progress(
            &*self.store,
            &Progress {
                through: sealed.last,
                writing: Vec::new(),
            },
        )
        .await?;
        self.through = sealed.last;
        self.sealed = None;
        Ok(self.through)
    }

    /// A frame without posts moves the end along with whatever is gathered before it.
    async fn pass(&mut self, frame: u64) -> Result<(), ArchiveError> {
        if self.sealed.is_some() {
            self.flush().await?;
        }
        if self.gathered.rows == 0 {
            self.through = frame;
        } else {
            self.gathered.last = frame;
        }
        Ok(())
    }

    fn is_due(&self, hour: i64, now: Timestamp) -> bool {
        let Some((first_hour, since)) = self.gathered.since else {
            return false;
        };
        self.gathered.rows >= self.settings.flush_rows
            || self.gathered.bytes >= self.settings.flush_bytes
            || hour != first_hour
            || now.since_us(since) >= self.settings.flush_age_us
    }

    /// Encodes the gathered rows away from the async workers.
    async fn seal(&mut self) -> Result<Option<Sealed>, ArchiveError> {
        if self.gathered.rows == 0 {
            return Ok(None);
        }
        let Gathered {
            hours, first, last, ..
        } = std::mem::take(&mut self.gathered);
        let encode = move || {
            let objects = hours.into_iter().map(|(hour, columns)| {
                let path = partition(hour).join(format!("{first}-{last}.parquet"));
                columns
                    .into_parquet()
                    .map(|bytes| (path, Bytes::from(bytes)))
            });
            objects.collect::<Result<Vec<_>, _>>()
        };
        let objects = tokio::task::spawn_blocking(encode)
            .await
            .map_err(EncodeFault::from)??;
        Ok(Some(Sealed { objects, last }))
    }
}

impl Gathered {
    fn take(&mut self, frame: u64, hour: i64, posts: &[Post]) {
        if self.rows == 0 {
            self.first = frame;
            self.since = posts.first().map(|post| (hour, post.received_at));
        }
        for post in posts {
            let columns = self.hours.entry(hour_of(post.received_at)).or_default();
            self.bytes += columns.add(frame, post);
        }
        self.rows += posts.len();
        self.last = frame;
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.0.div_euclid(Timestamp::HOUR_US)
}

/// `posts/year=2026/month=11/day=22/hour=08`, in UTC.
fn partition(hour: i64) -> Path {
    let start = jiff::Timestamp::from_microsecond(hour.saturating_mul(Timestamp::HOUR_US));
    let start = start.unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let parts = [
        "posts".to_owned(),
        format!("year={:04}", start.year()),
        format!("month={:02}", start.month()),
        format!("day={:02}", start.day()),
        format!("hour={:02}", start.hour()),
    ];
    Path::from_iter(parts)
}

async fn put(store: &dyn ObjectStore, path: &Path, bytes: Bytes) -> Result<(), ArchiveError> {
    let written = store.put(path, PutPayload::from_bytes(bytes)).await;
    written.map(drop).map_err(|source| ArchiveError::Store {
        object: path.to_string(),
        source,
    })
}

async fn write_progress(store: &dyn ObjectStore, progress: &Progress) -> Result<(), ArchiveError> {
    let bytes = serde_json::to_vec(progress).map_err(ArchiveError::Progress)?;
    put(store, &Path::from(PROGRESS_OBJECT), Bytes::from(bytes)).await
}

async fn read_progress(store: &dyn ObjectStore) -> Result<Option<Progress>, ArchiveError> {
    let fault = |source| ArchiveError::Store {
        object: PROGRESS_OBJECT.to_owned(),
        source,
    };
    match store.get(&Path::from(PROGRESS_OBJECT)).await {
        Ok(found) => {
            let bytes = found.bytes().await.map_err(fault)?;
            let progress = serde_json::from_slice(&bytes).map_err(ArchiveError::Progress)?;
            Ok(Some(progress))
        }
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(source) => Err(fault(source)),
    }
}

/// Begins an archive, so that a place that is not there or takes nothing is named at start and not
/// with the first flush.
async fn begin(store: &dyn ObjectStore) -> Result<Progress, ArchiveError> {
    let progress = Progress::default();
    write_progress(store, &progress).await?;
    Ok(progress)
}

#[cfg(test)]
mod tests;
