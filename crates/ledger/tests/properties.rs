//! The tree against an independent oracle (the recursive definition of RFC 6962, word for word),
//! and every forgery against the verifier.

use std::collections::HashMap;

use ledger::{
    AuditLeaf, Frontier, Hash, LedgerError, StoredNode, leaf_hash, nodes_for_consistency,
    nodes_for_inclusion, nodes_for_root, prove_consistency, prove_inclusion, root_at,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// RFC 6962 §2.1, read aloud.
fn oracle(leaves: &[Vec<u8>]) -> Hash {
    let sha = |parts: &[&[u8]]| -> Hash { Sha256::digest(parts.concat()).into() };
    match leaves {
        [] => sha(&[]),
        [leaf] => sha(&[&[0], leaf]),
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            sha(&[&[1], &oracle(&leaves[..k]), &oracle(&leaves[k..])])
        }
    }
}

struct Tree {
    frontier: Frontier,
    nodes: HashMap<(u8, u64), Hash>,
}

impl Tree {
    fn of(leaves: &[Vec<u8>]) -> Result<Tree, LedgerError> {
        let mut tree = Tree {
            frontier: Frontier::new(),
            nodes: HashMap::new(),
        };
        for leaf in leaves {
            for StoredNode { level, index, hash } in tree.frontier.append(leaf_hash(leaf))? {
                let before = tree.nodes.insert((level, index), hash);
                assert_eq!(before, None, "a node was completed twice");
            }
        }
        Ok(tree)
    }

    fn node(&self) -> impl Fn(u8, u64) -> Result<Hash, LedgerError> {
        |level, index| {
            let stored = self.nodes.get(&(level, index)).copied();
            stored.ok_or(LedgerError::NodeMissing { level, index })
        }
    }
}

fn numbered(count: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|number| number.to_le_bytes().to_vec())
        .collect()
}

#[test]
fn every_proof_of_every_small_tree_is_made_and_verified() -> Result<(), LedgerError> {
    let leaves = numbered(66);
    let tree = Tree::of(&leaves)?;
    let roots: Vec<Hash> = (0..=leaves.len())
        .map(|size| oracle(&leaves[..size]))
        .collect();
    for (size, new_root) in (0_u64..).zip(&roots) {
        assert_eq!(root_at(size, tree.node()).as_ref(), Ok(new_root));
        for (index, leaf) in (0..size).zip(&leaves) {
            let path = prove_inclusion(index, size, tree.node())?;
            verify_inclusion(&leaf_hash(leaf), index, size, &path, new_root)?;
        }
        for (old, old_root) in (0..=size).zip(&roots) {
            let path = prove_consistency(old, size, tree.node())?;
            verify_consistency(old, old_root, size, new_root, &path)?;
            if old > 0 && old < size {
                // A rewritten past has another root: no path may reconcile it.
                let mut rewritten = leaves[..usize::try_from(old).unwrap()].to_vec();
                rewritten[0].push(1);
                let forged = verify_consistency(old, &oracle(&rewritten), size, new_root, &path);
                assert_eq!(forged, Err(LedgerError::RootMismatch));
            }
        }
    }
    Ok(())
}

/// A store may fetch exactly the announced nodes before it makes a proof.
#[test]
fn the_announced_nodes_are_the_ones_a_proof_needs() -> Result<(), LedgerError> {
    let tree = Tree::of(&numbered(66))?;
    let only = |places: Vec<(u8, u64)>| {
        let fetched: HashMap<_, _> = places.iter().map(|at| (*at, tree.nodes[at])).collect();
        assert_eq!(fetched.len(), places.len(), "a node is announced twice");
        Tree {
            frontier: Frontier::new(),
            nodes: fetched,
        }
    };
    for size in 1..=66 {
        assert_eq!(
            root_at(size, only(nodes_for_root(size)).node()),
            root_at(size, tree.node())
        );
        for at in 0..size {
            let fetched = only(nodes_for_inclusion(at, size)?);
            let proof = prove_inclusion(at, size, fetched.node());
            assert_eq!(proof, prove_inclusion(at, size, tree.node()));
            let fetched = only(nodes_for_consistency(at, size)?);
            let proof = prove_consistency(at, size, fetched.node());
            assert_eq!(proof, prove_consistency(at, size, tree.node()));
        }
    }
    Ok(())
}

#[test]
fn every_flipped_bit_of_every_leaf_is_detected() -> Result<(), LedgerError> {
    let entries: Vec<Vec<u8>> = (0..40)
        .map(|sequence| entry(sequence, "case.opened", b"member", b"case").to_bytes())
        .collect::<Result<_, _>>()?;
    let tree = Tree::of(&entries)?;
    let (size, root) = (tree.frontier.size(), tree.frontier.root());
    for (index, bytes) in (0..).zip(&entries) {
        let path = prove_inclusion(index, size, tree.node())?;
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let verdict = verify_inclusion(&leaf_hash(&flipped), index, size, &path, &root);
            assert_eq!(
                verdict,
                Err(LedgerError::RootMismatch),
                "bit {bit} of leaf {index}"
            );
        }
    }
    Ok(())
}

#[test]
fn an_inner_node_is_never_accepted_as_a_leaf() -> Result<(), LedgerError> {
    let tree = Tree::of(&numbered(4))?;
    let pair = [tree.nodes[&(0, 0)], tree.nodes[&(0, 1)]].concat();
    let (sibling, root) = (tree.nodes[&(1, 1)], tree.frontier.root());
    let forged = verify_inclusion(&leaf_hash(&pair), 0, 2, &[sibling], &root);
    assert_eq!(forged, Err(LedgerError::RootMismatch));
    Ok(())
}

#[test]
fn questions_beyond_the_tree_are_refused() -> Result<(), LedgerError> {
    let tree = Tree::of(&numbered(3))?;
    let beyond = LedgerError::IndexBeyondSize { index: 3, size: 3 };
    assert_eq!(prove_inclusion(3, 3, tree.node()), Err(beyond.clone()));
    assert_eq!(verify_inclusion(&[0; 32], 3, 3, &[], &[0; 32]), Err(beyond));
    let shrunk = LedgerError::SizeBeyondSize { old: 3, new: 2 };
    assert_eq!(prove_consistency(3, 2, tree.node()), Err(shrunk.clone()));
    assert_eq!(
        verify_consistency(3, &[0; 32], 2, &[0; 32], &[]),
        Err(shrunk)
    );
    let missing = LedgerError::NodeMissing { level: 0, index: 4 };
    assert_eq!(
        root_at(5, tree.node()),
        Err(LedgerError::NodeMissing { level: 0, index: 4 })
    );
    assert_eq!(
        missing.to_string(),
        "the hash of node 4 on level 0 is not stored"
    );
    Ok(())
}

fn entry<'a>(sequence: u64, kind: &'a str, actor: &'a [u8], subject: &'a [u8]) -> AuditLeaf<'a> {
    AuditLeaf {
        sequence,
        time_us: 1_700_000_000_000_000,
        kind,
        actor_id: actor,
        subject_id: subject,
        payload_digest: ledger::sha256(b"payload"),
    }
}

/// The layout is a contract: other programs verify these bytes.
#[test]
fn the_bytes_of_an_audit_leaf_stay_as_they_are() -> Result<(), LedgerError> {
    let bytes = entry(7, "a.b", b"\x01\x02", b"").to_bytes()?;
    let expected = [
        b"\0\0\0\x11kentongan-audit-1".as_slice(),
        b"\0\0\0\x08\0\0\0\0\0\0\0\x07",
        b"\0\0\0\x08\x00\x06\x0a\x24\x18\x1e\x40\x00",
        b"\0\0\0\x03a.b",
        b"\0\0\0\x02\x01\x02",
        b"\0\0\0\x00",
        b"\0\0\0\x20",
        &ledger::sha256(b"payload"),
    ];
    assert_eq!(bytes, expected.concat());
    let long = "k".repeat(256);
    let refused = entry(7, &long, b"", b"").to_bytes();
    let expected = LedgerError::FieldTooLong {
        field: "kind",
        bytes: 256,
        limit_bytes: 255,
    };
    assert_eq!(refused, Err(expected));
    Ok(())
}

proptest! {
    #[test]
    fn roots_equal_the_oracle_and_survive_storage(
        leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..150),
        stop in 0_usize..150,
    ) {
        let stop = stop.min(leaves.len());
        let mut frontier = Frontier::new();
        for (index, leaf) in leaves.iter().enumerate() {
            if index == stop {
                let stored = Frontier::from_bytes(&frontier.to_bytes());
                prop_assert_eq!(stored.as_ref(), Ok(&frontier));
                frontier = stored.unwrap();
            }
            frontier.append(leaf_hash(leaf)).unwrap();
        }
        prop_assert_eq!(frontier.root(), oracle(&leaves));
    }

    #[test]
    fn a_changed_proof_is_refused(
        size in 2_u64..200, index in any::<prop::sample::Index>(), old in any::<prop::sample::Index>(),
        bit in any::<prop::sample::Index>(), longer in any::<bool>(),
    ) {
        let leaves = numbered(size);
        let tree = Tree::of(&leaves).unwrap();
        let count = usize::try_from(size).unwrap();
        let root = tree.frontier.root();
        let at = index.index(count);
        let path = prove_inclusion(at as u64, size, tree.node()).unwrap();
        let leaf = leaf_hash(&leaves[at]);
        prop_assert!(verify_inclusion(&leaf, at as u64, size, &path, &root).is_ok());
        let forged = forge(&path, bit, longer);
        prop_assert!(verify_inclusion(&leaf, at as u64, size, &forged, &root).is_err());
        for other in (0..size).filter(|other| *other != at as u64) {
            prop_assert!(verify_inclusion(&leaf, other, size, &path, &root).is_err());
        }
        let old = 1 + old.index(count - 1);
        let old_root = oracle(&leaves[..old]);
        let path = prove_consistency(old as u64, size, tree.node()).unwrap();
        let forged = forge(&path, bit, longer);
        prop_assert!(verify_consistency(old as u64, &old_root, size, &root, &forged).is_err());
    }

    #[test]
    fn arbitrary_bytes_are_a_frontier_only_when_they_come_back_the_same(
        size in prop_oneof![0_u64..40, any::<u64>()], hashes in 0_usize..66, extra in 0_usize..2,
    ) {
        let bytes = [size.to_le_bytes().as_slice(), &vec![7; hashes * 32 + extra]].concat();
        match Frontier::from_bytes(&bytes) {
            Ok(frontier) => prop_assert_eq!(frontier.to_bytes(), bytes),
            Err(LedgerError::BadFrontier { .. }) => {}
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }

    #[test]
    fn hostile_numbers_never_panic(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(), hashes in 0_usize..130,
    ) {
        let path = vec![[1; 32]; hashes];
        let root = [2; 32];
        prop_assert!(verify_inclusion(&root, index, size, &path, &[3; 32]).is_err());
        prop_assert!(old == 0 && hashes == 0 || old == size
            || verify_consistency(old, &root, size, &[3; 32], &path).is_err());
        let node = |_, _| Ok::<_, LedgerError>(root);
        let _ = (prove_inclusion(index, size, node), prove_consistency(old, size, node));
    }

    #[test]
    fn different_entries_have_different_bytes(
        a in (any::<u64>(), "[a-c]{0,3}", prop::collection::vec(0_u8..2, 0..3), prop::collection::vec(0_u8..2, 0..3)),
        b in (any::<u64>(), "[a-c]{0,3}", prop::collection::vec(0_u8..2, 0..3), prop::collection::vec(0_u8..2, 0..3)),
        same_sequence in any::<bool>(),
    ) {
        let sequence = if same_sequence { a.0 } else { b.0 };
        let first = entry(a.0, &a.1, &a.2, &a.3);
        let second = entry(sequence, &b.1, &b.2, &b.3);
        prop_assert_eq!(first == second, first.to_bytes() == second.to_bytes());
    }
}

/// One bit flipped, or one hash more.
fn forge(path: &[Hash], bit: prop::sample::Index, longer: bool) -> Vec<Hash> {
    let mut forged = path.to_vec();
    if longer || path.is_empty() {
        forged.push([0; 32]);
    } else {
        let bit = bit.index(path.len() * 256);
        forged[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
    }
    forged
}
