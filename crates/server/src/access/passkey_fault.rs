//! Why a passkey did not do, in a sentence and on a page.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use webauthn_rs::prelude::WebauthnError;

use super::sign_in::wait_in_words;
use crate::web::{Cache, Frame, Html, Page};

/// Why a passkey did not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyFault {
    /// The challenge is over, was answered before, or belongs to another browser.
    Late,
    /// It opens nothing here: never added, removed, or its account is closed.
    Unknown,
    /// It opens another account than the one whose password was given.
    OtherMember,
    /// It was made for another site, or shown to one.
    OtherSite,
    /// The device did not make sure that it is the person.
    Unverified,
    /// Its counter ran backwards: there may be a copy.
    Copied,
    /// Its key is known already, or the member has as many passkeys as they may have.
    Taken,
    /// It does not prove what it should.
    Unproven,
    /// Too many tries; wait so many seconds.
    Wait(u64),
}

impl PasskeyFault {
    /// What an error of the ceremony means to the person; the details go to the log.
    pub fn of(error: &WebauthnError) -> Self {
        tracing::warn!(%error, "a passkey was refused");
        match error {
            WebauthnError::MismatchedChallenge => Self::Late,
            WebauthnError::InvalidRPOrigin
            | WebauthnError::InvalidRPIDHash
            | WebauthnError::CredentialCrossOrigin => Self::OtherSite,
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self::Unverified,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            // The library's word for a key that the person was asked not to bring again.
            WebauthnError::CredentialExcludedFromRequest
            | WebauthnError::CredentialAlteredAlgFromRequest => Self::Taken,
            WebauthnError::InvalidUserUniqueId => Self::Unknown,
            _ => Self::Unproven,
        }
    }

    /// The sentence.
    pub fn text(self, frame: &Frame) -> String {
        let key = match self {
            Self::Late => "passkey-late",
            Self::Unknown => "passkey-unknown",
            Self::OtherMember => "passkey-other-member",
            Self::OtherSite => "passkey-other-site",
            Self::Unverified => "passkey-unverified",
            Self::Copied => "passkey-copied",
            Self::Taken => "passkey-taken",
            Self::Unproven => "passkey-unproven",
            Self::Wait(seconds) => {
                return frame.t1("sign-in-wait", "wait", wait_in_words(frame, seconds));
            }
        };
        frame.t(key)
    }

    /// The code of the answer.
    pub fn code(self) -> StatusCode {
        match self {
            Self::Late => StatusCode::GONE,
            Self::Taken => StatusCode::CONFLICT,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// The page that says so at the door, with the way back.
    pub fn at_the_door(self, frame: Frame, back: String) -> Response {
        let page = PasskeyRefusedPage {
            text: self.text(&frame),
            code: self.code(),
            frame,
            back,
        };
        let mut response = Html(page).into_response();
        if let Self::Wait(seconds) = self {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[derive(Debug, Template)]
#[template(path = "access/passkey_refused.html")]
struct PasskeyRefusedPage {
    frame: Frame,
    text: String,
    back: String,
    code: StatusCode,
}

impl Page for PasskeyRefusedPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}
