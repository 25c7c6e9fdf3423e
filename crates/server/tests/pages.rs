//! The public pages and the way in, over a whole server with its own data folder.
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{FactCheckId, MemberId, OrganisationId, Timestamp};
use server::commands::serve::Server;
use server::config::{Config, IdentitySettings};
use server::web::proxies::TrustedProxies;
use tower::ServiceExt;
use uuid::Uuid;

const CLAIM: &str = "Tujuh kontainer surat suara tercoblos ditemukan di pelabuhan Tanjung Priok";
const EMAIL: &str = "redaktur-a@redaksi.example";
const PASSWORD: &str = "kentongan bertalu-talu";
/// What a cold visit to a public page may load besides the typeface, compressed, in bytes.
const PAGE_MAX_BYTES: usize = 14_000;

/// A running server over its own folder.
struct House {
    server: Server,
    router: Router,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open(demo: bool) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let data = folder.path().to_owned();
        let config = Config {
            identity: IdentitySettings::plain(&data),
            listen: "127.0.0.1:0".parse().expect("address"),
            database: format!("sqlite:{}", data.join("kentongan.db").display()),
            archive: data.join("archive").display().to_string(),
            data,
            demo,
            log_days: 1,
            log_gib: 1,
            feeds: false,
            lexicon: None,
            trusted_proxies: TrustedProxies::None,
            model: Some("off".to_owned()),
            ledger_name: None,
            ledger_entries: true,
        };
        let server = Server::start(config).await.expect("a server");
        let router = server::router::router(server.app.clone());
        let house = Self {
            server,
            router,
            _folder: folder,
        };
        house.furnish().await;
        house
    }

    async fn furnish(&self) {
        let store = &self.server.app.store;
        let organisation = Organisation {
            id: OrganisationId(Uuid::from_u128(1)),
            kind: OrganisationKind::Newsroom,
            name: "Contoh Redaksi".into(),
            region: None,
            homepage: None,
            parent: None,
            active: true,
        };
        store
            .insert_organisation(&organisation, &event(AuditKind::OrganisationAdded))
            .await
            .expect("stored");
        let member = Member {
            id: MemberId(Uuid::from_u128(2)),
            organisation: organisation.id,
            name: "Redaktur A".into(),
            email: EMAIL.into(),
            role: Role::Editor,
            zone: Zone::Wita,
            active: true,
        };
        let hash = server::access::password::hash(PASSWORD).expect("hash");
        store
            .insert_member(&member, &hash, &event(AuditKind::MemberAdded))
            .await
            .expect("stored");
        let checks: Vec<FactCheck> = (0..30).map(check).collect();
        store
            .import_fact_checks(&checks, &event(AuditKind::FactChecksImported))
            .await
            .expect("stored");
        self.server.app.answers.refresh().await.expect("read");
    }

    /// Adds the checks of the demonstration: words need a corpus to be told apart by.
    async fn add_demonstration(&self) {
        let lines = include_str!("../../../reference/demo/fact-checks.jsonl").lines();
        let values =
            lines.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        let checks: Vec<FactCheck> = (5_000..)
            .zip(values)
            .map(|(number, value)| FactCheck {
                claim: value["claim"].as_str().expect("a claim").to_owned(),
                explanation: value["explanation"].as_str().unwrap_or_default().to_owned(),
                ..check(number)
            })
            .collect();
        let store = &self.server.app.store;
        store
            .import_fact_checks(&checks, &event(AuditKind::FactChecksImported))
            .await
            .expect("stored");
        self.server.app.answers.refresh().await.expect("read");
    }

    async fn send(&self, mut request: Request<Body>) -> Response<Body> {
        let peer: SocketAddr = "127.0.0.1:40000".parse().expect("address");
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer")
    }

    async fn get(&self, address: &str) -> Response<Body> {
        self.send(asked(address).body(Body::empty()).expect("request"))
            .await
    }

    async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Response<Body> {
        self.send(
            form(address)
                .body(Body::from(encoded(fields)))
                .expect("request"),
        )
        .await
    }

    async fn close(self) {
        drop(self.router);
        self.server.finish().await.expect("a clean end");
    }
}

fn asked(address: &str) -> axum::http::request::Builder {
    Request::get(address).header(header::HOST, "127.0.0.1:8080")
}

fn form(address: &str) -> axum::http::request::Builder {
    Request::post(address)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ORIGIN, "http://127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 10_000_000)
        .await
        .expect("body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn event(kind: AuditKind) -> AuditEvent {
    AuditEvent {
        at: Timestamp(0),
        actor: Actor::Machine,
        kind,
        subject: Uuid::nil(),
        note: String::new(),
    }
}

fn check(number: u32) -> FactCheck {
    let claim = match number {
        0 => CLAIM.to_owned(),
        n => format!("Klaim lain nomor {n} tentang <daftar> pemilih ganda di kelurahan {n}"),
    };
    FactCheck {
        id: FactCheckId(Uuid::from_u128(1_000 + u128::from(number))),
        external_id: number.to_string(),
        publisher: "Contoh Redaksi".into(),
        origin: Origin::Imported,
        claim,
        rating: if number.is_multiple_of(2) {
            Rating::False
        } else {
            Rating::Misleading
        },
        label: "HOAKS".into(),
        deception: Some(Deception::Fabricated),
        explanation: match number {
            0 => "Petugas memeriksa pelabuhan dan **tidak menemukan** kontainer.".into(),
            n => format!("Daftar kelurahan {n} dicocokkan ulang."),
        },
        narrative: None,
        evidence: vec!["https://kpu.example/keterangan".into()],
        url: Some("https://redaksi.example/cek".into()),
        published_at: Timestamp(1_546_430_400_000_000 - i64::from(number) * Timestamp::DAY_US),
        revision: 0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_hoax_gets_its_check_and_nonsense_gets_no_guess() {
    let house = House::open(false).await;
    house.add_demonstration().await;
    let answer = house.post("/periksa", &[("teks", CLAIM)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "private, no-store");
    let page = text(answer).await;
    for part in [
        "Sudah diperiksa",
        "Salah",
        "“HOAKS”",
        "<mark>",
        "Contoh Redaksi",
        "2 Januari 2019",
        "tidak menemukan",
    ] {
        assert!(page.contains(part), "the answer lacks {part}");
    }
    let refused = house
        .post("/periksa", &[("teks", CLAIM), ("bukan", "ya")])
        .await;
    assert!(
        text(refused).await.contains("Belum diperiksa"),
        "a refused answer is not given again"
    );
    let none = text(
        house
            .post(
                "/periksa",
                &[("teks", "resep sayur lodeh nangka muda santan")],
            )
            .await,
    )
    .await;
    assert!(
        none.contains("Belum diperiksa")
            && none.contains("action=\"/kirim\"")
            && !none.contains("verdict false")
    );
    let link = text(house.get("/periksa?teks=Tujuh%20kontainer%20surat%20suara%20tercoblos%20ditemukan%20di%20pelabuhan%20Tanjung%20Priok").await).await;
    assert!(link.contains("Sudah diperiksa"));
    let english = asked("/periksa?teks=resep")
        .header(header::COOKIE, "bahasa=en")
        .body(Body::empty())
        .expect("request");
    assert!(
        text(house.send(english).await)
            .await
            .contains("Not yet checked")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_checked_says_how_to_mend_it() {
    let house = House::open(false).await;
    for (message, mend) in [
        ("", "Belum ada isi pesan"),
        (" \u{200b}\n", ""),
        (&*"a".repeat(10_001), "paling banyak 10.000 karakter"),
    ] {
        let answer = house.post("/periksa", &[("teks", message)]).await;
        assert!(answer.status() == StatusCode::UNPROCESSABLE_ENTITY || mend.is_empty());
        assert!(text(answer).await.contains(mend));
    }
    let hostile = "</textarea><script>alert(1)</script>";
    let page = text(house.post("/periksa", &[("teks", hostile)]).await).await;
    assert!(
        !page.contains("<script>alert"),
        "a message gets out of its place"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_pages_are_small_guarded_and_kept() {
    let house = House::open(false).await;
    let id = check(0).id;
    let sheet_bytes = gzip_size(&house, server::web::assets::address("app.css")).await;
    for address in [
        "/",
        "/cek-fakta",
        "/cara-kami-bekerja",
        "/metodologi",
        "/ledger",
        &format!("/cek-fakta/{id}"),
        "/cek-fakta?kesimpulan=misleading",
    ] {
        let answer = house.get(address).await;
        assert_eq!(answer.status(), StatusCode::OK, "{address}");
        let headers = answer.headers().clone();
        let policy = headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text");
        assert!(policy.starts_with("default-src 'none'"), "{address}");
        assert_eq!(
            headers[header::X_CONTENT_TYPE_OPTIONS],
            "nosniff",
            "{address}"
        );
        assert!(
            headers[header::CACHE_CONTROL]
                .to_str()
                .expect("text")
                .starts_with("public"),
            "{address}"
        );
        let page = text(answer).await;
        assert!(
            page.contains("<html lang=\"id\">") && page.contains("rel=\"canonical\""),
            "{address}"
        );
        assert!(
            !page.contains("style=\"") && !page.contains("onclick"),
            "{address} breaks its own policy"
        );
        let loaded = page.matches("rel=\"stylesheet\"").count()
            + page.matches("rel=\"preload\"").count()
            + page.matches(" src=").count();
        assert!(loaded <= 2, "{address} loads {loaded} files besides itself");
        let size = gzip_size(&house, address).await + sheet_bytes;
        assert!(
            size <= PAGE_MAX_BYTES,
            "{address} and its sheet are {size} bytes"
        );
        let again = asked(address)
            .header(header::IF_NONE_MATCH, &headers[header::ETAG])
            .body(Body::empty())
            .expect("request");
        let again = house.send(again).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{address}");
        assert!(text(again).await.is_empty());
    }
    house.close().await;
}

async fn gzip_size(house: &House, address: &str) -> usize {
    let request = asked(address)
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .expect("request");
    let answer = house.send(request).await;
    assert_eq!(
        answer.headers()[header::CONTENT_ENCODING],
        "gzip",
        "{address}"
    );
    to_bytes(answer.into_body(), 10_000_000)
        .await
        .expect("body")
        .len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_pages_through_every_check_once() {
    let house = House::open(false).await;
    let first = text(house.get("/cek-fakta").await).await;
    assert_eq!(first.matches("class=\"check\"").count(), 20);
    let next = first
        .split("rel=\"next\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a next page");
    let second = text(
        house
            .get(&next.replace("&#38;", "&").replace("&amp;", "&"))
            .await,
    )
    .await;
    assert_eq!(second.matches("class=\"check\"").count(), 10);
    assert!(!second.contains("rel=\"next\""));
    let misleading = text(house.get("/cek-fakta?kesimpulan=misleading").await).await;
    assert_eq!(misleading.matches("class=\"check\"").count(), 15);
    let page = text(house.get(&format!("/cek-fakta/{}", check(0).id)).await).await;
    let block = page
        .split("application/ld+json\">")
        .nth(1)
        .and_then(|rest| rest.split("</script>").next())
        .expect("a data block");
    let block: serde_json::Value = serde_json::from_str(block).expect("JSON");
    assert_eq!(block["claimReviewed"], CLAIM);
    for address in [
        "/cek-fakta/nothing",
        "/cek-fakta/00000000-0000-0000-0000-000000000001",
        "/there-is-no-such-page",
    ] {
        let missing = house.get(address).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
        assert!(
            text(missing).await.contains("Halaman ini tidak ada"),
            "{address}"
        );
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_read_back_and_stay_unchanged() {
    let house = House::open(false).await;
    for ending in ["rss", "atom", "json"] {
        let address = format!("/feeds/fact-checks.{ending}");
        let answer = house.get(&address).await;
        let tag = answer.headers()[header::ETAG].clone();
        let feed = feed_rs::parser::parse(text(answer).await.as_bytes()).expect("a feed");
        assert_eq!(feed.entries.len(), 30, "{ending}");
        let again = asked(&address)
            .header(header::IF_NONE_MATCH, tag)
            .body(Body::empty())
            .expect("request");
        assert_eq!(house.send(again).await.status(), StatusCode::NOT_MODIFIED);
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tip_is_kept_with_consent_alone_and_followed_by_its_code() {
    let house = House::open(false).await;
    let message = "Kotak suara ditukar malam hari di gudang kecamatan";
    let refused = house.post("/kirim", &[("teks", message)]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        text(refused).await.contains(message),
        "what was written is still there"
    );
    let page = text(
        house
            .post(
                "/kirim",
                &[("teks", message), ("setuju", "ya"), ("wilayah", "15")],
            )
            .await,
    )
    .await;
    let code = page
        .split("href=\"/kiriman/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a code")
        .to_owned();
    let seen = text(
        house
            .get(&format!("/kiriman/{}", code.to_lowercase()))
            .await,
    )
    .await;
    assert!(seen.contains(message) && seen.contains("Jambi") && seen.contains("Belum ada jawaban"));
    assert_eq!(
        house.get("/kiriman/2222-2222").await.status(),
        StatusCode::NOT_FOUND
    );
    for _ in 0..40 {
        house.get("/kiriman/2222-2223").await;
    }
    assert_eq!(
        house.get("/kiriman/2222-2224").await.status(),
        StatusCode::TOO_MANY_REQUESTS,
        "codes can be guessed"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_opens_a_session_and_signing_out_ends_it() {
    let house = House::open(false).await;
    let wrong = house
        .post(
            "/masuk",
            &[("surel", EMAIL), ("sandi", "bukan kata sandinya")],
        )
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = text(wrong).await;
    let unknown = text(
        house
            .post(
                "/masuk",
                &[
                    ("surel", "nobody@redaksi.example"),
                    ("sandi", "bukan kata sandinya"),
                ],
            )
            .await,
    )
    .await;
    assert_eq!(
        wrong.replace(EMAIL, ""),
        unknown.replace("nobody@redaksi.example", ""),
        "a member can be told from a stranger"
    );
    let right = house
        .post(
            "/masuk",
            &[
                ("surel", " Redaktur-A@redaksi.example"),
                ("sandi", PASSWORD),
                ("kembali", "/cek-fakta"),
            ],
        )
        .await;
    assert_eq!(right.status(), StatusCode::SEE_OTHER);
    assert_eq!(right.headers()[header::LOCATION], "/cek-fakta");
    let cookie = right.headers()[header::SET_COOKIE]
        .to_str()
        .expect("text")
        .split(';')
        .next()
        .expect("pair")
        .to_owned();
    let with_cookie = |address: &str| {
        asked(address)
            .header(header::COOKIE, &cookie)
            .body(Body::empty())
            .expect("request")
    };
    let greeted = house.send(with_cookie("/")).await;
    assert_eq!(
        greeted.headers()[header::CACHE_CONTROL],
        "private, no-store",
        "a member's page is kept by others"
    );
    assert!(text(greeted).await.contains("Redaktur A"));
    let out = form("/keluar")
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .expect("request");
    assert_eq!(house.send(out).await.status(), StatusCode::SEE_OTHER);
    assert!(
        !text(house.send(with_cookie("/")).await)
            .await
            .contains("Redaktur A")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guesser_is_slowed_and_a_forged_form_is_refused() {
    let house = House::open(false).await;
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = house
            .post(
                "/masuk",
                &[("surel", "x@redaksi.example"), ("sandi", "tebakan pertama")],
            )
            .await
            .status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let forged = Request::post("/masuk")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ORIGIN, "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded(&[
            ("surel", EMAIL),
            ("sandi", PASSWORD),
        ])))
        .expect("request");
    let forged = house.send(forged).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    assert!(forged.headers().get(header::SET_COOKIE).is_none());
    assert!(
        text(forged)
            .await
            .contains("Tidak dapat dilakukan dari sini")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_door_opens_only_in_demonstration_mode() {
    let member = Uuid::from_u128(2).to_string();
    let shut = House::open(false).await;
    assert_eq!(
        shut.post("/masuk/peraga", &[("anggota", &member)])
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    assert!(
        !text(shut.get("/masuk").await)
            .await
            .contains("/masuk/peraga")
    );
    shut.close().await;
    let open = House::open(true).await;
    let page = text(open.get("/masuk").await).await;
    assert!(page.contains("/masuk/peraga") && page.contains("Mode peraga"));
    assert_eq!(
        open.post("/masuk/peraga", &[("anggota", &member)])
            .await
            .status(),
        StatusCode::SEE_OTHER
    );
    let mut far = form("/masuk/peraga")
        .body(Body::from(encoded(&[("anggota", &member)])))
        .expect("request");
    let peer: SocketAddr = "203.0.113.7:40000".parse().expect("address");
    far.extensions_mut().insert(ConnectInfo(peer));
    assert_eq!(
        open.router
            .clone()
            .oneshot(far)
            .await
            .expect("answer")
            .status(),
        StatusCode::NOT_FOUND
    );
    open.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_get_problem_details_and_people_get_a_way_to_sign_in() {
    let house = House::open(false).await;
    let missing = house.get("/api/v1/nothing").await;
    assert_eq!(
        missing.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let problem: serde_json::Value = serde_json::from_str(&text(missing).await).expect("JSON");
    assert_eq!(problem["reference"], "not_found");
    let desk = house.get("/desk").await;
    assert_eq!(desk.status(), StatusCode::SEE_OTHER);
    assert_eq!(desk.headers()[header::LOCATION], "/masuk?kembali=%2Fdesk");
    house.close().await;
}
