//! Tiles, bundles and the check of a whole log: against the definition, and with every bit flipped.

#![cfg(test)]

use std::collections::HashMap;
use std::convert::Infallible;

use ledger::{
    AuditLeaf, Fault, FaultKind, Frontier, Hash, LedgerError, TileBuilder, TilePath, TilePlace,
    Tiles, check_log, entry_bundle, first_bad_entry, first_split, leaf_hash, nodes_for_consistency,
    nodes_for_inclusion, prove_consistency, prove_inclusion, tile_bytes, tile_hashes, tiles_for,
    tiles_of, verify_consistency, verify_inclusion,
};
use sha2::{Digest, Sha256};

/// RFC 6962 §2.1 over leaf hashes, read aloud.
fn oracle(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            let (left, right) = (oracle(&leaves[..k]), oracle(&leaves[k..]));
            Sha256::digest([&[1][..], &left, &right].concat()).into()
        }
    }
}

/// A log as it lies in files.
struct Log {
    files: HashMap<String, Vec<u8>>,
    leaves: Vec<Hash>,
    root: Hash,
}

fn entry(sequence: u64, salt: u64) -> Vec<u8> {
    let leaf = AuditLeaf {
        sequence,
        time_us: 1_764_000_000_000_000 + i64::try_from(sequence * 731).unwrap(),
        kind: ["case.opened", "signed_in", "tip_received"][usize::try_from(sequence % 3).unwrap()],
        actor_id: &(sequence % 17).to_be_bytes().repeat(2),
        subject_id: &(sequence * 7919 + salt).to_be_bytes().repeat(2),
        payload_digest: ledger::sha256(&sequence.to_le_bytes()),
    };
    leaf.to_bytes().unwrap()
}

impl Log {
    fn of(entries: &[Vec<u8>]) -> Log {
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut builder = TileBuilder::default();
        let mut tiles: Vec<ledger::Tile> =
            leaves.iter().flat_map(|leaf| builder.push(*leaf)).collect();
        tiles.extend(builder.partial());
        let mut files = HashMap::new();
        for tile in tiles {
            let path = TilePath::Hashes(tile.place).to_string();
            files.insert(path, tile_bytes(&tile.hashes));
        }
        for (index, chunk) in (0..).zip(entries.chunks(256)) {
            let width = u16::try_from(chunk.len()).unwrap();
            let path = TilePath::Entries(TilePlace {
                level: 0,
                index,
                width,
            });
            let bundle = entry_bundle(chunk.iter().map(Vec::as_slice)).unwrap();
            files.insert(path.to_string(), bundle);
        }
        let root = oracle(&leaves);
        Log {
            files,
            leaves,
            root,
        }
    }

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn check(&self) -> Option<Fault> {
        let read = |path: TilePath| Ok::<_, Infallible>(self.files.get(&path.to_string()).cloned());
        check_log(self.size(), &self.root, read).unwrap()
    }

    fn tiles(&self, wanted: &[(u8, u64)]) -> Tiles {
        let mut tiles = Tiles::default();
        for (level, index) in wanted {
            let place = tiles_of(self.size())
                .find(|place| (place.level, place.index) == (*level, *index))
                .expect("a tile of this tree");
            let bytes = &self.files[&TilePath::Hashes(place).to_string()];
            tiles.insert(*level, *index, tile_hashes(bytes).unwrap());
        }
        tiles
    }
}

fn entries(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|sequence| entry(sequence, 0)).collect()
}

#[test]
fn paths_are_written_as_the_specification_says() {
    let place = |level, index, width| TilePlace {
        level,
        index,
        width,
    };
    for (path, tile) in [
        ("0/000", TilePath::Hashes(place(0, 0, 256))),
        (
            "1/x001/x234/067",
            TilePath::Hashes(place(1, 1_234_067, 256)),
        ),
        ("0/273.p/112", TilePath::Hashes(place(0, 273, 112))),
        (
            "entries/x001/000.p/1",
            TilePath::Entries(place(0, 1_000, 1)),
        ),
    ] {
        assert_eq!(tile.to_string(), path);
        assert_eq!(TilePath::parse(path), Ok(tile));
    }
    for path in [
        "",
        "0",
        "0/",
        "0/0",
        "00/000",
        "8/000",
        "-1/000",
        "0/x000/001",
        "0/001/002",
        "0/x001/2",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/07",
        "0/000.p/",
        "entries/000/",
        "0/000.p/1/",
        "0/+01",
        "other/000",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "0/é00",
    ] {
        assert_eq!(
            TilePath::parse(path),
            Err(LedgerError::BadTilePath),
            "{path}"
        );
    }
}

/// The example of the specification: a tree of 70,000.
#[test]
fn a_tree_has_the_tiles_that_the_specification_counts() {
    let tiles: Vec<TilePlace> = tiles_of(70_000).collect();
    let of = |level: u8| tiles.iter().filter(move |tile| tile.level == level);
    assert_eq!(of(0).filter(|tile| tile.width == 256).count(), 273);
    assert_eq!(
        of(0).next_back().map(|tile| (tile.index, tile.width)),
        Some((273, 112))
    );
    let upper: Vec<(u64, u16)> = of(1).map(|tile| (tile.index, tile.width)).collect();
    assert_eq!(upper, [(0, 256), (1, 17)]);
    let top: Vec<(u64, u16)> = of(2).map(|tile| (tile.index, tile.width)).collect();
    assert_eq!(top, [(0, 1)]);
    assert_eq!(tiles.len(), 277);
    assert_eq!(tiles_of(0).count(), 0);
    let edge: Vec<TilePlace> = tiles_of(256).collect();
    assert_eq!(
        edge.len(),
        2,
        "a full tile of level 0 and one hash above it"
    );
}

#[test]
fn what_is_built_is_what_a_tree_of_that_size_has() {
    for size in [1, 255, 256, 257, 511, 512, 66_000] {
        let mut builder = TileBuilder::default();
        let mut built: Vec<TilePlace> = (0..size)
            .flat_map(|n: u64| builder.push(leaf_hash(&n.to_le_bytes())))
            .map(|tile| tile.place)
            .collect();
        built.extend(builder.partial().iter().map(|tile| tile.place));
        built.sort_unstable();
        let mut expected: Vec<TilePlace> = tiles_of(size).collect();
        expected.sort_unstable();
        assert_eq!(built, expected, "{size}");
    }
}

#[test]
fn every_proof_is_made_from_the_tiles_that_were_announced() {
    let log = Log::of(&entries(66_000));
    let size = log.size();
    for index in [0, 1, 255, 256, 511, 65_535, 65_536, 65_999] {
        let places = nodes_for_inclusion(index, size).unwrap();
        let needed = tiles_for(&places);
        assert!(needed.len() <= 6, "{} tiles for one proof", needed.len());
        let tiles = log.tiles(&needed);
        let path = prove_inclusion(index, size, |level, at| tiles.node(level, at)).unwrap();
        let leaf = log.leaves[usize::try_from(index).unwrap()];
        assert_eq!(
            verify_inclusion(&leaf, index, size, &path, &log.root),
            Ok(())
        );
    }
    for old in [1, 2, 255, 256, 257, 40_000, 65_536, 65_999, 66_000] {
        let tiles = log.tiles(&tiles_for(&nodes_for_consistency(old, size).unwrap()));
        let path = prove_consistency(old, size, |level, at| tiles.node(level, at)).unwrap();
        let old_root = oracle(&log.leaves[..usize::try_from(old).unwrap()]);
        assert_eq!(
            verify_consistency(old, &old_root, size, &log.root, &path),
            Ok(())
        );
    }
    let missing = Tiles::default().node(3, 4);
    assert_eq!(
        missing,
        Err(LedgerError::NodeMissing { level: 3, index: 4 })
    );
}

#[test]
fn a_sound_log_passes_and_the_first_bad_entry_is_named() {
    for size in [0, 1, 256, 300, 700] {
        assert_eq!(Log::of(&entries(size)).check(), None, "{size}");
    }
    let mut log = Log::of(&entries(700));
    let sound = log.files.clone();
    let change = |log: &mut Log, path: &str, byte: usize| {
        log.files = sound.clone();
        log.files.get_mut(path).expect("a file")[byte] ^= 1;
        log.check().expect("a fault")
    };
    let found = change(&mut log, "entries/001", 10);
    assert_eq!(
        found,
        Fault {
            entry: 256,
            kind: FaultKind::Entry
        }
    );
    let found = change(&mut log, "0/001", 32 * 9);
    assert_eq!(
        found,
        Fault {
            entry: 265,
            kind: FaultKind::Entry
        }
    );
    let found = change(&mut log, "1/000.p/2", 32);
    assert_eq!(
        found,
        Fault {
            entry: 256,
            kind: FaultKind::Tile(1)
        }
    );
    log.files = sound.clone();
    log.root[0] ^= 1;
    assert_eq!(
        log.check(),
        Some(Fault {
            entry: 699,
            kind: FaultKind::Root
        })
    );
    log.root[0] ^= 1;
    log.files.remove("entries/002.p/188");
    let missing = FaultKind::Missing("entries/002.p/188".to_owned());
    assert_eq!(
        log.check(),
        Some(Fault {
            entry: 512,
            kind: missing
        })
    );
}

/// Somebody who owns all files rewrites the past and makes every hash fit: only the root that
/// others signed tells, and which entry it was is not to be known from it.
#[test]
fn a_past_rewritten_to_the_last_hash_breaks_the_signed_root() {
    let mut all = entries(700);
    let signed = Log::of(&all).root;
    all[20] = entry(20, 5);
    let mut rewritten = Log::of(&all);
    assert_eq!(rewritten.check(), None, "it fits itself");
    rewritten.root = signed;
    assert_eq!(
        rewritten.check().map(|fault| fault.kind),
        Some(FaultKind::Root)
    );
    // An entry that was moved says so itself.
    let mut moved = entries(700);
    moved.swap(20, 21);
    let found = Log::of(&moved).check();
    assert_eq!(
        found,
        Some(Fault {
            entry: 20,
            kind: FaultKind::Place
        })
    );
}

#[test]
fn two_views_split_at_the_first_entry_they_do_not_share() {
    let one = Log::of(&entries(700));
    let split = |other: &Log| {
        let read = |log: &Log, place: TilePlace| {
            let bytes = &log.files[&TilePath::Hashes(place).to_string()];
            Ok::<_, Infallible>(tile_hashes(bytes).unwrap())
        };
        let sizes = (one.size(), other.size());
        first_split(sizes, |place| read(&one, place), |place| read(other, place)).unwrap()
    };
    for size in [0, 1, 255, 256, 400, 700, 900] {
        assert_eq!(split(&Log::of(&entries(size))), None, "{size}");
    }
    for at in [0, 255, 256, 511, 699] {
        let mut forked = entries(800);
        forked[usize::try_from(at).unwrap()] = entry(at, 3);
        assert_eq!(split(&Log::of(&forked)), Some(at));
    }
}

/// Every bit of every entry, of every length before it, of every leaf hash and of every tile above.
/// A bundle is checked from the changed entry on: what stands before it is not read differently.
#[test]
fn every_flipped_bit_of_ten_thousand_entries_is_found() {
    let all = entries(10_000);
    let log = Log::of(&all);
    let mut flips = 0_u64;
    for (index, chunk) in (0_u64..).zip(all.chunks(256)) {
        let leaves = &log.leaves[usize::try_from(index * 256).unwrap()..][..chunk.len()];
        let mut bundle = entry_bundle(chunk.iter().map(Vec::as_slice)).unwrap();
        let mut at = 0;
        for (place, entry) in chunk.iter().enumerate() {
            let end = at + 2 + entry.len();
            for bit in at * 8..end * 8 {
                bundle[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(
                    first_bad_entry(&bundle[at..], &leaves[place..]),
                    Some(0),
                    "bit {bit} of bundle {index}"
                );
                bundle[bit / 8] ^= 1 << (bit % 8);
                flips += 1;
            }
            at = end;
        }
        assert_eq!(first_bad_entry(&bundle, leaves), None, "all bits are back");
    }
    flips += flip_leaf_hashes(&all, &log);
    flips += flip_upper_tiles(&log);
    println!("{flips} bits flipped, all found");
    assert!(flips > 10_000_000, "only {flips} bits");
}

fn flip_leaf_hashes(all: &[Vec<u8>], log: &Log) -> u64 {
    let mut flips = 0;
    for (entry, leaf) in all.iter().zip(&log.leaves) {
        let bundle = entry_bundle([entry.as_slice()]).unwrap();
        assert_eq!(first_bad_entry(&bundle, &[*leaf]), None);
        for bit in 0..256 {
            let mut flipped = *leaf;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(first_bad_entry(&bundle, &[flipped]), Some(0));
            flips += 1;
        }
    }
    flips
}

fn flip_upper_tiles(log: &Log) -> u64 {
    let mut builder = TileBuilder::default();
    let mut tiles: Vec<ledger::Tile> = Vec::new();
    for leaf in &log.leaves {
        tiles.extend(builder.push(*leaf));
    }
    tiles.extend(builder.partial());
    let mut flips = 0;
    for tile in tiles.iter().filter(|tile| tile.place.level > 0) {
        let mut stored = tile.hashes.clone();
        for place in 0..stored.len() {
            for bit in 0..256 {
                stored[place][bit / 8] ^= 1 << (bit % 8);
                let expected = (place as u64) << 8;
                assert_eq!(tile.first_difference(&stored), Some(expected));
                stored[place][bit / 8] ^= 1 << (bit % 8);
                flips += 1;
            }
        }
    }
    assert!(flips >= 39 * 256);
    flips
}

#[test]
fn an_entry_reads_back_and_other_bytes_are_refused() {
    let bytes = entry(41, 0);
    let leaf = AuditLeaf::from_bytes(&bytes).unwrap();
    assert_eq!((leaf.sequence, leaf.kind), (41, "tip_received"));
    assert_eq!(leaf.to_bytes().unwrap(), bytes);
    for end in 0..bytes.len() {
        assert_eq!(
            AuditLeaf::from_bytes(&bytes[..end]),
            Err(LedgerError::BadLeaf)
        );
    }
    let longer = [bytes.as_slice(), b"\0"].concat();
    assert_eq!(AuditLeaf::from_bytes(&longer), Err(LedgerError::BadLeaf));
}

#[test]
fn the_root_of_the_frontier_is_that_of_the_tiles() {
    let log = Log::of(&entries(700));
    let mut frontier = Frontier::new();
    for leaf in &log.leaves {
        frontier.append(*leaf).unwrap();
    }
    assert_eq!(frontier.root(), log.root);
}
