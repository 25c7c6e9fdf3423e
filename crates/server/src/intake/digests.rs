//! A set of digests in little more than their own bytes.
//!
//! The digests lie in order in tables with a little air between them, each near the place that its
//! value gives it. A search therefore ends at the first larger value, and a table can be four fifths
//! to nine tenths full: 9 to 10 bytes a digest, where a common hash set takes 10 to 20.

/// Tables that grow one at a time, so that no insertion waits for all of them.
const REGIONS: usize = 256;
const REGION_BITS: u32 = 8;
/// A cell without digest. The digest 0 is kept as 1.
const EMPTY: u64 = 0;
const CELLS_MIN: usize = 8;
/// Cells behind the spread that are made at once, for the last run of digests.
const CELLS_BEHIND: usize = 32;

/// A set of uniformly distributed 64-bit digests. 0 and 1 count as the same.
#[derive(Debug)]
pub struct Digests {
    regions: Vec<Region>,
    len: usize,
}

#[derive(Debug, Default)]
struct Region {
    /// In rising order, [`EMPTY`] cells between them.
    cells: Vec<u64>,
    /// Cells that values are spread over; what does not fit there lies behind.
    spread: usize,
    len: usize,
}

impl Default for Digests {
    fn default() -> Self {
        Self {
            regions: std::iter::repeat_with(Region::default)
                .take(REGIONS)
                .collect(),
            len: 0,
        }
    }
}

impl Digests {
    /// Digests in the set.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True before the first digest.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the digest is in the set.
    pub fn contains(&self, digest: u64) -> bool {
        let digest = digest.max(1);
        let region = &self.regions[region_of(digest)];
        region.cells.get(region.place(digest)) == Some(&digest)
    }

    /// Adds a digest; false where it was there.
    pub fn insert(&mut self, digest: u64) -> bool {
        let digest = digest.max(1);
        let is_new = self.regions[region_of(digest)].insert(digest);
        self.len += usize::from(is_new);
        is_new
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> usize {
        let cells: usize = self
            .regions
            .iter()
            .map(|region| region.cells.capacity())
            .sum();
        cells * size_of::<u64>() + self.regions.capacity() * size_of::<Region>()
    }
}

impl Extend<u64> for Digests {
    fn extend<T: IntoIterator<Item = u64>>(&mut self, digests: T) {
        for digest in digests {
            self.insert(digest);
        }
    }
}

fn region_of(digest: u64) -> usize {
    usize::try_from(digest >> (u64::BITS - REGION_BITS)).unwrap_or_default()
}

impl Region {
    /// The cell a digest wants; larger digests never want an earlier one.
    fn home(&self, digest: u64) -> usize {
        let scaled = u128::from(digest << REGION_BITS) * self.spread as u128;
        usize::try_from(scaled >> u64::BITS).unwrap_or_default()
    }

    /// Where the digest is, or would be put: the first cell from its home on that is empty or
    /// holds nothing smaller; maybe the one behind the last.
    fn place(&self, digest: u64) -> usize {
        let mut at = self.home(digest);
        while let Some(cell) = self.cells.get(at)
            && *cell != EMPTY
            && *cell < digest
        {
            at += 1;
        }
        at
    }

    fn insert(&mut self, digest: u64) -> bool {
        if (self.len + 1) * 10 > self.spread * 9 {
            self.grow();
        }
        let at = self.place(digest);
        match self.cells.get(at) {
            Some(cell) if *cell == digest => return false,
            Some(cell) if *cell == EMPTY => self.cells[at] = digest,
            _ => self.push_aside(at, digest),
        }
        self.len += 1;
        true
    }

    /// Puts a digest before the larger ones, which move on to the next empty cell.
    fn push_aside(&mut self, at: usize, digest: u64) {
        let run = self.cells[at..].iter().position(|cell| *cell == EMPTY);
        let end = run.map_or(self.cells.len(), |run| at + run);
        if end == self.cells.len() {
            self.push(EMPTY);
        }
        self.cells.copy_within(at..end, at + 1);
        self.cells[at] = digest;
    }

    /// Adds a cell at the end; the table never grows to twice its size for it.
    fn push(&mut self, cell: u64) {
        if self.cells.len() == self.cells.capacity() {
            self.cells.reserve_exact(CELLS_BEHIND);
        }
        self.cells.push(cell);
    }

    /// An eighth more room for the digests there are.
    fn grow(&mut self) {
        self.spread = ((self.len + 1) * 5 / 4).max(CELLS_MIN);
        let cells = Vec::with_capacity(self.spread + CELLS_BEHIND);
        let old = std::mem::replace(&mut self.cells, cells);
        self.cells.resize(self.spread, EMPTY);
        let mut free = 0;
        for digest in old.into_iter().filter(|cell| *cell != EMPTY) {
            let at = self.home(digest).max(free);
            if at < self.cells.len() {
                self.cells[at] = digest;
            } else {
                self.push(digest);
            }
            free = at + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Numbers without pattern.
    fn digests(seed: u64, count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(move |number| {
            let hash = blake3::hash(&(seed << 40 | number).to_le_bytes());
            let mut word = [0; 8];
            word.copy_from_slice(&hash.as_bytes()[..8]);
            u64::from_le_bytes(word)
        })
    }

    #[test]
    fn it_answers_as_a_common_set_does() {
        let mut set = Digests::default();
        let mut model = HashSet::new();
        // Few regions, long runs, repetitions and the ends of the range.
        let crowded =
            digests(1, 20_000).map(|digest| digest & 0x03ff_ffff_ffff_ffff | (digest & 1) << 63);
        let ends = [0, 1, 2, u64::MAX, u64::MAX - 1, 1 << 56, (1 << 56) - 1];
        let close = (0..300).map(|number| u64::MAX - number % 250);
        for digest in crowded.chain(ends).chain(close).chain(digests(1, 500)) {
            assert_eq!(set.insert(digest), model.insert(digest.max(1)), "{digest}");
            assert!(set.contains(digest));
        }
        assert_eq!(set.len(), model.len());
        for digest in &model {
            assert!(set.contains(*digest), "{digest} is lost");
        }
        for digest in digests(2, 20_000) {
            assert_eq!(set.contains(digest), model.contains(&digest));
        }
    }

    #[test]
    fn a_digest_costs_little_more_than_its_bytes() {
        let mut set = Digests::default();
        for (place, digest) in (1..).zip(digests(3, 400_000)) {
            set.insert(digest);
            if place >= 200_000 && place % 25_000 == 0 {
                let each = set.bytes() as f64 / f64::from(place);
                assert!(each < 10.2, "{each} bytes at {place}");
            }
        }
    }
}
