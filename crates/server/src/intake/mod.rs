//! The ways in: posts by API, feeds, files. All end in the durable log.

/// The way into the durable log.
#[derive(Clone)]
pub struct Intake;
