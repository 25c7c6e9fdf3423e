//! Errors at the edge: RFC 9457 problem details for machines, a page with a way back for people.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use store::StoreError;

use crate::access::session;
use crate::app::App;
use crate::web::{Cache, Frame, Html, Page, address};

/// Why a request was not fulfilled, as far as the one who asked may know. What happened inside is
/// logged where it is turned into one of these, and never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The request cannot be read.
    BadRequest,
    /// Nobody is signed in, and this needs a member; `back` is the path to return to.
    SignIn {
        /// A path of this site.
        back: String,
    },
    /// A password was given, and a code from the member's device is still missing.
    SecondStep {
        /// A path of this site.
        back: String,
    },
    /// The member's duties ask for a device that gives codes, and there is none yet.
    NoDevice,
    /// The request came from another site or from a place that may not do this.
    Forbidden,
    /// There is no such thing, or none that this visitor may know of.
    NotFound,
    /// Somebody else changed it in the meantime.
    Conflict,
    /// The body is larger than allowed.
    TooLarge,
    /// Too many requests.
    TooMany {
        /// Wait this long, in seconds.
        retry_after_s: u64,
    },
    /// Something this needs does not answer now.
    Unavailable,
    /// Our fault.
    Internal,
}

impl Failure {
    fn code(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SignIn { .. } | Self::SecondStep { .. } | Self::NoDevice => {
                StatusCode::UNAUTHORIZED
            }
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Where a visitor can mend it by proving who they are.
    fn way_in(&self) -> Option<String> {
        match self {
            Self::SignIn { back } => Some(format!("/masuk?kembali={}", address::query_value(back))),
            Self::SecondStep { back } => Some(format!(
                "/masuk/langkah-dua?kembali={}",
                address::query_value(back)
            )),
            Self::NoDevice => Some("/account/second-factor".to_owned()),
            _ => None,
        }
    }

    /// The failure that fits a bare answer of this code.
    fn of(code: StatusCode) -> Self {
        match code {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Self::NotFound,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany { retry_after_s: 30 },
            StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::GATEWAY_TIMEOUT => Self::Unavailable,
            code if code.is_client_error() => Self::BadRequest,
            _ => Self::Internal,
        }
    }

    /// The same failure for a machine.
    fn problem(&self) -> Problem {
        let (reference, title, detail) = match self {
            Self::BadRequest => ("bad_request", "Bad request", "The request cannot be read."),
            Self::SignIn { .. } | Self::SecondStep { .. } | Self::NoDevice => (
                "sign_in_needed",
                "Sign-in needed",
                "Only a signed-in member may do this.",
            ),
            Self::Forbidden => (
                "forbidden",
                "Forbidden",
                "This is not allowed from where the request came.",
            ),
            Self::NotFound => (
                "not_found",
                "Not found",
                "There is nothing at this address.",
            ),
            Self::Conflict => (
                "conflict",
                "Conflict",
                "It was changed in the meantime. Read it again and retry.",
            ),
            Self::TooLarge => (
                "too_large",
                "Too large",
                "The body is larger than this address accepts.",
            ),
            Self::TooMany { .. } => (
                "too_many_requests",
                "Too many requests",
                "Slow down and retry later.",
            ),
            Self::Unavailable => (
                "unavailable",
                "Unavailable",
                "A part this needs does not answer now. Retry later.",
            ),
            Self::Internal => (
                "internal",
                "Internal error",
                "The fault is on our side and has been logged.",
            ),
        };
        let problem = Problem::new(self.code(), reference, title, detail);
        match self {
            Self::TooMany { retry_after_s } => problem.retry_after(*retry_after_s),
            Self::Unavailable => problem.retry_after(UNAVAILABLE_RETRY_S),
            _ => problem,
        }
    }
}

/// After an outage a client may ask again in this many seconds.
const UNAVAILABLE_RETRY_S: u64 = 10;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::NoRoom => Self::TooLarge,
            StoreError::Conflict | StoreError::CaseExists(_) => Self::Conflict,
            StoreError::ReadOnly { .. } | StoreError::DiskFull | StoreError::Unavailable(..) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the store does not serve"
                );
                Self::Unavailable
            }
            _ => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
                Self::Internal
            }
        }
    }
}

impl IntoResponse for Failure {
    /// A bare answer that [`explain`] turns into a page or problem details.
    fn into_response(self) -> Response {
        let mut response = self.code().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// RFC 9457 problem details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A name of the kind of problem, `urn:kentongan:problem:` and the reference.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    #[serde(rename = "status")]
    code: u16,
    detail: String,
    reference: &'static str,
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with a stable `reference`; `detail` says how to mend it and carries nothing inner.
    pub fn new(
        code: StatusCode,
        reference: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind: format!("urn:kentongan:problem:{reference}"),
            title,
            code: code.as_u16(),
            detail: detail.into(),
            reference,
            retry_after_s: None,
        }
    }

    /// Asks the client to wait this long, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        failure.problem()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let code = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (code, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, Cache::PrivateNoStore.header());
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The page of a failure.
#[derive(Debug, Template)]
#[template(path = "error.html")]
struct FailurePage {
    frame: Frame,
    failure: Failure,
}

impl FailurePage {
    fn title(&self) -> String {
        self.frame.t(match self.failure {
            Failure::NotFound => "error-not-found-title",
            Failure::Forbidden
            | Failure::SignIn { .. }
            | Failure::SecondStep { .. }
            | Failure::NoDevice => "error-forbidden-title",
            Failure::TooMany { .. } => "error-too-many-title",
            Failure::Unavailable => "error-unavailable-title",
            Failure::Conflict => "error-conflict-title",
            Failure::TooLarge => "error-too-large-title",
            Failure::BadRequest => "error-bad-request-title",
            Failure::Internal => "error-internal-title",
        })
    }

    fn mend(&self) -> String {
        self.frame.t(match self.failure {
            Failure::NotFound => "error-not-found-mend",
            Failure::Forbidden
            | Failure::SignIn { .. }
            | Failure::SecondStep { .. }
            | Failure::NoDevice => "error-forbidden-mend",
            Failure::TooMany { .. } => "error-too-many-mend",
            Failure::Unavailable => "error-unavailable-mend",
            Failure::Conflict => "error-conflict-mend",
            Failure::TooLarge => "error-too-large-mend",
            Failure::BadRequest => "error-bad-request-mend",
            Failure::Internal => "error-internal-mend",
        })
    }
}

impl Page for FailurePage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.failure.code()
    }
}

/// Gives every failed answer a body: problem details below `/api`, a page elsewhere, and the way
/// to sign in where that is what is missing. An answer that explains itself is left alone.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let uri = request.uri().clone();
    let response = next.run(request).await;
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let marked = response.extensions().get::<Failure>().cloned();
    if !failed || (marked.is_none() && explains_itself(&response)) {
        return response;
    }
    let failure = marked.unwrap_or_else(|| Failure::of(response.status()));
    if is_for_machines(&uri) {
        return failure.problem().into_response();
    }
    if let Some(target) = failure.way_in() {
        return send_to(&headers, &target);
    }
    // Nothing is asked of a store that fails, nor for whoever asks too often.
    let visitor = match failure {
        Failure::NotFound | Failure::Forbidden | Failure::Conflict | Failure::BadRequest => {
            session::owner(&headers, &app).await
        }
        _ => None,
    };
    let frame = Frame::new(&headers, &uri, visitor, app.config.demo);
    let retry = failure.problem().retry_after_s;
    let mut page = Html(FailurePage { frame, failure }).into_response();
    if let Some(seconds) = retry {
        page.headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

fn explains_itself(response: &Response<Body>) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"))
}

fn is_for_machines(uri: &Uri) -> bool {
    let path = uri.path();
    path.starts_with("/api/") || matches!(path, "/healthz" | "/metrics" | "/openapi.json")
}

fn send_to(headers: &HeaderMap, target: &str) -> Response {
    // A script that asked for a piece of a page cannot follow a redirect to a whole one.
    if headers.contains_key("hx-request") {
        let value = HeaderValue::try_from(target).unwrap_or(HeaderValue::from_static("/masuk"));
        return (StatusCode::NO_CONTENT, [("hx-redirect", value)]).into_response();
    }
    Redirect::to(target).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problem_details_have_the_five_members() {
        let problem = Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            "Conflict",
            "Read it again.",
        );
        let json = serde_json::to_value(&problem).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "type": "urn:kentongan:problem:conflict", "title": "Conflict", "status": 409,
                "detail": "Read it again.", "reference": "conflict"
            })
        );
    }

    #[test]
    fn a_wait_is_a_header() {
        let response = Failure::TooMany { retry_after_s: 7 }
            .problem()
            .into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
    }

    #[test]
    fn machines_are_told_from_people() {
        for (address, machine) in [
            ("/api/v1/posts", true),
            ("/healthz", true),
            ("/", false),
            ("/apical", false),
        ] {
            assert_eq!(
                is_for_machines(&address.parse().expect("address")),
                machine,
                "{address}"
            );
        }
    }
}
