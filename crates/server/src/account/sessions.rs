//! Ending one's own sessions.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;

use crate::access::{SignedIn, session};
use crate::app::App;
use crate::error::Failure;
use crate::web::Frame;

/// `POST /account/sessions/{id}/end`
pub(super) async fn end_one(
    who: SignedIn,
    frame: Frame,
    headers: HeaderMap,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let digest = blake3::Hash::from_hex(&id).map_err(|_| Failure::NotFound)?;
    let digest = *digest.as_bytes();
    let member = who.member().id;
    let event = session::event(AuditKind::SessionsEnded, member, frame.now, "1");
    app.store.end_session_of(member, digest, &event).await?;
    app.access_changed();
    if digest == who.session() {
        let gone = vec![session::no_cookie(&headers)];
        return Ok(session::with_cookies(gone, Redirect::to("/masuk")));
    }
    Ok(Redirect::to("/account?kabar=sesi").into_response())
}

/// `POST /account/sessions/others/end`
pub(super) async fn end_others(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
) -> Result<Redirect, Failure> {
    let member = who.member().id;
    let event = session::event(AuditKind::SessionsEnded, member, frame.now, "others");
    let kept = Some(who.session());
    app.store.end_sessions_of(member, kept, &event).await?;
    app.access_changed();
    Ok(Redirect::to("/account?kabar=lain"))
}

/// `POST /account/sessions/end`: this one too.
pub(super) async fn end_all(
    who: SignedIn,
    frame: Frame,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response, Failure> {
    let member = who.member().id;
    let event = session::event(AuditKind::SessionsEnded, member, frame.now, "all");
    app.store.end_sessions_of(member, None, &event).await?;
    app.access_changed();
    let gone = vec![session::no_cookie(&headers)];
    Ok(session::with_cookies(gone, Redirect::to("/masuk")))
}
