//! The verifier in one page, which runs without any server.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::files::file;
use crate::web::Cache;

/// The page, also put into every exported bundle.
pub const PAGE: &str = include_str!("../../assets/verifier.html");

/// Its style and script stand in the page itself, so the policy names them by their digests.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = |mark: &str| {
        let begin = format!("<{mark}>");
        let end = format!("</{mark}>");
        let inner = PAGE
            .split_once(&begin)
            .and_then(|(_, rest)| rest.split_once(&end));
        let inner = inner.map_or("", |(inner, _)| inner);
        STANDARD.encode(::ledger::sha256(inner.as_bytes()))
    };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; \
         form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        digest("style"),
        digest("script")
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// `GET /ledger/verifier.html`
pub async fn show() -> Response {
    let mut response = file("text/html; charset=utf-8", Cache::PublicFiveMinutes, PAGE);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(header::ETAG, crate::web::page::entity_tag(PAGE.as_bytes()));
    response
}
