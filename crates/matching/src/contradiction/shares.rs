//! How much of a whole a text speaks of: all, some, none.

use super::reading::{Place, Reading, SaidWords};
use super::{Contradiction, FACTS_MAX};
use crate::lexicon::{Lexicon, Share};

/// A share in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    share: Share,
    written: Box<str>,
    place: Place,
}

/// The shares of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shares(Vec<Said>);

impl Shares {
    pub(super) fn read(lexicon: &Lexicon, reading: &Reading<'_>, places: &[Place]) -> Self {
        let mut out = Vec::new();
        let mut at = 0;
        while at < reading.words.len() && out.len() < FACTS_MAX {
            let Some((length, share)) = lexicon.contrasts.shares.at(&reading.words, at) else {
                at += 1;
                continue;
            };
            out.push(Said {
                share: *share,
                written: reading.words[at..at + length].join(" ").into(),
                place: places[at],
            });
            at += length;
        }
        Self(out)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|one| size_of::<Said>() + one.written.len())
            .sum()
    }

    /// A share of the claim that the text's share of the same thing excludes.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        for theirs in &claim.0 {
            let agrees = |ours: &&Said| said.agree(ours.place, claimed, theirs.place) > 1;
            if self.0.iter().any(|ours| ours.share == theirs.share) {
                continue;
            }
            let other = self
                .0
                .iter()
                .filter(agrees)
                .find(|ours| ours.share.excludes(theirs.share));
            if let Some(ours) = other {
                return Some(Contradiction::Quantity {
                    query: ours.written.to_string(),
                    claim: theirs.written.to_string(),
                });
            }
        }
        None
    }
}
