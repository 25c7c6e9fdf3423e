//! One's own account: sessions, password, second factor; and the links in mails that make an
//! account or set a new password.

mod invitation;
mod new_password;
mod news;
mod overview;
mod passkey_removal;
mod passkeys;
mod password;
mod reset;
mod second_factor;
mod sessions;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The routes of one's own account.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(overview::show))
        .route("/account/sessions/end", post(sessions::end_all))
        .route("/account/sessions/others/end", post(sessions::end_others))
        .route("/account/sessions/{id}/end", post(sessions::end_one))
        .route(
            "/account/password",
            get(password::show).post(password::change),
        )
        .route(
            "/account/second-factor",
            get(second_factor::show).post(second_factor::confirm),
        )
        .route(
            "/account/second-factor/codes",
            post(second_factor::renew_codes),
        )
        .route("/account/second-factor/remove", post(second_factor::remove))
        .route("/account/passkeys", get(passkeys::show).post(passkeys::add))
        .route("/account/passkeys/new", post(passkeys::begin))
        .route("/account/passkeys/codes", post(passkeys::renew_codes))
        .route(
            "/account/passkeys/{id}/remove",
            get(passkey_removal::show).post(passkey_removal::remove),
        )
        .route(
            "/undangan/{token}",
            get(invitation::show).post(invitation::accept),
        )
        .route("/lupa-sandi", get(reset::ask).post(reset::send))
        .route("/sandi-baru/{token}", get(reset::show).post(reset::set))
}
