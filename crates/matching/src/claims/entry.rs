//! One searched text of a check, as the index keeps it.

use crate::contradiction::Facts;
use crate::meaning::Packed;

/// One searched text of a check.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(super) is_live: bool,
    pub(crate) says_true: bool,
    /// The facts hold a number, year or candidate of the claim.
    has_numbers: bool,
    pub(super) date_days: Option<i32>,
    row: Row,
    pub(crate) facts: Box<Facts>,
    /// The meaning in plain form; the learned one stands in the index.
    pub(crate) meaning: Option<Box<Packed>>,
}

/// Terms and 4-grams of a text in one stretch of memory: candidates lie anywhere in an index of
/// many megabytes, and what a comparison costs is mostly the way to them.
#[derive(Debug)]
pub(super) struct Row {
    numbers: Box<[u32]>,
    /// Where the parts begin and end: distinct terms of the text, terms of the explanation alone,
    /// terms of the text in order, 4-grams.
    ends: [u32; 5],
}

impl Row {
    /// `posted` are distinct terms, of which the first `own` stand in the text; `terms` those of
    /// the text in order, with repeats; `grams` its distinct character 4-grams.
    pub(super) fn new(
        own: usize,
        posted: impl Iterator<Item = u32>,
        terms: &[u32],
        grams: &[u32],
    ) -> Self {
        let mut numbers: Vec<u32> = posted.collect();
        let posted = numbers.len();
        numbers.extend_from_slice(terms);
        let in_order = numbers.len();
        numbers.extend_from_slice(grams);
        let ends = [0, own, posted, in_order, numbers.len()].map(|end| end as u32);
        Self {
            numbers: numbers.into_boxed_slice(),
            ends,
        }
    }

    /// The parts from one end to another.
    fn between(&self, from: usize, to: usize) -> &[u32] {
        &self.numbers[self.ends[from] as usize..self.ends[to] as usize]
    }
}

impl Entry {
    pub(super) fn new(row: Row, facts: Facts, says_true: bool, date_days: Option<i32>) -> Self {
        Self {
            is_live: true,
            says_true,
            has_numbers: facts.has_numbers(),
            date_days,
            row,
            facts: Box::new(facts),
            meaning: None,
        }
    }

    /// Distinct terms of the text.
    pub(crate) fn distinct(&self) -> &[u32] {
        self.row.between(0, 1)
    }

    /// Every distinct term posted for this entry: those of the text, then those that only the
    /// explanation has.
    pub(super) fn posted(&self) -> &[u32] {
        self.row.between(0, 2)
    }

    /// Terms of the text in order, stop words left out, repeats kept.
    pub(crate) fn terms(&self) -> &[u32] {
        self.row.between(2, 3)
    }

    /// Distinct character 4-grams.
    pub(crate) fn grams(&self) -> &[u32] {
        self.row.between(3, 4)
    }

    /// Shares of the claim's numbers that a text has, and has not; 0 and 0 without numbers.
    pub(crate) fn numbers_against(&self, text: &Facts) -> (f32, f32) {
        if self.has_numbers {
            self.facts.numbers_against(text)
        } else {
            (0.0, 0.0)
        }
    }

    /// Looks at the memory that a comparison will read, and answers with something that hangs on
    /// it. Where many entries are looked at before the first is compared, their memory comes side
    /// by side instead of one after the other.
    pub(crate) fn look_at(&self) -> u32 {
        let row = &self.row.numbers;
        let at = |at: usize| row.get(at).copied().unwrap_or(0);
        at(0) ^ at(row.len() / 2) ^ at(row.len().wrapping_sub(1))
    }

    /// Memory held, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.row.numbers.len() * 4
            + self.facts.bytes()
            + self.meaning.as_ref().map_or(0, |_| size_of::<Packed>())
    }
}
