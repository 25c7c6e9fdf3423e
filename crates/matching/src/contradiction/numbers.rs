//! Numbers with what they count.

use super::reading::{Gap, Place, Reading, SaidWords, stem_hash};
use super::{Contradiction, push};
use crate::lexicon::{Lexicon, NumberWord};
use crate::tokens::{Token, number_text};

/// What a number measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Unknown,
    Money,
    Percent,
    /// Hash of the word that follows.
    Word(u32),
}

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    value: f64,
    unit: Unit,
    /// The word before it that says something.
    before: Option<u32>,
    /// The word after it that says something.
    after: Option<u32>,
    place: Place,
}

/// The numbers of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Numbers {
    counts: Vec<Number>,
    /// Every value that stands in the text in any role.
    values: Vec<f64>,
}

impl Numbers {
    /// Reads the numbers; those that are part of a date or name a candidate are no counts.
    pub(super) fn read(
        lexicon: &Lexicon,
        reading: &Reading<'_>,
        places: &[Place],
        taken: &[bool],
    ) -> Self {
        let mut out = Self::default();
        for (at, token) in reading.tokens.iter().enumerate() {
            let ordinal = ordinal(lexicon, token);
            let Some(value) = token.number.or(ordinal) else {
                continue;
            };
            push(&mut out.values, value);
            let value = value * scale(reading, at);
            push(&mut out.values, value);
            if taken[at] || token.is_stop || counts_nothing(reading, at) {
                continue;
            }
            let says = |next: &&&Token| !next.is_stop && next.number.is_none();
            let hash = |next: &&Token| stem_hash(&next.stem);
            let after = reading.tokens[at + 1..].iter().take(3).find(says).map(hash);
            push(
                &mut out.counts,
                Number {
                    value,
                    unit: unit(reading, at),
                    before: reading.tokens[..at]
                        .iter()
                        .rev()
                        .take(2)
                        .find(says)
                        .map(hash),
                    after,
                    place: places[at],
                },
            );
        }
        out
    }

    pub(super) fn bytes(&self) -> usize {
        self.counts.len() * size_of::<Number>() + self.values.len() * 8
    }

    /// The values that count something.
    pub(super) fn counted(&self) -> impl Iterator<Item = f64> {
        self.counts.iter().map(|number| number.value)
    }

    pub(super) fn has(&self, value: f64) -> bool {
        self.values.iter().any(|other| same(*other, value))
    }

    /// A number of the claim that the text has not, where it counts the same thing otherwise.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        let missing = claim.counts.iter().filter(|number| !self.has(number.value));
        for number in missing {
            let other = self.counts.iter().find(|other| {
                !claim.has(other.value)
                    && (other.counts_like(number)
                        || said.agree(other.place, claimed, number.place)
                            >= other.unit.words_needed(number.unit))
            });
            if let Some(other) = other {
                return Some(Contradiction::Number {
                    query: number_text(other.value),
                    claim: number_text(number.value),
                });
            }
        }
        None
    }
}

impl Number {
    /// Both numbers count the same thing, as far as a neighbouring word tells.
    fn counts_like(&self, other: &Self) -> bool {
        (self.after.is_some() && self.after == other.after)
            || (self.before.is_some()
                && self.before == other.before
                && (self.unit == Unit::Percent) == (other.unit == Unit::Percent))
    }
}

impl Unit {
    /// How many words around two numbers must agree for them to count the same thing.
    fn words_needed(self, other: Self) -> usize {
        if self == other && self != Self::Unknown {
            1
        } else if self == Self::Unknown || other == Self::Unknown {
            2
        } else {
            usize::MAX
        }
    }
}

/// "16 T" and "3 M" are trillions and milliards.
fn scale(reading: &Reading<'_>, at: usize) -> f64 {
    match reading.words.get(at + 1) {
        Some(&"t") => 1e12,
        Some(&"m") => 1e9,
        _ => 1.0,
    }
}

/// A time of day, the number in a name ("covid-19"), of a list, or half of a torn number.
fn counts_nothing(reading: &Reading<'_>, at: usize) -> bool {
    let is_number = |at: usize| {
        let token = reading.tokens.get(at);
        token.is_some_and(|token| token.number.is_some() && !token.is_year)
    };
    let is_listed =
        reading.gaps[at] == Gap::Sentence && reading.between(at).starts_with(['.', ')']);
    let torn_after = is_number(at + 1) && reading.between(at) == " ";
    let Some(before) = at.checked_sub(1) else {
        return is_listed || torn_after;
    };
    let torn_before = is_number(before) && reading.between(before) == " ";
    let is_joined = matches!(reading.between(before), "-" | "_") && reading.words[before] != "ke";
    let is_named = matches!(
        reading.words[before],
        "jam" | "pukul" | "pkl" | "korona" | "covid" | "densus" | "pasal"
    );
    is_listed || torn_after || torn_before || is_joined || is_named
}

/// "keempat" is 4.
fn ordinal(lexicon: &Lexicon, token: &Token) -> Option<f64> {
    match lexicon.number_word(token.word.strip_prefix("ke")?)? {
        NumberWord::Unit(value) => Some(value),
        _ => None,
    }
}

fn unit(reading: &Reading<'_>, at: usize) -> Unit {
    let before = at.checked_sub(1).map(|i| reading.words[i]);
    let next = reading.tokens.get(at + 1);
    let gap = reading.between(at);
    let after_text = if next.is_some() {
        gap
    } else {
        reading
            .text
            .get(reading.tokens[at].end..)
            .unwrap_or_default()
    };
    if after_text.trim_start().starts_with('%') {
        return Unit::Percent;
    }
    if matches!(before, Some("rp" | "idr")) {
        return Unit::Money;
    }
    match next.map(|next| next.word.as_str()) {
        Some("persen" | "prosen") => Unit::Percent,
        Some("rupiah" | "perak") => Unit::Money,
        Some(_) if gap.chars().all(char::is_whitespace) => {
            let next = reading.tokens[at + 1];
            if next.is_stop || next.number.is_some() {
                Unit::Unknown
            } else {
                Unit::Word(stem_hash(&next.stem))
            }
        }
        _ => Unit::Unknown,
    }
}

pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
