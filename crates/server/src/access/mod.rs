//! Who is asking: sessions, sign-in and the access values handlers must hold.
//!
//! A handler that needs a permission takes [`May<P>`] as an argument; without it there is no
//! request it could answer. A visitor who is not signed in is led to the sign-in page, one who may
//! not do it gets "not found", so that foreign records cannot be told from missing ones.

pub mod agreed_access;
pub mod attempts;
pub mod demo_door;
pub mod device;
pub mod epoch;
pub mod failures;
pub mod letters;
pub mod limits;
pub mod one_time_code;
pub mod passkey_ceremony;
pub mod passkey_entry;
pub mod passkey_fault;
pub mod password;
pub mod provider;
pub mod provider_client;
pub mod recovery;
pub mod relying_party;
pub mod screening;
pub mod second_step;
pub mod session;
pub mod sign_in;
pub mod sign_in_guard;
pub mod token;

use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::extract::OriginalUri;
use axum::http::Method;
use axum::http::request::Parts;
use axum::routing::{get, post};
use domain::audit::Actor;
use domain::member::Member;
use domain::organisation::Organisation;
use domain::policy::{self, Action};
use domain::proof::MissingProof;

use self::session::Standing;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Visitor, address};

/// The routes of signing in and out.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/masuk", get(sign_in::show).post(sign_in::submit))
        .route("/masuk/peraga", post(demo_door::enter))
        .route(
            "/masuk/langkah-dua",
            get(second_step::show).post(second_step::submit),
        )
        .route("/masuk/kunci-sandi", post(passkey_entry::finish))
        .route("/masuk/kunci-sandi/mulai", post(passkey_entry::begin))
        .route("/masuk/penyedia", get(provider::begin))
        .route("/masuk/penyedia/kembali", get(provider::come_back))
        .route("/account/provider", post(provider::tie))
        .route("/account/provider/cut", post(provider::cut))
        .route("/keluar", post(sign_in::leave))
}

/// A signed-in member.
#[derive(Debug, Clone)]
pub struct SignedIn(Arc<Visitor>);

impl SignedIn {
    /// The member of a whole session.
    pub fn of(visitor: Arc<Visitor>) -> Self {
        Self(visitor)
    }

    /// The member, whom they act for and the session.
    pub fn visitor(&self) -> Arc<Visitor> {
        Arc::clone(&self.0)
    }

    /// The digest of the session's token.
    pub fn session(&self) -> [u8; 32] {
        self.0.session
    }

    /// The person.
    pub fn member(&self) -> &Member {
        &self.0.member
    }

    /// Whom they act for.
    pub fn organisation(&self) -> &Organisation {
        &self.0.organisation
    }

    /// As the author of an audit event.
    pub fn actor(&self) -> Actor {
        Actor::Member(self.0.member.id)
    }

    /// The permission `P`, or "not found".
    pub fn may<P: Permission>(&self) -> Result<May<P>, Failure> {
        if policy::allows(self.0.organisation.kind, self.0.member.role, P::ACTION) {
            Ok(May {
                who: self.clone(),
                what: PhantomData,
            })
        } else {
            Err(Failure::NotFound)
        }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        match session::standing(parts, app).await {
            Standing::Whole(visitor) => Ok(Self(visitor)),
            Standing::Half(_, MissingProof::Code) => Err(Failure::SecondStep {
                back: way_back(parts),
            }),
            Standing::Half(_, MissingProof::Device) => Err(Failure::NoDevice),
            Standing::Nobody => Err(Failure::SignIn {
                back: way_back(parts),
            }),
        }
    }
}

/// After signing in the visitor returns to the page they asked for; not to a form they sent.
fn way_back(parts: &Parts) -> String {
    if parts.method != Method::GET {
        return "/desk".to_owned();
    }
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    address::local(uri.path_and_query().map_or("/desk", |path| path.as_str()))
}

/// Something a member may do, as a type.
pub trait Permission: Send + Sync + 'static {
    /// The action of the policy it stands for.
    const ACTION: Action;
}

/// Proof that the signed-in member may do `P`.
#[derive(Debug)]
pub struct May<P> {
    who: SignedIn,
    what: PhantomData<P>,
}

impl<P> std::ops::Deref for May<P> {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.who
    }
}

impl<P: Permission> FromRequestParts<App> for May<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        SignedIn::from_request_parts(parts, app).await?.may()
    }
}

/// The permissions of the policy, one type each.
pub mod permission {
    use super::{Action, Permission};

    macro_rules! permissions {
        ($($name:ident)+) => {$(
            #[doc = concat!("[`Action::", stringify!($name), "`] as a type.")]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Permission for $name {
                const ACTION: Action = Action::$name;
            }
        )+};
    }

    permissions! { SeeDesk DecideMatch OpenCase WriteCase SeeDraft ReviewCase SeeTips Administer TuneAnswers Audit KeepWitnesses Coordinate }
}
