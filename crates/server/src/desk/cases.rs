//! Lists of cases, and the ways from a cluster to its case.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use domain::audit::AuditKind;
use domain::case::{Case, CaseState};
use domain::{CaseId, ClusterId};
use serde::Deserialize;
use store::{CaseFilter, CaseRow, StoreError};

use super::pages::Pages;
use super::record::event;
use super::shell::Shell;
use super::summary::TITLE_CHARS;
use super::words::{Tag, case_tag, headline};
use crate::access::permission::{OpenCase, SeeDraft, WriteCase};
use crate::access::{May, SignedIn};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// Rows of one page of cases or tips.
pub(super) const LIST_ROWS: u32 = 50;
/// The last page that can be asked for.
pub(super) const LIST_PAGES_MAX: u32 = 2_000;

/// Which list, and which page of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    daftar: String,
    hal: String,
}

#[derive(Debug)]
struct Row {
    id: CaseId,
    title: String,
    tag: Tag,
    holder: String,
    posts: String,
    opened: Markup,
}

#[derive(Debug, Template)]
#[template(path = "desk/cases.html")]
pub(crate) struct CasesPage {
    frame: Frame,
    shell: Shell,
    heading: String,
    list: &'static str,
    rows: Vec<Row>,
    empty: String,
    pages: Pages,
}

impl Page for CasesPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /desk/cases?daftar=saya|tinjauan|semua`
pub(super) async fn list(
    who: May<SeeDraft>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<CasesPage>, Failure> {
    let (list, filter, heading, empty) = match asked.daftar.as_str() {
        "tinjauan" => (
            "tinjauan",
            CaseFilter::Waiting(who.organisation().id),
            "desk-waiting",
            "desk-cases-empty-waiting",
        ),
        "semua" => (
            "semua",
            CaseFilter::Live(who.organisation().id),
            "desk-all-cases",
            "desk-cases-empty-all",
        ),
        _ => (
            "saya",
            CaseFilter::Mine(who.member().id),
            "desk-my-cases",
            "desk-cases-empty-mine",
        ),
    };
    let page = page_of(&asked.hal);
    let mut found = app.store.cases(filter, rows_of(page)).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let here = format!("/desk/cases?daftar={list}");
    let shell = Shell::load(&app, &frame, &who, &here).await?;
    let rows: Vec<Row> = found.iter().map(|row| Row::new(&frame, row)).collect();
    let pages = Pages::new(&frame, page, LIST_ROWS, rows.len(), more, |page| {
        format!("{here}&hal={page}")
    });
    let (heading, empty) = (frame.t(heading), frame.t(empty));
    Ok(Html(CasesPage {
        frame,
        shell,
        heading,
        list,
        rows,
        empty,
        pages,
    }))
}

impl Row {
    fn new(frame: &Frame, row: &CaseRow) -> Self {
        let named = match &row.case.state {
            CaseState::Held { lock } if lock.has_lapsed(frame.now) => &None,
            CaseState::Held { .. } => &row.holder_name,
            _ => &row.author_name,
        };
        Self {
            id: row.case.id,
            title: row.case.title.clone(),
            tag: case_tag(frame, &row.case.state),
            holder: named.clone().unwrap_or_else(|| "–".to_owned()),
            posts: frame.whole(row.posts),
            opened: frame.ago(row.case.opened_at),
        }
    }
}

/// `POST /desk/clusters/{id}/case`: opens a case, or leads to the one the newsroom has.
pub(super) async fn open(
    who: May<OpenCase>,
    State(app): State<App>,
    Path(cluster): Path<String>,
) -> Result<Redirect, Failure> {
    let case = opened(&app, &who, &cluster).await?;
    Ok(to_case(case))
}

/// `POST /desk/clusters/{id}/take`: opens a case where there is none, and takes it.
pub(super) async fn take(
    who: May<WriteCase>,
    State(app): State<App>,
    Path(cluster): Path<String>,
) -> Result<Redirect, Failure> {
    who.may::<OpenCase>()?;
    let id = opened(&app, &who, &cluster).await?;
    let case = app.store.case(id).await?;
    let now = crate::clock::now();
    // Refused or overtaken: the case's page says who holds it.
    if let Ok(taken) = case.take(who.member().id, now) {
        match app
            .store
            .update_case(&taken, &event(&who, AuditKind::CaseTaken, id.0, now, ""))
            .await
        {
            Ok(()) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(to_case(id))
}

async fn opened(app: &App, who: &SignedIn, cluster: &str) -> Result<CaseId, Failure> {
    let cluster = app
        .store
        .cluster(ClusterId::parse(cluster).ok_or(Failure::NotFound)?)
        .await?;
    let now = crate::clock::now();
    let id = CaseId(crate::clock::fresh_id());
    let title = headline(&cluster.text, TITLE_CHARS);
    let case = Case::open(
        id,
        cluster.id,
        who.organisation().id,
        title,
        who.member().id,
        now,
    );
    match app
        .store
        .insert_case(&case, &event(who, AuditKind::CaseOpened, id.0, now, ""))
        .await
    {
        Ok(()) => Ok(id),
        Err(StoreError::CaseExists(live)) => Ok(live),
        Err(error) => Err(error.into()),
    }
}

/// The case called `id` of the member's own newsroom; any other is not there for them.
pub(super) async fn own_case(app: &App, who: &SignedIn, id: &str) -> Result<Case, Failure> {
    let case = app
        .store
        .case(CaseId::parse(id).ok_or(Failure::NotFound)?)
        .await?;
    if case.organisation == who.organisation().id {
        Ok(case)
    } else {
        Err(Failure::NotFound)
    }
}

/// The way to a case's page.
pub(super) fn to_case(id: CaseId) -> Redirect {
    Redirect::to(&format!("/desk/cases/{id}"))
}

/// The page asked for, from 1.
pub(crate) fn page_of(text: &str) -> u32 {
    text.parse().unwrap_or(1).clamp(1, LIST_PAGES_MAX)
}

/// One row more than a page shows, to know whether another follows.
pub(crate) fn rows_of(page: u32) -> store::Page {
    store::Page {
        limit: LIST_ROWS + 1,
        offset: page.saturating_sub(1) * LIST_ROWS,
    }
}
