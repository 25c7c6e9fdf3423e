//! The check of a whole log as it lies in files: entries, tiles and root against each other.

use crate::entries::{first_bad_entry, read_entries};
use crate::frontier::Frontier;
use crate::hash::{Hash, leaf_hash};
use crate::limits::TILE_WIDTH;
use crate::tiles::{Tile, TileBuilder, TilePath, TilePlace, tile_hashes, tiles_of};
use crate::{AuditLeaf, LedgerError};

/// The first thing in a log that is not as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Index of the first entry concerned, from 0.
    pub entry: u64,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The entry does not hash to what its tile says.
    #[error("the entry is not the one that was recorded")]
    Entry,
    /// The entry says another number than the place where it lies.
    #[error("the entry stands in another place than it was recorded")]
    Place,
    /// A tile above the leaves does not fit the entries below it.
    #[error("the tile of level {0} that covers the entry does not fit it")]
    Tile(u8),
    /// A tile or a bundle is missing or is none.
    #[error("{0} is missing or damaged")]
    Missing(String),
    /// All entries fit each other, and not the root.
    #[error("the entries do not give the signed root")]
    Root,
}

/// Reads the log of `size` entries, whose parts `read` gives by their path, and yields the first
/// thing that does not fit `root`; nothing when all is well. One bundle is in memory at a time.
pub fn check_log<E>(
    size: u64,
    root: &Hash,
    mut read: impl FnMut(TilePath) -> Result<Option<Vec<u8>>, E>,
) -> Result<Option<Fault>, E> {
    let mut builder = TileBuilder::default();
    let mut frontier = Frontier::new();
    for place in tiles_of(size).take_while(|place| place.level == 0) {
        let leaves = match read_leaves(place, &mut read)? {
            Ok(leaves) => leaves,
            Err(fault) => return Ok(Some(fault)),
        };
        for leaf in leaves {
            if frontier.append(leaf).is_err() {
                break;
            }
            for tile in builder.push(leaf) {
                if let Some(fault) = compare(&tile, &mut read)? {
                    return Ok(Some(fault));
                }
            }
        }
    }
    for tile in builder.partial() {
        if let Some(fault) = compare(&tile, &mut read)? {
            return Ok(Some(fault));
        }
    }
    Ok((frontier.root() != *root).then(|| Fault {
        entry: size.saturating_sub(1),
        kind: FaultKind::Root,
    }))
}

/// The leaf hashes of one bundle as its entries give them, or what is wrong with them.
fn read_leaves<E>(
    place: TilePlace,
    read: &mut impl FnMut(TilePath) -> Result<Option<Vec<u8>>, E>,
) -> Result<Result<Vec<Hash>, Fault>, E> {
    let first = place.index * u64::from(TILE_WIDTH);
    let missing = |path: TilePath| Fault {
        entry: first,
        kind: FaultKind::Missing(path.to_string()),
    };
    let (entries_at, hashes_at) = (TilePath::Entries(place), TilePath::Hashes(place));
    let Some(bundle) = read(entries_at)? else {
        return Ok(Err(missing(entries_at)));
    };
    let tile = read(hashes_at)?.and_then(|bytes| tile_hashes(&bytes).ok());
    let Some(tile) = tile.filter(|tile| tile.len() == usize::from(place.width)) else {
        return Ok(Err(missing(hashes_at)));
    };
    if let Some(bad) = first_bad_entry(&bundle, &tile) {
        let entry = first + bad as u64;
        let kind = FaultKind::Entry;
        return Ok(Err(Fault { entry, kind }));
    }
    let misplaced = (first..)
        .zip(read_entries(&bundle))
        .find(|(index, entry)| !stands_at(entry, *index));
    if let Some((entry, _)) = misplaced {
        let kind = FaultKind::Place;
        return Ok(Err(Fault { entry, kind }));
    }
    Ok(Ok(tile))
}

/// Whether an entry of ours says the number of its place; an entry of another layout says none.
fn stands_at(entry: &Result<&[u8], LedgerError>, index: u64) -> bool {
    match entry.as_ref().map(|entry| AuditLeaf::from_bytes(entry)) {
        Ok(Ok(leaf)) => leaf.sequence == index,
        Ok(Err(_)) => true,
        Err(_) => false,
    }
}

fn compare<E>(
    tile: &Tile,
    read: &mut impl FnMut(TilePath) -> Result<Option<Vec<u8>>, E>,
) -> Result<Option<Fault>, E> {
    let path = TilePath::Hashes(tile.place);
    let stored = read(path)?.and_then(|bytes| tile_hashes(&bytes).ok());
    let fault = match stored {
        None => Some(Fault {
            entry: tile.first_difference(&[]).unwrap_or(0),
            kind: FaultKind::Missing(path.to_string()),
        }),
        Some(stored) => tile.first_difference(&stored).map(|entry| Fault {
            entry,
            kind: FaultKind::Tile(tile.place.level),
        }),
    };
    Ok(fault)
}

/// Index of the first entry in which two logs differ, up to the end of the shorter one: none when
/// one begins with the other. `left` and `right` read a tile of level 0 of each.
pub fn first_split<E>(
    sizes: (u64, u64),
    mut left: impl FnMut(TilePlace) -> Result<Vec<Hash>, E>,
    mut right: impl FnMut(TilePlace) -> Result<Vec<Hash>, E>,
) -> Result<Option<u64>, E> {
    let wide = u64::from(TILE_WIDTH);
    let common = sizes.0.min(sizes.1);
    let place = |index: u64, size: u64| TilePlace {
        level: 0,
        index,
        width: u16::try_from((size - index * wide).min(wide)).unwrap_or(TILE_WIDTH),
    };
    for index in 0..common.div_ceil(wide) {
        let ours = left(place(index, sizes.0))?;
        let theirs = right(place(index, sizes.1))?;
        let both = ours.iter().zip(&theirs);
        let same = both.take_while(|(one, other)| one == other).count() as u64;
        let end = (common - index * wide).min(wide);
        if same < end {
            return Ok(Some(index * wide + same));
        }
    }
    Ok(None)
}

/// The leaf hashes of a bundle, for a log of which only the entries are at hand.
pub fn bundle_leaves(bundle: &[u8]) -> Result<Vec<Hash>, LedgerError> {
    read_entries(bundle)
        .map(|entry| entry.map(leaf_hash))
        .collect()
}
