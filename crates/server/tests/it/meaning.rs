//! Answers by meaning, over the real sentence model; skipped, and said so, where it is not
//! installed (`make model`).

use std::path::Path;
use std::time::Duration;

use domain::cluster::ClusterAnswer;
use domain::fact_check::Rating;

use crate::harness::{Place, TestServer, post};

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../.tools/model/e5-small-q4.bin"
);
const CLAIM: &str = "Minum air rebusan bawang putih dapat menyembuhkan infeksi virus korona";
/// The same claim in other words and another language: hardly a word is shared.
const ENGLISH: &str = "My aunt says boiled garlic water cures people who caught the coronavirus";

fn place() -> Option<Place> {
    if Path::new(MODEL).is_file() {
        return Some(Place::new().with("KENTONGAN_MODEL", MODEL));
    }
    eprintln!("skipped: no sentence model at {MODEL}");
    None
}

async fn with_checks(place: &Place) -> TestServer {
    let server = TestServer::start(place).await;
    for (id, claim) in [
        ("a", CLAIM),
        (
            "b",
            "Harga tiket kereta api naik tiga kali lipat mulai bulan depan",
        ),
        (
            "c",
            "Gempa besar akan terjadi di Selatan Jawa pada malam tahun baru",
        ),
    ] {
        server.add_check(id, claim, Rating::False).await;
    }
    let answers = &server.server.app.answers;
    answers.refresh().await.expect("refreshes");
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_other_words_finds_its_check_by_meaning() {
    let Some(place) = place() else { return };
    let server = with_checks(&place).await;
    let answers = &server.server.app.answers;
    let by_words = answers.look_up(ENGLISH).await.expect("looks up");
    let found = |result: &server::answers::LookupResult| {
        let first = result.results.first();
        first.is_some_and(|hit| {
            hit.fact_check.claim == CLAIM
                && hit.contributions.iter().any(|(name, _)| name == "learned")
        })
    };
    assert!(!found(&by_words), "the model is opened in the background");
    for _ in 0..100 {
        let answered = answers.look_up(ENGLISH).await.expect("looks up");
        if found(&answered) {
            server.stop().await;
            assert!(place.path().join("sentences.bin").is_file());
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let last = answers.look_up(ENGLISH).await.expect("looks up");
    panic!("the check was not found by meaning within a minute: {last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_words_leave_alone_is_suggested_its_check() {
    let Some(place) = place() else { return };
    let server = with_checks(&place).await;
    let text = "Obat covid ternyata cukup ramuan bawang putih direbus lalu airnya diminum, virus korona langsung sembuh, infeksi hilang";
    server
        .take(&[post("1", text), post("2", text), post("3", text)])
        .await;
    let rows = server
        .radar_until("the cluster with its suggestion", |rows| {
            rows.iter()
                .any(|row| row.answer == ClusterAnswer::Suggested)
        })
        .await;
    assert_eq!(rows.len(), 1);
    server.stop().await;
}
