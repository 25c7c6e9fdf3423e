//! Minutes of an event: a PDF kept by its digest, replaced only by whoever saw the one before.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::EventId;
use domain::audit::AuditKind;
use domain::obligation::AgreementEvent;
use store::{Minutes, MinutesName, StoreError};

use super::documents::{Named, attachment, is_pdf, safe_name, sha256, unhex};
use super::page::hex;
use super::{act, own, place, seen};
use crate::access::permission::Coordinate;
use crate::access::{May, SignedIn};
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// Minutes as the page of an agreement shows them.
#[derive(Debug)]
pub(super) struct MinutesRow {
    pub address: String,
    pub name: String,
    pub kept: String,
    pub size: String,
    pub digest: String,
    /// Others stand in their place.
    pub replaced: bool,
}

/// `POST /network/agreements/{id}/events/{event}/minutes?dari=…&nama=…` with the bytes as they are, by
/// the party whose event it was. Only PDF. `dari` is the digest of the minutes that the sender saw,
/// empty where there were none; the trail names the minutes that these replace.
pub(super) async fn keep(
    who: May<Coordinate>,
    State(app): State<App>,
    Path((id, event)): Path<(String, String)>,
    Query(named): Query<Named>,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    let event = EventId::parse(&event).ok_or(Failure::NotFound)?;
    let event = app.store.event(agreement.id, event).await?;
    if event.organisation != who.organisation().id {
        return Err(Failure::NotFound);
    }
    if !is_pdf(&bytes) {
        return Err(Failure::BadRequest);
    }
    let minutes = Minutes {
        event: event.id,
        digest: sha256(&bytes),
        name: safe_name(&named.nama),
        bytes: bytes.to_vec(),
    };
    if event.minutes == Some(minutes.digest) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if named.dari != event.minutes.map(|before| hex(&before)).unwrap_or_default() {
        return Err(Failure::Conflict);
    }
    let note = match event.minutes {
        None => hex(&minutes.digest),
        Some(before) => format!("{}, replaces {}", hex(&minutes.digest), hex(&before)),
    };
    let record = act(&who, AuditKind::MinutesKept, agreement.id, &note);
    match app
        .store
        .keep_minutes(&minutes, event.minutes, &record)
        .await
    {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(StoreError::Conflict) => Err(Failure::Conflict),
        Err(error) => Err(error.into()),
    }
}

/// `GET /network/agreements/{id}/events/{event}/minutes/{digest}`
pub(super) async fn show(
    who: SignedIn,
    State(app): State<App>,
    Path((id, event, digest)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let agreement = seen(&app, &who, &id).await?;
    let event = EventId::parse(&event).ok_or(Failure::NotFound)?;
    let digest = unhex(&digest).ok_or(Failure::NotFound)?;
    let file = app.store.minutes_file(agreement.id, event, digest).await?;
    attachment(file)
}

/// The minutes of one event out of those of all, the ones in force first.
pub(super) fn rows(frame: &Frame, all: &[MinutesName], event: &AgreementEvent) -> Vec<MinutesRow> {
    let own = all.iter().filter(|minutes| minutes.event == event.id);
    let mut rows: Vec<MinutesRow> = own.map(|minutes| row(frame, minutes, event)).collect();
    rows.sort_by_key(|row| row.replaced);
    rows
}

fn row(frame: &Frame, minutes: &MinutesName, event: &AgreementEvent) -> MinutesRow {
    let digest = hex(&minutes.digest);
    let agreement = place(event.agreement);
    MinutesRow {
        address: format!("{agreement}/events/{}/minutes/{digest}", event.id),
        name: minutes.name.clone(),
        kept: frame.exact(minutes.kept_at),
        size: super::documents::size_text(frame, minutes.bytes),
        digest,
        replaced: event.minutes != Some(minutes.digest),
    }
}
