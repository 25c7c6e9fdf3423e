//! Offices, liaisons and addresses: written down, and ended without being forgotten.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::directory::{DatedFact, FactKind};
use domain::{DatedFactId, OrganisationId};

use super::days::{Typed, term, today, typed};
use super::keeping::{Kept, id_in, page_of};
use super::organisation;
use super::small_form::Posted;
use crate::access::{May, permission::Coordinate};
use crate::app::App;
use crate::desk::event;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// `POST /network/organisations/{id}/facts`
pub(super) async fn add(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let kept = Kept::open(&app, &who, id_in(&id)?).await?;
    let fact = match read(kept.id(), &posted) {
        Ok(fact) => fact,
        Err(key) => {
            return organisation::refused(&app, frame, &who, kept.id(), "facts", key, posted).await;
        }
    };
    let act = event(
        &who,
        AuditKind::DatedFactAdded,
        kept.id().0,
        frame.now,
        fact.kind.as_str(),
    );
    app.store.insert_dated_fact(&fact, &act).await?;
    Ok(Redirect::to(&page_of(kept.id())).into_response())
}

/// An office may be vacant; a liaison and an address say something.
fn read(organisation: OrganisationId, posted: &Posted) -> Result<DatedFact, &'static str> {
    let kind = FactKind::parse(&posted.kind).ok_or("network-fault-kind")?;
    let (title, text) = (posted.title.trim(), posted.text.trim());
    if title.is_empty() || (text.is_empty() && kind != FactKind::Office) {
        return Err("network-fault-fact");
    }
    if !posted.fits() {
        return Err("network-fault-long");
    }
    Ok(DatedFact {
        id: DatedFactId(crate::clock::fresh_id()),
        organisation,
        kind,
        title: title.to_owned(),
        text: text.to_owned(),
        source: posted.source.trim().to_owned(),
        term: term(&posted.from, &posted.until)?,
    })
}

/// `POST /network/facts/{id}/end`
pub(super) async fn end(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let id = DatedFactId::parse(&id).ok_or(Failure::NotFound)?;
    let fact = app.store.dated_fact(id).await?;
    let kept = Kept::open(&app, &who, fact.organisation).await?;
    let last = match typed(&posted.until) {
        Typed::Day(day) => day,
        Typed::Blank => today(&frame),
        Typed::Unreadable => {
            let key = "network-fault-day";
            return organisation::refused(&app, frame, &who, kept.id(), "facts", key, posted).await;
        }
    };
    if fact.term.ended(last).is_err() {
        let key = "network-fault-term";
        return organisation::refused(&app, frame, &who, kept.id(), "facts", key, posted).await;
    }
    let act = event(
        &who,
        AuditKind::DatedFactEnded,
        kept.id().0,
        frame.now,
        fact.kind.as_str(),
    );
    app.store.end_dated_fact(id, last, &act).await?;
    Ok(Redirect::to(&page_of(kept.id())).into_response())
}
