//! The encoder from outside: against a slow and simple network on small model
//! files made here, against damage, and against the real model where it is.

#![cfg(test)]

mod agreement;
mod damage;
mod model_file;
mod plain_network;
mod plain_tokens;
mod real_model;
