//! The server as its users meet it: HTTP in, durable log, stream, radar, answers out.
//!
//! Every test has its own data folder, its own database (SQLite, or PostgreSQL when
//! `KENTONGAN_TEST_POSTGRES` holds a server's address) and a free port. The archive's tests in a
//! bucket need `KENTONGAN_TEST_S3`.

#![cfg(test)]

mod agreements;
mod answers;
mod bucket;
mod desk;
mod directory;
mod harness;
mod identity;
mod learning;
mod ledger;
mod life;
mod meaning;
mod overload;
mod posts;
mod real_posts;
mod restart;
mod scale;
mod visitors;
mod walk;
