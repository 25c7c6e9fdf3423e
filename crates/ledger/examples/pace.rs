//! Prints how fast this machine appends to a ledger, proves and verifies, on one core.
//!
//! `cargo run --release -p ledger --example pace [entries]`
//!
//! Entries are made-up audit entries of the real layout, 150 bytes or so. Everything is in memory:
//! what a database adds is measured by `ledger_pace` in `crates/store`. Times are by the clock, of
//! one thread. The last line is the same as JSON, for `scripts/bench`.

use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use ledger::{
    AuditLeaf, Frontier, TileBuilder, TilePath, TilePlace, Tiles, check_log, entry_bundle,
    leaf_hash, nodes_for_inclusion, prove_inclusion, tile_bytes, tile_hashes, tiles_for, tiles_of,
    verify_inclusion,
};

fn main() -> Result<(), Box<dyn Error>> {
    let entries: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let mut files = HashMap::new();
    let (root, appends) = append(entries, &mut files)?;
    let (p50_us, p99_us) = prove(entries, &root, &files)?;
    let started = Instant::now();
    let read = |path: TilePath| Ok::<_, Box<dyn Error>>(files.get(&path.to_string()).cloned());
    let fault = check_log(entries, &root, read)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("verify {entries} entries, tiles and root: {seconds:.2} s, found {fault:?}");
    println!(
        "{{\"entries\":{entries},\"appends_per_second\":{appends:.0},\"proof_p50_us\":{p50_us},\
         \"proof_p99_us\":{p99_us},\"verify_seconds\":{seconds:.3},\"sound\":{}}}",
        fault.is_none()
    );
    Ok(())
}

fn entry(sequence: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    let leaf = AuditLeaf {
        sequence,
        time_us: 1_764_000_000_000_000 + i64::try_from(sequence)? * 997,
        kind: "case_published",
        actor_id: &[7; 16],
        subject_id: &[sequence.to_be_bytes(), [9; 8]].concat(),
        payload_digest: ledger::sha256(&sequence.to_le_bytes()),
    };
    Ok(leaf.to_bytes()?)
}

/// Appends as the store does: canonical bytes, leaf hash, frontier and root each time, tiles.
fn append(
    entries: u64,
    files: &mut HashMap<String, Vec<u8>>,
) -> Result<(ledger::Hash, f64), Box<dyn Error>> {
    let (mut frontier, mut builder) = (Frontier::new(), TileBuilder::default());
    let mut made = Vec::new();
    let started = Instant::now();
    for sequence in 0..entries {
        let bytes = entry(sequence)?;
        let leaf = leaf_hash(&bytes);
        frontier.append(leaf)?;
        black_box((frontier.root(), frontier.to_bytes()));
        made.extend(builder.push(leaf));
    }
    let seconds = started.elapsed().as_secs_f64();
    let rate = entries as f64 / seconds;
    println!("append one by one, with the root each time: {rate:.0} a second");
    made.extend(builder.partial());
    for tile in made {
        let path = TilePath::Hashes(tile.place).to_string();
        files.insert(path, tile_bytes(&tile.hashes));
    }
    for place in tiles_of(entries).take_while(|place| place.level == 0) {
        let first = place.index * 256;
        let bundle: Vec<Vec<u8>> = (first..first + u64::from(place.width))
            .map(entry)
            .collect::<Result<_, _>>()?;
        let bundle = entry_bundle(bundle.iter().map(Vec::as_slice))?;
        files.insert(TilePath::Entries(place).to_string(), bundle);
    }
    Ok((frontier.root(), rate))
}

/// Proofs of entries all over the log, each from the tiles it needs.
fn prove(
    entries: u64,
    root: &ledger::Hash,
    files: &HashMap<String, Vec<u8>>,
) -> Result<(u128, u128), Box<dyn Error>> {
    let widths: HashMap<(u8, u64), u16> = tiles_of(entries)
        .map(|place| ((place.level, place.index), place.width))
        .collect();
    let mut times_us = Vec::new();
    for number in 0..2_000_u64 {
        let index = number * 2_654_435_761 % entries;
        let started = Instant::now();
        let mut tiles = Tiles::default();
        for (level, tile) in tiles_for(&nodes_for_inclusion(index, entries)?) {
            let width = widths.get(&(level, tile)).copied().unwrap_or_default();
            let place = TilePlace {
                level,
                index: tile,
                width,
            };
            let path = TilePath::Hashes(place).to_string();
            let bytes = files.get(&path).ok_or("a tile is missing")?;
            tiles.insert(level, tile, tile_hashes(bytes)?);
        }
        let path = prove_inclusion(index, entries, |level, at| tiles.node(level, at))?;
        times_us.push(started.elapsed().as_micros());
        verify_inclusion(&leaf_hash(&entry(index)?), index, entries, &path, root)?;
    }
    times_us.sort_unstable();
    let at = |share: usize| times_us[(times_us.len() - 1) * share / 100];
    println!(
        "inclusion proof in {entries} entries, from tiles: p50 {} µs, p99 {} µs, all verified",
        at(50),
        at(99)
    );
    Ok((at(50), at(99)))
}
