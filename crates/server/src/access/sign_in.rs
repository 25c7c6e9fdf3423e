//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use serde::Deserialize;
use uuid::Uuid;

use super::attempts::Attempts;
use super::demo_door::{self, DemoMember};
use super::password::{Checker, PasswordError};
use super::{limits, session};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page, address};

/// What guards the way in: few tries, few hashes at once.
#[derive(Debug)]
pub struct Door {
    checker: Checker,
    accounts: Attempts,
    addresses: Attempts,
}

impl Door {
    /// With the limits of this folder.
    pub fn new() -> Self {
        let keys = limits::ATTEMPT_KEYS;
        Self {
            checker: Checker::new(),
            accounts: Attempts::new(
                limits::ATTEMPTS_PER_ACCOUNT,
                limits::ATTEMPT_PER_ACCOUNT_EVERY_US,
                keys,
            ),
            addresses: Attempts::new(
                limits::ATTEMPTS_PER_ADDRESS,
                limits::ATTEMPT_PER_ADDRESS_EVERY_US,
                keys,
            ),
        }
    }

    /// Takes one attempt of this account and of this address, or says how long to wait in seconds.
    fn knock(&self, email: &str, client: Client, now: Timestamp) -> Result<(), u64> {
        self.addresses.take(&client.network(), now)?;
        self.accounts.take(email.as_bytes(), now)
    }
}

impl Default for Door {
    fn default() -> Self {
        Self::new()
    }
}

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Wrong,
    Wait,
    Busy,
}

#[derive(Debug, Template)]
#[template(path = "access/sign_in.html")]
struct SignInPage {
    frame: Frame,
    back: String,
    email: String,
    refusal: Option<Refusal>,
    wait: String,
    demo_members: Vec<DemoMember>,
}

impl Page for SignInPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        match self.refusal {
            None => StatusCode::OK,
            Some(Refusal::Wrong) => StatusCode::UNPROCESSABLE_ENTITY,
            Some(Refusal::Wait | Refusal::Busy) => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

impl SignInPage {
    fn refusal_text(&self) -> String {
        match self.refusal {
            None => String::new(),
            Some(Refusal::Wrong) => self.frame.t("sign-in-wrong"),
            Some(Refusal::Wait) => self.frame.t1("sign-in-wait", "wait", self.wait.as_str()),
            Some(Refusal::Busy) => self.frame.t("sign-in-busy"),
        }
    }
}

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub struct WayBack {
    #[serde(default)]
    kembali: String,
}

/// The page that was asked for before signing in; the desk where none was.
pub(super) fn way_back(wanted: &str) -> String {
    if wanted.is_empty() {
        "/desk".to_owned()
    } else {
        address::local(wanted)
    }
}

/// The sign-in page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    client: Client,
    Query(way): Query<WayBack>,
) -> Result<Response, Failure> {
    if frame.visitor.is_some() {
        return Ok(Redirect::to(&way_back(&way.kembali)).into_response());
    }
    let demo_members = demo_door::members(&app, client).await?;
    let page = SignInPage {
        frame,
        back: way_back(&way.kembali),
        email: String::new(),
        refusal: None,
        wait: String::new(),
        demo_members,
    };
    Ok(Html(page).into_response())
}

/// The fields of the sign-in form.
#[derive(Deserialize)]
pub struct SignInFields {
    surel: String,
    sandi: String,
    #[serde(default)]
    kembali: String,
}

/// Checks the sign-in form.
pub async fn submit(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    Fields(fields): Fields<SignInFields>,
) -> Result<Response, Failure> {
    let now = frame.now;
    let email: String = fields
        .surel
        .trim()
        .to_lowercase()
        .chars()
        .take(EMAIL_MAX_CHARS)
        .collect();
    let back = way_back(&fields.kembali);
    let again = |refusal, wait_s: u64| {
        let wait = i64::try_from(wait_s)
            .unwrap_or(i64::MAX)
            .saturating_mul(Timestamp::SECOND_US);
        let wait = crate::web::moment::span(
            frame.language,
            wait.saturating_add(Timestamp::MINUTE_US - 1),
        );
        let page = SignInPage {
            frame: frame.clone(),
            back: back.clone(),
            email: email.clone(),
            refusal: Some(refusal),
            wait,
            demo_members: Vec::new(),
        };
        let mut response = Html(page).into_response();
        if wait_s > 0 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, wait_s.into());
        }
        response
    };
    if let Err(wait_s) = door.knock(&email, client, now) {
        return Ok(again(Refusal::Wait, wait_s));
    }
    let known = app
        .store
        .member_by_email(&email)
        .await?
        .filter(|(member, _)| member.active);
    let (member, hash) = known.unzip();
    let matches = match door.checker.check(fields.sandi, hash).await {
        Ok(matches) => matches,
        Err(PasswordError::Busy) => return Ok(again(Refusal::Busy, BUSY_RETRY_S)),
        Err(error) => {
            tracing::error!(%error, "a password could not be checked");
            return Err(Failure::Internal);
        }
    };
    let Some(member) = member.clone().filter(|_| matches) else {
        let subject = member.map_or(Uuid::nil(), |member| member.id.0);
        record_failure(&app, subject, now).await?;
        return Ok(again(Refusal::Wrong, 0));
    };
    door.accounts.forgive(email.as_bytes());
    let cookie = session::open(&app, &headers, member.id, now, "").await?;
    Ok((
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Redirect::to(&back),
    )
        .into_response())
}

/// The longest e-mail address there is (RFC 5321), in characters.
const EMAIL_MAX_CHARS: usize = 254;
/// When too many sign-ins wait, try again in this many seconds.
const BUSY_RETRY_S: u64 = 5;

async fn record_failure(app: &App, subject: Uuid, at: Timestamp) -> Result<(), Failure> {
    let event = AuditEvent {
        at,
        actor: Actor::Public,
        kind: AuditKind::SignInFailed,
        subject,
        note: String::new(),
    };
    Ok(app.store.record_audit(&event).await?)
}

/// Ends the session.
pub async fn leave(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if let Some(visitor) = &frame.visitor {
        session::close(&app, visitor.session, visitor.member.id, frame.now).await?;
    }
    Ok((
        AppendHeaders([(header::SET_COOKIE, session::no_cookie(&headers))]),
        Redirect::to("/"),
    )
        .into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_and_one_address_are_slowed_apart() {
        let door = Door::new();
        let client = |last| Client::at(&format!("10.0.0.{last}"));
        for _ in 0..limits::ATTEMPTS_PER_ACCOUNT {
            assert_eq!(door.knock("a@x.example", client(1), Timestamp(0)), Ok(()));
        }
        assert!(
            door.knock("a@x.example", client(2), Timestamp(0)).is_err(),
            "the account is slowed everywhere"
        );
        for n in limits::ATTEMPTS_PER_ACCOUNT..limits::ATTEMPTS_PER_ADDRESS {
            assert_eq!(
                door.knock(&format!("{n}@x.example"), client(1), Timestamp(0)),
                Ok(())
            );
        }
        assert!(
            door.knock("new@x.example", client(1), Timestamp(0))
                .is_err(),
            "the address is slowed for all"
        );
    }
}
