//! Witnesses: what they co-sign, and what they refuse.

use std::path::Path;

use domain::audit::AuditKind;
use ledger::{Checkpoint, Note};
use reqwest::StatusCode;
use server::clock;
use server::demo::witness;
use server::ledger::verification::{Comparison, compare, compare_live, verify};
use server::ledger::witness::WitnessError;

use super::witness::Witness;
use crate::harness::{PATIENCE, Place, TestServer, json_of};

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("folder") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// Only an SQLite database is a file that a test can put back.
fn on_sqlite() -> bool {
    std::env::var("KENTONGAN_TEST_POSTGRES").is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_co_signs_what_only_grew() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let witness = Witness::new("warta.example/saksi");
    let early = witness.round(&server).await.expect_err("nothing kept yet");
    assert!(matches!(early, WitnessError::Empty), "{early}");
    server.act(1).await;
    let stranger = witness.round(&server).await.expect_err("kept");
    assert!(
        stranger.to_string().contains("witness_unknown"),
        "{stranger}"
    );
    assert_eq!(
        server.text("/ledger/cosigned").await.0,
        StatusCode::NOT_FOUND
    );
    witness.register(&server).await;
    server.act(10).await;
    let first = witness.round(&server).await.expect("co-signed");
    server.act(300).await;
    let second = witness.round(&server).await.expect("co-signed");
    assert_eq!(second.before, Some(first.size));
    assert_eq!(
        second.size,
        first.size + 1 + 300,
        "the first cosignature is an entry"
    );
    server.act(0).await;
    let again = witness.round(&server).await.expect("co-signed");
    assert_eq!(again.size, second.size + 1);
    server.act(0).await;
    let still = witness.round(&server).await.expect("the same size again");
    assert_eq!(
        still.size, again.size,
        "entries of cosignatures call for no more"
    );
    let (_, note) = server.text("/ledger/checkpoint").await;
    let note = Note::parse(&note).expect("note");
    assert!(
        witness
            .key
            .verifying_key()
            .verify(&note)
            .expect("cosigned")
            .is_some()
    );
    assert_eq!(note.signatures().len(), 2);
    server.act(1).await;
    let (_, cosigned) = server.text("/ledger/cosigned").await;
    assert_eq!(
        cosigned,
        note.to_string(),
        "the last co-signed one stays to be had"
    );
    let (_, page) = server.text("/ledger").await;
    assert!(
        page.contains("Warta Satu") && page.contains("warta.example/saksi+"),
        "{page}"
    );
    server.stop().await;
}

/// The demonstration's own witness goes the same rounds, and its page says whose it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_witness_of_the_demonstration_joins_and_co_signs() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let app = &server.server.app;
    let stop = server.server.stop.child_token();
    server.act(3).await;
    let running = tokio::spawn(witness::run(app.clone(), server.url.clone(), stop.clone()));
    let begun = std::time::Instant::now();
    let seen = loop {
        let known = app.store.witnesses().await.expect("witnesses");
        if let Some((size, _)) = known.first().and_then(|row| row.last) {
            break size;
        }
        assert!(begun.elapsed() < PATIENCE, "it never co-signed");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(seen >= 3);
    stop.cancel();
    running.await.expect("ends");
    let (_, page) = server.text("/ledger").await;
    assert!(page.contains("dijalankan server ini sendiri"), "{page}");
    let acts = app.store.audit_page(None, 10).await.expect("trail");
    let kept = acts
        .iter()
        .find(|row| row.event.kind == AuditKind::CosignatureKept);
    assert_eq!(
        kept.expect("recorded").event.note,
        format!("{seen} entries")
    );
    server.stop().await;
}

/// What arrives at the endpoint, and how it is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cosignatures_on_anything_else_are_refused() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let witness = Witness::new("warta.example/saksi");
    witness.register(&server).await;
    server.act(5).await;
    let head = server.server.app.ledger.latest().checkpoint.clone();
    let now_s = u64::try_from(clock::now().0 / 1_000_000).expect("time");
    let signed = |checkpoint: &Checkpoint, time_s: u64| {
        let mut note = Note::unsigned(checkpoint.to_text()).expect("note");
        note.add(witness.key.sign(note.text(), time_s));
        note.to_string()
    };
    let other_root = Checkpoint {
        root: [1; 32],
        ..head.clone()
    };
    let larger = Checkpoint {
        size: head.size + 100,
        ..head.clone()
    };
    let elsewhere = Checkpoint {
        origin: "other.example/ledger".into(),
        ..head.clone()
    };
    let extended = format!("{}extension\n", head.to_text());
    let mut with_more = Note::unsigned(extended).expect("note");
    with_more.add(witness.key.sign(with_more.text(), now_s));
    let good = signed(&head, now_s);
    for (body, code, reference) in [
        ("nonsense".to_owned(), 400, "note_unreadable"),
        (signed(&other_root, now_s), 409, "root_not_ours"),
        (signed(&larger, now_s), 409, "root_not_ours"),
        (with_more.to_string(), 409, "root_not_ours"),
        (signed(&elsewhere, now_s), 422, "origin_other"),
        (signed(&head, now_s + 3_600), 422, "time_ahead"),
        (
            server.server.app.ledger.latest().note.to_string(),
            403,
            "witness_unknown",
        ),
        (
            good.replace("warta.example", "kabar.example"),
            403,
            "witness_unknown",
        ),
        ("x".repeat(70_000), 413, "too_large"),
    ] {
        let request = server
            .client
            .post(format!("{}/api/v1/ledger/cosignatures", server.url));
        let answer = request.body(body).send().await.expect("answers");
        assert_eq!(answer.status().as_u16(), code, "{reference}");
        assert_eq!(json_of(answer).await["reference"], reference);
    }
    let request = server
        .client
        .post(format!("{}/api/v1/ledger/cosignatures", server.url));
    let answer = request.body(good).send().await.expect("answers");
    assert_eq!(json_of(answer).await["size"], head.size);
    server.stop().await;
}

/// Somebody puts yesterday's copy of the database back, and even makes our own memory forget.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_rolled_back_gets_no_signature_and_no_cosignature() {
    if !on_sqlite() {
        return;
    }
    let place = Place::new();
    let witness = Witness::new("warta.example/saksi");
    let yesterday = tempfile::tempdir().expect("folder");
    let server = TestServer::start(&place).await;
    witness.register(&server).await;
    server.act(300).await;
    witness.round(&server).await.expect("co-signed");
    server.stop().await;
    copy_folder(place.path(), yesterday.path());

    let server = TestServer::start(&place).await;
    server.act(50).await;
    let seen = witness.round(&server).await.expect("co-signed").size;
    server.stop().await;

    // The database alone: our own memory tells.
    let database = place.path().join("kentongan.db");
    std::fs::copy(yesterday.path().join("kentongan.db"), &database).expect("rolled back");
    let server = TestServer::start(&place).await;
    assert!(server.server.app.ledger.latest().contradicted_by.is_some());
    let (_, page) = server.text("/ledger").await;
    assert!(
        page.contains("tidak cocok dengan yang pernah ditandatangani"),
        "{page}"
    );
    server.act(1).await;
    assert_eq!(
        server.server.app.ledger.latest().checkpoint.size,
        seen,
        "nothing new is signed"
    );
    server.act(200).await;
    let latest = server.server.app.ledger.latest();
    assert!(
        latest.contradicted_by.is_some(),
        "grown past what was signed, it is still another"
    );
    assert_eq!(latest.checkpoint.size, seen);
    server.stop().await;

    // The whole folder: the witness refuses, and keeps both checkpoints.
    std::fs::copy(yesterday.path().join("kentongan.db"), &database).expect("rolled back");
    std::fs::copy(
        yesterday.path().join("ledger/signed"),
        place.path().join("ledger/signed"),
    )
    .expect("rolled back");
    let server = TestServer::start(&place).await;
    let refused = witness.round(&server).await.expect_err("co-signed");
    assert!(
        matches!(refused, WitnessError::Rollback { seen: before, shown, .. } if before == seen && shown < seen),
        "{refused}"
    );

    // Grown past what was seen, it is another history: a fork.
    server.act(200).await;
    let refused = witness.round(&server).await.expect_err("co-signed");
    let WitnessError::Fork {
        seen: before,
        evidence,
        ..
    } = &refused
    else {
        panic!("{refused}");
    };
    assert_eq!(*before, seen);
    let evidence = std::fs::read_to_string(evidence).expect("evidence");
    assert_eq!(evidence.matches(&seen.to_string()).count(), 1, "{evidence}");
    let refused = witness.round(&server).await.expect_err("co-signed");
    assert!(
        matches!(refused, WitnessError::Fork { .. }),
        "a refusal is not forgotten: {refused}"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_views_of_one_ledger_are_split_by_name() {
    if !on_sqlite() {
        return;
    }
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.act(300).await;
    let common = server
        .server
        .app
        .store
        .ledger_head()
        .await
        .expect("head")
        .size;
    server.stop().await;
    let other = Place::new();
    copy_folder(place.path(), other.path());
    let out = tempfile::tempdir().expect("folder");
    let (one, two) = (out.path().join("one"), out.path().join("two.json"));
    for (place, bundle, acts) in [(&place, &one, 20), (&other, &two, 30)] {
        let server = TestServer::start(place).await;
        server.act(acts).await;
        server.export(bundle).await;
        server.stop().await;
    }
    // Each is sound and signed by the same key; only together they tell.
    let (first, second) = (
        verify(&one, &[]).expect("sound"),
        verify(&two, &[]).expect("sound"),
    );
    assert_eq!(first.key, second.key);
    assert_eq!(
        compare(&one, &two).expect("compared"),
        Comparison::SplitAt(common + 1)
    );
    assert_eq!(
        compare(&one, &one).expect("compared"),
        Comparison::SameUpTo(first.checkpoint.size)
    );
    let server = TestServer::start(&place).await;
    let store = &server.server.app.store;
    assert_eq!(
        compare_live(store, &two).await.expect("compared"),
        Comparison::SplitAt(common + 1)
    );
    let same = compare_live(store, &one).await.expect("compared");
    assert_eq!(same, Comparison::SameUpTo(first.checkpoint.size));
    server.stop().await;
}
