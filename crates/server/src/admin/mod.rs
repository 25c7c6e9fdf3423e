//! Accounts, keys, feeds, and what the answers go by: pages of administrators.

mod audit;
mod feeds;
mod invitations;
pub mod key_end;
mod keys;
mod learning;
mod members;
mod note;
mod person_access;
mod role_table;
mod threshold_effect;
mod thresholds;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::access::{May, permission::Administer};
use crate::app::App;

pub(crate) use audit::{AuditLine, actor_name, names_for};
pub(crate) use keys::soon_in_words;
pub(crate) use members::confined;
pub(crate) use role_table::role_table;

/// Random letters of a secret that is shown once: no look-alikes, so that it can be read aloud.
const SECRET_LETTERS: &[u8; 31] = b"abcdefghijkmnpqrstuvwxyz2345678";
/// Rows of one page of a list.
const LIST_ROWS: u32 = 50;

/// The routes of administration.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(entrance))
        .route("/admin/access", get(person_access::show))
        .route("/admin/members", get(members::list))
        .route("/admin/members/{id}/role", post(members::set_role))
        .route("/admin/members/{id}/close", post(members::close))
        .route("/admin/members/{id}/reopen", post(members::reopen))
        .route(
            "/admin/members/{id}/sessions/end",
            post(members::end_sessions),
        )
        .route("/admin/invitations", post(invitations::invite))
        .route(
            "/admin/invitations/{id}/withdraw",
            post(invitations::withdraw),
        )
        .route("/admin/keys", get(keys::list).post(keys::add))
        .route("/admin/keys/{id}/revoke", post(keys::revoke))
        .route("/admin/feeds", get(feeds::list).post(feeds::add))
        .route("/admin/audit", get(audit::list).post(audit::check))
        .route("/admin/learning", get(learning::show))
        .route("/admin/learning/gold", post(learning::export))
        .route(
            "/admin/thresholds",
            get(thresholds::show).post(thresholds::propose),
        )
        .route("/admin/thresholds/{id}/apply", post(thresholds::apply))
        .route(
            "/admin/thresholds/{id}/withdraw",
            post(thresholds::withdraw),
        )
}

/// `GET /admin`
async fn entrance(_who: May<Administer>) -> Redirect {
    Redirect::to("/admin/members")
}

/// A random secret of `letters` letters, each of 4.95 bits.
fn secret(letters: usize) -> String {
    let mut secret = String::with_capacity(letters);
    while secret.len() < letters {
        let byte: u8 = rand::random();
        // 248 is the largest multiple of 31 in a byte: every letter is equally likely.
        if byte < 248 {
            secret.push(char::from(
                SECRET_LETTERS[usize::from(byte) % SECRET_LETTERS.len()],
            ));
        }
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_their_length_and_differ() {
        assert_eq!(secret(20).len(), 20);
        assert_ne!(secret(20), secret(20));
        assert!(
            secret(500)
                .bytes()
                .all(|letter| SECRET_LETTERS.contains(&letter))
        );
    }
}
