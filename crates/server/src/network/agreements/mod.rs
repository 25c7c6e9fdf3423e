//! Agreements: proposing, signing, ending them; what they open; what was promised in them.
//!
//! A party sees its agreements whole, the operator too; to everybody else there is the public
//! register of what was ever in force. What changes an agreement renews [`AgreedAccess`] before it
//! answers, so that the next request of anybody goes by it.
//!
//! [`AgreedAccess`]: crate::access::agreed_access::AgreedAccess

mod access_table;
mod board;
pub mod calendar;
mod documents;
mod form;
mod list;
mod minutes;
mod page;
mod promises;
mod register;
mod reminder;
mod verbs;
mod words;
mod writing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::AgreementId;
use domain::agreement::{Agreement, Standing};
use domain::audit::{AuditEvent, AuditKind};
use domain::organisation::OrganisationKind;
use store::StoreError;

use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::error::Failure;

pub(crate) use words::{day_text, opening_key};

/// Rows of one page of a list.
const LIST_ROWS: u32 = 50;
/// The largest form of an agreement, in bytes: fifty parties and forty scopes.
const FORM_BYTES_MAX: usize = 512 * 1024;

/// The routes of agreements, of members and of the public register.
pub fn routes() -> Router<App> {
    let forms = Router::new()
        .route(
            "/network/agreements",
            get(list::show).post(writing::propose),
        )
        .route("/network/agreements/new", get(writing::blank))
        .route(
            "/network/agreements/{id}/terms",
            get(writing::edit).post(writing::amend),
        )
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX));
    let acts = Router::new()
        .route("/network/agreements/{id}/discuss", post(verbs::discuss))
        .route("/network/agreements/{id}/agree", post(verbs::agree))
        .route("/network/agreements/{id}/sign", post(verbs::sign))
        .route("/network/agreements/{id}/withdraw", post(verbs::withdraw))
        .route("/network/agreements/{id}/leave", post(verbs::leave))
        .route("/network/agreements/{id}/revoke", post(verbs::revoke))
        .route("/network/agreements/{id}/keep", post(verbs::keep))
        .route("/network/agreements/{id}/renew", post(verbs::renew))
        .route(
            "/network/agreements/{id}/obligations",
            post(promises::add_obligation),
        )
        .route(
            "/network/agreements/{id}/obligations/{obligation}/done",
            post(promises::done),
        )
        .route("/network/agreements/{id}/events", post(promises::add_event));
    let documents = Router::new()
        .route(
            "/network/agreements/{id}/documents",
            post(documents::keep).layer(DefaultBodyLimit::max(documents::UPLOAD_BYTES_MAX)),
        )
        .route(
            "/network/agreements/{id}/documents/{digest}",
            get(documents::show),
        )
        .route(
            "/network/agreements/{id}/events/{event}/minutes",
            post(minutes::keep).layer(DefaultBodyLimit::max(documents::UPLOAD_BYTES_MAX)),
        )
        .route(
            "/network/agreements/{id}/events/{event}/minutes/{digest}",
            get(minutes::show),
        );
    Router::new()
        .merge(forms)
        .merge(acts)
        .merge(documents)
        .route("/network/agreements/{id}", get(page::show))
        .route("/network/obligations", get(board::show))
        .route("/network/access", get(access_table::show))
        .route("/kesepakatan", get(register::list))
        .route("/kesepakatan.ics", get(register::calendar))
        .route("/kesepakatan/{id}", get(register::show))
}

/// The agreement called `id`, for a party, its proposer or the operator; to others it is not there.
async fn seen(app: &App, who: &SignedIn, id: &str) -> Result<Agreement, Failure> {
    let agreement = app
        .store
        .agreement(AgreementId::parse(id).ok_or(Failure::NotFound)?)
        .await?;
    let operator = who.organisation().kind == OrganisationKind::Operator;
    if operator || takes_part(who, &agreement) {
        Ok(agreement)
    } else {
        Err(Failure::NotFound)
    }
}

/// The same, for those who may act on it: its parties that have not left, and until all have
/// signed also its proposer. The operator only reads.
async fn own(app: &App, who: &SignedIn, id: &str) -> Result<Agreement, Failure> {
    let agreement = seen(app, who, id).await?;
    let (own, day) = (who.organisation().id, today(crate::clock::now()));
    let unsigned = agreement.standing(day) == Standing::Unsigned;
    if agreement.terms.binds(own, day) || (unsigned && agreement.proposed_by == own) {
        Ok(agreement)
    } else {
        Err(Failure::NotFound)
    }
}

fn takes_part(who: &SignedIn, agreement: &Agreement) -> bool {
    let own = who.organisation().id;
    let party = agreement
        .terms
        .parties
        .iter()
        .any(|party| party.organisation == own);
    party || agreement.proposed_by == own
}

/// Keeps changed agreements and opens and shuts doors accordingly. False when somebody else was
/// first.
async fn keep(app: &App, changed: &[(&Agreement, AuditEvent)]) -> Result<bool, Failure> {
    match app.store.update_agreements(changed).await {
        Ok(()) => {
            app.agreed_access.renew(&app.store).await?;
            app.access_changed();
            Ok(true)
        }
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn act(who: &SignedIn, kind: AuditKind, id: AgreementId, note: &str) -> AuditEvent {
    crate::desk::event(who, kind, id.0, crate::clock::now(), note)
}

fn place(id: AgreementId) -> String {
    format!("/network/agreements/{id}")
}
