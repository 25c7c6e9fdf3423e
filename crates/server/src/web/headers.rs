//! Headers every answer carries, and answers that say "nothing changed".

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// What a page may load and where its forms may go: only this site. Icons in `data:` addresses.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(&str, &str); 5] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Adds the headers of every answer; turns a repeated answer into `304 Not Modified`.
pub async fn guard(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if safe
        && response.status() == StatusCode::OK
        && is_unchanged(asked.as_ref(), response.headers())
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    for (name, value) in ALWAYS {
        // A page that carries its own script declares its own, narrower policy.
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

fn is_unchanged(asked: Option<&HeaderValue>, headers: &HeaderMap) -> bool {
    let Some(asked) = asked.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let Some(tag) = headers
        .get(header::ETAG)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    asked
        .split(',')
        .map(str::trim)
        .any(|candidate| candidate == "*" || opaque(candidate) == opaque(tag))
}

/// A weak comparison looks at the opaque part alone.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_unchanged_and_another_is_not() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, HeaderValue::from_static("W/\"abc\""));
        let known =
            |value: &'static str| is_unchanged(Some(&HeaderValue::from_static(value)), &headers);
        assert!(known("W/\"abc\""));
        assert!(known("\"x\", \"abc\""));
        assert!(known("*"));
        assert!(!known("\"abd\""));
        assert!(!is_unchanged(None, &headers));
        assert!(!is_unchanged(
            Some(&HeaderValue::from_static("*")),
            &HeaderMap::new()
        ));
    }
}
