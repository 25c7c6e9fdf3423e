//! Taking a passkey away.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::{MemberId, PasskeyId};
use serde::Deserialize;
use store::PasskeyRow;

use super::password;
use super::second_factor::{has_device, is_wanted, last_factor, why_it_stays};
use crate::access::{SignedIn, letters, session};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

#[derive(Debug, Template)]
#[template(path = "account/passkey_removal.html")]
pub(crate) struct PasskeyRemovalPage {
    frame: Frame,
    id: String,
    name: String,
    last: bool,
    /// Whether it must stay: the last second factor of somebody whose duties ask for one.
    needed: bool,
    fault: Option<String>,
    code: StatusCode,
}

impl Page for PasskeyRemovalPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

/// A passkey of a member, and whether it is the last second factor they have.
struct Removable {
    row: PasskeyRow,
    last: bool,
}

async fn find(app: &App, member: MemberId, id: &str) -> Result<Removable, Failure> {
    let id = PasskeyId::parse(id).ok_or(Failure::NotFound)?;
    let rows = app.store.passkeys(member).await?;
    let last = rows.len() == 1 && !has_device(app, member).await?;
    let row = rows.into_iter().find(|row| row.id == id);
    let row = row.ok_or(Failure::NotFound)?;
    Ok(Removable { row, last })
}

/// `GET /account/passkeys/{id}/remove`: is it meant?
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<PasskeyRemovalPage>, Failure> {
    let passkey = find(&app, who.member().id, &id).await?;
    Ok(Html(page(frame, &who, passkey)))
}

/// The field of the form.
#[derive(Deserialize)]
pub(super) struct RemoveFields {
    sandi: String,
}

/// `POST /account/passkeys/{id}/remove`
pub(super) async fn remove(
    who: SignedIn,
    frame: Frame,
    client: Client,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(fields): Fields<RemoveFields>,
) -> Result<Response, Failure> {
    let member = who.member();
    let passkey = find(&app, member.id, &id).await?;
    let last = last_factor(&who.visitor(), &fields.sandi);
    if let Err(fault) = password::knows(&app, member, &frame, client, fields.sandi).await? {
        return Ok(faulty(page(frame, &who, passkey), fault));
    }
    let row = &passkey.row;
    let note = row.id.to_string();
    let event = session::event(AuditKind::PasskeyRemoved, member.id, frame.now, &note);
    let notice = letters::passkey_removed(&app, &frame, member, &row.name).await?;
    let gone = app
        .store
        .remove_passkey(member.id, row.id, last, who.session(), &notice, &event)
        .await?;
    if !gone {
        let fault = why_it_stays(&who.visitor(), &frame)?;
        return Ok(faulty(page(frame, &who, passkey), fault));
    }
    app.access_changed();
    app.mail.ring();
    Ok(Redirect::to("/account/passkeys?kabar=hapus").into_response())
}

fn faulty(page: PasskeyRemovalPage, fault: String) -> Response {
    Html(PasskeyRemovalPage {
        fault: Some(fault),
        code: StatusCode::UNPROCESSABLE_ENTITY,
        ..page
    })
    .into_response()
}

fn page(frame: Frame, who: &SignedIn, passkey: Removable) -> PasskeyRemovalPage {
    PasskeyRemovalPage {
        needed: passkey.last && is_wanted(&who.visitor()),
        last: passkey.last,
        id: passkey.row.id.to_string(),
        name: passkey.row.name,
        frame,
        fault: None,
        code: StatusCode::OK,
    }
}
