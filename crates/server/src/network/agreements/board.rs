//! The board of promises: of every agreement one's organisation is a party of, overdue first.

use askama::Template;
use axum::extract::State;
use domain::obligation::Fulfilment;

use super::page::Promise;
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::Shell;
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
}

impl Page for BoardPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /network/obligations`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<BoardPage>, Failure> {
    let day = today(frame.now);
    let mut found = app.store.obligations_around(who.organisation().id).await?;
    let order = |fulfilment| match fulfilment {
        Fulfilment::Overdue { days } => (0, -days),
        Fulfilment::Open { days } => (1, days),
        Fulfilment::Done => (2, 0),
    };
    found.sort_by_key(|row| order(row.obligation.fulfilment(row.counted, day)));
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let row = |row: &store::ObligationRow| Row {
        promise: Promise::new(&frame, row, day),
        agreement: row.agreement.clone(),
        address: super::place(row.obligation.agreement),
    };
    let rows = found.iter().map(row).collect();
    Ok(Html(BoardPage { frame, shell, rows }))
}
