//! Reading the audit trail: narrowed by what is asked, and by whom an act concerns.

use std::collections::HashMap;

use domain::audit::{Actor, AuditKind};
use domain::{MemberId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::audit::{AuditRow, actor_words, read_row};
use crate::db::{Engine, Store, Value, read_all};
use crate::error::StoreError;
use crate::limits::{IDS_PER_CALL_MAX, page_rows};

/// Which acts are wanted; what is none does not narrow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What was done.
    pub kind: Option<AuditKind>,
    /// Who did it.
    pub actor: Option<Actor>,
    /// On which record.
    pub subject: Option<Uuid>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only what concerns this body: acts of its own people, and acts on itself, its people, cases,
    /// keys, feeds and invitations and on the agreements it is a party to.
    pub within: Option<OrganisationId>,
}

/// Whose act it was, as one body may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditName {
    /// The organisation the person belongs to.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The person's name.
    pub name: String,
}

const SEARCH: &str = "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event WHERE sequence < ";
/// Records of a body, each list asked with the body's identity.
const RECORDS: [&str; 6] = [
    "SELECT id FROM member WHERE organisation = ",
    "SELECT id FROM desk_case WHERE organisation = ",
    "SELECT id FROM service_key WHERE organisation = ",
    "SELECT id FROM feed WHERE organisation = ",
    "SELECT id FROM invitation WHERE organisation = ",
    "SELECT agreement FROM agreement_party WHERE organisation = ",
];
const NAMES: &str = "SELECT m.id, m.organisation, o.name, m.name FROM member m \
    JOIN organisation o ON o.id = m.organisation WHERE m.id IN ";

/// The condition that an act concerns `body`, its values put behind the others.
fn within(engine: Engine, body: OrganisationId, values: &mut Vec<Value>) -> String {
    let mut asked = |text: &str| {
        values.push(body.0.into());
        format!("{text}{}", engine.mark(values.len()))
    };
    let people = asked(RECORDS[0]);
    let own = asked("subject = ");
    let records: Vec<String> = RECORDS.iter().map(|list| asked(list)).collect();
    let records = records.join(" UNION ALL ");
    format!(" AND (actor IN ({people}) OR {own} OR subject IN ({records}))")
}

impl Store {
    /// Acts, newest first: those before sequence `before`, or the newest of all.
    pub async fn audit_page(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        self.audit_search(&AuditFilter::default(), before, limit)
            .await
    }

    /// The acts that `filter` lets through, newest first: those before sequence `before`, or the
    /// newest of all.
    pub async fn audit_search(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let engine = self.engine();
        let mut values = values![before.unwrap_or(i64::MAX)];
        let mut sql = format!("{SEARCH}{}", engine.mark(1));
        let mut narrow = |column: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {column} {}", engine.mark(values.len())));
        };
        if let Some(kind) = filter.kind {
            narrow("kind =", kind.as_str().into());
        }
        match filter.actor.map(actor_words) {
            Some((_, Some(member))) => narrow("actor =", member.into()),
            Some((kind, None)) => narrow("actor_kind =", kind.into()),
            None => {}
        }
        if let Some(subject) = filter.subject {
            narrow("subject =", subject.into());
        }
        if let Some(from) = filter.from {
            narrow("at >=", from.into());
        }
        if let Some(until) = filter.until {
            narrow("at <", until.into());
        }
        if let Some(body) = filter.within {
            sql.push_str(&within(engine, body, &mut values));
        }
        values.push(page_rows(limit).into());
        let limit = engine.mark(values.len());
        sql.push_str(&format!(" ORDER BY sequence DESC LIMIT {limit}"));
        let rows = self.rows(sql, values).await?;
        read_all(&rows, read_row)
    }

    /// One act by its number, where it concerns `within`; every act where that is none.
    pub async fn audit_entry_within(
        &self,
        sequence: i64,
        within: Option<OrganisationId>,
    ) -> Result<AuditRow, StoreError> {
        let filter = AuditFilter {
            within,
            ..AuditFilter::default()
        };
        let before = Some(sequence.saturating_add(1));
        let found = self.audit_search(&filter, before, 1).await?;
        let found = found.into_iter().find(|row| row.sequence == sequence);
        found.ok_or(StoreError::NotFound)
    }

    /// Who these people are; those that are not stored are left out.
    pub async fn audit_names(
        &self,
        ids: &[MemberId],
    ) -> Result<HashMap<MemberId, AuditName>, StoreError> {
        let mut names = HashMap::with_capacity(ids.len());
        for part in ids.chunks(IDS_PER_CALL_MAX) {
            let marks = self.engine().marks(1, part.len());
            let values = part.iter().map(|id| Value::from(id.0)).collect();
            let rows = self.rows(format!("{NAMES}({marks})"), values).await?;
            names.extend(read_all(&rows, |c| {
                let member = MemberId(c.id()?);
                let name = AuditName {
                    organisation: OrganisationId(c.id()?),
                    organisation_name: c.text()?,
                    name: c.text()?,
                };
                Ok((member, name))
            })?);
        }
        Ok(names)
    }
}
