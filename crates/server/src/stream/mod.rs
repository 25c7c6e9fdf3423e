//! From the log to the radar: copies, matches, counts.

pub mod archive;

/// Figures of the running stream for the top bar and the radar.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LiveFigures {
    /// Rises with every projection onto the radar; pages refresh when it moved.
    pub version: u64,
    /// Posts a second over the last ten seconds.
    pub posts_per_second: f64,
    /// Milliseconds from receipt to the radar, of the slowest post of the last projection.
    pub to_radar_ms: u64,
    /// Posts of the last 24 hours, and how many of them were copies and matched a check.
    pub posts_24h: u64,
    /// Copies among them.
    pub copies_24h: u64,
    /// Those whose cluster has a suggested or confirmed answer.
    pub matched_24h: u64,
}
