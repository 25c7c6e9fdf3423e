//! The arithmetic of word weights, and where it becomes whole numbers.

use super::{IMPACT_MAX, WEIGHT_UNITS};
use crate::limits::ARCHIVE_ENTRIES;

/// Weights are summed as whole numbers, so that the order of summing, which follows the
/// order in which words were first seen, changes nothing.
pub(super) fn units(weight: f32) -> u64 {
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
