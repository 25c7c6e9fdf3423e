//! The arithmetic of word weights, and where it becomes whole numbers.

use super::{IMPACT_MAX, WEIGHT_UNITS};
use crate::limits::ARCHIVE_ENTRIES;

/// Weights are summed as whole numbers, so that the order of summing, which follows the
/// order in which words were first seen, changes nothing.
fn units(weight: f32) -> u64 {
    (weight * WEIGHT_UNITS).round() as u64
}

/// A word said again counts a little more, never in proportion.
pub(super) fn repeated(count: u32) -> f32 {
    let count = count as f32;
    count * 2.0 / (count + 1.0)
}

/// How telling a word is that stands in `having` of `entries` texts. A young collection is
/// weighed as if it were part of an archive: ranking and thresholds were fitted on one, and with
/// a handful of checks every word would look common.
pub(super) fn inverse_frequency(entries: usize, having: u32) -> f32 {
    let (entries, having) = (entries.max(ARCHIVE_ENTRIES) as f32, having as f32);
    (1.0 + (entries - having + 0.5).max(0.5) / (having + 0.5)).ln()
}

pub(super) fn quantised(impact: f32) -> u8 {
    impact.round().clamp(1.0, IMPACT_MAX) as u8
}

/// Counts of texts whose weight is kept; telling words stand in fewer.
const COUNTS_KEPT: usize = 1 << 15;

/// The weights of words by how many texts have them, in whole numbers, each computed when it is
/// first asked for: a candidate is compared in hundreds of them, and the same ones come again.
#[derive(Debug, Default)]
pub(crate) struct UnitsByCount {
    entries: usize,
    /// By count; zero where it is not computed.
    units: Vec<u32>,
}

impl UnitsByCount {
    /// Makes the table one for so many entries.
    pub(super) fn fit(&mut self, entries: usize) {
        if self.entries != entries || self.units.is_empty() {
            self.entries = entries;
            self.units.clear();
            self.units.resize(COUNTS_KEPT, 0);
        }
    }

    /// Weight of what stands in `having` entries.
    pub(crate) fn of(&mut self, having: u32) -> u64 {
        match self.units.get(having as usize) {
            Some(0) | None => self.computed(having),
            Some(units) => u64::from(*units),
        }
    }

    #[cold]
    fn computed(&mut self, having: u32) -> u64 {
        let units = units(inverse_frequency(self.entries, having));
        if let Some(kept) = self.units.get_mut(having as usize) {
            *kept = u32::try_from(units).unwrap_or(0);
        }
        units
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_weights_are_the_computed_ones() {
        let mut kept = UnitsByCount::default();
        for entries in [0, 1, 9_999, 10_001, 100_000, 3_000_000] {
            kept.fit(entries);
            for having in [0, 1, 2, 77, 9_998, 32_767, 32_768, 99_999, 2_999_999] {
                let computed = units(inverse_frequency(entries, having));
                assert_eq!(kept.of(having), computed);
                assert_eq!(kept.of(having), computed, "the second time");
            }
        }
    }
}
