//! Numbers of candidates and parties on the ballot.

use super::reading::Reading;
use super::{Contradiction, push};

/// Highest number that is looked for.
const NUMBER_MAX: f64 = 24.0;
/// Words before "nomor" in which a candidate must be named.
const NAMED_BEFORE_WORDS: usize = 4;

/// Reads the numbers and marks the words that they take.
pub(super) fn read(reading: &Reading<'_>, taken: &mut [bool]) -> Vec<u8> {
    let mut numbers = Vec::new();
    for (at, token) in reading.tokens.iter().enumerate() {
        let Some(value) = token.number else { continue };
        if taken[at] || !(0.0..=NUMBER_MAX).contains(&value) || value.fract() > 0.0 {
            continue;
        }
        if names_candidate(reading, at) {
            taken[at] = true;
            push(&mut numbers, value as u8);
        }
    }
    numbers
}

fn names_candidate(reading: &Reading<'_>, at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map_or("", |i| reading.words[i]);
    if matches!(before(1), "calon" | "urut" | "kandidat" | "presiden") {
        return true;
    }
    if before(1) == "nomor" {
        let from = at.saturating_sub(NAMED_BEFORE_WORDS + 1);
        return reading.words[from..at - 1].iter().any(|word| {
            matches!(
                *word,
                "calon" | "kandidat" | "legislatif" | "partai" | "coblos" | "pilih" | "dukung"
            )
        });
    }
    let word = reading.words[at];
    let counts_otherwise = matches!(
        before(1),
        "rt" | "rw"
            | "tps"
            | "jam"
            | "pukul"
            | "tanggal"
            | "bulan"
            | "kelas"
            | "blok"
            | "no"
            | "nomor"
    );
    word.len() == 2
        && word.starts_with('0')
        && !counts_otherwise
        && !matches!(reading.between(at), "/" | "-" | ":")
        && (at == 0 || !matches!(reading.between(at - 1), "/" | "-" | ":"))
}

/// The first candidate of each, where the two share none.
pub(super) fn contradiction(ours: &[u8], theirs: &[u8]) -> Option<Contradiction> {
    let (query, claim) = (ours.first()?, theirs.first()?);
    let shared = ours.iter().any(|number| theirs.contains(number));
    (!shared).then(|| Contradiction::CandidateNumber {
        query: query.to_string(),
        claim: claim.to_string(),
    })
}
