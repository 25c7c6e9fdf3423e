//! From the log to the radar: copies, matches, counts.
//!
//! `engine` is deterministic and knows neither clock nor store; `runner` feeds it from the log
//! and carries its changes onto the radar; `archiving` carries the same frames into Parquet.

pub mod archive;
pub mod archiving;
pub mod checkpoint;
pub mod engine;
pub mod fading;
pub mod group;
pub mod growth;
pub mod limits;
pub mod look_back;
pub mod note;
pub mod projection;
pub mod radar_writer;
pub mod runner;

use domain::ClusterId;
use tokio::sync::mpsc;

use self::group::{Doc, Suggested};

/// Figures of the running stream for the top bar and the radar.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LiveFigures {
    /// Rises with every projection onto the radar; pages refresh when it moved.
    pub version: u64,
    /// Posts a second over the last ten seconds.
    pub posts_per_second: f64,
    /// Milliseconds from receipt to the radar, of the slowest post of the last projection.
    pub to_radar_ms: u64,
    /// Posts of the last 24 hours, and how many of them were copies and matched a check.
    pub posts_24h: u64,
    /// Copies among them.
    pub copies_24h: u64,
    /// Those whose cluster has a suggested or confirmed answer.
    pub matched_24h: u64,
}

/// What the stream is told from outside.
#[derive(Debug)]
pub enum Command {
    /// These fact-checks are new or changed.
    Checks(Vec<Doc>),
    /// The thresholds of the answers have changed.
    Thresholds,
    /// A cluster that words leave unanswered was found by meaning.
    FoundByMeaning {
        /// Which cluster.
        cluster: ClusterId,
        /// The best check and its probability.
        best: (Doc, f32),
        /// What the desk is shown.
        suggestions: Vec<Suggested>,
    },
    /// A person said that a check answers the cluster, or took it back.
    Decided {
        /// Which cluster.
        cluster: ClusterId,
        /// Whether it is answered now.
        answered: bool,
    },
}

/// The way to tell the stream something; cheap to clone.
#[derive(Debug, Clone)]
pub struct StreamHandle(mpsc::UnboundedSender<Command>);

impl StreamHandle {
    /// A handle and where its commands arrive.
    #[expect(
        clippy::disallowed_methods,
        reason = "people's decisions and new checks are few and small, and none may be lost"
    )]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Command>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Tells the stream; nothing happens once it has ended.
    pub fn tell(&self, command: Command) {
        if self.0.send(command).is_err() {
            tracing::debug!("the stream has ended; a command came too late");
        }
    }

    /// A person's word on a cluster.
    pub fn decided(&self, cluster: ClusterId, answered: bool) {
        self.tell(Command::Decided { cluster, answered });
    }
}
