//! The server: the only crate that knows HTTP, HTML, JSON, time and configuration.
//!
//! Each folder holds one area's pages, API and jobs together; `web` is mechanism without domain
//! words. Read `ARCHITECTURE.md` for the life of a post and the life of a case.

pub mod access;
pub mod account;
pub mod admin;
pub mod answers;
pub mod app;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod desk;
pub mod error;
pub mod intake;
pub mod learning;
pub mod ledger;
pub mod lexicon;
pub mod mail;
pub mod meaning;
pub mod network;
pub mod portal;
pub mod regions;
pub mod router;
pub mod stream;
pub mod web;
