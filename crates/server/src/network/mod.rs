//! The network: who takes part, where, and what they agreed.
//!
//! The directory is for members; what it knows of an organisation is kept by the organisation
//! itself, by the body it is a part of, and by the operator (see `keeping`).

mod affiliation;
pub mod agreements;
mod coverage;
mod dated_facts;
pub(crate) mod days;
mod entry_form;
mod history;
mod import_page;
mod import_plan;
mod keeping;
mod list;
mod named;
mod organisation;
mod pledge;
mod small_form;
mod staff;
mod tiles;
pub mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use import_plan::{Change, Known, Planner, Scope};
pub(crate) use named::find_one;

/// The largest form of these pages, in bytes: a file of the import at its limit in four-byte
/// characters, percent-encoded.
const FORM_BYTES_MAX: usize = 4 * import_page::FILE_BYTES_MAX;

/// The routes of the network.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/network", get(list::show))
        .route("/network/coverage", get(coverage::show))
        .route(
            "/network/import",
            get(import_page::show).post(import_page::check),
        )
        .route("/network/import/store", post(import_page::store))
        .route("/network/organisations", post(entry_form::add))
        .route("/network/organisations/new", get(entry_form::blank))
        .route(
            "/network/organisations/{id}",
            get(organisation::show).post(entry_form::save),
        )
        .route("/network/organisations/{id}/edit", get(entry_form::edit))
        .route("/network/organisations/{id}/leave", post(keeping::leave))
        .route(
            "/network/organisations/{id}/return",
            post(keeping::come_back),
        )
        .route("/network/organisations/{id}/facts", post(dated_facts::add))
        .route("/network/facts/{id}/end", post(dated_facts::end))
        .route(
            "/network/organisations/{id}/media",
            post(affiliation::begin),
        )
        .route(
            "/network/organisations/{id}/media/{media}/end",
            post(affiliation::end),
        )
        .route(
            "/network/organisations/{id}/regions",
            post(coverage::add_region),
        )
        .route(
            "/network/organisations/{id}/regions/{code}/end",
            post(coverage::end_region),
        )
        .route(
            "/network/organisations/{id}/coverage",
            post(coverage::state),
        )
        .route("/network/organisations/{id}/pledge", post(pledge::sign))
        .route(
            "/network/organisations/{id}/pledge/withdraw",
            post(pledge::withdraw),
        )
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}
