//! Coming in with a passkey: no name and no password; the device makes sure of the person.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Redirect, Response};
use domain::audit::AuditKind;
use domain::member::Member;
use domain::proof::{MissingProof, Proof};
use serde::Deserialize;
use store::FoundPasskey;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PublicKeyCredential, Webauthn, WebauthnError,
};

use super::letters;
use super::passkey_ceremony::{self, Underway};
use super::passkey_fault::PasskeyFault;
use super::relying_party;
use super::session::{self, Arrival, Standing};
use super::sign_in::way_back;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame};

/// What the button that asks for a passkey needs; none where the site's address allows none.
#[derive(Debug, Clone)]
pub(crate) struct PasskeyButton {
    /// Scheme and host at which passkeys work.
    pub(crate) origin: String,
    /// Where to go afterwards.
    pub(crate) back: String,
}

impl PasskeyButton {
    /// The button for this site.
    pub(crate) fn of(app: &App, frame: &Frame, back: &str) -> Option<Self> {
        let party = relying_party::of_site(app, frame).ok()?;
        Some(Self {
            origin: party.origin,
            back: back.to_owned(),
        })
    }
}

/// `POST /masuk/kunci-sandi/mulai`: a challenge for this browser, as its script asks for it.
pub async fn begin(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let party = relying_party::of_site(&app, &frame).map_err(|_| Failure::Forbidden)?;
    if let Err(retry_after_s) = app.sign_in_guard.approach(client, frame.now) {
        return Err(Failure::TooMany { retry_after_s });
    }
    let begun = party.webauthn.start_discoverable_authentication();
    let (mut options, state) = begun.map_err(|error| inner(&error))?;
    // The browser asks at once, rather than while a field is filled in.
    options.mediation = None;
    let member = match standing {
        Standing::Half(visitor, MissingProof::Code) => Some(visitor.member.id.to_string()),
        _ => None,
    };
    let underway = Underway::Entry { state, member };
    let kept = passkey_ceremony::remember(&app, &headers, &underway, frame.now).await?;
    let mut answer = session::with_cookies(vec![kept], Json(options));
    let policy = Cache::PrivateNoStore.header();
    answer.headers_mut().insert(header::CACHE_CONTROL, policy);
    Ok(answer)
}

/// The fields the script fills in.
#[derive(Deserialize)]
pub struct AnswerFields {
    jawaban: String,
    #[serde(default)]
    kembali: String,
}

/// `POST /masuk/kunci-sandi`: what the device answered.
pub async fn finish(
    State(app): State<App>,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    Fields(fields): Fields<AnswerFields>,
) -> Result<Response, Failure> {
    let back = way_back(&fields.kembali);
    let answer: PublicKeyCredential =
        serde_json::from_str(&fields.jawaban).map_err(|_| Failure::BadRequest)?;
    let party = relying_party::of_site(&app, &frame).map_err(|_| Failure::Forbidden)?;
    let forgotten = passkey_ceremony::forget(&headers);
    let member = match prove(&app, &frame, &headers, &party.webauthn, &answer).await? {
        Ok(member) => member,
        Err(refusal) => {
            // Whoever is told to wait has not tried.
            if !matches!(refusal.fault, PasskeyFault::Wait(_)) {
                let account = refusal.account.map(|member| member.id.0);
                app.sign_in_guard
                    .record_failure(&app.store, account, frame.now)
                    .await?;
            }
            let page = refusal.fault.at_the_door(frame, back);
            return Ok(session::with_cookies(vec![forgotten], page));
        }
    };
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let mut cookies = session::begin(&app, &arrival, &member, Proof::Passkey).await?;
    cookies.push(forgotten);
    Ok(session::with_cookies(cookies, Redirect::to(&back)))
}

/// A failed sign-in, and whose it was where that is known.
struct Refusal {
    fault: PasskeyFault,
    account: Option<Member>,
}

impl Refusal {
    fn of_nobody(fault: PasskeyFault) -> Self {
        Self {
            fault,
            account: None,
        }
    }
}

/// Whose passkey this is, proven by it.
async fn prove(
    app: &App,
    frame: &Frame,
    headers: &HeaderMap,
    webauthn: &Webauthn,
    answer: &PublicKeyCredential,
) -> Result<Result<Member, Refusal>, Failure> {
    let underway = passkey_ceremony::recall(app, headers, frame.now).await?;
    let Some(Underway::Entry { state, member }) = underway else {
        return Ok(Err(Refusal::of_nobody(PasskeyFault::Late)));
    };
    let Ok((user, credential)) = webauthn.identify_discoverable_authentication(answer) else {
        return Ok(Err(Refusal::of_nobody(PasskeyFault::Unknown)));
    };
    let Some(found) = app.store.passkey(credential).await? else {
        return Ok(Err(Refusal::of_nobody(PasskeyFault::Unknown)));
    };
    let fault = if member.is_some_and(|id| id != found.member.id.to_string()) {
        Some(PasskeyFault::OtherMember)
    } else if user != found.member.id.0 {
        Some(PasskeyFault::Unproven)
    } else if let Err(wait_s) = app.sign_in_guard.try_passkey(&found.member, frame.now) {
        Some(PasskeyFault::Wait(wait_s))
    } else {
        check(app, frame, webauthn, answer, state, &found).await?
    };
    Ok(match fault {
        None => Ok(found.member),
        Some(fault) => Err(Refusal {
            fault,
            account: Some(found.member),
        }),
    })
}

/// What is wrong with a passkey that claims to be `found`; nothing where it is, and then its use is
/// noted.
async fn check(
    app: &App,
    frame: &Frame,
    webauthn: &Webauthn,
    answer: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    found: &FoundPasskey,
) -> Result<Option<PasskeyFault>, Failure> {
    let row = &found.passkey;
    let mut passkey: Passkey = serde_json::from_str(&row.content).map_err(|error| {
        tracing::error!(%error, passkey = %row.id, "a stored passkey cannot be read");
        Failure::Internal
    })?;
    let proven = webauthn.finish_discoverable_authentication_v2(answer, state, &passkey);
    let result = match proven {
        Ok(result) => result,
        Err(error) => {
            let fault = PasskeyFault::of(&error);
            if fault == PasskeyFault::Copied {
                tell_of_copy(app, frame, found).await?;
            }
            return Ok(Some(fault));
        }
    };
    let content = match passkey.update_credential(&result) {
        Some(true) => written(&passkey)?,
        _ => row.content.clone(),
    };
    if !app.store.use_passkey(row, &content, frame.now).await? {
        return Ok(Some(PasskeyFault::Late));
    }
    app.sign_in_guard.forgive_passkey(&found.member);
    Ok(None)
}

/// Records that there may be two of a passkey, and tells its member.
async fn tell_of_copy(app: &App, frame: &Frame, found: &FoundPasskey) -> Result<(), Failure> {
    let note = found.passkey.id.to_string();
    let kind = AuditKind::PasskeyRefused;
    let event = session::event(kind, found.member.id, frame.now, &note);
    let notice = letters::passkey_refused(app, frame, &found.member, &found.passkey.name).await?;
    app.store.passkey_refused(&notice, &event).await?;
    app.mail.ring();
    Ok(())
}

/// A passkey as the store keeps it.
pub(crate) fn written(passkey: &Passkey) -> Result<String, Failure> {
    serde_json::to_string(passkey).map_err(|error| {
        tracing::error!(%error, "a passkey could not be written");
        Failure::Internal
    })
}

/// A ceremony that could not begin: our fault.
pub(crate) fn inner(error: &WebauthnError) -> Failure {
    tracing::error!(%error, "a passkey ceremony could not begin");
    Failure::Internal
}
