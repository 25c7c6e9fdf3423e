//! Institutions and offices.

use super::reading::{Place, Reading, SaidWords};
use super::{Contradiction, FACTS_MAX};
use crate::lexicon::{Lexicon, OfficeKind};

/// An institution or an office in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    code: Box<str>,
    kind: OfficeKind,
    written: Box<str>,
    place: Place,
}

/// The institutions and offices of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offices(Vec<Named>);

impl Offices {
    pub(super) fn read(lexicon: &Lexicon, reading: &Reading<'_>, places: &[Place]) -> Self {
        let mut out = Vec::new();
        let mut at = 0;
        while at < reading.words.len() && out.len() < FACTS_MAX {
            let Some((length, office)) = lexicon.contrasts.offices.at(&reading.words, at) else {
                at += 1;
                continue;
            };
            let known = out.iter().any(|one: &Named| one.code == office.code);
            if !known && office.kind != OfficeKind::Other {
                out.push(Named {
                    code: office.code.clone(),
                    kind: office.kind,
                    written: reading.words[at..at + length].join(" ").into(),
                    place: places[at + length - 1],
                });
            }
            at += length;
        }
        Self(out)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|one| size_of::<Named>() + one.code.len() + one.written.len())
            .sum()
    }

    /// An institution or office of the claim in whose place the text names another.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        for theirs in &claim.0 {
            if self.0.iter().any(|ours| ours.is_near(theirs)) {
                continue;
            }
            let ours = self.0.iter().find(|ours| {
                ours.kind == theirs.kind
                    && !claim.0.iter().any(|other| ours.is_near(other))
                    && said.agree(ours.place, claimed, theirs.place) > 1
            });
            if let Some(ours) = ours {
                return Some(Contradiction::Name {
                    query: ours.written.to_string(),
                    claim: theirs.written.to_string(),
                });
            }
        }
        None
    }
}

impl Named {
    /// The same, or one is a part of the other.
    fn is_near(&self, other: &Self) -> bool {
        let holds = |a: &str, b: &str| {
            b.strip_prefix(a)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        holds(&self.code, &other.code) || holds(&other.code, &self.code)
    }
}
