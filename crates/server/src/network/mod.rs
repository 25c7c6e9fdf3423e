//! The network: who takes part, where, and what they agreed.

pub mod agreements;
pub mod words;
