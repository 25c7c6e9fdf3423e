//! One suite for both engines: each operation with what can go wrong in it.
//!
//! Every test runs on SQLite, and on PostgreSQL too when `KENTONGAN_TEST_POSTGRES` holds the
//! address of a server where databases may be made; each test makes its own and drops it. The
//! suite says which engines it ran on (`cargo test -p store --test conformance -- --nocapture`).

#![cfg(test)]

mod engine;
mod network;

mod agreements;
mod audit_reach;
mod audit_trail;
mod cases;
mod clusters;
mod directory;
mod fact_checks;
mod identity;
mod learning;
mod ledger;
mod passkeys;
mod people;
mod radar;
mod schema;
mod tips_and_feeds;
