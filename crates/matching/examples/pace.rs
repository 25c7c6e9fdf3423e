//! Processor time of each step and memory of the copy index, on made-up posts:
//! `cargo run --release --example pace -- [TEXTS] [CHECKS] [FOLDER]` (default 1000000 and
//! 100000). With the evaluation folder, real claims (repeated with a number behind them
//! until there are enough) and real queries take the place of made-up ones.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "counts are below four thousand million"
)]

#[path = "shared/files.rs"]
#[expect(dead_code, reason = "this example reads texts alone")]
mod files;
#[path = "shared/work.rs"]
mod work;

use std::hint::black_box;
use std::time::Instant;

use matching::answer::answer;
use matching::claims::{ClaimIndex, ClaimText, Query, Scratch};
use matching::copies::{CopyIndex, CopyLimits};
use matching::fingerprint::fingerprint;
use matching::normalise::for_copies;
use work::Work;

/// Posts of a made-up language: few words said often, many seldom (Zipf's law).
struct Posts {
    state: u64,
    words: Vec<String>,
}

impl Posts {
    fn new() -> Self {
        let mut posts = Self {
            state: 42,
            words: Vec::new(),
        };
        let syllables: Vec<String> = "bcdghjklmnprstwy"
            .chars()
            .flat_map(|c| "aiueo".chars().map(move |v| format!("{c}{v}")))
            .flat_map(|open| {
                ["", "", "", "n", "ng", "r", "s", "t", "k"].map(|end| format!("{open}{end}"))
            })
            .collect();
        for _ in 0..60_000 {
            let count = 2 + posts.next() % 3;
            let word = (0..count)
                .map(|_| syllables[posts.next() as usize % syllables.len()].clone())
                .collect();
            posts.words.push(word);
        }
        posts
    }

    fn next(&mut self) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.state >> 33
    }

    fn sentence(&mut self, words: u64) -> String {
        let mut out = String::new();
        for _ in 0..words {
            let depth = 1 << (1 + self.next() % 16);
            let at = (self.next() % depth) as usize % self.words.len();
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&self.words[at]);
        }
        out
    }

    fn post(&mut self) -> String {
        let words = 10 + self.next() % 26;
        let mut out = self.sentence(words);
        if self.next().is_multiple_of(3) {
            out.push_str(" 🔥🔥 https://t.co/AbCdEf1234");
        }
        out
    }
}

fn per_item(name: &str, items: usize, started: Work) {
    let micros = started.seconds() * 1e6 / items as f64;
    println!(
        "{name:44} {micros:8.2} µs each, {:10.0} a second",
        1e6 / micros
    );
}

fn main() -> Result<(), files::Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = |at: usize| arguments.get(at).and_then(|a| a.parse::<usize>().ok());
    let texts = count(0).unwrap_or(1_000_000);
    let checks = count(1).unwrap_or(100_000);
    let mut posts = Posts::new();
    pace_of_copies(&mut posts, texts);
    let (claims, queries) = match arguments.get(2) {
        Some(folder) => real(std::path::Path::new(folder), checks)?,
        None => made_up(&mut posts, checks),
    };
    pace_of_claims(&claims, &queries);
    Ok(())
}

fn made_up(posts: &mut Posts, checks: usize) -> (Vec<String>, Vec<String>) {
    let claims = (0..checks).map(|_| {
        let words = 7 + posts.next() % 8;
        posts.sentence(words)
    });
    (
        claims.collect(),
        (0..2_000).map(|_| posts.sentence(25)).collect(),
    )
}

fn real(
    folder: &std::path::Path,
    checks: usize,
) -> Result<(Vec<String>, Vec<String>), files::Failure> {
    let (_, numbers, known) = files::corpus(folder)?;
    let claims = (0..checks)
        .map(|at| format!("{} {}", known[at % known.len()], at / known.len()))
        .collect();
    let queries = files::queries(folder, "train", &numbers)?;
    Ok((claims, queries.into_iter().map(|line| line.text).collect()))
}

fn pace_of_copies(posts: &mut Posts, texts: usize) {
    let sample: Vec<String> = (0..50_000).map(|_| posts.post()).collect();
    let started = Work::begin();
    let plain: Vec<String> = sample.iter().map(|text| for_copies(text)).collect();
    per_item("normalise", sample.len(), started);
    let started = Work::begin();
    for text in &plain {
        black_box(fingerprint(text));
    }
    per_item("fingerprint", plain.len(), started);

    let index = fill(posts, texts);
    let started = Work::begin();
    let mut found = 0;
    for text in &plain {
        found +=
            usize::from(fingerprint(text).is_some_and(|print| index.find(text, &print).is_some()));
    }
    per_item(
        "fingerprint, find among them (new posts)",
        plain.len(),
        started,
    );
    println!("{:44} {found} of {}", "  of these found", plain.len());
    pace_of_known(&index);
    save_and_load(&index);
}

/// An index of so many unique texts, with the time that took.
fn fill(posts: &mut Posts, texts: usize) -> CopyIndex {
    let mut index = CopyIndex::new(CopyLimits::default());
    let mut spent = 0.0;
    let mut slowest = std::time::Duration::ZERO;
    let mut group = 0;
    while (group as usize) < texts {
        let batch: Vec<_> = (0..texts.min(20_000))
            .map(|_| {
                let text = for_copies(&posts.post());
                let print = fingerprint(&text);
                (text, print)
            })
            .collect();
        let started = Work::begin();
        for (text, print) in &batch {
            let began = Instant::now();
            let found = print.as_ref().and_then(|print| index.find(text, print));
            if found.is_none() {
                index.insert(text, print.as_ref(), group);
            }
            group += 1;
            slowest = slowest.max(began.elapsed());
        }
        spent += started.seconds();
    }
    let bytes = index.bytes();
    println!(
        "{:44} {:8.2} µs each, slowest {:.1} ms",
        format!("find, then insert, up to {texts} texts"),
        spent * 1e6 / f64::from(group),
        slowest.as_secs_f64() * 1e3
    );
    println!(
        "{:44} {} live, {:.1} bytes beside {:.1} of text each",
        "memory",
        index.len(),
        bytes.other as f64 / index.len() as f64,
        bytes.text as f64 / index.len() as f64
    );
    index
}

fn pace_of_known(index: &CopyIndex) {
    let count = index.len() as u32;
    let known: Vec<String> = (0..50_000_u32)
        .map(|slot| index.text(slot * 7 % count).to_owned())
        .collect();
    let started = Work::begin();
    for text in &known {
        black_box(index.find_exact(text));
    }
    per_item("find an equal text", known.len(), started);
    let edited: Vec<String> = known
        .iter()
        .map(|text| format!("{text} tambahan kata"))
        .collect();
    let started = Work::begin();
    let found = edited
        .iter()
        .filter(|t| fingerprint(t).is_some_and(|p| index.find(t, &p).is_some()))
        .count();
    per_item("fingerprint, find an edited text", edited.len(), started);
    println!("{:44} {found} of {}", "  of these found", edited.len());
}

fn save_and_load(index: &CopyIndex) {
    let started = Work::begin();
    let mut saved = Vec::new();
    if index.save(&mut saved).is_err() {
        return;
    }
    let save = started.seconds();
    let started = Work::begin();
    let loaded = CopyIndex::load(&mut saved.as_slice()).map(|index| index.len());
    println!(
        "{:44} {save:.2} s and {:.2} s, {:.0} MB, {loaded:?} texts",
        "save and load",
        started.seconds(),
        saved.len() as f64 / 1e6
    );
}

fn pace_of_claims(claims: &[String], queries: &[String]) {
    let started = Work::begin();
    let mut index = ClaimIndex::new();
    for (doc, claim) in claims.iter().enumerate() {
        let text = ClaimText {
            claim,
            narrative: None,
            explanation: None,
            says_true: false,
            date_days: None,
        };
        index.add(doc as u32, &text);
    }
    println!(
        "{:44} {:.2} s, {:.1} MB",
        format!("index of {} checks", claims.len()),
        started.seconds(),
        index.bytes() as f64 / 1e6
    );
    let started = Work::begin();
    let prepared: Vec<Query> = queries.iter().map(|text| Query::new(text)).collect();
    per_item("prepare a query", queries.len(), started);
    let mut scratch = Scratch::default();
    let started = Work::begin();
    for query in &prepared {
        black_box(index.search(query, 50, &mut scratch));
    }
    per_item("word search", queries.len(), started);
    let started = Work::begin();
    for text in queries {
        black_box(answer(&index, text, &mut scratch));
    }
    per_item("answer", queries.len(), started);
    let mut times: Vec<f64> = queries
        .iter()
        .map(|text| {
            let started = Instant::now();
            black_box(answer(&index, text, &mut scratch));
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{:44} p50 {:.0} µs, p99 {:.0} µs",
        "answer, by the clock on the wall",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    let long = queries.join(" ");
    let started = Work::begin();
    black_box(answer(&index, &long, &mut scratch));
    println!(
        "{:44} {:.1} ms",
        format!("answer to {} bytes", long.len()),
        started.seconds() * 1e3
    );
}
