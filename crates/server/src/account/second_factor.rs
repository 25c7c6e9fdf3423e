//! The device that gives codes: adding one, fresh recovery codes, taking it away.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::MemberId;
use domain::audit::AuditKind;
use domain::limits::PASSWORD_ALONE_MIN_CHARS;
use domain::proof::{MissingProof, Proof, second_factor_is_wanted};
use serde::Deserialize;
use store::LastFactor;

use super::password;
use crate::access::one_time_code::{self, CodeCheck};
use crate::access::second_step::{CodeFault, prove};
use crate::access::session::{self, Arrival, Standing};
use crate::access::{SignedIn, letters, recovery};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Markup, Page, Visitor, qr};

/// The page of this file.
const HERE: &str = "/account/second-factor";
/// Letters of one group of the secret as it is shown.
const SECRET_GROUP: usize = 4;

#[derive(Debug, Template)]
#[template(path = "account/second_factor.html")]
pub(crate) struct SecondFactorPage {
    frame: Frame,
    /// Whether the member's duties ask for it.
    wanted: bool,
    /// Whether it must stay: the duties ask for it, and no passkey stands in for it.
    needed: bool,
    /// What a device needs to give the same codes; none once one does.
    fresh: Option<Fresh>,
    codes_left: String,
    fault: Option<String>,
    code: StatusCode,
}

#[derive(Debug)]
struct Fresh {
    picture: Markup,
    secret: String,
    address: String,
}

impl Page for SecondFactorPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

#[derive(Debug, Template)]
#[template(path = "account/recovery_codes.html")]
pub(crate) struct RecoveryCodesPage {
    pub(super) frame: Frame,
    pub(super) codes: Vec<String>,
}

impl Page for RecoveryCodesPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The field of a form that asks for a code.
#[derive(Deserialize)]
pub(super) struct CodeFields {
    kode: String,
}

/// The fields of the form that takes the device away.
#[derive(Deserialize)]
pub(super) struct RemoveFields {
    sandi: String,
    kode: String,
}

/// Who may add a second factor: a member, or one who still has to.
pub(super) fn adder(standing: Standing, back: &str) -> Result<Arc<Visitor>, Failure> {
    match standing {
        Standing::Whole(visitor) | Standing::Half(visitor, MissingProof::Device) => Ok(visitor),
        Standing::Half(_, MissingProof::Code) => Err(Failure::SecondStep {
            back: back.to_owned(),
        }),
        Standing::Nobody => Err(Failure::SignIn {
            back: back.to_owned(),
        }),
    }
}

/// `GET /account/second-factor`
pub(super) async fn show(
    standing: Standing,
    frame: Frame,
    State(app): State<App>,
) -> Result<Response, Failure> {
    let visitor = adder(standing, HERE)?;
    page(&app, frame, &visitor, None).await
}

/// `POST /account/second-factor`: the first code of a new device.
pub(super) async fn confirm(
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    State(app): State<App>,
    Fields(fields): Fields<CodeFields>,
) -> Result<Response, Failure> {
    let visitor = adder(standing, HERE)?;
    let member = &visitor.member;
    let begun = app.store.one_time_code(member.id).await?;
    let begun = begun
        .filter(|code| code.confirmed_at.is_none())
        .ok_or(Failure::Conflict)?;
    let step = match app.sign_in_guard.try_code(member, frame.now) {
        Err(wait_s) => Err(CodeFault::Wait(wait_s)),
        Ok(()) => match one_time_code::check(&begun.secret, &fields.kode, frame.now) {
            CodeCheck::Right(step) => Ok(step),
            CodeCheck::ClockOff(seconds) => Err(CodeFault::ClockOff(seconds)),
            CodeCheck::Wrong => Err(CodeFault::Wrong),
        },
    };
    let step = match step {
        Ok(step) => step,
        Err(fault) => return page(&app, frame, &visitor, Some(fault)).await,
    };
    app.sign_in_guard.forgive_codes(member);
    let codes = recovery::fresh();
    let digests = digests(&visitor, &codes);
    let event = session::event(AuditKind::SecondFactorAdded, member.id, frame.now, "");
    let notice = letters::factor_added(&app, &frame, member).await?;
    app.store
        .confirm_one_time_code(member.id, step, &digests, &notice, &event)
        .await?;
    // Sessions without the second proof are half-opened from now on.
    app.access_changed();
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let cookies = session::begin(&app, &arrival, member, Proof::SecondFactor).await?;
    let shown = Html(RecoveryCodesPage { frame, codes });
    Ok(session::with_cookies(cookies, shown))
}

/// `POST /account/second-factor/codes`
pub(super) async fn renew_codes(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Fields(fields): Fields<CodeFields>,
) -> Result<Response, Failure> {
    let visitor = who.visitor();
    if let Err(fault) = prove(&app, &frame, who.member(), &fields.kode).await? {
        return page(&app, frame, &visitor, Some(fault)).await;
    }
    let codes = recovery::fresh();
    let member = who.member();
    let event = session::event(AuditKind::RecoveryCodesRenewed, member.id, frame.now, "");
    let notice = letters::codes_renewed(&app, &frame, member).await?;
    app.store
        .renew_recovery_codes(member.id, &digests(&visitor, &codes), &notice, &event)
        .await?;
    app.mail.ring();
    Ok(Html(RecoveryCodesPage { frame, codes }).into_response())
}

/// `POST /account/second-factor/remove`
pub(super) async fn remove(
    who: SignedIn,
    frame: Frame,
    client: Client,
    State(app): State<App>,
    Fields(fields): Fields<RemoveFields>,
) -> Result<Response, Failure> {
    let visitor = who.visitor();
    let member = who.member();
    let last = last_factor(&visitor, &fields.sandi);
    if let Err(fault) = password::knows(&app, member, &frame, client, fields.sandi).await? {
        return faulty(&app, frame, &visitor, fault).await;
    }
    // The store decides; whoever sees it coming keeps their code.
    if last == LastFactor::Stays && app.store.passkeys(member.id).await?.is_empty() {
        let fault = why_it_stays(&visitor, &frame)?;
        return faulty(&app, frame, &visitor, fault).await;
    }
    if let Err(fault) = prove(&app, &frame, member, &fields.kode).await? {
        return page(&app, frame, &visitor, Some(fault)).await;
    }
    let event = session::event(AuditKind::SecondFactorRemoved, member.id, frame.now, "");
    let notice = letters::factor_removed(&app, &frame, member).await?;
    let gone = app
        .store
        .remove_one_time_code(member.id, last, &notice, &event)
        .await?;
    if !gone {
        let fault = why_it_stays(&visitor, &frame)?;
        return faulty(&app, frame, &visitor, fault).await;
    }
    app.mail.ring();
    Ok(Redirect::to("/account?kabar=lepas").into_response())
}

/// Whether the last second factor of this member may go, where `password` is theirs: not if the duties
/// ask for one, nor if the password is too short to stand alone.
pub(super) fn last_factor(visitor: &Visitor, password: &str) -> LastFactor {
    if is_wanted(visitor) || password.chars().count() < PASSWORD_ALONE_MIN_CHARS {
        LastFactor::Stays
    } else {
        LastFactor::MayGo
    }
}

/// Why the last second factor stayed, in a sentence; nobody is offered to remove one that the duties
/// ask for.
pub(super) fn why_it_stays(visitor: &Visitor, frame: &Frame) -> Result<String, Failure> {
    if is_wanted(visitor) {
        return Err(Failure::Forbidden);
    }
    Ok(frame.t("factor-password-short"))
}

/// Whether a member has a device that gives codes.
pub(super) async fn has_device(app: &App, member: MemberId) -> Result<bool, Failure> {
    let code = app.store.one_time_code(member).await?;
    Ok(code.is_some_and(|code| code.confirmed_at.is_some()))
}

pub(super) fn is_wanted(visitor: &Visitor) -> bool {
    second_factor_is_wanted(visitor.organisation.kind, visitor.member.role)
}

pub(super) fn digests(visitor: &Visitor, codes: &[String]) -> Vec<[u8; 32]> {
    let id = visitor.member.id;
    codes
        .iter()
        .map(|code| recovery::digest(id, code))
        .collect()
}

async fn page(
    app: &App,
    frame: Frame,
    visitor: &Visitor,
    fault: Option<CodeFault>,
) -> Result<Response, Failure> {
    match fault {
        None => drawn(app, frame, visitor, None, StatusCode::OK).await,
        Some(fault) => {
            let sentence = Some(fault.text(&frame));
            drawn(app, frame, visitor, sentence, fault.code()).await
        }
    }
}

/// The page with what is wrong about a form.
async fn faulty(
    app: &App,
    frame: Frame,
    visitor: &Visitor,
    sentence: String,
) -> Result<Response, Failure> {
    let code = StatusCode::UNPROCESSABLE_ENTITY;
    drawn(app, frame, visitor, Some(sentence), code).await
}

async fn drawn(
    app: &App,
    frame: Frame,
    visitor: &Visitor,
    fault: Option<String>,
    code: StatusCode,
) -> Result<Response, Failure> {
    let member = &visitor.member;
    let mut known = app.store.one_time_code(member.id).await?;
    if known.is_none() {
        app.store
            .begin_one_time_code(member.id, &one_time_code::fresh_secret())
            .await?;
        known = app.store.one_time_code(member.id).await?;
    }
    let known = known.ok_or(Failure::Internal)?;
    let left = app.store.recovery_codes_left(member.id).await?;
    let passkeys = app.store.passkeys(member.id).await?;
    let fresh = known.confirmed_at.is_none().then(|| {
        let address = one_time_code::address(&known.secret, &member.email);
        Fresh {
            picture: qr::picture(&address, &frame.t("factor-picture")),
            secret: grouped(&one_time_code::base32(&known.secret)),
            address,
        }
    });
    Ok(Html(SecondFactorPage {
        wanted: is_wanted(visitor),
        needed: is_wanted(visitor) && passkeys.is_empty(),
        fresh,
        codes_left: frame.n("account-codes-left", left),
        frame,
        fault,
        code,
    })
    .into_response())
}

fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(SECRET_GROUP)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}
