//! Copies of one another and claims checked before: pure computation on text.
//!
//! Same input, same output, at any thread count. No input or output, no clock.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are bounded by the constants in `limits`, far below 32 bits; weights are positive"
)]

mod aliases;
pub mod answer;
pub mod calibration;
pub mod claims;
mod contradiction;
pub mod copies;
mod dates;
pub mod difference;
mod districts;
mod drawn_out;
pub mod evaluate;
pub mod fingerprint;
mod fold;
pub mod grouping;
pub mod language;
mod leet;
pub mod lexicon;
pub mod limits;
mod links;
pub mod meaning;
pub mod model;
pub mod normalise;
mod numbers;
pub mod rank;
mod segment;
pub mod stem;
mod tokens;
pub mod train;
mod words;
