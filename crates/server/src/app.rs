//! What every handler can reach.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::access::doors::Doors;
use crate::answers::Answers;
use crate::config::Config;
use crate::desk::Totals;
use crate::intake::Intake;
use crate::intake::keys::Keys;
use crate::ledger::Keeper;
use crate::stream::{LiveFigures, StreamHandle};

/// The running application; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the application is made of.
pub struct Parts {
    /// Settings, fixed at start.
    pub config: Config,
    /// The relational store.
    pub store: Store,
    /// The way into the durable log.
    pub intake: Intake,
    /// Service keys.
    pub keys: Keys,
    /// The way to tell the stream something.
    pub stream: StreamHandle,
    /// Claim look-up over all fact-checks.
    pub answers: Answers,
    /// Cancelled when no more requests are taken: answers that would stay open end with it.
    pub closing: CancellationToken,
    /// Figures of the running stream, renewed with every projection onto the radar.
    pub live: watch::Receiver<LiveFigures>,
    /// The counts above the radar.
    pub totals: Totals,
    /// What agreements open between organisations.
    pub doors: Doors,
    /// Key of the hash that turns authors into pseudonyms; made once per installation.
    pub author_key: [u8; 32],
    /// The ledger's key and its newest signed checkpoint.
    pub ledger: Keeper,
    /// Metrics of this process.
    pub metrics: PrometheusHandle,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
