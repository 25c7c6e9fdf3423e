//! What is learnt in use, over HTTP: labels, the gold set, thresholds changed by two people, drift.

use axum::http::HeaderMap;
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::fact_check::Rating;
use domain::label::Verdict;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{ClusterId, FactCheckId, MemberId, OrganisationId, Timestamp};
use reqwest::header::COOKIE;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use server::access::session;
use server::clock;
use server::commands::eval::{LookUp, measure};
use server::commands::export;
use server::learning::gold::Month;
use store::{ClusterRow, Growth, LabelRow, ScoreCount, Suggestion};
use uuid::Uuid;

use crate::harness::{Place, TestServer, json_of};

const CLAIM: &str = "Tujuh kontainer surat suara sudah tercoblos ditemukan di Tanjung Priok";
const HOAX: &str = "Tolong viralkan!! 7 kontainer surat suara sudah tercoblos ditemukan di Tanjung \
    Priok, hubungi 0812-3456-7890";
const OTHERS: [&str; 4] = [
    "Minum air garam hangat menyembuhkan demam berdarah",
    "Undangan PPS berbentuk APK dikirim lewat pesan",
    "Gempa besar akan terjadi malam ini menurut peneliti asing",
    "Bantuan kuota internet gratis dibagikan lewat tautan",
];

/// A server with one check that answers the rumour and some others.
struct Room {
    server: TestServer,
    check: FactCheckId,
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

impl Room {
    async fn open(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let check = server.add_check("a", CLAIM, Rating::False).await;
        for (number, claim) in OTHERS.iter().enumerate() {
            server
                .add_check(&format!("other-{number}"), claim, Rating::False)
                .await;
        }
        server.server.app.answers.refresh().await.expect("checks");
        Self { server, check }
    }

    /// The same after a restart.
    async fn again(self, place: &Place) -> Self {
        self.server.stop().await;
        Self {
            server: TestServer::start(place).await,
            check: self.check,
        }
    }

    fn store(&self) -> &store::Store {
        &self.server.server.app.store
    }

    /// Signs somebody of a new organisation in; yields their cookie.
    async fn person(&self, kind: OrganisationKind, role: Role) -> String {
        let organisation = Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind,
            name: "Lembaga Contoh".to_owned(),
            region: None,
            homepage: None,
            parent: None,
            active: true,
        };
        let added = made(AuditKind::OrganisationAdded, organisation.id.0);
        let stored = self
            .store()
            .insert_organisation(&organisation, &added)
            .await;
        stored.expect("organisation");
        let id = MemberId(clock::fresh_id());
        let member = Member {
            id,
            organisation: organisation.id,
            name: format!("Orang {}", &id.to_string()[24..]),
            email: format!("{id}@lembaga.example"),
            role,
            zone: Zone::Wib,
            active: true,
        };
        let added = made(AuditKind::MemberAdded, id.0);
        let stored = self.store().insert_member(&member, "none", &added).await;
        stored.expect("member");
        let app = &self.server.server.app;
        let cookie = session::open(app, &HeaderMap::new(), id, clock::now(), "").await;
        let cookie = cookie.expect("session").to_str().expect("text").to_owned();
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    async fn get(&self, cookie: &str, path: &str) -> (StatusCode, String) {
        let request = self.server.client.get(format!("{}{path}", self.server.url));
        let answer = request
            .header(COOKIE, cookie)
            .send()
            .await
            .expect("answers");
        (answer.status(), answer.text().await.expect("page"))
    }

    async fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.server
            .client
            .post(format!("{}{path}", self.server.url))
            .header(COOKIE, cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .expect("answers")
    }

    /// A cluster with `text` for which the machine suggests `check`.
    async fn cluster(&self, text: &str, check: FactCheckId) -> ClusterId {
        let now = clock::now();
        let row = ClusterRow {
            id: ClusterId(clock::fresh_id()),
            state: ClusterState::Growing,
            born_at: now.plus_us(-Timestamp::HOUR_US),
            last_seen_at: now,
            text: text.to_owned(),
            posts: 2,
            texts: 1,
            reach: 0,
            posts_per_hour: 2,
            heat: 1.0,
            answer: ClusterAnswer::Suggested,
            suggestions: vec![Suggestion {
                fact_check: check,
                probability: 0.97,
                answer_word: "match",
                reason: "{}".to_owned(),
            }],
            growth: Growth::default(),
            facets: Vec::new(),
            examples: Vec::new(),
            region: None,
            lang: None,
        };
        let rows = std::slice::from_ref(&row);
        self.store().upsert_clusters(rows).await.expect("cluster");
        row.id
    }

    async fn decide(&self, cookie: &str, cluster: ClusterId, check: FactCheckId, word: &str) {
        let path = format!("/desk/clusters/{cluster}/matches/{check}");
        let answer = self.post(cookie, &path, &[("keputusan", word)]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }

    async fn labels(&self) -> Vec<LabelRow> {
        self.store().newest_labels().await.expect("labels")
    }

    async fn answer(&self) -> Value {
        let url = format!("{}/api/v1/lookup", self.server.url);
        let request = self.server.client.post(url);
        let request = request.header("content-type", "application/json");
        let answer = request
            .body(json!({ "text": HOAX }).to_string())
            .send()
            .await;
        json_of(answer.expect("answers")).await
    }

    async fn acts(&self, kind: AuditKind) -> usize {
        let rows = self.store().audit_page(None, 200).await.expect("audit");
        rows.iter().filter(|row| row.event.kind == kind).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_editors_become_a_gold_set_that_can_be_measured() {
    let place = Place::new();
    let room = Room::open(&place).await;
    let editor = room.person(OrganisationKind::Newsroom, Role::Editor).await;
    let second = room.person(OrganisationKind::Newsroom, Role::Editor).await;
    let cluster = room.cluster(HOAX, room.check).await;
    room.decide(&second, cluster, room.check, "tolak").await;
    room.decide(&editor, cluster, room.check, "sahkan").await;
    let labels = room.labels().await;
    let verdicts: Vec<Verdict> = labels.iter().map(|label| label.verdict).collect();
    assert_eq!(verdicts, [Verdict::Confirmed, Verdict::Rejected]);
    assert_eq!(labels[0].model, server::answers::model_digest());
    assert_ne!(labels[0].member, labels[1].member);

    let month = Month::of(clock::now()).expect("a month");
    let folder = place.path().join("gold");
    let summary = export::write(room.store(), month, &folder)
        .await
        .expect("exports");
    assert_eq!(
        (summary.texts, summary.confirmed, summary.conflicts),
        (1, 1, 1)
    );
    assert_eq!((summary.masked, summary.checks), (1, 5));
    assert_eq!(room.acts(AuditKind::GoldExported).await, 1);
    let queries = std::fs::read_to_string(folder.join("queries.jsonl")).expect("queries");
    assert!(
        queries.contains("[nomor]") && !queries.contains("0812"),
        "{queries}"
    );

    let measured = measure(
        &LookUp {
            corpus: folder.join("corpus.jsonl"),
            queries: folder.join("queries.jsonl"),
            qrels: folder.join("qrels.tsv"),
            claims_only: false,
            unquoted: false,
            page: Some(folder.join("page.html")),
            with_texts: false,
            figures: None,
        },
        None,
    );
    let measured = measured.expect("measures");
    assert_eq!(measured["queries"], 1);
    assert_eq!(measured["s@1"], 1.0, "{measured}");
    let page = std::fs::read_to_string(folder.join("page.html")).expect("page");
    assert!(page.contains("<svg") && !page.contains("kontainer"));

    let empty = Month::parse("2001-01").expect("a month");
    let nothing = export::write(room.store(), empty, &folder).await;
    let told = nothing.expect_err("an empty month").to_string();
    assert!(told.contains("2001-01"), "{told}");
    room.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_downloads_the_same_and_others_find_nothing() {
    let place = Place::new();
    let room = Room::open(&place).await;
    let editor = room.person(OrganisationKind::Newsroom, Role::Editor).await;
    let admin = room
        .person(OrganisationKind::Operator, Role::Administrator)
        .await;
    let authority = room
        .person(OrganisationKind::Kpu, Role::Administrator)
        .await;
    let newsroom = room
        .person(OrganisationKind::Newsroom, Role::Administrator)
        .await;
    let month = Month::of(clock::now()).expect("a month").to_string();
    let path = "/admin/learning/gold";
    let early = room.post(&admin, path, &[("bulan", &month)]).await;
    assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let cluster = room.cluster(HOAX, room.check).await;
    room.decide(&editor, cluster, room.check, "sahkan").await;
    let answer = room.post(&admin, path, &[("bulan", &month)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "application/gzip");
    let packed = answer.bytes().await.expect("archive");
    let mut whole = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(packed.as_ref());
    std::io::Read::read_to_end(&mut reader, &mut whole).expect("unpacks");
    let text = String::from_utf8_lossy(&whole);
    for part in ["corpus.jsonl", "queries.jsonl", "qrels.tsv", "[nomor]"] {
        assert!(text.contains(part), "the archive lacks {part}");
    }
    assert_eq!(room.acts(AuditKind::GoldExported).await, 1);
    for person in [&authority, &newsroom, &editor] {
        let answer = room.post(person, path, &[("bulan", &month)]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        for path in ["/admin/learning", "/admin/thresholds"] {
            assert_eq!(room.get(person, path).await.0, StatusCode::NOT_FOUND);
        }
    }
    room.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_did_not_mean_it_leaves_a_word_and_nothing_else() {
    let place = Place::new();
    let room = Room::open(&place).await;
    let fields = [("teks", HOAX), ("bukan", "ya")];
    for _ in 0..2 {
        let answer = room.post("", "/periksa", &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = answer.text().await.expect("page");
        assert!(page.contains("Belum diperiksa") && page.contains("href=\"/metodologi\""));
    }
    let link = "/periksa?teks=7%20kontainer%20surat%20suara%20tercoblos&bukan=ya";
    room.get("", link).await;
    let labels = room.labels().await;
    assert_eq!(
        labels.len(),
        1,
        "a link is not a word, and the same is kept once"
    );
    let label = &labels[0];
    assert_eq!(
        (label.verdict, label.fact_check),
        (Verdict::NotMeant, room.check)
    );
    assert_eq!(
        (label.member, label.text.as_deref(), label.cluster),
        (None, None, None)
    );
    assert!(!label.reason.contains("kontainer"));
    assert_eq!(room.acts(AuditKind::MatchNotMeant).await, 1);
    let nothing = [("teks", "resep sayur lodeh nangka muda"), ("bukan", "ya")];
    room.post("", "/periksa", &nothing).await;
    assert_eq!(
        room.labels().await.len(),
        1,
        "what was not shown was not refused"
    );
    room.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_change_by_two_people_at_once_and_for_good() {
    let place = Place::new();
    let room = Room::open(&place).await;
    let editor = room.person(OrganisationKind::Newsroom, Role::Editor).await;
    let first = room
        .person(OrganisationKind::MediaAssociation, Role::Administrator)
        .await;
    let second = room
        .person(OrganisationKind::Operator, Role::Administrator)
        .await;
    let authority = room
        .person(OrganisationKind::Bawaslu, Role::Administrator)
        .await;
    let cluster = room.cluster(HOAX, room.check).await;
    room.decide(&editor, cluster, room.check, "sahkan").await;
    assert_ne!(room.answer().await["answer"], "not_yet_checked");

    let (code, page) = room
        .get(&first, "/admin/thresholds?cocok=0.9999&mirip=0.9998")
        .await;
    assert_eq!(code, StatusCode::OK);
    for part in [
        "1 pasangan pernah",
        "1 berganti",
        "1 → <b>0</b>",
        "kontainer",
        "Usulkan",
    ] {
        assert!(page.contains(part), "the effect lacks {part}");
    }
    assert_ne!(
        room.answer().await["answer"],
        "not_yet_checked",
        "looking changes nothing"
    );
    let wished = [("cocok", "0.9999"), ("mirip", "0,9998")];
    let upside_down = [("cocok", "0.4"), ("mirip", "0.5")];
    let refused = room.post(&first, "/admin/thresholds", &upside_down).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let proposed = room.post(&first, "/admin/thresholds", &wished).await;
    assert_eq!(proposed.status(), StatusCode::SEE_OTHER);
    let again = room.post(&second, "/admin/thresholds", &wished).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let change = room
        .store()
        .threshold_changes(1)
        .await
        .expect("changes")
        .remove(0);
    let apply = format!("/admin/thresholds/{}/apply", change.id);
    for (person, code) in [
        (&first, StatusCode::UNPROCESSABLE_ENTITY),
        (&authority, StatusCode::NOT_FOUND),
        (&editor, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(room.post(person, &apply, &[]).await.status(), code);
    }
    assert_ne!(room.answer().await["answer"], "not_yet_checked");
    let applied = room.post(&second, &apply, &[]).await;
    assert_eq!(applied.status(), StatusCode::SEE_OTHER);
    assert_eq!(room.answer().await["answer"], "not_yet_checked");
    let late = room.post(&second, &apply, &[]).await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(room.acts(AuditKind::ThresholdsProposed).await, 1);
    assert_eq!(room.acts(AuditKind::ThresholdsApplied).await, 1);
    let room = room.again(&place).await;
    assert_eq!(
        room.answer().await["answer"],
        "not_yet_checked",
        "a restart forgets"
    );
    room.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_of_scores_is_seen_by_the_administrator() {
    let place = Place::new();
    let room = Room::open(&place).await;
    let admin = room
        .person(OrganisationKind::Operator, Role::Administrator)
        .await;
    for _ in 0..3 {
        room.answer().await;
    }
    let app = &room.server.server.app;
    server::learning::drift::write_down(app, clock::now()).await;
    let hour = clock::now().0.div_euclid(Timestamp::HOUR_US);
    let written = room
        .store()
        .score_sums(hour - 1, hour - 1, hour + 1)
        .await
        .expect("sums");
    let looked_up = written.iter().filter(|sum| sum.source == "lookup");
    assert_eq!(looked_up.map(|sum| sum.count).sum::<i64>(), 3);

    let count = |hour, bin, count| ScoreCount {
        hour,
        source: "lookup",
        bin,
        count,
    };
    let usual = [count(hour - 300, 0, 900), count(hour - 300, 19, 100)];
    room.store()
        .add_score_counts(&usual)
        .await
        .expect("history");
    let (_, calm) = room.get(&admin, "/admin/learning").await;
    assert!(calm.contains("Belum cukup pesan") && !calm.contains("bergeser jauh"));
    let shifted = [count(hour - 2, 0, 200), count(hour - 2, 19, 800)];
    room.store()
        .add_score_counts(&shifted)
        .await
        .expect("today");
    let (code, page) = room.get(&admin, "/admin/learning").await;
    assert_eq!(code, StatusCode::OK);
    assert!(page.contains("Sebaran bergeser jauh") && page.contains("role=\"alert\""));
    room.server.stop().await;
}
