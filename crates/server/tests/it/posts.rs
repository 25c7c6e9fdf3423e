//! `POST /api/v1/posts`: what is taken, what is not, and what is said about it.

use std::io::Write;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Place, TestServer, json_of, ndjson, post};

async fn problem(answer: reqwest::Response) -> (StatusCode, String) {
    let code = answer.status();
    let kind = answer
        .headers()
        .get("content-type")
        .expect("content type")
        .to_owned();
    assert_eq!(kind, "application/problem+json");
    let body: Value = json_of(answer).await;
    assert!(
        body["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty()),
        "{body}"
    );
    (
        code,
        body["reference"].as_str().expect("reference").to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_counted_once_however_often_it_is_sent() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let lines = [
        post("1", "surat suara sudah tercoblos"),
        post("2", "antrean panjang di TPS"),
    ];
    assert_eq!(server.take(&lines).await, (2, 0));
    assert_eq!(server.take(&lines).await, (0, 2));
    let twice = [post("3", "sama"), post("3", "sama")];
    assert_eq!(server.take(&twice).await, (1, 1));
    let elsewhere = json!({"channel": {"kind": "facebook", "account": "akun"}, "external_id": "1",
        "text": "nomor sama, kanal lain", "published_at": "2026-01-01T00:00:00Z"});
    assert_eq!(server.take(&[elsewhere]).await, (1, 0));
    server.counted_until(4).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_named_and_good_ones_go_in() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let mut body = ndjson(&[post("1", "baik")]).into_bytes();
    body.extend_from_slice(b"\xff\xfe\n\n{\"a\":1}\n");
    body.extend_from_slice(ndjson(&[post("2", " ")]).as_bytes());
    body.extend_from_slice(ndjson(&[post("3", &"x".repeat(1_000_000))]).as_bytes());
    body.extend_from_slice(
        ndjson(&[
            post("4", "😀😀😀"),
            post("5", "\u{202e}kanan ke kiri\u{200b}"),
        ])
        .as_bytes(),
    );
    let answer = json_of(server.send(body).await).await;
    assert_eq!(answer["accepted"], 3, "{answer}");
    let rejected: Vec<(u64, &str)> = answer["rejected"]
        .as_array()
        .expect("list")
        .iter()
        .map(|line| {
            (
                line["line"].as_u64().expect("line"),
                line["reference"].as_str().expect("reference"),
            )
        })
        .collect();
    assert_eq!(
        rejected,
        [
            (2, "line_not_utf8"),
            (4, "line_not_a_post"),
            (5, "post_text_empty"),
            (6, "post_text_too_long")
        ]
    );
    server.counted_until(3).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gzip_and_zstd_are_read_and_other_encodings_refused() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(ndjson(&[post("1", "satu")]).as_bytes())
        .expect("compresses");
    let answer = server
        .send_as(gzip.finish().expect("compresses"), Some("gzip"))
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    let zstd = zstd::encode_all(ndjson(&[post("2", "dua")]).as_bytes(), 1).expect("compresses");
    let answer = server.send_as(zstd, Some("zstd")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let answer = server.send_as("x", Some("br")).await;
    assert_eq!(
        problem(answer).await,
        (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_encoding_unknown".into()
        )
    );
    let answer = server.send_as("not gzip", Some("gzip")).await;
    assert_eq!(
        problem(answer).await,
        (StatusCode::BAD_REQUEST, "body_unreadable".into())
    );
    server.counted_until(2).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_or_too_many_lines_is_refused_whole() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let bomb = zstd::encode_all(&vec![b'\n'; 64 << 20][..], 1).expect("compresses");
    let answer = server.send_as(bomb, Some("zstd")).await;
    assert_eq!(
        problem(answer).await,
        (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large".into())
    );
    let answer = server.send("{}\n".repeat(10_001)).await;
    assert_eq!(
        problem(answer).await,
        (StatusCode::PAYLOAD_TOO_LARGE, "too_many_lines".into())
    );
    let answer = server.send(vec![b'x'; (8 << 20) + 1]).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sends_without_a_key_and_a_revoked_one_stops_working() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let url = format!("{}/api/v1/posts", server.url);
    let answer = server
        .client
        .post(&url)
        .body("{}")
        .send()
        .await
        .expect("answers");
    assert_eq!(
        problem(answer).await,
        (StatusCode::UNAUTHORIZED, "key_unknown".into())
    );
    let answer = server
        .client
        .post(&url)
        .bearer_auth("kt_wrong")
        .body("{}")
        .send()
        .await
        .expect("answers");
    assert_eq!(
        problem(answer).await,
        (StatusCode::UNAUTHORIZED, "key_unknown".into())
    );
    assert_eq!(server.take(&[post("1", "halo dunia")]).await, (1, 0));
    let store = &server.server.app.store;
    let key = store.active_keys().await.expect("keys").remove(0);
    let revoked = crate::harness::event(domain::audit::AuditKind::KeyRevoked);
    store
        .revoke_key(key.id, server::clock::now(), &revoked)
        .await
        .expect("revokes");
    let begun = std::time::Instant::now();
    loop {
        let answer = server.send(ndjson(&[post("2", "masih")])).await;
        if answer.status() == StatusCode::UNAUTHORIZED {
            break;
        }
        assert!(
            begun.elapsed().as_secs() < 30,
            "a revoked key goes on working"
        );
    }
    server.stop().await;
}
