//! The house rules that a compiler cannot see, as functions over the source
//! tree.
//!
//! Every rule takes a [`tree::Tree`] and answers a list of sentences, one for
//! each offence, empty when all is well. `tests/tree.rs` runs every rule over
//! this repository; each rule's own tests show that it catches a planted
//! offence. Nothing here is shipped.

pub mod edges;
pub mod lints;
pub mod locales;
pub mod names;
pub mod paths;
pub mod rust_text;
pub mod settings;
pub mod siblings;
pub mod size;
pub mod tree;
pub mod wording;
