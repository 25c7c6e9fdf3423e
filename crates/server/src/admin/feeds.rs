//! Feeds of member portals: which are read, when next, and what went wrong.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::FeedId;
use domain::audit::AuditKind;
use serde::Deserialize;
use store::{FeedRow, StoreError};

use super::LIST_ROWS;
use crate::access::{May, SignedIn, permission::Administer};
use crate::app::App;
use crate::desk::{Pages, Shell, event, page_of, rows_of};
use crate::error::Failure;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// A feed's name, in characters.
const NAME_CHARS_MAX: usize = 120;

#[derive(Debug)]
struct Row {
    name: String,
    url: String,
    items: String,
    next: String,
    error: Option<String>,
}

/// The form for a new feed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    name: String,
    url: String,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/feeds.html")]
pub(crate) struct FeedsPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
    kept: Wanted,
    fault: Option<String>,
}

impl Page for FeedsPage {
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

/// `GET /admin/feeds?hal=`
pub(super) async fn list(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<FeedsPage>, Failure> {
    let number = page_of(&asked.hal);
    page(&app, frame, &who, number, Wanted::default(), None).await
}

/// `POST /admin/feeds`: the new feed is due at once.
pub(super) async fn add(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let Some(feed) = wanted.feed(&who, &frame) else {
        let fault = frame.t("admin-feed-bad");
        return Ok(page(&app, frame, &who, 1, wanted, Some(fault))
            .await?
            .into_response());
    };
    let act = event(&who, AuditKind::FeedAdded, feed.id.0, frame.now, &feed.url);
    match app.store.insert_feed(&feed, &act).await {
        Ok(()) => Ok(Redirect::to("/admin/feeds").into_response()),
        Err(StoreError::Conflict) => {
            let fault = frame.t("admin-feed-exists");
            Ok(page(&app, frame, &who, 1, wanted, Some(fault))
                .await?
                .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

impl Wanted {
    fn feed(&self, who: &SignedIn, frame: &Frame) -> Option<FeedRow> {
        let url = url::Url::parse(self.url.trim()).ok()?;
        let readable = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.username().is_empty();
        let fits = url.as_str().len() <= domain::limits::URL_BYTES;
        let name: String = self.name.trim().chars().take(NAME_CHARS_MAX).collect();
        (readable && fits).then(|| FeedRow {
            id: FeedId(crate::clock::fresh_id()),
            organisation: Some(who.organisation().id),
            name: if name.is_empty() {
                url.host_str().unwrap_or_default().to_owned()
            } else {
                name
            },
            url: url.to_string(),
            active: true,
            etag: None,
            last_modified: None,
            next_poll_at: frame.now,
            failures: 0,
            last_error: None,
            items: 0,
        })
    }
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    number: u32,
    kept: Wanted,
    fault: Option<String>,
) -> Result<Html<FeedsPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/feeds").await?;
    let mut feeds = app.store.feeds(rows_of(number)).await?;
    let more = feeds.len() > LIST_ROWS as usize;
    feeds.truncate(LIST_ROWS as usize);
    let pages = Pages::new(&frame, number, LIST_ROWS, feeds.len(), more, |page| {
        format!("/admin/feeds?hal={page}")
    });
    let rows = feeds.into_iter().map(|feed| Row {
        items: frame.whole(feed.items),
        next: if feed.next_poll_at <= frame.now {
            frame.t("admin-feed-now")
        } else {
            frame.exact(feed.next_poll_at)
        },
        name: feed.name,
        url: feed.url,
        error: feed.last_error,
    });
    Ok(Html(FeedsPage {
        rows: rows.collect(),
        pages,
        frame,
        shell,
        kept,
        fault,
    }))
}
