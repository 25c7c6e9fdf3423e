//! Cases of other organisations, as far as agreements in force open them: to read, never to change.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::agreement::Opening;
use domain::audit::AuditKind;
use domain::{AgreementId, CaseId};
use serde::Deserialize;
use store::PartnerCase;

use super::cases::{LIST_ROWS, page_of, rows_of};
use super::draft_form::CheckView;
use super::pages::Pages;
use super::record::event;
use super::shell::Shell;
use super::words::{Tag, case_tag};
use crate::access::agreed_access::{STAGE, today};
use crate::access::{May, SignedIn, permission::SeeDesk};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

#[derive(Debug)]
struct Row {
    id: CaseId,
    title: String,
    tag: Tag,
    whose: String,
    opened: Markup,
}

#[derive(Debug, Template)]
#[template(path = "desk/partners.html")]
pub(crate) struct PartnersPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
}

impl Page for PartnersPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /desk/partners`
pub(super) async fn list(
    who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<PartnersPage>, Failure> {
    let number = page_of(&asked.hal);
    let own = who.organisation().id;
    let givers = app
        .agreed_access
        .reach()
        .givers(own, Opening::SeeCases, STAGE, today(frame.now));
    let mut found = app.store.cases_of(&givers, rows_of(number)).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    // An organisation may open its cases in one region and not in another.
    found.retain(|row| opened(&app, &frame, &who, row, Opening::SeeCases).is_some());
    let shell = Shell::load(&app, &frame, &who, "/desk/partners").await?;
    let row = |row: &PartnerCase| Row {
        id: row.case.id,
        title: row.case.title.clone(),
        tag: case_tag(&frame, &row.case.state),
        whose: row.organisation.clone(),
        opened: frame.ago(row.case.opened_at),
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        format!("/desk/partners?hal={page}")
    });
    Ok(Html(PartnersPage {
        frame,
        shell,
        rows,
        pages,
    }))
}

#[derive(Debug, Template)]
#[template(path = "desk/partner.html")]
pub(crate) struct PartnerPage {
    frame: Frame,
    shell: Shell,
    title: String,
    cluster: String,
    tag: Tag,
    whose: String,
    agreement: AgreementId,
    check: Option<CheckView>,
}

impl Page for PartnerPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /desk/partners/{id}`: the case, and its draft only where an agreement opens drafts.
pub(super) async fn show(
    who: May<SeeDesk>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<PartnerPage>, Failure> {
    let found = app
        .store
        .partner_case(CaseId::parse(&id).ok_or(Failure::NotFound)?)
        .await?;
    let agreement =
        opened(&app, &frame, &who, &found, Opening::SeeCases).ok_or(Failure::NotFound)?;
    let shell = Shell::load(&app, &frame, &who, "/desk/partners").await?;
    let mut check = None;
    if let Some(by) = opened(&app, &frame, &who, &found, Opening::SeeDrafts) {
        let note = format!("agreement {by}");
        let read = event(
            &who,
            AuditKind::DraftReadByPartner,
            found.case.id.0,
            frame.now,
            &note,
        );
        app.store.record_audit(&read).await?;
        check = CheckView::new(&frame, &found.case.draft, &found.organisation);
    }
    Ok(Html(PartnerPage {
        title: found.case.title,
        cluster: found.case.cluster.to_string(),
        tag: case_tag(&frame, &found.case.state),
        whose: found.organisation,
        agreement,
        check,
        frame,
        shell,
    }))
}

fn opened(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    row: &PartnerCase,
    opening: Opening,
) -> Option<AgreementId> {
    let taker = who.organisation().id;
    app.agreed_access.opened(
        taker,
        row.case.organisation,
        opening,
        row.region.as_ref(),
        frame.now,
    )
}
