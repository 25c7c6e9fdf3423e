//! What work costs this thread.

use std::time::Instant;

/// Processor time of this thread, so that a busy machine does not count; wall time where
/// the system does not tell it. Good to some milliseconds: for batches.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    wall: Instant,
    nanos: Option<u64>,
}

impl Work {
    pub(crate) fn begin() -> Self {
        Self {
            wall: Instant::now(),
            nanos: Self::thread_nanos(),
        }
    }

    fn thread_nanos() -> Option<u64> {
        let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        line.split(' ').next()?.parse().ok()
    }

    pub(crate) fn seconds(&self) -> f64 {
        match (self.nanos, Self::thread_nanos()) {
            (Some(from), Some(to)) => (to - from) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}
