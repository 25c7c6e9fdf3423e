//! Organisations and their members.

use std::collections::HashMap;
use std::slice;

use domain::audit::AuditEvent;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{MemberId, OrganisationId};

use crate::db::{Columns, Store, Tx, Value, read_all, read_first};
use crate::directory::search_text;
use crate::encoding::contains_pattern;
use crate::error::StoreError;
use crate::limits::{IDS_PER_CALL_MAX, PAGE_ROWS_MAX, Page, SEARCH_CHARS};

/// The columns [`read_organisation`] reads, of the table named `o`.
macro_rules! organisation_columns {
    () => {
        "o.id, o.kind, o.name, o.region, o.homepage, o.parent, o.active"
    };
}
/// The columns [`read_member`] reads, of the table named `m`.
macro_rules! member_columns {
    () => {
        "m.id, m.organisation, m.name, m.email, m.role, m.zone, m.active"
    };
}
pub(crate) use {member_columns, organisation_columns};

const INSERT_MEMBERS: &str =
    "INSERT INTO member (id, organisation, name, email, role, zone, active, password_hash) VALUES";
const MEMBER_WIDTH: usize = 8;

statements! {
    INSERT_ORGANISATION = "INSERT INTO organisation (id, kind, name, region, homepage, parent, active, search) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ORGANISATIONS = concat!("SELECT ", organisation_columns!(), " FROM organisation o ORDER BY o.name, o.id LIMIT $1");
    ORGANISATION = concat!("SELECT ", organisation_columns!(), " FROM organisation o WHERE o.id = $1");
    MEMBER_BY_EMAIL = concat!("SELECT ", member_columns!(), ", m.password_hash FROM member m WHERE m.email = $1");
    MEMBER = concat!("SELECT ", member_columns!(), " FROM member m WHERE m.id = $1");
    MEMBERS = concat!("SELECT ", member_columns!(), ", o.name FROM member m \
        JOIN organisation o ON o.id = m.organisation \
        WHERE $3 = '' OR lower(m.name) LIKE $3 ESCAPE '\\' OR m.email LIKE $3 ESCAPE '\\' OR o.search LIKE $3 ESCAPE '\\' \
        ORDER BY o.name, m.name, m.id LIMIT $1 OFFSET $2");
    MEMBERS_OF = concat!("SELECT ", member_columns!(), ", o.name FROM member m \
        JOIN organisation o ON o.id = m.organisation WHERE m.organisation = $4 \
        AND ($3 = '' OR lower(m.name) LIKE $3 ESCAPE '\\' OR m.email LIKE $3 ESCAPE '\\') \
        ORDER BY m.name, m.id LIMIT $1 OFFSET $2");
    SET_ZONE = "UPDATE member SET zone = $2 WHERE id = $1";
    SET_ACTIVE = "UPDATE member SET active = $2 WHERE id = $1 AND active <> $2";
    SET_ROLE = "UPDATE member SET role = $2 WHERE id = $1 AND role <> $2";
}

impl Store {
    /// Adds an organisation.
    pub async fn insert_organisation(
        &self,
        organisation: &Organisation,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            organisation.id.0,
            organisation.kind.as_str(),
            &organisation.name,
            organisation.region.as_ref().map(RegionCode::as_str),
            organisation.homepage.clone(),
            organisation.parent.map(|parent| parent.0),
            organisation.active,
            search_text(organisation, ""),
        ];
        tx.execute(INSERT_ORGANISATION, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Every organisation by name, at most [`PAGE_ROWS_MAX`].
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        let rows = self
            .rows(ORGANISATIONS, values![i64::from(PAGE_ROWS_MAX)])
            .await?;
        read_all(&rows, read_organisation)
    }

    /// One organisation.
    pub async fn organisation(&self, id: OrganisationId) -> Result<Organisation, StoreError> {
        let rows = self.rows(ORGANISATION, values![id.0]).await?;
        read_first(&rows, read_organisation)?.ok_or(StoreError::NotFound)
    }

    /// Adds a member; [`StoreError::Conflict`] when the e-mail address is taken.
    pub async fn insert_member(
        &self,
        member: &Member,
        password_hash: &str,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.insert_members(slice::from_ref(member), password_hash)
            .await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Adds members who all have the same password hash, such as one that fits no password, with an
    /// act for each; [`StoreError::Conflict`] when an e-mail address is taken, and then none is added.
    pub async fn insert_members(
        &self,
        members: &[Member],
        password_hash: &str,
        acts: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.insert_members(members, password_hash).await?;
        tx.record_all(acts).await?;
        tx.commit().await
    }

    /// The member who signs in with `email` (lower case) and the hash of their password.
    pub async fn member_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(Member, String)>, StoreError> {
        let rows = self.rows(MEMBER_BY_EMAIL, values![email]).await?;
        read_first(&rows, |c| Ok((read_member(c)?, c.text()?)))
    }

    /// One member.
    pub async fn member(&self, id: MemberId) -> Result<Member, StoreError> {
        let rows = self.rows(MEMBER, values![id.0]).await?;
        read_first(&rows, read_member)?.ok_or(StoreError::NotFound)
    }

    /// Members with the name of their organisation, by organisation and name.
    pub async fn members(&self, page: Page) -> Result<Vec<(Member, String)>, StoreError> {
        self.members_found(None, "", page).await
    }

    /// Members of one organisation with its name, by name.
    pub async fn members_of(
        &self,
        organisation: OrganisationId,
        page: Page,
    ) -> Result<Vec<(Member, String)>, StoreError> {
        self.members_found(Some(organisation), "", page).await
    }

    /// Members of one organisation or of all, with its name, in whose name, address or, among all,
    /// organisation's name `text` stands, in any case; every one where it is empty.
    pub async fn members_found(
        &self,
        organisation: Option<OrganisationId>,
        text: &str,
        page: Page,
    ) -> Result<Vec<(Member, String)>, StoreError> {
        let text: String = text.trim().chars().take(SEARCH_CHARS).collect();
        let pattern = if text.is_empty() {
            String::new()
        } else {
            contains_pattern(&text.to_lowercase())
        };
        let mut values = values![page.rows(), page.skipped(), pattern];
        let rows = match organisation {
            None => self.rows(MEMBERS, values).await?,
            Some(id) => {
                values.extend(values![id.0]);
                self.rows(MEMBERS_OF, values).await?
            }
        };
        read_all(&rows, |c| Ok((read_member(c)?, c.text()?)))
    }

    /// The names of these members; those that are not stored are left out.
    pub async fn member_names(
        &self,
        ids: &[MemberId],
    ) -> Result<HashMap<MemberId, String>, StoreError> {
        let mut names = HashMap::with_capacity(ids.len());
        for part in ids.chunks(IDS_PER_CALL_MAX) {
            let marks = self.engine().marks(1, part.len());
            let sql = format!("SELECT id, name FROM member WHERE id IN ({marks})");
            let values = part.iter().map(|id| Value::from(id.0)).collect();
            let rows = self.rows(sql, values).await?;
            names.extend(read_all(&rows, |c| Ok((MemberId(c.id()?), c.text()?)))?);
        }
        Ok(names)
    }

    /// Closes an account, ending all its sessions, or opens it again; [`StoreError::NotFound`] when
    /// that is how it stands.
    pub async fn set_active(
        &self,
        member: MemberId,
        active: bool,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(SET_ACTIVE, values![member.0, active]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.delete_sessions_of(member).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Gives a member other duties; [`StoreError::NotFound`] when they have them.
    pub async fn set_role(
        &self,
        member: MemberId,
        role: Role,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx
            .execute(SET_ROLE, values![member.0, role.as_str()])
            .await?
            == 0
        {
            return Err(StoreError::NotFound);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Sets the zone in which a member reads times.
    pub async fn set_zone(&self, member: MemberId, zone: Zone) -> Result<(), StoreError> {
        match self
            .change(SET_ZONE, values![member.0, zone.as_str()])
            .await?
        {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}

impl Tx {
    /// Adds members who all have the same password hash.
    pub(crate) async fn insert_members(
        &mut self,
        members: &[Member],
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let values = members
            .iter()
            .flat_map(|member| member_values(member, password_hash));
        self.insert_rows(INSERT_MEMBERS, "", MEMBER_WIDTH, values.collect())
            .await
            .map(drop)
    }
}

fn member_values(member: &Member, password_hash: &str) -> Vec<Value> {
    values![
        member.id.0,
        member.organisation.0,
        &member.name,
        &member.email,
        member.role.as_str(),
        member.zone.as_str(),
        member.active,
        password_hash,
    ]
}

pub(crate) fn read_organisation(c: &mut Columns<'_>) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: OrganisationId(c.id()?),
        kind: c.word("organisation kind", OrganisationKind::parse)?,
        name: c.text()?,
        region: c.opt_word("region code", |code| RegionCode::parse(code).ok())?,
        homepage: c.opt_text()?,
        parent: c.opt_id()?.map(OrganisationId),
        active: c.flag()?,
    })
}

pub(crate) fn read_member(c: &mut Columns<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: MemberId(c.id()?),
        organisation: OrganisationId(c.id()?),
        name: c.text()?,
        email: c.text()?,
        role: c.word("role", Role::parse)?,
        zone: c.word("zone", Zone::parse)?,
        active: c.flag()?,
    })
}
