//! True matches that are said to contradict, on the training queries:
//! `cargo run --release -p matching --example contradicted -- FOLDER [rows]`.
//!
//! A text that calls the claim a hoax itself is counted apart: it is flagged rightly.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

#[expect(dead_code, reason = "this example needs no buckets")]
#[path = "shared/files.rs"]
mod files;

use std::collections::BTreeMap;
use std::path::PathBuf;

use matching::answer::{Contradiction, answer};
use matching::claims::Scratch;

fn main() -> Result<(), files::Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder")?);
    let with_rows = arguments.next().as_deref() == Some("rows");
    let (index, numbers, claims) = files::corpus(&folder)?;
    let mut scratch = Scratch::default();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut right, mut any) = (0, 0);
    for line in files::queries(&folder, "train", &numbers)? {
        let answered = answer(&index, &line.text, &mut scratch);
        let first = answered.results.first();
        let Some(first) = first.filter(|first| line.relevant.contains(&first.doc)) else {
            continue;
        };
        right += 1;
        any += usize::from(!first.contradictions.is_empty());
        for one in &first.contradictions {
            *kinds.entry(kind(one)).or_default() += 1;
        }
        if with_rows && !first.contradictions.is_empty() {
            let claim = &claims[first.doc as usize];
            println!(
                "{:?}\t{claim}\t{}",
                first.contradictions,
                line.text.replace('\n', " ⏎ ")
            );
        }
    }
    println!(
        "right first results\t{right}\ncontradicted\t{any}\t{:.4}",
        any as f64 / f64::from(right)
    );
    for (kind, count) in kinds {
        println!("{kind}\t{count}");
    }
    Ok(())
}

fn kind(contradiction: &Contradiction) -> String {
    let name = format!("{contradiction:?}");
    name.split([' ', '{']).next().unwrap_or_default().to_owned()
}
