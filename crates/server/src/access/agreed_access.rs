//! The doors that agreements open, in memory: asked at every request, renewed after every change.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::OrganisationId;
use domain::agreement::{AGREEMENT_ZONE, Opening, Stage};
use domain::date::Date;
use domain::organisation::OrganisationKind;
use domain::reach::{Branch, Question, Reach};
use domain::region::RegionCode;
use domain::{AgreementId, Timestamp};
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// What another process of the same database changed is seen after this long at most, in
/// milliseconds.
const LOOK_EVERY_MS: u64 = 500;

/// The stage of the election: its calendar is not known here yet, so that a scope which is bound to
/// stages stays shut.
pub const STAGE: Option<Stage> = None;

/// What agreements open now.
#[derive(Debug, Default)]
pub struct AgreedAccess {
    reach: RwLock<Arc<Reach>>,
    past: RwLock<Arc<Reach>>,
    /// Held while everything is read again, so that an older reading never replaces a newer one.
    renewing: tokio::sync::Mutex<()>,
    version: AtomicI64,
}

impl AgreedAccess {
    /// Reads everything that access follows from.
    pub async fn load(store: &Store) -> Result<Self, StoreError> {
        let access = Self::default();
        access.renew(store).await?;
        Ok(access)
    }

    /// Reads it again; from the next request on it holds.
    pub async fn renew(&self, store: &Store) -> Result<(), StoreError> {
        let _alone = self.renewing.lock().await;
        // Read first: a change that comes in between is read once more.
        let version = store.access_version().await?;
        let agreements = store.signed_agreements().await?;
        let mut kinds = HashMap::new();
        let mut branches: HashMap<OrganisationId, Vec<Branch>> = HashMap::new();
        for kin in store.organisation_tree().await? {
            kinds.insert(kin.organisation, kin.kind);
            if let Some(parent) = kin.parent {
                branches.entry(parent).or_default().push(Branch {
                    organisation: kin.organisation,
                    from: None,
                    until: None,
                });
            }
        }
        for (association, branch) in store.memberships().await? {
            branches.entry(association).or_default().push(branch);
        }
        let kind = |id| kinds.get(&id).copied().unwrap_or(OrganisationKind::Other);
        let reach = Arc::new(Reach::new(&agreements, &branches, kind));
        let past = Arc::new(Reach::past(&agreements, &branches, kind));
        metrics::gauge!("kentongan_agreement_doors")
            .set(f64::from(u32::try_from(reach.doors()).unwrap_or(u32::MAX)));
        *self.reach.write().unwrap_or_else(PoisonError::into_inner) = reach;
        *self.past.write().unwrap_or_else(PoisonError::into_inner) = past;
        self.version.store(version, Ordering::Release);
        Ok(())
    }

    /// All doors as they are now.
    pub fn reach(&self) -> Arc<Reach> {
        Arc::clone(&self.reach.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What agreements that are over opened while they held.
    pub fn past(&self) -> Arc<Reach> {
        Arc::clone(&self.past.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The agreement by which `taker` may do this with a record of `giver` now.
    pub fn opened(
        &self,
        taker: OrganisationId,
        giver: OrganisationId,
        opening: Opening,
        region: Option<&RegionCode>,
        now: Timestamp,
    ) -> Option<AgreementId> {
        self.reach().opened(&Question {
            taker,
            giver,
            opening,
            region,
            stage: STAGE,
            day: today(now),
        })
    }
}

/// The day it is where agreements are made.
pub fn today(now: Timestamp) -> Date {
    Date::of(now, AGREEMENT_ZONE)
}

/// Sees what other processes change, until `stop`.
pub async fn watch(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_millis(LOOK_EVERY_MS)) => {}
        }
        let known = app.agreed_access.version.load(Ordering::Acquire);
        let renewed = match app.store.access_version().await {
            Ok(version) if version == known => continue,
            Ok(_) => app.agreed_access.renew(&app.store).await,
            Err(error) => Err(error),
        };
        app.access_changed();
        if let Err(error) = renewed {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "what agreements open could not be read"
            );
        }
        app.access_changed();
    }
}
