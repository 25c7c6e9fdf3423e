//! Taking a passkey away.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::limits::PASSWORD_ALONE_MIN_CHARS;
use domain::{MemberId, PasskeyId};
use serde::Deserialize;
use store::PasskeyRow;

use super::password;
use super::second_factor::{has_device, is_wanted};
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
    if passkey.last && is_wanted(&who.visitor()) {
        return Err(Failure::Forbidden);
    }
    // A short password may stand only beside a second factor.
    let short = passkey.last && fields.sandi.chars().count() < PASSWORD_ALONE_MIN_CHARS;
    let known = password::knows(&app, member, &frame, client, fields.sandi).await?;
    let fault = match known {
        Err(sentence) => Some(sentence),
        Ok(()) => short.then(|| frame.t("factor-password-short")),
    };
    if let Some(fault) = fault {
        return Ok(Html(PasskeyRemovalPage {
            fault: Some(fault),
            code: StatusCode::UNPROCESSABLE_ENTITY,
            ..page(frame, &who, passkey)
        })
        .into_response());
    }
    let row = passkey.row;
    let note = row.id.to_string();
    let event = session::event(AuditKind::PasskeyRemoved, member.id, frame.now, &note);
    let notice = letters::passkey_removed(&app, &frame, member, &row.name).await?;
    app.store
        .remove_passkey(member.id, row.id, who.session(), &notice, &event)
        .await?;
    app.access_changed();
    app.mail.ring();
    Ok(Redirect::to("/account/passkeys?kabar=hapus").into_response())
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
