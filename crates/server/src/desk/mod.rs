//! What newsrooms see: radar, cluster, case.
//!
//! A handler reads as one paragraph: it extracts, authorises by the value it holds, loads, lets
//! the domain decide, stores the change together with its record, and answers.

mod case_page;
mod cases;
mod cluster;
mod draft_form;
mod filter;
mod growth;
mod live;
mod matches;
mod pages;
mod partners;
mod prose;
mod radar;
mod reason;
mod record;
mod review;
mod row;
mod shell;
mod summary;
#[cfg(test)]
mod tests;
mod tips;
mod totals;
mod variants;
mod words;
mod writing;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use case_page::names_of;
pub(crate) use cases::{page_of, rows_of};
pub(crate) use pages::Pages;
pub(crate) use record::event;
pub(crate) use shell::Shell;
pub use totals::Totals;
pub(crate) use words::{filled, headline};

/// The largest form of the desk, in bytes: an explanation at its limit in four-byte characters,
/// percent-encoded.
const FORM_BYTES_MAX: usize = 640 * 1024;

/// The routes of the desk.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(radar::show))
        .route("/desk/rows", get(radar::rows))
        .route("/desk/live", get(live::show))
        .route("/desk/clusters/{id}", get(cluster::show))
        .route("/desk/clusters/{id}/summary", get(summary::show))
        .route("/desk/clusters/{id}/case", post(cases::open))
        .route("/desk/clusters/{id}/take", post(cases::take))
        .route("/desk/clusters/{id}/matches", post(matches::add))
        .route(
            "/desk/clusters/{id}/matches/{fact_check}",
            post(matches::decide),
        )
        .route("/desk/cases", get(cases::list))
        .route("/desk/cases/{id}", get(case_page::show))
        .route("/desk/cases/{id}/take", post(writing::take))
        .route("/desk/cases/{id}/draft", post(writing::save))
        .route("/desk/cases/{id}/submit", post(writing::submit))
        .route("/desk/cases/{id}/release", post(writing::release))
        .route("/desk/cases/{id}/close", post(writing::close))
        .route("/desk/cases/{id}/return", post(review::send_back))
        .route("/desk/cases/{id}/approve", post(review::approve))
        .route("/desk/partners", get(partners::list))
        .route("/desk/partners/{id}", get(partners::show))
        .route("/desk/tips", get(tips::list))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
}
