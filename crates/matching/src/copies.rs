//! The copy index: which known text is this a copy of?

mod arena;
mod judge;
mod raw;
mod slots;

use std::io::{self, Read, Write};

pub use judge::is_copy;

use crate::fingerprint::{Fingerprint, GramSet, Signature, hash_text, mix, resemblance};
use crate::limits::{
    BAND_ENTRIES_MAX, BANDS, COPY_CANDIDATES_MAX, COPY_NOTE_BYTES_MAX, COPY_SLOTS_MAX,
    COPY_TEXT_BYTES_MAX, COPY_VERIFIED_MAX, SIGNATURE_VALUES, cut,
};
use arena::{Arena, Location};
use judge::{Subject, judge};
use slots::SlotTable;

const MAGIC: [u8; 8] = *b"KTCOPY\0\x02";
/// Group of a slot that is free.
const NO_GROUP: u32 = u32::MAX;
/// Signatures that differ this much from the best verified one are not verified.
const ESTIMATE_MARGIN: f32 = 0.25;
/// Below this estimate a candidate is not looked at: three and a half standard deviations
/// under the lowest resemblance of a copy.
const ESTIMATE_MIN: f32 = 0.28;

/// Bounds of one copy index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyLimits {
    /// Most texts held; further insertions replace nothing and are refused by the caller
    /// looking at [`CopyIndex::is_full`].
    pub slots_max: u32,
}

impl Default for CopyLimits {
    fn default() -> Self {
        Self {
            slots_max: COPY_SLOTS_MAX,
        }
    }
}

/// A known text that the asked one is a copy of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Copy {
    /// Slot of the known text.
    pub slot: u32,
    /// Group that it was inserted with.
    pub group: u32,
    /// Jaccard resemblance of the two texts, 0 to 1.
    pub resemblance: f32,
    /// The normalised texts are equal.
    pub exact: bool,
}

/// Memory of an index, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexBytes {
    /// Living texts.
    pub text: u64,
    /// Everything else that is held, spare capacity included.
    pub other: u64,
}

/// A saved index that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The stream failed or ended early.
    #[error("cannot read the saved copy index")]
    Read(#[from] io::Error),
    /// Not a copy index of this version.
    #[error("not a copy index of this version")]
    Version,
    /// The parts contradict one another.
    #[error("the saved copy index is broken: {0}")]
    Broken(&'static str),
}

/// Texts in memory, found by resemblance.
///
/// About 170 bytes a text beside the text and its note: signature, location, group, and a
/// cell with some air in each of sixteen band tables and one for equal texts.
#[derive(Debug)]
pub struct CopyIndex {
    limits: CopyLimits,
    signatures: Vec<Signature>,
    locations: Vec<Location>,
    groups: Vec<u32>,
    free: Vec<u32>,
    arena: Arena,
    bands: Vec<SlotTable>,
    exact: SlotTable,
}

fn band_hash(band: usize, value: u32) -> u64 {
    mix((band as u64) << 32 | u64::from(value))
}

impl CopyIndex {
    /// An empty index.
    pub fn new(limits: CopyLimits) -> Self {
        Self {
            limits,
            signatures: Vec::new(),
            locations: Vec::new(),
            groups: Vec::new(),
            free: Vec::new(),
            arena: Arena::default(),
            bands: std::iter::repeat_with(SlotTable::new).take(BANDS).collect(),
            exact: SlotTable::new(),
        }
    }

    /// The known text that `normalised` is a copy of: the equal one, else the one of
    /// highest resemblance, else of lowest slot.
    pub fn find(&self, normalised: &str, fp: &Fingerprint) -> Option<Copy> {
        let normalised = cut(normalised, COPY_TEXT_BYTES_MAX);
        self.find_exact(normalised)
            .or_else(|| self.find_alike(normalised, fp))
    }

    /// The known text that equals `normalised`.
    pub fn find_exact(&self, normalised: &str) -> Option<Copy> {
        let normalised = cut(normalised, COPY_TEXT_BYTES_MAX);
        let mut found: Option<u32> = None;
        self.exact.walk(hash_text(normalised), |slot| {
            if self.text(slot) == normalised && found.is_none_or(|lowest| slot < lowest) {
                found = Some(slot);
            }
            true
        });
        found.map(|slot| Copy {
            slot,
            group: self.groups[slot as usize],
            resemblance: 1.0,
            exact: true,
        })
    }

    fn find_alike(&self, normalised: &str, fp: &Fingerprint) -> Option<Copy> {
        let mut candidates = self.candidates(fp);
        candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let subject = Subject::new(normalised);
        let mut best: Option<Copy> = None;
        for (estimate, slot) in candidates.into_iter().take(COPY_VERIFIED_MAX) {
            let least = best.map_or(ESTIMATE_MIN, |copy| copy.resemblance - ESTIMATE_MARGIN);
            if estimate < least {
                break;
            }
            let Some(resemblance) = judge(&subject, self.text(slot)) else {
                continue;
            };
            let better = best.is_none_or(|copy| {
                resemblance > copy.resemblance
                    || (resemblance >= copy.resemblance && slot < copy.slot)
            });
            if better {
                best = Some(Copy {
                    slot,
                    group: self.groups[slot as usize],
                    resemblance,
                    exact: false,
                });
            }
        }
        best
    }

    /// Slots that share a band, with their estimated resemblance.
    fn candidates(&self, fp: &Fingerprint) -> Vec<(f32, u32)> {
        let mut candidates: Vec<(f32, u32)> = Vec::new();
        for (band, value) in fp.bands.iter().enumerate() {
            let mut in_band = 0;
            self.bands[band].walk(band_hash(band, *value), |slot| {
                let signature = &self.signatures[slot as usize];
                if signature.band(band) != *value {
                    return true;
                }
                in_band += 1;
                if !candidates.iter().any(|(_, known)| *known == slot) {
                    candidates.push((resemblance(&fp.signature, signature), slot));
                }
                in_band < BAND_ENTRIES_MAX && candidates.len() < COPY_CANDIDATES_MAX
            });
            if candidates.len() >= COPY_CANDIDATES_MAX {
                break;
            }
        }
        candidates
    }

    /// Adds a text to a group and gives its slot. A text without fingerprint is found
    /// only by its equal. Where the index is full nothing is added and the slot is
    /// [`u32::MAX`]; `group` may be any number below that.
    pub fn insert(&mut self, normalised: &str, fp: Option<&Fingerprint>, group: u32) -> u32 {
        self.insert_noted(normalised, fp, group, &[])
    }

    /// [`CopyIndex::insert`] with a note that lies beside the text and costs nothing but its
    /// bytes; one of more than [`COPY_NOTE_BYTES_MAX`] is not kept.
    pub fn insert_noted(
        &mut self,
        normalised: &str,
        fp: Option<&Fingerprint>,
        group: u32,
        note: &[u8],
    ) -> u32 {
        if self.is_full() || group == NO_GROUP {
            return u32::MAX;
        }
        let normalised = cut(normalised, COPY_TEXT_BYTES_MAX);
        let slot = self.take_slot();
        let at = slot as usize;
        let note = if note.len() > COPY_NOTE_BYTES_MAX {
            &[]
        } else {
            note
        };
        self.locations[at] = self.arena.add(slot, normalised, note);
        self.groups[at] = group;
        self.signatures[at] = fp.map_or(Signature::from_bytes([0; SIGNATURE_VALUES]), |fp| {
            fp.signature
        });
        let Self {
            exact,
            bands,
            signatures,
            arena,
            locations,
            ..
        } = self;
        exact.insert(hash_text(normalised), slot, |s| {
            hash_text(arena.text(locations[s as usize]))
        });
        let Some(fp) = fp else { return slot };
        for (band, value) in fp.bands.iter().enumerate() {
            let hash = band_hash(band, *value);
            let mut same = 0;
            bands[band].walk(hash, |s| {
                same += usize::from(signatures[s as usize].band(band) == *value);
                same < BAND_ENTRIES_MAX
            });
            if same < BAND_ENTRIES_MAX {
                bands[band].insert(hash, slot, |s| {
                    band_hash(band, signatures[s as usize].band(band))
                });
            }
        }
        slot
    }

    fn take_slot(&mut self) -> u32 {
        if let Some(slot) = self.free.pop() {
            return slot;
        }
        if self.signatures.len() == self.signatures.capacity() {
            // A twelfth more instead of twice: memory is stated, growth is rare.
            let more = (self.signatures.len() / 12).max(256);
            self.signatures.reserve_exact(more);
            self.locations.reserve_exact(more);
            self.groups.reserve_exact(more);
        }
        self.signatures
            .push(Signature::from_bytes([0; SIGNATURE_VALUES]));
        self.locations.push(0);
        self.groups.push(NO_GROUP);
        self.signatures.len() as u32 - 1
    }

    /// Forgets a text; nothing happens where the slot is free.
    pub fn remove(&mut self, slot: u32) {
        let at = slot as usize;
        if self.group(slot).is_none() {
            return;
        }
        let hash = hash_text(self.text(slot));
        self.exact.remove(hash, slot);
        let signature = self.signatures[at];
        for (band, table) in self.bands.iter_mut().enumerate() {
            table.remove(band_hash(band, signature.band(band)), slot);
        }
        let locations = &mut self.locations;
        self.arena.remove(locations[at], |moved, location| {
            locations[moved as usize] = location;
        });
        self.groups[at] = NO_GROUP;
        self.free.push(slot);
    }

    /// The text of a slot; empty where the slot is free.
    pub fn text(&self, slot: u32) -> &str {
        match self.groups.get(slot as usize) {
            Some(group) if *group != NO_GROUP => self.arena.text(self.locations[slot as usize]),
            _ => "",
        }
    }

    /// The note beside the text of a slot; empty where there is none or the slot is free.
    pub fn note(&self, slot: u32) -> &[u8] {
        match self.groups.get(slot as usize) {
            Some(group) if *group != NO_GROUP => self.arena.note(self.locations[slot as usize]),
            _ => &[],
        }
    }

    /// The group of a slot; none where the slot is free.
    pub fn group(&self, slot: u32) -> Option<u32> {
        self.groups
            .get(slot as usize)
            .copied()
            .filter(|group| *group != NO_GROUP)
    }

    /// Texts held.
    pub fn len(&self) -> usize {
        self.signatures.len() - self.free.len()
    }

    /// No text is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// No further text will be taken.
    pub fn is_full(&self) -> bool {
        self.len() >= self.limits.slots_max.min(COPY_SLOTS_MAX) as usize
    }

    /// Memory held.
    pub fn bytes(&self) -> IndexBytes {
        let tables: usize = self.bands.iter().map(SlotTable::bytes).sum();
        let columns = self.signatures.capacity() * SIGNATURE_VALUES
            + self.locations.capacity() * 4
            + self.groups.capacity() * 4
            + self.free.capacity() * 4;
        let held = tables + columns + self.exact.bytes() + self.arena.bytes();
        let text = self.arena.text_bytes();
        IndexBytes {
            text,
            other: (held as u64).saturating_sub(text),
        }
    }

    /// Writes the tables as they are.
    pub fn save(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&MAGIC)?;
        raw::write_u32(out, self.limits.slots_max)?;
        raw::write_u32s(out, &self.locations)?;
        raw::write_u32s(out, &self.groups)?;
        raw::write_u32s(out, &self.free)?;
        for signature in &self.signatures {
            out.write_all(signature.as_bytes())?;
        }
        self.arena.save(out)?;
        self.exact.save(out)?;
        self.bands.iter().try_for_each(|table| table.save(out))
    }

    /// Reads what [`CopyIndex::save`] wrote. The caller has checked that the bytes are
    /// unharmed; contradictions are refused all the same.
    pub fn load(input: &mut impl Read) -> Result<Self, LoadError> {
        let mut magic = [0; 8];
        input.read_exact(&mut magic)?;
        if magic != MAGIC {
            return Err(LoadError::Version);
        }
        let limits = CopyLimits {
            slots_max: raw::read_u32(input)?,
        };
        let locations = raw::read_u32s(input)?;
        let groups = raw::read_u32s(input)?;
        let free = raw::read_u32s(input)?;
        let slots = locations.len();
        let mut signatures = Vec::new();
        for _ in 0..slots {
            let mut bytes = [0; SIGNATURE_VALUES];
            input.read_exact(&mut bytes)?;
            signatures.push(Signature::from_bytes(bytes));
        }
        signatures.shrink_to_fit();
        let arena = Arena::load(input)?;
        let exact = SlotTable::load(input, slots)?;
        let mut bands = Vec::with_capacity(BANDS);
        for _ in 0..BANDS {
            bands.push(SlotTable::load(input, slots)?);
        }
        let index = Self {
            limits,
            signatures,
            locations,
            groups,
            free,
            arena,
            bands,
            exact,
        };
        index.check()?;
        Ok(index)
    }

    fn check(&self) -> Result<(), LoadError> {
        let slots = self.locations.len();
        if self.groups.len() != slots || slots > COPY_SLOTS_MAX as usize {
            return Err(LoadError::Broken("columns differ in length"));
        }
        let mut free = 0;
        for (slot, group) in self.groups.iter().enumerate() {
            if *group == NO_GROUP {
                free += 1;
            } else if self.arena.slot_at(self.locations[slot]) != Some(slot as u32) {
                return Err(LoadError::Broken("a slot points at another one's text"));
            }
        }
        let listed = |slot: &u32| self.groups.get(*slot as usize) == Some(&NO_GROUP);
        if free != self.free.len() || !self.free.iter().all(listed) {
            return Err(LoadError::Broken("the list of free slots is wrong"));
        }
        Ok(())
    }
}
