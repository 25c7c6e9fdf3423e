//! The tamper-evident log: Merkle tree hashing of RFC 6962, proofs, and their verification.
//!
//! Pure computation: no database, no clock, no files. The store keeps the [`Frontier`] in the same
//! transaction as the audit row, and node hashes by `(level, index)` where [`Frontier::append`]
//! says; with those any proof can be made.
//!
//! ```
//! use ledger::{AuditLeaf, Frontier, leaf_hash};
//!
//! let leaf = AuditLeaf {
//!     sequence: 0,
//!     time_us: 1_700_000_000_000_000,
//!     kind: "case.opened",
//!     actor_id: b"member-17",
//!     subject_id: b"case-4",
//!     payload_digest: ledger::sha256(b"what was recorded"),
//! };
//! let mut frontier = Frontier::new();
//! frontier.append(leaf_hash(&leaf.to_bytes()?))?;
//! assert_eq!(frontier.size(), 1);
//! # Ok::<(), ledger::LedgerError>(())
//! ```

mod frontier;
mod hash;
mod leaf;
pub mod limits;
mod proof;
mod range;

pub use frontier::{Frontier, StoredNode};
pub use hash::{Hash, empty_root, leaf_hash, node_hash, sha256};
pub use leaf::AuditLeaf;
pub use proof::{
    nodes_for_consistency, nodes_for_inclusion, nodes_for_root, prove_consistency, prove_inclusion,
    root_at, verify_consistency, verify_inclusion,
};

/// An error of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the stated root")]
    RootMismatch,
    /// The proof has too few or too many hashes for the sizes.
    #[error("the proof has {found} hashes, these sizes need {needed}")]
    ProofLength {
        /// Hashes given.
        found: usize,
        /// Hashes that these sizes need.
        needed: usize,
    },
    /// A leaf index at or beyond the size of the tree.
    #[error("leaf {index} is not in a tree of {size} leaves")]
    IndexBeyondSize {
        /// The index asked for.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// A tree cannot be consistent with a smaller one.
    #[error("a tree of {old} leaves cannot have grown into one of {new}")]
    SizeBeyondSize {
        /// The size said to be older.
        old: u64,
        /// The size said to be newer.
        new: u64,
    },
    /// A stored node hash that a proof needs is missing.
    #[error("the hash of node {index} on level {level} is not stored")]
    NodeMissing {
        /// 0 for leaves.
        level: u8,
        /// Counted from the left, from 0.
        index: u64,
    },
    /// Bytes that are no frontier.
    #[error("these bytes are no frontier: {reason}")]
    BadFrontier {
        /// What is wrong.
        reason: &'static str,
    },
    /// The tree cannot grow further.
    #[error("the ledger is full")]
    Full,
    /// A field of an audit leaf is over its limit.
    #[error("{field} of an audit leaf has {bytes} bytes, the limit is {limit_bytes}")]
    FieldTooLong {
        /// Name of the field.
        field: &'static str,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
}
