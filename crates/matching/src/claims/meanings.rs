//! Meanings beside the words of the index: which checks mean nearly what a text means?

use super::{Candidate, ClaimIndex, DocId, Scratch};
use crate::meaning::{Meaning, Packed};

impl ClaimIndex {
    /// Gives a check the meanings of its claim and of the circulating text it quotes;
    /// nothing happens where the check is not there.
    pub fn set_meanings(&mut self, doc: DocId, claim: Meaning, narrative: Option<Meaning>) {
        let Some(entries) = self.of_doc.get(&doc) else {
            return;
        };
        for (entry, meaning) in entries.iter().zip([Some(claim), narrative]) {
            let at = *entry as usize;
            if let Some(meaning) = &meaning {
                if self.learned.len() <= at {
                    self.learned.resize(at + 1, Packed::nothing());
                }
                self.learned[at] = meaning.learned.clone();
            }
            self.entries[at].meaning = meaning.map(|meaning| Box::new(meaning.plain));
        }
    }

    /// The `k` checks whose meaning is nearest, nearest first, without any word score; a check
    /// may come twice.
    pub fn nearest_checks(&self, meaning: &Meaning, k: usize) -> Vec<DocId> {
        let near = self.nearest(meaning, k, &Scratch::default());
        near.into_iter().map(|candidate| candidate.doc).collect()
    }

    /// The `k` entries whose meaning is nearest, as candidates with the word scores of the
    /// search that `scratch` did last.
    pub(crate) fn nearest(&self, meaning: &Meaning, k: usize, scratch: &Scratch) -> Vec<Candidate> {
        let mut near: Vec<(f32, u32)> = self
            .learned
            .iter()
            .zip(0..)
            .filter(|(learned, entry)| {
                learned.is_something() && self.entries[*entry as usize].is_live
            })
            .map(|(learned, entry)| (learned.likeness(&meaning.learned), entry))
            .collect();
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if near.len() > k {
            near.select_nth_unstable_by(k, order);
            near.truncate(k);
        }
        near.sort_unstable_by(order);
        near.into_iter()
            .map(|(_, entry)| Candidate {
                doc: self.docs[entry as usize],
                score: scratch.score(entry),
                entry,
            })
            .collect()
    }

    /// The learned meaning of an entry, where it is known.
    pub(crate) fn learned(&self, entry: u32) -> Option<&Packed> {
        let learned = self.learned.get(entry as usize)?;
        learned.is_something().then_some(learned)
    }
}
