//! The board of promises: of every agreement one's organisation is a party of, overdue first.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::LIST_ROWS;
use super::page::Promise;
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::{Pages, Shell, page_of, rows_of};
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

#[derive(Debug)]
struct Row {
    promise: Promise,
    agreement: String,
    address: String,
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/board.html")]
pub(crate) struct BoardPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
}

impl Page for BoardPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Which page of the board.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /network/obligations?hal=`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<BoardPage>, Failure> {
    let (day, number) = (today(frame.now), page_of(&asked.hal));
    let own = who.organisation().id;
    let mut found = app.store.obligations_around(own, rows_of(number)).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let row = |row: &store::ObligationRow| Row {
        promise: Promise::new(&frame, row, day),
        agreement: row.agreement.clone(),
        address: super::place(row.obligation.agreement),
    };
    let rows: Vec<Row> = found.iter().map(row).collect();
    let pages = Pages::new(&frame, number, LIST_ROWS, rows.len(), more, |page| {
        format!("/network/obligations?hal={page}")
    });
    Ok(Html(BoardPage {
        frame,
        shell,
        rows,
        pages,
    }))
}
