//! Members: who has an account, and making one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{MemberId, OrganisationId};
use serde::Deserialize;
use store::StoreError;

use super::{LIST_ROWS, secret};
use crate::access::{May, SignedIn, password, permission::Administer};
use crate::app::App;
use crate::desk::{Pages, Shell, event, page_of};
use crate::error::Failure;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// Letters of a temporary password: about 79 bits.
const TEMPORARY_LETTERS: usize = 16;
/// A name, in characters.
const NAME_CHARS_MAX: usize = 120;
/// An address, in bytes.
const EMAIL_BYTES_MAX: usize = 254;

#[derive(Debug)]
struct Row {
    name: String,
    email: String,
    role: String,
    organisation: String,
    active: bool,
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
    roles: Vec<Choice>,
    organisations: Vec<Choice>,
    kept: Wanted,
    /// The new member's name and temporary password, shown this once.
    fresh: Option<(String, String)>,
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

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /admin/members`
pub(super) async fn list(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<MembersPage>, Failure> {
    page(
        &app,
        frame,
        &who,
        page_of(&asked.hal),
        Wanted::default(),
        Outcome::Nothing,
    )
    .await
}

/// `POST /admin/members`
pub(super) async fn add(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Html<MembersPage>, Failure> {
    let organisations = reachable(&app, &who).await?;
    let Some(member) = wanted.member(&organisations, who.organisation().id) else {
        let fault = frame.t("admin-member-incomplete");
        return page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await;
    };
    let temporary = secret(TEMPORARY_LETTERS);
    let hashed = tokio::task::spawn_blocking({
        let temporary = temporary.clone();
        move || password::hash(&temporary)
    });
    let hashed = hashed
        .await
        .map_err(|_| Failure::Internal)?
        .map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a temporary password could not be hashed"
            );
            Failure::Internal
        })?;
    let act = event(
        &who,
        AuditKind::MemberAdded,
        member.id.0,
        frame.now,
        member.role.as_str(),
    );
    match app.store.insert_member(&member, &hashed, &act).await {
        Ok(()) => {
            page(
                &app,
                frame,
                &who,
                1,
                Wanted::default(),
                Outcome::Added(member.name, temporary),
            )
            .await
        }
        Err(StoreError::Conflict) => {
            let fault = frame.t("admin-member-exists");
            page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

enum Outcome {
    Nothing,
    Added(String, String),
    Fault(String),
}

impl Wanted {
    fn member(&self, organisations: &[Organisation], own: OrganisationId) -> Option<Member> {
        let name = self.name.trim();
        let email = self.email.trim().to_lowercase();
        let named = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
        let asked = OrganisationId::parse(&self.organisation).unwrap_or(own);
        let organisation = organisations
            .iter()
            .find(|organisation| organisation.id == asked)?
            .id;
        (named && looks_like_email(&email)).then(|| Member {
            id: MemberId(crate::clock::fresh_id()),
            organisation,
            name: name.to_owned(),
            email,
            role: Role::parse(&self.role).unwrap_or(Role::Reader),
            zone: Zone::parse(&self.zone).unwrap_or_default(),
            active: true,
        })
    }
}

/// The organisations whose members this administrator runs: the operator's all of them, any
/// other only its own.
async fn reachable(app: &App, who: &SignedIn) -> Result<Vec<Organisation>, Failure> {
    let mut organisations = app.store.organisations().await?;
    if who.organisation().kind != OrganisationKind::Operator {
        organisations.retain(|organisation| organisation.id == who.organisation().id);
    }
    Ok(organisations)
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    number: u32,
    kept: Wanted,
    outcome: Outcome,
) -> Result<Html<MembersPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/members").await?;
    let organisations = reachable(app, who).await?;
    let wanted = store::Page {
        limit: LIST_ROWS + 1,
        offset: (number - 1) * LIST_ROWS,
    };
    let mut members = app.store.members(wanted).await?;
    let more = members.len() > LIST_ROWS as usize;
    members.truncate(LIST_ROWS as usize);
    let own = |member: &Member| {
        organisations
            .iter()
            .any(|organisation| organisation.id == member.organisation)
    };
    let rows: Vec<Row> = members
        .into_iter()
        .filter(|(member, _)| own(member))
        .map(|(member, organisation)| Row {
            role: frame.t(&format!("admin-role-{}", member.role.as_str())),
            name: member.name,
            email: member.email,
            organisation,
            active: member.active,
        })
        .collect();
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        format!("/admin/members?hal={page}")
    });
    let roles = Role::ALL.iter().map(|role| Choice {
        value: role.as_str().to_owned(),
        text: frame.t(&format!("admin-role-{}", role.as_str())),
        chosen: kept.role == role.as_str(),
    });
    let (fresh, fault) = match outcome {
        Outcome::Nothing => (None, None),
        Outcome::Added(name, temporary) => (Some((name, temporary)), None),
        Outcome::Fault(fault) => (None, Some(fault)),
    };
    Ok(Html(MembersPage {
        roles: roles.collect(),
        organisations: organisations
            .iter()
            .map(|organisation| Choice {
                value: organisation.id.to_string(),
                text: organisation.name.clone(),
                chosen: kept.organisation == organisation.id.to_string(),
            })
            .collect(),
        frame,
        shell,
        rows,
        pages,
        kept,
        fresh,
        fault,
    }))
}

fn looks_like_email(text: &str) -> bool {
    let plain = text.len() <= EMAIL_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_a_name_and_a_host() {
        assert!(looks_like_email("redaktur@media.example"));
        for bad in [
            "redaktur",
            "@media.example",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "",
        ] {
            assert!(!looks_like_email(bad), "{bad}");
        }
    }
}
