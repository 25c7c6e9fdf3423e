//! Where a frame lies, and how far the log is durable.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering as Memory};

/// The place of one frame. Ordered by `sequence`; the other two fields only let a reader start
/// without searching, and a wrong one costs a search and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// Number of the frame, counted from 1 over the whole life of the log.
    pub sequence: u64,
    /// Number of the first frame in the segment file that holds it.
    pub segment: u64,
    /// Byte offset of the frame in that file.
    pub offset: u64,
}

impl Position {
    /// The oldest frame that retention has kept.
    pub const OLDEST: Position = Position {
        sequence: 0,
        segment: 0,
        offset: 0,
    };

    /// Length of [`Position::to_bytes`].
    pub const BYTES: usize = 24;

    /// Sequence, segment and offset as little-endian `u64`, for a checkpoint.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[..8].copy_from_slice(&self.sequence.to_le_bytes());
        out[8..16].copy_from_slice(&self.segment.to_le_bytes());
        out[16..].copy_from_slice(&self.offset.to_le_bytes());
        out
    }

    /// The inverse of [`Position::to_bytes`]; every 24 bytes are a position.
    #[must_use]
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Position {
        let field = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(word)
        };
        Position {
            sequence: field(0),
            segment: field(8),
            offset: field(16),
        }
    }
}

impl PartialEq for Position {
    fn eq(&self, other: &Position) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Position {}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Position) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Position {
    fn cmp(&self, other: &Position) -> Ordering {
        self.sequence.cmp(&other.sequence)
    }
}

/// The first frame number that is *not* yet durable; shared by the writer with its readers.
#[derive(Debug, Clone)]
pub struct DurableEnd(Arc<AtomicU64>);

impl DurableEnd {
    pub(crate) fn at(sequence: u64) -> DurableEnd {
        DurableEnd(Arc::new(AtomicU64::new(sequence)))
    }

    /// Every frame with a smaller number is durable.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.0.load(Memory::Acquire)
    }

    pub(crate) fn advance(&self, sequence: u64) {
        self.0.store(sequence, Memory::Release);
    }
}
