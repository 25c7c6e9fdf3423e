//! What the real binary survives: each test starts `kentongan serve` on a free port and a
//! temporary folder, hurts it, and counts what is left.
//!
//! `KENTONGAN_TEST_KILL_ROUNDS` sets the rounds of the `kill -9` test (3 without it; `make soak`
//! runs 200). That a missing fsync loses acknowledged posts in a power cut is proven on a
//! simulated disk in `crates/bus/src/power_cut_tests.rs`; a killed process alone cannot show it,
//! because the system keeps what the process wrote.

#![cfg(test)]

mod clock;
mod damage;
mod door;
mod import;
mod kill;
mod nonsense;
mod server;
mod space;
