//! How a run of leaves splits into complete subtrees.

/// A complete subtree: `2^level` leaves from leaf `index << level` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subtree {
    pub(crate) level: u8,
    pub(crate) index: u64,
}

/// The complete subtrees of a tree of `size` leaves, the largest and leftmost first.
pub(crate) fn peaks(size: u64) -> impl DoubleEndedIterator<Item = Subtree> {
    (0..64_u8)
        .rev()
        .filter(move |level| size >> level & 1 == 1)
        .map(move |level| Subtree {
            level,
            // The leaves to the left are those of the higher bits: even in units of this level.
            index: (size >> level) - 1,
        })
}

/// The largest power of two below `size`, where RFC 6962 splits a tree; `size` is at least 2.
pub(crate) fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
