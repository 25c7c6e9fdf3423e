//! Changing one's own password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::member::Member;
use domain::proof::second_factor_is_wanted;
use serde::Deserialize;

use super::new_password::{self, Wanted};
use crate::access::password::PasswordError;
use crate::access::screening::least_chars;
use crate::access::sign_in::wait_in_words;
use crate::access::{SignedIn, letters, session};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

#[derive(Debug, Template)]
#[template(path = "account/password.html")]
pub(crate) struct PasswordPage {
    frame: Frame,
    hint: String,
    fault: Option<String>,
}

impl Page for PasswordPage {
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

/// The fields of the form.
#[derive(Deserialize)]
pub(super) struct ChangeFields {
    sandi: String,
    baru: String,
    ulang: String,
}

/// `GET /account/password`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<PasswordPage>, Failure> {
    let least = least_of(&app, &who).await?;
    Ok(Html(PasswordPage {
        hint: new_password::hint(&frame, least),
        frame,
        fault: None,
    }))
}

/// `POST /account/password`
pub(super) async fn change(
    who: SignedIn,
    frame: Frame,
    client: Client,
    State(app): State<App>,
    Fields(fields): Fields<ChangeFields>,
) -> Result<Response, Failure> {
    let least = least_of(&app, &who).await?;
    let fault = match try_change(&app, &who, &frame, client, fields, least).await? {
        Ok(()) => return Ok(Redirect::to("/account?kabar=sandi").into_response()),
        Err(fault) => fault,
    };
    Ok(Html(PasswordPage {
        hint: new_password::hint(&frame, least),
        frame,
        fault: Some(fault),
    })
    .into_response())
}

async fn try_change(
    app: &App,
    who: &SignedIn,
    frame: &Frame,
    client: Client,
    fields: ChangeFields,
    least: usize,
) -> Result<Result<(), String>, Failure> {
    let member = who.member();
    if let Err(sentence) = knows(app, member, frame, client, fields.sandi).await? {
        return Ok(Err(sentence));
    }
    if fields.baru != fields.ulang {
        return Ok(Err(frame.t("password-not-twice")));
    }
    let wanted = Wanted {
        password: fields.baru,
        least,
        own: vec![&member.name, &member.email, &who.organisation().name],
    };
    let hash = match new_password::hashed(app, frame, wanted).await? {
        Ok(hash) => hash,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let event = session::event(AuditKind::PasswordChanged, member.id, frame.now, "");
    let notice = letters::password_changed(app, frame, member).await?;
    app.store
        .set_password(member.id, &hash, who.session(), &notice, &event)
        .await?;
    app.access_changed();
    app.mail.ring();
    Ok(Ok(()))
}

/// Whether `password` is the member's, or a sentence that says it is not.
pub(super) async fn knows(
    app: &App,
    member: &Member,
    frame: &Frame,
    client: Client,
    password: String,
) -> Result<Result<(), String>, Failure> {
    if let Err(wait_s) = app.sign_in_guard.knock(&member.email, client, frame.now) {
        let wait = wait_in_words(frame, wait_s);
        return Ok(Err(frame.t1("sign-in-wait", "wait", wait)));
    }
    let hash = app.store.password_hash(member.id).await?;
    match app.sign_in_guard.checker.check(password, Some(hash)).await {
        Ok(true) => {
            app.sign_in_guard.forgive(&member.email);
            Ok(Ok(()))
        }
        Ok(false) => {
            let account = Some(member.id.0);
            app.sign_in_guard
                .record_failure(&app.store, account, frame.now)
                .await?;
            Ok(Err(frame.t("password-wrong-now")))
        }
        Err(PasswordError::Busy) => Ok(Err(frame.t("sign-in-busy"))),
        Err(error) => {
            tracing::error!(%error, "a password could not be checked");
            Err(Failure::Internal)
        }
    }
}

/// Characters the member's password must have: fewer where a second factor stands beside it.
async fn least_of(app: &App, who: &SignedIn) -> Result<usize, Failure> {
    let wanted = second_factor_is_wanted(who.organisation().kind, who.member().role);
    let has = app.store.has_second_factor(who.member().id).await?;
    Ok(least_chars(wanted || has))
}
