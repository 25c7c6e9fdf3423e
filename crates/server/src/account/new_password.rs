//! A new password on its way from a form to a hash.

use domain::limits::PASSWORD_MAX_CHARS;

use crate::access::password::PasswordError;
use crate::access::screening::{self, Objection};
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// The password a person wants, and what it is measured by.
pub(super) struct Wanted<'w> {
    /// The password.
    pub password: String,
    /// Characters it must have.
    pub least: usize,
    /// Names around the person, of which it may not be made.
    pub own: Vec<&'w str>,
}

/// The hash of a password that may be set, or a sentence that says why it may not.
pub(super) async fn hashed(
    app: &App,
    frame: &Frame,
    wanted: Wanted<'_>,
) -> Result<Result<String, String>, Failure> {
    let own: Vec<String> = wanted.own.iter().map(|name| (*name).to_owned()).collect();
    let (password, least) = (wanted.password.clone(), wanted.least);
    let breached = app.config.identity.breached.clone();
    let screened = tokio::task::spawn_blocking(move || {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        screening::screen(&password, least, &own, breached.as_deref())
    });
    match screened.await.map_err(|_| Failure::Internal)? {
        Ok(()) => {}
        Err(Objection::List(error)) => {
            tracing::error!(%error, "the list of leaked passwords cannot be read");
            return Err(Failure::Unavailable);
        }
        Err(objection) => return Ok(Err(sentence(frame, &objection))),
    }
    match app.sign_in_guard.checker.hash(wanted.password).await {
        Ok(hash) => Ok(Ok(hash)),
        Err(PasswordError::Busy) => Ok(Err(frame.t("sign-in-busy"))),
        Err(error) => {
            tracing::error!(%error, "a password could not be hashed");
            Err(Failure::Internal)
        }
    }
}

fn sentence(frame: &Frame, objection: &Objection) -> String {
    let number = |count: usize| frame.whole(i64::try_from(count).unwrap_or(i64::MAX));
    match objection {
        Objection::TooShort(least) => frame.t1("password-too-short", "least", number(*least)),
        Objection::TooLong => frame.t1("password-too-long", "most", number(PASSWORD_MAX_CHARS)),
        Objection::Common => frame.t("password-common"),
        Objection::OwnName => frame.t("password-own-name"),
        Objection::Breached => frame.t("password-breached"),
        Objection::List(_) => frame.t("error-unavailable-title"),
    }
}

/// What the form says beside the field.
pub(super) fn hint(frame: &Frame, least: usize) -> String {
    let least = frame.whole(i64::try_from(least).unwrap_or(i64::MAX));
    frame.t1("password-hint", "least", least)
}
