//! What parties promised, and the events that fulfil it.

use domain::audit::AuditEvent;
use domain::date::Date;
use domain::obligation::{AgreementEvent, EventKind, Obligation, Tie};
use domain::{AgreementId, EventId, MemberId, ObligationId, OrganisationId};

use crate::db::{Columns, Store, Value, read_all, read_first};
use crate::error::StoreError;
use crate::limits::{OBLIGATIONS_MAX, Page};

/// An obligation with what is shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationRow {
    /// The obligation.
    pub obligation: Obligation,
    /// The party's name.
    pub organisation: String,
    /// The agreement's title.
    pub agreement: String,
    /// Facts counted so far.
    pub counted: u32,
}

/// How many events of a kind an organisation has under an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Whose.
    pub organisation: OrganisationId,
    /// Of which kind.
    pub kind: EventKind,
    /// How many.
    pub count: u32,
}

// Checks count by their day in WIB, seven hours ahead of UTC: 25,200,000,000 microseconds.
macro_rules! promises {
    ($condition:literal) => {
        concat!(
            "SELECT b.id, b.agreement, b.organisation, b.text, b.due, b.tie, b.wanted, b.done, \
             o.name, a.title, CASE WHEN b.tie = 'checks' THEN \
             (SELECT COUNT(*) FROM fact_check f WHERE f.organisation = b.organisation \
             AND f.published_at >= a.starts * 86400000000 - 25200000000 \
             AND f.published_at < (b.due + 1) * 86400000000 - 25200000000) \
             ELSE (SELECT COUNT(*) FROM agreement_event e WHERE e.agreement = b.agreement \
             AND e.organisation = b.organisation AND e.kind = b.tie AND e.day <= b.due) END AS counted \
             FROM obligation b JOIN organisation o ON o.id = b.organisation \
             JOIN agreement a ON a.id = b.agreement WHERE ",
            $condition
        )
    };
}

statements! {
    INSERT = "INSERT INTO obligation (id, agreement, organisation, text, due, tie, wanted, done) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DONE = "UPDATE obligation SET done = $2 WHERE id = $1 AND done IS NULL AND tie = 'by_hand'";
    ONE = "SELECT id, agreement, organisation, text, due, tie, wanted, done FROM obligation WHERE id = $1";
    OF_AGREEMENT = concat!(promises!("b.agreement = $1"), " ORDER BY b.due, b.id LIMIT $2");
    AROUND = concat!("SELECT id, agreement, organisation, text, due, tie, wanted, done, name, title, counted FROM (",
        promises!("EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement = b.agreement AND p.organisation = $1)"),
        ") AS promised ORDER BY CASE \
        WHEN tie = 'by_hand' AND done IS NOT NULL OR tie <> 'by_hand' AND counted >= wanted THEN 1 ELSE 0 END, \
        due, id LIMIT $2 OFFSET $3");
    INSERT_EVENT = "INSERT INTO agreement_event (id, agreement, kind, organisation, day, place, subject, \
        attendance, decision, minutes, member, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    EVENTS = "SELECT id, agreement, kind, organisation, day, place, subject, attendance, decision, minutes, \
        member, at FROM agreement_event WHERE agreement = $1 ORDER BY day DESC, id DESC LIMIT $2 OFFSET $3";
    EVENT = "SELECT id, agreement, kind, organisation, day, place, subject, attendance, decision, minutes, \
        member, at FROM agreement_event WHERE id = $1 AND agreement = $2";
    COUNTS = "SELECT organisation, kind, COUNT(*) FROM agreement_event WHERE agreement = $1 \
        GROUP BY organisation, kind ORDER BY kind, organisation";
}

impl Store {
    /// Keeps a promise.
    pub async fn insert_obligation(
        &self,
        obligation: &Obligation,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            obligation.id.0,
            obligation.agreement.0,
            obligation.organisation.0,
            &obligation.text,
            obligation.due.days(),
            tie_word(obligation.tie),
            i64::from(obligation.wanted()),
            obligation.done.map(Date::days),
        ];
        tx.execute(INSERT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// One promise.
    pub async fn obligation(&self, id: ObligationId) -> Result<Obligation, StoreError> {
        let rows = self.rows(ONE, values![id.0]).await?;
        read_first(&rows, read_obligation)?.ok_or(StoreError::NotFound)
    }

    /// Marks a promise that is told by hand as kept. [`StoreError::Conflict`] when it is already,
    /// or when facts decide.
    pub async fn obligation_done(
        &self,
        id: ObligationId,
        day: Date,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.execute(DONE, values![id.0, day.days()]).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The promises of an agreement with what counts for them, the soonest due first.
    pub async fn obligations(
        &self,
        agreement: AgreementId,
    ) -> Result<Vec<ObligationRow>, StoreError> {
        let rows = self
            .rows(OF_AGREEMENT, values![agreement.0, OBLIGATIONS_MAX])
            .await?;
        read_all(&rows, read_row)
    }

    /// The promises of every agreement that an organisation is a party of: those not kept yet, then
    /// the kept, each by the day they are due. So on any day the overdue come first.
    pub async fn obligations_around(
        &self,
        organisation: OrganisationId,
        page: Page,
    ) -> Result<Vec<ObligationRow>, StoreError> {
        let values = values![organisation.0, page.rows(), page.skipped()];
        read_all(&self.rows(AROUND, values).await?, read_row)
    }

    /// Keeps an event.
    pub async fn insert_event(
        &self,
        event: &AgreementEvent,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![
            event.id.0,
            event.agreement.0,
            event.kind.as_str(),
            event.organisation.0,
            event.day.days(),
            &event.place,
            &event.subject,
            &event.attendance,
            &event.decision,
            Value::Bytes(event.minutes.map(|digest| digest.to_vec())),
            event.by.0,
            event.at,
        ];
        tx.execute(INSERT_EVENT, values).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Events under an agreement, the latest first.
    pub async fn events(
        &self,
        agreement: AgreementId,
        page: Page,
    ) -> Result<Vec<AgreementEvent>, StoreError> {
        let values = values![agreement.0, page.rows(), page.skipped()];
        let rows = self.rows(EVENTS, values).await?;
        read_all(&rows, read_event)
    }

    /// One event under an agreement.
    pub async fn event(
        &self,
        agreement: AgreementId,
        id: EventId,
    ) -> Result<AgreementEvent, StoreError> {
        let rows = self.rows(EVENT, values![id.0, agreement.0]).await?;
        read_first(&rows, read_event)?.ok_or(StoreError::NotFound)
    }

    /// How many events of each kind each party has.
    pub async fn event_counts(&self, agreement: AgreementId) -> Result<Vec<Counted>, StoreError> {
        let rows = self.rows(COUNTS, values![agreement.0]).await?;
        read_all(&rows, |c| {
            Ok(Counted {
                organisation: OrganisationId(c.id()?),
                kind: c.word("kind of event", EventKind::parse)?,
                count: u32::try_from(c.int()?).unwrap_or(u32::MAX),
            })
        })
    }
}

fn tie_word(tie: Tie) -> &'static str {
    match tie {
        Tie::ChecksPublished { .. } => "checks",
        Tie::Events { kind, .. } => kind.as_str(),
        Tie::ByHand => "by_hand",
    }
}

fn day(c: &mut Columns<'_>) -> Result<Date, StoreError> {
    let days = c.int()?;
    Date::from_days(days).ok_or(StoreError::Unreadable {
        what: "day",
        value: days.to_string(),
    })
}

fn read_obligation(c: &mut Columns<'_>) -> Result<Obligation, StoreError> {
    let id = ObligationId(c.id()?);
    let agreement = AgreementId(c.id()?);
    let organisation = OrganisationId(c.id()?);
    let text = c.text()?;
    let due = day(c)?;
    let word = c.text()?;
    let count = u32::try_from(c.int()?).unwrap_or(u32::MAX);
    let tie = match word.as_str() {
        "checks" => Tie::ChecksPublished { count },
        "by_hand" => Tie::ByHand,
        kind => Tie::Events {
            kind: EventKind::parse(kind).ok_or(StoreError::Unreadable {
                what: "tie of an obligation",
                value: word.clone(),
            })?,
            count,
        },
    };
    let done = c.opt_int()?.and_then(Date::from_days);
    Ok(Obligation {
        id,
        agreement,
        organisation,
        text,
        due,
        tie,
        done,
    })
}

fn read_row(c: &mut Columns<'_>) -> Result<ObligationRow, StoreError> {
    Ok(ObligationRow {
        obligation: read_obligation(c)?,
        organisation: c.text()?,
        agreement: c.text()?,
        counted: u32::try_from(c.int()?).unwrap_or(u32::MAX),
    })
}

fn read_event(c: &mut Columns<'_>) -> Result<AgreementEvent, StoreError> {
    Ok(AgreementEvent {
        id: EventId(c.id()?),
        agreement: AgreementId(c.id()?),
        kind: c.word("kind of event", EventKind::parse)?,
        organisation: OrganisationId(c.id()?),
        day: day(c)?,
        place: c.text()?,
        subject: c.text()?,
        attendance: c.text()?,
        decision: c.text()?,
        minutes: c.opt_digest("digest of minutes")?,
        by: MemberId(c.id()?),
        at: c.time()?,
    })
}
