//! The encoder from outside: against a slow and simple network on small model
//! files made here, against damage, and against the real model where it is.

#![cfg(test)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the numbers of a small file are small"
)]
#![expect(clippy::float_cmp, reason = "equal embeddings have equal bits")]

mod agreement;
mod damage;
mod model_file;
mod plain_network;
mod plain_tokens;
mod real_model;
