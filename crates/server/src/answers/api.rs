//! `GET|POST /api/v1/lookup` and `GET /api/v1/fact-checks[/{id}]`.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::fact_check::{Deception, FactCheck, Rating};
use domain::{FactCheckId, Timestamp};
use matching::answer::Answer;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::reason::Disagreement;
use super::{LookupError, LookupHit};
use crate::app::App;
use crate::error::Problem;

/// Fact-checks of one page.
const PAGE_CHECKS: u32 = 50;

/// The text to look up.
#[derive(Debug, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
pub struct Asked {
    /// The text, at most 100,000 bytes.
    #[serde(default)]
    text: String,
}

/// The answer to a text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LookedUp {
    /// `match`, `probable` or `not_yet_checked`.
    answer: &'static str,
    /// Probability that the first result answers, 0 to 1.
    probability: f32,
    /// Best first; shown even where the answer is `not_yet_checked`, never to be taken for one.
    results: Vec<HitOut>,
}

/// One check that was found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HitOut {
    /// Probability that it answers.
    probability: f32,
    /// Shared words.
    shared_words: Vec<String>,
    /// Byte spans of the shared words in the text.
    shared_spans: Vec<(usize, usize)>,
    /// Byte spans of the shared words in the claim.
    claim_spans: Vec<(usize, usize)>,
    /// Where text and claim disagree.
    contradictions: Vec<Disagreement>,
    /// What the order value is made of: feature and amount, as in `docs/matching.md`.
    contributions: Vec<(String, f32)>,
    /// The check.
    fact_check: FactCheckOut,
}

/// A fact-check as other programs see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactCheckOut {
    /// Its identity here.
    id: String,
    /// The publisher's own identity of it.
    external_id: String,
    /// The publisher.
    publisher: String,
    /// The claim.
    claim: String,
    /// `false_claim`, `misleading`, `partly_true`, `true_claim` or `unproven`.
    rating: &'static str,
    /// The publisher's own label.
    label: String,
    /// First Draft's category, when said.
    deception: Option<&'static str>,
    /// What is true instead, in Markdown.
    explanation: String,
    /// Evidence links.
    evidence: Vec<String>,
    /// The publisher's page.
    url: Option<String>,
    /// The page here.
    page: String,
    /// RFC 3339, UTC.
    published_at: String,
}

/// A page of fact-checks, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactChecksOut {
    /// The checks.
    fact_checks: Vec<FactCheckOut>,
    /// Pass as `after` for the next page; absent on the last one.
    next: Option<String>,
}

/// Which page of fact-checks.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct PageAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Only this rating.
    rating: Option<String>,
}

/// Looks a text up (query string).
#[utoipa::path(get, path = "/api/v1/lookup", tag = "answers", params(Asked),
    responses((status = 200, body = LookedUp), (status = 400, description = "Empty or too long")))]
pub async fn look_up_get(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    look_up(&app, &asked.text).await
}

/// Looks a text up (JSON body).
#[utoipa::path(post, path = "/api/v1/lookup", tag = "answers", request_body = Asked,
    responses((status = 200, body = LookedUp), (status = 400, description = "Empty or too long")))]
pub async fn look_up_post(State(app): State<App>, Json(asked): Json<Asked>) -> Response {
    look_up(&app, &asked.text).await
}

async fn look_up(app: &App, text: &str) -> Response {
    let started = std::time::Instant::now();
    let result = app.answers.look_up(text).await;
    metrics::histogram!("kentongan_lookup_seconds").record(started.elapsed().as_secs_f64());
    match result {
        Ok(found) => Json(LookedUp {
            answer: answer_word(found.answer),
            probability: found.probability,
            results: found.results.into_iter().map(hit_out).collect(),
        })
        .into_response(),
        Err(error) => lookup_problem(&error),
    }
}

/// One fact-check.
#[utoipa::path(get, path = "/api/v1/fact-checks/{id}", tag = "answers",
    params(("id" = String, Path, description = "Identity")),
    responses((status = 200, body = FactCheckOut), (status = 404, description = "No such check")))]
pub async fn fact_check(State(app): State<App>, Path(id): Path<String>) -> Response {
    let Some(id) = FactCheckId::parse(&id) else {
        return not_found();
    };
    match app.store.fact_check(id).await {
        Ok(check) => Json(FactCheckOut::of(&check)).into_response(),
        Err(StoreError::NotFound) => not_found(),
        Err(error) => unavailable(&error),
    }
}

/// Fact-checks, newest first.
#[utoipa::path(get, path = "/api/v1/fact-checks", tag = "answers", params(PageAsked),
    responses((status = 200, body = FactChecksOut), (status = 400, description = "Unknown rating or page")))]
pub async fn fact_checks(State(app): State<App>, Query(asked): Query<PageAsked>) -> Response {
    let rating = match asked.rating.as_deref().map(Rating::parse) {
        Some(None) => {
            return bad_page(
                "rating is none of false_claim, misleading, partly_true, true_claim, unproven",
            );
        }
        Some(rating) => rating,
        None => None,
    };
    let before = match asked.after.as_deref().map(read_cursor) {
        Some(None) => return bad_page("after is not the `next` of an earlier page"),
        Some(before) => before,
        None => None,
    };
    match app
        .store
        .latest_fact_checks(before, PAGE_CHECKS, rating)
        .await
    {
        Ok(checks) => {
            let full = checks.len() == PAGE_CHECKS as usize;
            let next = checks
                .last()
                .filter(|_| full)
                .map(|check| format!("{}_{}", check.published_at.0, check.id));
            let fact_checks = checks.iter().map(FactCheckOut::of).collect();
            Json(FactChecksOut { fact_checks, next }).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn read_cursor(text: &str) -> Option<(Timestamp, FactCheckId)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp(at.parse().ok()?), FactCheckId::parse(id)?))
}

/// The wire word of an answer.
pub fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Match => "match",
        Answer::Probable => "probable",
        Answer::NotYetChecked => "not_yet_checked",
    }
}

fn hit_out(hit: LookupHit) -> HitOut {
    HitOut {
        probability: hit.probability,
        shared_words: hit.shared_words,
        shared_spans: hit.shared,
        claim_spans: hit.shared_in_claim,
        contradictions: hit.contradictions.iter().map(Disagreement::of).collect(),
        contributions: hit.contributions,
        fact_check: FactCheckOut::of(&hit.fact_check),
    }
}

impl FactCheckOut {
    fn of(check: &FactCheck) -> Self {
        Self {
            id: check.id.to_string(),
            page: format!("/cek-fakta/{}", check.id),
            external_id: check.external_id.clone(),
            publisher: check.publisher.clone(),
            claim: check.claim.clone(),
            rating: check.rating.as_str(),
            label: check.label.clone(),
            deception: check.deception.map(Deception::as_str),
            explanation: check.explanation.clone(),
            evidence: check.evidence.clone(),
            url: check.url.clone(),
            published_at: rfc3339(check.published_at),
        }
    }
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

fn lookup_problem(error: &LookupError) -> Response {
    let detail = match error {
        LookupError::Empty => "send the message as `text`".to_owned(),
        LookupError::TooLong { limit } => {
            format!("at most {limit} bytes are looked up; send the telling part")
        }
        LookupError::Unavailable(inner) => return unavailable(inner),
    };
    Problem::new(
        StatusCode::BAD_REQUEST,
        error.reference(),
        "Text cannot be looked up",
        detail,
    )
    .into_response()
}

fn bad_page(detail: &'static str) -> Response {
    Problem::new(StatusCode::BAD_REQUEST, "page_bad", "No such page", detail).into_response()
}

fn not_found() -> Response {
    Problem::new(
        StatusCode::NOT_FOUND,
        "fact_check_unknown",
        "No such fact-check",
        "look for it at /api/v1/fact-checks",
    )
    .into_response()
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "fact-checks cannot be read");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "checks_unavailable",
        "Fact-checks cannot be read",
        "try again in a moment",
    )
    .into_response()
}
