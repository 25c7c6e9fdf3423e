//! Every limit of the ledger, with its unit in its name.

/// Longest kind, actor or subject of an audit leaf.
pub const LEAF_FIELD_MAX_BYTES: usize = 255;

/// Leaves of the largest tree. Sizes stay below 2^63, so that no computation on them overflows.
pub const LEDGER_MAX_LEAVES: u64 = (1 << 63) - 1;

/// Hashes in a whole tile, and entries in a whole bundle.
pub const TILE_WIDTH: u16 = 256;

/// Levels of tiles that a ledger can have: each covers eight levels of the tree.
pub const TILE_LEVELS_MAX: u8 = 8;

/// Longest signed note that is read.
pub const NOTE_MAX_BYTES: usize = 64 * 1024;

/// Signatures of one note that are read.
pub const NOTE_MAX_SIGNATURES: usize = 64;

/// Hashes of the longest proof there can be.
pub const PROOF_MAX_HASHES: usize = 64;
