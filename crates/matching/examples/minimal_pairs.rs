//! Contradictions caught and true matches lost on the minimal pairs:
//! `cargo run --release -p matching --example minimal_pairs -- [tune|held|all] [rows]`.
//!
//! With `rows` the failing rows of `tune` are printed. Those of `held` never are.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::collections::BTreeMap;

use matching::answer::{Contradiction, answer};
use matching::claims::{ClaimIndex, ClaimText, Scratch};

const PAIRS: &str = include_str!("../testdata/minimal-pairs/pairs.tsv");

/// Rows that contradict and that say the same, with how many are said to contradict.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    contradicting: usize,
    caught: usize,
    same: usize,
    lost: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let part = arguments.next().unwrap_or_else(|| "tune".to_owned());
    let with_rows = arguments.next().as_deref() == Some("rows");
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for line in PAIRS.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, split, category, relation, check, rating, text] = fields[..] else {
            return Err(format!("unreadable row: {line}").into());
        };
        if part != "all" && part != split {
            continue;
        }
        let found = found(check, rating, text);
        let contradicts = relation == "contradicts";
        for name in [category, "all"] {
            let count = counts.entry(name).or_default();
            count.contradicting += usize::from(contradicts);
            count.caught += usize::from(contradicts && !found.is_empty());
            count.same += usize::from(!contradicts);
            count.lost += usize::from(!contradicts && !found.is_empty());
        }
        if with_rows && split == "tune" && contradicts == found.is_empty() {
            println!("{id}\t{check}\t{text}\t{found:?}");
        }
    }
    println!("category\tcaught\tof\tshare\tlost\tof\tshare");
    for (name, c) in &counts {
        println!(
            "{name}\t{}\t{}\t{:.3}\t{}\t{}\t{:.3}",
            c.caught,
            c.contradicting,
            share(c.caught, c.contradicting),
            c.lost,
            c.same,
            share(c.lost, c.same)
        );
    }
    Ok(())
}

/// What the answer to `text` says against an archive of this one check.
fn found(check: &str, rating: &str, text: &str) -> Vec<Contradiction> {
    let mut index = ClaimIndex::new();
    index.add(
        0,
        &ClaimText {
            claim: check,
            narrative: None,
            explanation: None,
            says_true: rating == "true",
            date_days: None,
        },
    );
    let answered = answer(&index, text, &mut Scratch::default());
    let first = answered.results.into_iter().next();
    first.map(|first| first.contradictions).unwrap_or_default()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
