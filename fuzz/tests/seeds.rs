//! Every seed through its check, without libFuzzer; and that the checks see what they look for.

use std::collections::BTreeSet;
use std::path::Path;

use fuzz::{agreement, case, line, log, message, note};

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target);
    let files = std::fs::read_dir(&folder).expect("a folder of seeds");
    let mut paths: Vec<_> = files.map(|file| file.expect("a seed").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no seeds in {}", folder.display());
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("a seed"))
        .collect()
}

/// The seed, each of its beginnings, and each with one byte changed in four ways.
fn around(seed: &[u8], check: fn(&[u8])) {
    let step = seed.len() / 60 + 1;
    for at in (0..=seed.len()).step_by(step) {
        check(&seed[..at]);
    }
    for at in (0..seed.len()).step_by(step) {
        for mask in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = seed.to_vec();
            changed[at] ^= mask;
            check(&changed);
        }
    }
}

#[test]
fn a_damaged_log_is_read_by_the_book() {
    for seed in seeds("log") {
        around(&seed, log::check);
    }
}

#[test]
fn cases_go_along_every_arrow_of_the_diagram() {
    let arrows = case::arrows();
    assert_eq!(arrows.len(), 10, "{arrows:?}");
    let mut gone = BTreeSet::new();
    for seed in seeds("case") {
        gone.extend(case::live(&seed, &arrows));
        around(&seed, case::check);
    }
    assert_eq!(gone, arrows, "arrows that no seed takes");
}

#[test]
fn agreements_go_along_every_arrow_of_the_diagram() {
    let arrows = agreement::arrows();
    assert_eq!(arrows.len(), 20, "{arrows:?}");
    let mut gone = BTreeSet::new();
    for seed in seeds("agreement") {
        gone.extend(agreement::live(&seed, &arrows));
        around(&seed, agreement::check);
    }
    assert_eq!(gone, arrows, "arrows that no seed takes");
}

#[test]
fn lines_are_taken_or_refused_by_the_rules() {
    for seed in seeds("line") {
        around(&seed, line::check);
    }
}

#[test]
fn what_others_send_about_the_ledger_has_one_spelling() {
    for seed in seeds("note") {
        around(&seed, note::check);
    }
}

#[test]
fn messages_are_answered_soundly() {
    for seed in seeds("message") {
        around(&seed, message::check);
    }
}

#[test]
#[should_panic(expected = "is no arrow")]
fn a_verb_beside_the_diagram_is_seen() {
    let mut arrows = case::arrows();
    arrows.retain(|(_, verb, _)| verb != "take");
    for seed in seeds("case") {
        case::live(&seed, &arrows);
    }
}
