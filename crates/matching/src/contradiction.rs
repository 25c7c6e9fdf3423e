//! Where a text and a claim share words but do not say the same.

use crate::lexicon::{Lexicon, Negating};
use crate::tokens::{Token, number_text};

/// Words after a negator that it turns.
const NEGATION_SCOPE_TOKENS: usize = 2;
/// Words of a text that are compared for negation.
const WORDS_MAX: usize = 96;
/// Facts of one kind that are kept of a text.
const FACTS_MAX: usize = 32;
/// Highest candidate number that is looked for.
const CANDIDATE_NUMBER_MAX: f64 = 20.0;

/// Why a found check may speak of something else, in the words of both.
#[derive(Debug, Clone, PartialEq)]
pub enum Contradiction {
    /// One says it is so, the other that it is not.
    Negation,
    /// Another number of the same thing.
    Number {
        /// Number in the text.
        query: String,
        /// Number in the claim.
        claim: String,
    },
    /// Another place.
    Place {
        /// Place in the text.
        query: String,
        /// Place in the claim.
        claim: String,
    },
    /// Another candidate number.
    CandidateNumber {
        /// Number in the text.
        query: String,
        /// Number in the claim.
        claim: String,
    },
    /// Another year.
    Year {
        /// Year in the text.
        query: String,
        /// Year in the claim.
        claim: String,
    },
    /// The text calls untrue what the check found true.
    RatingDirection,
}

/// What of a text can contradict another one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// Words under a negator that stand free of it nowhere.
    negated: Vec<Negated>,
    /// Stems that stand free of negation at some place.
    plain: Vec<Box<str>>,
    denies: bool,
    numbers: Vec<Number>,
    years: Vec<u16>,
    candidates: Vec<u8>,
    /// Place names with their region codes.
    places: Vec<(Box<str>, Box<str>)>,
}

/// A word under a negator with the words around it, all as stems.
#[derive(Debug, Clone, PartialEq)]
struct Negated {
    stem: Box<str>,
    before: Option<Box<str>>,
    after: Option<Box<str>>,
}

/// A number with the words that say what it counts.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    value: f64,
    before: Option<Box<str>>,
    after: Option<Box<str>>,
}

impl Number {
    /// Both numbers count the same thing, as far as a neighbouring word tells.
    fn counts_like(&self, other: &Self) -> bool {
        (self.after.is_some() && self.after == other.after)
            || (self.before.is_some() && self.before == other.before)
    }
}

impl Facts {
    pub(crate) fn new(lexicon: &Lexicon, tokens: &[Token]) -> Self {
        let written: Vec<&Token> = tokens.iter().filter(|token| !token.is_alias).collect();
        let words: Vec<&str> = written.iter().map(|token| token.word.as_str()).collect();
        let mut facts = Self::default();
        facts.read_negation(lexicon, &written, &words);
        facts.read_numbers(&written);
        facts.read_places(lexicon, &written, &words);
        facts
    }

    pub(crate) fn bytes(&self) -> usize {
        let words = |list: &[Box<str>]| list.iter().map(|w| w.len() + 16).sum::<usize>();
        size_of::<Self>()
            + self.negated.len() * 96
            + words(&self.plain)
            + self.numbers.len() * 64
            + self.places.len() * 48
    }

    /// Shares of this claim's numbers that a text has, and has not; 0 and 0 without numbers.
    pub(crate) fn numbers_against(&self, text: &Self) -> (f32, f32) {
        let years = self.years.iter().map(|year| text.years.contains(year));
        let candidates = self
            .candidates
            .iter()
            .map(|one| text.candidates.contains(one));
        let numbers = self
            .numbers
            .iter()
            .map(|a| text.numbers.iter().any(|b| same(a.value, b.value)));
        let (mut all, mut has) = (0.0, 0.0);
        for shared in years.chain(candidates).chain(numbers) {
            all += 1.0;
            has += f32::from(u8::from(shared));
        }
        if all > 0.0 {
            (has / all, (all - has) / all)
        } else {
            (0.0, 0.0)
        }
    }

    fn read_negation(&mut self, lexicon: &Lexicon, tokens: &[&Token], words: &[&str]) {
        let mut scope = 0;
        let mut at = 0;
        let mut affirmed = false;
        // Words that say something, each with whether a negator turns it.
        let mut said: Vec<(&str, bool)> = Vec::new();
        while at < tokens.len() && said.len() < WORDS_MAX {
            if let Some((length, kind)) = lexicon.negation.at(words, at) {
                match kind {
                    Negating::Negator => scope = NEGATION_SCOPE_TOKENS,
                    Negating::Denier => self.denies = true,
                    Negating::Affirmer => affirmed = true,
                    Negating::Idiom => {}
                }
                at += length;
                continue;
            }
            let token = tokens[at];
            at += 1;
            if !token.is_stop && token.number.is_none() {
                said.push((token.stem.as_str(), scope > 0));
                scope = scope.saturating_sub(1);
            }
        }
        self.denies &= !affirmed;
        let plain = said
            .iter()
            .filter(|(_, turned)| !turned)
            .map(|(stem, _)| (*stem).into());
        self.plain = plain.collect();
        for (at, (stem, _)) in said.iter().enumerate().filter(|(_, (_, turned))| *turned) {
            if self.plain.iter().any(|plain| &**plain == *stem) {
                continue;
            }
            let before = said[..at].iter().rev().find(|(_, turned)| !turned);
            push(
                &mut self.negated,
                Negated {
                    stem: (*stem).into(),
                    before: before.map(|(stem, _)| (*stem).into()),
                    after: said.get(at + 1).map(|(stem, _)| (*stem).into()),
                },
            );
        }
    }

    fn read_numbers(&mut self, tokens: &[&Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let Some(value) = token.number else { continue };
            let before = |back: usize| at.checked_sub(back).map(|i| tokens[i].word.as_str());
            let is_candidate = (0.0..=CANDIDATE_NUMBER_MAX).contains(&value)
                && (matches!(before(1), Some("calon" | "urut" | "kandidat" | "presiden"))
                    || (before(1) == Some("nomor") && before(2) == Some("calon"))
                    || (token.word.len() == 2 && token.word.starts_with('0')));
            if token.is_year {
                push(&mut self.years, value as u16);
            } else if is_candidate {
                push(&mut self.candidates, value as u8);
            } else if !token.is_stop {
                let says = |next: &&&Token| !next.is_stop && next.number.is_none();
                let stem = |next: &&Token| Box::<str>::from(next.stem.as_str());
                let number = Number {
                    value,
                    before: tokens[..at].iter().rev().take(2).find(says).map(stem),
                    after: tokens[at + 1..].iter().take(3).find(says).map(stem),
                };
                push(&mut self.numbers, number);
            }
        }
    }

    fn read_places(&mut self, lexicon: &Lexicon, tokens: &[&Token], words: &[&str]) {
        let mut at = 0;
        while at < tokens.len() {
            let Some((length, place)) = lexicon.places.at(words, at) else {
                at += 1;
                continue;
            };
            let title = at.checked_sub(1).map(|i| words[i]);
            let titled = matches!(
                title,
                Some("kota" | "kabupaten" | "di" | "bupati" | "ke" | "dari" | "provinsi")
            );
            if !place.needs_title || titled {
                push(
                    &mut self.places,
                    (
                        words[at..at + length].join(" ").into(),
                        place.code.as_str().into(),
                    ),
                );
            }
            at += length;
        }
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < FACTS_MAX && !list.contains(&value) {
        list.push(value);
    }
}

/// Every way in which a text and a claim are at odds.
pub(crate) fn contradictions(query: &Facts, claim: &Facts, says_true: bool) -> Vec<Contradiction> {
    let mut found = Vec::new();
    if query.denies && !claim.denies {
        found.push(if says_true {
            Contradiction::RatingDirection
        } else {
            Contradiction::Negation
        });
    } else if turned(query, claim) || turned(claim, query) {
        found.push(Contradiction::Negation);
    }
    found.extend(number(query, claim));
    if let (Some(ours), Some(theirs)) = (
        only(&query.years, &claim.years),
        only(&claim.years, &query.years),
    ) {
        found.push(Contradiction::Year {
            query: ours.to_string(),
            claim: theirs.to_string(),
        });
    }
    let candidates = (
        only(&query.candidates, &claim.candidates),
        only(&claim.candidates, &query.candidates),
    );
    if let (Some(ours), Some(theirs)) = candidates {
        found.push(Contradiction::CandidateNumber {
            query: ours.to_string(),
            claim: theirs.to_string(),
        });
    }
    found.extend(place(query, claim));
    found
}

/// `a` negates a word that stands plain in `b` beside the same neighbour, and `b`
/// negates nothing.
fn turned(a: &Facts, b: &Facts) -> bool {
    let has = |word: &Option<Box<str>>| word.as_ref().is_some_and(|word| b.plain.contains(word));
    b.negated.is_empty()
        && a.negated
            .iter()
            .any(|one| b.plain.contains(&one.stem) && (has(&one.before) || has(&one.after)))
}

/// The first value of `a`, where the two share none and both have some.
fn only<T: PartialEq + Copy>(a: &[T], b: &[T]) -> Option<T> {
    let shared = a.iter().any(|value| b.contains(value));
    if shared || b.is_empty() {
        None
    } else {
        a.first().copied()
    }
}

fn number(query: &Facts, claim: &Facts) -> Option<Contradiction> {
    for number in &claim.numbers {
        if query
            .numbers
            .iter()
            .any(|other| same(other.value, number.value))
        {
            continue;
        }
        if let Some(other) = query.numbers.iter().find(|other| other.counts_like(number)) {
            return Some(Contradiction::Number {
                query: number_text(other.value),
                claim: number_text(number.value),
            });
        }
    }
    None
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// Places that neither share a name nor lie one inside the other.
fn place(query: &Facts, claim: &Facts) -> Option<Contradiction> {
    let (ours, theirs) = (query.places.first()?, claim.places.first()?);
    let near = query.places.iter().any(|(name, code)| {
        claim.places.iter().any(|(other, other_code)| {
            name == other || code.starts_with(&**other_code) || other_code.starts_with(&**code)
        })
    });
    (!near).then(|| Contradiction::Place {
        query: ours.0.to_string(),
        claim: theirs.0.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    fn between(query: &str, claim: &str) -> Vec<Contradiction> {
        let lexicon = Lexicon::built_in();
        let facts = |text: &str| Facts::new(lexicon, &tokens(lexicon, text, 500));
        contradictions(&facts(query), &facts(claim), false)
    }

    #[test]
    fn negation_turns_a_claim() {
        assert_eq!(
            between("KPU tidak menunda pemilu", "KPU menunda pemilu"),
            [Contradiction::Negation]
        );
        assert_eq!(
            between(
                "Bawaslu belum menerima laporan",
                "Bawaslu sudah menerima laporan"
            ),
            [Contradiction::Negation]
        );
        assert_eq!(
            between("Tidak benar KPU menunda pemilu", "KPU menunda pemilu"),
            [Contradiction::Negation]
        );
        assert_eq!(between("KPU menunda pemilu", "KPU menunda pemilu"), []);
        assert_eq!(
            between("KPU tidak menunda pemilu", "KPU tidak menunda pemilu"),
            []
        );
        assert_eq!(
            between("KPU tidak hanya menunda pemilu", "KPU menunda pemilu"),
            []
        );
        assert_eq!(
            between("Ini bukan hoaks! KPU menunda pemilu", "KPU menunda pemilu"),
            []
        );
    }

    #[test]
    fn numbers_of_the_same_thing() {
        assert_eq!(
            between(
                "7 kontainer surat suara tercoblos",
                "70 kontainer surat suara tercoblos"
            ),
            [Contradiction::Number {
                query: "7".into(),
                claim: "70".into()
            }]
        );
        assert_eq!(
            between("bantuan 200rb rupiah", "bantuan dua ratus ribu rupiah"),
            []
        );
        assert_eq!(between("3 orang dan 5 mobil", "5 mobil"), []);
    }

    #[test]
    fn years_candidates_places() {
        assert_eq!(
            between("hasil pemilu 2019", "hasil pemilu 2024"),
            [Contradiction::Year {
                query: "2019".into(),
                claim: "2024".into()
            }]
        );
        assert_eq!(
            between("paslon 02 curang", "paslon nomor urut 1 curang"),
            [Contradiction::CandidateNumber {
                query: "2".into(),
                claim: "1".into()
            }]
        );
        assert_eq!(
            between("paslon 02 curang", "paslon nomor urut dua curang"),
            []
        );
        assert_eq!(
            between(
                "surat suara rusak di Bandung",
                "surat suara rusak di Surabaya"
            ),
            [Contradiction::Place {
                query: "bandung".into(),
                claim: "surabaya".into()
            }]
        );
        assert_eq!(
            between(
                "surat suara rusak di Bandung",
                "surat suara rusak di Jawa Barat"
            ),
            []
        );
    }
}
