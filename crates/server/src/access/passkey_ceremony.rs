//! What is remembered between the two halves of a passkey ceremony: in the store, under the digest of a
//! token that this browser alone carries, for ten minutes, used once.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use domain::{MemberId, Timestamp};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

use super::limits::PASSKEY_WAIT_US;
use super::token::{Token, digest_of};
use crate::app::App;
use crate::error::Failure;
use crate::web::cookie;

/// The cookie that ties the second half of a ceremony to the browser of the first.
const CEREMONY_COOKIE: &str = "kunci";

/// A ceremony between its halves.
#[derive(Debug, Serialize, Deserialize)]
pub enum Underway {
    /// Somebody comes in.
    Entry {
        /// The challenge.
        state: DiscoverableAuthentication,
        /// Who gave a password before and proves the rest now; none where anybody may come.
        member: Option<String>,
    },
    /// A member adds a passkey.
    Addition {
        /// The challenge.
        state: PasskeyRegistration,
        /// Who adds it.
        member: String,
        /// In which session, as the digest of its token in hexadecimal.
        session: String,
        /// What it is to be called.
        name: String,
    },
}

impl Underway {
    /// Whether this adds a passkey for this member in this session.
    pub fn adds_for(&self, whose: MemberId, in_session: [u8; 32]) -> bool {
        match self {
            Self::Addition {
                member, session, ..
            } => *member == whose.to_string() && *session == word_of(in_session),
            Self::Entry { .. } => false,
        }
    }
}

/// A session's digest as [`Underway`] keeps it.
pub fn word_of(session: [u8; 32]) -> String {
    blake3::Hash::from_bytes(session).to_hex().to_string()
}

/// Remembers a ceremony and hands out the cookie that ties it to this browser.
pub async fn remember(
    app: &App,
    headers: &HeaderMap,
    underway: &Underway,
    now: Timestamp,
) -> Result<HeaderValue, Failure> {
    let content = serde_json::to_string(underway).map_err(|error| {
        tracing::error!(%error, "a passkey ceremony could not be written");
        Failure::Internal
    })?;
    let token = Token::fresh();
    let until = now.plus_us(PASSKEY_WAIT_US);
    app.store
        .remember_ceremony(token.own_digest(), &content, now, until)
        .await?;
    let life_s = PASSKEY_WAIT_US / Timestamp::SECOND_US;
    Ok(cookie::set(
        headers,
        CEREMONY_COOKIE,
        token.as_str(),
        life_s,
    ))
}

/// The ceremony of this browser, once; none where it is over, or began elsewhere.
pub async fn recall(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<Underway>, Failure> {
    let jar = CookieJar::from_headers(headers);
    let digest = jar
        .get(CEREMONY_COOKIE)
        .and_then(|cookie| digest_of(cookie.value()));
    let Some(digest) = digest else {
        return Ok(None);
    };
    let content = app.store.recall_ceremony(&digest, now).await?;
    Ok(content.and_then(|content| serde_json::from_str(&content).ok()))
}

/// The cookie that takes a ceremony's token away.
pub fn forget(headers: &HeaderMap) -> HeaderValue {
    cookie::set(headers, CEREMONY_COOKIE, "", 0)
}
