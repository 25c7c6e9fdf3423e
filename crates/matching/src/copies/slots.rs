//! Open-addressing tables of slot numbers without keys: a cell holds a slot and a short
//! tag of its hash; the caller compares what the slot stands for.

use std::io::{self, Read, Write};

use super::LoadError;
use super::raw;
use crate::limits::{COPY_SLOTS_MAX, PROBE_CELLS_MAX};

/// Regions that grow one at a time, so that no insertion waits for a whole table.
const REGIONS: usize = 256;
const REGION_BITS: u32 = 8;
const TAG_BITS: u32 = 7;
const SLOT_BITS: u32 = 32 - TAG_BITS;
const SLOT_MASK: u32 = (1 << SLOT_BITS) - 1;
/// No entry, never had one.
const EMPTY: u32 = u32::MAX;
/// An entry that was removed: walks go on over it.
const GONE: u32 = u32::MAX - 1;
const REGION_CELLS_MIN: usize = 8;

// The tag of all ones with the two highest slot numbers would look like EMPTY or GONE.
const _: () = assert!(COPY_SLOTS_MAX < SLOT_MASK);

/// A set of slots found by hash.
#[derive(Debug)]
pub(super) struct SlotTable {
    regions: Vec<Region>,
}

#[derive(Debug, Default)]
struct Region {
    cells: Vec<u32>,
    /// Cells that are not empty, removed entries included.
    used: u32,
    live: u32,
}

/// Where a hash lives: region by the high bits, cell by the middle, tag by the low ones.
#[derive(Clone, Copy)]
struct Place {
    region: usize,
    spread: u32,
    tag: u32,
}

fn place(hash: u64) -> Place {
    Place {
        region: (hash >> (64 - REGION_BITS)) as usize,
        spread: (hash >> 20) as u32,
        tag: (hash as u32) << SLOT_BITS,
    }
}

/// The first cell of a hash in a region of `cells` cells.
fn first_cell(spread: u32, cells: usize) -> usize {
    ((u64::from(spread) * cells as u64) >> 32) as usize
}

impl SlotTable {
    pub(super) fn new() -> Self {
        Self {
            regions: std::iter::repeat_with(Region::default)
                .take(REGIONS)
                .collect(),
        }
    }

    /// Calls `each` with every slot that may have the hash, until it returns false or
    /// [`PROBE_CELLS_MAX`] cells were looked at.
    pub(super) fn walk(&self, hash: u64, mut each: impl FnMut(u32) -> bool) {
        let at = place(hash);
        let cells = &self.regions[at.region].cells;
        if cells.is_empty() {
            return;
        }
        let mut cell = first_cell(at.spread, cells.len());
        for _ in 0..cells.len().min(PROBE_CELLS_MAX) {
            let entry = cells[cell];
            if entry == EMPTY {
                return;
            }
            if entry != GONE && entry & !SLOT_MASK == at.tag && !each(entry & SLOT_MASK) {
                return;
            }
            cell += 1;
            if cell == cells.len() {
                cell = 0;
            }
        }
    }

    /// Adds a slot. `hash_of` gives the hash of any slot that is in the table.
    pub(super) fn insert(&mut self, hash: u64, slot: u32, hash_of: impl Fn(u32) -> u64) {
        let at = place(hash);
        let region = &mut self.regions[at.region];
        // At most 85 of 100 cells are used; then the region is laid out anew.
        if (region.used as usize + 1) * 100 > region.cells.len() * 85 {
            region.lay_out_anew(&hash_of);
        }
        region.put(at, slot);
    }

    /// Removes a slot; false where it was not found.
    pub(super) fn remove(&mut self, hash: u64, slot: u32) -> bool {
        let at = place(hash);
        let region = &mut self.regions[at.region];
        let length = region.cells.len();
        if length == 0 {
            return false;
        }
        let mut cell = first_cell(at.spread, length);
        for _ in 0..length {
            match region.cells[cell] {
                EMPTY => return false,
                entry if entry != GONE && entry == at.tag | slot => {
                    region.cells[cell] = GONE;
                    region.live -= 1;
                    return true;
                }
                _ => cell = if cell + 1 == length { 0 } else { cell + 1 },
            }
        }
        false
    }

    pub(super) fn bytes(&self) -> usize {
        let cells: usize = self
            .regions
            .iter()
            .map(|region| region.cells.capacity() * 4)
            .sum();
        cells + self.regions.capacity() * size_of::<Region>()
    }

    pub(super) fn save(&self, out: &mut impl Write) -> io::Result<()> {
        for region in &self.regions {
            raw::write_u32(out, region.used)?;
            raw::write_u32(out, region.live)?;
            raw::write_u32s(out, &region.cells)?;
        }
        Ok(())
    }

    pub(super) fn load(input: &mut impl Read, slots: usize) -> Result<Self, LoadError> {
        let mut regions = Vec::with_capacity(REGIONS);
        for _ in 0..REGIONS {
            let used = raw::read_u32(input)?;
            let live = raw::read_u32(input)?;
            let cells = raw::read_u32s(input)?;
            let (mut full, mut gone) = (0, 0);
            for entry in &cells {
                match *entry {
                    EMPTY => {}
                    GONE => gone += 1,
                    entry if (entry & SLOT_MASK) as usize >= slots => {
                        return Err(LoadError::Broken("a table names a slot that is not there"));
                    }
                    _ => full += 1,
                }
            }
            let no_room = !cells.is_empty() && full + gone == cells.len() as u32;
            if live != full || used != full + gone || no_room {
                return Err(LoadError::Broken("a table counts its entries wrongly"));
            }
            regions.push(Region { cells, used, live });
        }
        Ok(Self { regions })
    }
}

impl Region {
    fn put(&mut self, at: Place, slot: u32) {
        let length = self.cells.len();
        let mut cell = first_cell(at.spread, length);
        while self.cells[cell] != EMPTY && self.cells[cell] != GONE {
            cell = if cell + 1 == length { 0 } else { cell + 1 };
        }
        self.used += u32::from(self.cells[cell] == EMPTY);
        self.live += 1;
        self.cells[cell] = at.tag | slot;
    }

    /// A quarter more cells where live entries need them, the same size where removed
    /// ones filled the region.
    fn lay_out_anew(&mut self, hash_of: &impl Fn(u32) -> u64) {
        let live = self.live as usize + 1;
        let length = if live * 100 > self.cells.len() * 68 {
            (self.cells.len() + self.cells.len() / 4)
                .max(REGION_CELLS_MIN)
                .max(live * 5 / 4)
        } else {
            self.cells.len()
        };
        let old = std::mem::replace(&mut self.cells, vec![EMPTY; length]);
        self.used = 0;
        self.live = 0;
        for entry in old {
            if entry != EMPTY && entry != GONE {
                let slot = entry & SLOT_MASK;
                self.put(place(hash_of(slot)), slot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::mix;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn behaves_like_a_multimap(steps in prop::collection::vec((0_u64..40, 0_u32..60, any::<bool>()), 0..400)) {
            let mut table = SlotTable::new();
            let mut model: HashMap<u32, u64> = HashMap::new();
            for (key, slot, adds) in steps {
                // Few distinct hashes in one region: chains, removals and growth.
                let hash = mix(key) >> 8;
                if adds {
                    let is_new = !model.contains_key(&slot);
                    if is_new {
                        model.insert(slot, hash);
                        table.insert(hash, slot, |s| model[&s]);
                    }
                } else if let Some(hash) = model.remove(&slot) {
                    prop_assert!(table.remove(hash, slot));
                    prop_assert!(!table.remove(hash, slot), "slot {} stays", slot);
                }
            }
            for (slot, hash) in &model {
                let mut found = false;
                table.walk(*hash, |s| { found |= s == *slot; true });
                prop_assert!(found, "slot {} is lost", slot);
            }
            let mut bytes = Vec::new();
            table.save(&mut bytes).unwrap();
            let again = SlotTable::load(&mut bytes.as_slice(), 60).unwrap();
            for (slot, hash) in &model {
                let mut found = false;
                again.walk(*hash, |s| { found |= s == *slot; true });
                prop_assert!(found);
            }
        }
    }
}
