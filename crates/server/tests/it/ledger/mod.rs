//! The ledger from outside: its files and proofs as other programs read them.

mod bundles;
mod witness;
mod witnesses;

use std::path::Path;

use domain::audit::AuditKind;
use ledger::{Checkpoint, Note, VerifyingKey, check_log, verify_consistency, verify_inclusion};
use reqwest::StatusCode;
use serde_json::Value;
use server::ledger::bundle;

use crate::harness::{Place, TestServer, event};

impl TestServer {
    pub(super) async fn act(&self, count: usize) {
        let app = &self.server.app;
        let acts = vec![event(AuditKind::CaseOpened); count];
        app.store.record_audits(&acts).await.expect("recorded");
        app.ledger.renew(&app.store).await.expect("signed");
    }

    pub(super) async fn text(&self, path: &str) -> (StatusCode, String) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await;
        let answer = answer.expect("answers");
        (answer.status(), answer.text().await.expect("text"))
    }

    pub(super) async fn export(&self, to: &Path) -> u64 {
        let app = &self.server.app;
        bundle::export(&app.store, &app.ledger, to)
            .await
            .expect("exported")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_follows_each_change_and_its_files_give_its_root() {
    let place = Place::new().with("KENTONGAN_LEDGER_ENTRIES", "true");
    let server = TestServer::start(&place).await;
    server.act(600).await;
    let (_, key) = server.text("/ledger/key").await;
    let key = VerifyingKey::parse(key.trim_end()).expect("key");
    let (code, note) = server.text("/ledger/checkpoint").await;
    assert_eq!(code, StatusCode::OK);
    let head = Checkpoint::verified(&Note::parse(&note).expect("note"), &key).expect("signed");
    assert!(head.size >= 600);
    let mut files = std::collections::HashMap::new();
    for place in ledger::tiles_of(head.size) {
        for path in [
            ledger::TilePath::Hashes(place),
            ledger::TilePath::Entries(place),
        ] {
            let address = format!("{}/ledger/tile/{path}", server.url);
            let answer = server.client.get(address).send().await.expect("answers");
            if place.level == 0 || matches!(path, ledger::TilePath::Hashes(_)) {
                assert_eq!(answer.status(), StatusCode::OK, "{path}");
                let kept = &answer.headers()["cache-control"];
                assert!(kept.to_str().expect("text").contains("immutable"));
                files.insert(
                    path.to_string(),
                    answer.bytes().await.expect("bytes").to_vec(),
                );
            }
        }
    }
    let read = |path: ledger::TilePath| Ok::<_, ()>(files.get(&path.to_string()).cloned());
    assert_eq!(check_log(head.size, &head.root, read), Ok(None));
    for missing in ["0/999", "0/0", "9/000", "entries/999", "0/000.p/256", "x"] {
        let (code, _) = server.text(&format!("/ledger/tile/{missing}")).await;
        assert_eq!(code, StatusCode::NOT_FOUND, "{missing}");
    }
    // The background signs by itself.
    let store = &server.server.app.store;
    store
        .record_audit(&event(AuditKind::CaseOpened))
        .await
        .expect("recorded");
    let begun = std::time::Instant::now();
    while server.server.app.ledger.latest().checkpoint.size == head.size {
        assert!(begun.elapsed().as_secs() < 60, "no checkpoint followed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proofs_over_the_api_verify() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.act(300).await;
    let hash = |value: &Value| {
        use base64::Engine as _;
        let text = value.as_str().expect("text");
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text)
            .expect("base64");
        ledger::Hash::try_from(bytes).expect("a hash")
    };
    let path = |value: &Value| {
        value
            .as_array()
            .expect("list")
            .iter()
            .map(hash)
            .collect::<Vec<_>>()
    };
    let (code, found) = server
        .get_json("/api/v1/ledger/inclusion?sequence=7&size=299")
        .await;
    assert_eq!(code, StatusCode::OK, "{found}");
    let (leaf, root) = (hash(&found["leaf"]), hash(&found["tree"]["root"]));
    verify_inclusion(&leaf, 6, 299, &path(&found["proof"]), &root).expect("included");
    let (_, grown) = server
        .get_json("/api/v1/ledger/consistency?from=100&to=299")
        .await;
    let (from, to) = (hash(&grown["from"]["root"]), hash(&grown["to"]["root"]));
    assert_eq!(to, root);
    verify_consistency(100, &from, 299, &to, &path(&grown["proof"])).expect("consistent");
    for beyond in [
        "inclusion?sequence=0",
        "inclusion?sequence=999999",
        "inclusion?sequence=1&size=999999",
        "consistency?from=5&to=4",
        "consistency?from=1&to=999999",
    ] {
        let (code, problem) = server.get_json(&format!("/api/v1/ledger/{beyond}")).await;
        assert_eq!(
            (code, &problem["reference"]),
            (StatusCode::NOT_FOUND, &"not_found".into()),
            "{beyond}"
        );
    }
    let (code, _) = server.get_json("/api/v1/ledger/inclusion?sequence=x").await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    server.stop().await;
}
