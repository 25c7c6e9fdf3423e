//! Service keys: shown once when made, revoked by hand.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use domain::audit::AuditKind;
use domain::limits::KEY_LIFE_MAX_US;
use domain::{KeyId, OrganisationId, Timestamp};
use serde::Deserialize;
use store::{KeyRow, StoreError};

use super::members::confined;
use super::{LIST_ROWS, key_end, secret};
use crate::access::{May, SignedIn, permission::Administer};
use crate::app::App;
use crate::desk::{Pages, Shell, event, filled, page_of, rows_of};
use crate::error::Failure;
use crate::intake::keys::digest_of;
use crate::web::{Cache, Fields, Frame, Html, Markup, Page};

/// Letters of a service key: about 257 bits.
const KEY_LETTERS: usize = 52;
/// A key's name, in characters.
const NAME_CHARS_MAX: usize = 120;
/// Keys that soon run out whose sentence is open to read at once.
const SOON_SHOWN: usize = 5;
/// What a key made here may do.
const SCOPES: &str = "posts:write";

#[derive(Debug)]
struct Row {
    id: KeyId,
    name: String,
    scopes: String,
    rate: String,
    quota: String,
    today: String,
    organisation: String,
    used: Option<Markup>,
    until: String,
    made: Markup,
    revoked: bool,
    over: bool,
    /// That it soon runs out.
    soon: Option<String>,
}

/// The form for a new key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    name: String,
    rate: String,
    quota: String,
    days: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/keys.html")]
pub(crate) struct KeysPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    pages: Pages,
    /// Keys that soon run out, one sentence each, the soonest first.
    soon: Vec<String>,
    /// How many others do, and their sentences, folded up.
    later: Option<(String, Vec<String>)>,
    /// The new key's name and the key itself, shown this once.
    fresh: Option<(String, String)>,
    fault: Option<String>,
}

impl Page for KeysPage {
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

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /admin/keys?hal=`
pub(super) async fn list(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<KeysPage>, Failure> {
    let number = page_of(&asked.hal);
    page(&app, frame, &who, number, None, None).await
}

/// `POST /admin/keys`
pub(super) async fn add(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Html<KeysPage>, Failure> {
    let key = format!("kt_{}", secret(KEY_LETTERS));
    let Some(row) = wanted.row(&key, &who, frame.now) else {
        let fault = frame.t("admin-key-incomplete");
        return page(&app, frame, &who, 1, None, Some(fault)).await;
    };
    let act = event(&who, AuditKind::KeyAdded, row.id.0, frame.now, &row.name);
    app.store.insert_key(&row, &act).await?;
    page(&app, frame, &who, 1, Some((row.name, key)), None).await
}

/// `POST /admin/keys/{id}/revoke`
pub(super) async fn revoke(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let id = KeyId::parse(&id).ok_or(Failure::NotFound)?;
    let key = app.store.key(id).await?;
    if confined(&who).is_some_and(|own| key.organisation != Some(own)) {
        return Err(Failure::NotFound);
    }
    app.store
        .revoke_key(
            id,
            frame.now,
            &event(&who, AuditKind::KeyRevoked, id.0, frame.now, ""),
        )
        .await?;
    Ok(Redirect::to("/admin/keys"))
}

impl Wanted {
    fn row(&self, key: &str, who: &SignedIn, now: Timestamp) -> Option<KeyRow> {
        let name = self.name.trim();
        let named = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX;
        let posts_per_second = self.rate.parse().ok().filter(|rate| *rate > 0)?;
        let posts_per_day = self.quota.parse().ok().filter(|quota| *quota > 0)?;
        let days: i64 = self.days.parse().ok()?;
        let life_us = days.checked_mul(Timestamp::DAY_US)?;
        if days < 1 || life_us > KEY_LIFE_MAX_US {
            return None;
        }
        named.then(|| KeyRow {
            id: KeyId(crate::clock::fresh_id()),
            name: name.to_owned(),
            digest: digest_of(key),
            scopes: SCOPES.to_owned(),
            posts_per_second,
            posts_per_day,
            created_at: now,
            revoked_at: None,
            organisation: Some(who.organisation().id),
            expires_at: Some(now.plus_us(life_us)),
            last_used_at: None,
        })
    }
}

/// The keys of an organisation that soon run out, one sentence each.
pub(crate) async fn soon_in_words(
    app: &App,
    frame: &Frame,
    organisation: OrganisationId,
) -> Result<Vec<String>, StoreError> {
    let keys = ending(app, frame.now, Some(organisation)).await?;
    let words = if frame.may_administer() {
        "admin-key-soon-one"
    } else {
        "admin-key-soon-ask"
    };
    let sentences = keys
        .iter()
        .filter_map(|key| sentence(frame, key, words, ""));
    Ok(sentences.collect())
}

/// The keys that may soon run out: of one organisation, or of all.
async fn ending(
    app: &App,
    now: Timestamp,
    of: Option<OrganisationId>,
) -> Result<Vec<KeyRow>, StoreError> {
    let until = key_end::horizon(now);
    match of {
        Some(own) => app.store.keys_running_out_of(own, now, until).await,
        None => app.store.keys_running_out(now, until).await,
    }
}

/// That `key` of `owner` soon runs out, and what the reader does about it.
fn sentence(frame: &Frame, key: &KeyRow, words: &str, owner: &str) -> Option<String> {
    let soon = soon(frame, key)?;
    let parts = [
        ("key", key.name.as_str()),
        ("organisation", owner),
        ("soon", &soon),
    ];
    Some(filled(frame, words, &parts))
}

/// That a working key soon runs out, by the same rule as the mails.
fn soon(frame: &Frame, key: &KeyRow) -> Option<String> {
    let end = key.expires_at.filter(|_| key.revoked_at.is_none())?;
    key_end::mark(key, frame.now, frame.zone)?;
    let left = key_end::days_left(end, frame.now, frame.zone);
    Some(key_end::soon_words(frame, left))
}

/// The names of those who own `keys`.
async fn owners<'k>(
    app: &App,
    keys: impl Iterator<Item = &'k KeyRow>,
) -> Result<HashMap<OrganisationId, String>, StoreError> {
    let ids: BTreeSet<OrganisationId> = keys.filter_map(|key| key.organisation).collect();
    let ids: Vec<OrganisationId> = ids.into_iter().collect();
    let found = app.store.organisations_by_id(&ids).await?.into_iter();
    Ok(found.map(|(id, known)| (id, known.name)).collect())
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    number: u32,
    fresh: Option<(String, String)>,
    fault: Option<String>,
) -> Result<Html<KeysPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/keys").await?;
    let day = i32::try_from(frame.now.0.div_euclid(Timestamp::DAY_US)).unwrap_or_default();
    let usage: HashMap<KeyId, i64> = app.store.key_usage(day).await?.into_iter().collect();
    let mut keys = match confined(who) {
        None => app.store.keys(rows_of(number)).await?,
        Some(own) => app.store.keys_of(own, rows_of(number)).await?,
    };
    let more = keys.len() > LIST_ROWS as usize;
    keys.truncate(LIST_ROWS as usize);
    let pages = Pages::new(&frame, number, LIST_ROWS, keys.len(), more, |page| {
        format!("/admin/keys?hal={page}")
    });
    let ending = ending(app, frame.now, confined(who)).await?;
    let names = owners(app, keys.iter().chain(&ending)).await?;
    let own = who.organisation().id;
    let mut soon: Vec<String> = ending
        .iter()
        .filter_map(|key| {
            let owner = key.organisation.filter(|owner| *owner != own);
            match owner.and_then(|owner| names.get(&owner)) {
                Some(owner) => sentence(&frame, key, "admin-key-soon-of", owner),
                None => sentence(&frame, key, "admin-key-soon-one", ""),
            }
        })
        .collect();
    let later = soon.split_off(soon.len().min(SOON_SHOWN));
    let count = i64::try_from(later.len()).unwrap_or(i64::MAX);
    let later = (count > 0).then(|| (frame.n("admin-key-soon-more", count), later));
    let row = |key: KeyRow| {
        let today = usage.get(&key.id).copied().unwrap_or(0);
        let owner = key.organisation.and_then(|owner| names.get(&owner));
        Row::new(&frame, key, owner, today)
    };
    Ok(Html(KeysPage {
        rows: keys.into_iter().map(row).collect(),
        pages,
        soon,
        later,
        frame,
        shell,
        fresh,
        fault,
    }))
}

impl Row {
    /// `key` of `owner` that took so many posts today.
    fn new(frame: &Frame, key: KeyRow, owner: Option<&String>, today: i64) -> Self {
        let number = |value: u64| frame.whole(i64::try_from(value).unwrap_or(i64::MAX));
        let ends = key.expires_at.map(|at| frame.exact(at));
        Self {
            organisation: owner
                .cloned()
                .unwrap_or_else(|| frame.t("admin-key-of-installation")),
            used: key.last_used_at.map(|at| frame.ago(at)),
            until: ends.unwrap_or_else(|| frame.t("admin-key-endless")),
            over: key.expires_at.is_some_and(|at| at <= frame.now),
            soon: soon(frame, &key),
            id: key.id,
            rate: number(u64::from(key.posts_per_second)),
            quota: number(key.posts_per_day),
            today: frame.whole(today),
            made: frame.ago(key.created_at),
            revoked: key.revoked_at.is_some(),
            name: key.name,
            scopes: key.scopes,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::member::Zone;

    use super::*;
    use crate::web::Language;

    /// 22.00 in WIB and midnight in WIT, on the first and the second of December 2026.
    const EVENING: Timestamp = Timestamp(1_796_137_200_000_000);

    fn key(life_us: i64, left_us: i64) -> KeyRow {
        KeyRow {
            id: KeyId(uuid::Uuid::nil()),
            name: "pengumpul".into(),
            digest: [0; 32],
            scopes: SCOPES.into(),
            posts_per_second: 1,
            posts_per_day: 1,
            created_at: EVENING.plus_us(left_us - life_us),
            revoked_at: None,
            organisation: None,
            expires_at: Some(EVENING.plus_us(left_us)),
            last_used_at: None,
        }
    }

    #[track_caller]
    fn check(zone: Zone, key: &KeyRow, wanted: Option<&str>) {
        let mut frame = Frame::for_mail(Language::Indonesian, zone);
        frame.now = EVENING;
        assert_eq!(soon(&frame, key).as_deref(), wanted);
    }

    #[test]
    fn a_key_runs_out_on_a_day_of_the_readers_calendar() {
        let year = 365 * Timestamp::DAY_US;
        let hours = |hours: i64| key(year, hours * Timestamp::HOUR_US);
        check(Zone::Wib, &hours(1), Some("habis hari ini"));
        check(Zone::Wib, &hours(3), Some("habis besok"));
        check(Zone::Wit, &hours(3), Some("habis hari ini"));
        check(Zone::Wib, &hours(27), Some("habis 2 hari lagi"));
        check(Zone::Wib, &hours(0), None);
    }

    #[test]
    fn what_no_mail_announces_no_page_does() {
        let days = |days: i64| days * Timestamp::DAY_US;
        check(Zone::Wita, &key(days(30), days(30)), None);
        check(
            Zone::Wita,
            &key(days(31), days(30)),
            Some("habis 30 hari lagi"),
        );
        check(Zone::Wita, &key(days(365), days(31)), None);
        let revoked = KeyRow {
            revoked_at: Some(EVENING),
            ..key(days(365), days(3))
        };
        check(Zone::Wita, &revoked, None);
    }
}
