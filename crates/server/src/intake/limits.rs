//! Every limit of intake, with its unit in its name.

/// One request body, compressed or not, in bytes.
pub const REQUEST_BYTES: usize = 8 * 1024 * 1024;
/// One request body after decompression, in bytes.
pub const REQUEST_PLAIN_BYTES: usize = 8 * 1024 * 1024;
/// Lines of one request.
pub const REQUEST_LINES: usize = 10_000;
/// Posts waiting for the log, in bytes of their text and fields; above it intake answers 429.
pub const QUEUE_BYTES: usize = 64 * 1024 * 1024;
/// Batches waiting for the log, by the stream and by tips each.
pub const QUEUE_BATCHES: usize = 4_096;
/// What tips may wait with on their own, in bytes, so that the stream never starves them.
pub const TIP_QUEUE_BYTES: usize = 4 * 1024 * 1024;
/// Posts of one group commit, in bytes of JSON: one frame of the log.
pub const GROUP_COMMIT_BYTES: usize = 6 * 1024 * 1024;
/// Posts that may lie between the log's end and the stream before intake answers 429.
pub const STREAM_BEHIND_POSTS: u64 = 4_000_000;
/// What a refused sender is told to wait, in seconds.
pub const RETRY_AFTER_S: u32 = 1;
/// Identities of posts remembered per generation; two generations are kept. 8 bytes each on disk,
/// 9 to 10 in memory.
pub const SEEN_IDS_PER_GENERATION: usize = 32_000_000;
/// Rejected lines named in one answer; the rest are counted.
pub const REJECTED_NAMED: usize = 10_000;
