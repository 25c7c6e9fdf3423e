//! The tamper-evident log: Merkle tree hashing of RFC 6962, proofs, and their verification.
//!
//! Pure computation: no database, no clock, no files, no randomness. The store keeps the
//! [`Frontier`] in the same transaction as the audit row, and the hashes as [`Tiles`]; with those
//! any proof can be made. What others read is laid out as C2SP says: tiles and entry bundles
//! (tlog-tiles), [`Checkpoint`]s as signed [`Note`]s, cosignatures (tlog-cosignature) and
//! [`ProofFile`]s (tlog-proof). See `docs/ledger.md`.
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

mod check;
mod checkpoint;
mod entries;
mod frontier;
mod hash;
mod key;
mod leaf;
pub mod limits;
mod note;
mod proof;
mod proof_file;
mod range;
mod tiles;

pub use check::{Fault, FaultKind, bundle_leaves, check_log, first_split};
pub use checkpoint::Checkpoint;
pub use entries::{entry_bundle, first_bad_entry, read_entries};
pub use frontier::{Frontier, StoredNode};
pub use hash::{Hash, empty_root, leaf_hash, node_hash, sha256};
pub use key::{KeyKind, SigningKey, VerifyingKey};
pub use leaf::AuditLeaf;
pub use note::{Note, Signature};
pub use proof::{
    nodes_for_consistency, nodes_for_inclusion, nodes_for_root, prove_consistency, prove_inclusion,
    root_at, verify_consistency, verify_inclusion,
};
pub use proof_file::ProofFile;
pub use tiles::{
    Tile, TileBuilder, TilePath, TilePlace, Tiles, tile_bytes, tile_hashes, tile_root, tiles_for,
    tiles_of,
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
    /// Bytes that are no audit entry.
    #[error("these bytes are no audit entry of this layout")]
    BadLeaf,
    /// Bytes that are no tile.
    #[error("these bytes are no tile of 1 to 256 hashes")]
    BadTile,
    /// A path that names no tile.
    #[error("this path names no tile")]
    BadTilePath,
    /// Bytes that are no bundle of entries.
    #[error("these bytes are no bundle of entries")]
    BadEntries,
    /// A text that is no signed note.
    #[error("this is no signed note: {reason}")]
    BadNote {
        /// What is wrong.
        reason: &'static str,
    },
    /// A text that is no key.
    #[error("this is no key: {reason}")]
    BadKey {
        /// What is wrong.
        reason: &'static str,
    },
    /// A text that is no checkpoint.
    #[error("this is no checkpoint: {reason}")]
    BadCheckpoint {
        /// What is wrong.
        reason: &'static str,
    },
    /// A text that is no proof file.
    #[error("this is no proof file: {reason}")]
    BadProofFile {
        /// What is wrong.
        reason: &'static str,
    },
    /// The note has no signature of this key.
    #[error("this key has not signed the note")]
    NotSigned,
    /// The signature is another's, or the text was changed after it.
    #[error("the signature does not fit the text")]
    WrongSignature,
    /// The checkpoint is of another log than the key.
    #[error("the checkpoint is of the log {found:?}, not of {wanted:?}")]
    OtherOrigin {
        /// The origin it names.
        found: String,
        /// The origin of the key.
        wanted: String,
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
