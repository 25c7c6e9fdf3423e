//! What an answer costs as the archive grows, by words and by meaning, one thread:
//! `cargo run --release -p matching --example curve -- FOLDER [CHECKS …]` (default 10000
//! 100000 1000000). Real claims, repeated with a number behind them until there are enough;
//! real queries. Sentence vectors are made up: comparing them costs the same whatever they say.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

#[path = "shared/files.rs"]
#[expect(dead_code, reason = "this example reads texts alone")]
mod files;
#[path = "shared/work.rs"]
mod work;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use matching::answer::{Answered, answer, answer_by_meaning};
use matching::claims::{ClaimIndex, ClaimText, Query, Scratch};
use matching::meaning::{DIMENSIONS, Head, Meaning, Sentence};
use matching::model::Model;
use work::Work;

/// Words of a query for the word search.
const QUERY_WORDS: usize = 25;
/// Queries that are answered by meaning, which takes long.
const BY_MEANING: usize = 200;
/// Distinct made-up vectors.
const VECTORS: usize = 5_000;

fn main() -> Result<(), files::Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name the folder")?;
    let mut sizes: Vec<usize> = arguments.map(|a| a.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    let (_, numbers, claims) = files::corpus(Path::new(&folder))?;
    let queries: Vec<String> = files::queries(Path::new(&folder), "train", &numbers)?
        .into_iter()
        .map(|line| line.text)
        .collect();
    let mut vectors = MadeUp(42);
    let meanings: Vec<Meaning> = (0..VECTORS)
        .map(|_| Head::unturned(&[0.0; DIMENSIONS]).meaning(&vectors.next()))
        .collect();
    for checks in sizes {
        let mut index = build(&claims, checks)?;
        by_words(&index, &queries);
        give_meanings(&mut index, &meanings);
        by_meaning(&index, &queries, &meanings);
    }
    Ok(())
}

/// Vectors of a fixed sequence.
struct MadeUp(u64);

impl MadeUp {
    fn next(&mut self) -> Sentence {
        std::array::from_fn(|_| {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 40) as f32) / ((1_u32 << 24) as f32) - 0.5
        })
    }
}

fn build(claims: &[String], checks: usize) -> Result<ClaimIndex, files::Failure> {
    let texts: Vec<String> = (0..checks)
        .map(|at| format!("{} {}", claims[at % claims.len()], at / claims.len()))
        .collect();
    let started = Work::begin();
    let mut index = ClaimIndex::new();
    for (doc, claim) in texts.iter().enumerate() {
        let text = ClaimText {
            claim,
            narrative: None,
            explanation: None,
            says_true: false,
            date_days: None,
        };
        index.add(u32::try_from(doc)?, &text);
    }
    println!(
        "{checks} checks: built in {:.2} s, {:.1} MB",
        started.seconds(),
        index.bytes() as f64 / 1e6
    );
    Ok(index)
}

/// Passes over all items that are timed by the wall.
const PASSES: usize = 3;

/// Mean processor time of each item, then median and 99th percentile by the clock on the wall: of
/// each item the shortest of three times, since a busy machine takes a core away for milliseconds.
/// Each time comes from its own pass: no item is done twice in a row, which would find its data
/// at hand.
fn percentiles<T>(name: &str, items: &[T], mut work: impl FnMut(&T)) {
    let whole = Work::begin();
    for item in items {
        work(item);
    }
    let mean = whole.seconds() * 1e6 / items.len() as f64;
    let mut times = vec![f64::INFINITY; items.len()];
    for _ in 0..PASSES {
        for (least, item) in times.iter_mut().zip(items) {
            let started = Instant::now();
            work(item);
            *least = least.min(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    println!(
        "  {name:34} mean {mean:9.1} µs of processor; by the wall p50 {:9.1}, p99 {:9.1}",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}

/// A hash of answers, to tell whether another way to compute them gives the same.
struct Seen(u64);

impl Default for Seen {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Seen {
    fn take(&mut self, answered: &Answered) {
        for byte in format!("{answered:?}").bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn by_words(index: &ClaimIndex, queries: &[String]) {
    let mut scratch = Scratch::default();
    let cut: Vec<Query> = queries
        .iter()
        .map(|text| {
            let words: Vec<&str> = text.split_whitespace().take(QUERY_WORDS).collect();
            Query::new(&words.join(" "))
        })
        .collect();
    percentiles("read a query", queries, |text| {
        black_box(Query::new(text));
    });
    percentiles("word search, 25 words", &cut, |query| {
        black_box(index.search(query, 50, &mut scratch));
    });
    percentiles("whole answer by words", queries, |text| {
        black_box(answer(index, text, &mut scratch));
    });
    let mut seen = Seen::default();
    for text in queries.iter().take(500) {
        seen.take(&answer(index, text, &mut scratch));
    }
    println!("  hash of 500 answers                {:016x}", seen.0);
}

fn give_meanings(index: &mut ClaimIndex, meanings: &[Meaning]) {
    for (doc, meaning) in (0..).zip(meanings.iter().cycle().take(index.len())) {
        index.set_meanings(doc, meaning.clone(), None);
    }
    println!(
        "  with vectors                       {:.1} MB",
        index.bytes() as f64 / 1e6
    );
}

fn by_meaning(index: &ClaimIndex, queries: &[String], meanings: &[Meaning]) {
    let mut scratch = Scratch::default();
    let model = Model::built_in();
    let asked: Vec<(&String, &Meaning)> = queries.iter().zip(meanings).take(BY_MEANING).collect();
    percentiles("nearest in meaning", &asked, |(_, meaning)| {
        black_box(index.nearest_checks(meaning, 30));
    });
    let mut seen = Seen::default();
    let mut answer = |(text, meaning): &(&String, &Meaning)| {
        answer_by_meaning(model, index, text, Some((*meaning).clone()), &mut scratch)
    };
    percentiles("whole answer by meaning", &asked, |one| {
        black_box(answer(one));
    });
    for one in &asked {
        seen.take(&answer(one));
    }
    println!("  hash of those answers              {:016x}", seen.0);
}
