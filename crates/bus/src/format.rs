//! The bytes of a segment file. `docs/log-format.md` says the same in prose.

use crc32c::{crc32c, crc32c_append};

/// Newest format version this program writes and reads.
pub(crate) const VERSION: u16 = 1;
pub(crate) const SEGMENT_MAGIC: [u8; 8] = *b"KTGLOG\r\n";
pub(crate) const FRAME_MAGIC: [u8; 4] = *b"KFR\x9e";
pub(crate) const HEADER_COPY_BYTES: usize = 48;
/// A segment begins with two identical copies of its header.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 2 * HEADER_COPY_BYTES;
pub(crate) const FRAME_HEADER_BYTES: usize = 56;
pub(crate) const FLAG_ZSTD: u8 = 1;

/// What the head of a segment file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) version: u16,
    pub(crate) first_sequence: u64,
    /// First sequence of the segment written before this one, 0 for none.
    pub(crate) previous_segment: u64,
    /// Not before the newest frame of the previous segment.
    pub(crate) created_at_us: i64,
    /// Random; goes into every checksum so that no producer can plant a frame inside a payload.
    pub(crate) salt: u64,
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut copy = [0; HEADER_COPY_BYTES];
        copy[..8].copy_from_slice(&SEGMENT_MAGIC);
        copy[8..10].copy_from_slice(&self.version.to_le_bytes());
        copy[16..24].copy_from_slice(&self.first_sequence.to_le_bytes());
        copy[24..32].copy_from_slice(&self.previous_segment.to_le_bytes());
        copy[32..40].copy_from_slice(&self.created_at_us.to_le_bytes());
        copy[40..48].copy_from_slice(&self.salt.to_le_bytes());
        let crc = header_copy_crc(&copy);
        copy[12..16].copy_from_slice(&crc.to_le_bytes());
        let mut out = [0; SEGMENT_HEADER_BYTES];
        out[..HEADER_COPY_BYTES].copy_from_slice(&copy);
        out[HEADER_COPY_BYTES..].copy_from_slice(&copy);
        out
    }

    /// Reads one copy, `None` when its checksum is wrong or it is short.
    pub(crate) fn decode_copy(bytes: &[u8]) -> Option<SegmentHeader> {
        let copy = bytes.get(..HEADER_COPY_BYTES)?;
        let intact = copy[..8] == SEGMENT_MAGIC && u32_at(copy, 12) == header_copy_crc(copy);
        intact.then(|| SegmentHeader {
            version: u16_at(copy, 8),
            first_sequence: u64_at(copy, 16),
            previous_segment: u64_at(copy, 24),
            created_at_us: u64_at(copy, 32).cast_signed(),
            salt: u64_at(copy, 40),
        })
    }

    /// Checksum seed of every frame in this segment.
    pub(crate) fn seed(&self) -> u32 {
        crc32c(&self.salt.to_le_bytes())
    }
}

/// What the head of a frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) flags: u8,
    pub(crate) records: u32,
    pub(crate) sequence: u64,
    pub(crate) appended_at_us: i64,
    /// Frames with a smaller number were durable when this one was appended.
    pub(crate) durable_before: u64,
    pub(crate) stored_bytes: u32,
    pub(crate) raw_bytes: u32,
    pub(crate) payload_crc: u32,
}

impl FrameHeader {
    pub(crate) fn encode(&self, seed: u32) -> [u8; FRAME_HEADER_BYTES] {
        let mut out = [0; FRAME_HEADER_BYTES];
        out[..4].copy_from_slice(&FRAME_MAGIC);
        out[8] = 1;
        out[9] = self.flags;
        out[12..16].copy_from_slice(&self.records.to_le_bytes());
        out[16..24].copy_from_slice(&self.sequence.to_le_bytes());
        out[24..32].copy_from_slice(&self.appended_at_us.to_le_bytes());
        out[32..40].copy_from_slice(&self.durable_before.to_le_bytes());
        out[40..44].copy_from_slice(&self.stored_bytes.to_le_bytes());
        out[44..48].copy_from_slice(&self.raw_bytes.to_le_bytes());
        out[48..52].copy_from_slice(&self.payload_crc.to_le_bytes());
        let crc = frame_header_crc(&out, seed);
        out[4..8].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads the header at the start of `bytes`, `None` when it is short or its checksum is wrong.
    pub(crate) fn decode(bytes: &[u8], seed: u32) -> Option<FrameHeader> {
        let head = bytes.get(..FRAME_HEADER_BYTES)?;
        let intact = head[..4] == FRAME_MAGIC && u32_at(head, 4) == frame_header_crc(head, seed);
        intact.then(|| FrameHeader {
            flags: head[9],
            records: u32_at(head, 12),
            sequence: u64_at(head, 16),
            appended_at_us: u64_at(head, 24).cast_signed(),
            durable_before: u64_at(head, 32),
            stored_bytes: u32_at(head, 40),
            raw_bytes: u32_at(head, 44),
            payload_crc: u32_at(head, 48),
        })
    }

    /// Whether the stored payload is the one this header was written for.
    pub(crate) fn payload_intact(&self, stored: &[u8], seed: u32) -> bool {
        payload_crc(stored, seed) == self.payload_crc
    }
}

pub(crate) fn payload_crc(stored: &[u8], seed: u32) -> u32 {
    crc32c_append(seed, stored)
}

fn header_copy_crc(copy: &[u8]) -> u32 {
    crc32c_append(crc32c(&copy[..12]), &copy[16..HEADER_COPY_BYTES])
}

fn frame_header_crc(head: &[u8], seed: u32) -> u32 {
    crc32c_append(
        crc32c_append(seed, &head[..4]),
        &head[8..FRAME_HEADER_BYTES],
    )
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | (u64::from(u32_at(bytes, at + 4)) << 32)
}
