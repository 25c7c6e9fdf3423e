//! `GET /api/v1/ledger/inclusion` and `/api/v1/ledger/consistency`.

use std::sync::Arc;

use ::ledger::Hash;
use axum::Extension;
use axum::Json;
use axum::extract::{Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Gate;
use crate::app::App;
use crate::error::Failure;
use crate::web::Client;

/// Which entry, in a ledger of which size.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct InclusionAsked {
    /// Number of the entry, from 1.
    sequence: u64,
    /// Entries of the ledger; without it the newest checkpoint's.
    size: Option<u64>,
}

/// That an entry is in the ledger.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Inclusion {
    /// Number of the entry, from 1.
    sequence: u64,
    /// Its index in the tree, from 0.
    index: u64,
    /// The leaf hash of the entry, in base64.
    leaf: String,
    /// The ledger that holds it.
    tree: Tree,
    /// The audit path (RFC 6962 §2.1.1), nearest sibling first, in base64.
    proof: Vec<String>,
}

/// Which two sizes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ConsistencyAsked {
    /// Entries of the earlier ledger.
    from: u64,
    /// Entries of the later ledger; without it the newest checkpoint's.
    to: Option<u64>,
}

/// That a ledger begins with an earlier one.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Consistency {
    /// The earlier ledger.
    pub from: Tree,
    /// The later ledger.
    pub to: Tree,
    /// The proof (RFC 6962 §2.1.2), in base64.
    pub proof: Vec<String>,
}

/// A ledger at one size.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tree {
    /// Entries in it.
    pub size: u64,
    /// Its root, in base64.
    pub root: String,
}

/// Proves that an entry is in the ledger.
#[utoipa::path(get, path = "/api/v1/ledger/inclusion", tag = "ledger", params(InclusionAsked),
    responses((status = 200, body = Inclusion), (status = 404, description = "No such entry or size")))]
pub async fn inclusion(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
    Query(asked): Query<InclusionAsked>,
) -> Result<Json<Inclusion>, Failure> {
    gate.read(client)?;
    let index = asked.sequence.checked_sub(1).ok_or(Failure::NotFound)?;
    let size = asked.size.unwrap_or(app.ledger.latest().checkpoint.size);
    let proof = app.store.prove_inclusion(index, size).await?;
    let sequence = i64::try_from(asked.sequence).map_err(|_| Failure::NotFound)?;
    let entry = app.store.audit_entry(sequence).await?.entry_bytes()?;
    Ok(Json(Inclusion {
        sequence: asked.sequence,
        index,
        leaf: STANDARD.encode(::ledger::leaf_hash(&entry)),
        tree: tree(&app, size).await?,
        proof: encoded(&proof),
    }))
}

/// Proves that the ledger begins with an earlier one.
#[utoipa::path(get, path = "/api/v1/ledger/consistency", tag = "ledger", params(ConsistencyAsked),
    responses((status = 200, body = Consistency), (status = 404, description = "No such size, or the second is smaller")))]
pub async fn consistency(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
    Query(asked): Query<ConsistencyAsked>,
) -> Result<Json<Consistency>, Failure> {
    gate.read(client)?;
    let to = asked.to.unwrap_or(app.ledger.latest().checkpoint.size);
    let proof = app.store.prove_consistency(asked.from, to).await?;
    Ok(Json(Consistency {
        from: tree(&app, asked.from).await?,
        to: tree(&app, to).await?,
        proof: encoded(&proof),
    }))
}

async fn tree(app: &App, size: u64) -> Result<Tree, Failure> {
    let root = app.store.ledger_root_at(size).await?;
    let root = STANDARD.encode(root);
    Ok(Tree { size, root })
}

fn encoded(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| STANDARD.encode(hash)).collect()
}
