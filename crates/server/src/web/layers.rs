//! What every request passes through, from the outside in.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;

use super::headers;
use crate::app::App;
use crate::error;

/// Smaller answers are not worth compressing, in bytes.
const COMPRESS_FROM_BYTES: u64 = 512;

/// Puts `router` behind compression, the headers of every answer, pages for every failure, the
/// guard against forged requests and the net that catches a panic.
pub fn around(router: Router<App>, app: &App) -> Router<App> {
    let worth_it = SizeAbove::new(COMPRESS_FROM_BYTES)
        .and(NotForContentType::new("font/"))
        .and(NotForContentType::const_new("text/event-stream"));
    router
        .layer(CatchPanicLayer::new())
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), error::explain))
        .layer(from_fn(headers::guard))
        .layer(CompressionLayer::new().compress_when(worth_it))
}
