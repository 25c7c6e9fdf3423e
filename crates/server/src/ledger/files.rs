//! The files of the ledger as C2SP tlog-tiles lays them out.

use std::sync::Arc;

use ::ledger::limits::TILE_WIDTH;
use ::ledger::{TilePath, entry_bundle, tile_bytes};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use store::StoreError;

use super::Gate;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Client};

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// The newest checkpoint, a signed note with the cosignatures on it.
#[utoipa::path(get, path = "/ledger/checkpoint", tag = "ledger",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 429, description = "Too many requests")))]
pub async fn checkpoint(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
) -> Result<Response, Failure> {
    gate.read(client)?;
    let latest = app.ledger.latest();
    let size = latest.checkpoint.size;
    let note = latest.note.clone();
    let note = app.ledger.with_cosignatures(&app.store, note, size).await?;
    Ok(file(TEXT, Cache::PrivateNoStore, note.to_string()))
}

/// The largest checkpoint that a witness has co-signed.
#[utoipa::path(get, path = "/ledger/cosigned", tag = "ledger",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, description = "No witness has co-signed yet")))]
pub async fn cosigned(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
) -> Result<Response, Failure> {
    gate.read(client)?;
    let head = app.store.last_cosigned().await?.ok_or(Failure::NotFound)?;
    if app.store.ledger_root_at(head.size).await? != head.root {
        return Err(Failure::Conflict);
    }
    let note = app.ledger.signed(head).map_err(StoreError::from)?;
    let note = app
        .ledger
        .with_cosignatures(&app.store, note, head.size)
        .await?;
    Ok(file(TEXT, Cache::PrivateNoStore, note.to_string()))
}

/// The public key of the ledger, as signed notes write it.
#[utoipa::path(get, path = "/ledger/key", tag = "ledger",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn key(State(app): State<App>) -> Response {
    file(
        TEXT,
        Cache::PublicFiveMinutes,
        format!("{}\n", app.ledger.vkey()),
    )
}

/// A tile of hashes (`0/x001/067`) or a bundle of entries (`entries/x001/067`), with `.p/W` behind
/// it where it is not whole yet.
#[utoipa::path(get, path = "/ledger/tile/{path}", tag = "ledger",
    params(("path" = String, Path, description = "Level or `entries`, and number")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, description = "The ledger has not grown so far, or its entries are not public")))]
pub async fn tile(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
    Path(path): Path<String>,
) -> Result<Response, Failure> {
    gate.read(client)?;
    let bytes = match TilePath::parse(&path).map_err(|_| Failure::NotFound)? {
        TilePath::Hashes(place) => tile_bytes(&app.store.ledger_tile(place).await?),
        TilePath::Entries(_) if !app.config.ledger_entries => return Err(Failure::NotFound),
        TilePath::Entries(place) => {
            let first = place.index.checked_mul(u64::from(TILE_WIDTH));
            let first = first.ok_or(Failure::NotFound)?;
            let entries = app.store.audit_entry_bytes(first, place.width).await?;
            if entries.len() < usize::from(place.width) {
                return Err(Failure::NotFound);
            }
            entry_bundle(entries.iter().map(Vec::as_slice)).map_err(StoreError::from)?
        }
    };
    Ok(file(BYTES, Cache::PublicImmutable, bytes))
}

/// An answer that is a file. Other sites may read it: a verifier runs anywhere.
pub(super) fn file(kind: &'static str, cache: Cache, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, cache.header());
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}
