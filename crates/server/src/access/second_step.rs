//! The second step of signing in: a code from the member's device, a recovery code, or a passkey.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Timestamp;
use domain::audit::AuditKind;
use domain::member::Member;
use domain::proof::{MissingProof, Proof};
use serde::Deserialize;

use super::one_time_code::{self, CodeCheck};
use super::passkey_entry::PasskeyButton;
use super::session::{self, Arrival, Standing};
use super::sign_in::{wait_in_words, way_back};
use super::{letters, recovery};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Page};

#[derive(Debug, Template)]
#[template(path = "access/second_step.html")]
struct SecondStepPage {
    frame: Frame,
    back: String,
    name: String,
    /// Whether the member has a device that gives codes.
    has_device: bool,
    /// The button that asks for a passkey, where the member has one.
    passkey: Option<PasskeyButton>,
    fault: Option<String>,
    code: StatusCode,
}

impl Page for SecondStepPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct WayBack {
    #[serde(default)]
    kembali: String,
}

/// The fields of the form.
#[derive(Deserialize)]
pub struct CodeFields {
    kode: String,
    #[serde(default)]
    kembali: String,
}

/// Why a code did not open the door, in a sentence.
pub(crate) enum CodeFault {
    /// No such code.
    Wrong,
    /// It was used before.
    Used,
    /// The device's clock is off by so many seconds.
    ClockOff(i64),
    /// Too many tries; wait so many seconds.
    Wait(u64),
}

impl CodeFault {
    /// The sentence.
    pub(crate) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::Wrong => frame.t("code-wrong"),
            Self::Used => frame.t("code-used"),
            Self::ClockOff(seconds) => {
                let off =
                    crate::web::moment::span(frame.language, seconds.abs() * Timestamp::SECOND_US);
                let key = if *seconds < 0 {
                    "code-clock-slow"
                } else {
                    "code-clock-fast"
                };
                frame.t1(key, "off", off)
            }
            Self::Wait(seconds) => frame.t1("sign-in-wait", "wait", wait_in_words(frame, *seconds)),
        }
    }

    /// The code of the answer.
    pub(crate) fn code(&self) -> StatusCode {
        match self {
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// `GET /masuk/langkah-dua`
pub async fn show(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    Query(way): Query<WayBack>,
) -> Result<Response, Failure> {
    let back = way_back(&way.kembali);
    match standing {
        Standing::Half(visitor, MissingProof::Code) => {
            let page = page(&app, frame, back, &visitor.member, None).await?;
            Ok(Html(page).into_response())
        }
        Standing::Nobody => Err(Failure::SignIn { back }),
        Standing::Half(_, MissingProof::Device) | Standing::Whole(_) => {
            Ok(Redirect::to(&back).into_response())
        }
    }
}

async fn page(
    app: &App,
    frame: Frame,
    back: String,
    member: &Member,
    fault: Option<CodeFault>,
) -> Result<SecondStepPage, Failure> {
    let device = app.store.one_time_code(member.id).await?;
    let passkeys = app.store.passkeys(member.id).await?;
    let button = PasskeyButton::of(app, &frame, &back);
    Ok(SecondStepPage {
        has_device: device.is_some_and(|code| code.confirmed_at.is_some()),
        passkey: button.filter(|_| !passkeys.is_empty()),
        code: fault.as_ref().map_or(StatusCode::OK, CodeFault::code),
        fault: fault.map(|fault| fault.text(&frame)),
        frame,
        back,
        name: member.name.clone(),
    })
}

/// `POST /masuk/langkah-dua`
pub async fn submit(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    Fields(fields): Fields<CodeFields>,
) -> Result<Response, Failure> {
    let back = way_back(&fields.kembali);
    let visitor = match standing {
        Standing::Half(visitor, MissingProof::Code) => visitor,
        Standing::Nobody => return Err(Failure::SignIn { back }),
        Standing::Half(..) | Standing::Whole(_) => return Ok(Redirect::to(&back).into_response()),
    };
    let member = &visitor.member;
    if let Err(fault) = prove(&app, &frame, member, &fields.kode).await? {
        let wait = match fault {
            CodeFault::Wait(seconds) => Some(seconds),
            _ => {
                let account = Some(member.id.0);
                app.sign_in_guard
                    .record_failure(&app.store, account, frame.now)
                    .await?;
                None
            }
        };
        let page = page(&app, frame, back, member, Some(fault)).await?;
        let mut response = Html(page).into_response();
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        return Ok(response);
    }
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let cookies = session::begin(&app, &arrival, member, Proof::SecondFactor).await?;
    Ok(session::with_cookies(cookies, Redirect::to(&back)))
}

/// Whether `typed` is a code of the member's device or a recovery code; it is used up.
pub(crate) async fn prove(
    app: &App,
    frame: &Frame,
    member: &Member,
    typed: &str,
) -> Result<Result<(), CodeFault>, Failure> {
    if let Err(wait_s) = app.sign_in_guard.try_code(member, frame.now) {
        return Ok(Err(CodeFault::Wait(wait_s)));
    }
    let right = if recovery::looks_like_one(typed) {
        let digest = recovery::digest(member.id, typed);
        let event = session::event(AuditKind::RecoveryCodeUsed, member.id, frame.now, "");
        let left = app.store.recovery_codes_left(member.id).await? - 1;
        let notice = letters::recovery_used(app, frame, member, left).await?;
        let used = app
            .store
            .use_recovery_code(member.id, digest, &notice, &event)
            .await?;
        if used { Ok(()) } else { Err(CodeFault::Wrong) }
    } else {
        with_device(app, frame, member, typed).await?
    };
    if right.is_ok() {
        app.sign_in_guard.forgive_codes(member);
        app.mail.ring();
    }
    Ok(right)
}

async fn with_device(
    app: &App,
    frame: &Frame,
    member: &Member,
    typed: &str,
) -> Result<Result<(), CodeFault>, Failure> {
    let code = app.store.one_time_code(member.id).await?;
    // Whoever has passkeys alone can type a recovery code here and nothing else.
    let Some(code) = code.filter(|code| code.confirmed_at.is_some()) else {
        return Ok(Err(CodeFault::Wrong));
    };
    Ok(match one_time_code::check(&code.secret, typed, frame.now) {
        CodeCheck::Right(step) if app.store.use_step(member.id, step).await? => Ok(()),
        CodeCheck::Right(_) => Err(CodeFault::Used),
        CodeCheck::ClockOff(seconds) => Err(CodeFault::ClockOff(seconds)),
        CodeCheck::Wrong => Err(CodeFault::Wrong),
    })
}
