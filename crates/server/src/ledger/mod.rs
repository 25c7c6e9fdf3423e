//! The ledger as others meet it: signed checkpoints, tiles, proofs, witnesses, the verifier.
//!
//! `docs/ledger.md` says how a witness joins and what each file holds; the hashing and the formats
//! are the crate `ledger`.

pub mod bundle;
pub mod cosigning;
pub mod entry;
pub mod files;
pub mod keeper;
pub mod key_file;
pub mod limits;
pub mod page;
pub mod proofs;
pub mod verification;
pub mod verifier;
pub mod witness;
pub mod witnesses;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::access::attempts::Attempts;
use crate::app::App;
use crate::error::Failure;
use crate::web::Client;

pub use keeper::{Keeper, keep_signing};

/// The routes of the ledger.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ledger", get(page::show))
        .route("/ledger/checkpoint", get(files::checkpoint))
        .route("/ledger/cosigned", get(files::cosigned))
        .route("/ledger/key", get(files::key))
        .route("/ledger/tile/{*path}", get(files::tile))
        .route("/ledger/verifier.html", get(verifier::show))
        .route("/api/v1/ledger/inclusion", get(proofs::inclusion))
        .route("/api/v1/ledger/consistency", get(proofs::consistency))
        .route(
            "/api/v1/ledger/cosignatures",
            post(cosigning::take).layer(DefaultBodyLimit::max(limits::NOTE_BYTES)),
        )
        .route("/admin/audit/{sequence}", get(entry::show))
        .route("/admin/audit/{sequence}/proof", get(entry::proof_file))
        .route(
            "/admin/witnesses",
            get(witnesses::list).post(witnesses::add),
        )
        .route("/admin/witnesses/{id}/remove", post(witnesses::remove))
        .layer(Extension(Arc::new(Gate::new())))
}

/// Slows down whoever asks for more than a witness or a monitor needs.
#[derive(Debug)]
pub struct Gate {
    reads: Attempts,
    cosignatures: Attempts,
}

impl Gate {
    fn new() -> Self {
        let (reads, read_every) = (limits::READS_PER_ADDRESS, limits::READ_EVERY_US);
        let (signed, signed_every) = (
            limits::COSIGNATURES_PER_ADDRESS,
            limits::COSIGNATURE_EVERY_US,
        );
        Self {
            reads: Attempts::new(reads, read_every, limits::GATE_KEYS),
            cosignatures: Attempts::new(signed, signed_every, limits::GATE_KEYS),
        }
    }

    /// Lets a read of files or proofs through, or says how long to wait.
    fn read(&self, client: Client) -> Result<(), Failure> {
        pass(&self.reads, client)
    }

    /// Lets a cosignature through, or says how long to wait.
    fn cosign(&self, client: Client) -> Result<(), Failure> {
        pass(&self.cosignatures, client)
    }
}

fn pass(gate: &Attempts, client: Client) -> Result<(), Failure> {
    gate.take(&client.network(), crate::clock::now())
        .map_err(|retry_after_s| Failure::TooMany { retry_after_s })
}
