//! The check of the whole trail: entries, leaves, tiles and head against each other.

use ledger::{AuditLeaf, Hash, Tile, TileBuilder, Tiles};

use crate::db::{Columns, Store, read_first};
use crate::error::StoreError;
use crate::ledger_tiles::LedgerHead;
use crate::limits::VERIFY_ROWS;

/// What a check of the whole ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerification {
    /// Entries read.
    pub entries: u64,
    /// The root over the entries as they stand now.
    pub root: Hash,
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
    WITH_LEAF = "SELECT sequence, at, actor_kind, actor, kind, subject, note, leaf FROM audit_event \
        WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence";
    BEYOND = "SELECT MIN(sequence) FROM audit_event \
        WHERE sequence < 1 OR sequence > COALESCE((SELECT size FROM ledger_head WHERE id = 1), 0)";
}

/// Bytes of a member's identity. An actor of another length would not be read as one, though the
/// word of a machine taken for an identity makes the same leaf.
const UUID_BYTES: usize = 16;

/// An entry as it is stored, its bytes where the database has them.
pub(crate) struct StoredEntry<'a> {
    pub(crate) at: i64,
    pub(crate) actor_kind: &'a [u8],
    pub(crate) actor: Option<&'a [u8]>,
    pub(crate) kind: &'a [u8],
    pub(crate) subject: &'a [u8],
    pub(crate) note: &'a [u8],
    pub(crate) leaf: &'a [u8],
}

impl StoredEntry<'_> {
    /// The leaf that these bytes make at this place; none where they are no entry.
    fn leaf_again(&self, sequence: i64) -> Option<Hash> {
        let actor_id = match (self.actor_kind, self.actor) {
            (b"member", Some(id)) if id.len() == UUID_BYTES => id,
            (b"machine" | b"public", None) => self.actor_kind,
            _ => return None,
        };
        let leaf = AuditLeaf {
            sequence: u64::try_from(sequence.checked_sub(1)?).ok()?,
            time_us: self.at,
            kind: std::str::from_utf8(self.kind).ok()?,
            actor_id,
            subject_id: self.subject,
            payload_digest: ledger::sha256(self.note),
        };
        Some(ledger::leaf_hash(&leaf.to_bytes().ok()?))
    }
}

/// What the check knows while it goes along.
pub(crate) struct Check {
    head: LedgerHead,
    /// The sequence that comes next.
    next: i64,
    entries: u64,
    builder: TileBuilder,
    first_bad: Option<BadEntry>,
}

impl Check {
    pub(crate) fn against(head: LedgerHead) -> Self {
        Self {
            head,
            next: 1,
            entries: 0,
            builder: TileBuilder::default(),
            first_bad: None,
        }
    }

    /// The last sequence that the ledger has.
    pub(crate) fn last(&self) -> i64 {
        i64::try_from(self.head.size).unwrap_or(i64::MAX)
    }

    fn bad(&mut self, sequence: i64, fault: &str) {
        // What is wrong later may be no more than its consequence.
        if self.first_bad.is_none() {
            self.first_bad = Some(BadEntry {
                sequence,
                fault: fault.to_owned(),
            });
        }
    }

    /// Takes the next entry, none where its columns cannot be read; yields the tiles that it made
    /// whole, to be held against the stored ones.
    pub(crate) fn entry(&mut self, sequence: i64, entry: Option<&StoredEntry<'_>>) -> Vec<Tile> {
        if sequence != self.next {
            self.bad(self.next, "the entry is missing");
        }
        self.next = sequence.saturating_add(1);
        self.entries += 1;
        let again = entry.and_then(|entry| entry.leaf_again(sequence));
        if again.is_none() || again.as_ref().map(Hash::as_slice) != entry.map(|entry| entry.leaf) {
            self.bad(sequence, "the entry is not the one that was recorded");
        }
        self.builder.push(again.unwrap_or_default())
    }

    /// Holds a tile made of the entries against the stored one.
    pub(crate) fn tile(&mut self, made: &Tile, stored: &[Hash]) {
        if let Some(index) = made.first_difference(stored) {
            let sequence = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
            self.bad(sequence, "a tile of the ledger does not fit the entry");
        }
    }

    /// The unfinished tiles above the leaves; those of the leaves are stored once they are whole.
    pub(crate) fn unfinished(&self) -> Vec<Tile> {
        let mut tiles = self.builder.partial();
        tiles.retain(|tile| tile.place.level > 0);
        tiles
    }

    /// The end, with the first entry that the ledger does not have, when there is one.
    pub(crate) fn end(mut self, beyond: Option<i64>) -> Result<AuditVerification, StoreError> {
        let last = self.last();
        if self.next <= last {
            self.bad(self.next, "the entry is missing");
        }
        if let Some(sequence) = beyond {
            self.bad(sequence, "the ledger does not have this entry");
        }
        let mut edge = Tiles::default();
        for tile in self.builder.partial() {
            edge.insert(tile.place.level, tile.place.index, tile.hashes);
        }
        let root = ledger::root_at(self.entries, |level, index| edge.node(level, index))?;
        if root != self.head.root {
            self.bad(last, "the entries do not give the recorded root");
        }
        Ok(AuditVerification {
            entries: self.entries,
            root,
            first_bad: self.first_bad,
        })
    }
}

impl Store {
    /// Reads every entry again, recomputes its leaf, the tiles and the root over all of them, and
    /// names the first entry that is not what was recorded. Entries recorded meanwhile are not read.
    pub async fn verify_audit(&self) -> Result<AuditVerification, StoreError> {
        let with_tiles = self.has_tiles().await?;
        match self {
            Self::Sqlite(store) => store.verify_file(with_tiles).await,
            Self::Postgres(_) => self.verify_rows(with_tiles).await,
        }
    }

    /// The check through rows of the server, a part of them at a time.
    async fn verify_rows(&self, with_tiles: bool) -> Result<AuditVerification, StoreError> {
        let mut check = Check::against(self.ledger_head().await?);
        let last = check.last();
        let mut from = 0;
        while from < last {
            let until = from.saturating_add(VERIFY_ROWS).min(last);
            let rows = self.rows(WITH_LEAF, values![from, until]).await?;
            for row in &rows {
                let mut c = row.columns();
                let (sequence, at) = (c.int()?, c.int()?);
                let (actor_kind, actor, kind) = (c.text()?, c.opt_id()?, c.text()?);
                let (subject, note, leaf) = (c.id()?, c.text()?, c.bytes()?);
                let entry = StoredEntry {
                    at,
                    actor_kind: actor_kind.as_bytes(),
                    actor: actor.as_ref().map(|id| id.as_bytes().as_slice()),
                    kind: kind.as_bytes(),
                    subject: subject.as_bytes(),
                    note: note.as_bytes(),
                    leaf: &leaf,
                };
                let whole = check.entry(sequence, Some(&entry));
                if with_tiles {
                    self.compare(&mut check, &whole).await?;
                }
            }
            from = until;
        }
        if with_tiles {
            let above = check.unfinished();
            self.compare(&mut check, &above).await?;
        }
        let beyond = self.rows(BEYOND, values![]).await?;
        check.end(read_first(&beyond, Columns::opt_int)?.flatten())
    }

    /// Holds tiles against the stored ones.
    async fn compare(&self, check: &mut Check, made: &[Tile]) -> Result<(), StoreError> {
        for tile in made {
            let place = tile.place;
            let stored = match self.stored_tile(place.level, place.index).await {
                Err(StoreError::Ledger(_)) => None,
                other => other?,
            };
            let mut stored = stored.unwrap_or_default();
            // Entries recorded meanwhile may have made the tile longer; nothing else may.
            if stored.len() > tile.hashes.len() && self.has_grown_past(check.head.size).await? {
                stored.truncate(tile.hashes.len());
            }
            check.tile(tile, &stored);
        }
        Ok(())
    }

    async fn has_grown_past(&self, size: u64) -> Result<bool, StoreError> {
        Ok(self.ledger_head().await?.size > size)
    }

    /// The head, and whether its root is the one that the stored tiles give: a check of a few reads,
    /// for a page. It sees a changed head or tile, not a changed entry.
    pub async fn checked_head(&self) -> Result<(LedgerHead, bool), StoreError> {
        let head = self.ledger_head().await?;
        match self.root_of_tiles(head.size).await {
            Ok(root) => Ok((head, root == head.root)),
            Err(StoreError::Ledger(_)) => Ok((head, false)),
            Err(error) => Err(error),
        }
    }
}
