//! Media joining an association and leaving it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::directory::Affiliation;
use domain::organisation::OrganisationKind;
use store::StoreError;

use super::days::{Typed, term, today, typed};
use super::keeping::{Kept, id_in, page_of};
use super::named::find_one;
use super::organisation;
use super::small_form::Posted;
use crate::access::{May, permission::Coordinate};
use crate::app::App;
use crate::desk::event;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// `POST /network/organisations/{id}/media`
pub(super) async fn begin(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    if kept.entry().organisation.kind != OrganisationKind::MediaAssociation {
        return Err(Failure::NotFound);
    }
    let refuse = async |key, posted| {
        organisation::refused(&app, frame.clone(), &who, kept.id(), "media", key, posted).await
    };
    let term = match term(&posted.from, &posted.until) {
        Ok(term) => term,
        Err(key) => return refuse(key, posted).await,
    };
    if !posted.fits() {
        return refuse("network-fault-long", posted).await;
    }
    let media = match find_one(&app, &posted.organisation).await? {
        Ok(Some(media)) if media.organisation.kind == OrganisationKind::Newsroom => media,
        Ok(Some(_)) => return refuse("network-fault-no-media", posted).await,
        Ok(None) => return refuse("network-fault-organisation", posted).await,
        Err(key) => return refuse(key, posted).await,
    };
    let affiliation = Affiliation {
        association: kept.id(),
        media: media.organisation.id,
        term,
        source: posted.source.trim().to_owned(),
    };
    // On the association, whose list it is.
    let note = media.organisation.id.to_string();
    let act = event(
        &who,
        AuditKind::AffiliationBegun,
        kept.id().0,
        frame.now,
        &note,
    );
    match app.store.begin_affiliation(&affiliation, &act).await {
        Ok(()) => Ok(Redirect::to(&page_of(kept.id())).into_response()),
        Err(StoreError::Conflict) => refuse("network-fault-member-already", posted).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /network/organisations/{id}/media/{media}/end`
pub(super) async fn end(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path((id, media)): Path<(String, String)>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    let media = id_in(&media)?;
    let open = app.store.affiliations(media).await?.into_iter();
    let open = open
        .map(|row| row.affiliation)
        .find(|one| one.association == kept.id() && one.term.until().is_none())
        .ok_or(Failure::NotFound)?;
    let last = match typed(&posted.until) {
        Typed::Day(day) => Some(day),
        Typed::Blank => Some(today(&frame)),
        Typed::Unreadable => None,
    };
    let Some(last) = last.filter(|last| open.term.ended(*last).is_ok()) else {
        let key = "network-fault-term";
        return organisation::refused(&app, frame, &who, kept.id(), "media", key, posted).await;
    };
    let note = media.to_string();
    let act = event(
        &who,
        AuditKind::AffiliationEnded,
        kept.id().0,
        frame.now,
        &note,
    );
    app.store
        .end_affiliation(kept.id(), media, last, &act)
        .await?;
    Ok(Redirect::to(&page_of(kept.id())).into_response())
}
