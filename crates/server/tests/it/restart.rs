//! What a restart keeps: everything acknowledged, counted once.

use crate::harness::{Place, TestServer, post};

fn batch(from: usize, count: usize) -> Vec<serde_json::Value> {
    (from..from + count)
        .map(|number| {
            post(
                &number.to_string(),
                &format!(
                    "pesan berantai nomor {} tentang surat suara rusak",
                    number % 40
                ),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_go_on_where_they_were_after_an_orderly_end() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.take(&batch(0, 500)).await;
    server.counted_until(500).await;
    let before = server.radar().await;
    server.stop().await;
    let server = TestServer::start(&place).await;
    assert_eq!(
        server.take(&batch(0, 500)).await,
        (0, 500),
        "known posts are known after a restart"
    );
    assert_eq!(server.take(&batch(500, 100)).await, (100, 0));
    server.counted_until(600).await;
    let posts: i64 = server
        .radar_until("all posts", |rows| {
            rows.iter().map(|row| row.posts).sum::<i64>() == 600
        })
        .await
        .iter()
        .map(|row| row.posts)
        .sum();
    assert_eq!(posts, 600);
    assert_eq!(
        server.radar().await.len(),
        before.len(),
        "the same clusters, not new ones"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_checkpoint_the_log_tells_the_same_story() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.take(&batch(0, 300)).await;
    server.counted_until(300).await;
    let before = server
        .radar_until("all posts", |rows| {
            rows.iter().map(|row| row.posts).sum::<i64>() == 300
        })
        .await;
    server.stop().await;
    std::fs::remove_file(place.path().join("stream/checkpoint.bin")).expect("removed");
    let server = TestServer::start(&place).await;
    server.take(&batch(300, 1)).await;
    server.counted_until(301).await;
    let after = server
        .radar_until("all posts", |rows| {
            rows.iter().map(|row| row.posts).sum::<i64>() == 301
        })
        .await;
    let mut ids: Vec<_> = before.iter().map(|row| row.id).collect();
    let mut again: Vec<_> = after.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    again.sort_unstable();
    assert_eq!(
        ids, again,
        "reading the log again gives the same identities"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_is_set_aside_and_nothing_is_counted_twice() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    server.take(&batch(0, 200)).await;
    server.counted_until(200).await;
    server.stop().await;
    let path = place.path().join("stream/checkpoint.bin");
    let mut bytes = std::fs::read(&path).expect("checkpoint");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("writes");
    let server = TestServer::start(&place).await;
    assert_eq!(server.take(&batch(0, 200)).await, (0, 200));
    server.counted_until(200).await;
    server.stop().await;
}
