//! Every route of the server, in one place.

use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use utoipa::OpenApi;

use crate::app::App;
use crate::intake::limits::REQUEST_BYTES;
use crate::web::Client;
use crate::{access, account, admin, answers, desk, intake, ledger, network, portal, regions, web};

/// The machine-readable description of the API.
#[derive(OpenApi)]
#[openapi(
    info(title = "Kentongan", description = "Election information: posts in, answers out."),
    paths(
        intake::posts::take_posts,
        answers::api::look_up_get,
        answers::api::look_up_post,
        answers::api::fact_check,
        answers::api::fact_checks,
        regions::api::regions,
        ledger::proofs::inclusion,
        ledger::proofs::consistency,
        ledger::cosigning::take,
        ledger::files::checkpoint,
        ledger::files::cosigned,
        ledger::files::key,
        ledger::files::tile,
    ),
    components(schemas(intake::line::PostLine, intake::line::ChannelLine)),
    modifiers(&KeyScheme),
)]
pub struct ApiDescription;

struct KeyScheme;

impl utoipa::Modify for KeyScheme {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}

/// The whole server.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .merge(portal::routes())
        .merge(access::routes())
        .merge(account::routes())
        .merge(web::assets::routes())
        .merge(desk::routes())
        .merge(admin::routes())
        .merge(network::agreements::routes())
        .merge(ledger::routes())
        .merge(network::routes())
        .merge(api())
        .route("/healthz", get(health))
        .route("/metrics", get(metrics));
    web::layers::around(routes, &app).with_state(app)
}

fn api() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/posts",
            post(intake::posts::take_posts).layer(DefaultBodyLimit::max(REQUEST_BYTES)),
        )
        .route(
            "/api/v1/lookup",
            get(answers::api::look_up_get).post(answers::api::look_up_post),
        )
        .route("/api/v1/fact-checks", get(answers::api::fact_checks))
        .route("/api/v1/regions", get(regions::api::regions))
        .route("/api/v1/fact-checks/{id}", get(answers::api::fact_check))
        .route(
            "/openapi.json",
            get(|| async { Json(ApiDescription::openapi()) }),
        )
}

/// 200 while the store answers and intake can be written.
async fn health(State(app): State<App>) -> impl IntoResponse {
    match app.store.last_revision().await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the store does not answer\n",
            )
        }
    }
}

/// Figures of this process, for a collector on the same machine; to everybody else there is
/// nothing here.
async fn metrics(State(app): State<App>, client: Client) -> Response {
    if !client.is_this_machine() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, app.metrics.render()).into_response()
}
