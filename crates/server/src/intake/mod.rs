//! The ways in: posts by API, feeds, files, tips. All end in the durable log.

pub mod committer;
pub mod digests;
pub mod feeds;
pub mod import;
pub mod keys;
pub mod limits;
pub mod line;
pub mod posts;
pub mod record;
pub mod seen;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::channel::{Channel, ChannelKind};
use domain::post::Post;
use domain::tip::Tip;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

pub use line::{LineRefused, read_line};

/// What became of a batch, once it is durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Submitted {
    /// Posts counted for the first time.
    pub accepted: u64,
    /// Posts that had been counted before.
    pub duplicates: u64,
}

/// Why a batch was not taken. Nothing of it has been counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Too much is waiting already.
    #[error("intake is full; try again in {retry_after_s} s")]
    Overloaded {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// The log cannot be written; only a restart helps.
    #[error("intake has stopped: {0}")]
    Unavailable(String),
}

/// How far the log and the stream behind it are.
#[derive(Debug, Default)]
pub struct Progress {
    /// Posts made durable since start.
    pub committed: AtomicU64,
    /// Posts the stream has dealt with since start.
    pub processed: AtomicU64,
}

impl Progress {
    /// Posts that are durable and not yet in the stream.
    pub fn behind(&self) -> u64 {
        let committed = self.committed.load(Ordering::Acquire);
        committed.saturating_sub(self.processed.load(Ordering::Acquire))
    }
}

/// A batch on its way to the log; its memory is given back when it is answered.
pub(crate) struct Submission {
    pub(crate) posts: Vec<Post>,
    pub(crate) reply: oneshot::Sender<Result<Submitted, IntakeError>>,
    pub(crate) _memory: OwnedSemaphorePermit,
}

/// The way into the durable log; cheap to clone.
#[derive(Clone)]
pub struct Intake {
    stream: mpsc::Sender<Submission>,
    tips: mpsc::Sender<Submission>,
    stream_memory: Arc<Semaphore>,
    tip_memory: Arc<Semaphore>,
    progress: Arc<Progress>,
}

impl Intake {
    pub(crate) fn new(
        stream: mpsc::Sender<Submission>,
        tips: mpsc::Sender<Submission>,
        progress: Arc<Progress>,
    ) -> Self {
        Self {
            stream,
            tips,
            stream_memory: Arc::new(Semaphore::new(limits::QUEUE_BYTES)),
            tip_memory: Arc::new(Semaphore::new(limits::TIP_QUEUE_BYTES)),
            progress,
        }
    }

    /// Hands posts to the log; resolves only when they are durable.
    pub async fn submit(&self, posts: Vec<Post>) -> Result<Submitted, IntakeError> {
        if self.progress.behind() > limits::STREAM_BEHIND_POSTS {
            return Err(IntakeError::Overloaded {
                retry_after_s: limits::RETRY_AFTER_S,
            });
        }
        send(&self.stream, &self.stream_memory, posts).await
    }

    /// Hands a citizen's tip to the log by a way of its own that the stream cannot fill.
    pub async fn tip(&self, tip: &Tip) -> Result<Submitted, IntakeError> {
        let post = Post {
            channel: Channel {
                kind: ChannelKind::Tip,
                account: String::new(),
                url: None,
            },
            external_id: tip.id.to_string(),
            text: tip.text.clone(),
            published_at: tip.received_at,
            received_at: tip.received_at,
            lang: None,
            region: tip.region.clone(),
            reach: 0,
            media: Vec::new(),
            author: None,
            extra: None,
        };
        send(&self.tips, &self.tip_memory, vec![post]).await
    }

    /// How far the log and the stream are.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }
}

async fn send(
    queue: &mpsc::Sender<Submission>,
    memory: &Arc<Semaphore>,
    posts: Vec<Post>,
) -> Result<Submitted, IntakeError> {
    let bytes: usize = posts.iter().map(weight_bytes).sum();
    let permits = u32::try_from(bytes).unwrap_or(u32::MAX);
    let Ok(memory) = Arc::clone(memory).try_acquire_many_owned(permits) else {
        return Err(IntakeError::Overloaded {
            retry_after_s: limits::RETRY_AFTER_S,
        });
    };
    let (reply, answer) = oneshot::channel();
    let stopped =
        || IntakeError::Unavailable("the log writer has ended; restart the server".into());
    let submission = Submission {
        posts,
        reply,
        _memory: memory,
    };
    queue
        .try_send(submission)
        .map_err(|refused| match refused {
            TrySendError::Full(_) => IntakeError::Overloaded {
                retry_after_s: limits::RETRY_AFTER_S,
            },
            TrySendError::Closed(_) => stopped(),
        })?;
    answer.await.map_err(|_| stopped())?
}

/// What a post weighs in the queue, in bytes.
fn weight_bytes(post: &Post) -> usize {
    let media: usize = post.media.iter().map(String::len).sum();
    let fields = post.text.len()
        + post.external_id.len()
        + post.channel.account.len()
        + post.channel.url.as_deref().map_or(0, str::len)
        + post.extra.as_deref().map_or(0, str::len);
    fields + media + size_of::<Post>()
}
