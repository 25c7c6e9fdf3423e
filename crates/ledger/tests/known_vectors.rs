//! The test vectors of Certificate Transparency's reference implementation.

use ledger::{
    Frontier, Hash, LedgerError, empty_root, leaf_hash, prove_consistency, prove_inclusion,
    verify_consistency, verify_inclusion,
};
use std::collections::HashMap;

const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const EMPTY_ROOT: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const LEAF_0: &str = ROOTS[0];
const LEAF_1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const LEAF_4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const LEAVES_2_3: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const LEAVES_4_5: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const LEAVES_6_7: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const LEAVES_4_7: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

fn hex(hash: Hash) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |value: u8| DIGITS[usize::from(value)];
    hash.iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2).unwrap_or(""), 16);
    (0..text.len())
        .step_by(2)
        .map(|at| digit(at).unwrap_or_default())
        .collect()
}

/// Roots by size, and every stored node.
fn build() -> (Vec<Hash>, HashMap<(u8, u64), Hash>) {
    let mut frontier = Frontier::new();
    let mut roots = vec![frontier.root()];
    let mut nodes = HashMap::new();
    for leaf in LEAVES {
        let completed = frontier.append(leaf_hash(&unhex(leaf))).unwrap_or_default();
        nodes.extend(
            completed
                .iter()
                .map(|node| ((node.level, node.index), node.hash)),
        );
        roots.push(frontier.root());
    }
    (roots, nodes)
}

#[test]
fn roots_of_nothing_and_of_one_to_eight_leaves() {
    let (roots, _) = build();
    assert_eq!(hex(empty_root()), EMPTY_ROOT);
    let found: Vec<String> = roots.into_iter().map(hex).collect();
    assert_eq!(found[0], EMPTY_ROOT);
    assert_eq!(found[1..], ROOTS);
}

#[test]
fn inclusion_paths() {
    let (roots, nodes) = build();
    let cases: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[LEAF_1, LEAVES_2_3, LEAVES_4_7]),
        (5, 8, &[LEAF_4, LEAVES_6_7, ROOTS[3]]),
        (2, 3, &[ROOTS[1]]),
        (1, 5, &[LEAF_0, LEAVES_2_3, LEAF_4]),
    ];
    for (index, size, expected) in cases {
        let node = |level, index| {
            nodes
                .get(&(level, index))
                .copied()
                .ok_or(LedgerError::NodeMissing { level, index })
        };
        let path = prove_inclusion(index, size, node).unwrap();
        let found: Vec<String> = path.iter().copied().map(hex).collect();
        assert_eq!(found, expected, "leaf {index} of {size}");
        let (leaf, root) = (nodes[&(0, index)], roots[usize::try_from(size).unwrap()]);
        assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
    }
}

#[test]
fn consistency_paths() {
    let (roots, nodes) = build();
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (1, 8, &[LEAF_1, LEAVES_2_3, LEAVES_4_7]),
        (6, 8, &[LEAVES_4_5, LEAVES_6_7, ROOTS[3]]),
        (2, 5, &[LEAVES_2_3, LEAF_4]),
    ];
    for (old, new, expected) in cases {
        let node = |level, index| {
            nodes
                .get(&(level, index))
                .copied()
                .ok_or(LedgerError::NodeMissing { level, index })
        };
        let path = prove_consistency(old, new, node).unwrap();
        let found: Vec<String> = path.iter().copied().map(hex).collect();
        assert_eq!(found, expected, "{old} to {new}");
        let root = |size: u64| roots[usize::try_from(size).unwrap()];
        assert_eq!(
            verify_consistency(old, &root(old), new, &root(new), &path),
            Ok(())
        );
    }
}
