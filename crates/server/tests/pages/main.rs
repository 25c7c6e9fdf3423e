//! The public pages and the way in, over a whole server with its own data folder.
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

mod entering;
mod house;

use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header};

use house::{CLAIM, House, asked, check, text};

/// What a cold visit to a public page may load besides the typeface, compressed, in bytes.
const PAGE_MAX_BYTES: usize = 14_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_hoax_gets_its_check_and_nonsense_gets_no_guess() {
    let house = House::open(false).await;
    house.add_demonstration().await;
    let answer = house.post("/periksa", &[("teks", CLAIM)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "private, no-store");
    let page = text(answer).await;
    for part in [
        "Sudah diperiksa",
        "Salah",
        "“HOAKS”",
        "<mark>",
        "Contoh Redaksi",
        "2 Januari 2019",
        "tidak menemukan",
    ] {
        assert!(page.contains(part), "the answer lacks {part}");
    }
    let refused = house
        .post("/periksa", &[("teks", CLAIM), ("bukan", "ya")])
        .await;
    assert!(
        text(refused).await.contains("Belum diperiksa"),
        "a refused answer is not given again"
    );
    let none = text(
        house
            .post(
                "/periksa",
                &[("teks", "resep sayur lodeh nangka muda santan")],
            )
            .await,
    )
    .await;
    assert!(
        none.contains("Belum diperiksa")
            && none.contains("action=\"/kirim\"")
            && !none.contains("verdict false")
    );
    let link = text(house.get("/periksa?teks=Tujuh%20kontainer%20surat%20suara%20tercoblos%20ditemukan%20di%20pelabuhan%20Tanjung%20Priok").await).await;
    assert!(link.contains("Sudah diperiksa"));
    let english = asked("/periksa?teks=resep")
        .header(header::COOKIE, "bahasa=en")
        .body(Body::empty())
        .expect("request");
    assert!(
        text(house.send(english).await)
            .await
            .contains("Not yet checked")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_checked_says_how_to_mend_it() {
    let house = House::open(false).await;
    for (message, mend) in [
        ("", "Belum ada isi pesan"),
        (" \u{200b}\n", ""),
        (&*"a".repeat(10_001), "paling banyak 10.000 karakter"),
    ] {
        let answer = house.post("/periksa", &[("teks", message)]).await;
        assert!(answer.status() == StatusCode::UNPROCESSABLE_ENTITY || mend.is_empty());
        assert!(text(answer).await.contains(mend));
    }
    let hostile = "</textarea><script>alert(1)</script>";
    let page = text(house.post("/periksa", &[("teks", hostile)]).await).await;
    assert!(
        !page.contains("<script>alert"),
        "a message gets out of its place"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn public_pages_are_small_guarded_and_kept() {
    let house = House::open(false).await;
    let id = check(0).id;
    let sheet_bytes = gzip_size(&house, server::web::assets::address("app.css")).await;
    for address in [
        "/",
        "/cek-fakta",
        "/cara-kami-bekerja",
        "/metodologi",
        "/ledger",
        &format!("/cek-fakta/{id}"),
        "/cek-fakta?kesimpulan=misleading",
    ] {
        let answer = house.get(address).await;
        assert_eq!(answer.status(), StatusCode::OK, "{address}");
        let headers = answer.headers().clone();
        let policy = headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text");
        assert!(policy.starts_with("default-src 'none'"), "{address}");
        assert_eq!(
            headers[header::X_CONTENT_TYPE_OPTIONS],
            "nosniff",
            "{address}"
        );
        assert!(
            headers[header::CACHE_CONTROL]
                .to_str()
                .expect("text")
                .starts_with("public"),
            "{address}"
        );
        let page = text(answer).await;
        assert!(
            page.contains("<html lang=\"id\">") && page.contains("rel=\"canonical\""),
            "{address}"
        );
        assert!(
            !page.contains("style=\"") && !page.contains("onclick"),
            "{address} breaks its own policy"
        );
        let loaded = page.matches("rel=\"stylesheet\"").count()
            + page.matches("rel=\"preload\"").count()
            + page.matches(" src=").count();
        assert!(loaded <= 2, "{address} loads {loaded} files besides itself");
        let size = gzip_size(&house, address).await + sheet_bytes;
        assert!(
            size <= PAGE_MAX_BYTES,
            "{address} and its sheet are {size} bytes"
        );
        let again = asked(address)
            .header(header::IF_NONE_MATCH, &headers[header::ETAG])
            .body(Body::empty())
            .expect("request");
        let again = house.send(again).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{address}");
        assert!(text(again).await.is_empty());
    }
    house.close().await;
}

async fn gzip_size(house: &House, address: &str) -> usize {
    let request = asked(address)
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .expect("request");
    let answer = house.send(request).await;
    assert_eq!(
        answer.headers()[header::CONTENT_ENCODING],
        "gzip",
        "{address}"
    );
    to_bytes(answer.into_body(), 10_000_000)
        .await
        .expect("body")
        .len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_pages_through_every_check_once() {
    let house = House::open(false).await;
    let first = text(house.get("/cek-fakta").await).await;
    assert_eq!(first.matches("class=\"check\"").count(), 20);
    let next = first
        .split("rel=\"next\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a next page");
    let second = text(
        house
            .get(&next.replace("&#38;", "&").replace("&amp;", "&"))
            .await,
    )
    .await;
    assert_eq!(second.matches("class=\"check\"").count(), 10);
    assert!(!second.contains("rel=\"next\""));
    let misleading = text(house.get("/cek-fakta?kesimpulan=misleading").await).await;
    assert_eq!(misleading.matches("class=\"check\"").count(), 15);
    let page = text(house.get(&format!("/cek-fakta/{}", check(0).id)).await).await;
    let block = page
        .split("application/ld+json\">")
        .nth(1)
        .and_then(|rest| rest.split("</script>").next())
        .expect("a data block");
    let block: serde_json::Value = serde_json::from_str(block).expect("JSON");
    assert_eq!(block["claimReviewed"], CLAIM);
    for address in [
        "/cek-fakta/nothing",
        "/cek-fakta/00000000-0000-0000-0000-000000000001",
        "/there-is-no-such-page",
    ] {
        let missing = house.get(address).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
        assert!(
            text(missing).await.contains("Halaman ini tidak ada"),
            "{address}"
        );
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_read_back_and_stay_unchanged() {
    let house = House::open(false).await;
    for ending in ["rss", "atom", "json"] {
        let address = format!("/feeds/fact-checks.{ending}");
        let answer = house.get(&address).await;
        let tag = answer.headers()[header::ETAG].clone();
        let feed = feed_rs::parser::parse(text(answer).await.as_bytes()).expect("a feed");
        assert_eq!(feed.entries.len(), 30, "{ending}");
        let again = asked(&address)
            .header(header::IF_NONE_MATCH, tag)
            .body(Body::empty())
            .expect("request");
        assert_eq!(house.send(again).await.status(), StatusCode::NOT_MODIFIED);
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tip_is_kept_with_consent_alone_and_followed_by_its_code() {
    let house = House::open(false).await;
    let message = "Kotak suara ditukar malam hari di gudang kecamatan";
    let refused = house.post("/kirim", &[("teks", message)]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        text(refused).await.contains(message),
        "what was written is still there"
    );
    let page = text(
        house
            .post(
                "/kirim",
                &[("teks", message), ("setuju", "ya"), ("wilayah", "15")],
            )
            .await,
    )
    .await;
    let code = page
        .split("href=\"/kiriman/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a code")
        .to_owned();
    let seen = text(
        house
            .get(&format!("/kiriman/{}", code.to_lowercase()))
            .await,
    )
    .await;
    assert!(seen.contains(message) && seen.contains("Jambi") && seen.contains("Belum ada jawaban"));
    assert_eq!(
        house.get("/kiriman/2222-2222").await.status(),
        StatusCode::NOT_FOUND
    );
    for _ in 0..40 {
        house.get("/kiriman/2222-2223").await;
    }
    assert_eq!(
        house.get("/kiriman/2222-2224").await.status(),
        StatusCode::TOO_MANY_REQUESTS,
        "codes can be guessed"
    );
    house.close().await;
}
