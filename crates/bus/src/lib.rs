//! The intake log: what was acknowledged is on disk, in order, and stays readable.
//!
//! This crate is the only one that knows how the log is kept. It is synchronous, reads no clock
//! (time is passed in as microseconds since 1970, UTC) and knows nothing of posts: a frame is
//! opaque bytes and the number of records in them. `docs/log-format.md` describes the files so
//! that another tool can read them.
//!
//! The shape of a writer that acknowledges only what is durable:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! use bus::{LogOptions, Position, SegmentLog};
//!
//! let (mut log, recovery) = SegmentLog::open(folder.path(), LogOptions::default())?;
//! assert!(recovery.quarantined.is_empty());
//! log.append(b"a batch of posts", 1, 1_700_000_000_000_000)?;
//! log.sync()?; // only now may the producer be told "accepted"
//!
//! let mut reader = log.reader(Position::OLDEST)?;
//! while let Some(frame) = reader.next()? {
//!     assert_eq!(frame.payload, b"a batch of posts");
//! }
//! # Ok(())
//! # }
//! ```

mod disk;
mod encoder;
mod error;
mod format;
pub mod limits;
mod log;
mod position;
mod quarantine;
mod reader;
mod recovery;
mod scan;
mod segment;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod power_cut_tests;
#[cfg(test)]
mod simulated_disk;

pub use error::LogError;
pub use log::{Durability, LogOptions, SegmentLog};
pub use position::{DurableEnd, Position};
pub use quarantine::{DamageReason, Quarantined};
pub use reader::{Frame, Reader};
pub use recovery::Recovery;
pub use scan::{DamagedRegion, FoundFrame, Scan, recover_bytes};
