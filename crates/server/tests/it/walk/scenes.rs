//! What stands ready before the walk asks for a change: a fresh record in the place from which the
//! change can be made, and the form that a person would send.
//!
//! A route without a scene is asked with the form that [`super::house::body_of`] has for it.

use std::sync::LazyLock;

use domain::audit::AuditKind;
use domain::member::Role;
use domain::{MemberId, OrganisationId, Timestamp};
use server::access::{one_time_code, password, session};
use server::app::App;
use server::clock;
use store::Mail;

use super::Whose;
use super::house::House;
use super::residents::person;
use crate::harness::{KEY, event};

mod account;
mod admin;
mod agreements;
mod desk;
mod network;

/// One request that changes something.
pub(super) struct Scene {
    pub(super) address: String,
    pub(super) body: Vec<u8>,
    pub(super) content_type: &'static str,
    /// Instead of the visitor's own.
    pub(super) cookie: Option<String>,
    pub(super) bearer: Option<&'static str>,
}

impl Scene {
    /// A form sent to `address`.
    fn form(address: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        Self {
            address: address.into(),
            body: body.finish().into_bytes(),
            content_type: "application/x-www-form-urlencoded",
            cookie: None,
            bearer: None,
        }
    }

    /// A form that is encoded already.
    pub(super) fn plain(address: String, body: &str) -> Self {
        Self {
            body: body.as_bytes().to_vec(),
            ..Self::form(address, &[])
        }
    }

    /// Sent from a browser in which nobody is signed in.
    fn elsewhere(self) -> Self {
        self.by(String::new())
    }

    /// Sent by somebody else than the visitor.
    fn by(self, cookie: String) -> Self {
        Self {
            cookie: Some(cookie),
            ..self
        }
    }
}

/// The password of a twin.
const PASSWORD: &str = "payung biru di tepi telaga";

impl House {
    /// The scene of a `POST` route; none where the route needs none.
    pub(super) async fn scene(&self, path: &str) -> Option<Scene> {
        let area = path.split('/').nth(1).unwrap_or_default();
        match (area, path) {
            (_, "/api/v1/lookup") => Some(Scene {
                body: br#"{"text":"kotak suara disegel"}"#.to_vec(),
                content_type: "application/json",
                ..Scene::form(path, &[])
            }),
            (_, "/api/v1/posts") => Some(Scene {
                body: POST_LINE.into(),
                content_type: "application/x-ndjson",
                bearer: Some(KEY),
                ..Scene::form(path, &[])
            }),
            ("desk", _) => self.desk_scene(path).await,
            ("admin", _) | (_, "/api/v1/ledger/cosignatures") => self.admin_scene(path).await,
            ("network", _) if path.starts_with("/network/agreements/") => {
                self.agreement_scene(path).await
            }
            ("network", _) => self.network_scene(path).await,
            _ => self.account_scene(path).await,
        }
    }

    fn app(&self) -> &App {
        &self.server.server.app
    }

    /// A member of the visitor's organisation with the visitor's role, whose account may be turned
    /// over without ending the walk; none for nobody.
    async fn twin(&self) -> Option<Twin> {
        let organisation = self.organisation?;
        let member = person(&self.server, organisation, self.visitor.role).await;
        let email = format!("{}@lembaga.example", member.0);
        Some(Twin { member, email })
    }

    /// A twin that signs in with [`PASSWORD`].
    async fn twin_with_password(&self) -> Option<Twin> {
        let twin = self.twin().await?;
        self.give_password(twin.member, &twin.email).await;
        Some(twin)
    }

    /// Lets a member sign in with [`PASSWORD`].
    async fn give_password(&self, member: MemberId, email: &str) {
        static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).expect("hash"));
        let (mail, act) = (self.mail(email), event(AuditKind::PasswordChanged));
        let store = &self.app().store;
        let set = store.set_password(member, &HASH, [0; 32], &mail, &act);
        set.await.expect("password");
    }

    /// A session of this member's.
    async fn session_of(&self, member: MemberId) -> String {
        let headers = axum::http::HeaderMap::new();
        let set = session::open(self.app(), &headers, member, clock::now(), "").await;
        let set = set.expect("session");
        let text = set.to_str().expect("text");
        text.split(';').next().unwrap_or_default().to_owned()
    }

    fn mail(&self, recipient: &str) -> Mail {
        Mail {
            id: clock::fresh_id(),
            recipient: recipient.to_owned(),
            subject: "Uji".into(),
            body: "Uji".into(),
        }
    }

    /// The visitor where they are somebody, and otherwise the one whose records are walked along.
    fn actor(&self) -> MemberId {
        self.member.unwrap_or(self.writer)
    }

    async fn person_of(&self, organisation: OrganisationId, role: Role) -> MemberId {
        person(&self.server, organisation, role).await
    }
}

/// A post as collectors send it.
const POST_LINE: &str = concat!(
    r#"{"id":"jalan-1","channel":"x","text":"kotak suara disegel","posted_at":"2026-11-01T00:00:00Z"}"#,
    "\n"
);

/// A member whose account a scene turns over.
struct Twin {
    member: MemberId,
    email: String,
}

/// The code that a device with this secret shows so many steps from now.
fn code(secret: &[u8], steps: i64) -> String {
    one_time_code::shown(
        secret,
        clock::now().plus_us(steps * 30 * Timestamp::SECOND_US),
    )
}

fn is_somebody(house: &House) -> bool {
    house.visitor.whose != Whose::Nobody
}
