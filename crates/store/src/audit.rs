//! The audit trail: append-only events, each a leaf of the ledger, committed with the change.

use domain::MemberId;
use domain::audit::{Actor, AuditEvent, AuditKind};
use ledger::{AuditLeaf, Frontier, Hash};
use uuid::Uuid;

use crate::db::{Columns, Engine, Store, Tx, Value, read_all, read_first, storable};
use crate::error::StoreError;
use crate::limits::page_rows;

/// One recorded act with its place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1 and without gaps; leaf `sequence - 1` of the ledger.
    pub sequence: i64,
    /// The act.
    pub event: AuditEvent,
}

statements! {
    HEAD = "SELECT frontier FROM ledger_head WHERE id = 1";
    MOVE_HEAD = "UPDATE ledger_head SET size = $1, root = $2, frontier = $3 WHERE id = 1 AND frontier = $4";
    ACCESS_MOVED = "UPDATE counter SET value = value + 1 WHERE name = 'access_version'";
    OF_SUBJECT = "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event \
        WHERE subject = $1 ORDER BY sequence DESC LIMIT $2";
    ENTRIES = "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event \
        WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence";
}

const EVENT_COLUMNS: &str =
    "INSERT INTO audit_event (sequence, at, actor_kind, actor, kind, subject, note, leaf) VALUES";
/// [`MOVE_HEAD`] and one event in one call, for SQLite alone: each call there is a hand-over to the
/// thread of the connection and back, which costs more than the statement. The event goes in only
/// where the head has moved.
const APPEND_ONE: &str = "UPDATE ledger_head SET size = $1, root = $9, frontier = $10 WHERE id = 1 AND frontier = $11; \
    INSERT INTO audit_event (sequence, at, actor_kind, actor, kind, subject, note, leaf) \
    SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM ledger_head WHERE id = 1 AND frontier = $10";

impl Store {
    /// Records an act that changes nothing else, such as a failed sign-in.
    pub async fn record_audit(&self, event: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.record(event).await?;
        tx.commit().await
    }

    /// Records acts in one transaction, in this order.
    pub async fn record_audits(&self, events: &[AuditEvent]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.record_all(events).await?;
        tx.commit().await
    }

    /// One act by its number.
    pub async fn audit_entry(&self, sequence: i64) -> Result<AuditRow, StoreError> {
        let rows = self.rows(ENTRIES, values![sequence - 1, sequence]).await?;
        read_first(&rows, read_row)?.ok_or(StoreError::NotFound)
    }

    /// The canonical bytes of the entries from index `first` (from 0) on, `count` of them at most.
    pub async fn audit_entry_bytes(
        &self,
        first: u64,
        count: u16,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        let last = first.saturating_add(i64::from(count));
        let rows = self.rows(ENTRIES, values![first, last]).await?;
        let found = read_all(&rows, read_row)?;
        found.iter().map(AuditRow::entry_bytes).collect()
    }

    /// Acts on one record, newest first, at most a page.
    pub async fn audit_of(&self, subject: Uuid) -> Result<Vec<AuditRow>, StoreError> {
        let rows = self
            .rows(OF_SUBJECT, values![subject, page_rows(u32::MAX)])
            .await?;
        read_all(&rows, read_row)
    }
}

impl AuditRow {
    /// What the ledger has of this act: digests and identities, never content.
    pub fn entry_bytes(&self) -> Result<Vec<u8>, StoreError> {
        entry_of(self.sequence, &self.event)
    }
}

impl Tx {
    /// Appends one act to the trail and its leaf to the ledger. On PostgreSQL the head row is
    /// held until commit, so call it last.
    pub(crate) async fn record(&mut self, event: &AuditEvent) -> Result<(), StoreError> {
        self.record_all(std::slice::from_ref(event)).await
    }

    /// Appends acts, in this order; see [`Tx::record`].
    pub(crate) async fn record_all(&mut self, events: &[AuditEvent]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        if let Some(edge) = self.remembered_edge()
            && self.append(edge, events).await?
        {
            return Ok(());
        }
        let edge = self.frontier().await?;
        if self.append(edge, events).await? {
            return Ok(());
        }
        // The row has been held since it was read, so this is not reached.
        Err(StoreError::Conflict)
    }

    /// Appends acts behind `edge`; where the ledger ends elsewhere, nothing is written and the
    /// answer is no.
    async fn append(&mut self, edge: Frontier, events: &[AuditEvent]) -> Result<bool, StoreError> {
        let found = edge.to_bytes();
        let mut batch = Batch::behind(edge, events)?;
        let moved = batch.edge.to_bytes();
        let (size, root) = (as_sequence(batch.edge.size()), batch.edge.root());
        let mut event_values = std::mem::take(&mut batch.values);
        let at_the_edge = if self.engine() == Engine::Sqlite && events.len() == 1 {
            event_values.extend(values![root, moved, found]);
            self.execute(APPEND_ONE, event_values).await? > 0
        } else {
            let head = values![size, root, moved, found];
            let at_the_edge = self.execute(MOVE_HEAD, head).await? > 0;
            if at_the_edge {
                self.insert_rows(EVENT_COLUMNS, "", EVENT_WIDTH, event_values)
                    .await?;
            }
            at_the_edge
        };
        if !at_the_edge {
            return Ok(false);
        }
        if events.iter().any(|event| event.kind.moves_access()) {
            self.execute(ACCESS_MOVED, values![]).await?;
        }
        self.fill_tiles(batch.before, batch.leaves).await?;
        self.move_edge(batch.edge);
        Ok(true)
    }

    /// The right edge of the ledger, locked until commit.
    pub(crate) async fn frontier(&mut self) -> Result<Frontier, StoreError> {
        let head = self.rows(self.locked(HEAD), values![]).await?;
        match read_first(&head, Columns::bytes)? {
            None => Ok(Frontier::default()),
            Some(bytes) => Ok(Frontier::from_bytes(&bytes)?),
        }
    }
}

/// Acts made ready to be appended.
struct Batch {
    /// Entries in the ledger before them.
    before: u64,
    /// Its edge behind them.
    edge: Frontier,
    leaves: Vec<Hash>,
    /// Their rows, [`EVENT_WIDTH`] values each.
    values: Vec<Value>,
}

impl Batch {
    fn behind(mut edge: Frontier, events: &[AuditEvent]) -> Result<Self, StoreError> {
        let before = edge.size();
        let mut leaves = Vec::with_capacity(events.len());
        let mut values = Vec::with_capacity(events.len() * EVENT_WIDTH);
        for event in events {
            let sequence = as_sequence(edge.size() + 1);
            let leaf = ledger::leaf_hash(&entry_of(sequence, event)?);
            edge.append(leaf)?;
            let (actor_kind, actor) = actor_words(event.actor);
            values.extend(values![
                sequence,
                event.at,
                actor_kind,
                actor,
                event.kind.as_str(),
                event.subject,
                &event.note,
                leaf,
            ]);
            leaves.push(leaf);
        }
        Ok(Self {
            before,
            edge,
            leaves,
            values,
        })
    }
}

/// Columns of one event as it is stored.
const EVENT_WIDTH: usize = 8;

fn as_sequence(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// An act as the ledger has it: digests and identities, never content.
fn entry_of(sequence: i64, event: &AuditEvent) -> Result<Vec<u8>, StoreError> {
    let (actor_kind, actor) = actor_words(event.actor);
    let actor_id = actor.map_or(actor_kind.as_bytes().to_vec(), |id| id.as_bytes().to_vec());
    let leaf = AuditLeaf {
        sequence: u64::try_from(sequence - 1).unwrap_or_default(),
        time_us: event.at.0,
        kind: event.kind.as_str(),
        actor_id: &actor_id,
        subject_id: event.subject.as_bytes(),
        // As it will stand in the database: another check reads it from there.
        payload_digest: ledger::sha256(storable(event.note.clone()).as_bytes()),
    };
    Ok(leaf.to_bytes()?)
}

/// The member behind an act, or the refusal that none is named.
pub(crate) fn person(event: &AuditEvent) -> Result<MemberId, StoreError> {
    match event.actor {
        Actor::Member(member) => Ok(member),
        Actor::Machine | Actor::Public => Err(StoreError::NotAPerson),
    }
}

pub(crate) fn actor_words(actor: Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Member(member) => ("member", Some(member.0)),
        Actor::Machine => ("machine", None),
        Actor::Public => ("public", None),
    }
}

pub(crate) fn read_row(c: &mut Columns<'_>) -> Result<AuditRow, StoreError> {
    let sequence = c.int()?;
    let at = c.time()?;
    let actor_kind = c.text()?;
    let actor = match (actor_kind.as_str(), c.opt_id()?) {
        ("member", Some(id)) => Actor::Member(MemberId(id)),
        ("machine", None) => Actor::Machine,
        ("public", None) => Actor::Public,
        _ => {
            return Err(StoreError::Unreadable {
                what: "actor",
                value: actor_kind,
            });
        }
    };
    let kind = c.word("audit kind", AuditKind::parse)?;
    let event = AuditEvent {
        at,
        actor,
        kind,
        subject: c.id()?,
        note: c.text()?,
    };
    Ok(AuditRow { sequence, event })
}
