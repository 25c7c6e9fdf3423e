//! The life of a post, from receipt to the radar and back.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::claim_match::Decision;
use domain::cluster::ClusterAnswer;
use domain::fact_check::Rating;
use domain::region::RegionCode;
use domain::tip::Tip;
use domain::{LabelId, Timestamp, TipId};
use server::clock;
use store::Labelling;

use crate::harness::{Place, TestServer, event, post, rfc3339};

const CLAIM: &str = "Tujuh kontainer surat suara sudah tercoblos ditemukan di Tanjung Priok";
const HOAX: &str = "Tolong viralkan!! 7 kontainer surat suara sudah tercoblos ditemukan di Tanjung Priok, cek sekarang";

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_recognised_and_the_cluster_finds_its_check() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let check = server.add_check("a", CLAIM, Rating::False).await;
    server
        .server
        .app
        .answers
        .refresh()
        .await
        .expect("refreshes");
    let lines = [
        post("1", HOAX),
        post("2", HOAX),
        post("3", &format!("DITERUSKAN: {HOAX} 😡😡")),
        post(
            "4",
            "Besok pagi pasar kaget di lapangan, banyak jajanan enak dan murah meriah",
        ),
    ];
    server.take(&lines).await;
    let rows = server
        .radar_until("the hoax with its check", |rows| {
            rows.iter()
                .any(|row| row.posts == 3 && row.answer == ClusterAnswer::Suggested)
        })
        .await;
    assert_eq!(
        rows.len(),
        1,
        "a lone post without a check stays off the radar"
    );
    let row = &rows[0];
    assert_eq!(row.best.as_ref().map(|best| best.fact_check), Some(check));
    let cluster = server
        .server
        .app
        .store
        .cluster(row.id)
        .await
        .expect("cluster");
    assert!(cluster.suggestions[0].reason.contains("kontainer"));
    assert_eq!(
        cluster.posts - cluster.texts,
        cluster.posts - i64::try_from(cluster.examples.len()).expect("few")
    );
    assert_eq!(
        cluster.region.as_ref().map(RegionCode::as_str),
        Some("15.05")
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_published_later_answers_what_was_seen_before() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.take(&[post("1", HOAX), post("2", HOAX)]).await;
    server
        .radar_until("an unanswered cluster", |rows| {
            rows.first()
                .is_some_and(|row| row.answer == ClusterAnswer::None)
        })
        .await;
    server.add_check("a", CLAIM, Rating::False).await;
    server
        .radar_until("the answer", |rows| {
            rows.first()
                .is_some_and(|row| row.answer == ClusterAnswer::Suggested)
        })
        .await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_word_stands_whatever_comes_later() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let check = server.add_check("a", CLAIM, Rating::False).await;
    server
        .server
        .app
        .answers
        .refresh()
        .await
        .expect("refreshes");
    server.take(&[post("1", HOAX), post("2", HOAX)]).await;
    let rows = server
        .radar_until("the suggestion", |rows| !rows.is_empty())
        .await;
    let app = &server.server.app;
    let editor = server.add_editor().await;
    let confirmed = AuditEvent {
        actor: Actor::Member(editor),
        ..event(AuditKind::MatchConfirmed)
    };
    let label = Labelling {
        id: LabelId(clock::fresh_id()),
        model: server::answers::model_digest(),
    };
    app.store
        .decide_match(rows[0].id, check, Decision::Confirm, label, &confirmed)
        .await
        .expect("confirms");
    app.stream.decided(rows[0].id, true);
    server.take(&[post("3", HOAX), post("4", HOAX)]).await;
    let rows = server
        .radar_until("four posts", |rows| {
            rows.first().is_some_and(|row| row.posts == 4)
        })
        .await;
    assert_eq!(rows[0].answer, ClusterAnswer::Answered);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_archive_never_looks_like_a_surge() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let long_ago = rfc3339(clock::now().plus_us(-400 * Timestamp::DAY_US));
    let lines: Vec<_> = (0..50)
        .map(|number| {
            let mut old = post(&number.to_string(), HOAX);
            old["published_at"] = long_ago.clone().into();
            old
        })
        .collect();
    server.take(&lines).await;
    let rows = server
        .radar_until("fifty posts", |rows| {
            rows.first().is_some_and(|row| row.posts == 50)
        })
        .await;
    assert_eq!(rows[0].posts_per_hour, 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_finds_the_cluster_it_belongs_to() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.take(&[post("1", HOAX)]).await;
    let tip = Tip {
        id: TipId(clock::fresh_id()),
        code: "K7QM-3XPD".into(),
        text: HOAX.into(),
        region: None,
        received_at: clock::now(),
    };
    let app = &server.server.app;
    app.store
        .insert_tip(&tip, &event(AuditKind::TipReceived))
        .await
        .expect("stores");
    app.intake.tip(&tip).await.expect("durable");
    let rows = server
        .radar_until("the tip's cluster", |rows| {
            rows.first().is_some_and(|row| row.posts == 2)
        })
        .await;
    let begun = std::time::Instant::now();
    loop {
        let view = app
            .store
            .tip_by_code("K7QM-3XPD")
            .await
            .expect("reads")
            .expect("known");
        if view
            .cluster
            .as_ref()
            .is_some_and(|cluster| cluster.id == rows[0].id)
        {
            break;
        }
        assert!(
            begun.elapsed().as_secs() < 30,
            "the tip never found its cluster"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    server.stop().await;
}
