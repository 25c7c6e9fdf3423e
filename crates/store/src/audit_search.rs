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

const SEARCH: &str =
    "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event WHERE ";
/// Records of a body and the body itself, each list asked with its identity.
const RECORDS: [&str; 7] = [
    "SELECT id FROM organisation WHERE id = ",
    "SELECT id FROM member WHERE organisation = ",
    "SELECT id FROM desk_case WHERE organisation = ",
    "SELECT id FROM service_key WHERE organisation = ",
    "SELECT id FROM feed WHERE organisation = ",
    "SELECT id FROM invitation WHERE organisation = ",
    "SELECT agreement FROM agreement_party WHERE organisation = ",
];
const PEOPLE: &str = RECORDS[1];
const NAMES: &str = "SELECT m.id, m.organisation, o.name, m.name FROM member m \
    JOIN organisation o ON o.id = m.organisation WHERE m.id IN ";

/// Which part of the trail is read.
#[derive(Debug, Clone, Copy)]
enum Span {
    /// What stands before this number.
    Before(i64),
    /// The act of this number alone.
    Only(i64),
}

/// A statement that is put together, with its values.
struct Draft {
    engine: Engine,
    values: Vec<Value>,
}

impl Draft {
    /// `text` and the mark of `value` behind it.
    fn with(&mut self, text: &str, value: Value) -> String {
        self.values.push(value);
        format!("{text}{}", self.engine.mark(self.values.len()))
    }

    fn span(&mut self, span: Span) -> String {
        match span {
            Span::Before(number) => self.with("sequence < ", number.into()),
            Span::Only(number) => self.with("sequence = ", number.into()),
        }
    }

    /// The condition that an act concerns `body`: found by who acted, and by what was acted on, each
    /// by its own index. One condition with OR would have PostgreSQL read the whole trail.
    fn within(&mut self, body: OrganisationId, span: Span) -> String {
        let people = self.with(PEOPLE, body.0.into());
        let by_them = self.span(span);
        let records = RECORDS.map(|list| self.with(list, body.0.into()));
        let records = records.join(" UNION ALL ");
        let on_theirs = self.span(span);
        format!(
            " AND sequence IN (\
             SELECT sequence FROM audit_event WHERE actor IN ({people}) AND {by_them} UNION \
             SELECT sequence FROM audit_event WHERE subject IN ({records}) AND {on_theirs})"
        )
    }
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
        let span = Span::Before(before.unwrap_or(i64::MAX));
        self.search(filter, span, limit).await
    }

    async fn search(
        &self,
        filter: &AuditFilter,
        span: Span,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let mut draft = Draft {
            engine: self.engine(),
            values: Vec::new(),
        };
        let mut sql = format!("{SEARCH}{}", draft.span(span));
        if let Some(kind) = filter.kind {
            sql.push_str(&draft.with(" AND kind = ", kind.as_str().into()));
        }
        match filter.actor.map(actor_words) {
            Some((_, Some(member))) => sql.push_str(&draft.with(" AND actor = ", member.into())),
            Some((kind, None)) => sql.push_str(&draft.with(" AND actor_kind = ", kind.into())),
            None => {}
        }
        if let Some(subject) = filter.subject {
            sql.push_str(&draft.with(" AND subject = ", subject.into()));
        }
        if let Some(from) = filter.from {
            sql.push_str(&draft.with(" AND at >= ", from.into()));
        }
        if let Some(until) = filter.until {
            sql.push_str(&draft.with(" AND at < ", until.into()));
        }
        if let Some(body) = filter.within {
            sql.push_str(&draft.within(body, span));
        }
        let limit = page_rows(limit).into();
        sql.push_str(&draft.with(" ORDER BY sequence DESC LIMIT ", limit));
        let rows = self.rows(sql, draft.values).await?;
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
        let found = self.search(&filter, Span::Only(sequence), 1).await?;
        found.into_iter().next().ok_or(StoreError::NotFound)
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
