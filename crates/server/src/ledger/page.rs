//! What the ledger is, in plain words, and who vouches for it.

use askama::Template;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// A witness as the public sees it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) vkey: String,
    pub(super) size: Option<String>,
    pub(super) signed: Option<Markup>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "ledger/page.html")]
pub struct LedgerPage {
    frame: Frame,
    entries: String,
    root: String,
    signed: Markup,
    name: String,
    key: String,
    well: bool,
    open: bool,
    cosigned: bool,
    witnesses: Vec<Row>,
}

impl Page for LedgerPage {
    const CACHE: Cache = Cache::PublicMinute;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some("/ledger".to_owned())
    }
}

/// `GET /ledger`
pub async fn show(frame: Frame, State(app): State<App>) -> Result<Html<LedgerPage>, Failure> {
    let latest = app.ledger.latest();
    let key = app.ledger.vkey();
    let witnesses = witnesses(&app, &frame).await?;
    Ok(Html(LedgerPage {
        entries: frame.n("ledger-entries", whole(latest.checkpoint.size)),
        root: STANDARD.encode(latest.checkpoint.root),
        signed: frame.ago(latest.at),
        name: key.name().to_owned(),
        key: key.to_string(),
        well: latest.contradicted_by.is_none(),
        open: app.config.ledger_entries,
        cosigned: witnesses.iter().any(|row| row.size.is_some()),
        witnesses,
        frame,
    }))
}

/// Witnesses that are registered now.
pub(super) async fn witnesses(app: &App, frame: &Frame) -> Result<Vec<Row>, Failure> {
    let rows = app.store.witnesses().await?;
    let rows = rows.into_iter().filter(|row| row.removed_at.is_none());
    Ok(rows
        .map(|row| Row {
            size: row.last.map(|(size, _)| frame.whole(whole(size))),
            signed: row.last.map(|(_, at)| frame.ago(at)),
            name: row.name,
            vkey: row.vkey,
        })
        .collect())
}

pub(super) fn whole(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
