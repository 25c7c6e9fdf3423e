//! A page is a value: its template, how long it may be kept, and where it lives.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cache::Cache;
use super::frame::Frame;
use crate::error::Failure;

/// A whole page.
pub trait Page: Template {
    /// How long it may be kept while nobody is signed in. A page that greets a member is never kept.
    const CACHE: Cache;

    /// The frame it is drawn in.
    fn frame(&self) -> &Frame;

    /// Its one true address, as a path, where other addresses lead to the same page.
    fn canonical(&self) -> Option<String> {
        None
    }

    /// The code it is answered with.
    fn code(&self) -> StatusCode {
        StatusCode::OK
    }
}

/// A page on its way out.
#[derive(Debug)]
pub struct Html<P>(pub P);

impl<P: Page> IntoResponse for Html<P> {
    fn into_response(self) -> Response {
        let cache = if self.0.frame().visitor.is_some() {
            Cache::PrivateNoStore
        } else {
            P::CACHE
        };
        match self.0.render() {
            Ok(body) => answer(body, self.0.code(), cache),
            Err(error) => unrendered(&error),
        }
    }
}

/// A piece of a page that a script asks for and sets in; never kept.
#[derive(Debug)]
pub struct Fragment<T>(pub T);

impl<T: Template> IntoResponse for Fragment<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(body) => answer(body, StatusCode::OK, Cache::PrivateNoStore),
            Err(error) => unrendered(&error),
        }
    }
}

fn answer(body: String, code: StatusCode, cache: Cache) -> Response {
    let tag = (cache.is_public() && code.is_success()).then(|| entity_tag(body.as_bytes()));
    let mut response = (code, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, cache.header());
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Accept-Language, Cookie"),
    );
    if let Some(tag) = tag {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn unrendered(error: &askama::Error) -> Response {
    tracing::error!(%error, "a page could not be rendered");
    Failure::Internal.into_response()
}

/// The weak entity tag of `body`: weak because it is compressed on the way.
pub fn entity_tag(body: &[u8]) -> HeaderValue {
    let digest = blake3::hash(body).to_hex();
    HeaderValue::try_from(format!("W/\"{}\"", &digest[..24]))
        .unwrap_or(HeaderValue::from_static("W/\"0\""))
}
