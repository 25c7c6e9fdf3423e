//! Words of which one excludes the other: up and down, before and after.

use super::reading::{Place, Reading, SaidWords, Turn};
use super::{Contradiction, FACTS_MAX};
use crate::lexicon::Lexicon;

/// A word with an opposite.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    subject: u16,
    /// The side that the text takes, a negator counted; either one where its reach is
    /// unclear.
    is_second: bool,
    turn: Turn,
    written: Box<str>,
    /// A stop word says something only of the word that follows.
    is_stop: bool,
    place: Place,
}

/// The words of a text that have an opposite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Opposites(Vec<Said>);

impl Opposites {
    pub(super) fn read(
        lexicon: &Lexicon,
        reading: &Reading<'_>,
        places: &[Place],
        turns: &[Turn],
    ) -> Self {
        let mut out = Vec::new();
        for (at, token) in reading.tokens.iter().enumerate() {
            if token.number.is_some() || out.len() >= FACTS_MAX {
                continue;
            }
            for side in lexicon.contrasts.sides(&token.stem) {
                out.push(Said {
                    subject: side.subject,
                    is_second: side.is_second != (turns[at] == Turn::Turned),
                    turn: turns[at],
                    written: token.word.as_str().into(),
                    is_stop: token.is_stop,
                    place: places[at],
                });
            }
        }
        Self(out)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|one| size_of::<Said>() + one.written.len())
            .sum()
    }

    /// A word of the claim whose opposite the text says of the same thing.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        for theirs in &claim.0 {
            let takes = |list: &Self, is_second: bool| {
                list.0.iter().any(|one| {
                    one.subject == theirs.subject
                        && (one.is_second == is_second || one.turn == Turn::Unclear)
                })
            };
            if takes(self, theirs.is_second) || takes(claim, !theirs.is_second) {
                continue;
            }
            let other = self.0.iter().find(|ours| {
                ours.subject == theirs.subject && {
                    if ours.is_stop && theirs.is_stop {
                        next(said, ours.place).is_some()
                            && next(said, ours.place) == next(claimed, theirs.place)
                    } else {
                        said.agree(ours.place, claimed, theirs.place) > 0
                    }
                }
            });
            if let Some(ours) = other {
                return Some(if ours.turn == theirs.turn {
                    Contradiction::Opposite {
                        query: ours.written.to_string(),
                        claim: theirs.written.to_string(),
                    }
                } else {
                    Contradiction::Negation
                });
            }
        }
        None
    }
}

/// The word that follows in the same sentence.
fn next(said: &SaidWords, place: Place) -> Option<u32> {
    let word = said.words().get(place.at as usize)?;
    (word.sentence == place.sentence).then_some(word.stem)
}
