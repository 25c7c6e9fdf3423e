//! Feeds of member portals and when each is polled next.

use domain::audit::AuditEvent;
use domain::{FeedId, OrganisationId, Timestamp};

use crate::db::{Columns, Store, read_all};
use crate::error::StoreError;
use crate::limits::{Page, page_rows};

/// One feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Its identity.
    pub id: FeedId,
    /// Whose portal it is.
    pub organisation: Option<OrganisationId>,
    /// A name for people.
    pub name: String,
    /// The address polled; unique.
    pub url: String,
    /// False once it is no longer polled.
    pub active: bool,
    /// The server's mark of the version last seen.
    pub etag: Option<String>,
    /// The server's date of the version last seen, word for word.
    pub last_modified: Option<String>,
    /// When it is due.
    pub next_poll_at: Timestamp,
    /// Failures in a row.
    pub failures: u32,
    /// The last failure, in words; none after a success.
    pub last_error: Option<String>,
    /// Items taken in so far.
    pub items: i64,
}

/// What one poll brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollResult {
    /// The server's mark for the next conditional request.
    pub etag: Option<String>,
    /// The server's date for the next conditional request.
    pub last_modified: Option<String>,
    /// When to poll again.
    pub next_poll_at: Timestamp,
    /// Failures in a row; 0 after a success.
    pub failures: u32,
    /// What went wrong, in words.
    pub last_error: Option<String>,
    /// New items of this poll; added to those before.
    pub items: i64,
}

macro_rules! feed_columns {
    () => {
        "id, organisation, name, url, active, etag, last_modified, next_poll_at, failures, last_error, items"
    };
}

statements! {
    INSERT = concat!("INSERT INTO feed (", feed_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    ALL = concat!("SELECT ", feed_columns!(), " FROM feed ORDER BY name, id LIMIT $1 OFFSET $2");
    DUE = concat!("SELECT ", feed_columns!(), " FROM feed WHERE active = 1 AND next_poll_at <= $1 ORDER BY next_poll_at LIMIT $2");
    RECORD_POLL = "UPDATE feed SET etag = $2, last_modified = $3, next_poll_at = $4, failures = $5, \
        last_error = $6, items = items + $7 WHERE id = $1";
}

impl Store {
    /// Adds a feed; [`StoreError::Conflict`] when its address is polled already.
    pub async fn insert_feed(&self, feed: &FeedRow, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            feed.id.0,
            feed.organisation.map(|id| id.0),
            &feed.name,
            &feed.url,
            feed.active,
            feed.etag.clone(),
            feed.last_modified.clone(),
            feed.next_poll_at,
            i64::from(feed.failures),
            feed.last_error.clone(),
            feed.items,
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Feeds by name.
    pub async fn feeds(&self, page: Page) -> Result<Vec<FeedRow>, StoreError> {
        let values = values![page.rows(), i64::from(page.offset)];
        let rows = self.rows(ALL, values).await?;
        read_all(&rows, read_feed)
    }

    /// Active feeds that are due, the longest waiting first.
    pub async fn due_feeds(&self, now: Timestamp, limit: u32) -> Result<Vec<FeedRow>, StoreError> {
        let rows = self.rows(DUE, values![now, page_rows(limit)]).await?;
        read_all(&rows, read_feed)
    }

    /// Notes what a poll brought.
    pub async fn record_poll(&self, id: FeedId, poll: &PollResult) -> Result<(), StoreError> {
        let values = values![
            id.0,
            poll.etag.clone(),
            poll.last_modified.clone(),
            poll.next_poll_at,
            i64::from(poll.failures),
            poll.last_error.clone(),
            poll.items,
        ];
        match self.change(RECORD_POLL, values).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

fn read_feed(c: &mut Columns<'_>) -> Result<FeedRow, StoreError> {
    Ok(FeedRow {
        id: FeedId(c.id()?),
        organisation: c.opt_id()?.map(OrganisationId),
        name: c.text()?,
        url: c.text()?,
        active: c.flag()?,
        etag: c.opt_text()?,
        last_modified: c.opt_text()?,
        next_poll_at: c.time()?,
        failures: u32::try_from(c.int()?).unwrap_or(u32::MAX),
        last_error: c.opt_text()?,
        items: c.int()?,
    })
}
