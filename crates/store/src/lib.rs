//! store
/// Place of the relational store; the store's own work replaces it.
#[derive(Clone)]
pub struct Store;
