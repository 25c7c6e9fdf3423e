//! The link in an invitation: the person sets a password and is a member.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::MemberId;
use domain::audit::AuditKind;
use domain::invitation::{Invitation, InvitationRefusal};
use domain::organisation::Organisation;
use domain::proof::{Proof, second_factor_is_wanted};
use serde::Deserialize;
use store::StoreError;

use super::new_password::{self, Wanted};
use crate::access::screening::least_chars;
use crate::access::session::{self, Arrival};
use crate::access::token;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

#[derive(Debug, Template)]
#[template(path = "account/invitation.html")]
pub(crate) struct InvitationPage {
    frame: Frame,
    token: String,
    name: String,
    email: String,
    organisation: String,
    role: String,
    hint: String,
    wanted: bool,
    fault: Option<String>,
}

impl Page for InvitationPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.fault.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// A link that opens nothing, and what to do.
#[derive(Debug, Template)]
#[template(path = "account/dead_link.html")]
pub(crate) struct DeadLinkPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) mend: String,
    pub(super) again: bool,
}

impl Page for DeadLinkPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        StatusCode::GONE
    }
}

/// The fields of the form.
#[derive(Deserialize)]
pub(super) struct JoinFields {
    baru: String,
    ulang: String,
}

/// `GET /undangan/{token}`
pub(super) async fn show(
    frame: Frame,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let invitation = find(&app, &token).await?;
    if let Err(refusal) = invitation.accept(MemberId(invitation.id.0), frame.now) {
        return Ok(dead(frame, refusal));
    }
    let organisation = app.store.organisation(invitation.organisation).await?;
    Ok(page(frame, token, &invitation, organisation, None))
}

/// `POST /undangan/{token}`
pub(super) async fn accept(
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    State(app): State<App>,
    Path(token): Path<String>,
    Fields(fields): Fields<JoinFields>,
) -> Result<Response, Failure> {
    let invitation = find(&app, &token).await?;
    let id = MemberId(crate::clock::fresh_id());
    let member = match invitation.accept(id, frame.now) {
        Ok(member) => member,
        Err(refusal) => return Ok(dead(frame, refusal)),
    };
    let organisation = app.store.organisation(invitation.organisation).await?;
    if fields.baru != fields.ulang {
        let fault = Some(frame.t("password-not-twice"));
        return Ok(page(frame, token, &invitation, organisation, fault));
    }
    let wanted = Wanted {
        password: fields.baru,
        least: least_for(&invitation, &organisation),
        own: vec![&member.name, &member.email, &organisation.name],
    };
    let hash = match new_password::hashed(&app, &frame, wanted).await? {
        Ok(hash) => hash,
        Err(fault) => return Ok(page(frame, token, &invitation, organisation, Some(fault))),
    };
    let note = member.role.as_str();
    let event = session::event(AuditKind::InvitationAccepted, id, frame.now, note);
    let accepted = app
        .store
        .accept_invitation(invitation.id, &member, &hash, frame.now, &event)
        .await;
    match accepted {
        Ok(()) => {}
        // Opened in two windows, or twice by one finger.
        Err(StoreError::Conflict) => return Ok(dead(frame, InvitationRefusal::Used)),
        Err(error) => return Err(error.into()),
    }
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let cookies = session::begin(&app, &arrival, &member, Proof::Password).await?;
    Ok(session::with_cookies(cookies, Redirect::to("/account")))
}

async fn find(app: &App, token: &str) -> Result<Invitation, Failure> {
    let digest = token::digest_of(token).ok_or(Failure::NotFound)?;
    let found = app.store.invitation(&digest).await?;
    found.ok_or(Failure::NotFound)
}

fn least_for(invitation: &Invitation, organisation: &Organisation) -> usize {
    least_chars(second_factor_is_wanted(organisation.kind, invitation.role))
}

fn page(
    frame: Frame,
    token: String,
    invitation: &Invitation,
    organisation: Organisation,
    fault: Option<String>,
) -> Response {
    Html(InvitationPage {
        hint: new_password::hint(&frame, least_for(invitation, &organisation)),
        role: frame.t(&format!("role-{}", invitation.role.as_str())),
        wanted: second_factor_is_wanted(organisation.kind, invitation.role),
        frame,
        token,
        name: invitation.name.clone(),
        email: invitation.email.clone(),
        organisation: organisation.name,
        fault,
    })
    .into_response()
}

fn dead(frame: Frame, refusal: InvitationRefusal) -> Response {
    let (title, mend) = match refusal {
        InvitationRefusal::Used => ("invitation-used", "invitation-used-mend"),
        InvitationRefusal::Withdrawn => ("invitation-withdrawn", "invitation-withdrawn-mend"),
        InvitationRefusal::Expired => ("invitation-expired", "invitation-expired-mend"),
    };
    Html(DeadLinkPage {
        title: frame.t(title),
        mend: frame.t(mend),
        frame,
        again: false,
    })
    .into_response()
}
