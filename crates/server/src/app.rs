//! What every handler can reach.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::access::agreed_access::AgreedAccess;
use crate::access::epoch::AccessEpoch;
use crate::access::provider_client::Provider;
use crate::access::sign_in_guard::SignInGuard;
use crate::answers::Answers;
use crate::config::Config;
use crate::desk::Totals;
use crate::intake::Intake;
use crate::intake::keys::Keys;
use crate::ledger::Keeper;
use crate::mail::MailBell;
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
    pub agreed_access: AgreedAccess,
    /// What guards the way in.
    pub sign_in_guard: SignInGuard,
    /// Tells open streams that somebody may have lost a permission.
    pub epoch: AccessEpoch,
    /// The way to tell the sender of mail that there is some.
    pub mail: MailBell,
    /// The identity provider members may sign in at, where one is set.
    pub provider: Option<Arc<Provider>>,
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

    /// Somebody may have lost a permission: open streams look again at once. To be called after the
    /// transaction of every change that takes access away.
    pub fn access_changed(&self) {
        self.epoch.advance();
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
