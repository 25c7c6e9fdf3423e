//! The stream's thread: reads the log, feeds the engine, keeps the radar and the checkpoint fresh.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use bus::{LogError, Position, Reader};
use domain::{ClusterId, Timestamp, TipId};
use tokio::sync::{Notify, mpsc};

use super::checkpoint::{self, Bookmark};
use super::engine::Engine;
use super::look_back::LookBack;
use super::projection::Projection;
use super::{Command, limits};
use crate::answers::Checks;
use crate::clock;
use crate::intake::{Intake, record};

/// How long the stream sleeps when nothing comes, in milliseconds.
const IDLE_MS: u64 = 20;
/// Frames read before the radar is looked after again.
const FRAMES_PER_TURN: usize = 8;

/// A projection on its way to the store, with the tips that found their cluster.
pub struct Update {
    /// Rows and totals.
    pub projection: Projection,
    /// Tips and their clusters.
    pub tips: Vec<(TipId, ClusterId)>,
    /// Live clusters.
    pub live_clusters: usize,
}

/// What the stream and its neighbours share.
#[derive(Debug, Default)]
pub struct Shared {
    /// Set to end the stream.
    pub stop: AtomicBool,
    /// False while an update is being written.
    pub radar_is_free: AtomicBool,
    /// Number of the next frame the engine needs after a restart.
    pub checkpointed: AtomicU64,
}

/// The stream, ready to run on a thread of its own.
pub struct Runner {
    /// The engine.
    pub engine: Engine,
    /// Where it reads.
    pub reader: Reader,
    /// Fact-checks.
    pub checks: Arc<Checked>,
    /// Commands from outside.
    pub commands: mpsc::UnboundedReceiver<Command>,
    /// Where updates go; one waits at most.
    pub updates: mpsc::Sender<Update>,
    /// Rung when the log has grown.
    pub rung: Arc<Notify>,
    /// Shared with the writer of the radar and the archive.
    pub shared: Arc<Shared>,
    /// For its progress.
    pub intake: Intake,
    /// Frames from this number on are new since start.
    pub fresh_from: u64,
    /// Where checkpoints go.
    pub checkpoint: PathBuf,
    /// Checks that had not run back over the clusters when the stream stopped.
    pub look_back: Option<LookBack>,
}

/// The claim index as the stream sees it.
pub type Checked = RwLock<Checks>;

/// When the recurring duties were last done.
struct Duties {
    projected_at: std::time::Instant,
    faded_at: Timestamp,
    checkpointed_at: Timestamp,
    posts_since_checkpoint: u64,
    tips: Vec<(TipId, ClusterId)>,
    waiting_docs: Vec<u32>,
}

impl Runner {
    /// Runs until told to stop, then writes a last checkpoint.
    pub fn run(mut self) -> Result<(), LogError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let runtime = runtime.map_err(|error| LogError::Poisoned {
            first: error.to_string(),
        })?;
        let now = clock::now();
        let mut duties = Duties {
            projected_at: std::time::Instant::now(),
            faded_at: now,
            checkpointed_at: now,
            posts_since_checkpoint: 0,
            tips: Vec::new(),
            waiting_docs: Vec::new(),
        };
        while !self.shared.stop.load(Ordering::Acquire) {
            self.obey(&mut duties);
            let read = self.read_frames(&mut duties)?;
            let looked = self.look_back();
            self.project(&mut duties);
            self.checkpoint_when_due(&mut duties);
            if !read && !looked {
                let rung = Arc::clone(&self.rung);
                runtime.block_on(async {
                    let pause = Duration::from_millis(IDLE_MS);
                    let _woken = tokio::time::timeout(pause, rung.notified()).await;
                });
            }
        }
        self.finish(&mut duties);
        Ok(())
    }

    fn obey(&mut self, duties: &mut Duties) {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Checks(docs) => duties.waiting_docs.extend(docs),
                Command::Thresholds => self.look_back = Some(LookBack::anew()),
                Command::FoundByMeaning {
                    cluster,
                    best,
                    suggestions,
                } => self.engine.found_by_meaning(cluster, best, suggestions),
                Command::Decided { cluster, answered } => self.engine.decide(cluster, answered),
            }
        }
        if self.look_back.is_none() && !duties.waiting_docs.is_empty() {
            let docs = std::mem::take(&mut duties.waiting_docs);
            self.look_back = Some(LookBack::new(&self.checks, &docs));
        }
    }

    fn read_frames(&mut self, duties: &mut Duties) -> Result<bool, LogError> {
        for turn in 0..FRAMES_PER_TURN {
            let frame = match self.reader.next() {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(turn > 0),
                Err(error @ LogError::Damaged(_)) => {
                    tracing::error!(%error, "the stream passes over a damaged part of the log");
                    if self.reader.skip_quarantined().is_none() {
                        return Err(error);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            let posts = match record::read_all(&frame.payload) {
                Ok(posts) => posts,
                Err(error) => {
                    tracing::error!(%error, frame = frame.position.sequence, "a frame holds what is no post");
                    continue;
                }
            };
            let applied = self
                .engine
                .apply(frame.position.sequence, &posts, &*self.checks);
            duties.tips.extend(applied.tips);
            duties.posts_since_checkpoint += posts.len() as u64;
            if frame.position.sequence >= self.fresh_from {
                let progress = self.intake.progress();
                progress
                    .processed
                    .fetch_add(posts.len() as u64, Ordering::AcqRel);
            }
        }
        Ok(true)
    }

    fn look_back(&mut self) -> bool {
        let Some(walk) = &mut self.look_back else {
            return false;
        };
        if walk.step(&mut self.engine, &self.checks) {
            self.look_back = None;
        }
        true
    }

    fn project(&mut self, duties: &mut Duties) {
        if duties.projected_at.elapsed() < Duration::from_millis(limits::PROJECTION_EVERY_MS)
            || !self.shared.radar_is_free.load(Ordering::Acquire)
        {
            return;
        }
        duties.projected_at = std::time::Instant::now();
        let now = self.engine.now().max(clock::now());
        if now.since_us(duties.faded_at) >= limits::FADE_EVERY_US {
            self.engine.fade(now);
            duties.faded_at = now;
        }
        let update = Update {
            projection: self.engine.project(now, &*self.checks),
            tips: std::mem::take(&mut duties.tips),
            live_clusters: self.engine.live_clusters(),
        };
        self.shared.radar_is_free.store(false, Ordering::Release);
        if self.updates.blocking_send(update).is_err() {
            self.shared.stop.store(true, Ordering::Release);
        }
    }

    fn checkpoint_when_due(&mut self, duties: &mut Duties) {
        let now = clock::now();
        let due = duties.posts_since_checkpoint >= limits::CHECKPOINT_POSTS
            || (duties.posts_since_checkpoint > 0
                && now.since_us(duties.checkpointed_at) >= limits::CHECKPOINT_US);
        // Only when the store has what the engine no longer marks as changed.
        if due && self.shared.radar_is_free.load(Ordering::Acquire) && duties.tips.is_empty() {
            self.checkpoint(duties);
        }
    }

    fn checkpoint(&mut self, duties: &mut Duties) {
        let bookmark = self.bookmark();
        match checkpoint::save(&self.checkpoint, &self.engine, &bookmark) {
            Ok(()) => self
                .shared
                .checkpointed
                .store(bookmark.position.sequence, Ordering::Release),
            Err(error) => {
                tracing::error!(%error, "no checkpoint could be written; the log keeps everything")
            }
        }
        duties.checkpointed_at = clock::now();
        duties.posts_since_checkpoint = 0;
    }

    fn bookmark(&self) -> Bookmark {
        let checks = self
            .checks
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // A walk that has not ended begins anew after a restart.
        let revision = if self.look_back.is_some() {
            0
        } else {
            checks.revision()
        };
        Bookmark {
            position: self.position(),
            revision,
            checks: checks.ids().to_vec(),
        }
    }

    fn position(&self) -> Position {
        self.reader.position()
    }

    /// Waits for the radar to be written, writes what is left, then the last checkpoint.
    fn finish(&mut self, duties: &mut Duties) {
        for _ in 0..50 {
            if self.shared.radar_is_free.load(Ordering::Acquire) {
                if !self.engine.has_changes() && duties.tips.is_empty() {
                    self.checkpoint(duties);
                    return;
                }
                duties.projected_at -= Duration::from_millis(limits::PROJECTION_EVERY_MS);
                self.project(duties);
            }
            std::thread::park_timeout(Duration::from_millis(IDLE_MS * 5));
        }
        tracing::warn!(
            "the radar did not take the last changes in time; they are read from the log again"
        );
    }
}
