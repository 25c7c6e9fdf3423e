//! Places: regions, islands, countries, and things that bear a name.

use super::reading::{Place as Spot, Reading, SaidWords, stem_hash};
use super::{Contradiction, FACTS_MAX};
use crate::lexicon::Lexicon;

/// A named region.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Region {
    spot: Spot,
    name: Box<str>,
    /// Region codes with commas between them.
    codes: Box<str>,
}

/// A thing with a name of its own: "Bandara Kualanamu".
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// Hash of what it is.
    head: u32,
    /// Hash of its name.
    name: u32,
    written: Box<str>,
    spot: Spot,
}

/// The places of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Places {
    regions: Vec<Region>,
    named: Vec<Named>,
}

fn bears_name(word: &str) -> bool {
    matches!(
        word,
        "bandara"
            | "stasiun"
            | "terminal"
            | "pelabuhan"
            | "pasar"
            | "kecamatan"
            | "kelurahan"
            | "danau"
            | "gunung"
            | "jembatan"
            | "selat"
    )
}

/// "Pasar ditutup": what follows is no name.
fn is_verb_form(word: &str) -> bool {
    ["di", "me", "ber", "ter"]
        .iter()
        .any(|prefix| word.starts_with(prefix))
}

impl Places {
    pub(super) fn read(lexicon: &Lexicon, reading: &Reading<'_>, spots: &[Spot]) -> Self {
        let mut out = Self::default();
        let words = &reading.words;
        let mut at = 0;
        while at < words.len() {
            out.read_named(reading, at, spots);
            let Some((length, place)) = lexicon.places.at(words, at) else {
                at += 1;
                continue;
            };
            let title = at.checked_sub(1).map_or("", |i| words[i]);
            let is_titled = matches!(
                title,
                "kota" | "kabupaten" | "di" | "bupati" | "ke" | "dari" | "provinsi" | "warga"
            );
            if (!place.needs_title || is_titled) && out.regions.len() < FACTS_MAX {
                let region = Region {
                    spot: spots[at + length - 1],
                    name: words[at..at + length].join(" ").into(),
                    codes: place.code.as_str().into(),
                };
                out.regions.push(region);
            }
            at += length;
        }
        out
    }

    fn read_named(&mut self, reading: &Reading<'_>, at: usize, spots: &[Spot]) {
        let Some(name) = reading.tokens.get(at + 1) else {
            return;
        };
        let is_name = bears_name(reading.words[at])
            && !name.is_stop
            && name.number.is_none()
            && !(name.stem != name.word && is_verb_form(&name.word))
            && reading.between(at).chars().all(char::is_whitespace);
        if is_name && self.named.len() < FACTS_MAX {
            self.named.push(Named {
                head: stem_hash(&reading.tokens[at].stem),
                name: stem_hash(&name.stem),
                written: reading.written(at, at + 1).to_lowercase().into(),
                spot: spots[at],
            });
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let regions = self.regions.iter().map(|r| r.name.len() + r.codes.len());
        let named = self.named.iter().map(|n| n.written.len());
        regions.chain(named).sum::<usize>()
            + self.regions.len() * size_of::<Region>()
            + self.named.len() * size_of::<Named>()
    }

    /// A place of the claim that the text replaces by another one.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        self.other_region(said, claim, claimed)
            .or_else(|| self.other_name(said, claim, claimed))
    }

    fn other_region(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        let is_in =
            |list: &Self, region: &Region| list.regions.iter().any(|one| one.is_near(region));
        let shares_one = self.regions.iter().any(|ours| is_in(claim, ours));
        let needed = if shares_one { 2 } else { 1 };
        for theirs in claim.regions.iter().filter(|theirs| !is_in(self, theirs)) {
            let ours = self.regions.iter().find(|ours| {
                !is_in(claim, ours) && said.agree(ours.spot, claimed, theirs.spot) >= needed
            });
            if let Some(ours) = ours {
                return Some(Contradiction::Place {
                    query: ours.name.to_string(),
                    claim: theirs.name.to_string(),
                });
            }
        }
        None
    }

    fn other_name(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        for theirs in &claim.named {
            if said.has(theirs.name) {
                continue;
            }
            let ours = self.named.iter().find(|ours| {
                ours.head == theirs.head
                    && !ours.may_be(theirs)
                    && !claimed.has(ours.name)
                    && said.agree(ours.spot, claimed, theirs.spot) > 1
            });
            if let Some(ours) = ours {
                return Some(Contradiction::Place {
                    query: ours.written.to_string(),
                    claim: theirs.written.to_string(),
                });
            }
        }
        None
    }
}

impl Named {
    /// Another spelling of one name.
    fn may_be(&self, other: &Self) -> bool {
        let alike = self
            .written
            .chars()
            .zip(other.written.chars())
            .take_while(|(a, b)| a == b)
            .count();
        alike + 2
            >= self
                .written
                .chars()
                .count()
                .min(other.written.chars().count())
    }
}

impl Region {
    /// The same name, or one lies inside the other.
    fn is_near(&self, other: &Self) -> bool {
        self.name == other.name
            || self.codes.split(',').any(|ours| {
                other
                    .codes
                    .split(',')
                    .any(|theirs| ours.starts_with(theirs) || theirs.starts_with(ours))
            })
    }
}
