//! A house with records of its own, of a partner and of a stranger, and whoever walks it.

use std::cell::RefCell;

use axum::http::HeaderMap;
use domain::member::Role;
use domain::organisation::OrganisationKind;
use domain::{MemberId, OrganisationId};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, COOKIE, LOCATION};
use server::access::session;
use server::clock;

use super::records::{NOWHERE, Records};
use super::residents::{organisation, person};
use super::scenes::Scene;
use super::unproven::{RECORDED, WITHOUT_ENTRY};
use super::{Visitor, Whose};
use crate::harness::{Place, TestServer};

/// A server with the records of one newsroom, an agreement that opens its cases to a commission,
/// and people around.
pub(super) struct House {
    pub(super) server: TestServer,
    pub(super) records: Records,
    pub(super) cookie: String,
    pub(super) visitor: Visitor,
    /// Whom the visitor acts for; none for nobody.
    pub(super) organisation: Option<OrganisationId>,
    pub(super) member: Option<MemberId>,
    pub(super) own: OrganisationId,
    pub(super) partner: OrganisationId,
    pub(super) stranger: OrganisationId,
    /// The editor of the newsroom whose records these are.
    pub(super) writer: MemberId,
    /// What the walk found that no route may do.
    pub(super) faults: RefCell<Vec<String>>,
}

/// Pages that are only there before something is done.
const AT_A_SCENE: &[&str] = &[
    "/network/agreements/{id}/terms",
    "/sandi-baru/{token}",
    "/undangan/{token}",
];

impl House {
    pub(super) async fn open(place: &Place, visitor: Visitor) -> Self {
        let server = TestServer::start(place).await;
        let app = server.server.app.clone();
        let own = organisation(&server, "Redaksi Sendiri", OrganisationKind::Newsroom).await;
        let partner = organisation(&server, "KPU Mitra", OrganisationKind::Kpu).await;
        let stranger = organisation(&server, "Redaksi Lain", OrganisationKind::Newsroom).await;
        let campaign = organisation(&server, "Tim Kampanye", OrganisationKind::Party).await;
        let operator = organisation(&server, "Pengelola", OrganisationKind::Operator).await;
        let writer = person(&server, own, Role::Editor).await;
        let records = Records::keep(&server, own, partner, writer).await;
        let organisation = match visitor.whose {
            Whose::Nobody => None,
            Whose::Own => Some(own),
            Whose::Partner => Some(partner),
            Whose::Stranger => Some(stranger),
            Whose::Campaign => Some(campaign),
            Whose::Operator => Some(operator),
        };
        let (member, cookie) = match organisation {
            None => (None, String::new()),
            Some(organisation) => {
                let member = person(&server, organisation, visitor.role).await;
                let set = session::open(&app, &HeaderMap::new(), member, clock::now(), "").await;
                let set = set.expect("session");
                let cookie = set.to_str().expect("text").split(';').next();
                (Some(member), cookie.unwrap_or_default().to_owned())
            }
        };
        Self {
            server,
            records,
            cookie,
            visitor,
            organisation,
            member,
            own,
            partner,
            stranger,
            writer,
            faults: RefCell::default(),
        }
    }

    /// The path with a record of this house in each place; one that is nowhere where we have none.
    pub(super) fn filled(&self, path: &str) -> String {
        self.records.filled(path).unwrap_or_else(|| {
            let part = |part| match part {
                part if str::starts_with(part, "{") => NOWHERE,
                part => part,
            };
            path.split('/').map(part).collect::<Vec<_>>().join("/")
        })
    }

    /// Where a page is looked for: where a scene for the same path stands, or at a record.
    async fn looked_at(&self, path: &str) -> String {
        if !AT_A_SCENE.contains(&path) {
            return self.filled(path);
        }
        let scene = self.scene(path).await;
        scene.map_or_else(|| self.filled(path), |scene| scene.address)
    }

    pub(super) fn must(&self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.borrow_mut().push(fault());
        }
    }

    /// How long the trail is.
    pub(super) async fn trail(&self) -> i64 {
        let store = &self.server.server.app.store;
        let page = store.audit_page(None, 1).await.expect("trail");
        page.first().map_or(0, |row| row.sequence)
    }

    /// The kinds of the entries behind `before`, in their order; empty where there are none.
    pub(super) async fn recorded_since(&self, before: i64) -> String {
        let store = &self.server.server.app.store;
        let page = store.audit_page(None, 20).await.expect("trail");
        let fresh = page.iter().rev().filter(|row| row.sequence > before);
        let kinds: Vec<&str> = fresh.map(|row| row.event.kind.as_str()).collect();
        kinds.join(" and ")
    }

    pub(super) fn request(&self, scene: Scene) -> reqwest::RequestBuilder {
        let request = self
            .server
            .client
            .post(format!("{}{}", self.server.url, scene.address))
            .header(CONTENT_TYPE, scene.content_type)
            .header(COOKIE, scene.cookie.as_ref().unwrap_or(&self.cookie))
            .body(scene.body);
        match scene.bearer {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// The answer as a word of the table.
    pub(super) async fn answer(&self, path: &str, method: &str) -> String {
        let request = match method {
            // A line that stays open is asked for its present state alone.
            "GET" => {
                let place = self.looked_at(path).await;
                let address = format!("{}{place}?sekali=1", self.server.url);
                self.server.client.get(address).header(COOKIE, &self.cookie)
            }
            _ => {
                let scene = self.scene(path).await;
                let scene = scene.unwrap_or_else(|| Scene::plain(self.filled(path), body_of(path)));
                self.request(scene)
            }
        };
        let before = self.trail().await;
        let answer = request.send().await.expect("answers");
        let code = answer.status();
        let headers = answer.headers().clone();
        let to_sign_in = headers
            .get(LOCATION)
            .and_then(|place| place.to_str().ok())
            .is_some_and(|place| place.starts_with("/masuk"));
        drop(answer);
        let is_page = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html"));
        self.must(!is_page || headers.contains_key(CACHE_CONTROL), || {
            format!("{method} {path} is a page without a cache policy")
        });
        self.must(!code.is_server_error(), || {
            format!("{method} {path} answers {code}")
        });
        // Whoever ended their own session is led there too, and that is recorded.
        let recorded = self.recorded_since(before).await;
        if method == "POST" && !recorded.is_empty() {
            return format!("{} {RECORDED} {recorded},", code.as_u16());
        }
        let did = (code.is_success() || code.is_redirection()) && !to_sign_in;
        if method == "POST" && did {
            let name = format!("{method} {path}");
            let excepted = WITHOUT_ENTRY.iter().any(|(route, _)| *route == name);
            self.must(excepted, || {
                format!("{name} answers {code} and leaves no entry in the audit trail")
            });
        }
        if to_sign_in {
            "sign-in".to_owned()
        } else {
            code.as_u16().to_string()
        }
    }
}

/// A form with which the route does something, where we have one; otherwise an empty form, whose
/// answer still says who may come in.
pub(super) fn body_of(path: &str) -> &'static str {
    match path {
        "/kirim" => "teks=Benarkah+ini%3F&setuju=ya",
        "/periksa" => "teks=kotak+suara",
        "/network/agreements" => {
            "jenis=mou&judul=Baru&mulai=2026-01-01&tahun=1&pihak=Redaksi+Sendiri%0AKPU+Mitra&c0.buka=figures.see"
        }
        "/admin/invitations" => "name=Orang+Baru&email=baru%40lembaga.example&role=reader",
        "/admin/members/{id}/role" => "role=reader",
        "/admin/keys" => "name=pengumpul&rate=10&quota=1000&days=30",
        "/account/passkeys/new" => "nama=Ponsel&sandi=bukan+ini",
        "/lupa-sandi" => "surel=tidak-ada%40lembaga.example",
        "/admin/feeds" => "name=Umpan&url=https%3A%2F%2Fredaksi.example%2Frss",
        _ => "",
    }
}
