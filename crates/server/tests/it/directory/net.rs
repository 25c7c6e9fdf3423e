//! A network with an association, its chapters and media, and who keeps which entry.

use crate::harness::{Place, TestServer};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::directory::Entry;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind as Kind};
use domain::region::RegionCode;
use domain::{MemberId, OrganisationId};
use reqwest::header::{COOKIE, LOCATION};
use reqwest::{Response, StatusCode};
use server::access::session;
use server::clock;
use uuid::Uuid;

pub(super) fn act(kind: AuditKind, subject: Uuid) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject,
        note: String::new(),
    }
}

pub(super) fn entry(kind: Kind, name: &str, region: Option<&str>) -> Entry {
    Entry {
        organisation: Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind,
            name: name.to_owned(),
            region: region.map(|code| RegionCode::parse(code).expect("code")),
            homepage: None,
            parent: None,
            active: true,
        },
        short_name: String::new(),
        since_year: None,
        external_id: None,
    }
}

/// A server with an association, its chapter and a newsroom.
pub(super) struct Net {
    pub(super) server: TestServer,
    pub(super) association: Entry,
    pub(super) chapter: Entry,
    pub(super) media: Entry,
}

impl Net {
    pub(super) async fn open(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let association = entry(Kind::MediaAssociation, "Asosiasi Contoh", None);
        let mut chapter = entry(
            Kind::AssociationChapter,
            "Asosiasi Contoh Jambi",
            Some("15"),
        );
        chapter.organisation.parent = Some(association.organisation.id);
        let media = entry(Kind::Newsroom, "Kabar Muara", Some("15.05"));
        let net = Self {
            server,
            association,
            chapter,
            media,
        };
        for one in [&net.association, &net.chapter, &net.media] {
            net.add(one).await;
        }
        net
    }

    pub(super) async fn add(&self, entry: &Entry) {
        let added = act(AuditKind::OrganisationAdded, entry.organisation.id.0);
        let store = &self.server.server.app.store;
        store.insert_entry(entry, &added).await.expect("added");
    }

    /// Signs a new member in; the cookie.
    pub(super) async fn person(&self, organisation: OrganisationId, role: Role) -> String {
        let id = MemberId(clock::fresh_id());
        let member = Member {
            id,
            organisation,
            name: "Orang Contoh".to_owned(),
            email: format!("{}@contoh.example", id.0.simple()),
            role,
            zone: Zone::Wib,
            active: true,
        };
        let app = &self.server.server.app;
        let added = act(AuditKind::MemberAdded, id.0);
        app.store
            .insert_member(&member, "!", &added)
            .await
            .expect("member");
        let headers = axum::http::HeaderMap::new();
        let cookie = session::open(app, &headers, id, clock::now(), "uji")
            .await
            .expect("session");
        let cookie = cookie.to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    pub(super) async fn operator(&self) -> String {
        let operator = entry(Kind::Operator, "Pengelola", None);
        self.add(&operator).await;
        self.person(operator.organisation.id, Role::Administrator)
            .await
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let answer = self
            .server
            .client
            .get(format!("{}{path}", self.server.url))
            .header(COOKIE, cookie)
            .send()
            .await
            .expect("answers");
        let code = answer.status();
        (code, answer.text().await.expect("text"))
    }

    pub(super) async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| {
                let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("{name}={value}")
            })
            .collect();
        self.server
            .client
            .post(format!("{}{path}", self.server.url))
            .header(COOKIE, cookie)
            .header("origin", &self.server.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"))
            .send()
            .await
            .expect("answers")
    }

    /// Posts and expects to be refused with a sentence.
    pub(super) async fn refused(
        &self,
        path: &str,
        cookie: &str,
        form: &[(&str, &str)],
        says: &str,
    ) {
        let answer = self.post(path, cookie, form).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let text = answer.text().await.expect("text");
        assert!(text.contains(says), "{path} does not say {says:?}: {text}");
    }

    /// Posts and expects to be led on.
    pub(super) async fn done(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> String {
        let answer = self.post(path, cookie, form).await;
        let code = answer.status();
        let way = answer.headers().get(LOCATION).cloned();
        assert_eq!(
            code,
            StatusCode::SEE_OTHER,
            "{path}: {:?}",
            answer.text().await
        );
        way.and_then(|way| way.to_str().map(str::to_owned).ok())
            .expect("a way on")
    }
}

pub(super) fn page_of(entry: &Entry) -> String {
    format!("/network/organisations/{}", entry.organisation.id)
}
