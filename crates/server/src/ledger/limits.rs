//! Every limit of the ledger's room, with its unit in its name.

use domain::Timestamp;

/// How often the head of the ledger is looked at for a new checkpoint, in milliseconds.
pub const SIGN_EVERY_MS: u64 = 400;
/// The largest note a witness may send, in bytes.
pub const NOTE_BYTES: usize = 64 * 1024;
/// How far a witness's clock may run ahead of ours, in seconds.
pub const CLOCK_AHEAD_S: u64 = 300;
/// Tiles, checkpoints and proofs from one address that may follow one another at once: a monitor
/// reads a log of a million entries in 4,000 tiles and as many bundles.
pub const READS_PER_ADDRESS: u32 = 2_000;
/// After those, one more for each such span, in microseconds.
pub const READ_EVERY_US: i64 = Timestamp::SECOND_US / 50;
/// Cosignatures from one address that may follow one another at once.
pub const COSIGNATURES_PER_ADDRESS: u32 = 20;
/// After those, one more for each such span, in microseconds.
pub const COSIGNATURE_EVERY_US: i64 = 3 * Timestamp::SECOND_US;
/// Addresses that are remembered; 32 bytes each.
pub const GATE_KEYS: usize = 16_384;
/// A witness waits so long for an answer, in seconds.
pub const WITNESS_WAIT_S: u64 = 30;
/// The largest answer a witness reads, in bytes.
pub const WITNESS_ANSWER_BYTES: usize = 256 * 1024;
/// A witness's name, in characters.
pub const WITNESS_NAME_CHARS: usize = 120;
/// The largest bundle in one file that is read, in bytes.
pub const BUNDLE_FILE_BYTES: u64 = 2 << 30;
