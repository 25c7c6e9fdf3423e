//! The account page: who one is here, which sessions are open, what they were proven by.

use askama::Template;
use axum::extract::{Query, State};
use domain::MemberId;
use domain::policy::Action;
use domain::proof::{Proof, second_factor_is_wanted};
use store::SessionRow;

use super::news::News;
use crate::access::SignedIn;
use crate::access::limits::{SESSION_IDLE_US, SESSION_LIFE_US};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page, moment};

#[derive(Debug)]
struct OpenSession {
    id: String,
    device: String,
    network: String,
    used: Markup,
    began: String,
    proof: String,
    is_new: bool,
    is_this: bool,
}

#[derive(Debug, Template)]
#[template(path = "account/overview.html")]
pub(crate) struct OverviewPage {
    frame: Frame,
    news: Option<String>,
    name: String,
    email: String,
    organisation: String,
    role: String,
    sessions: Vec<OpenSession>,
    limits: String,
    second_factor: bool,
    wanted: bool,
    codes_left: String,
    passkeys: Option<String>,
    provider: Option<Tie>,
    desk: bool,
}

/// The identity provider, and since when this account is tied to one there.
#[derive(Debug)]
struct Tie {
    name: String,
    since: Option<String>,
}

impl Page for OverviewPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /account`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Query(news): Query<News>,
) -> Result<Html<OverviewPage>, Failure> {
    let member = who.member();
    let sessions = app.store.sessions_of(member.id, frame.now).await?;
    let code = app.store.one_time_code(member.id).await?;
    let passkeys = app.store.passkeys(member.id).await?.len();
    let left = app.store.recovery_codes_left(member.id).await?;
    let alive = |session: &SessionRow| frame.now.since_us(session.last_seen_at) < SESSION_IDLE_US;
    let rows = sessions
        .iter()
        .filter(|session| alive(session))
        .map(|session| row(&frame, session, who.session()))
        .collect();
    Ok(Html(OverviewPage {
        news: news.text(&frame),
        name: member.name.clone(),
        email: member.email.clone(),
        organisation: who.organisation().name.clone(),
        role: frame.t(&format!("role-{}", member.role.as_str())),
        sessions: rows,
        limits: limits(&frame),
        second_factor: code.is_some_and(|code| code.confirmed_at.is_some()),
        wanted: second_factor_is_wanted(who.organisation().kind, member.role),
        passkeys: (passkeys > 0).then(|| frame.n("account-passkeys", passkeys as i64)),
        codes_left: frame.n("account-codes-left", left),
        provider: tie(&app, &frame, member.id).await?,
        desk: frame.may(Action::SeeDesk),
        frame,
    }))
}

async fn tie(app: &App, frame: &Frame, member: MemberId) -> Result<Option<Tie>, Failure> {
    let Some(provider) = &app.provider else {
        return Ok(None);
    };
    let since = app.store.linked_since(member, provider.issuer()).await?;
    Ok(Some(Tie {
        name: provider.name().to_owned(),
        since: since.map(|at| frame.exact(at)),
    }))
}

fn limits(frame: &Frame) -> String {
    let span = |us| moment::span(frame.language, us);
    crate::desk::filled(
        frame,
        "account-session-limits",
        &[
            ("idle", &span(SESSION_IDLE_US)),
            ("life", &span(SESSION_LIFE_US)),
        ],
    )
}

fn row(frame: &Frame, session: &SessionRow, this: [u8; 32]) -> OpenSession {
    let device = if session.device.is_empty() {
        frame.t("account-device-unknown")
    } else {
        session.device.clone()
    };
    let proof = match session.proof {
        Proof::Password => "account-proof-password",
        Proof::Provider => "account-proof-provider",
        Proof::SecondFactor => "account-proof-second-factor",
        Proof::Passkey => "account-proof-passkey",
        Proof::Demonstration => "account-proof-demonstration",
    };
    OpenSession {
        id: blake3::Hash::from_bytes(session.digest)
            .to_hex()
            .to_string(),
        device,
        network: session.network.clone(),
        used: frame.ago(session.last_seen_at),
        began: frame.exact(session.created_at),
        proof: frame.t(proof),
        is_new: session.new_device,
        is_this: session.digest == this,
    }
}
