//! The hashes of the ledger in whole tiles, from which any proof is made without reading the log.

use ledger::limits::{TILE_LEVELS_MAX, TILE_WIDTH};
use ledger::{Hash, LedgerError, TilePlace, Tiles, tile_bytes, tile_hashes, tile_root, tiles_for};

use crate::db::{Columns, Store, Tx, read_all, read_first};
use crate::error::StoreError;

const WIDE: u64 = TILE_WIDTH as u64;
/// Tiles of one read, as many as its statement names.
const TILES_AT_ONCE: usize = 4;

/// How large the ledger is, and its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerHead {
    /// Entries in it.
    pub size: u64,
    /// Its root at that size.
    pub root: Hash,
}

statements! {
    HEAD = "SELECT size, root FROM ledger_head WHERE id = 1";
    LEAVES = "SELECT leaf FROM audit_event WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence";
    TILE = "SELECT hashes FROM ledger_tile WHERE level = $1 AND position = $2";
    SOME_TILES = "SELECT level, position, hashes FROM ledger_tile WHERE (level = $1 AND position = $2) \
        OR (level = $3 AND position = $4) OR (level = $5 AND position = $6) OR (level = $7 AND position = $8)";
    STORE_TILE = "INSERT INTO ledger_tile (level, position, hashes) VALUES ($1, $2, $3) \
        ON CONFLICT (level, position) DO UPDATE SET hashes = excluded.hashes";
    WHOLE_TILES = "SELECT COUNT(*) FROM ledger_tile WHERE level = 0";
}

impl Store {
    /// How large the ledger is now, and its root as it was stored with the last entry.
    pub async fn ledger_head(&self) -> Result<LedgerHead, StoreError> {
        let rows = self.rows(HEAD, values![]).await?;
        let head = read_first(&rows, |c| Ok((c.int()?, c.digest("ledger root")?)))?;
        let (size, root) = head.unwrap_or((0, ledger::empty_root()));
        Ok(LedgerHead {
            size: u64::try_from(size).unwrap_or_default(),
            root,
        })
    }

    /// The hashes of one tile; not found when the ledger has not grown so far.
    pub async fn ledger_tile(&self, place: TilePlace) -> Result<Vec<Hash>, StoreError> {
        if place.level >= TILE_LEVELS_MAX {
            return Err(StoreError::NotFound);
        }
        let mut hashes = match self.stored_tile(place.level, place.index).await? {
            Some(hashes) => hashes,
            None if place.level == 0 => self.leaves_of_tile(place.index).await?,
            None => Vec::new(),
        };
        if hashes.len() < usize::from(place.width) {
            return Err(StoreError::NotFound);
        }
        hashes.truncate(usize::from(place.width));
        Ok(hashes)
    }

    /// The root over the first `size` entries, made of the stored hashes.
    pub async fn ledger_root_at(&self, size: u64) -> Result<Hash, StoreError> {
        self.within_head(size).await?;
        self.root_of_tiles(size).await
    }

    /// The same for a size that the ledger is known to have.
    pub(crate) async fn root_of_tiles(&self, size: u64) -> Result<Hash, StoreError> {
        let tiles = self.tiles_at(&ledger::nodes_for_root(size)).await?;
        Ok(ledger::root_at(size, |level, index| {
            tiles.node(level, index)
        })?)
    }

    /// The audit path of entry `index` (from 0) in the ledger of the first `size` entries.
    pub async fn prove_inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
        self.within_head(size).await?;
        let places = ledger::nodes_for_inclusion(index, size).map_err(beyond)?;
        let tiles = self.tiles_at(&places).await?;
        Ok(ledger::prove_inclusion(index, size, |level, at| {
            tiles.node(level, at)
        })?)
    }

    /// The proof that the ledger of `new` entries begins with that of `old`.
    pub async fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, StoreError> {
        self.within_head(new).await?;
        let places = ledger::nodes_for_consistency(old, new).map_err(beyond)?;
        let tiles = self.tiles_at(&places).await?;
        Ok(ledger::prove_consistency(old, new, |level, at| {
            tiles.node(level, at)
        })?)
    }

    async fn within_head(&self, size: u64) -> Result<(), StoreError> {
        if size > self.ledger_head().await?.size {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    /// The tiles in which these nodes lie, in one read for four of them: most proofs need no more.
    async fn tiles_at(&self, places: &[(u8, u64)]) -> Result<Tiles, StoreError> {
        let mut tiles = Tiles::default();
        let mut missing = tiles_for(places);
        for some in missing.clone().chunks(TILES_AT_ONCE) {
            let mut values = Vec::with_capacity(2 * TILES_AT_ONCE);
            for at in 0..TILES_AT_ONCE {
                let none = (-1, -1);
                let place = some.get(at);
                let (level, index) = place.map_or(none, |(level, index)| {
                    (i64::from(*level), as_number(*index))
                });
                values.extend(values![level, index]);
            }
            let rows = self.rows(SOME_TILES, values).await?;
            for (level, index, bytes) in read_all(&rows, |c| Ok((c.int()?, c.int()?, c.bytes()?)))?
            {
                let level = u8::try_from(level).unwrap_or(u8::MAX);
                let index = u64::try_from(index).unwrap_or(u64::MAX);
                tiles.insert(level, index, tile_hashes(&bytes)?);
                missing.retain(|place| *place != (level, index));
            }
        }
        for (level, index) in missing {
            if level == 0 {
                tiles.insert(0, index, self.leaves_of_tile(index).await?);
            }
        }
        Ok(tiles)
    }

    /// A stored tile, when there is one.
    pub(crate) async fn stored_tile(
        &self,
        level: u8,
        index: u64,
    ) -> Result<Option<Vec<Hash>>, StoreError> {
        let rows = self
            .rows(TILE, values![i64::from(level), as_number(index)])
            .await?;
        let bytes = read_first(&rows, Columns::bytes)?;
        Ok(bytes.map(|bytes| tile_hashes(&bytes)).transpose()?)
    }

    /// The leaf hashes of a tile that is not whole yet.
    async fn leaves_of_tile(&self, index: u64) -> Result<Vec<Hash>, StoreError> {
        let Some(first) = index.checked_mul(WIDE) else {
            return Err(StoreError::NotFound);
        };
        let rows = self
            .rows(LEAVES, values![as_number(first), as_number(first + WIDE)])
            .await?;
        read_all(&rows, |c| c.digest("ledger leaf"))
    }
}

impl Tx {
    /// Stores the tiles that `leaves`, appended to a ledger of `before` entries, make whole.
    pub(crate) async fn fill_tiles(
        &mut self,
        before: u64,
        leaves: Vec<Hash>,
    ) -> Result<(), StoreError> {
        let after = before + leaves.len() as u64;
        let first = before / WIDE;
        if after / WIDE == first {
            return Ok(());
        }
        let pending = values![as_number(first * WIDE), as_number(before)];
        let rows = self.rows(LEAVES, pending).await?;
        let mut row = read_all(&rows, |c| c.digest("ledger leaf"))?;
        row.extend(leaves);
        let (whole, _) = row.as_chunks::<{ TILE_WIDTH as usize }>();
        for (index, hashes) in (first..).zip(whole) {
            self.store_tile(0, index, hashes).await?;
            self.raise(index, hashes).await?;
        }
        Ok(())
    }

    /// Puts the root of a whole tile of level 0 into the tiles above it.
    async fn raise(&mut self, index: u64, hashes: &[Hash]) -> Result<(), StoreError> {
        let (mut index, mut root) = (index, tile_root(hashes));
        for level in 1..TILE_LEVELS_MAX {
            let Some(hash) = root else { break };
            let place = values![i64::from(level), as_number(index / WIDE)];
            let rows = self.rows(TILE, place).await?;
            let mut above = match read_first(&rows, Columns::bytes)? {
                Some(bytes) => tile_hashes(&bytes)?,
                None => Vec::new(),
            };
            above.push(hash);
            self.store_tile(level, index / WIDE, &above).await?;
            root = tile_root(&above);
            index /= WIDE;
        }
        Ok(())
    }

    async fn store_tile(
        &mut self,
        level: u8,
        index: u64,
        hashes: &[Hash],
    ) -> Result<(), StoreError> {
        let tile = values![i64::from(level), as_number(index), tile_bytes(hashes)];
        self.execute(STORE_TILE, tile).await.map(drop)
    }

    /// Makes the tiles of entries that were recorded before there were tiles.
    pub(crate) async fn fill_missing_tiles(&mut self) -> Result<(), StoreError> {
        let size = self.frontier().await?.size();
        let rows = self.rows(WHOLE_TILES, values![]).await?;
        let stored = read_first(&rows, Columns::int)?.unwrap_or_default();
        let stored = u64::try_from(stored).unwrap_or_default();
        for index in stored..size / WIDE {
            let span = values![as_number(index * WIDE), as_number((index + 1) * WIDE)];
            let rows = self.rows(LEAVES, span).await?;
            let hashes = read_all(&rows, |c| c.digest("ledger leaf"))?;
            // A trail with a gap is for `verify-log` to name; no tile is made up for it.
            if hashes.len() < usize::from(TILE_WIDTH) {
                break;
            }
            self.store_tile(0, index, &hashes).await?;
            self.raise(index, &hashes).await?;
        }
        Ok(())
    }
}

fn as_number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// An index or size beyond the ledger is not found; anything else is a fault of ours.
fn beyond(error: LedgerError) -> StoreError {
    match error {
        LedgerError::IndexBeyondSize { .. } | LedgerError::SizeBeyondSize { .. } => {
            StoreError::NotFound
        }
        other => other.into(),
    }
}
