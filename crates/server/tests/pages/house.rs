//! A whole server with its own data folder, two members and a check.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, header};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{FactCheckId, MemberId, OrganisationId, Timestamp};
use server::commands::serve::Server;
use server::config::{Config, IdentitySettings};
use server::web::proxies::TrustedProxies;
use std::net::SocketAddr;
use tower::ServiceExt;
use uuid::Uuid;

pub(super) const CLAIM: &str =
    "Tujuh kontainer surat suara tercoblos ditemukan di pelabuhan Tanjung Priok";
pub(super) const EMAIL: &str = "redaktur-a@redaksi.example";
pub(super) const PASSWORD: &str = "kentongan bertalu-talu";

/// A running server over its own folder.
pub(super) struct House {
    pub(super) server: Server,
    pub(super) router: Router,
    pub(super) _folder: tempfile::TempDir,
}

impl House {
    pub(super) async fn open(demo: bool) -> Self {
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

    pub(super) async fn furnish(&self) {
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
    pub(super) async fn add_demonstration(&self) {
        let lines = include_str!("../../../../reference/demo/fact-checks.jsonl").lines();
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

    pub(super) async fn send(&self, mut request: Request<Body>) -> Response<Body> {
        let peer: SocketAddr = "127.0.0.1:40000".parse().expect("address");
        request.extensions_mut().insert(ConnectInfo(peer));
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer")
    }

    pub(super) async fn get(&self, address: &str) -> Response<Body> {
        self.send(asked(address).body(Body::empty()).expect("request"))
            .await
    }

    pub(super) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Response<Body> {
        self.send(
            form(address)
                .body(Body::from(encoded(fields)))
                .expect("request"),
        )
        .await
    }

    pub(super) async fn close(self) {
        drop(self.router);
        self.server.finish().await.expect("a clean end");
    }
}

pub(super) fn asked(address: &str) -> axum::http::request::Builder {
    Request::get(address).header(header::HOST, "127.0.0.1:8080")
}

pub(super) fn form(address: &str) -> axum::http::request::Builder {
    Request::post(address)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ORIGIN, "http://127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub(super) async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 10_000_000)
        .await
        .expect("body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

pub(super) fn event(kind: AuditKind) -> AuditEvent {
    AuditEvent {
        at: Timestamp(0),
        actor: Actor::Machine,
        kind,
        subject: Uuid::nil(),
        note: String::new(),
    }
}

pub(super) fn check(number: u32) -> FactCheck {
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
