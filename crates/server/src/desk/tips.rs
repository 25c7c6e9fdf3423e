//! Citizens' tips: what people sent, with consent and without their names.

use askama::Template;
use axum::extract::{Query, State};
use domain::ClusterId;
use domain::region::RegionCode;
use serde::Deserialize;
use store::TipView;

use super::cases::{LIST_ROWS, page_of, rows_of};
use super::pages::Pages;
use super::shell::Shell;
use super::words::headline;
use crate::access::{May, permission::SeeTips};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// Characters of a tip's text in the list.
const EXCERPT_CHARS: usize = 240;

#[derive(Debug)]
struct Row {
    text: String,
    place: String,
    at: Markup,
    cluster: Option<ClusterId>,
}

#[derive(Debug, Template)]
#[template(path = "desk/tips.html")]
pub(crate) struct TipsPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
}

impl Page for TipsPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /desk/tips`
pub(super) async fn list(
    who: May<SeeTips>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<TipsPage>, Failure> {
    let page = page_of(&asked.hal);
    let mut found = app.store.tips(rows_of(page)).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let shell = Shell::load(&app, &frame, &who, "/desk/tips").await?;
    let rows: Vec<Row> = found.iter().map(|view| Row::new(&frame, view)).collect();
    let pages = Pages::new(&frame, page, LIST_ROWS, rows.len(), more, |page| {
        format!("/desk/tips?hal={page}")
    });
    Ok(Html(TipsPage {
        frame,
        shell,
        rows,
        pages,
    }))
}

impl Row {
    fn new(frame: &Frame, view: &TipView) -> Self {
        let region = view.tip.region.as_ref().map(RegionCode::as_str);
        Self {
            text: headline(&view.tip.text, EXCERPT_CHARS),
            place: region.map_or_else(|| frame.t("desk-place-unknown"), super::words::place),
            at: frame.ago(view.tip.received_at),
            cluster: view.cluster.as_ref().map(|cluster| cluster.id),
        }
    }
}
