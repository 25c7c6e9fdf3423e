//! A forgotten password: a link by mail sets a new one. The answer is the same whether the address
//! has an account or not.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::member::Member;
use domain::proof::second_factor_is_wanted;
use serde::Deserialize;
use store::StoreError;

use super::invitation::DeadLinkPage;
use super::new_password::{self, Wanted};
use crate::access::limits::RESET_LIFE_US;
use crate::access::screening::least_chars;
use crate::access::sign_in::wait_in_words;
use crate::access::token::{self, Token};
use crate::access::{letters, session};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

/// The longest e-mail address there is (RFC 5321), in characters.
const EMAIL_MAX_CHARS: usize = 254;

#[derive(Debug, Template)]
#[template(path = "account/forgotten.html")]
pub(crate) struct ForgottenPage {
    frame: Frame,
    sent: bool,
    fault: Option<String>,
    code: StatusCode,
}

impl Page for ForgottenPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

#[derive(Debug, Template)]
#[template(path = "account/reset.html")]
pub(crate) struct ResetPage {
    frame: Frame,
    token: String,
    email: String,
    hint: String,
    done: bool,
    fault: Option<String>,
}

impl Page for ResetPage {
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

/// The field of the first form.
#[derive(Deserialize)]
pub(super) struct AskFields {
    surel: String,
}

/// The fields of the second form.
#[derive(Deserialize)]
pub(super) struct SetFields {
    baru: String,
    ulang: String,
}

/// `GET /lupa-sandi`
pub(super) async fn ask(frame: Frame) -> Html<ForgottenPage> {
    Html(ForgottenPage {
        frame,
        sent: false,
        fault: None,
        code: StatusCode::OK,
    })
}

/// `POST /lupa-sandi`
pub(super) async fn send(
    frame: Frame,
    client: Client,
    State(app): State<App>,
    Fields(fields): Fields<AskFields>,
) -> Result<Response, Failure> {
    let typed = fields.surel.trim().to_lowercase();
    let email: String = typed.chars().take(EMAIL_MAX_CHARS).collect();
    if let Err(wait_s) = app.sign_in_guard.ask_reset(&email, client, frame.now) {
        let wait = wait_in_words(&frame, wait_s);
        let page = ForgottenPage {
            fault: Some(frame.t1("sign-in-wait", "wait", wait)),
            frame,
            sent: false,
            code: StatusCode::TOO_MANY_REQUESTS,
        };
        let mut response = Html(page).into_response();
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, wait_s.into());
        return Ok(response);
    }
    let Some(site) = letters::site(&app, &frame) else {
        tracing::error!("no link can be sent: set KENTONGAN_ORIGIN");
        return Ok(Html(ForgottenPage {
            fault: Some(frame.t("forgotten-no-mail")),
            frame,
            sent: false,
            code: StatusCode::SERVICE_UNAVAILABLE,
        })
        .into_response());
    };
    let known = app.store.member_by_email(&email).await?;
    if let Some((member, _)) = known.filter(|(member, _)| member.active) {
        post_link(&app, &frame, &site, &member).await?;
    }
    Ok(Html(ForgottenPage {
        frame,
        sent: true,
        fault: None,
        code: StatusCode::OK,
    })
    .into_response())
}

async fn post_link(app: &App, frame: &Frame, site: &str, member: &Member) -> Result<(), Failure> {
    let token = Token::fresh();
    let expires_at = frame.now.plus_us(RESET_LIFE_US);
    let mail = letters::reset(app, frame, site, member, token.as_str(), expires_at).await?;
    let event = AuditEvent {
        at: frame.now,
        actor: Actor::Public,
        kind: AuditKind::PasswordResetAsked,
        subject: member.id.0,
        note: String::new(),
    };
    app.store
        .insert_reset(member.id, token.own_digest(), expires_at, &mail, &event)
        .await?;
    app.mail.ring();
    Ok(())
}

/// `GET /sandi-baru/{token}`
pub(super) async fn show(
    frame: Frame,
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let Some((member, least)) = find(&app, &frame, &token).await? else {
        return Ok(dead(frame));
    };
    Ok(Html(ResetPage {
        hint: new_password::hint(&frame, least),
        frame,
        token,
        email: member.email,
        done: false,
        fault: None,
    })
    .into_response())
}

/// `POST /sandi-baru/{token}`
pub(super) async fn set(
    frame: Frame,
    State(app): State<App>,
    Path(token): Path<String>,
    Fields(fields): Fields<SetFields>,
) -> Result<Response, Failure> {
    let Some((member, least)) = find(&app, &frame, &token).await? else {
        return Ok(dead(frame));
    };
    let fault = match try_set(&app, &frame, &token, &member, least, fields).await? {
        Ok(true) => None,
        Ok(false) => return Ok(dead(frame)),
        Err(sentence) => Some(sentence),
    };
    Ok(Html(ResetPage {
        hint: new_password::hint(&frame, least),
        frame,
        token,
        email: member.email,
        done: fault.is_none(),
        fault,
    })
    .into_response())
}

/// Sets the password; false when the link was used meanwhile.
async fn try_set(
    app: &App,
    frame: &Frame,
    token: &str,
    member: &Member,
    least: usize,
    fields: SetFields,
) -> Result<Result<bool, String>, Failure> {
    if fields.baru != fields.ulang {
        return Ok(Err(frame.t("password-not-twice")));
    }
    let organisation = app.store.organisation(member.organisation).await?;
    let wanted = Wanted {
        password: fields.baru,
        least,
        own: vec![&member.name, &member.email, &organisation.name],
    };
    let hash = match new_password::hashed(app, frame, wanted).await? {
        Ok(hash) => hash,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let digest = token::digest_of(token).ok_or(Failure::NotFound)?;
    let event = session::event(AuditKind::PasswordChanged, member.id, frame.now, "mail");
    let notice = letters::password_changed(app, frame, member).await?;
    let set = app
        .store
        .use_reset(member.id, digest, &hash, &notice, &event)
        .await;
    match set {
        Ok(()) => {}
        Err(StoreError::NotFound) => return Ok(Ok(false)),
        Err(error) => return Err(error.into()),
    }
    app.sign_in_guard.forgive(&member.email);
    app.access_changed();
    app.mail.ring();
    Ok(Ok(true))
}

async fn find(app: &App, frame: &Frame, token: &str) -> Result<Option<(Member, usize)>, Failure> {
    let digest = token::digest_of(token).ok_or(Failure::NotFound)?;
    let Some(member) = app.store.reset(&digest, frame.now).await? else {
        return Ok(None);
    };
    let organisation = app.store.organisation(member.organisation).await?;
    let beside = second_factor_is_wanted(organisation.kind, member.role)
        || app.store.has_second_factor(member.id).await?;
    Ok(Some((member, least_chars(beside))))
}

fn dead(frame: Frame) -> Response {
    Html(DeadLinkPage {
        title: frame.t("reset-dead"),
        mend: frame.t("reset-dead-mend"),
        frame,
        again: true,
    })
    .into_response()
}
