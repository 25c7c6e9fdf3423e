//! The check of the whole trail: entries, leaves, tiles and head against each other.

use ledger::{Frontier, Hash, Tile, TileBuilder};

use crate::audit::read_row;
use crate::db::{Columns, Store, read_all};
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
        WHERE sequence > $1 ORDER BY sequence LIMIT $2";
}

/// What the check knows while it goes along.
#[derive(Default)]
struct Check {
    last: i64,
    frontier: Frontier,
    builder: TileBuilder,
    first_bad: Option<BadEntry>,
}

impl Check {
    fn bad(&mut self, sequence: i64, fault: &str) {
        if self.first_bad.is_none() {
            self.first_bad = Some(BadEntry {
                sequence,
                fault: fault.to_owned(),
            });
        }
    }
}

impl Store {
    /// Reads every entry again, recomputes its leaf, the tiles and the root over all of them, and
    /// names the first entry that is not what was recorded. Entries recorded meanwhile are not read.
    pub async fn verify_audit(&self) -> Result<AuditVerification, StoreError> {
        let LedgerHead { size, root } = self.ledger_head().await?;
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let with_tiles = self.has_tiles().await?;
        let mut check = Check::default();
        while check.last < size {
            let wanted = VERIFY_ROWS.min(size - check.last);
            let rows = self.rows(WITH_LEAF, values![check.last, wanted]).await?;
            if rows.is_empty() {
                break;
            }
            let read = |c: &mut Columns<'_>| Ok((read_row(c)?, c.digest("ledger leaf")?));
            for (row, leaf) in read_all(&rows, read)? {
                if row.sequence != check.last + 1 {
                    check.bad(check.last + 1, "the entry is missing");
                }
                check.last = row.sequence;
                let again = ledger::leaf_hash(&row.entry_bytes()?);
                if again != leaf {
                    check.bad(row.sequence, "the entry is not the one that was recorded");
                }
                check.frontier.append(again)?;
                if with_tiles {
                    let whole = check.builder.push(again);
                    self.compare(&mut check, &whole, size).await?;
                }
            }
        }
        if check.last < size {
            check.bad(check.last + 1, "the entry is missing");
        }
        if with_tiles {
            let mut above = check.builder.partial();
            above.retain(|tile| tile.place.level > 0);
            self.compare(&mut check, &above, size).await?;
        }
        if check.frontier.root() != root {
            check.bad(size, "the entries do not give the recorded root");
        }
        Ok(AuditVerification {
            entries: check.frontier.size(),
            root: check.frontier.root(),
            first_bad: check.first_bad,
        })
    }

    /// Holds tiles made of the first `size` entries against the stored ones, while nothing bad was
    /// found.
    async fn compare(&self, check: &mut Check, made: &[Tile], size: i64) -> Result<(), StoreError> {
        for tile in made {
            if check.first_bad.is_some() {
                return Ok(());
            }
            let place = tile.place;
            let stored = self.stored_tile(place.level, place.index).await;
            let stored = match stored {
                Err(StoreError::Ledger(_)) => None,
                other => other?,
            };
            let mut stored = stored.unwrap_or_default();
            // Entries recorded meanwhile may have made the tile longer; nothing else may.
            if stored.len() > tile.hashes.len() && self.has_grown_past(size).await? {
                stored.truncate(tile.hashes.len());
            }
            let differs = tile.first_difference(&stored);
            if let Some(index) = differs {
                let sequence = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
                check.bad(sequence, "a tile of the ledger does not fit the entry");
            }
        }
        Ok(())
    }

    async fn has_grown_past(&self, size: i64) -> Result<bool, StoreError> {
        let now = self.ledger_head().await?.size;
        Ok(i64::try_from(now).unwrap_or(i64::MAX) > size)
    }

    /// Whether the stored root is the one that the stored tiles give: a check of a few reads, for a
    /// page. It sees a changed head or tile, not a changed entry.
    pub async fn head_fits_tiles(&self) -> Result<bool, StoreError> {
        let head = self.ledger_head().await?;
        match self.ledger_root_at(head.size).await {
            Ok(root) => Ok(root == head.root),
            Err(StoreError::Ledger(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
