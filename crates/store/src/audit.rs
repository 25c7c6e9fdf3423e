//! The audit trail: append-only events, each a leaf of the ledger, committed with the change.

use domain::MemberId;
use domain::audit::{Actor, AuditEvent, AuditKind};
use ledger::{AuditLeaf, Frontier};
use uuid::Uuid;

use crate::db::{Columns, Store, Tx, read_all, read_first};
use crate::error::StoreError;
use crate::limits::{VERIFY_ROWS, page_rows};

/// One recorded act with its place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1 and without gaps; leaf `sequence - 1` of the ledger.
    pub sequence: i64,
    /// The act.
    pub event: AuditEvent,
}

/// What a check of the whole ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerification {
    /// Entries read.
    pub entries: u64,
    /// The root over the entries as they stand now.
    pub root: [u8; 32],
    /// The first entry that is not what was recorded; none when all is well.
    pub first_bad: Option<BadEntry>,
}

/// The first entry that is not what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEntry {
    /// Its sequence number.
    pub sequence: i64,
    /// What is wrong with it.
    pub fault: String,
}

statements! {
    HEAD = "SELECT frontier FROM ledger_head WHERE id = 1";
    STORE_HEAD = "INSERT INTO ledger_head (id, size, root, frontier) VALUES (1, $1, $2, $3) \
        ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root, frontier = excluded.frontier";
    INSERT_EVENT = "INSERT INTO audit_event (sequence, at, actor_kind, actor, kind, subject, note, leaf) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PAGE = "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event \
        WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2";
    OF_SUBJECT = "SELECT sequence, at, actor_kind, actor, kind, subject, note FROM audit_event \
        WHERE subject = $1 ORDER BY sequence DESC LIMIT $2";
    WITH_LEAF = "SELECT sequence, at, actor_kind, actor, kind, subject, note, leaf FROM audit_event \
        WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    STORED_ROOT = "SELECT size, root FROM ledger_head WHERE id = 1";
}

impl Store {
    /// Records an act that changes nothing else, such as a failed sign-in.
    pub async fn record_audit(&self, event: &AuditEvent) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.record(event).await?;
        tx.commit().await
    }

    /// Acts, newest first: those before sequence `before`, or the newest of all.
    pub async fn audit_page(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let rows = self
            .rows(PAGE, values![before.unwrap_or(i64::MAX), page_rows(limit)])
            .await?;
        read_all(&rows, read_row)
    }

    /// Acts on one record, newest first, at most a page.
    pub async fn audit_of(&self, subject: Uuid) -> Result<Vec<AuditRow>, StoreError> {
        let rows = self
            .rows(OF_SUBJECT, values![subject, page_rows(u32::MAX)])
            .await?;
        read_all(&rows, read_row)
    }

    /// Reads every entry again, recomputes its leaf and the root over all of them, and names the
    /// first entry that is not what was recorded. Entries recorded meanwhile are not read.
    pub async fn verify_audit(&self) -> Result<AuditVerification, StoreError> {
        let head = self.rows(STORED_ROOT, values![]).await?;
        let head = read_first(&head, |c| Ok((c.int()?, c.digest("ledger root")?)))?;
        let (size, stored_root) = head.unwrap_or((0, Frontier::default().root()));
        let mut frontier = Frontier::default();
        let mut first_bad = None;
        let mut last = 0;
        while last < size {
            let rows = self
                .rows(WITH_LEAF, values![last, VERIFY_ROWS.min(size - last)])
                .await?;
            if rows.is_empty() {
                break;
            }
            for (row, leaf) in read_all(&rows, |c| Ok((read_row(c)?, c.digest("ledger leaf")?)))? {
                let bad = |fault: &str| BadEntry {
                    sequence: last + 1,
                    fault: fault.to_owned(),
                };
                if row.sequence != last + 1 && first_bad.is_none() {
                    first_bad = Some(bad("the entry is missing"));
                }
                last = row.sequence;
                let again = leaf_of(row.sequence, &row.event)?;
                if again != leaf && first_bad.is_none() {
                    let fault = "the entry is not the one that was recorded".to_owned();
                    first_bad = Some(BadEntry {
                        sequence: row.sequence,
                        fault,
                    });
                }
                frontier.append(again)?;
            }
        }
        if first_bad.is_none() && last < size {
            first_bad = Some(BadEntry {
                sequence: last + 1,
                fault: "the entry is missing".to_owned(),
            });
        }
        let root = frontier.root();
        if first_bad.is_none() && root != stored_root {
            let fault = "the entries do not give the recorded root".to_owned();
            first_bad = Some(BadEntry {
                sequence: size,
                fault,
            });
        }
        Ok(AuditVerification {
            entries: frontier.size(),
            root,
            first_bad,
        })
    }
}

impl Tx {
    /// Appends one act to the trail and its leaf to the ledger. On PostgreSQL the head row is
    /// held until commit, so call it last.
    pub(crate) async fn record(&mut self, event: &AuditEvent) -> Result<(), StoreError> {
        let head = self.rows(self.locked(HEAD), values![]).await?;
        let head = read_first(&head, Columns::bytes)?;
        let mut frontier = match head {
            None => Frontier::default(),
            Some(bytes) => Frontier::from_bytes(&bytes)?,
        };
        let sequence = i64::try_from(frontier.size())
            .unwrap_or(i64::MAX)
            .saturating_add(1);
        let leaf = leaf_of(sequence, event)?;
        frontier.append(leaf)?;
        let (actor_kind, actor) = actor_words(event.actor);
        self.execute(
            INSERT_EVENT,
            values![
                sequence,
                event.at,
                actor_kind,
                actor,
                event.kind.as_str(),
                event.subject,
                &event.note,
                leaf,
            ],
        )
        .await?;
        self.execute(
            STORE_HEAD,
            values![sequence, frontier.root(), frontier.to_bytes()],
        )
        .await?;
        Ok(())
    }
}

/// The hash of an act as a leaf of the ledger: digests and identities, never content.
fn leaf_of(sequence: i64, event: &AuditEvent) -> Result<[u8; 32], StoreError> {
    let (actor_kind, actor) = actor_words(event.actor);
    let actor_id = actor.map_or(actor_kind.as_bytes().to_vec(), |id| id.as_bytes().to_vec());
    let leaf = AuditLeaf {
        sequence: u64::try_from(sequence - 1).unwrap_or_default(),
        time_us: event.at.0,
        kind: event.kind.as_str(),
        actor_id: &actor_id,
        subject_id: event.subject.as_bytes(),
        payload_digest: ledger::sha256(event.note.as_bytes()),
    };
    Ok(ledger::leaf_hash(&leaf.to_bytes()?))
}

/// The member behind an act, or the refusal that none is named.
pub(crate) fn person(event: &AuditEvent) -> Result<MemberId, StoreError> {
    match event.actor {
        Actor::Member(member) => Ok(member),
        Actor::Machine | Actor::Public => Err(StoreError::NotAPerson),
    }
}

fn actor_words(actor: Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Member(member) => ("member", Some(member.0)),
        Actor::Machine => ("machine", None),
        Actor::Public => ("public", None),
    }
}

fn read_row(c: &mut Columns<'_>) -> Result<AuditRow, StoreError> {
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
