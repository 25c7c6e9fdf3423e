//! The public pages: one box to check a message, the checks themselves, tips and feeds.

pub mod answer_card;
pub mod ask;
pub mod claim_review;
pub mod fact_checks;
pub mod feeds;
pub mod home;
pub mod limits;
pub mod markdown;
pub mod method;
pub mod methodology;
pub mod not_meant;
pub mod rating;
pub mod taking_part;
pub mod tip;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;
use crate::web;

/// The routes of the public pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::show))
        .route("/periksa", get(ask::shared).post(ask::submitted))
        .route("/kirim", post(tip::send))
        .route("/kiriman/{code}", get(tip::show))
        .route("/cek-fakta", get(fact_checks::list))
        .route("/cek-fakta/{id}", get(fact_checks::show))
        .route("/feeds/fact-checks.rss", get(feeds::rss))
        .route("/feeds/fact-checks.atom", get(feeds::atom))
        .route("/feeds/fact-checks.json", get(feeds::json))
        .route("/cara-kami-bekerja", get(method::show))
        .route("/metodologi", get(methodology::show))
        .route("/ikut-serta", get(taking_part::show))
        .layer(Extension(Arc::new(tip::Gate::new())))
        .layer(Extension(Arc::new(not_meant::Gate::new())))
        .merge(web::choice::routes())
}
