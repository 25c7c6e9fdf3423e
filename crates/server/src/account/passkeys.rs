//! One's own passkeys: the list, adding one, and the recovery codes that stand in for a lost one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::PasskeyId;
use domain::audit::AuditKind;
use domain::limits::{PASSKEY_NAME_CHARS, PASSKEYS_PER_MEMBER};
use domain::proof::Proof;
use serde::Deserialize;
use store::{NewPasskey, PasskeyRow, StoreError};
use webauthn_rs::prelude::{CreationChallengeResponse, RegisterPublicKeyCredential};

use super::news::News;
use super::password;
use super::second_factor::{RecoveryCodesPage, adder, digests, has_device, is_wanted};
use crate::access::passkey_ceremony::{self, Underway};
use crate::access::passkey_entry::{PasskeyButton, inner, written};
use crate::access::passkey_fault::PasskeyFault;
use crate::access::relying_party::{self, RelyingParty};
use crate::access::session::{self, Arrival, Standing};
use crate::access::{SignedIn, device, letters, recovery};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Fields, Frame, Html, Markup, Page, Visitor};

/// The page of this file.
const HERE: &str = "/account/passkeys";

#[derive(Debug, Template)]
#[template(path = "account/passkeys.html")]
pub(crate) struct PasskeysPage {
    frame: Frame,
    news: Option<String>,
    fault: Option<String>,
    code: StatusCode,
    passkeys: Vec<Shown>,
    /// Why none can be added: the address of the site, or there are as many as there may be.
    obstacle: Option<String>,
    /// A name to begin with: the device this is read on.
    name: String,
    /// Whether this is the person's first second factor, so that the password alone opens nothing
    /// any more.
    first: bool,
    /// Whether the member's duties ask for a second factor.
    wanted: bool,
    codes_left: Option<String>,
    /// Whether the member has a device that gives codes, and renews recovery codes with it.
    has_device: bool,
    most_chars: usize,
}

#[derive(Debug)]
struct Shown {
    id: String,
    name: String,
    added: String,
    used: Option<Markup>,
}

impl Page for PasskeysPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

/// The second half of adding: the browser is asked for a key.
#[derive(Debug, Template)]
#[template(path = "account/new_passkey.html")]
pub(crate) struct NewPasskeyPage {
    frame: Frame,
    name: String,
    passkey: PasskeyButton,
    /// What the browser's `navigator.credentials.create` is to be asked, as JSON.
    options: String,
}

impl Page for NewPasskeyPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /account/passkeys`
pub(super) async fn show(
    standing: Standing,
    frame: Frame,
    headers: HeaderMap,
    State(app): State<App>,
    Query(news): Query<News>,
) -> Result<Response, Failure> {
    let visitor = adder(standing, HERE)?;
    let mut page = page(&app, frame, &headers, &visitor).await?;
    page.news = news.text(&page.frame);
    Ok(Html(page).into_response())
}

/// The fields that begin adding a passkey.
#[derive(Deserialize)]
pub(super) struct BeginFields {
    nama: String,
    sandi: String,
}

/// `POST /account/passkeys/new`: the password is checked, and the browser gets a challenge.
pub(super) async fn begin(
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    State(app): State<App>,
    Fields(fields): Fields<BeginFields>,
) -> Result<Response, Failure> {
    let visitor = adder(standing, HERE)?;
    let member = &visitor.member;
    let known = app.store.passkey_credentials(member.id).await?;
    let party = relying_party::of_site(&app, &frame);
    let RelyingParty { webauthn, origin } = match party {
        Ok(party) if known.len() < PASSKEYS_PER_MEMBER => party,
        // The page says what stands in the way.
        _ => {
            let mut page = page(&app, frame, &headers, &visitor).await?;
            page.code = StatusCode::CONFLICT;
            return Ok(Html(page).into_response());
        }
    };
    if let Err(sentence) = password::knows(&app, member, &frame, client, fields.sandi).await? {
        let mut page = page(&app, frame, &headers, &visitor).await?;
        page.name = fields.nama;
        let page = page.faulty(sentence, StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(Html(page).into_response());
    }
    let begun =
        webauthn.start_passkey_registration(member.id.0, &member.email, &member.name, Some(known));
    let (challenge, state) = begun.map_err(|error| inner(&error))?;
    let name = named(&fields.nama, &frame);
    let underway = Underway::Addition {
        state,
        member: member.id.to_string(),
        session: passkey_ceremony::word_of(visitor.session),
        name: name.clone(),
    };
    let kept = passkey_ceremony::remember(&app, &headers, &underway, frame.now).await?;
    let asked = Html(NewPasskeyPage {
        options: asking_for_discoverable(&challenge)?,
        frame,
        name,
        passkey: PasskeyButton {
            origin,
            back: HERE.to_owned(),
        },
    });
    Ok(session::with_cookies(vec![kept], asked))
}

/// The field the script fills in.
#[derive(Deserialize)]
pub(super) struct AnswerFields {
    jawaban: String,
}

/// `POST /account/passkeys`: what the device answered.
pub(super) async fn add(
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    State(app): State<App>,
    Fields(fields): Fields<AnswerFields>,
) -> Result<Response, Failure> {
    let visitor = adder(standing, HERE)?;
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(&fields.jawaban).map_err(|_| Failure::BadRequest)?;
    let codes = recovery::fresh();
    let proven = proven(&app, &frame, &headers, &visitor, &answer).await?;
    let new = match proven {
        Ok((row, credential)) => NewPasskey {
            row,
            credential,
            recovery: digests(&visitor, &codes),
        },
        Err(fault) => return refused(&app, frame, &headers, &visitor, fault).await,
    };
    let member = &visitor.member;
    let note = new.row.id.to_string();
    let event = session::event(AuditKind::PasskeyAdded, member.id, frame.now, &note);
    let notice = letters::passkey_added(&app, &frame, member, &new.row.name).await?;
    let first = match app.store.insert_passkey(&new, &notice, &event).await {
        Ok(first) => first,
        Err(StoreError::Conflict) => {
            return refused(&app, frame, &headers, &visitor, PasskeyFault::Taken).await;
        }
        Err(error) => return Err(error.into()),
    };
    app.mail.ring();
    // Sessions that a password alone opened are half-opened from now on.
    app.access_changed();
    let arrival = Arrival {
        headers: &headers,
        client,
        frame: &frame,
    };
    let mut cookies = session::begin(&app, &arrival, member, Proof::Passkey).await?;
    cookies.push(passkey_ceremony::forget(&headers));
    // Who had nothing beside the password gets what stands in for a lost passkey.
    Ok(if first {
        session::with_cookies(cookies, Html(RecoveryCodesPage { frame, codes }))
    } else {
        session::with_cookies(cookies, Redirect::to("/account/passkeys?kabar=tambah"))
    })
}

/// The passkey that `answer` makes, for the challenge this browser was given, and the identity that
/// the device gave to its key.
async fn proven(
    app: &App,
    frame: &Frame,
    headers: &HeaderMap,
    visitor: &Visitor,
    answer: &RegisterPublicKeyCredential,
) -> Result<Result<(PasskeyRow, Vec<u8>), PasskeyFault>, Failure> {
    let party = relying_party::of_site(app, frame).map_err(|_| Failure::Forbidden)?;
    let underway = passkey_ceremony::recall(app, headers, frame.now).await?;
    let mine = underway.filter(|it| it.adds_for(visitor.member.id, visitor.session));
    let Some(Underway::Addition { state, name, .. }) = mine else {
        return Ok(Err(PasskeyFault::Late));
    };
    let made = party.webauthn.finish_passkey_registration(answer, &state);
    let passkey = match made {
        Ok(passkey) => passkey,
        Err(error) => return Ok(Err(PasskeyFault::of(&error))),
    };
    let row = PasskeyRow {
        id: PasskeyId(crate::clock::fresh_id()),
        member: visitor.member.id,
        name,
        content: written(&passkey)?,
        added_at: frame.now,
        last_used_at: None,
    };
    Ok(Ok((row, passkey.cred_id().clone())))
}

/// The field of the form that asks for a password.
#[derive(Deserialize)]
pub(super) struct PasswordField {
    sandi: String,
}

/// `POST /account/passkeys/codes`: fresh recovery codes, for whoever has passkeys alone. Whoever also
/// has codes from a device gives one of those, at the other page: a password must not open more than
/// it does at the door.
pub(super) async fn renew_codes(
    who: SignedIn,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    State(app): State<App>,
    Fields(fields): Fields<PasswordField>,
) -> Result<Response, Failure> {
    let visitor = who.visitor();
    let member = who.member();
    if app.store.passkeys(member.id).await?.is_empty() {
        return Err(Failure::Conflict);
    }
    if has_device(&app, member.id).await? {
        let page = page(&app, frame, &headers, &visitor).await?;
        let sentence = page.frame.t("passkeys-codes-elsewhere");
        return Ok(Html(page.faulty(sentence, StatusCode::FORBIDDEN)).into_response());
    }
    if let Err(sentence) = password::knows(&app, member, &frame, client, fields.sandi).await? {
        let page = page(&app, frame, &headers, &visitor).await?;
        return Ok(Html(page.faulty(sentence, StatusCode::UNPROCESSABLE_ENTITY)).into_response());
    }
    let codes = recovery::fresh();
    let event = session::event(AuditKind::RecoveryCodesRenewed, member.id, frame.now, "");
    let digests = digests(&visitor, &codes);
    let notice = letters::codes_renewed(&app, &frame, member).await?;
    app.store
        .renew_recovery_codes(member.id, &digests, &notice, &event)
        .await?;
    app.mail.ring();
    Ok(Html(RecoveryCodesPage { frame, codes }).into_response())
}

impl PasskeysPage {
    fn faulty(self, sentence: String, code: StatusCode) -> Self {
        Self {
            fault: Some(sentence),
            code,
            ..self
        }
    }
}

async fn refused(
    app: &App,
    frame: Frame,
    headers: &HeaderMap,
    visitor: &Visitor,
    fault: PasskeyFault,
) -> Result<Response, Failure> {
    let page = page(app, frame, headers, visitor).await?;
    let sentence = fault.text(&page.frame);
    let page = Html(page.faulty(sentence, fault.code()));
    let forgotten = vec![passkey_ceremony::forget(headers)];
    Ok(session::with_cookies(forgotten, page))
}

async fn page(
    app: &App,
    frame: Frame,
    headers: &HeaderMap,
    visitor: &Visitor,
) -> Result<PasskeysPage, Failure> {
    let member = visitor.member.id;
    let rows = app.store.passkeys(member).await?;
    let left = app.store.recovery_codes_left(member).await?;
    let has_device = has_device(app, member).await?;
    let most = frame.whole(PASSKEYS_PER_MEMBER as i64);
    let obstacle = match relying_party::of_site(app, &frame) {
        Err(unfit) => Some(frame.t(unfit.key())),
        Ok(_) if rows.len() >= PASSKEYS_PER_MEMBER => Some(frame.t1("passkeys-full", "most", most)),
        Ok(_) => None,
    };
    Ok(PasskeysPage {
        news: None,
        fault: None,
        code: StatusCode::OK,
        passkeys: rows.iter().map(|row| shown(&frame, row)).collect(),
        obstacle,
        name: device::words(headers),
        first: rows.is_empty() && !has_device,
        wanted: is_wanted(visitor),
        codes_left: (!rows.is_empty()).then(|| frame.n("account-codes-left", left)),
        has_device,
        most_chars: PASSKEY_NAME_CHARS,
        frame,
    })
}

fn shown(frame: &Frame, row: &PasskeyRow) -> Shown {
    Shown {
        id: row.id.to_string(),
        name: row.name.clone(),
        added: frame.exact(row.added_at),
        used: row.last_used_at.map(|at| frame.ago(at)),
    }
}

/// What a person calls a passkey, on one line and not too long; a plain word where they say nothing.
fn named(typed: &str, frame: &Frame) -> String {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let name: String = words
        .join(" ")
        .chars()
        .filter(|letter| !letter.is_control())
        .take(PASSKEY_NAME_CHARS)
        .collect();
    if name.is_empty() {
        frame.t("passkeys-unnamed")
    } else {
        name
    }
}

/// The challenge as the browser gets it: with the wish that the device can find the key by itself, so
/// that nobody types a name to come in.
fn asking_for_discoverable(challenge: &CreationChallengeResponse) -> Result<String, Failure> {
    let options = serde_json::to_value(challenge).map(|mut options| {
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        options.to_string()
    });
    options.map_err(|error| {
        tracing::error!(%error, "a passkey ceremony could not be written");
        Failure::Internal
    })
}
