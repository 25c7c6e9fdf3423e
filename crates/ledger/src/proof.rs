//! Inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2; verification as in RFC 9162
//! §2.1.3.2 and §2.1.4.2).

use crate::LedgerError;
use crate::hash::{Hash, empty_root, node_hash};
use crate::range::{Subtree, peaks, split};

/// Root of the tree of the first `size` leaves, from stored node hashes.
///
/// `node(level, index)` returns the hash stored under that place, see
/// [`crate::Frontier::append`]; only nodes that are complete at `size` are asked for.
pub fn root_at<E: From<LedgerError>>(
    size: u64,
    node: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Hash, E> {
    Prover { node }.run_hash(0, size)
}

/// The audit path of leaf `index` in the tree of the first `size` leaves, nearest sibling first.
pub fn prove_inclusion<E: From<LedgerError>>(
    index: u64,
    size: u64,
    node: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if index >= size {
        return Err(LedgerError::IndexBeyondSize { index, size }.into());
    }
    let mut prover = Prover { node };
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(prover.run_hash(middle, end)?);
            end = middle;
        } else {
            path.push(prover.run_hash(start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves. Empty when
/// the sizes are equal or `old` is 0.
pub fn prove_consistency<E: From<LedgerError>>(
    old: u64,
    new: u64,
    node: impl FnMut(u8, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if old > new {
        return Err(LedgerError::SizeBeyondSize { old, new }.into());
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut prover = Prover { node };
    let (mut start, mut end) = (0, new);
    let mut path = Vec::new();
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(prover.run_hash(middle, end)?);
            end = middle;
        } else {
            path.push(prover.run_hash(start, middle)?);
            start = middle;
        }
    }
    // The remaining run is a complete subtree of the old tree; only when it is the whole old tree
    // does the verifier know its hash already.
    if start > 0 {
        path.push(prover.run_hash(start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Places `(level, index)` of the stored nodes that [`prove_inclusion`] will ask for, so that an
/// asynchronous store can fetch them first.
pub fn nodes_for_inclusion(index: u64, size: u64) -> Result<Vec<(u8, u64)>, LedgerError> {
    record(|node| prove_inclusion(index, size, node).map(drop))
}

/// Places `(level, index)` of the stored nodes that [`prove_consistency`] will ask for.
pub fn nodes_for_consistency(old: u64, new: u64) -> Result<Vec<(u8, u64)>, LedgerError> {
    record(|node| prove_consistency(old, new, node).map(drop))
}

/// Places `(level, index)` of the stored nodes that [`root_at`] will ask for.
#[must_use]
pub fn nodes_for_root(size: u64) -> Vec<(u8, u64)> {
    peaks(size).map(|peak| (peak.level, peak.index)).collect()
}

fn record(
    prove: impl FnOnce(&mut dyn FnMut(u8, u64) -> Result<Hash, LedgerError>) -> Result<(), LedgerError>,
) -> Result<Vec<(u8, u64)>, LedgerError> {
    let mut places = Vec::new();
    prove(&mut |level, index| {
        places.push((level, index));
        Ok([0; 32])
    })?;
    Ok(places)
}

/// Computes hashes of runs of leaves from stored nodes.
struct Prover<F> {
    node: F,
}

impl<F> Prover<F> {
    /// Merkle tree hash of leaves `start..end`, where `start` is a multiple of a power of two at
    /// least as large as the run: true of every run that the RFC's splits produce.
    fn run_hash<E>(&mut self, start: u64, end: u64) -> Result<Hash, E>
    where
        F: FnMut(u8, u64) -> Result<Hash, E>,
    {
        let mut root: Option<Hash> = None;
        for Subtree { level, index } in peaks(end - start).rev() {
            let left = (self.node)(level, (start >> level) + index)?;
            root = Some(root.map_or(left, |right| node_hash(&left, &right)));
        }
        Ok(root.unwrap_or_else(empty_root))
    }
}

/// Checks that `leaf` (a leaf hash) is leaf `index` of the tree of `size` leaves with this root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), LedgerError> {
    if index >= size {
        return Err(LedgerError::IndexBeyondSize { index, size });
    }
    let (inner, border) = path_lengths(index, size);
    let needed = inner + border;
    if path.len() != needed {
        return Err(LedgerError::ProofLength {
            found: path.len(),
            needed,
        });
    }
    let (inner_path, border_path) = path.split_at(inner);
    let within = chain_inner(*leaf, inner_path, index);
    let found = chain_border(within, border_path);
    if found == *root {
        Ok(())
    } else {
        Err(LedgerError::RootMismatch)
    }
}

/// Checks that the tree of `new` leaves with `new_root` begins with the tree of `old` leaves with
/// `old_root`.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), LedgerError> {
    if old > new {
        return Err(LedgerError::SizeBeyondSize { old, new });
    }
    if old == 0 || old == new {
        return verify_without_path(old, old_root, new, new_root, path);
    }
    let (inner, border) = path_lengths(old - 1, new);
    // The largest complete subtree at the right edge of the old tree.
    let shift = old.trailing_zeros() as usize;
    let seed_is_old_root = old.is_power_of_two();
    let needed = inner - shift + border + usize::from(!seed_is_old_root);
    if path.len() != needed {
        return Err(LedgerError::ProofLength {
            found: path.len(),
            needed,
        });
    }
    let (seed, rest) = match path.split_first() {
        Some((first, rest)) if !seed_is_old_root => (*first, rest),
        _ => (*old_root, path),
    };
    let (inner_path, border_path) = rest.split_at(inner - shift);
    let position = (old - 1) >> shift;
    let old_found = chain_border(chain_inner_left(seed, inner_path, position), border_path);
    let new_found = chain_border(chain_inner(seed, inner_path, position), border_path);
    if old_found == *old_root && new_found == *new_root {
        Ok(())
    } else {
        Err(LedgerError::RootMismatch)
    }
}

fn verify_without_path(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), LedgerError> {
    if !path.is_empty() {
        return Err(LedgerError::ProofLength {
            found: path.len(),
            needed: 0,
        });
    }
    let same = old != new || old_root == new_root;
    let empty_old = old != 0 || *old_root == empty_root();
    if same && empty_old {
        Ok(())
    } else {
        Err(LedgerError::RootMismatch)
    }
}

/// How many hashes of a path lie below the point where the ways of leaf `index` and of the last
/// leaf part, and how many lie above it (all of those on the left).
fn path_lengths(index: u64, size: u64) -> (usize, usize) {
    let inner = (u64::BITS - (index ^ (size - 1)).leading_zeros()) as usize;
    let border = index
        .checked_shr(u32::try_from(inner).unwrap_or(u32::MAX))
        .unwrap_or(0);
    (inner, border.count_ones() as usize)
}

fn chain_inner(seed: Hash, path: &[Hash], index: u64) -> Hash {
    path.iter()
        .enumerate()
        .fold(seed, |hash, (level, sibling)| {
            if index >> level & 1 == 0 {
                node_hash(&hash, sibling)
            } else {
                node_hash(sibling, &hash)
            }
        })
}

/// Like [`chain_inner`], of the left siblings alone: what the old tree had.
fn chain_inner_left(seed: Hash, path: &[Hash], index: u64) -> Hash {
    path.iter()
        .enumerate()
        .fold(seed, |hash, (level, sibling)| {
            if index >> level & 1 == 0 {
                hash
            } else {
                node_hash(sibling, &hash)
            }
        })
}

fn chain_border(seed: Hash, path: &[Hash]) -> Hash {
    path.iter()
        .fold(seed, |hash, sibling| node_hash(sibling, &hash))
}
