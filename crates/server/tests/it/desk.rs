//! The desk over HTTP: who may take, write, approve and see a case.

use std::time::Duration;

use axum::http::HeaderMap;
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::case::{CaseState, Lock};
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{CaseId, ClusterId, MemberId, OrganisationId, Timestamp};
use reqwest::header::{COOKIE, LOCATION};
use reqwest::{Response, StatusCode};
use server::access::session;
use server::clock;
use store::{ClusterRow, Growth};
use uuid::Uuid;

use crate::harness::{Place, TestServer};

/// A server with one rumour on its radar and two newsrooms around it.
pub(crate) struct Desk {
    pub(crate) server: TestServer,
    cluster: ClusterId,
    pub(crate) home: OrganisationId,
    away: OrganisationId,
}

/// Somebody at a browser.
pub(crate) struct Person {
    id: MemberId,
    cookie: String,
}

fn made(kind: AuditKind, subject: Uuid) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject,
        note: String::new(),
    }
}

impl Desk {
    pub(crate) async fn open(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let (home, away) = (
            OrganisationId(clock::fresh_id()),
            OrganisationId(clock::fresh_id()),
        );
        for (id, name) in [(home, "Redaksi Muara"), (away, "Redaksi Hulu")] {
            let kind = OrganisationKind::Newsroom;
            let newsroom = Organisation {
                id,
                kind,
                name: name.to_owned(),
                region: None,
                homepage: None,
                parent: None,
                active: true,
            };
            let store = &server.server.app.store;
            store
                .insert_organisation(&newsroom, &made(AuditKind::OrganisationAdded, id.0))
                .await
                .expect("newsroom");
        }
        let cluster = rumour();
        server
            .server
            .app
            .store
            .upsert_clusters(std::slice::from_ref(&cluster))
            .await
            .expect("cluster");
        Self {
            server,
            cluster: cluster.id,
            home,
            away,
        }
    }

    pub(crate) async fn person(
        &self,
        organisation: OrganisationId,
        role: Role,
        name: &str,
    ) -> Person {
        let app = &self.server.server.app;
        let id = MemberId(clock::fresh_id());
        let email = format!("{}@redaksi.example", id.0);
        let member = Member {
            id,
            organisation,
            name: name.to_owned(),
            email,
            role,
            zone: Zone::Wib,
            active: true,
        };
        app.store
            .insert_member(&member, "no password", &made(AuditKind::MemberAdded, id.0))
            .await
            .expect("member");
        let cookie = session::open(app, &HeaderMap::new(), id, clock::now(), "")
            .await
            .expect("session");
        let cookie = cookie
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        Person { id, cookie }
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Response {
        let request = self
            .server
            .client
            .get(format!("{}{path}", self.server.url))
            .header(COOKIE, &person.cookie);
        request.send().await.expect("answers")
    }

    pub(crate) async fn post(
        &self,
        person: &Person,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .server
            .client
            .post(format!("{}{path}", self.server.url))
            .header(COOKIE, &person.cookie);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        request.send().await.expect("answers")
    }

    /// Takes the rumour and yields the path of its case.
    pub(crate) async fn take(&self, person: &Person) -> String {
        let answer = self
            .post(
                person,
                &format!("/desk/clusters/{}/take", self.cluster),
                &[],
            )
            .await;
        place_of(&answer)
    }

    async fn case(&self, path: &str) -> domain::case::Case {
        let id = path
            .rsplit('/')
            .next()
            .and_then(CaseId::parse)
            .expect("a case's path");
        self.server.server.app.store.case(id).await.expect("case")
    }

    pub(crate) async fn save(
        &self,
        person: &Person,
        path: &str,
        claim: &str,
        next: &str,
    ) -> Response {
        let version = self.case(path).await.version.to_string();
        self.save_from(person, path, claim, next, &version).await
    }

    async fn save_from(
        &self,
        person: &Person,
        path: &str,
        claim: &str,
        next: &str,
        version: &str,
    ) -> Response {
        let fields = [
            ("version", version),
            ("klaim", claim),
            ("kesimpulan", "false_claim"),
            ("penjelasan", "Kotak suara **disegel** di depan saksi."),
            ("bukti", "https://kpu.example/segel"),
            ("lalu", next),
        ];
        self.post(person, &format!("{path}/draft"), &fields).await
    }
}

pub(crate) fn rumour() -> ClusterRow {
    let now = clock::now();
    let bucket_us = 5 * Timestamp::MINUTE_US;
    ClusterRow {
        id: ClusterId(clock::fresh_id()),
        state: ClusterState::Growing,
        born_at: now.plus_us(-Timestamp::HOUR_US),
        last_seen_at: now,
        text: "Kotak suara ditukar malam hari di gudang kecamatan".to_owned(),
        posts: 40,
        texts: 3,
        reach: 900,
        posts_per_hour: 40,
        heat: 5.0,
        answer: ClusterAnswer::None,
        suggestions: Vec::new(),
        growth: Growth {
            bucket_us,
            start: now.plus_us(-bucket_us),
            counts: vec![40],
        },
        facets: Vec::new(),
        examples: Vec::new(),
        region: None,
        lang: None,
    }
}

fn place_of(answer: &Response) -> String {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[LOCATION]
        .to_str()
        .expect("text")
        .to_owned()
}

#[tokio::test]
async fn one_person_takes_a_case_and_a_lapsed_lock_goes_to_the_next() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let first = desk.person(desk.home, Role::Editor, "Redaktur Satu").await;
    let second = desk.person(desk.home, Role::Editor, "Redaktur Dua").await;
    let case = desk.take(&first).await;

    let refused = desk.post(&second, &format!("{case}/take"), &[]).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(
        refused
            .text()
            .await
            .expect("page")
            .contains("Dipegang Redaktur Satu")
    );
    assert_eq!(
        desk.take(&second).await,
        case,
        "the same case, still held by the first"
    );
    assert_eq!(desk.case(&case).await.holder(clock::now()), Some(first.id));
    let radar = desk.get(&second, "/desk").await.text().await.expect("page");
    assert!(radar.contains("dipegang Redaktur Satu"));

    let mut idle = desk.case(&case).await;
    let long_ago = clock::now().plus_us(-domain::limits::CASE_LOCK_IDLE_US);
    idle.state = CaseState::Held {
        lock: Lock {
            holder: first.id,
            touched_at: long_ago,
        },
    };
    idle.version += 1;
    let store = &desk.server.server.app.store;
    store
        .update_case(&idle, &made(AuditKind::CaseTaken, idle.id.0))
        .await
        .expect("idle");
    place_of(&desk.post(&second, &format!("{case}/take"), &[]).await);
    assert_eq!(desk.case(&case).await.holder(clock::now()), Some(second.id));

    let late = desk.save(&first, &case, "Tulisan yang terlambat", "").await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    assert!(
        late.text()
            .await
            .expect("page")
            .contains("Tulisan yang terlambat"),
        "the text is given back"
    );
    desk.server.stop().await;
}

#[tokio::test]
async fn a_check_takes_two_people_and_answers_the_cluster() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let author = desk
        .person(desk.home, Role::Reviewer, "Redaktur Satu")
        .await;
    let reviewer = desk.person(desk.home, Role::Reviewer, "Redaktur Dua").await;
    let case = desk.take(&author).await;

    let empty = desk.post(&author, &format!("{case}/submit"), &[]).await;
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    place_of(
        &desk
            .save(&author, &case, "Kotak suara ditukar di gudang.", "ajukan")
            .await,
    );

    let own = desk.post(&author, &format!("{case}/approve"), &[]).await;
    assert_eq!(own.status(), StatusCode::CONFLICT);
    assert!(own.text().await.expect("page").contains("empat mata"));
    let silent = desk
        .post(&reviewer, &format!("{case}/return"), &[("catatan", "  ")])
        .await;
    assert_eq!(silent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.case(&case).await.state.as_str(), "in_review");

    let published = place_of(&desk.post(&reviewer, &format!("{case}/approve"), &[]).await);
    assert!(published.starts_with("/cek-fakta/"), "{published}");
    let store = &desk.server.server.app.store;
    assert_eq!(
        store.cluster(desk.cluster).await.expect("cluster").answer,
        ClusterAnswer::Answered
    );
    let acts: Vec<AuditKind> = store
        .case_history(desk.case(&case).await.id)
        .await
        .expect("history")
        .iter()
        .map(|row| row.event.kind)
        .collect();
    let told = [
        AuditKind::CasePublished,
        AuditKind::CaseSubmitted,
        AuditKind::DraftSaved,
        AuditKind::CaseTaken,
        AuditKind::CaseOpened,
    ];
    assert_eq!(acts, told);
    assert!(
        store
            .verify_audit()
            .await
            .expect("ledger")
            .first_bad
            .is_none()
    );
    desk.server.stop().await;
}

#[tokio::test]
async fn an_older_page_overwrites_nothing_and_keeps_both_texts() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let author = desk.person(desk.home, Role::Editor, "Redaktur Satu").await;
    let case = desk.take(&author).await;
    let seen = desk.case(&case).await.version.to_string();
    place_of(&desk.save(&author, &case, "Yang pertama.", "").await);

    let late = desk
        .save_from(&author, &case, "Yang kedua.", "", &seen)
        .await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let page = late.text().await.expect("page");
    assert!(page.contains("Yang pertama.") && page.contains("Yang kedua."));
    assert_eq!(desk.case(&case).await.draft.claim, "Yang pertama.");
    desk.server.stop().await;
}

#[tokio::test]
async fn a_foreign_newsroom_finds_no_case_and_a_reader_no_verb() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let author = desk.person(desk.home, Role::Editor, "Redaktur Satu").await;
    let stranger = desk
        .person(desk.away, Role::Reviewer, "Redaktur Lain")
        .await;
    let reader = desk.person(desk.home, Role::Reader, "Pembaca").await;
    let case = desk.take(&author).await;
    let before = desk.case(&case).await;

    assert_eq!(desk.get(&reader, "/desk").await.status(), StatusCode::OK);
    assert_eq!(
        desk.get(&reader, "/desk/tips").await.status(),
        StatusCode::NOT_FOUND
    );
    for person in [&stranger, &reader] {
        assert_eq!(
            desk.get(person, &case).await.status(),
            StatusCode::NOT_FOUND
        );
        for verb in ["take", "submit", "release", "approve"] {
            let answer = desk.post(person, &format!("{case}/{verb}"), &[]).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{verb}");
        }
        for verb in ["close", "return"] {
            let answer = desk
                .post(person, &format!("{case}/{verb}"), &[("catatan", "x")])
                .await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{verb}");
        }
        assert_eq!(
            desk.save(person, &case, "Bukan saya.", "").await.status(),
            StatusCode::NOT_FOUND
        );
    }
    for path in ["case", "take"] {
        let answer = desk
            .post(
                &reader,
                &format!("/desk/clusters/{}/{path}", desk.cluster),
                &[],
            )
            .await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    assert_eq!(
        desk.case(&case).await,
        before,
        "nothing of all this changed the case"
    );
    desk.server.stop().await;
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let author = desk.person(desk.home, Role::Editor, "Redaktur Satu").await;
    let address = format!("{}/desk/clusters/{}/take", desk.server.url, desk.cluster);
    let forged = desk
        .server
        .client
        .post(address)
        .header(COOKIE, &author.cookie);
    let forged = forged
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .expect("answers");
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    let store = &desk.server.server.app.store;
    assert!(
        store
            .case_of_cluster(desk.cluster, desk.home)
            .await
            .expect("store")
            .is_none()
    );
    desk.server.stop().await;
}

#[tokio::test]
async fn an_open_radar_does_not_hold_a_server_back_that_ends() {
    let place = Place::new();
    let desk = Desk::open(&place).await;
    let reader = desk.person(desk.home, Role::Reader, "Pembaca").await;
    let mut line = desk.get(&reader, "/desk/live").await;
    assert_eq!(line.headers()["content-type"], "text/event-stream");
    let first = line.chunk().await.expect("open").expect("news");
    assert!(first.starts_with(b"data: {\"version\":"), "{first:?}");
    let ended = tokio::time::timeout(Duration::from_secs(20), desk.server.stop()).await;
    assert!(ended.is_ok(), "the open line kept the server from ending");
}
