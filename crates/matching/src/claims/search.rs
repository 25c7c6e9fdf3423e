//! Search by words: one sum for each entry, term by term, and the best of them.

use super::weights::{UnitsByCount, repeated};
use super::{ClaimIndex, DocId, IMPACT_MAX, Query};

/// Term weights are whole numbers: inverse document frequency times this.
const WEIGHT_SCALE: f32 = 64.0;
/// Entries whose best score is kept, so that the best of all are found without looking at each.
const BLOCK: usize = 64;

/// A check that the word index found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The check.
    pub doc: DocId,
    /// Word score, in units of inverse document frequency.
    pub score: f32,
    /// Entry of the index: a claim or a narrative.
    pub(crate) entry: u32,
}

/// Memory that searches use again; one for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Word score of each entry in the last search.
    scores: Vec<u32>,
    /// Best score of each [`BLOCK`] of entries.
    blocks: Vec<u32>,
    /// The same in another order.
    shuffled: Vec<u32>,
    pub(crate) units: UnitsByCount,
    /// Terms of the query that is looked at, each with its place in the query's list and one.
    pub(crate) terms: Marks,
    /// 4-grams of the query that is looked at.
    pub(crate) grams: NumberSet,
}

impl Scratch {
    /// A score that at least `k` entries reach, where so many have any: the best ones of `k` blocks
    /// do.
    fn least(&mut self, k: usize) -> u32 {
        self.shuffled.clone_from(&self.blocks);
        if self.shuffled.len() <= k {
            return 1;
        }
        let (_, least, _) = self.shuffled.select_nth_unstable_by(k - 1, |a, b| b.cmp(a));
        (*least).max(1)
    }

    /// The word score that the last search gave to an entry.
    pub(super) fn score(&self, entry: u32) -> f32 {
        word_score(self.scores.get(entry as usize).copied().unwrap_or(0))
    }
}

/// Small numbers by number, nothing where none is set. Forgets in the time that setting took.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    marks: Vec<u32>,
    set: Vec<u32>,
}

impl Marks {
    /// Forgets all, and makes room for numbers below this.
    pub(crate) fn clear(&mut self, room: usize) {
        for number in self.set.drain(..) {
            self.marks[number as usize] = 0;
        }
        self.marks.resize(room.max(self.marks.len()), 0);
    }

    pub(crate) fn set(&mut self, number: u32, mark: u32) {
        self.marks[number as usize] = mark;
        self.set.push(number);
    }

    /// The mark, or zero.
    pub(crate) fn get(&self, number: u32) -> u32 {
        self.marks[number as usize]
    }
}

/// A set of numbers, one bit each. Forgets in the time that adding took.
#[derive(Debug, Default)]
pub(crate) struct NumberSet {
    bits: Vec<u64>,
    added: Vec<u32>,
}

impl NumberSet {
    /// Forgets all, and makes room for numbers below this.
    pub(crate) fn clear(&mut self, room: usize) {
        for number in self.added.drain(..) {
            self.bits[number as usize / 64] = 0;
        }
        self.bits.resize(room.div_ceil(64).max(self.bits.len()), 0);
    }

    pub(crate) fn add(&mut self, number: u32) {
        self.bits[number as usize / 64] |= 1 << (number % 64);
        self.added.push(number);
    }

    pub(crate) fn has(&self, number: u32) -> bool {
        self.bits[number as usize / 64] >> (number % 64) & 1 == 1
    }
}

/// What the index knows of a query's words.
#[derive(Debug)]
pub(crate) struct Known {
    /// The known term of each token that is not a stop word.
    pub(crate) sequence: Vec<Option<u32>>,
    /// Distinct known terms with how often each stands there, by number.
    pub(crate) terms: Vec<(u32, u32)>,
}

impl ClaimIndex {
    /// The `k` checks of highest word score, best first; equal scores by lower number.
    pub fn search(&self, query: &Query, k: usize, scratch: &mut Scratch) -> Vec<Candidate> {
        let mut found = self.search_entries(&self.known(query), k * 2, scratch);
        let mut seen: Vec<DocId> = Vec::with_capacity(found.len());
        found.retain(|candidate| {
            let fresh = !seen.contains(&candidate.doc);
            seen.push(candidate.doc);
            fresh
        });
        found.truncate(k);
        found
    }

    /// The `k` entries of highest word score; a check may come twice.
    pub(crate) fn search_entries(
        &self,
        known: &Known,
        k: usize,
        scratch: &mut Scratch,
    ) -> Vec<Candidate> {
        if known.terms.is_empty() || k == 0 {
            scratch.scores.clear();
            return Vec::new();
        }
        self.add_up(known, scratch);
        self.best(k, scratch)
    }

    /// The score of each entry, and the best one of each block.
    fn add_up(&self, known: &Known, scratch: &mut Scratch) {
        let Scratch { scores, blocks, .. } = scratch;
        scores.clear();
        scores.resize(self.entries.len(), 0);
        blocks.clear();
        blocks.resize(self.entries.len().div_ceil(BLOCK), 0);
        for (term, count) in &known.terms {
            let postings = &self.postings[*term as usize];
            let weight = self.weight(*term) * repeated(*count);
            let weight = (weight * WEIGHT_SCALE).round().max(1.0) as u32;
            for (entry, impact) in postings.entries.iter().zip(&postings.impacts) {
                // Never overflows: a text has at most QUERY_TOKENS_MAX terms, each below 2^19.
                let score = &mut scores[*entry as usize];
                *score = score.wrapping_add(weight.wrapping_mul(u32::from(*impact)));
                let block = &mut blocks[*entry as usize / BLOCK];
                *block = (*block).max(*score);
            }
        }
    }

    /// The `k` entries of highest score, by falling score, then check, then entry.
    fn best(&self, k: usize, scratch: &mut Scratch) -> Vec<Candidate> {
        let mut best = Best::new(k, scratch.least(k));
        let blocks = scratch.scores.chunks(BLOCK).zip(&scratch.blocks);
        for ((scores, block_best), first) in blocks.zip((0..).step_by(BLOCK)) {
            if *block_best < best.least {
                continue;
            }
            for (score, entry) in scores.iter().zip(first..) {
                if *score >= best.least {
                    best.take(Place::new(*score, self.docs[entry as usize], entry));
                }
            }
        }
        let found = best.sorted().into_iter().map(|place| Candidate {
            doc: self.docs[place.entry as usize],
            score: word_score(place.score()),
            entry: place.entry,
        });
        found.collect()
    }

    /// What is known of a query's words.
    pub(crate) fn known(&self, query: &Query) -> Known {
        let sequence: Vec<Option<u32>> = query
            .tokens
            .iter()
            .filter(|token| !token.is_stop)
            .map(|token| self.dictionary.get(token.stem.as_str()).copied())
            .collect();
        let mut sorted: Vec<u32> = sequence.iter().flatten().copied().collect();
        sorted.sort_unstable();
        let mut terms: Vec<(u32, u32)> = Vec::with_capacity(sorted.len());
        for term in sorted {
            match terms.last_mut() {
                Some((last, count)) if *last == term => *count += 1,
                _ => terms.push((term, 1)),
            }
        }
        Known { sequence, terms }
    }
}

/// Where an entry stands among the found: what comes first is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The score turned over above, the check below.
    key: u64,
    entry: u32,
}

impl Place {
    fn new(score: u32, doc: DocId, entry: u32) -> Self {
        let key = u64::from(!score) << 32 | u64::from(doc);
        Self { key, entry }
    }

    fn score(self) -> u32 {
        !((self.key >> 32) as u32)
    }
}

/// The first `k` places of those that are taken.
struct Best {
    k: usize,
    kept: Vec<Place>,
    /// Once `k` are kept, only what comes before the last of them is taken.
    last: Option<Place>,
    /// The score below which nothing is taken.
    least: u32,
}

impl Best {
    fn new(k: usize, least: u32) -> Self {
        Self {
            k,
            kept: Vec::with_capacity(k * 2),
            last: None,
            least,
        }
    }

    fn take(&mut self, place: Place) {
        if self.last.is_some_and(|last| place >= last) {
            return;
        }
        self.kept.push(place);
        if self.kept.len() == self.k * 2 {
            let last = *self.kept.select_nth_unstable(self.k - 1).1;
            self.kept.truncate(self.k);
            self.least = last.score();
            self.last = Some(last);
        }
    }

    fn sorted(mut self) -> Vec<Place> {
        self.kept.sort_unstable();
        self.kept.truncate(self.k);
        self.kept
    }
}

fn word_score(sum: u32) -> f32 {
    sum as f32 / (IMPACT_MAX * WEIGHT_SCALE)
}
