//! The one writer of the log: groups what is waiting, drops repetitions, makes one frame durable,
//! then answers everybody in the group.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use bus::{DurableEnd, LogOptions, Position, Recovery, SegmentLog};
use domain::Timestamp;
use domain::post::Post;
use tokio::sync::{Notify, mpsc};

use super::seen::{SeenIds, digest};
use super::{Intake, IntakeError, Progress, Submission, Submitted, limits, record};
use crate::clock;

/// How long the log is kept.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Segments whose newest post is older than this may go, in microseconds.
    pub age_us: i64,
    /// The oldest segments go while the log is larger than this, in bytes.
    pub bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            age_us: 7 * Timestamp::DAY_US,
            bytes: 50 << 30,
        }
    }
}

/// What the consumers of the log still need: nothing at or after it is ever expired.
#[derive(Debug, Clone)]
pub struct KeepFrom(Arc<Mutex<Position>>);

impl KeepFrom {
    /// Everything from `position` on is needed.
    pub fn set(&self, position: Position) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = position;
    }

    fn get(&self) -> Position {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running log: the way in, and what its consumers follow.
pub struct RunningLog {
    /// The way in.
    pub intake: Intake,
    /// How far the log is durable.
    pub durable: DurableEnd,
    /// Rung after every group that became durable.
    pub rung: Arc<Notify>,
    /// Set by the consumers.
    pub keep_from: KeepFrom,
    /// The folder, for readers.
    pub folder: PathBuf,
    /// What start-up repaired.
    pub recovery: Recovery,
    /// Ends when every `Intake` is gone.
    pub writer: JoinHandle<()>,
}

/// Why the log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The segment log refuses.
    #[error(transparent)]
    Log(#[from] bus::LogError),
    /// The side file of counted posts cannot be read or written.
    #[error("the list of counted posts in {folder}: {error}")]
    Seen {
        /// Where.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Opens the log below `data` and starts its writer.
pub fn start(
    data: &Path,
    options: LogOptions,
    retention: Retention,
    id_key: [u8; 32],
) -> Result<RunningLog, OpenError> {
    let folder = data.join("log");
    let (log, recovery) = SegmentLog::open(&folder, options)?;
    let durable = log.durable();
    let seen = open_seen(data, &log, &id_key)?;
    let progress = Arc::new(Progress::default());
    let (stream_in, stream_out) = mpsc::channel(limits::QUEUE_BATCHES);
    let (tips_in, tips_out) = mpsc::channel(limits::QUEUE_BATCHES);
    let rung = Arc::new(Notify::new());
    let keep_from = KeepFrom(Arc::new(Mutex::new(Position::OLDEST)));
    let writer = Writer {
        log,
        seen,
        id_key,
        retention,
        progress: Arc::clone(&progress),
        rung: Arc::clone(&rung),
        keep_from: keep_from.clone(),
        stopped: None,
        expired_at: clock::now(),
    };
    let thread = std::thread::Builder::new().name("log-writer".into());
    let handle = thread
        .spawn(move || writer.run(stream_out, tips_out))
        .map_err(|error| OpenError::Seen {
            folder: folder.clone(),
            error,
        })?;
    let intake = Intake::new(stream_in, tips_in, progress);
    Ok(RunningLog {
        intake,
        durable,
        rung,
        keep_from,
        folder,
        recovery,
        writer: handle,
    })
}

/// Reads the side file and catches up on frames it does not cover.
fn open_seen(data: &Path, log: &SegmentLog, id_key: &[u8; 32]) -> Result<SeenIds, OpenError> {
    let folder = data.join("seen");
    let failed = |error| OpenError::Seen {
        folder: folder.clone(),
        error,
    };
    let (mut seen, covered) = SeenIds::open(&folder, log.next().sequence).map_err(failed)?;
    let from = Position {
        sequence: covered,
        segment: 0,
        offset: 0,
    };
    let mut reader = log.reader(from)?;
    loop {
        match reader.next() {
            Ok(Some(frame)) => {
                let posts = record::read_all(&frame.payload)
                    .map_err(|error| failed(std::io::Error::other(error)))?;
                let digests: Vec<u64> = posts.iter().map(|post| digest(post, id_key)).collect();
                seen.record(frame.position.sequence, &digests)
                    .map_err(failed)?;
            }
            Ok(None) => return Ok(seen),
            Err(error @ bus::LogError::Damaged { .. }) => {
                tracing::error!(%error, "a damaged part of the log was set aside");
                if reader.skip_quarantined().is_none() {
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// What the system answered, with the way out.
fn advice(error: &std::io::Error) -> String {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match error.kind() {
        StorageFull | QuotaExceeded => {
            "no space left; free or add disk space (or raise the quota), then restart".to_owned()
        }
        _ => format!("{error}; check the disk, then restart"),
    }
}

struct Writer {
    log: SegmentLog,
    seen: SeenIds,
    id_key: [u8; 32],
    retention: Retention,
    progress: Arc<Progress>,
    rung: Arc<Notify>,
    keep_from: KeepFrom,
    /// Why nothing can be written any more.
    stopped: Option<String>,
    expired_at: Timestamp,
}

/// One group: who waits, and what each of them is told once the frame is durable.
#[derive(Default)]
struct Group {
    waiting: Vec<(Submission, Submitted)>,
    payload: Vec<u8>,
    digests: Vec<u64>,
    fresh: std::collections::HashSet<u64>,
}

impl Writer {
    fn run(mut self, mut stream: mpsc::Receiver<Submission>, mut tips: mpsc::Receiver<Submission>) {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
            return;
        };
        loop {
            let first = runtime.block_on(async {
                tokio::select! {
                    biased;
                    Some(tip) = tips.recv() => Some(tip),
                    Some(submission) = stream.recv() => Some(submission),
                    else => None,
                }
            });
            let Some(first) = first else { return };
            let mut group = Group::default();
            self.add(&mut group, first);
            while group.payload.len() < limits::GROUP_COMMIT_BYTES {
                let Ok(next) = tips.try_recv().or_else(|_| stream.try_recv()) else {
                    break;
                };
                self.add(&mut group, next);
            }
            self.commit(group);
        }
    }

    /// Sorts fresh posts from repetitions, within the group too.
    fn add(&self, group: &mut Group, mut submission: Submission) {
        let mut told = Submitted::default();
        for post in std::mem::take(&mut submission.posts) {
            let id = digest(&post, &self.id_key);
            if self.seen.contains(id) || !group.fresh.insert(id) {
                told.duplicates += 1;
            } else if write_post(group, &post) {
                group.digests.push(id);
                told.accepted += 1;
            }
        }
        group.waiting.push((submission, told));
    }

    fn commit(&mut self, group: Group) {
        let outcome = self.make_durable(&group);
        if outcome.is_ok() {
            let posts = group.digests.len() as u64;
            self.progress.committed.fetch_add(posts, Ordering::AcqRel);
            metrics::counter!("kentongan_posts_accepted_total").increment(posts);
            self.rung.notify_waiters();
        }
        for (submission, told) in group.waiting {
            let answer = outcome.clone().map(|()| told);
            // The sender may have gone; what it sent is durable all the same.
            let _gone = submission.reply.send(answer);
        }
        self.expire_now_and_then();
    }

    fn make_durable(&mut self, group: &Group) -> Result<(), IntakeError> {
        if let Some(reason) = &self.stopped {
            return Err(IntakeError::Unavailable(reason.clone()));
        }
        if group.digests.is_empty() {
            return Ok(());
        }
        let result = self.append_and_sync(group);
        if let Err(reason) = &result {
            tracing::error!(%reason, "intake stops until restart");
            metrics::counter!("kentongan_intake_stops_total").increment(1);
            self.stopped = Some(reason.clone());
        }
        result.map_err(IntakeError::Unavailable)
    }

    fn append_and_sync(&mut self, group: &Group) -> Result<(), String> {
        let records = u32::try_from(group.digests.len()).unwrap_or(u32::MAX);
        let now = clock::now();
        let position = self
            .log
            .append(&group.payload, records, now.0)
            .map_err(|error| error.to_string())?;
        self.log.sync().map_err(|error| error.to_string())?;
        self.seen
            .record(position.sequence, &group.digests)
            .map_err(|error| {
                format!(
                    "the list of counted posts cannot be written: {}",
                    advice(&error)
                )
            })
    }

    fn expire_now_and_then(&mut self) {
        let now = clock::now();
        if now.since_us(self.expired_at).abs() < Timestamp::MINUTE_US {
            return;
        }
        self.expired_at = now;
        let older_than = now.plus_us(-self.retention.age_us).0;
        match self
            .log
            .expire(older_than, self.retention.bytes, self.keep_from.get())
        {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => tracing::info!(segments = gone.len(), "old segments of the log removed"),
            Err(error) => tracing::error!(%error, "old segments of the log could not be removed"),
        }
    }
}

/// Adds the post to the group's frame; false when it cannot be said in JSON.
fn write_post(group: &mut Group, post: &Post) -> bool {
    let written = group.payload.len();
    match record::write(post, &mut group.payload) {
        Ok(()) => true,
        Err(error) => {
            group.payload.truncate(written);
            tracing::error!(%error, "a post could not be written as JSON");
            false
        }
    }
}
