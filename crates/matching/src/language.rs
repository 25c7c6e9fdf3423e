//! Which language a text is in: words that mark a language, and three letters in a row of
//! the other words. The weights are readable text in `reference/lexicon`.

use std::sync::OnceLock;

use hashbrown::HashMap;

use crate::limits::{COPY_TEXT_BYTES_MAX, cut};
use crate::words::plain_words;

const PROFILE: &str = include_str!("../../../reference/lexicon/language-profile.tsv");
const WORDS: &str = include_str!("../../../reference/lexicon/language-words.tsv");

/// Languages that are told apart.
const COUNT: usize = 6;
/// Weight of a word that only one language uses, in tenths of log odds.
const MARKER: i32 = 25;
/// A second language with at least this share of the marked words makes a text mixed.
const MIXED_PERCENT: usize = 35;
/// Fewest marked words of each language in a mixed text.
const MIXED_WORDS_MIN: usize = 3;

/// The language of a text, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Indonesian.
    Indonesian,
    /// Javanese.
    Javanese,
    /// Sundanese.
    Sundanese,
    /// Minangkabau.
    Minang,
    /// English.
    English,
    /// Malay as written in Malaysia.
    Malay,
    /// Two of them in one text.
    Mixed,
    /// No word tells.
    Unknown,
}

/// In the order of the columns of the profile; the first wins a tie.
const LANGUAGES: [Language; COUNT] = [
    Language::Indonesian,
    Language::Javanese,
    Language::Sundanese,
    Language::Minang,
    Language::English,
    Language::Malay,
];

type Weights = [i32; COUNT];

#[derive(Default)]
struct Profile {
    words: HashMap<&'static str, Weights>,
    grams: HashMap<[u8; 3], Weights>,
}

/// The language of a text; at most [`COPY_TEXT_BYTES_MAX`] bytes are read.
pub fn guess(text: &str) -> Language {
    let profile = profile();
    let mut sums: Weights = [0; COUNT];
    let mut marked = [0_usize; COUNT];
    for word in plain_words(cut(text, COPY_TEXT_BYTES_MAX)) {
        let Some(weights) = weights(profile, &word) else {
            continue;
        };
        for (sum, weight) in sums.iter_mut().zip(&weights) {
            *sum = sum.saturating_add(*weight);
        }
        let best = best(&weights);
        let second = (0..COUNT)
            .filter(|at| *at != best)
            .map(|at| weights[at])
            .max();
        // A word marks a language that it fits clearly better than any other.
        if weights[best] - second.unwrap_or(0) >= MARKER / 2 {
            marked[best] += 1;
        }
    }
    if sums.iter().all(|sum| *sum == 0) {
        return Language::Unknown;
    }
    let best = best(&sums);
    let all: usize = marked.iter().sum();
    let is_mixed = marked[best] >= MIXED_WORDS_MIN
        && (0..COUNT).any(|other| {
            other != best
                && marked[other] >= MIXED_WORDS_MIN
                && marked[other] * 100 >= all * MIXED_PERCENT
        });
    if is_mixed {
        Language::Mixed
    } else {
        LANGUAGES[best]
    }
}

fn best(weights: &Weights) -> usize {
    let mut best = 0;
    for at in 1..COUNT {
        if weights[at] > weights[best] {
            best = at;
        }
    }
    best
}

/// Weights of a listed word, or half those of its letters; none where nothing is known.
fn weights(profile: &Profile, word: &str) -> Option<Weights> {
    if let Some(weights) = profile.words.get(word) {
        return Some(*weights);
    }
    if word.len() < 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut padded = Vec::with_capacity(word.len() + 2);
    padded.push(b'^');
    padded.extend_from_slice(word.as_bytes());
    padded.push(b'^');
    let mut sums: Weights = [0; COUNT];
    let mut any = false;
    for gram in padded.windows(3) {
        let Some(weights) = profile.grams.get(gram) else {
            continue;
        };
        any = true;
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += weight / 2;
        }
    }
    any.then_some(sums)
}

fn profile() -> &'static Profile {
    static PROFILE_READ: OnceLock<Profile> = OnceLock::new();
    PROFILE_READ.get_or_init(read)
}

fn read() -> Profile {
    let mut profile = Profile::default();
    for line in PROFILE.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let key = fields.next().unwrap_or_default();
        let mut weights: Weights = [0; COUNT];
        for (weight, field) in weights.iter_mut().zip(fields) {
            *weight = field.parse().unwrap_or(0);
        }
        match key
            .strip_prefix('=')
            .map(|gram| <[u8; 3]>::try_from(gram.as_bytes()))
        {
            Some(Ok(gram)) => {
                profile.grams.insert(gram, weights);
            }
            Some(Err(_)) => {}
            None => {
                profile.words.insert(key, weights);
            }
        }
    }
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((word, language)) = line.split_once('\t') else {
            continue;
        };
        let at = if language == "en" { 4 } else { 5 };
        let entry = profile.words.entry(word).or_insert([0; COUNT]);
        entry[at] = entry[at].max(MARKER + entry.iter().copied().max().unwrap_or(0));
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_is_told() {
        for (text, wanted) in [
            (
                "KPU tidak pernah menunda pemungutan suara di mana pun",
                Language::Indonesian,
            ),
            (
                "aku ora ngerti yen pemilu iku diundur, jare wong-wong",
                Language::Javanese,
            ),
            (
                "abdi henteu terang naha pamilihan teh dibatalkeun, saur saha",
                Language::Sundanese,
            ),
            (
                "indak ado urang nan tau baa mangko pamilu ko ditunda",
                Language::Minang,
            ),
            (
                "they said that the election would not be held this year",
                Language::English,
            ),
            (
                "kerajaan mahu adakan pilihanraya pada hari jumaat bulan ogos kerana undi",
                Language::Malay,
            ),
            ("", Language::Unknown),
            ("😀 123 https://t.co/abc", Language::Unknown),
        ] {
            assert_eq!(guess(text), wanted, "{text}");
        }
    }

    #[test]
    fn two_languages_are_mixed() {
        let text = "they said that the election would be held, tapi ternyata pemerintah \
                    sudah menunda dan tidak memberi tahu kepada warga";
        assert_eq!(guess(text), Language::Mixed);
    }

    #[test]
    fn every_line_of_the_profile_is_read() {
        let profile = profile();
        let lines = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
        assert!(profile.words.len() + profile.grams.len() >= lines(PROFILE));
        assert!(profile.words.len() > lines(WORDS));
    }
}
