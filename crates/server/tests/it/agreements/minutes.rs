//! Minutes of an event: kept by digest, replaced without losing the earlier ones, seen by parties.

use domain::audit::AuditKind;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::house::{House, PAIR, links, terms};
use crate::harness::Place;
use crate::identity::visitor::entries;

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn minutes_are_kept_shown_replaced_and_named_in_the_trail() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let stranger = house
        .body("Lembaga Tiga", OrganisationKind::Newsroom, None, None)
        .await;
    let path = house
        .signed(&[&one, &two], &terms(PAIR, "2024-12-01", &[]))
        .await;
    let held = [
        ("jenis", "coordination"),
        ("tanggal", "2026-01-30"),
        ("pokok", "rencana cek fakta"),
    ];
    house.does(&two.one, &path, "events", &held).await;
    let page = house.page(&two.one, &path).await;
    let upload = page
        .split("data-upload=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|address| address.contains("/minutes?dari="))
        .expect("a form for minutes")
        .to_owned();
    assert!(
        !house.page(&one.one, &path).await.contains(&upload),
        "whose event it was hands its minutes in"
    );
    let to = format!("{upload}&");
    let pdf = |text: &str| format!("%PDF-1.7 {text}").into_bytes();
    let hostile = b"<script>alert(1)</script>%PDF-1.7".to_vec();
    assert_eq!(
        house.upload(&two.one, &to, hostile).await,
        StatusCode::BAD_REQUEST
    );
    let mut large = pdf("besar");
    large.resize(8 * 1024 * 1024 + 1, b' ');
    assert_eq!(
        house.upload(&two.one, &to, large).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    for who in [&one.one, &stranger.one] {
        assert_eq!(
            house.upload(who, &to, pdf("lain")).await,
            StatusCode::NOT_FOUND
        );
    }
    for _ in 0..2 {
        assert_eq!(
            house.upload(&two.one, &to, pdf("pertama")).await,
            StatusCode::NO_CONTENT
        );
    }
    let kept = entries(&house.server, AuditKind::MinutesKept).await;
    assert_eq!(kept.len(), 1, "the same file again is no change: {kept:?}");
    let first = kept[0].clone();
    assert_eq!(
        house.upload(&two.one, &to, pdf("kedua")).await,
        StatusCode::CONFLICT,
        "the page that is sent from shows no minutes yet"
    );
    let seen = format!("{upload}{first}&");
    assert_eq!(
        house.upload(&two.one, &seen, pdf("kedua")).await,
        StatusCode::NO_CONTENT
    );
    let kept = entries(&house.server, AuditKind::MinutesKept).await;
    assert!(kept[0].ends_with(&format!("replaces {first}")), "{kept:?}");

    let page = house.page(&one.one, &path).await;
    assert!(
        page.contains(&first) && page.contains("1 kB") && page.contains("diganti"),
        "{page}"
    );
    let found = links(&page, "/minutes/");
    assert_eq!(
        found.len(),
        2,
        "those in force and those they replaced: {found:?}"
    );
    let file = house.get(&one.one, found[0]).await;
    assert_eq!(file.headers()[CONTENT_TYPE], "application/pdf");
    let attached = file.headers()[CONTENT_DISPOSITION].to_str().expect("text");
    assert_eq!(attached, "attachment; filename=\"naskah---.pdf\"");
    assert_eq!(file.bytes().await.expect("bytes").as_ref(), pdf("kedua"));
    let earlier = house.get(&one.one, found[1]).await;
    assert_eq!(
        earlier.bytes().await.expect("bytes").as_ref(),
        pdf("pertama")
    );
    assert_eq!(
        house.get(&stranger.one, found[0]).await.status(),
        StatusCode::NOT_FOUND
    );
    let public = house
        .page("", &path.replace("/network/agreements", "/kesepakatan"))
        .await;
    assert!(!public.contains(&first), "minutes are not public");
    house.server.stop().await;
}
