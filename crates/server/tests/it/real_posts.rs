//! The main job on real posts and real fact-checks, where the evaluation data lies beside the
//! checkout. It is not ours to pass on, so it is not in the repository.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use domain::cluster::ClusterAnswer;
use domain::fact_check::{FactCheck, Origin, Rating};
use domain::{FactCheckId, Timestamp};
use serde_json::{Value, json};
use server::clock;
use store::RadarFilter;

use crate::harness::{Place, TestServer, event};

/// Posts replayed; the bench replays all of them.
const POSTS: usize = 12_000;

fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    folder
        .join("stream/posts.jsonl.gz")
        .exists()
        .then_some(folder)
}

fn real_posts(folder: &Path) -> Vec<Value> {
    let file = std::fs::File::open(folder.join("stream/posts.jsonl.gz")).expect("posts");
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines
        .skip(30_000)
        .take(POSTS)
        .map(|line| {
            let post: Value = serde_json::from_str(&line.expect("line")).expect("json");
            json!({"channel": {"kind": "x", "account": post["author"]}, "external_id": post["id"],
                "text": post["text"], "published_at": post["created_at"], "reach": post["likes"]})
        })
        .filter(|post| {
            post["text"]
                .as_str()
                .is_some_and(|text| !text.trim().is_empty())
        })
        .map(|mut post| {
            if post["reach"].as_u64().is_none() {
                post["reach"] = 0.into();
            }
            post
        })
        .collect()
}

fn real_checks(folder: &Path) -> Vec<FactCheck> {
    let file = std::fs::File::open(folder.join("claim-matching/corpus.jsonl")).expect("corpus");
    BufReader::new(file)
        .lines()
        .map(|line| {
            let check: Value = serde_json::from_str(&line.expect("line")).expect("json");
            let text = |field: &str| check[field].as_str().unwrap_or_default().to_owned();
            FactCheck {
                id: FactCheckId(clock::fresh_id()),
                external_id: text("doc_id"),
                publisher: text("org"),
                origin: Origin::Imported,
                claim: text("claim"),
                rating: Rating::from_label(&text("verdict")).unwrap_or(Rating::Unproven),
                label: text("tag"),
                deception: None,
                explanation: String::new(),
                narrative: None,
                evidence: Vec::new(),
                url: None,
                published_at: Timestamp(1_600_000_000_000_000),
                revision: 0,
            }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn real_posts_stream_in_and_find_real_checks() {
    let Some(folder) = data() else {
        println!("not tried: there is no evaluation data beside the checkout");
        return;
    };
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let app = &server.server.app;
    for checks in real_checks(&folder).chunks(500) {
        let imported = event(domain::audit::AuditKind::FactChecksImported);
        app.store
            .import_fact_checks(checks, &imported)
            .await
            .expect("imports");
    }
    app.answers.refresh().await.expect("refreshes");
    let posts = real_posts(&folder);
    let mut accepted = 0;
    for lines in posts.chunks(2_000) {
        accepted += server.take(lines).await.0;
    }
    server
        .counted_until(i64::try_from(accepted).expect("few"))
        .await;
    let rows = server
        .radar_until("a cluster of more than five posts", |rows| {
            rows.iter().any(|row| row.posts > 5)
        })
        .await;
    // What has an answer is less hot and may lie behind the first page.
    let suggested = RadarFilter {
        answer: Some(ClusterAnswer::Suggested),
        limit: 100,
        ..RadarFilter::default()
    };
    let answered = app
        .store
        .radar(&suggested, clock::now())
        .await
        .expect("radar");
    assert!(
        answered.len() >= 20 && answered.iter().all(|row| row.best.is_some()),
        "{} clusters with checks",
        answered.len()
    );
    assert!(
        rows.len() >= 50,
        "{} clusters from {accepted} real posts",
        rows.len()
    );
    for lines in posts.chunks(2_000) {
        assert_eq!(server.take(lines).await.0, 0, "the same posts are known");
    }
    server.stop().await;
}
