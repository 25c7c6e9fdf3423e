//! Sessions: an opaque token in a cookie, its digest in the store.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::MemberId;
use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use store::{SessionRow, StoreError};

use super::limits;
use crate::app::App;
use crate::web::{Visitor, cookie};

/// The cookie that carries the token.
pub const SESSION_COOKIE: &str = "sesi";

/// The token of a session: 256 random bits, known to the browser alone.
#[derive(Debug)]
pub struct Token(String);

impl Token {
    fn fresh() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// What the store knows of the token in `text`; nothing where it cannot be one.
    fn digest(text: &str) -> Option<[u8; 32]> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| *blake3::hash(&bytes).as_bytes())
    }
}

/// Opens a session for `member` and hands out its cookie. An earlier session of the same browser
/// ends: a token never outlives a sign-in.
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
    let digest = Token::digest(&token.0).ok_or(StoreError::NotFound)?;
    let row = SessionRow {
        digest,
        member,
        created_at: now,
        expires_at: now.plus_us(limits::SESSION_LIFE_US),
        last_seen_at: now,
    };
    app.store
        .insert_session(&row, &event(AuditKind::SignedIn, member, now, note))
        .await?;
    Ok(cookie::set(
        headers,
        SESSION_COOKIE,
        &token.0,
        limits::SESSION_LIFE_US / Timestamp::SECOND_US,
    ))
}

/// Ends the session with this digest, if it is there.
pub async fn close(
    app: &App,
    digest: [u8; 32],
    member: MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    match app
        .store
        .delete_session(&digest, &event(AuditKind::SignedOut, member, now, ""))
        .await
    {
        Ok(()) | Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The cookie that takes the token away from the browser.
pub fn no_cookie(headers: &HeaderMap) -> HeaderValue {
    cookie::set(headers, SESSION_COOKIE, "", 0)
}

/// What [`visitor`] found, so that one request asks the store once.
#[derive(Debug, Clone)]
struct Looked(Option<Arc<Visitor>>);

/// The member on whose behalf this request is made.
pub async fn visitor(parts: &mut Parts, app: &App) -> Option<Arc<Visitor>> {
    if let Some(Looked(found)) = parts.extensions.get::<Looked>() {
        return found.clone();
    }
    let found = look_up(&parts.headers, app).await.map(Arc::new);
    parts.extensions.insert(Looked(found.clone()));
    found
}

async fn look_up(headers: &HeaderMap, app: &App) -> Option<Visitor> {
    let digest = digest_in(headers)?;
    let now = crate::clock::now();
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
    let alive = idle_us < limits::SESSION_IDLE_US
        && now < signed.session.expires_at
        && signed.member.active;
    if !alive {
        return None;
    }
    if idle_us >= limits::SESSION_TOUCH_EVERY_US
        && let Err(error) = app.store.touch_session(&digest, now).await
    {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a session's last use could not be written"
        );
    }
    Some(Visitor {
        member: signed.member,
        organisation: signed.organisation,
        session: digest,
    })
}

fn digest_in(headers: &HeaderMap) -> Option<[u8; 32]> {
    CookieJar::from_headers(headers)
        .get(SESSION_COOKIE)
        .and_then(|cookie| Token::digest(cookie.value()))
}

fn event(kind: AuditKind, member: MemberId, at: Timestamp, note: &str) -> AuditEvent {
    AuditEvent {
        at,
        actor: Actor::Member(member),
        kind,
        subject: member.0,
        note: note.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_only_their_digest_is_known() {
        let (one, two) = (Token::fresh(), Token::fresh());
        assert_ne!(one.0, two.0);
        assert_eq!(one.0.len(), 43);
        let digest = Token::digest(&one.0).expect("digest");
        assert_ne!(Some(digest), Token::digest(&two.0));
        for bad in ["", "x", "a b", &"A".repeat(42), &"A".repeat(44)] {
            assert_eq!(Token::digest(bad), None, "{bad:?}");
        }
    }
}
