//! What each fuzz target asserts, as plain functions: libFuzzer calls them with bytes of its own,
//! `tests/seeds.rs` with the seeds. Each has an oracle that shares no code with what it watches.

pub mod agreement;
pub mod bytes;
pub mod case;
pub mod line;
pub mod log;
pub mod message;
pub mod note;
pub mod segment;
