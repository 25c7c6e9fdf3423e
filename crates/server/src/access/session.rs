//! Sessions: an opaque token in a cookie, its digest in the store.
//!
//! A session is whole once everything the member must prove is proven. Until then it is half-opened:
//! it opens the page that asks for the rest, and nothing else.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::member::Member;
use domain::proof::{MissingProof, Proof, second_factor_is_wanted};
use domain::{MemberId, Timestamp};
use store::{SessionRow, Signed, StoreError};

use super::token::{Token, digest_of};
use super::{device, letters, limits};
use crate::app::App;
use crate::web::{Client, Frame, Visitor, cookie};

/// The cookie that carries the token.
pub const SESSION_COOKIE: &str = "sesi";

/// What opening a session needs to know of the request.
pub struct Arrival<'r> {
    /// The request's headers.
    pub headers: &'r HeaderMap,
    /// Who asks.
    pub client: Client,
    /// The frame of the page, for the language the member reads in from now on.
    pub frame: &'r Frame,
}

/// Opens a whole session without any proof and hands out its cookie: the demonstration's door, which
/// only this machine reaches. An earlier session of the same browser ends.
pub async fn open(
    app: &App,
    headers: &HeaderMap,
    member: MemberId,
    now: Timestamp,
    note: &str,
) -> Result<HeaderValue, StoreError> {
    if let Some(earlier) = digest_in(headers) {
        close(app, earlier, member, now).await?;
    }
    let token = Token::fresh();
    let row = SessionRow {
        digest: token.own_digest(),
        member,
        created_at: now,
        expires_at: now.plus_us(limits::SESSION_LIFE_US),
        last_seen_at: now,
        proof: Proof::Demonstration,
        device: device::words(headers),
        network: String::new(),
        new_device: false,
    };
    let event = event(AuditKind::SignedIn, member, now, note);
    app.store.insert_session(&row, None, &event).await?;
    let life_s = limits::SESSION_LIFE_US / Timestamp::SECOND_US;
    Ok(cookie::set(headers, SESSION_COOKIE, token.as_str(), life_s))
}

/// Opens a session for `member`, who has given `proof`, and hands out its cookies. An earlier
/// session of the same browser ends: a token never outlives a sign-in.
pub async fn begin(
    app: &App,
    arrival: &Arrival<'_>,
    member: &Member,
    proof: Proof,
) -> Result<Vec<HeaderValue>, StoreError> {
    let headers = arrival.headers;
    let now = arrival.frame.now;
    if let Some(earlier) = digest_in(headers) {
        close(app, earlier, member.id, now).await?;
    }
    let has = app.store.has_second_factor(member.id).await?;
    let organisation = app.store.organisation(member.organisation).await?;
    let wanted = second_factor_is_wanted(organisation.kind, member.role);
    let half = proof.missing(has, wanted).is_some();
    let life_us = if half {
        limits::HALF_SESSION_LIFE_US
    } else {
        limits::SESSION_LIFE_US
    };
    let token = Token::fresh();
    let row = SessionRow {
        digest: token.own_digest(),
        member: member.id,
        created_at: now,
        expires_at: now.plus_us(life_us),
        last_seen_at: now,
        proof,
        device: device::words(headers),
        network: arrival.client.prefix(),
        new_device: false,
    };
    let mut cookies = vec![cookie::set(
        headers,
        SESSION_COOKIE,
        token.as_str(),
        life_us / Timestamp::SECOND_US,
    )];
    let mut seen = None;
    if !half {
        let (digest, kept) = device::recognise(headers);
        cookies.push(kept);
        let notice = letters::new_device(app, arrival.frame, member, &row).await?;
        seen = Some(store::Device { digest, notice });
    }
    let kind = if half {
        AuditKind::FirstProofGiven
    } else {
        AuditKind::SignedIn
    };
    let event = event(kind, member.id, now, proof.as_str());
    app.store
        .insert_session(&row, seen.as_ref(), &event)
        .await?;
    // Whoever has not proven everything may be somebody else, who reads another language.
    if !half {
        let language = arrival.frame.language;
        app.store.set_language(member.id, language.code()).await?;
    }
    app.mail.ring();
    Ok(cookies)
}

/// Ends the session with this digest, if it is there.
pub async fn close(
    app: &App,
    digest: [u8; 32],
    member: MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ended = app
        .store
        .delete_session(&digest, &event(AuditKind::SignedOut, member, now, ""))
        .await;
    app.access_changed();
    match ended {
        Ok(()) | Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The cookie that takes the token away from the browser.
pub fn no_cookie(headers: &HeaderMap) -> HeaderValue {
    cookie::set(headers, SESSION_COOKIE, "", 0)
}

/// `answer` with these cookies.
pub fn with_cookies(cookies: Vec<HeaderValue>, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// On whose behalf a request is made, and whether everything is proven.
#[derive(Debug, Clone)]
pub enum Standing {
    /// Nobody's.
    Nobody,
    /// A member's who still has something to prove.
    Half(Arc<Visitor>, MissingProof),
    /// A member's.
    Whole(Arc<Visitor>),
}

impl FromRequestParts<App> for Standing {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &App,
    ) -> Result<Self, std::convert::Infallible> {
        Ok(standing(parts, app).await)
    }
}

/// On whose behalf this request is made; one request asks the store once.
pub async fn standing(parts: &mut Parts, app: &App) -> Standing {
    if let Some(found) = parts.extensions.get::<Standing>() {
        return found.clone();
    }
    let found = match digest_in(&parts.headers) {
        Some(digest) => look_up(app, digest).await,
        None => Standing::Nobody,
    };
    parts.extensions.insert(found.clone());
    found
}

/// The member on whose behalf this request is made, with everything proven.
pub async fn visitor(parts: &mut Parts, app: &App) -> Option<Arc<Visitor>> {
    match standing(parts, app).await {
        Standing::Whole(visitor) => Some(visitor),
        Standing::Nobody | Standing::Half(..) => None,
    }
}

/// The member whose session these headers carry, for a page that is made after the request has gone.
pub async fn owner(headers: &HeaderMap, app: &App) -> Option<Arc<Visitor>> {
    still_there(app, digest_in(headers)?).await
}

/// The owner of the session with this digest, while it is whole and lives; no sign of them.
pub async fn still_there(app: &App, digest: [u8; 32]) -> Option<Arc<Visitor>> {
    let signed = live(app, digest, crate::clock::now()).await?;
    match stand(signed) {
        Standing::Whole(visitor) => Some(visitor),
        Standing::Nobody | Standing::Half(..) => None,
    }
}

async fn look_up(app: &App, digest: [u8; 32]) -> Standing {
    let now = crate::clock::now();
    let Some(signed) = live(app, digest, now).await else {
        return Standing::Nobody;
    };
    let idle_us = now.since_us(signed.session.last_seen_at);
    if idle_us >= limits::SESSION_TOUCH_EVERY_US
        && let Err(error) = app.store.touch_session(&digest, now).await
    {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a session's last use could not be written"
        );
    }
    stand(signed)
}

async fn live(app: &App, digest: [u8; 32], now: Timestamp) -> Option<Signed> {
    let signed = match app.store.session(&digest, now).await {
        Ok(signed) => signed?,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a session could not be read"
            );
            return None;
        }
    };
    let idle_us = now.since_us(signed.session.last_seen_at);
    (idle_us < limits::SESSION_IDLE_US && signed.member.active).then_some(signed)
}

fn stand(signed: Signed) -> Standing {
    let wanted = second_factor_is_wanted(signed.organisation.kind, signed.member.role);
    let missing = signed.session.proof.missing(signed.second_factor, wanted);
    let visitor = Arc::new(Visitor {
        member: signed.member,
        organisation: signed.organisation,
        session: signed.session.digest,
    });
    match missing {
        None => Standing::Whole(visitor),
        Some(missing) => Standing::Half(visitor, missing),
    }
}

fn digest_in(headers: &HeaderMap) -> Option<[u8; 32]> {
    CookieJar::from_headers(headers)
        .get(SESSION_COOKIE)
        .and_then(|cookie| digest_of(cookie.value()))
}

/// An act of a member on their own account.
pub fn event(kind: AuditKind, member: MemberId, at: Timestamp, note: &str) -> AuditEvent {
    AuditEvent {
        at,
        actor: Actor::Member(member),
        kind,
        subject: member.0,
        note: note.to_owned(),
    }
}
