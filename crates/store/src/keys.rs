//! Service keys, stored as digests, and how much each has been used.

use domain::audit::AuditEvent;
use domain::{KeyId, OrganisationId, Timestamp};

use crate::db::{Columns, Store, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::Page;
use crate::outbox::Mail;

/// One service key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its identity.
    pub id: KeyId,
    /// A name for people.
    pub name: String,
    /// SHA-256 of the key itself, which is stored nowhere.
    pub digest: [u8; 32],
    /// What it may do, words separated by spaces: `posts:write`.
    pub scopes: String,
    /// Posts it may send in a second.
    pub posts_per_second: u32,
    /// Posts it may send in a day of UTC.
    pub posts_per_day: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whose it is; none for a key of the installation itself.
    pub organisation: Option<OrganisationId>,
    /// When it stops working; none for keys older than this rule.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within a few seconds.
    pub last_used_at: Option<Timestamp>,
}

macro_rules! key_columns {
    () => {
        "id, name, digest, scopes, posts_per_second, posts_per_day, created_at, revoked_at, organisation, expires_at, last_used_at"
    };
}

statements! {
    INSERT = concat!("INSERT INTO service_key (", key_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    ALL = concat!("SELECT ", key_columns!(), " FROM service_key ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2");
    OF_ORGANISATION = concat!("SELECT ", key_columns!(), " FROM service_key WHERE organisation = $1 \
        ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3");
    ONE = concat!("SELECT ", key_columns!(), " FROM service_key WHERE id = $1");
    USED = "UPDATE service_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    ACTIVE = concat!("SELECT ", key_columns!(), " FROM service_key WHERE revoked_at IS NULL ORDER BY id");
    REVOKE = "UPDATE service_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    RUNNING_OUT = concat!("SELECT ", key_columns!(), " FROM service_key WHERE revoked_at IS NULL \
        AND expires_at > $1 AND expires_at <= $2 ORDER BY expires_at, id");
    RUNNING_OUT_OF = concat!("SELECT ", key_columns!(), " FROM service_key WHERE revoked_at IS NULL \
        AND expires_at > $1 AND expires_at <= $2 AND organisation = $3 ORDER BY expires_at, id");
    REMINDED = "SELECT sent_at FROM key_reminder WHERE service_key = $1 AND days = $2";
    REMIND = "INSERT INTO key_reminder (service_key, days, sent_at) VALUES ($1, $2, $3) \
        ON CONFLICT (service_key, days) DO NOTHING";
    USAGE = "SELECT service_key, posts FROM key_usage WHERE day = $1 ORDER BY service_key";
}

const ADD_USAGE: &str = "INSERT INTO key_usage (service_key, day, posts) VALUES";
const ADD_USAGE_TAIL: &str =
    "ON CONFLICT (service_key, day) DO UPDATE SET posts = key_usage.posts + excluded.posts";

impl Store {
    /// Adds a key.
    pub async fn insert_key(&self, key: &KeyRow, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            key.id.0,
            &key.name,
            key.digest,
            &key.scopes,
            i64::from(key.posts_per_second),
            i64::try_from(key.posts_per_day).unwrap_or(i64::MAX),
            key.created_at,
            key.revoked_at,
            key.organisation.map(|organisation| organisation.0),
            key.expires_at,
            key.last_used_at,
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keys, revoked ones too, the newest first.
    pub async fn keys(&self, page: Page) -> Result<Vec<KeyRow>, StoreError> {
        let rows = self.rows(ALL, values![page.rows(), page.skipped()]).await?;
        read_all(&rows, read_key)
    }

    /// The same of one organisation.
    pub async fn keys_of(
        &self,
        organisation: OrganisationId,
        page: Page,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let values = values![organisation.0, page.rows(), page.skipped()];
        let rows = self.rows(OF_ORGANISATION, values).await?;
        read_all(&rows, read_key)
    }

    /// One key.
    pub async fn key(&self, id: KeyId) -> Result<KeyRow, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_key)?.ok_or(StoreError::NotFound)
    }

    /// Every key that was not revoked; some may have run out.
    pub async fn active_keys(&self) -> Result<Vec<KeyRow>, StoreError> {
        let rows = self.rows(ACTIVE, values![]).await?;
        read_all(&rows, read_key)
    }

    /// Revokes a key; [`StoreError::NotFound`] when none works under this id.
    pub async fn revoke_key(
        &self,
        id: KeyId,
        at: Timestamp,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(REVOKE, values![id.0, at]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keys that work at `now` and run out by `until`, the soonest first. All of them: whoever is
    /// left out would never be told.
    pub async fn keys_running_out(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let rows = self.rows(RUNNING_OUT, values![now, until]).await?;
        read_all(&rows, read_key)
    }

    /// The same of one organisation.
    pub async fn keys_running_out_of(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let values = values![now, until, organisation.0];
        read_all(&self.rows(RUNNING_OUT_OF, values).await?, read_key)
    }

    /// Whether the end of a key was announced so many days before.
    pub async fn key_was_announced(&self, key: KeyId, days: i64) -> Result<bool, StoreError> {
        let rows = self.rows(REMINDED, values![key.0, days]).await?;
        Ok(!rows.is_empty())
    }

    /// Notes that the end of a key is announced so many days before, and posts the mails that
    /// announce it. False, with nothing posted, when it had been.
    pub async fn announce_key_end(
        &self,
        key: KeyId,
        days: i64,
        mails: &[Mail],
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(REMIND, values![key.0, days, audit.at]).await? == 0 {
            return Ok(false);
        }
        for mail in mails {
            tx.post(mail, audit.at).await?;
        }
        tx.record(audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Adds posts to what keys have used on a day, given as days since 1970. A key may be named
    /// several times.
    pub async fn add_key_usage(&self, usage: &[(KeyId, i32, i64)]) -> Result<(), StoreError> {
        let mut sums: Vec<(KeyId, i32, i64)> = usage.to_vec();
        sums.sort_unstable();
        sums.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 = kept.2.saturating_add(next.2);
            }
            same
        });
        let values: Vec<Value> = sums
            .into_iter()
            .flat_map(|(key, day, posts)| values![key.0, i64::from(day), posts])
            .collect();
        let mut tx = self.begin().await?;
        tx.insert_rows(ADD_USAGE, ADD_USAGE_TAIL, 3, values).await?;
        tx.commit().await
    }

    /// Notes when keys were last used.
    pub async fn keys_used(&self, used: &[(KeyId, Timestamp)]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for (key, at) in used {
            tx.execute(USED, values![key.0, *at]).await?;
        }
        tx.commit().await
    }

    /// What each key has used on a day, given as days since 1970.
    pub async fn key_usage(&self, day: i32) -> Result<Vec<(KeyId, i64)>, StoreError> {
        let rows = self.rows(USAGE, values![i64::from(day)]).await?;
        read_all(&rows, |c| Ok((KeyId(c.id()?), c.int()?)))
    }
}

fn read_key(c: &mut Columns<'_>) -> Result<KeyRow, StoreError> {
    Ok(KeyRow {
        id: KeyId(c.id()?),
        name: c.text()?,
        digest: c.digest("key digest")?,
        scopes: c.text()?,
        posts_per_second: u32::try_from(c.int()?).unwrap_or(u32::MAX),
        posts_per_day: u64::try_from(c.int()?).unwrap_or_default(),
        created_at: c.time()?,
        revoked_at: c.opt_time()?,
        organisation: c.opt_id()?.map(OrganisationId),
        expires_at: c.opt_time()?,
        last_used_at: c.opt_time()?,
    })
}
