//! What holds of an organisation for a while: offices, liaisons, addresses, the pledge.

use domain::audit::AuditEvent;
use domain::date::Date;
use domain::directory::{DatedFact, FactKind, Pledge};
use domain::term::Term;
use domain::{DatedFactId, OrganisationId};

use crate::db::{Columns, Store, read_all, read_first};
use crate::error::StoreError;
use crate::limits::{FACTS_PER_ORGANISATION_MAX, page_rows};

statements! {
    INSERT = "INSERT INTO dated_fact (id, organisation, kind, title, text, source, from_day, until_day) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ONE = "SELECT id, organisation, kind, title, text, source, from_day, until_day FROM dated_fact WHERE id = $1";
    OF_ORGANISATION = "SELECT id, organisation, kind, title, text, source, from_day, until_day FROM dated_fact \
        WHERE organisation = $1 ORDER BY kind, CASE WHEN until_day IS NULL THEN 0 ELSE 1 END, from_day DESC, title, id LIMIT $2";
    END = "UPDATE dated_fact SET until_day = $2 WHERE id = $1 AND until_day IS NULL";
    SIGN = "INSERT INTO pledge (organisation, signed_on, withdrawn_on, source) VALUES ($1, $2, $3, $4)";
    WITHDRAW = "UPDATE pledge SET withdrawn_on = $2 WHERE organisation = $1 AND withdrawn_on IS NULL";
    PLEDGES = "SELECT organisation, signed_on, withdrawn_on, source FROM pledge WHERE organisation = $1 \
        ORDER BY CASE WHEN withdrawn_on IS NULL THEN 0 ELSE 1 END, signed_on DESC LIMIT $2";
}

impl Store {
    /// Writes a fact down.
    pub async fn insert_dated_fact(
        &self,
        fact: &DatedFact,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            fact.id.0,
            fact.organisation.0,
            fact.kind.as_str(),
            &fact.title,
            &fact.text,
            &fact.source,
            day_text(fact.term.from()),
            day_text(fact.term.until()),
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// One fact.
    pub async fn dated_fact(&self, id: DatedFactId) -> Result<DatedFact, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_fact)?.ok_or(StoreError::NotFound)
    }

    /// The facts of one organisation by kind, those that go on first, then the newest.
    pub async fn dated_facts(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<DatedFact>, StoreError> {
        let values = values![organisation.0, page_rows(FACTS_PER_ORGANISATION_MAX)];
        let rows = self.rows(OF_ORGANISATION, values).await?;
        read_all(&rows, read_fact)
    }

    /// Ends a fact that goes on; [`StoreError::Conflict`] when it has ended already.
    pub async fn end_dated_fact(
        &self,
        id: DatedFactId,
        last: Date,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(END, values![id.0, last.to_string()]).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keeps a signed pledge; [`StoreError::Conflict`] while another one holds.
    pub async fn sign_pledge(&self, pledge: &Pledge, audit: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            pledge.organisation.0,
            pledge.signed_on.to_string(),
            day_text(pledge.withdrawn_on),
            &pledge.source,
        ];
        tx.execute(SIGN, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Keeps that the pledge was taken back; [`StoreError::Conflict`] where none holds.
    pub async fn withdraw_pledge(
        &self,
        organisation: OrganisationId,
        on: Date,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![organisation.0, on.to_string()];
        if tx.execute(WITHDRAW, values).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The pledges of one organisation, the one that holds first.
    pub async fn pledges(&self, organisation: OrganisationId) -> Result<Vec<Pledge>, StoreError> {
        let values = values![organisation.0, page_rows(FACTS_PER_ORGANISATION_MAX)];
        let rows = self.rows(PLEDGES, values).await?;
        read_all(&rows, |c| {
            Ok(Pledge {
                organisation: OrganisationId(c.id()?),
                signed_on: c.word("day", Date::parse)?,
                withdrawn_on: c.opt_word("day", Date::parse)?,
                source: c.text()?,
            })
        })
    }
}

pub(crate) fn day_text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// Two columns: the first day and the last.
pub(crate) fn read_term(c: &mut Columns<'_>) -> Result<Term, StoreError> {
    let from = c.opt_word("day", Date::parse)?;
    let until = c.opt_word("day", Date::parse)?;
    Term::new(from, until).map_err(|fault| StoreError::Unreadable {
        what: "a term",
        value: fault.to_string(),
    })
}

fn read_fact(c: &mut Columns<'_>) -> Result<DatedFact, StoreError> {
    Ok(DatedFact {
        id: DatedFactId(c.id()?),
        organisation: OrganisationId(c.id()?),
        kind: c.word("kind of a fact", FactKind::parse)?,
        title: c.text()?,
        text: c.text()?,
        source: c.text()?,
        term: read_term(c)?,
    })
}
