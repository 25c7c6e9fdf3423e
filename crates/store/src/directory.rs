//! The directory: organisations as a list that is searched, and their entries.

use domain::OrganisationId;
use domain::audit::AuditEvent;
use domain::date::Date;
use domain::directory::Entry;
use domain::member::Member;
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;

use crate::affiliations::entered;
use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::encoding::contains_pattern;
use crate::error::StoreError;
use crate::limits::{ENTRIES_MAX, Page, SEARCH_CHARS};
use crate::members::{member_columns, organisation_columns, read_member, read_organisation};

/// Which organisations a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryFilter {
    /// Only of this kind.
    pub kind: Option<OrganisationKind>,
    /// Only those that work in this region, or lie or cover something in it.
    pub region: Option<RegionCode>,
    /// Part of a name, in any case; empty for all.
    pub text: String,
    /// Only parts of this one: chapters, lower levels, member media.
    pub part_of: Option<OrganisationId>,
    /// Those that left instead of those that take part.
    pub left: bool,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryRow {
    /// The organisation.
    pub entry: Entry,
    /// Rises with every change of the entry.
    pub version: i64,
    /// The name of the body it is a part of.
    pub parent_name: Option<String>,
}

/// An entry to store, and the member list it belongs to, as a file brings them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedEntry {
    /// The entry as it shall stand.
    pub entry: Entry,
    /// Whether it is new.
    pub fresh: bool,
    /// The membership it brings, where there is none yet.
    pub affiliation: Option<domain::directory::Affiliation>,
}

/// The columns [`read_entry`] reads, of the table named `o`.
macro_rules! entry_columns {
    () => {
        concat!(
            organisation_columns!(),
            ", o.short_name, o.since_year, o.external_id"
        )
    };
}

/// Entries by kind, region and words, those of `$within`.
macro_rules! listed {
    ($within:literal) => {
        concat!(
            "SELECT ", entry_columns!(), ", o.version, p.name, COUNT(*) OVER () FROM organisation o \
            LEFT JOIN organisation p ON p.id = o.parent \
            WHERE o.active = $1 AND ($2 = '' OR o.kind = $2) \
            AND ($3 = '' OR o.region = $3 OR o.region LIKE $4 OR EXISTS (SELECT 1 FROM chapter_region c \
                WHERE c.chapter = o.id AND c.until_day IS NULL AND (c.region = $3 OR c.region LIKE $4))) \
            AND ($5 = '' OR o.search LIKE $5 ESCAPE '\\')",
            $within,
            " ORDER BY o.name, o.id LIMIT $6 OFFSET $7"
        )
    };
}

/// A change of every field, where `$seen` holds.
macro_rules! changed {
    ($seen:literal) => {
        concat!(
            "UPDATE organisation SET kind = $2, name = $3, region = $4, homepage = $5, parent = $6, \
            active = $7, short_name = $8, since_year = $9, external_id = $10, search = $11, \
            version = version + 1 WHERE id = $1",
            $seen
        )
    };
}

statements! {
    LIST = listed!("");
    PARTS = listed!(" AND (o.parent = $8 OR EXISTS (SELECT 1 FROM affiliation a WHERE a.association = $8 \
        AND a.media = o.id AND COALESCE(a.from_day, a.entered_day) <= $9 \
        AND (a.until_day IS NULL OR a.until_day >= $9)))");
    ONE = concat!("SELECT ", entry_columns!(), ", o.version, p.name FROM organisation o \
        LEFT JOIN organisation p ON p.id = o.parent WHERE o.id = $1");
    ALL = concat!("SELECT ", entry_columns!(), " FROM organisation o ORDER BY o.name, o.id LIMIT $1");
    NAMED = concat!("SELECT ", entry_columns!(), " FROM organisation o \
        WHERE o.active = 1 AND (lower(o.name) = $1 OR lower(o.short_name) = $1) ORDER BY o.name, o.id LIMIT $2");
    INSERT = "INSERT INTO organisation (id, kind, name, region, homepage, parent, active, short_name, \
        since_year, external_id, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    UPDATE = changed!("");
    UPDATE_SEEN = changed!(" AND version = $12");
    SET_ACTIVE = "UPDATE organisation SET active = $2, version = version + 1 WHERE id = $1 AND active <> $2";
    END_SESSIONS = "DELETE FROM session WHERE member IN (SELECT id FROM member WHERE organisation = $1)";
    STAFF = concat!("SELECT ", member_columns!(), ", COUNT(*) OVER () FROM member m \
        WHERE m.organisation = $1 ORDER BY m.name, m.id LIMIT $2 OFFSET $3");
}

impl Store {
    /// Organisations by name with how many there are in all. `today` decides which memberships
    /// hold.
    pub async fn directory(
        &self,
        filter: &DirectoryFilter,
        today: Date,
        page: Page,
    ) -> Result<(Vec<DirectoryRow>, i64), StoreError> {
        let region = filter.region.as_ref().map_or("", RegionCode::as_str);
        let text: String = filter.text.trim().chars().take(SEARCH_CHARS).collect();
        let pattern = if text.is_empty() {
            String::new()
        } else {
            contains_pattern(&text.to_lowercase())
        };
        let mut values = values![
            !filter.left,
            filter.kind.map_or("", OrganisationKind::as_str),
            region,
            format!("{region}.%"),
            pattern,
            page.rows(),
            page.skipped(),
        ];
        let rows = match filter.part_of {
            None => self.rows(LIST, values).await?,
            Some(whole) => {
                values.extend(values![whole.0, today.to_string()]);
                self.rows(PARTS, values).await?
            }
        };
        let mut total = 0;
        let mut list = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut columns = row.columns();
            list.push(read_listed(&mut columns)?);
            total = columns.int()?;
        }
        Ok((list, total))
    }

    /// The entry of one organisation.
    pub async fn entry(&self, id: OrganisationId) -> Result<DirectoryRow, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_listed)?.ok_or(StoreError::NotFound)
    }

    /// Every entry, for an import that compares; at most [`ENTRIES_MAX`].
    pub async fn all_entries(&self) -> Result<Vec<Entry>, StoreError> {
        let rows = self.rows(ALL, values![ENTRIES_MAX]).await?;
        read_all(&rows, read_entry)
    }

    /// Those that take part and have exactly this name or short name, in any case.
    pub async fn entries_named(&self, name: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let values = values![name.trim().to_lowercase(), Page::first(limit).rows()];
        let rows = self.rows(NAMED, values).await?;
        read_all(&rows, read_entry)
    }

    /// Adds an entry; [`StoreError::Conflict`] when its external id is taken.
    pub async fn insert_entry(&self, entry: &Entry, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.insert_entry(entry).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Changes an entry that was seen as `version`. [`StoreError::Conflict`] when it has changed
    /// since.
    pub async fn update_entry(
        &self,
        entry: &Entry,
        version: i64,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let mut values = entry_values(entry);
        values.push(Value::from(version));
        if tx.execute(UPDATE_SEEN, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Takes an organisation out of the network or back in. Its sessions end with it.
    /// [`StoreError::Conflict`] when somebody was faster.
    pub async fn set_organisation_active(
        &self,
        id: OrganisationId,
        active: bool,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(SET_ACTIVE, values![id.0, active]).await? == 0 {
            return Err(StoreError::Conflict);
        }
        if !active {
            tx.execute(END_SESSIONS, values![id.0]).await?;
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Stores what a file brought, all of it or nothing.
    pub async fn import_entries(
        &self,
        entries: &[ImportedEntry],
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for imported in entries {
            if imported.fresh {
                tx.insert_entry(&imported.entry).await?;
            } else {
                tx.update_entry(&imported.entry).await?;
            }
            if let Some(affiliation) = &imported.affiliation {
                tx.begin_affiliation(affiliation, entered(audit)).await?;
            }
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The people of one organisation by name, and how many there are.
    pub async fn staff(
        &self,
        organisation: OrganisationId,
        page: Page,
    ) -> Result<(Vec<Member>, i64), StoreError> {
        let values = values![organisation.0, page.rows(), page.skipped()];
        let rows = self.rows(STAFF, values).await?;
        let mut total = 0;
        let mut staff = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut columns = row.columns();
            staff.push(read_member(&mut columns)?);
            total = columns.int()?;
        }
        Ok((staff, total))
    }
}

impl Tx {
    async fn insert_entry(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.execute(INSERT, entry_values(entry)).await.map(drop)
    }

    async fn update_entry(&mut self, entry: &Entry) -> Result<(), StoreError> {
        match self.execute(UPDATE, entry_values(entry)).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

fn entry_values(entry: &Entry) -> Vec<Value> {
    let organisation = &entry.organisation;
    values![
        organisation.id.0,
        organisation.kind.as_str(),
        &organisation.name,
        organisation.region.as_ref().map(RegionCode::as_str),
        organisation.homepage.clone(),
        organisation.parent.map(|parent| parent.0),
        organisation.active,
        &entry.short_name,
        entry.since_year.map(i64::from),
        entry.external_id.clone(),
        search_text(organisation, &entry.short_name),
    ]
}

/// What a search for an organisation looks through.
pub(crate) fn search_text(organisation: &Organisation, short_name: &str) -> String {
    format!("{} {short_name}", organisation.name)
        .trim_end()
        .to_lowercase()
}

fn read_entry(c: &mut Columns<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        organisation: read_organisation(c)?,
        short_name: c.text()?,
        since_year: c.opt_int()?.and_then(|year| i16::try_from(year).ok()),
        external_id: c.opt_text()?,
    })
}

fn read_listed(c: &mut Columns<'_>) -> Result<DirectoryRow, StoreError> {
    Ok(DirectoryRow {
        entry: read_entry(c)?,
        version: c.int()?,
        parent_name: c.opt_text()?,
    })
}
