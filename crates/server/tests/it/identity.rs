//! Coming in and staying in: invitations, passwords, second factors, sessions, keys, and what
//! becomes of ten thousand wrong passwords.

mod invitations;
mod keys;
mod notices;
mod passkeys;
mod passwords;
mod second_factor;
mod sessions;
pub(crate) mod visitor;
