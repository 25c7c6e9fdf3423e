//! Every limit of the log, with its unit in its name.

/// Largest payload of one frame before compression. A request body of 8 MiB always fits.
pub const PAYLOAD_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Default size at which a segment is sealed and the next one begun.
pub const SEGMENT_DEFAULT_BYTES: u64 = 64 * 1024 * 1024;

/// Largest segment a log may be configured to write. Start-up reads the last segment whole, so
/// this also bounds the memory of start-up.
pub const SEGMENT_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Largest segment file that is read: a segment may overshoot by one frame that did not shrink.
pub const SEGMENT_READ_MAX_BYTES: u64 = SEGMENT_MAX_BYTES + PAYLOAD_MAX_BYTES as u64 + 4096;

/// Appended frames are handed to the operating system when this much is waiting, or at `sync`.
pub const WRITE_BUFFER_BYTES: usize = 1024 * 1024;

/// How far a reader reads ahead.
pub const READ_BUFFER_BYTES: usize = 256 * 1024;

/// Zstandard level of the payloads: speed before ratio, the archive compresses again.
pub const ZSTD_LEVEL: i32 = 1;
