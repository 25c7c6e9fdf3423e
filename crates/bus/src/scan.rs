//! Finds the intact frames in the bytes of one segment, and names everything else.

use crate::format::{
    FRAME_HEADER_BYTES, FRAME_MAGIC, FrameHeader, HEADER_COPY_BYTES, SEGMENT_HEADER_BYTES,
    SegmentHeader,
};
use crate::limits::PAYLOAD_MAX_BYTES;
use crate::quarantine::DamageReason;

/// One intact frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundFrame {
    /// Number of the frame.
    pub sequence: u64,
    /// Byte offset in the segment.
    pub offset: u64,
    /// Bytes of header and stored payload.
    pub bytes: u64,
    /// Records in the frame.
    pub records: u32,
    /// Microseconds since 1970, UTC.
    pub appended_at_us: i64,
    /// Frames with a smaller number were durable when this one was appended.
    pub durable_before: u64,
}

/// Bytes that are no intact frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DamagedRegion {
    /// Byte offset in the segment.
    pub offset: u64,
    /// Length; 0 when frames are missing without a trace.
    pub bytes: u64,
    /// What is wrong with the first of these bytes.
    pub reason: DamageReason,
    /// The frame that should begin here.
    pub first_sequence: u64,
    /// The first intact frame after it; equal to `first_sequence` when no frame is lost.
    pub next_sequence: u64,
}

/// What a segment holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Intact frames in order.
    pub frames: Vec<FoundFrame>,
    /// Damage with intact frames after it, or in the head of the segment.
    pub damaged: Vec<DamagedRegion>,
    /// Damage up to the end of the bytes: a torn write, or a damaged last frame.
    pub tail: Option<DamagedRegion>,
    /// Whether the tail is as long as a whole frame, so that it may have been acknowledged.
    pub tail_is_whole_frame: bool,
    /// End of the last intact frame.
    pub intact_end: u64,
    pub(crate) header: Option<SegmentHeader>,
}

impl Scan {
    /// The number that the frame after the last intact one has, if any frame was found.
    #[must_use]
    pub fn next_sequence(&self) -> Option<u64> {
        self.frames
            .last()
            .map(|frame| frame.sequence.saturating_add(1))
    }

    /// Frames below this were certainly durable once, on the word of the frames that are intact.
    pub(crate) fn durable_before(&self) -> u64 {
        self.frames
            .iter()
            .map(|frame| frame.durable_before)
            .max()
            .unwrap_or(0)
    }
}

/// Finds every intact frame in `bytes`, the content of one segment file.
///
/// Never panics and takes memory in proportion to the input (at most one [`FoundFrame`] for each
/// frame header that fits in it), whatever the bytes are.
#[must_use]
pub fn recover_bytes(bytes: &[u8]) -> Scan {
    let mut scan = Scan {
        header: scan_header(bytes),
        ..Scan::default()
    };
    let Some(header) = scan.header else {
        scan.tail = Some(DamagedRegion {
            offset: 0,
            bytes: bytes.len() as u64,
            reason: DamageReason::SegmentHeader,
            first_sequence: 0,
            next_sequence: 0,
        });
        scan.tail_is_whole_frame = bytes.len() > SEGMENT_HEADER_BYTES;
        return scan;
    };
    note_header_copies(bytes, &header, &mut scan);
    scan_frames(bytes, &header, &mut scan);
    scan
}

/// The header, from whichever of its two copies is intact.
pub(crate) fn scan_header(bytes: &[u8]) -> Option<SegmentHeader> {
    SegmentHeader::decode_copy(bytes)
        .or_else(|| SegmentHeader::decode_copy(bytes.get(HEADER_COPY_BYTES..)?))
}

fn note_header_copies(bytes: &[u8], header: &SegmentHeader, scan: &mut Scan) {
    for copy in 0..2 {
        let offset = copy * HEADER_COPY_BYTES;
        let end = bytes.len().min(offset + HEADER_COPY_BYTES);
        let found = bytes.get(offset..end).and_then(SegmentHeader::decode_copy);
        if found != Some(*header) {
            scan.damaged.push(DamagedRegion {
                offset: offset as u64,
                bytes: end.saturating_sub(offset) as u64,
                reason: DamageReason::HeaderCopy,
                first_sequence: header.first_sequence,
                next_sequence: header.first_sequence,
            });
        }
    }
}

fn scan_frames(bytes: &[u8], header: &SegmentHeader, scan: &mut Scan) {
    let seed = header.seed();
    let mut offset = SEGMENT_HEADER_BYTES.min(bytes.len());
    let mut expected = header.first_sequence;
    scan.intact_end = offset as u64;
    while offset < bytes.len() {
        let (start, reason) = match frame_at(bytes, offset, seed) {
            Ok(frame) if frame.sequence >= expected => {
                (Some((offset, frame)), DamageReason::Missing)
            }
            Ok(_) => (
                next_frame(bytes, offset + 1, seed, expected),
                DamageReason::Sequence,
            ),
            Err(reason) => (next_frame(bytes, offset + 1, seed, expected), reason),
        };
        let region = |end: usize, next_sequence| DamagedRegion {
            offset: offset as u64,
            bytes: (end - offset) as u64,
            reason,
            first_sequence: expected,
            next_sequence,
        };
        let Some((at, frame)) = start else {
            scan.tail = Some(region(bytes.len(), expected));
            scan.tail_is_whole_frame = reason != DamageReason::Incomplete;
            return;
        };
        if at != offset || frame.sequence != expected {
            scan.damaged.push(region(at, frame.sequence));
        }
        let length = FRAME_HEADER_BYTES + frame.stored_bytes as usize;
        scan.frames.push(FoundFrame {
            sequence: frame.sequence,
            offset: at as u64,
            bytes: length as u64,
            records: frame.records,
            appended_at_us: frame.appended_at_us,
            durable_before: frame.durable_before,
        });
        offset = at + length;
        expected = frame.sequence.saturating_add(1);
        scan.intact_end = offset as u64;
    }
}

/// The frame at `offset`, with both checksums verified.
fn frame_at(bytes: &[u8], offset: usize, seed: u32) -> Result<FrameHeader, DamageReason> {
    let rest = bytes.get(offset..).unwrap_or(&[]);
    if rest.len() < FRAME_HEADER_BYTES || rest.iter().all(|byte| *byte == 0) {
        return Err(DamageReason::Incomplete);
    }
    let frame = FrameHeader::decode(rest, seed).ok_or(DamageReason::FrameHeader)?;
    if frame.raw_bytes as usize > PAYLOAD_MAX_BYTES {
        return Err(DamageReason::FrameHeader);
    }
    let end = FRAME_HEADER_BYTES + frame.stored_bytes as usize;
    let stored = rest
        .get(FRAME_HEADER_BYTES..end)
        .ok_or(DamageReason::Incomplete)?;
    if frame.payload_intact(stored, seed) {
        Ok(frame)
    } else {
        Err(DamageReason::Payload)
    }
}

/// The next intact frame at or after `from` that does not repeat an earlier number.
fn next_frame(bytes: &[u8], from: usize, seed: u32, expected: u64) -> Option<(usize, FrameHeader)> {
    let mut at = from;
    while let Some(found) = find_magic(bytes, at) {
        if let Ok(frame) = frame_at(bytes, found, seed)
            && frame.sequence >= expected
        {
            return Some((found, frame));
        }
        at = found + 1;
    }
    None
}

fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(FRAME_MAGIC.len())
        .position(|window| window == FRAME_MAGIC)
        .map(|at| from + at)
}
