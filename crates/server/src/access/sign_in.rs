//! Signing in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Timestamp;
use domain::proof::{MissingProof, Proof};
use serde::Deserialize;

use super::demo_door::{self, DemoMember};
use super::passkey_entry::PasskeyButton;
use super::password::PasswordError;
use super::session::{self, Arrival, Standing};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page, address};

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
    provider: Option<String>,
    passkey: Option<PasskeyButton>,
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

/// The sign-in page. Whoever gave a password already is led to the second step, which can be
/// cancelled: until then a passkey of somebody else is refused in this browser.
pub async fn show(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    client: Client,
    Query(way): Query<WayBack>,
) -> Result<Response, Failure> {
    let back = way_back(&way.kembali);
    match standing {
        Standing::Whole(_) => return Ok(Redirect::to(&back).into_response()),
        Standing::Half(_, MissingProof::Code) => return Err(Failure::SecondStep { back }),
        Standing::Half(_, MissingProof::Device) | Standing::Nobody => {}
    }
    let demo_members = demo_door::members(&app, client).await?;
    let page = SignInPage {
        passkey: PasskeyButton::of(&app, &frame, &back),
        frame,
        back,
        email: String::new(),
        refusal: None,
        wait: String::new(),
        demo_members,
        provider: name_of_provider(&app),
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
        let wait = wait_in_words(&frame, wait_s);
        let page = SignInPage {
            passkey: PasskeyButton::of(&app, &frame, &back),
            frame: frame.clone(),
            back: back.clone(),
            email: email.clone(),
            refusal: Some(refusal),
            wait,
            demo_members: Vec::new(),
            provider: name_of_provider(&app),
        };
        let mut response = Html(page).into_response();
        if wait_s > 0 {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, wait_s.into());
        }
        response
    };
    let guard = &app.sign_in_guard;
    if let Err(wait_s) = guard.knock(&email, client, now) {
        return Ok(again(Refusal::Wait, wait_s));
    }
    let known = app
        .store
        .member_by_email(&email)
        .await?
        .filter(|(member, _)| member.active);
    let (member, hash) = known.unzip();
    let matches = match guard.checker.check(fields.sandi, hash).await {
        Ok(matches) => matches,
        Err(PasswordError::Busy) => return Ok(again(Refusal::Busy, BUSY_RETRY_S)),
        Err(error) => {
            tracing::error!(%error, "a password could not be checked");
            return Err(Failure::Internal);
        }
    };
    let Some(member) = member.clone().filter(|_| matches) else {
        let account = member.map(|member| member.id.0);
        guard.record_failure(&app.store, account, now).await?;
        return Ok(again(Refusal::Wrong, 0));
    };
    guard.forgive(&email);
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let cookies = session::begin(&app, &arrival, &member, Proof::Password).await?;
    // A member who has more to prove is led there from the page they asked for.
    Ok(session::with_cookies(cookies, Redirect::to(&back)))
}

fn name_of_provider(app: &App) -> Option<String> {
    let provider = app.provider.as_ref()?;
    Some(provider.name().to_owned())
}

/// A wait as people say it, whole minutes at least.
pub(crate) fn wait_in_words(frame: &Frame, wait_s: u64) -> String {
    let wait = i64::try_from(wait_s)
        .unwrap_or(i64::MAX)
        .saturating_mul(Timestamp::SECOND_US);
    crate::web::moment::span(
        frame.language,
        wait.saturating_add(Timestamp::MINUTE_US - 1),
    )
}

/// The longest e-mail address there is (RFC 5321), in characters.
const EMAIL_MAX_CHARS: usize = 254;
/// When too many sign-ins wait, try again in this many seconds.
const BUSY_RETRY_S: u64 = 5;

/// Ends the session.
pub async fn leave(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if let Standing::Half(visitor, _) | Standing::Whole(visitor) = &standing {
        session::close(&app, visitor.session, visitor.member.id, frame.now).await?;
    }
    let gone = vec![session::no_cookie(&headers)];
    Ok(session::with_cookies(gone, Redirect::to("/")))
}
