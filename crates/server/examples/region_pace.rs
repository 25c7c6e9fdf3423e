//! Prints how long the look-up of a region takes: by every official name, by usual spellings, by a
//! part of a name, and by every short name with a slip of the finger in it.
//!
//! `cargo run --release -p server --example region_pace`
//!
//! The last line is the same as JSON, for `scripts/bench`.

use std::time::Instant;

use server::regions::{Region, look_up, provinces, regencies};

/// Regions that a form offers.
const OFFERED: usize = 6;

const USUAL: &[&str] = &[
    "Kab. Muaro Jambi",
    "KOTA JAMBI",
    "DKI",
    "Jakpus",
    "Jogja",
    "Kep. Seribu",
    "Sumatra Utara",
    "Kota Adm. Jakarta Pusat",
    "D.I. Yogyakarta",
    "15.05",
];
const PARTS: &[&str] = &["a", "ja", "barat", "kota", "tangerang", "sumatera"];

fn main() {
    let all: Vec<&Region> = provinces()
        .flat_map(|province| std::iter::once(province).chain(regencies(&province.code)))
        .collect();
    let names: Vec<String> = all.iter().map(|region| region.name.clone()).collect();
    let usual: Vec<String> = USUAL.iter().map(ToString::to_string).collect();
    let parts: Vec<String> = PARTS.iter().map(ToString::to_string).collect();
    let slipped: Vec<(String, &Region)> = all
        .iter()
        .enumerate()
        .filter_map(|(number, region)| Some((slip(&region.short_name, number)?, *region)))
        .collect();
    // The first look-up folds all spellings.
    let folded = Instant::now();
    look_up("Jambi", OFFERED);
    println!("first look-up of all: {} µs", folded.elapsed().as_micros());
    let mut worst_us = 0.0_f64;
    for (what, texts) in [
        ("official names", &names),
        ("usual spellings", &usual),
        ("parts of names", &parts),
        (
            "names with a slip",
            &slipped.iter().map(|(text, _)| text.clone()).collect(),
        ),
    ] {
        let times = times_us(texts);
        let (p50, p99) = (at(&times, 50), at(&times, 99));
        worst_us = worst_us.max(p99);
        println!(
            "{what}: {} texts, p50 {p50:.0} µs, p99 {p99:.0} µs",
            texts.len()
        );
    }
    let right = slipped.iter().filter(|(text, region)| {
        let found = look_up(text, OFFERED);
        found.iter().any(|one| one.region.code == region.code)
    });
    let share = right.count() as f64 / slipped.len().max(1) as f64;
    println!(
        "of the names with a slip, the one that was meant is offered for {:.1} %",
        share * 100.0
    );
    println!("{{\"worst_p99_us\":{worst_us:.0},\"slipped_offered\":{share:.4}}}");
}

/// The name with one letter lost, swapped with its neighbour, or mistaken, in turn; none for a name
/// in which nobody would miss it.
fn slip(name: &str, number: usize) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 6 {
        return None;
    }
    let at = 1 + number % (letters.len() - 3);
    match number % 3 {
        0 => {
            letters.remove(at);
        }
        1 => letters.swap(at, at + 1),
        _ => letters[at] = 'x',
    }
    Some(letters.into_iter().collect())
}

/// How long each look-up takes, the shortest first: the best of five, so that a wait for the
/// processor counts for nothing.
fn times_us(texts: &[String]) -> Vec<f64> {
    let best = |text: &String| {
        let once = |_| {
            let started = Instant::now();
            std::hint::black_box(look_up(std::hint::black_box(text), OFFERED));
            started.elapsed().as_secs_f64() * 1e6
        };
        (0..5).map(once).fold(f64::INFINITY, f64::min)
    };
    let mut times: Vec<f64> = texts.iter().map(best).collect();
    times.sort_by(f64::total_cmp);
    times
}

fn at(times: &[f64], share: usize) -> f64 {
    times
        .get((times.len().saturating_sub(1)) * share / 100)
        .copied()
        .unwrap_or_default()
}
