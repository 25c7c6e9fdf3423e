//! A signal that access may have changed: answers that stay open look again who they are for.
//!
//! Whatever takes a permission away calls [`AccessEpoch::advance`] after its transaction; an open
//! stream ends as soon as its member may no longer see it. What happens without a call, such as the
//! end of a session's time or a change by another process, is found by looking now and then.

use std::time::Duration;

use tokio::sync::watch;

use super::{Permission, SignedIn, session};
use crate::app::App;

/// An open stream looks again this often without being told, in seconds.
const LOOK_AGAIN_S: u64 = 15;

/// How often access has changed since the start.
#[derive(Debug)]
pub struct AccessEpoch(watch::Sender<u64>);

impl AccessEpoch {
    /// Nothing has changed yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Somebody may have lost a permission: every open stream looks again now.
    pub fn advance(&self) {
        self.0.send_modify(|epoch| *epoch = epoch.wrapping_add(1));
    }
}

impl Default for AccessEpoch {
    fn default() -> Self {
        Self::new()
    }
}

/// Waits until the session of `who` may no longer do `P`, because it ended, its account was closed,
/// or its duties or an agreement changed.
pub async fn until_lost<P: Permission>(app: App, who: SignedIn) {
    let mut epoch = app.epoch.0.subscribe();
    loop {
        epoch.borrow_and_update();
        let visitor = session::still_there(&app, who.session()).await;
        if visitor.is_none_or(|visitor| SignedIn::of(visitor).may::<P>().is_err()) {
            return;
        }
        tokio::select! {
            changed = epoch.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(Duration::from_secs(LOOK_AGAIN_S)) => {}
        }
    }
}
