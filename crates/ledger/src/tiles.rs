//! Tiles as C2SP tlog-tiles lays them out: 256 hashes of one level in a row, eight levels of the
//! tree in one file, so that any proof is made from a few small reads.

use std::collections::BTreeMap;
use std::fmt;

use crate::LedgerError;
use crate::hash::{Hash, node_hash};
use crate::limits::{TILE_LEVELS_MAX, TILE_WIDTH};

/// Levels of the tree inside one tile.
const TILE_HEIGHT: u8 = 8;

/// Where a tile stands in the tree, and how many hashes it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TilePlace {
    /// 0 for leaf hashes; a hash one level up is the root of a whole tile below.
    pub level: u8,
    /// Counted from the left, from 0.
    pub index: u64,
    /// Hashes in it: 256, or fewer at the right edge.
    pub width: u16,
}

/// A resource below `/tile/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TilePath {
    /// Hashes.
    Hashes(TilePlace),
    /// The entries behind the leaf hashes of a tile of level 0.
    Entries(TilePlace),
}

impl TilePath {
    /// Reads `L/N` or `entries/N`, with `.p/W` behind it when the tile is partial. There is one
    /// way to write each.
    pub fn parse(path: &str) -> Result<TilePath, LedgerError> {
        let bad = LedgerError::BadTilePath;
        let (kind, rest) = path.split_once('/').ok_or(bad.clone())?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, plain_number(width).ok_or(bad.clone())?),
            None => (rest, u64::from(TILE_WIDTH)),
        };
        let width = u16::try_from(width).map_err(|_| bad.clone())?;
        let index = parse_index(number).ok_or(bad.clone())?;
        let level = match kind {
            "entries" => 0,
            level => plain_number(level)
                .and_then(|level| u8::try_from(level).ok())
                .filter(|level| *level < TILE_LEVELS_MAX)
                .ok_or(bad.clone())?,
        };
        let place = TilePlace {
            level,
            index,
            width,
        };
        let path_of = match kind {
            "entries" => TilePath::Entries(place),
            _ => TilePath::Hashes(place),
        };
        // A full tile has no `.p/256`, an empty one no path.
        if width == 0 || path_of.to_string() != path {
            return Err(bad);
        }
        Ok(path_of)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self {
            TilePath::Hashes(place) => {
                write!(out, "{}/", place.level)?;
                place
            }
            TilePath::Entries(place) => {
                out.write_str("entries/")?;
                place
            }
        };
        write_index(out, place.index)?;
        if place.width < TILE_WIDTH {
            write!(out, ".p/{}", place.width)?;
        }
        Ok(())
    }
}

/// Three digits to a folder, all but the last after an `x`: 1234067 is `x001/x234/067`.
fn write_index(out: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let mut groups = vec![index % 1000];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(rest % 1000);
        rest /= 1000;
    }
    for (place, group) in groups.iter().enumerate().rev() {
        if place == 0 {
            write!(out, "{group:03}")?;
        } else {
            write!(out, "x{group:03}/")?;
        }
    }
    Ok(())
}

fn parse_index(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        let plain = digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit());
        let group: u64 = plain.then(|| digits.parse().ok()).flatten()?;
        index.checked_mul(1000)?.checked_add(group)
    })
}

/// A decimal number without sign or leading zero.
fn plain_number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|digit| digit.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0');
    (plain && !padded).then(|| text.parse().ok()).flatten()
}

/// Every tile of a tree of `size` leaves, level by level, from the left.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TilePlace> {
    (0..TILE_LEVELS_MAX).flat_map(move |level| {
        let hashes = size
            .checked_shr(u32::from(level * TILE_HEIGHT))
            .unwrap_or(0);
        let wide = u64::from(TILE_WIDTH);
        (0..hashes.div_ceil(wide)).map(move |index| TilePlace {
            level,
            index,
            width: u16::try_from((hashes - index * wide).min(wide)).unwrap_or(TILE_WIDTH),
        })
    })
}

/// The tiles in which the stored nodes at `places` lie, for fetching them first.
#[must_use]
pub fn tiles_for(places: &[(u8, u64)]) -> Vec<(u8, u64)> {
    let mut tiles: Vec<(u8, u64)> = places
        .iter()
        .map(|(level, index)| {
            let within = Within::of(*level, *index);
            (within.level, within.tile)
        })
        .collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

/// Where a node of the tree lies in the tiles.
struct Within {
    level: u8,
    tile: u64,
    first: usize,
    count: usize,
}

impl Within {
    fn of(level: u8, index: u64) -> Within {
        let height = level % TILE_HEIGHT;
        let first = index << height;
        Within {
            level: level / TILE_HEIGHT,
            tile: first / u64::from(TILE_WIDTH),
            first: usize::try_from(first % u64::from(TILE_WIDTH)).unwrap_or(usize::MAX),
            count: 1 << height,
        }
    }
}

/// Some tiles of a tree, from which nodes are read.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles {
    /// Adds a tile.
    pub fn insert(&mut self, level: u8, index: u64, hashes: Vec<Hash>) {
        self.0.insert((level, index), hashes);
    }

    /// The hash of the node at this place: a stored one, or one made of those below it in its tile.
    pub fn node(&self, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let within = Within::of(level, index);
        let tile = self.0.get(&(within.level, within.tile));
        tile.and_then(|hashes| hashes.get(within.first..within.first + within.count))
            .and_then(subtree_root)
            .ok_or(LedgerError::NodeMissing { level, index })
    }
}

/// Root over hashes whose number is a power of two; none over another number.
fn subtree_root(hashes: &[Hash]) -> Option<Hash> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .map(|pair| node_hash(&pair[0], &pair[1]))
            .collect();
    }
    row.first().copied()
}

/// Root over the hashes of a whole tile: the hash that stands for it one level up.
#[must_use]
pub fn tile_root(hashes: &[Hash]) -> Option<Hash> {
    (hashes.len() == usize::from(TILE_WIDTH))
        .then(|| subtree_root(hashes))
        .flatten()
}

/// Hashes as the bytes of a tile.
#[must_use]
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// The inverse of [`tile_bytes`].
pub fn tile_hashes(bytes: &[u8]) -> Result<Vec<Hash>, LedgerError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if !rest.is_empty() || hashes.is_empty() || hashes.len() > usize::from(TILE_WIDTH) {
        return Err(LedgerError::BadTile);
    }
    Ok(hashes.to_vec())
}

/// A tile with its hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands.
    pub place: TilePlace,
    /// Its hashes.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// Index of the first entry on which this tile and `other`, the same tile as somebody else has
    /// it, disagree; a shorter one disagrees where it ends.
    #[must_use]
    pub fn first_difference(&self, other: &[Hash]) -> Option<u64> {
        let same = self
            .hashes
            .iter()
            .zip(other)
            .take_while(|(ours, theirs)| ours == theirs)
            .count();
        if same == self.hashes.len() && same == other.len() {
            return None;
        }
        let hash = self.place.index * u64::from(TILE_WIDTH) + same as u64;
        hash.checked_shl(u32::from(self.place.level * TILE_HEIGHT))
    }
}

/// Builds all tiles of a log while its leaves go by.
#[derive(Debug, Clone, Default)]
pub struct TileBuilder {
    /// The unfinished tile of each level and how many whole ones are to the left of it.
    levels: Vec<(u64, Vec<Hash>)>,
}

impl TileBuilder {
    /// Takes the next leaf hash; yields the tiles it completed, lowest first.
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut completed = Vec::new();
        let mut hash = leaf;
        for level in 0..TILE_LEVELS_MAX {
            let at = usize::from(level);
            if self.levels.len() <= at {
                let wide = usize::from(TILE_WIDTH);
                self.levels.push((0, Vec::with_capacity(wide)));
            }
            let Some((index, hashes)) = self.levels.get_mut(at) else {
                break;
            };
            hashes.push(hash);
            let Some(root) = tile_root(hashes) else { break };
            completed.push(Tile {
                place: TilePlace {
                    level,
                    index: *index,
                    width: TILE_WIDTH,
                },
                hashes: std::mem::take(hashes),
            });
            *index += 1;
            hash = root;
        }
        completed
    }

    /// The unfinished tiles at the right edge, lowest first.
    #[must_use]
    pub fn partial(&self) -> Vec<Tile> {
        (0..)
            .zip(&self.levels)
            .filter(|(_, (_, hashes))| !hashes.is_empty())
            .map(|(level, (index, hashes))| Tile {
                place: TilePlace {
                    level,
                    index: *index,
                    width: u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH),
                },
                hashes: hashes.clone(),
            })
            .collect()
    }
}
