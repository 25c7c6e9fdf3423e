//! A segment file as `docs/log-format.md` describes it, written and read without a line of
//! `crates/bus`: the page alone has to be enough for another tool.

use crate::bytes::Bytes;

/// Two copies of the segment's header.
pub const HEAD_BYTES: usize = 96;
/// The header of a frame.
pub const FRAME_HEAD_BYTES: usize = 56;
const PAYLOAD_MAX_BYTES: u32 = 16 << 20;

/// CRC32C bit by bit, over several pieces.
pub fn crc32c(pieces: &[&[u8]]) -> u32 {
    let mut crc = !0_u32;
    for byte in pieces.iter().copied().flatten() {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0x82f6_3b78 * (crc & 1));
        }
    }
    !crc
}

/// How the payload of a frame is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// As it is.
    Plain,
    /// As one Zstandard frame.
    Packed,
    /// Marked as Zstandard, though it is none: a writer's fault behind right checksums.
    Broken,
}

/// A frame to be written.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its number.
    pub sequence: u64,
    /// Records it says it has.
    pub records: u32,
    /// Microseconds since 1970.
    pub appended_at_us: i64,
    /// Frames below this were durable.
    pub durable_before: u64,
    /// What it carries.
    pub payload: Vec<u8>,
    /// In which form.
    pub stored: Stored,
}

/// The head of a segment.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Number of the first frame.
    pub first_sequence: u64,
    /// Number of the first frame of the segment before.
    pub previous: u64,
    /// Microseconds since 1970.
    pub created_at_us: i64,
    /// In every checksum.
    pub salt: u64,
}

impl Head {
    /// Its bytes, both copies.
    pub fn encode(&self) -> Vec<u8> {
        let mut copy = b"KTGLOG\r\n".to_vec();
        copy.extend([1, 0, 0, 0]);
        let mut rest = self.first_sequence.to_le_bytes().to_vec();
        rest.extend(self.previous.to_le_bytes());
        rest.extend(self.created_at_us.to_le_bytes());
        rest.extend(self.salt.to_le_bytes());
        let crc = crc32c(&[&copy, &rest]);
        copy.extend(crc.to_le_bytes());
        copy.extend(rest);
        [&copy[..], &copy].concat()
    }
}

impl Planned {
    /// Its bytes in a segment of this salt.
    pub fn encode(&self, salt: u64) -> Vec<u8> {
        let stored = match self.stored {
            Stored::Plain => self.payload.clone(),
            Stored::Packed => zstandard_of(&self.payload),
            Stored::Broken => [&b"\x28\xb5\x2f\xfe"[..], &self.payload].concat(),
        };
        let salt = salt.to_le_bytes();
        let mut rest = vec![1, u8::from(self.stored != Stored::Plain), 0, 0];
        rest.extend(self.records.to_le_bytes());
        rest.extend(self.sequence.to_le_bytes());
        rest.extend(self.appended_at_us.to_le_bytes());
        rest.extend(self.durable_before.to_le_bytes());
        rest.extend(length(&stored));
        rest.extend(length(&self.payload));
        rest.extend(crc32c(&[&salt, &stored]).to_le_bytes());
        rest.extend([0; 4]);
        let magic = [0x4b, 0x46, 0x52, 0x9e];
        let crc = crc32c(&[&salt, &magic, &rest]).to_le_bytes();
        [&magic[..], &crc, &rest, &stored].concat()
    }
}

fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).expect("small").to_le_bytes()
}

/// One Zstandard frame of one raw block (RFC 8878).
fn zstandard_of(payload: &[u8]) -> Vec<u8> {
    let block = u32::try_from(payload.len()).expect("small") << 3 | 1;
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    frame.extend(length(payload));
    frame.extend(&block.to_le_bytes()[..3]);
    frame.extend(payload);
    frame
}

/// An intact frame somewhere in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intact {
    /// Where it begins.
    pub offset: usize,
    /// Header and stored payload.
    pub bytes: usize,
    /// Its number.
    pub sequence: u64,
}

/// The salt and the first number, from whichever copy of the header is intact.
pub fn head_of(segment: &[u8]) -> Option<(u64, u64)> {
    [0, 48].into_iter().find_map(|at| {
        let copy = segment.get(at..at + 48)?;
        let crc = crc32c(&[&copy[..12], &copy[16..]]).to_le_bytes();
        let intact = &copy[..8] == b"KTGLOG\r\n" && copy[12..16] == crc;
        intact.then(|| (Bytes(&copy[40..]).number(8), Bytes(&copy[16..]).number(8)))
    })
}

/// The intact frames in order: from the left, the first one that begins where or after the last
/// one ended and does not repeat a number.
pub fn intact_frames(segment: &[u8]) -> Vec<Intact> {
    let mut found: Vec<Intact> = Vec::new();
    let Some((salt, first)) = head_of(segment) else {
        return found;
    };
    let mut end = HEAD_BYTES;
    let mut least = first;
    for offset in HEAD_BYTES..segment.len() {
        if let Some(frame) = intact_at(segment, offset, salt)
            && offset >= end
            && frame.sequence >= least
        {
            end = offset + frame.bytes;
            least = frame.sequence + 1;
            found.push(frame);
        }
    }
    found
}

fn intact_at(segment: &[u8], offset: usize, salt: u64) -> Option<Intact> {
    let rest = &segment[offset..];
    let head = rest.get(..FRAME_HEAD_BYTES)?;
    if head[..4] != [0x4b, 0x46, 0x52, 0x9e] {
        return None;
    }
    let salt = salt.to_le_bytes();
    let stored_bytes = usize::try_from(Bytes(&head[40..]).number(4)).ok()?;
    let raw_bytes = Bytes(&head[44..]).number(4);
    let stored = rest.get(FRAME_HEAD_BYTES..FRAME_HEAD_BYTES + stored_bytes)?;
    let intact = head[4..8] == crc32c(&[&salt, &head[..4], &head[8..]]).to_le_bytes()
        && head[48..52] == crc32c(&[&salt, stored]).to_le_bytes()
        && raw_bytes <= u64::from(PAYLOAD_MAX_BYTES);
    intact.then(|| Intact {
        offset,
        bytes: FRAME_HEAD_BYTES + stored_bytes,
        sequence: Bytes(&head[16..]).number(8),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_everybody_means() {
        assert_eq!(crc32c(&[b"1234", b"56789"]), 0xe306_9283);
    }
}
