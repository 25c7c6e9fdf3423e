//! The list of agreements, those about to expire on top.

use askama::Template;
use axum::extract::{Query, State};
use domain::organisation::OrganisationKind;
use domain::policy::Action;
use serde::Deserialize;
use store::{AgreementFilter, AgreementRow};

use super::LIST_ROWS;
use super::words::{Mark, form_name, mark, term_text};
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::{Pages, Shell, page_of};
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// Parties named in a row; of the rest the number is told.
const PARTIES_NAMED: usize = 3;

/// One row of a list.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its page.
    pub address: String,
    /// What it is called.
    pub title: String,
    /// MoU or PKS.
    pub form: String,
    /// Who is in it.
    pub parties: String,
    /// How long.
    pub term: String,
    /// Where it stands.
    pub mark: Mark,
}

impl Row {
    /// `row` as it stands today, with the address of its page under `base`.
    pub(crate) fn new(frame: &Frame, row: &AgreementRow, base: &str) -> Self {
        let agreement = &row.agreement;
        let named: Vec<&str> = row
            .parties
            .iter()
            .take(PARTIES_NAMED)
            .map(String::as_str)
            .collect();
        let mut parties = named.join(" · ");
        if let Some(more) = row
            .parties
            .len()
            .checked_sub(PARTIES_NAMED)
            .filter(|more| *more > 0)
        {
            parties.push_str(" · ");
            parties.push_str(&frame.n("agreement-more-parties", i64::try_from(more).unwrap_or(0)));
        }
        Self {
            address: format!("{base}/{}", agreement.id),
            title: agreement.terms.title.clone(),
            form: form_name(frame, agreement.terms.form),
            parties,
            term: term_text(frame, agreement),
            mark: mark(frame, agreement, today(frame.now)),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/list.html")]
pub(crate) struct ListPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
    may_propose: bool,
    all: bool,
}

impl Page for ListPage {
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

/// `GET /network/agreements`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<ListPage>, Failure> {
    let number = page_of(&asked.hal);
    let all = who.organisation().kind == OrganisationKind::Operator;
    let filter = if all {
        AgreementFilter::All
    } else {
        AgreementFilter::Of(who.organisation().id)
    };
    let wanted = store::Page {
        limit: LIST_ROWS + 1,
        offset: (number - 1) * LIST_ROWS,
    };
    let mut found = app.store.agreements(filter, wanted).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let rows: Vec<Row> = found
        .iter()
        .map(|row| Row::new(&frame, row, "/network/agreements"))
        .collect();
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        format!("/network/agreements?hal={page}")
    });
    Ok(Html(ListPage {
        may_propose: frame.may(Action::Coordinate),
        all,
        frame,
        shell,
        rows,
        pages,
    }))
}
