//! Members: who has an account, and inviting people to one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use domain::audit::AuditKind;
use domain::invitation::{Invitation, InvitationState};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{InvitationId, MemberId, OrganisationId, Timestamp};
use serde::Deserialize;

use super::LIST_ROWS;
use crate::access::{May, SignedIn, permission::Administer};
use crate::app::App;
use crate::desk::{Pages, Shell, event, page_of, rows_of};
use crate::error::Failure;
use crate::mail::is_address;
use crate::network::find_one;
use crate::web::address::query_value;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// A name, in characters.
const NAME_CHARS_MAX: usize = 120;

#[derive(Debug)]
struct Row {
    id: MemberId,
    name: String,
    email: String,
    role: String,
    roles: Vec<Choice>,
    organisation: String,
    active: bool,
    is_self: bool,
}

/// An invitation that waits.
#[derive(Debug)]
struct Waiting {
    id: InvitationId,
    name: String,
    email: String,
    role: String,
    until: String,
    over: bool,
}

#[derive(Debug)]
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

/// The form for a new member.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    name: String,
    email: String,
    role: String,
    zone: String,
    organisation: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/members.html")]
pub(crate) struct MembersPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
    /// What was searched for.
    sought: String,
    roles: Vec<Choice>,
    /// Whether organisations are asked for: in the form, and in the search.
    names_body: bool,
    kept: Wanted,
    waiting: Vec<Waiting>,
    /// To whom an invitation has just gone out.
    invited: Option<String>,
    /// What the administrator should know of the mail, when some is stuck.
    stuck: Option<String>,
    fault: Option<String>,
}

impl Page for MembersPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.fault.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

/// Which members, and which page of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Part of a name or address.
    cari: String,
    hal: String,
}

/// `GET /admin/members?cari=&hal=`
pub(super) async fn list(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<MembersPage>, Failure> {
    found(
        &app,
        frame,
        &who,
        asked,
        Wanted::default(),
        Outcome::Nothing,
    )
    .await
}

/// What has just happened.
pub(super) enum Outcome {
    /// Nothing.
    Nothing,
    /// An invitation went out to this address.
    Invited(String),
    /// A sentence that says what is wrong.
    Fault(String),
}

impl Wanted {
    /// The invitation into `organisation` that the form asks for, by `by` at `now`; none where it
    /// is incomplete.
    pub(super) fn invitation(
        &self,
        organisation: OrganisationId,
        by: &Member,
        now: Timestamp,
    ) -> Option<Invitation> {
        let name = self.name.trim();
        let email = self.email.trim().to_lowercase();
        let named = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
        (named && is_address(&email)).then(|| Invitation {
            id: InvitationId(crate::clock::fresh_id()),
            organisation,
            name: name.to_owned(),
            email,
            role: Role::parse(&self.role).unwrap_or(Role::Reader),
            zone: Zone::parse(&self.zone).unwrap_or_default(),
            invited_by: by.id,
            invited_at: now,
            state: InvitationState::Open,
        })
    }

    /// The organisation that the form names: any that takes part for the operator, for everybody
    /// else always their own. The error is a sentence for the form.
    pub(super) async fn body(
        &self,
        app: &App,
        frame: &Frame,
        who: &SignedIn,
    ) -> Result<Result<Organisation, String>, Failure> {
        if confined(who).is_some() {
            return Ok(Ok(who.organisation().clone()));
        }
        Ok(match find_one(app, &self.organisation).await? {
            Ok(None) => Ok(who.organisation().clone()),
            Ok(Some(entry)) if entry.organisation.active => Ok(entry.organisation),
            Ok(Some(_)) => Err(self.about(frame, "network-fault-organisation")),
            Err(key) => Err(self.about(frame, key)),
        })
    }

    fn about(&self, frame: &Frame, key: &str) -> String {
        frame.t1(key, "text", self.organisation.trim())
    }
}

/// The page with all members, from page `number` on.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    number: u32,
    kept: Wanted,
    outcome: Outcome,
) -> Result<Html<MembersPage>, Failure> {
    let asked = Asked {
        hal: number.to_string(),
        ..Asked::default()
    };
    found(app, frame, who, asked, kept, outcome).await
}

async fn found(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    asked: Asked,
    kept: Wanted,
    outcome: Outcome,
) -> Result<Html<MembersPage>, Failure> {
    let number = page_of(&asked.hal);
    let sought = asked.cari.trim().to_owned();
    let shell = Shell::load(app, &frame, who, "/admin/members").await?;
    let wanted = rows_of(number);
    let mut members = app
        .store
        .members_found(confined(who), &sought, wanted)
        .await?;
    let more = members.len() > LIST_ROWS as usize;
    members.truncate(LIST_ROWS as usize);
    let rows: Vec<Row> = members
        .into_iter()
        .map(|(member, organisation)| Row {
            id: member.id,
            is_self: member.id == who.member().id,
            roles: roles(&frame, member.role.as_str()),
            role: frame.t(&format!("admin-role-{}", member.role.as_str())),
            name: member.name,
            email: member.email,
            organisation,
            active: member.active,
        })
        .collect();
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        format!("/admin/members?cari={}&hal={page}", query_value(&sought))
    });
    let (invited, fault) = match outcome {
        Outcome::Nothing => (None, None),
        Outcome::Invited(email) => (Some(email), None),
        Outcome::Fault(fault) => (None, Some(fault)),
    };
    Ok(Html(MembersPage {
        roles: roles(&frame, &kept.role),
        waiting: waiting(app, &frame, who).await?,
        stuck: stuck(app, &frame).await?,
        names_body: confined(who).is_none(),
        frame,
        shell,
        rows,
        pages,
        sought,
        kept,
        invited,
        fault,
    }))
}

fn roles(frame: &Frame, chosen: &str) -> Vec<Choice> {
    let choice = |role: &Role| Choice {
        value: role.as_str().to_owned(),
        text: frame.t(&format!("admin-role-{}", role.as_str())),
        chosen: chosen == role.as_str(),
    };
    Role::ALL.iter().map(choice).collect()
}

/// The one organisation an administrator runs; none for the operator's, who run all.
pub(crate) fn confined(who: &SignedIn) -> Option<OrganisationId> {
    let organisation = who.organisation();
    (organisation.kind != OrganisationKind::Operator).then_some(organisation.id)
}

async fn waiting(app: &App, frame: &Frame, who: &SignedIn) -> Result<Vec<Waiting>, Failure> {
    let open = app.store.open_invitations(confined(who)).await?;
    let row = |invitation: Invitation| Waiting {
        id: invitation.id,
        role: frame.t(&format!("admin-role-{}", invitation.role.as_str())),
        until: frame.exact(invitation.expires_at()),
        over: invitation.expires_at() <= frame.now,
        name: invitation.name,
        email: invitation.email,
    };
    Ok(open.into_iter().map(row).collect())
}

async fn stuck(app: &App, frame: &Frame) -> Result<Option<String>, Failure> {
    let outbox = app.store.outbox().await?;
    Ok((outbox.given_up > 0).then(|| frame.n("admin-mail-given-up", outbox.given_up)))
}

/// The member with this id, if this administrator runs their organisation and they are another.
async fn of_mine(app: &App, who: &SignedIn, id: &str) -> Result<Member, Failure> {
    let id = MemberId::parse(id).ok_or(Failure::NotFound)?;
    let member = app.store.member(id).await?;
    let mine = confined(who).is_none_or(|own| own == member.organisation);
    if !mine {
        return Err(Failure::NotFound);
    }
    // Nobody takes their own rights away, or gives themselves others.
    if member.id == who.member().id {
        return Err(Failure::Forbidden);
    }
    Ok(member)
}

/// `POST /admin/members/{id}/sessions/end`
pub(super) async fn end_sessions(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let member = of_mine(&app, &who, &id).await?;
    let act = event(
        &who,
        AuditKind::SessionsEnded,
        member.id.0,
        frame.now,
        "all",
    );
    app.store.end_sessions_of(member.id, None, &act).await?;
    app.access_changed();
    Ok(Redirect::to("/admin/members"))
}

/// `POST /admin/members/{id}/close`
pub(super) async fn close(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let member = of_mine(&app, &who, &id).await?;
    let act = event(&who, AuditKind::MemberClosed, member.id.0, frame.now, "");
    app.store.set_active(member.id, false, &act).await?;
    app.access_changed();
    Ok(Redirect::to("/admin/members"))
}

/// `POST /admin/members/{id}/reopen`
pub(super) async fn reopen(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let member = of_mine(&app, &who, &id).await?;
    let act = event(&who, AuditKind::MemberReopened, member.id.0, frame.now, "");
    app.store.set_active(member.id, true, &act).await?;
    Ok(Redirect::to("/admin/members"))
}

/// The field of the form that gives other duties.
#[derive(Debug, Deserialize)]
pub(super) struct RoleFields {
    role: String,
}

/// `POST /admin/members/{id}/role`
pub(super) async fn set_role(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(fields): Fields<RoleFields>,
) -> Result<Redirect, Failure> {
    let member = of_mine(&app, &who, &id).await?;
    let role = Role::parse(&fields.role).ok_or(Failure::BadRequest)?;
    if role != member.role {
        let note = format!("{} → {}", member.role.as_str(), role.as_str());
        let act = event(&who, AuditKind::RoleChanged, member.id.0, frame.now, &note);
        app.store.set_role(member.id, role, &act).await?;
        app.access_changed();
    }
    Ok(Redirect::to("/admin/members"))
}
