//! `POST /api/v1/posts`: NDJSON in, one answer once everything taken is durable.

use std::io::Read;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::post::Post;
use serde::Serialize;

use super::keys::KeyRefused;
use super::{IntakeError, limits, line};
use crate::app::App;
use crate::clock;
use crate::error::Problem;

/// What became of a request.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub struct PostsTaken {
    /// Posts counted for the first time; they are durable.
    pub accepted: u64,
    /// Posts that had been counted before.
    pub duplicates: u64,
    /// Lines that were not taken.
    pub rejected: Vec<RejectedLine>,
}

/// One line that was not taken.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RejectedLine {
    /// Its number in the request, from 1.
    pub line: usize,
    /// Stable reference.
    pub reference: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Takes posts, one JSON object a line, gzip or zstd accepted.
#[utoipa::path(post, path = "/api/v1/posts", tag = "posts",
    request_body(content = line::PostLine, content_type = "application/x-ndjson",
        description = "One post a line, at most 10,000 lines and 8 MiB; Content-Encoding gzip or zstd"),
    responses(
        (status = 200, description = "Everything accepted is durable", body = PostsTaken),
        (status = 401, description = "No valid key"), (status = 403, description = "The key lacks the scope"),
        (status = 413, description = "Too large"), (status = 415, description = "Unknown encoding"),
        (status = 429, description = "Too fast, quota used, or intake full; see Retry-After"),
        (status = 503, description = "The log cannot be written")),
    security(("key" = [])))]
pub async fn take_posts(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<PostsTaken>, Response> {
    let bearer = bearer_of(&headers).ok_or_else(|| key_refused(&KeyRefused::Unknown))?;
    let sender = app
        .keys
        .sender(bearer)
        .await
        .map_err(|refused| key_refused(&refused))?;
    let encoding = Encoding::of(&headers)?;
    let key = app.author_key;
    let read = tokio::task::spawn_blocking(move || read_posts(&body, encoding, &key)).await;
    let (posts, rejected) = read.map_err(|_| internal())??;
    let spent = app.keys.spend(sender, posts.len() as u64).await;
    spent.map_err(|refused| key_refused(&refused))?;
    metrics::counter!("kentongan_lines_rejected_total").increment(rejected.len() as u64);
    let submitted = app
        .intake
        .submit(posts)
        .await
        .map_err(|error| intake_refused(&error))?;
    Ok(Json(PostsTaken {
        accepted: submitted.accepted,
        duplicates: submitted.duplicates,
        rejected,
    }))
}

#[derive(Debug, Clone, Copy)]
enum Encoding {
    Plain,
    Gzip,
    Zstd,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Result<Self, Response> {
        match headers
            .get(header::CONTENT_ENCODING)
            .map(HeaderValue::as_bytes)
        {
            None | Some(b"identity") => Ok(Self::Plain),
            Some(b"gzip") => Ok(Self::Gzip),
            Some(b"zstd") => Ok(Self::Zstd),
            Some(_) => Err(problem(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_encoding_unknown",
                "Content-Encoding must be gzip, zstd or absent",
            )),
        }
    }

    /// The plain bytes, never more than the limit and one.
    fn open(self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let limit = limits::REQUEST_PLAIN_BYTES as u64 + 1;
        let mut plain = Vec::new();
        match self {
            Self::Plain => plain.extend_from_slice(body),
            Self::Gzip => {
                flate2::read::MultiGzDecoder::new(body)
                    .take(limit)
                    .read_to_end(&mut plain)?;
            }
            Self::Zstd => {
                zstd::stream::read::Decoder::new(body)?
                    .take(limit)
                    .read_to_end(&mut plain)?;
            }
        }
        Ok(plain)
    }
}

type PostsAndRejected = (Vec<Post>, Vec<RejectedLine>);

fn read_posts(
    body: &[u8],
    encoding: Encoding,
    author_key: &[u8; 32],
) -> Result<PostsAndRejected, Response> {
    let plain = encoding.open(body).map_err(|error| {
        problem(
            StatusCode::BAD_REQUEST,
            "body_unreadable",
            &format!("the body does not decompress: {error}"),
        )
    })?;
    if plain.len() > limits::REQUEST_PLAIN_BYTES {
        return Err(problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            "a request holds at most 8 MiB after decompression; send smaller batches",
        ));
    }
    let received_at = clock::now();
    let mut posts = Vec::new();
    let mut rejected = Vec::new();
    let lines = plain.split(|byte| *byte == b'\n').enumerate();
    for (index, bytes) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        if index >= limits::REQUEST_LINES {
            return Err(problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_many_lines",
                "a request holds at most 10,000 lines; send smaller batches",
            ));
        }
        match line::read_line(bytes, received_at, author_key) {
            Ok(post) => posts.push(post),
            Err(refused) if rejected.len() < limits::REJECTED_NAMED => {
                rejected.push(RejectedLine {
                    line: index + 1,
                    reference: refused.reference,
                    message: refused.message,
                })
            }
            Err(_) => {}
        }
    }
    Ok((posts, rejected))
}

fn bearer_of(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value
        .strip_prefix("Bearer ")
        .map(str::trim)
        .filter(|key| !key.is_empty())
}

fn key_refused(refused: &KeyRefused) -> Response {
    let text = refused.to_string();
    let (code, reference, wait) = match refused {
        KeyRefused::Unknown => (StatusCode::UNAUTHORIZED, "key_unknown", None),
        KeyRefused::Scope => (StatusCode::FORBIDDEN, "key_scope", None),
        KeyRefused::TooFast { retry_after_s, .. } => (
            StatusCode::TOO_MANY_REQUESTS,
            "key_too_fast",
            Some(*retry_after_s),
        ),
        KeyRefused::QuotaUsed { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, "key_quota_used", Some(3_600))
        }
        KeyRefused::Store(error) => {
            tracing::error!(%error, "keys cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "keys_unreadable", Some(5))
        }
    };
    with_wait(problem(code, reference, &text), wait)
}

fn intake_refused(error: &IntakeError) -> Response {
    let text = error.to_string();
    match error {
        IntakeError::Overloaded { retry_after_s } => with_wait(
            problem(StatusCode::TOO_MANY_REQUESTS, "intake_full", &text),
            Some(*retry_after_s),
        ),
        IntakeError::Unavailable(_) => {
            problem(StatusCode::SERVICE_UNAVAILABLE, "intake_stopped", &text)
        }
    }
}

fn problem(code: StatusCode, reference: &'static str, detail: &str) -> Response {
    Problem::new(code, reference, "Posts not taken", detail).into_response()
}

fn internal() -> Response {
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "the request could not be read",
    )
}

fn with_wait(mut response: Response, retry_after_s: Option<u32>) -> Response {
    if let Some(seconds) = retry_after_s {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
