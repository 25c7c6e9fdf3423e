//! The language and the zone a reader chooses; both live in a cookie, no address carries them.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::member::Zone;
use serde::Deserialize;

use super::frame::{Frame, LANGUAGE_COOKIE, ZONE_COOKIE};
use super::language::Language;
use super::{address, cookie};
use crate::app::App;
use crate::error::Failure;

/// A choice is remembered this long, in seconds.
const REMEMBERED_S: i64 = 365 * 24 * 60 * 60;

/// The routes of the two choices.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/lang/{code}", get(choose_language))
        .route("/zona/{name}", get(choose_zone))
}

#[derive(Debug, Deserialize)]
struct WayBack {
    #[serde(default)]
    kembali: String,
}

/// A member's choice is remembered with the account too: mail is written in it.
async fn choose_language(
    frame: Frame,
    State(app): State<App>,
    Path(code): Path<String>,
    Query(way): Query<WayBack>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let language = Language::parse(&code).ok_or(Failure::NotFound)?;
    if let Some(visitor) = &frame.visitor {
        let code = language.code();
        app.store.set_language(visitor.member.id, code).await?;
    }
    Ok(remember(&headers, LANGUAGE_COOKIE, language.code(), &way))
}

async fn choose_zone(
    Path(name): Path<String>,
    Query(way): Query<WayBack>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let zone = Zone::parse(&name).ok_or(Failure::NotFound)?;
    Ok(remember(&headers, ZONE_COOKIE, zone.as_str(), &way))
}

fn remember(headers: &HeaderMap, name: &str, value: &str, way: &WayBack) -> Response {
    let cookie = cookie::set(headers, name, value, REMEMBERED_S);
    (
        AppendHeaders([(header::SET_COOKIE, cookie)]),
        Redirect::to(&address::local(&way.kembali)),
    )
        .into_response()
}
