//! What parties promise under an agreement, and what happens under it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::agreement::{Agreement, Standing};
use domain::audit::AuditKind;
use domain::date::Date;
use domain::obligation::{AgreementEvent, EventKind, Obligation, Tie};
use domain::{EventId, ObligationId, OrganisationId};
use serde::Deserialize;
use store::StoreError;

use super::{act, own, place};
use crate::access::permission::Coordinate;
use crate::access::{May, agreed_access::today};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// A text of these forms, in characters.
const TEXT_CHARS: usize = 1_000;
/// How many facts a promise may take.
const COUNT_MAX: u32 = 10_000;

/// The form of a promise.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WantedPromise {
    pihak: String,
    isi: String,
    tenggat: String,
    ukuran: String,
    jumlah: String,
}

/// `POST /network/agreements/{id}/obligations`
pub(super) async fn add_obligation(
    who: May<Coordinate>,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<WantedPromise>,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    let obligation = wanted.read(&agreement).ok_or(Failure::BadRequest)?;
    let event = act(&who, AuditKind::ObligationAdded, agreement.id, "");
    app.store.insert_obligation(&obligation, &event).await?;
    Ok(back(&agreement, "janji"))
}

impl WantedPromise {
    fn read(&self, agreement: &Agreement) -> Option<Obligation> {
        let organisation = party(agreement, &self.pihak)?;
        let count = self
            .jumlah
            .trim()
            .parse()
            .ok()
            .filter(|count| (1..=COUNT_MAX).contains(count));
        let tie = match self.ukuran.as_str() {
            "by_hand" => Tie::ByHand,
            "checks" => Tie::ChecksPublished { count: count? },
            kind => Tie::Events {
                kind: EventKind::parse(kind)?,
                count: count?,
            },
        };
        Some(Obligation {
            id: ObligationId(crate::clock::fresh_id()),
            agreement: agreement.id,
            organisation,
            text: text(&self.isi)?,
            due: Date::parse(self.tenggat.trim())?,
            tie,
            done: None,
        })
    }
}

/// `POST /network/agreements/{id}/obligations/{obligation}/done`
pub(super) async fn done(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path((id, obligation)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    let obligation = ObligationId::parse(&obligation).ok_or(Failure::NotFound)?;
    let promise = app.store.obligation(obligation).await?;
    if promise.agreement != agreement.id {
        return Err(Failure::NotFound);
    }
    let event = act(&who, AuditKind::ObligationDone, agreement.id, "");
    match app
        .store
        .obligation_done(obligation, today(frame.now), &event)
        .await
    {
        // Somebody said so already: it is done either way.
        Ok(()) | Err(StoreError::Conflict) => Ok(back(&agreement, "janji")),
        Err(error) => Err(error.into()),
    }
}

/// The form of an event.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WantedEvent {
    jenis: String,
    tanggal: String,
    tempat: String,
    pokok: String,
    hadir: String,
    putusan: String,
}

/// `POST /network/agreements/{id}/events`: entered for one's own organisation.
pub(super) async fn add_event(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<WantedEvent>,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    let organisation = who.organisation().id;
    if party(&agreement, &organisation.to_string()).is_none()
        || agreement.standing(today(frame.now)) == Standing::Unsigned
    {
        return Err(Failure::NotFound);
    }
    let day = Date::parse(wanted.tanggal.trim()).ok_or(Failure::BadRequest)?;
    let entered = AgreementEvent {
        id: EventId(crate::clock::fresh_id()),
        agreement: agreement.id,
        kind: EventKind::parse(&wanted.jenis).ok_or(Failure::BadRequest)?,
        organisation,
        day,
        place: cut(&wanted.tempat),
        subject: text(&wanted.pokok).ok_or(Failure::BadRequest)?,
        attendance: cut(&wanted.hadir),
        decision: cut(&wanted.putusan),
        minutes: None,
        by: who.member().id,
        at: frame.now,
    };
    let event = act(
        &who,
        AuditKind::EventEntered,
        agreement.id,
        entered.kind.as_str(),
    );
    app.store.insert_event(&entered, &event).await?;
    Ok(back(&agreement, "kegiatan"))
}

fn party(agreement: &Agreement, id: &str) -> Option<OrganisationId> {
    let id = OrganisationId::parse(id)?;
    let mut parties = agreement.terms.parties.iter();
    parties
        .find(|party| party.organisation == id)
        .map(|party| party.organisation)
}

fn cut(text: &str) -> String {
    text.trim().chars().take(TEXT_CHARS).collect()
}

fn text(typed: &str) -> Option<String> {
    let text = cut(typed);
    (!text.is_empty()).then_some(text)
}

fn back(agreement: &Agreement, part: &str) -> Response {
    Redirect::to(&format!("{}#{part}", place(agreement.id))).into_response()
}
