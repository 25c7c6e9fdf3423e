//! Who of an organisation may do what: by their role within it, and by agreements with others.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::agreement::Opening;
use domain::member::Member;
use domain::organisation::Organisation;
use domain::policy::{Action, allows};
use serde::Deserialize;

use super::LIST_ROWS;
use super::members::confined;
use crate::access::agreed_access::{STAGE, today};
use crate::access::{May, SignedIn, permission::Audit};
use crate::app::App;
use crate::desk::{Pages, Shell, page_of, rows_of};
use crate::error::Failure;
use crate::network::agreements::opening_key;
use crate::network::find_one;
use crate::web::address::query_value;
use crate::web::{Cache, Frame, Html, Page};

#[derive(Debug)]
struct Row {
    name: String,
    role: String,
    active: bool,
    /// What the role lets them do within the organisation.
    own: Vec<String>,
    /// What agreements let them see of others today.
    partners: Vec<String>,
}

/// Which page, and whose people; blank is one's own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
    lembaga: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/person_access.html")]
pub(crate) struct PersonAccessPage {
    frame: Frame,
    shell: Shell,
    asked: Asked,
    lead: String,
    fault: Option<String>,
    /// Whether the reader may ask for another organisation.
    names_body: bool,
    rows: Vec<Row>,
    pages: Pages,
}

impl Page for PersonAccessPage {
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

/// `GET /admin/access?lembaga=&hal=`
pub(super) async fn show(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<PersonAccessPage>, Failure> {
    let (organisation, fault) = match chosen(&app, &frame, &who, &asked).await? {
        Ok(organisation) => (organisation, None),
        Err(fault) => (who.organisation().clone(), Some(fault)),
    };
    let number = page_of(&asked.hal);
    let id = Some(organisation.id);
    let mut members = app.store.members_found(id, "", rows_of(number)).await?;
    let more = members.len() > LIST_ROWS as usize;
    members.truncate(LIST_ROWS as usize);
    let partners = partners(&app, &frame, &organisation);
    let rows = members.into_iter();
    let rows = rows.map(|(member, _)| row(&frame, &organisation, &partners, member));
    let rows: Vec<Row> = rows.collect();
    let shell = Shell::load(&app, &frame, &who, "/admin/access").await?;
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        let lembaga = query_value(&asked.lembaga);
        format!("/admin/access?lembaga={lembaga}&hal={page}")
    });
    Ok(Html(PersonAccessPage {
        lead: frame.t1("admin-access-lead", "organisation", &*organisation.name),
        names_body: confined(&who).is_none(),
        frame,
        shell,
        asked,
        fault,
        rows,
        pages,
    }))
}

/// The organisation asked for, or a sentence that says why there is none.
async fn chosen(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    asked: &Asked,
) -> Result<Result<Organisation, String>, Failure> {
    if confined(who).is_some() {
        return Ok(Ok(who.organisation().clone()));
    }
    Ok(match find_one(app, &asked.lembaga).await? {
        Ok(None) => Ok(who.organisation().clone()),
        Ok(Some(entry)) => Ok(entry.organisation),
        Err(key) => Err(frame.t1(key, "text", asked.lembaga.trim())),
    })
}

/// Nobody of an organisation that has left the network may do anything.
fn row(frame: &Frame, of: &Organisation, partners: &[String], member: Member) -> Row {
    let active = member.active && of.active;
    let may = |action: &&Action| active && allows(of.kind, member.role, **action);
    let sees_the_desk = may(&&Action::SeeDesk);
    let own = Action::ALL.iter().filter(may);
    Row {
        own: own.map(|action| frame.t(action_key(*action))).collect(),
        partners: if sees_the_desk {
            partners.to_vec()
        } else {
            Vec::new()
        },
        role: frame.t(&format!("admin-role-{}", member.role.as_str())),
        active,
        name: member.name,
    }
}

/// What agreements let those of `organisation` see of others today who see its desk: cases, and the
/// drafts of those whose cases are seen.
fn partners(app: &App, frame: &Frame, organisation: &Organisation) -> Vec<String> {
    let (reach, day) = (app.agreed_access.reach(), today(frame.now));
    let givers = |opening| reach.givers(organisation.id, opening, STAGE, day);
    let cases = givers(Opening::SeeCases);
    let mut drafts = givers(Opening::SeeDrafts);
    drafts.retain(|giver| cases.contains(giver));
    let words = |opening: Opening, count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let what = frame.t(&opening_key(opening.as_str()));
        (count > 0).then(|| format!("{what} ({})", frame.n("admin-access-bodies", count)))
    };
    let seen = [
        words(Opening::SeeCases, cases.len()),
        words(Opening::SeeDrafts, drafts.len()),
    ];
    seen.into_iter().flatten().collect()
}

/// The key of what an action is called on screens.
pub(super) fn action_key(action: Action) -> &'static str {
    match action {
        Action::SeeDesk => "may-see-desk",
        Action::DecideMatch => "may-decide-match",
        Action::OpenCase => "may-open-case",
        Action::WriteCase => "may-write-case",
        Action::SeeDraft => "may-see-draft",
        Action::ReviewCase => "may-review-case",
        Action::SeeTips => "may-see-tips",
        Action::Administer => "may-administer",
        Action::TuneAnswers => "may-tune-answers",
        Action::Audit => "may-audit",
        Action::KeepWitnesses => "may-keep-witnesses",
        Action::Coordinate => "may-coordinate",
    }
}
