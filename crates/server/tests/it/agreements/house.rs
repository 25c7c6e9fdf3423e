//! A server with bodies that may agree, and what their coordinators do there.

use crate::harness::{Place, TestServer, event};
use axum::http::HeaderMap;
use domain::agreement::Opening;
use domain::audit::AuditKind;
use domain::case::Case;
use domain::fact_check::Draft;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{AgreementId, CaseId, MemberId, OrganisationId};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION};
use reqwest::{Response, StatusCode};
use server::access::session;
use server::clock;

/// A server with bodies that may agree.
pub(super) struct House {
    pub(super) server: TestServer,
}

/// A body and its coordinators.
pub(super) struct Body {
    pub(super) id: OrganisationId,
    pub(super) name: String,
    pub(super) one: String,
    pub(super) two: String,
}

/// The parties that most stories are about, as the form has them.
pub(super) const PAIR: &str = "KPU Contoh\nAsosiasi Contoh";

/// Addresses in `page` that hold `part`.
pub(super) fn links<'p>(page: &'p str, part: &str) -> Vec<&'p str> {
    let found = page.split("href=\"").skip(1);
    let found = found.filter_map(|rest| rest.split('"').next());
    found.filter(|address| address.contains(part)).collect()
}

impl House {
    /// The bodies of [`PAIR`].
    pub(super) async fn pair(&self) -> (Body, Body) {
        let (commission, association) = (OrganisationKind::Kpu, OrganisationKind::MediaAssociation);
        (
            self.body("KPU Contoh", commission, None, None).await,
            self.body("Asosiasi Contoh", association, None, None).await,
        )
    }

    /// Sends a file to an address of the page, with a name that no header can hold.
    pub(super) async fn upload(&self, who: &str, address: &str, bytes: Vec<u8>) -> StatusCode {
        let to = format!("{}{address}nama=naskah%22%0d%0a.pdf", self.server.url);
        let request = self.server.client.post(to).header(COOKIE, who).body(bytes);
        request.send().await.expect("answers").status()
    }

    pub(super) async fn open(place: &Place) -> Self {
        Self {
            server: TestServer::start(place).await,
        }
    }

    pub(super) async fn body(
        &self,
        name: &str,
        kind: OrganisationKind,
        region: Option<&str>,
        parent: Option<OrganisationId>,
    ) -> Body {
        let organisation = Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind,
            name: name.to_owned(),
            region: region.and_then(|code| RegionCode::parse(code).ok()),
            homepage: None,
            parent,
            active: true,
        };
        let store = &self.server.server.app.store;
        let act = event(AuditKind::OrganisationAdded);
        let added = store.insert_organisation(&organisation, &act);
        added.await.expect("organisation");
        Body {
            id: organisation.id,
            name: name.to_owned(),
            one: self.person(organisation.id, Role::Coordinator).await,
            two: self.person(organisation.id, Role::Coordinator).await,
        }
    }

    pub(super) async fn person(&self, organisation: OrganisationId, role: Role) -> String {
        let app = &self.server.server.app;
        let id = MemberId(clock::fresh_id());
        let member = Member {
            id,
            organisation,
            name: "Koordinator".into(),
            email: format!("{}@lembaga.example", id.0),
            role,
            zone: Zone::Wib,
            active: true,
        };
        let act = event(AuditKind::MemberAdded);
        let added = app.store.insert_member(&member, "no password", &act);
        added.await.expect("member");
        let cookie = session::open(app, &HeaderMap::new(), id, clock::now(), "").await;
        let cookie = cookie.expect("session");
        let text = cookie.to_str().expect("text");
        text.split(';').next().unwrap_or_default().to_owned()
    }

    /// A case of `body` with a draft in it.
    pub(super) async fn case_of(&self, body: &Body) -> CaseId {
        let store = &self.server.server.app.store;
        let cluster = crate::desk::rumour();
        store
            .upsert_clusters(std::slice::from_ref(&cluster))
            .await
            .expect("cluster");
        let writer = store
            .members(store::Page::first(50))
            .await
            .expect("members");
        let writer = writer
            .iter()
            .find(|(member, _)| member.organisation == body.id);
        let writer = writer.expect("somebody").0.id;
        let id = CaseId(clock::fresh_id());
        let title = "Kotak suara ditukar".to_owned();
        let now = clock::now();
        let case = Case::open(id, cluster.id, body.id, title, writer, now);
        let act = event(AuditKind::CaseOpened);
        store.insert_case(&case, &act).await.expect("opened");
        let case = case.take(writer, now).expect("taken");
        store.update_case(&case, &act).await.expect("kept");
        let draft = Draft {
            explanation: "RAHASIA REDAKSI".into(),
            ..Draft::default()
        };
        let case = case.save(draft, writer, now).expect("saved");
        store.update_case(&case, &act).await.expect("kept");
        id
    }

    pub(super) async fn get(&self, who: &str, path: &str) -> Response {
        let request = self.server.client.get(format!("{}{path}", self.server.url));
        request.header(COOKIE, who).send().await.expect("answers")
    }

    pub(super) async fn post(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .server
            .client
            .post(format!("{}{path}", self.server.url));
        let request = request
            .header(COOKIE, who)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        request.send().await.expect("answers")
    }

    /// Proposes and yields the page's path.
    pub(super) async fn propose(&self, by: &Body, fields: &[(&str, &str)]) -> String {
        let answer = self.post(&by.one, "/network/agreements", fields).await;
        let place = answer.headers().get(LOCATION).cloned();
        let page = answer.text().await.expect("page");
        let place = place.unwrap_or_else(|| panic!("not proposed: {page}"));
        place.to_str().expect("text").to_owned()
    }

    pub(super) async fn version(&self, path: &str) -> String {
        let id = path
            .rsplit('/')
            .next()
            .and_then(AgreementId::parse)
            .expect("id");
        let agreement = self
            .server
            .server
            .app
            .store
            .agreement(id)
            .await
            .expect("agreement");
        agreement.version.to_string()
    }

    pub(super) async fn act(
        &self,
        who: &str,
        path: &str,
        verb: &str,
        fields: &[(&str, &str)],
    ) -> StatusCode {
        self.post(who, &format!("{path}/{verb}"), fields)
            .await
            .status()
    }

    /// The verb is done.
    pub(super) async fn does(&self, who: &str, path: &str, verb: &str, fields: &[(&str, &str)]) {
        let code = self.act(who, path, verb, fields).await;
        assert_eq!(code, StatusCode::SEE_OTHER, "{verb} of {path}");
    }

    /// The verb is refused with a reason.
    pub(super) async fn refuses(&self, who: &str, path: &str, verb: &str, fields: &[(&str, &str)]) {
        let code = self.act(who, path, verb, fields).await;
        assert_eq!(code, StatusCode::UNPROCESSABLE_ENTITY, "{verb} of {path}");
    }

    /// To this person there is no such agreement.
    pub(super) async fn misses(&self, who: &str, path: &str, verb: &str, fields: &[(&str, &str)]) {
        let code = self.act(who, path, verb, fields).await;
        assert_eq!(code, StatusCode::NOT_FOUND, "{verb} of {path}");
    }

    /// The page as text.
    pub(super) async fn page(&self, who: &str, path: &str) -> String {
        self.get(who, path).await.text().await.expect("page")
    }

    pub(super) async fn sign(&self, path: &str, bodies: &[&Body]) {
        let version = self.version(path).await;
        for body in bodies {
            let done = self
                .act(&body.one, path, "sign", &[("version", &version)])
                .await;
            assert_eq!(done, StatusCode::SEE_OTHER, "{} signs", body.name);
        }
    }

    /// A text that the first of these bodies proposed and all of them signed.
    pub(super) async fn signed(&self, bodies: &[&Body], terms: &[(&str, &str)]) -> String {
        let first = bodies.first().expect("a party");
        let path = self.propose(first, terms).await;
        self.does(&first.one, &path, "agree", &[]).await;
        self.sign(&path, bodies).await;
        path
    }

    pub(super) fn opened(
        &self,
        taker: &Body,
        giver: &Body,
        opening: Opening,
        region: &str,
    ) -> bool {
        let region = RegionCode::parse(region).ok();
        let app = &self.server.server.app;
        app.agreed_access
            .opened(taker.id, giver.id, opening, region.as_ref(), clock::now())
            .is_some()
    }
}

pub(super) fn terms<'a>(
    parties: &'a str,
    start: &'a str,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("jenis", "mou"),
        ("judul", "Kerja sama cek fakta"),
        ("mulai", start),
        ("tahun", "3"),
        ("pihak", parties),
        ("c0.buka", "case.see"),
        ("c0.buka", "inquiry.ask"),
        ("c0.tujuan", "fact_check"),
    ];
    for (name, value) in more {
        fields.retain(|(known, _)| known != name || name.starts_with("c0.buka"));
        fields.push((name, value));
    }
    fields
}
