//! Every limit of the ledger, with its unit in its name.

/// Longest kind, actor or subject of an audit leaf.
pub const LEAF_FIELD_MAX_BYTES: usize = 255;

/// Leaves of the largest tree. Sizes stay below 2^63, so that no computation on them overflows.
pub const LEDGER_MAX_LEAVES: u64 = (1 << 63) - 1;
