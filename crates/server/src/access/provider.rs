//! Signing in at an identity provider. An account there opens an account here only after its member,
//! signed in here, has tied the two together: no account is made and no duty given by what a
//! provider says.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use domain::audit::AuditKind;
use domain::proof::Proof;
use domain::{MemberId, Timestamp};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::limits::PROVIDER_WAIT_US;
use super::provider_client::{Provider, ProviderFault};
use super::session::{self, Arrival, Standing};
use super::sign_in::way_back;
use super::token::{Token, digest_of};
use super::{SignedIn, letters};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client, Frame, Html, Page, cookie};

/// The cookie that ties an answer of the provider to the browser that asked.
const STATE_COOKIE: &str = "penyedia";
/// Where the provider sends visitors back to.
const BACK: &str = "/masuk/penyedia/kembali";

/// A sign-in that has left for the provider.
#[derive(Debug, Serialize, Deserialize)]
struct Underway {
    nonce: String,
    verifier: String,
    back: String,
    /// Who ties an account; none when somebody signs in.
    member: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "access/provider.html")]
struct ProviderPage {
    frame: Frame,
    title: String,
    text: String,
    /// Where to go on; none where it ends here.
    onward: Option<(String, String)>,
    code: StatusCode,
}

impl Page for ProviderPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub struct WayBack {
    #[serde(default)]
    kembali: String,
}

/// What the provider sends back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    code: String,
    state: String,
    error: String,
}

/// `GET /masuk/penyedia`: away to the provider.
pub async fn begin(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    Query(way): Query<WayBack>,
) -> Result<Response, Failure> {
    let back = way_back(&way.kembali);
    let (address, kept) = leave(&app, &frame, &headers, back, None).await?;
    Ok(session::with_cookies(vec![kept], Redirect::to(&address)))
}

/// `POST /account/provider`: a member ties an account at the provider to their own.
pub async fn tie(
    who: SignedIn,
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let member = Some(who.member().id);
    let back = "/account".to_owned();
    let (address, kept) = leave(&app, &frame, &headers, back, member).await?;
    let name = provider(&app)?.name().to_owned();
    // A form may not be sent on to another site, a link may.
    let page = ProviderPage {
        title: frame.t1("provider-tie", "name", name.as_str()),
        text: frame.t1("provider-tie-lead", "name", name.as_str()),
        onward: Some((address, frame.t1("provider-go", "name", name.as_str()))),
        frame,
        code: StatusCode::OK,
    };
    Ok(session::with_cookies(vec![kept], Html(page)))
}

/// `POST /account/provider/cut`: the tie is cut.
pub async fn cut(who: SignedIn, State(app): State<App>, frame: Frame) -> Result<Redirect, Failure> {
    let member = who.member().id;
    let event = session::event(AuditKind::ProviderUnlinked, member, frame.now, "");
    let issuer = provider(&app)?.issuer();
    app.store.unlink_provider(member, issuer, &event).await?;
    Ok(Redirect::to("/account?kabar=penyedia-lepas"))
}

/// `GET /masuk/penyedia/kembali`: back from the provider.
pub async fn come_back(
    State(app): State<App>,
    standing: Standing,
    frame: Frame,
    client: Client,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Failure> {
    let provider = provider(&app)?;
    let Some(underway) = recall(&app, &headers, &answer.state, frame.now).await? else {
        return Ok(ended(frame, "provider-late", StatusCode::GONE));
    };
    if !answer.error.is_empty() || answer.code.is_empty() {
        return Ok(ended(frame, "provider-refused", StatusCode::FORBIDDEN));
    }
    let site = letters::site(&app, &frame).ok_or(Failure::Unavailable)?;
    let proven = provider
        .arrive(
            &format!("{site}{BACK}"),
            answer.code,
            underway.nonce,
            underway.verifier,
        )
        .await;
    let subject = match proven {
        Ok(subject) => subject,
        Err(ProviderFault::Unproven(why)) => {
            tracing::warn!(%why, "an answer of the identity provider was refused");
            return Ok(ended(frame, "provider-refused", StatusCode::FORBIDDEN));
        }
        Err(fault) => return Err(unreachable(&fault)),
    };
    let Some(member) = underway.member else {
        return enter(&app, &frame, client, &headers, &subject, &underway.back).await;
    };
    match standing {
        Standing::Whole(visitor) if visitor.member.id.to_string() == member => {
            tie_to(&app, frame, visitor.member.id, &subject).await
        }
        // Somebody else signed in meanwhile, or nobody is any more.
        _ => Ok(ended(frame, "provider-late", StatusCode::GONE)),
    }
}

async fn enter(
    app: &App,
    frame: &Frame,
    client: Client,
    headers: &HeaderMap,
    subject: &str,
    back: &str,
) -> Result<Response, Failure> {
    let issuer = provider(app)?.issuer();
    let Some(member) = app.store.linked_member(issuer, subject).await? else {
        app.sign_in_guard
            .record_failure(&app.store, None, frame.now)
            .await?;
        let refused = ended(frame.clone(), "provider-unknown", StatusCode::FORBIDDEN);
        return Ok(refused);
    };
    let arrival = Arrival {
        headers,
        client,
        frame,
    };
    let cookies = session::begin(app, &arrival, &member, Proof::Provider).await?;
    Ok(session::with_cookies(cookies, Redirect::to(back)))
}

async fn tie_to(
    app: &App,
    frame: Frame,
    member: MemberId,
    subject: &str,
) -> Result<Response, Failure> {
    let event = session::event(AuditKind::ProviderLinked, member, frame.now, "");
    let issuer = provider(app)?.issuer();
    let tied = app
        .store
        .link_provider(issuer, subject, member, &event)
        .await;
    match tied {
        Ok(()) => Ok(Redirect::to("/account?kabar=penyedia").into_response()),
        Err(StoreError::Conflict) => Ok(ended(frame, "provider-taken", StatusCode::CONFLICT)),
        Err(error) => Err(error.into()),
    }
}

/// The address at the provider, and the cookie that ties its answer to this browser.
async fn leave(
    app: &App,
    frame: &Frame,
    headers: &HeaderMap,
    back: String,
    member: Option<MemberId>,
) -> Result<(String, HeaderValue), Failure> {
    let provider = provider(app)?;
    let site = letters::site(app, frame).ok_or_else(|| {
        tracing::error!("nobody can come back from the identity provider: set KENTONGAN_ORIGIN");
        Failure::Unavailable
    })?;
    let state = Token::fresh();
    let departure = provider
        .depart(&format!("{site}{BACK}"), state.as_str())
        .await
        .map_err(|fault| unreachable(&fault))?;
    let underway = Underway {
        nonce: departure.nonce,
        verifier: departure.verifier,
        back,
        member: member.map(|member| member.to_string()),
    };
    let content = serde_json::to_string(&underway).map_err(|_| Failure::Internal)?;
    let until = frame.now.plus_us(PROVIDER_WAIT_US);
    app.store
        .remember_ceremony(state.own_digest(), &content, frame.now, until)
        .await?;
    let life_s = PROVIDER_WAIT_US / Timestamp::SECOND_US;
    let cookie = cookie::set(headers, STATE_COOKIE, state.as_str(), life_s);
    Ok((departure.address, cookie))
}

/// What was remembered of this browser's sign-in, once.
async fn recall(
    app: &App,
    headers: &HeaderMap,
    state: &str,
    now: Timestamp,
) -> Result<Option<Underway>, Failure> {
    let jar = CookieJar::from_headers(headers);
    let same = jar
        .get(STATE_COOKIE)
        .is_some_and(|cookie| cookie.value() == state);
    let Some(digest) = digest_of(state).filter(|_| same) else {
        return Ok(None);
    };
    let content = app.store.recall_ceremony(&digest, now).await?;
    Ok(content.and_then(|content| serde_json::from_str(&content).ok()))
}

fn provider(app: &App) -> Result<&Arc<Provider>, Failure> {
    app.provider.as_ref().ok_or(Failure::NotFound)
}

fn unreachable(fault: &ProviderFault) -> Failure {
    tracing::error!(%fault, "the identity provider cannot be used");
    Failure::Unavailable
}

fn ended(frame: Frame, key: &str, code: StatusCode) -> Response {
    Html(ProviderPage {
        title: frame.t(&format!("{key}-title")),
        text: frame.t(&format!("{key}-mend")),
        frame,
        onward: None,
        code,
    })
    .into_response()
}
