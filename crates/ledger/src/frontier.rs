//! The right edge of the tree: all that is needed to append and to know the root.

use crate::LedgerError;
use crate::hash::{Hash, empty_root, node_hash};
use crate::limits::LEDGER_MAX_LEAVES;
use crate::range::peaks;

const SIZE_BYTES: usize = 8;
const HASH_BYTES: usize = 32;

/// The roots of the complete subtrees of a tree, largest first: one for each bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// A node that became complete and never changes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredNode {
    /// 0 for leaves.
    pub level: u8,
    /// Counted from the left, from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// Leaves in the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of a leaf (see [`crate::leaf_hash`]) and returns the nodes this completed,
    /// the leaf first: store them all, and every proof can be made later.
    pub fn append(&mut self, leaf: Hash) -> Result<Vec<StoredNode>, LedgerError> {
        if self.size >= LEDGER_MAX_LEAVES {
            return Err(LedgerError::Full);
        }
        let mut node = StoredNode {
            level: 0,
            index: self.size,
            hash: leaf,
        };
        let mut completed = vec![node];
        // Each trailing one bit of the old size is a subtree that this leaf completes a pair with.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            node = StoredNode {
                level: node.level + 1,
                index: node.index >> 1,
                hash: node_hash(&left, &node.hash),
            };
            completed.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1;
        Ok(completed)
    }

    /// The Merkle tree hash of all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_right = self.peaks.iter().rev();
        let Some(smallest) = from_right.next() else {
            return empty_root();
        };
        from_right.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// Size as little-endian `u64`, then the subtree roots, largest first: at most 2,024 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SIZE_BYTES + self.peaks.len() * HASH_BYTES);
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend(self.peaks.iter().flatten());
        out
    }

    /// The inverse of [`Frontier::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, LedgerError> {
        let bad = |reason| LedgerError::BadFrontier { reason };
        let (size, hashes) = bytes
            .split_first_chunk::<SIZE_BYTES>()
            .ok_or(bad("shorter than its size field"))?;
        let size = u64::from_le_bytes(*size);
        if size > LEDGER_MAX_LEAVES {
            return Err(bad("more leaves than a ledger can have"));
        }
        let (hashes, rest) = hashes.as_chunks::<HASH_BYTES>();
        if !rest.is_empty() || hashes.len() != peaks(size).count() {
            return Err(bad("not one hash for each bit of its size"));
        }
        Ok(Frontier {
            size,
            peaks: hashes.to_vec(),
        })
    }
}
