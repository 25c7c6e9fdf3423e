//! Other names of one thing, so that every way to say it meets in the index.

use crate::dates::Date;
use crate::words::Word;

/// Highest candidate number that is looked for.
const CANDIDATE_NUMBER_MAX: f64 = 20.0;

/// What an alias stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alias {
    /// An institution, a person in office or a place, under its short or joined name.
    Entity,
    /// The candidates with this number: "paslon 02", "nomor urut dua".
    Candidate(u8),
    /// A day, month or year in one form.
    Date(Date),
}

/// The candidate number that a number says, where words before it say that it is one or
/// it is written as they are ("02"). `at` and `length`: the number among the words.
pub(crate) fn candidate(words: &[Word], at: usize, length: usize, value: f64) -> Option<u8> {
    if !(1.0..=CANDIDATE_NUMBER_MAX).contains(&value) || value.fract() != 0.0 {
        return None;
    }
    let before = |back: usize| {
        at.checked_sub(back)
            .and_then(|place| words.get(place))
            .map(|word| word.text.as_str())
    };
    let stands_for_election = |word: Option<&str>| {
        matches!(
            word,
            Some(
                "calon"
                    | "pasangan"
                    | "kandidat"
                    | "presiden"
                    | "gubernur"
                    | "bupati"
                    | "kota"
                    | "legislatif"
                    | "capres"
                    | "cawapres"
            )
        )
    };
    let is_named = match before(1) {
        Some("urut" | "calon" | "kandidat" | "pasangan") => true,
        Some("nomor") => stands_for_election(before(2)),
        Some("presiden" | "gubernur" | "bupati" | "legislatif") => before(2) == Some("calon"),
        _ => false,
    };
    let is_padded = length == 1 && {
        let word = &words[at];
        let tied = |word: &Word| {
            word.tie
                .is_some_and(|tie| matches!(tie, '/' | '-' | ':' | '.'))
        };
        let is_free = !tied(word)
            && words.get(at + 1).is_none_or(|next| !tied(next))
            && !matches!(
                before(1),
                Some("rt" | "rw" | "tps" | "jam" | "pukul" | "jalan" | "nomor")
            );
        word.text.len() == 2 && word.text.starts_with('0') && is_free
    };
    // A whole number of at most 20.
    (is_named || is_padded).then_some(value as u8)
}
