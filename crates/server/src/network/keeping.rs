//! Who may see the directory and who may keep which entry of it.
//!
//! Seeing takes a place at the desk or an entry of one's own; keeping takes [`Kept`], which only
//! this file makes.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::Redirect;
use domain::OrganisationId;
use domain::audit::AuditKind;
use domain::date::Date;
use domain::directory::Entry;
use domain::organisation::{Organisation, OrganisationKind};
use domain::policy::{self, Action};

use crate::access::{May, SignedIn, permission::Coordinate};
use crate::app::App;
use crate::desk::event;
use crate::error::Failure;
use crate::web::Frame;

/// A signed-in member to whom the directory is open. A party is none.
#[derive(Debug, Clone)]
pub(super) struct InNetwork(SignedIn);

impl std::ops::Deref for InNetwork {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequestParts<App> for InNetwork {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let who = SignedIn::from_request_parts(parts, app).await?;
        let (kind, role) = (who.organisation().kind, who.member().role);
        let open = [Action::SeeDesk, Action::Coordinate, Action::Audit]
            .into_iter()
            .any(|action| policy::allows(kind, role, action));
        open.then_some(Self(who)).ok_or(Failure::NotFound)
    }
}

/// Whether `who` keeps the entry of `organisation`: their own, one that is a part of their own,
/// or any where they run the installation.
pub(super) fn keeps(who: &SignedIn, organisation: &Organisation) -> bool {
    let own = who.organisation();
    policy::allows(own.kind, who.member().role, Action::Coordinate)
        && (own.kind == OrganisationKind::Operator
            || organisation.id == own.id
            || organisation.parent == Some(own.id))
}

/// Whether `who` may add organisations: the operator any, an association its chapters and media.
pub(super) fn adds(who: &SignedIn) -> bool {
    let kind = who.organisation().kind;
    policy::allows(kind, who.member().role, Action::Coordinate)
        && matches!(
            kind,
            OrganisationKind::Operator
                | OrganisationKind::MediaAssociation
                | OrganisationKind::Kpu
                | OrganisationKind::Bawaslu
        )
}

/// An entry that the signed-in member keeps.
#[derive(Debug)]
pub(super) struct Kept {
    entry: Entry,
    version: i64,
}

impl Kept {
    /// The entry called `id`, or "not found" for one that others keep.
    pub(super) async fn open(
        app: &App,
        who: &May<Coordinate>,
        id: OrganisationId,
    ) -> Result<Self, Failure> {
        let kept = Self::read(app, id).await?;
        if keeps(who, &kept.entry.organisation) {
            Ok(kept)
        } else {
            Err(Failure::NotFound)
        }
    }

    /// The same for an association's member, whose pledge the association may keep as well.
    pub(super) async fn open_member(
        app: &App,
        who: &May<Coordinate>,
        id: OrganisationId,
        today: Date,
    ) -> Result<Self, Failure> {
        match Self::open(app, who, id).await {
            Err(Failure::NotFound) => {}
            other => return other,
        }
        let own = who.organisation().id;
        if app.store.is_affiliated(own, id, today).await? {
            Self::read(app, id).await
        } else {
            Err(Failure::NotFound)
        }
    }

    async fn read(app: &App, id: OrganisationId) -> Result<Self, Failure> {
        let row = app.store.entry(id).await?;
        Ok(Self {
            entry: row.entry,
            version: row.version,
        })
    }

    /// The entry.
    pub(super) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Rises with every change of the entry.
    pub(super) fn version(&self) -> i64 {
        self.version
    }

    /// Its identity.
    pub(super) fn id(&self) -> OrganisationId {
        self.entry.organisation.id
    }
}

/// The identity in an address, or "not found".
pub(super) fn id_in(text: &str) -> Result<OrganisationId, Failure> {
    OrganisationId::parse(text).ok_or(Failure::NotFound)
}

/// Where the page of an organisation is.
pub(super) fn page_of(id: OrganisationId) -> String {
    format!("/network/organisations/{id}")
}

/// `POST /network/organisations/{id}/leave`
pub(super) async fn leave(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    set_active(&app, &who, &frame, &id, false).await
}

/// `POST /network/organisations/{id}/return`
pub(super) async fn come_back(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    set_active(&app, &who, &frame, &id, true).await
}

/// Nobody takes their own organisation out, or the keeper would lock the door behind themselves.
async fn set_active(
    app: &App,
    who: &May<Coordinate>,
    frame: &Frame,
    id: &str,
    active: bool,
) -> Result<Redirect, Failure> {
    let kept = Kept::open(app, who, id_in(id)?).await?;
    if kept.id() == who.organisation().id {
        return Err(Failure::NotFound);
    }
    let kind = if active {
        AuditKind::OrganisationReactivated
    } else {
        AuditKind::OrganisationDeactivated
    };
    let act = event(who, kind, kept.id().0, frame.now, "");
    app.store
        .set_organisation_active(kept.id(), active, &act)
        .await?;
    Ok(Redirect::to(&page_of(kept.id())))
}
