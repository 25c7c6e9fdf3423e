//! A running server for one test.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::fact_check::{FactCheck, Origin, Rating};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{FactCheckId, KeyId, MemberId, OrganisationId, Timestamp};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use server::clock;
use server::commands::serve::Server;
use server::config::Config;
use server::intake::keys::digest_of;
use server::router;
use store::{KeyRow, RadarFilter, RadarRow};
use tempfile::TempDir;
use tokio::net::TcpListener;
use uuid::Uuid;

/// The service key of every test.
pub(crate) const KEY: &str = "kt_test";
/// How long anything may take before a test gives up; generous, since machines are shared.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A data folder with its database, which outlives the servers that run in it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    database: String,
    dropped_at_end: Option<(String, String)>,
    settings: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        match std::env::var("KENTONGAN_TEST_POSTGRES") {
            Ok(server) => {
                let name = format!("it_{}", Uuid::new_v4().simple());
                psql(&server, &format!("CREATE DATABASE {name}"));
                let (address, _) = server
                    .rsplit_once('/')
                    .expect("an address that names a database");
                let database = format!("{address}/{name}");
                Self {
                    folder,
                    database,
                    dropped_at_end: Some((server, name)),
                    settings: Vec::new(),
                }
            }
            Err(_) => {
                let database = format!("sqlite:{}", folder.path().join("kentongan.db").display());
                Self {
                    folder,
                    database,
                    dropped_at_end: None,
                    settings: Vec::new(),
                }
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// With one more setting for the servers that run here; the one said last holds.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        let setting = (variable.to_owned(), value.to_owned());
        self.settings.insert(0, setting);
        self
    }

    pub(crate) fn config(&self) -> Config {
        let variables = [
            ("KENTONGAN_LISTEN", "127.0.0.1:0".to_owned()),
            ("KENTONGAN_DATA", self.path().display().to_string()),
            ("KENTONGAN_DATABASE", self.database.clone()),
            ("KENTONGAN_FEEDS", "false".to_owned()),
            ("KENTONGAN_MODEL", "off".to_owned()),
        ];
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        // What the test sets itself comes first and so holds.
        let variables = self.settings.iter().cloned().chain(variables);
        Config::from_variables(false, variables).expect("settings")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.dropped_at_end {
            psql(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn psql(server: &str, statement: &str) {
    let done = Command::new("psql")
        .args([server, "-qc", statement])
        .output()
        .expect("psql runs");
    assert!(
        done.status.success(),
        "{statement}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// A server that listens, and a client beside it.
pub(crate) struct TestServer {
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) server: Server,
    listening: tokio::task::JoinHandle<()>,
}

impl TestServer {
    pub(crate) async fn start(place: &Place) -> Self {
        // Several tests install it; the first one wins.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let server = Server::start(place.config()).await.expect("starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let service =
            router::router(server.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stop = server.stop.clone();
        let listening = tokio::spawn(async move {
            let serving = axum::serve(listener, service);
            serving
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await
                .expect("serves");
        });
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("client");
        let running = Self {
            url,
            client,
            server,
            listening,
        };
        running.add_key().await;
        running
    }

    /// Ends the server in order, as SIGTERM does.
    pub(crate) async fn stop(self) {
        let Self {
            client,
            server,
            listening,
            ..
        } = self;
        drop(client);
        server.stop.cancel();
        listening.await.expect("listener ends");
        server.finish().await.expect("ends well");
    }

    async fn add_key(&self) {
        let key = KeyRow {
            id: KeyId(clock::fresh_id()),
            name: "test".into(),
            digest: digest_of(KEY),
            scopes: "posts:write".into(),
            posts_per_second: 1_000_000,
            posts_per_day: 1_000_000_000,
            created_at: clock::now(),
            revoked_at: None,
            organisation: None,
            expires_at: None,
            last_used_at: None,
        };
        match self
            .server
            .app
            .store
            .insert_key(&key, &event(AuditKind::KeyAdded))
            .await
        {
            Ok(()) | Err(store::StoreError::Conflict) => {}
            Err(error) => panic!("key: {error}"),
        }
    }

    /// Sends a body with the test key.
    pub(crate) async fn send(&self, body: impl Into<reqwest::Body>) -> Response {
        self.send_as(body, None).await
    }

    /// Sends a body in a content encoding.
    pub(crate) async fn send_as(
        &self,
        body: impl Into<reqwest::Body>,
        encoding: Option<&str>,
    ) -> Response {
        let mut request = self
            .client
            .post(format!("{}/api/v1/posts", self.url))
            .bearer_auth(KEY)
            .body(body);
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        request.send().await.expect("answers")
    }

    /// Sends posts and expects each to be accepted or a repetition: (accepted, duplicates).
    pub(crate) async fn take(&self, lines: &[Value]) -> (u64, u64) {
        let answer = self.send(ndjson(lines)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = json_of(answer).await;
        assert_eq!(answer["rejected"], json!([]), "{answer}");
        let count = |field: &str| answer[field].as_u64().expect("count");
        (count("accepted"), count("duplicates"))
    }

    /// Asks by GET and reads JSON.
    pub(crate) async fn get_json(&self, path: &str) -> (StatusCode, Value) {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .expect("answers");
        let code = answer.status();
        (code, json_of(answer).await)
    }

    /// The radar, hottest first.
    pub(crate) async fn radar(&self) -> Vec<RadarRow> {
        let filter = RadarFilter {
            limit: 100,
            ..RadarFilter::default()
        };
        self.server
            .app
            .store
            .radar(&filter, clock::now())
            .await
            .expect("radar")
    }

    /// Waits until the radar is as wanted.
    pub(crate) async fn radar_until(
        &self,
        wanted: &str,
        is_so: impl Fn(&[RadarRow]) -> bool,
    ) -> Vec<RadarRow> {
        let begun = Instant::now();
        loop {
            let rows = self.radar().await;
            if is_so(&rows) {
                return rows;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "the radar never showed {wanted}: {rows:#?}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Posts counted in the totals by hour.
    pub(crate) async fn counted(&self) -> i64 {
        let hours = self.server.app.store.stream_hours(0).await.expect("hours");
        hours.iter().map(|hour| hour.posts).sum()
    }

    /// Waits until this many posts are counted, and fails when more are.
    pub(crate) async fn counted_until(&self, wanted: i64) {
        let begun = Instant::now();
        loop {
            let counted = self.counted().await;
            assert!(counted <= wanted, "{counted} posts counted, {wanted} sent");
            if counted == wanted {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "only {counted} of {wanted} posts were counted"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Adds an editor of a newsroom.
    pub(crate) async fn add_editor(&self) -> MemberId {
        let organisation = Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind: OrganisationKind::Newsroom,
            name: "Redaksi Contoh".into(),
            region: None,
            homepage: None,
            parent: None,
            active: true,
        };
        let member = Member {
            id: MemberId(clock::fresh_id()),
            organisation: organisation.id,
            name: "Redaktur A".into(),
            email: "a@redaksi.example".into(),
            role: Role::Editor,
            zone: Zone::Wib,
            active: true,
        };
        let store = &self.server.app.store;
        store
            .insert_organisation(&organisation, &event(AuditKind::OrganisationAdded))
            .await
            .expect("organisation");
        store
            .insert_member(&member, "no password", &event(AuditKind::MemberAdded))
            .await
            .expect("member");
        member.id
    }

    /// Brings in a fact-check as an archive would.
    pub(crate) async fn add_check(
        &self,
        external_id: &str,
        claim: &str,
        rating: Rating,
    ) -> FactCheckId {
        let check = FactCheck {
            id: FactCheckId(clock::fresh_id()),
            external_id: external_id.into(),
            publisher: "Redaksi Contoh".into(),
            origin: Origin::Imported,
            claim: claim.into(),
            rating,
            label: "HOAKS".into(),
            deception: None,
            explanation: "Petugas memeriksa dan tidak menemukannya.".into(),
            narrative: None,
            evidence: vec!["https://example.org/bukti".into()],
            url: None,
            published_at: Timestamp(1_546_300_800_000_000),
            revision: 0,
        };
        let checks = [check];
        let imported = self
            .server
            .app
            .store
            .import_fact_checks(&checks, &event(AuditKind::FactChecksImported))
            .await;
        imported.expect("imports");
        checks[0].id
    }
}

/// An act of the machine.
pub(crate) fn event(kind: AuditKind) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject: Uuid::nil(),
        note: String::new(),
    }
}

/// The body as JSON; null when it is none.
pub(crate) async fn json_of(answer: Response) -> Value {
    let bytes = answer.bytes().await.expect("body");
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}

/// Posts as NDJSON.
pub(crate) fn ndjson(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A post seen now.
pub(crate) fn post(id: &str, text: &str) -> Value {
    json!({
        "channel": {"kind": "x", "account": "akun", "url": format!("https://x.example/{id}")},
        "external_id": id, "text": text, "published_at": rfc3339(clock::now()),
        "region": "15.05", "reach": 120,
    })
}

/// RFC 3339 in UTC.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .expect("time")
        .to_string()
}
