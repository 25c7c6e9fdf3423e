//! Texts in chunks, each with a note of its owner: appended, marked dead, and moved together when
//! a chunk is mostly dead.

use std::io::{self, Read, Write};

use super::LoadError;
use super::raw;
use crate::limits::{ARENA_CHUNK_BYTES, COPY_NOTE_BYTES_MAX, COPY_TEXT_BYTES_MAX};

/// Slot number, length of the text and length of the note before each text.
const HEADER_BYTES: usize = 8;
// Lengths are kept in two bytes each.
const _: () = assert!(COPY_TEXT_BYTES_MAX <= u16::MAX as usize);
const _: () = assert!(COPY_NOTE_BYTES_MAX <= u16::MAX as usize);
/// Texts begin at multiples of this, so that 32 bits address 16 GiB.
const ALIGN_BYTES: usize = 4;
const UNITS_PER_CHUNK: usize = ARENA_CHUNK_BYTES / ALIGN_BYTES;

/// Where a text lies, in units of four bytes.
pub(super) type Location = u32;

#[derive(Debug, Default)]
pub(super) struct Arena {
    chunks: Vec<Chunk>,
    free: Vec<u32>,
    current: u32,
    text_bytes: u64,
}

#[derive(Debug, Default)]
struct Chunk {
    bytes: Vec<u8>,
    dead_bytes: usize,
}

fn padded(length: usize) -> usize {
    (HEADER_BYTES + length).next_multiple_of(ALIGN_BYTES)
}

impl Arena {
    /// Stores a text of at most [`COPY_TEXT_BYTES_MAX`] and a note of at most
    /// [`COPY_NOTE_BYTES_MAX`].
    pub(super) fn add(&mut self, slot: u32, text: &str, note: &[u8]) -> Location {
        let needed = padded(text.len() + note.len());
        if self.chunks.is_empty() {
            self.current = self.open();
        }
        if self.chunks[self.current as usize].bytes.len() + needed > ARENA_CHUNK_BYTES {
            self.current = self.open();
        }
        let chunk = &mut self.chunks[self.current as usize].bytes;
        let at = chunk.len();
        if chunk.capacity() < at + needed {
            let more = chunk
                .capacity()
                .max(4096)
                .min(ARENA_CHUNK_BYTES - at)
                .max(needed);
            chunk.reserve_exact(more);
        }
        chunk.extend_from_slice(&slot.to_le_bytes());
        chunk.extend_from_slice(&(text.len() as u16).to_le_bytes());
        chunk.extend_from_slice(&(note.len() as u16).to_le_bytes());
        chunk.extend_from_slice(text.as_bytes());
        chunk.extend_from_slice(note);
        chunk.resize(at + needed, 0);
        self.text_bytes += text.len() as u64;
        self.current * UNITS_PER_CHUNK as u32 + (at / ALIGN_BYTES) as u32
    }

    fn open(&mut self) -> u32 {
        if let Some(chunk) = self.free.pop() {
            return chunk;
        }
        self.chunks.push(Chunk::default());
        self.chunks.len() as u32 - 1
    }

    fn entry(&self, location: Location) -> Option<Entry<'_>> {
        let chunk = &self.chunks.get(location as usize / UNITS_PER_CHUNK)?.bytes;
        entry_at(chunk, location as usize % UNITS_PER_CHUNK * ALIGN_BYTES)
    }

    pub(super) fn text(&self, location: Location) -> &str {
        let bytes = self.entry(location).map_or(&[][..], |entry| entry.text);
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The note beside a text.
    pub(super) fn note(&self, location: Location) -> &[u8] {
        self.entry(location).map_or(&[], |entry| entry.note)
    }

    /// Marks a text dead. Where its chunk is now mostly dead, the living texts move and
    /// `moved` is told the slot and the new location of each.
    pub(super) fn remove(&mut self, location: Location, mut moved: impl FnMut(u32, Location)) {
        let index = location / UNITS_PER_CHUNK as u32;
        let Some(entry) = self.entry(location) else {
            return;
        };
        let (length, size) = (entry.text.len(), entry.size());
        self.text_bytes -= length as u64;
        let chunk = &mut self.chunks[index as usize];
        let at = location as usize % UNITS_PER_CHUNK * ALIGN_BYTES;
        chunk.bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        chunk.dead_bytes += size;
        let mostly_dead = chunk.dead_bytes * 2 > ARENA_CHUNK_BYTES
            || (chunk.dead_bytes == chunk.bytes.len() && index != self.current);
        if !mostly_dead {
            return;
        }
        let old = std::mem::take(chunk);
        if index == self.current {
            self.current = self.open();
        }
        self.free.push(index);
        let mut at = 0;
        while let Some(entry) = entry_at(&old.bytes, at) {
            at += entry.size();
            if entry.slot != u32::MAX {
                self.text_bytes -= entry.text.len() as u64;
                let text = std::str::from_utf8(entry.text).unwrap_or_default();
                let location = self.add(entry.slot, text, entry.note);
                moved(entry.slot, location);
            }
        }
    }

    /// Bytes of living text.
    pub(super) fn text_bytes(&self) -> u64 {
        self.text_bytes
    }

    /// Bytes held in all.
    pub(super) fn bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(|chunk| chunk.bytes.capacity()).sum();
        chunks + self.chunks.capacity() * size_of::<Chunk>() + self.free.capacity() * 4
    }

    pub(super) fn save(&self, out: &mut impl Write) -> io::Result<()> {
        raw::write_u32(out, self.current)?;
        raw::write_u32s(out, &self.free)?;
        raw::write_u32(out, self.chunks.len() as u32)?;
        for chunk in &self.chunks {
            raw::write_bytes(out, &chunk.bytes)?;
        }
        Ok(())
    }

    /// Reads an arena; every entry must be whole and valid text.
    pub(super) fn load(input: &mut impl Read) -> Result<Self, LoadError> {
        let mut arena = Self {
            current: raw::read_u32(input)?,
            free: raw::read_u32s(input)?,
            ..Self::default()
        };
        let count = raw::read_u32(input)?;
        for _ in 0..count {
            let mut chunk = Chunk {
                bytes: raw::read_bytes(input)?,
                dead_bytes: 0,
            };
            let mut at = 0;
            while let Some(entry) = entry_at(&chunk.bytes, at) {
                at += entry.size();
                if entry.slot == u32::MAX {
                    chunk.dead_bytes += entry.size();
                } else {
                    arena.text_bytes += entry.text.len() as u64;
                }
                if std::str::from_utf8(entry.text).is_err() {
                    return Err(LoadError::Broken("a text is not valid UTF-8"));
                }
            }
            if at != chunk.bytes.len() || at > ARENA_CHUNK_BYTES {
                return Err(LoadError::Broken(
                    "a chunk of texts does not end with a text",
                ));
            }
            arena.chunks.push(chunk);
        }
        let known = |chunk: u32| (chunk as usize) < arena.chunks.len();
        let empty = |chunk: &u32| known(*chunk) && arena.chunks[*chunk as usize].bytes.is_empty();
        if (count > 0 && !known(arena.current)) || !arena.free.iter().all(empty) {
            return Err(LoadError::Broken(
                "the arena names a chunk that is not there",
            ));
        }
        Ok(arena)
    }

    /// The slot that the text at a location belongs to.
    pub(super) fn slot_at(&self, location: Location) -> Option<u32> {
        self.entry(location).map(|entry| entry.slot)
    }
}

/// One text as it lies in its chunk.
struct Entry<'a> {
    slot: u32,
    text: &'a [u8],
    note: &'a [u8],
}

impl Entry<'_> {
    fn size(&self) -> usize {
        padded(self.text.len() + self.note.len())
    }
}

fn entry_at(chunk: &[u8], at: usize) -> Option<Entry<'_>> {
    let header = chunk.get(at..at + HEADER_BYTES)?;
    let (slot, lengths) = header.split_at(4);
    let (text, note) = lengths.split_at(2);
    let slot = u32::from_le_bytes(slot.try_into().ok()?);
    let text = usize::from(u16::from_le_bytes(text.try_into().ok()?));
    let note = usize::from(u16::from_le_bytes(note.try_into().ok()?));
    chunk.get(at..at + padded(text + note))?;
    let (text, rest) = chunk[at + HEADER_BYTES..].split_at(text);
    Some(Entry {
        slot,
        text,
        note: &rest[..note],
    })
}
