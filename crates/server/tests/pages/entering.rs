//! Signing in and out, and the demonstration door.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use std::net::SocketAddr;
use tower::ServiceExt;
use uuid::Uuid;

use super::house::{EMAIL, House, PASSWORD, asked, encoded, form, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_opens_a_session_and_signing_out_ends_it() {
    let house = House::open(false).await;
    let wrong = house
        .post(
            "/masuk",
            &[("surel", EMAIL), ("sandi", "bukan kata sandinya")],
        )
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = text(wrong).await;
    let unknown = text(
        house
            .post(
                "/masuk",
                &[
                    ("surel", "nobody@redaksi.example"),
                    ("sandi", "bukan kata sandinya"),
                ],
            )
            .await,
    )
    .await;
    assert_eq!(
        wrong.replace(EMAIL, ""),
        unknown.replace("nobody@redaksi.example", ""),
        "a member can be told from a stranger"
    );
    let right = house
        .post(
            "/masuk",
            &[
                ("surel", " Redaktur-A@redaksi.example"),
                ("sandi", PASSWORD),
                ("kembali", "/cek-fakta"),
            ],
        )
        .await;
    assert_eq!(right.status(), StatusCode::SEE_OTHER);
    assert_eq!(right.headers()[header::LOCATION], "/cek-fakta");
    let cookie = right.headers()[header::SET_COOKIE]
        .to_str()
        .expect("text")
        .split(';')
        .next()
        .expect("pair")
        .to_owned();
    let with_cookie = |address: &str| {
        asked(address)
            .header(header::COOKIE, &cookie)
            .body(Body::empty())
            .expect("request")
    };
    let greeted = house.send(with_cookie("/")).await;
    assert_eq!(
        greeted.headers()[header::CACHE_CONTROL],
        "private, no-store",
        "a member's page is kept by others"
    );
    assert!(text(greeted).await.contains("Redaktur A"));
    let out = form("/keluar")
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .expect("request");
    assert_eq!(house.send(out).await.status(), StatusCode::SEE_OTHER);
    assert!(
        !text(house.send(with_cookie("/")).await)
            .await
            .contains("Redaktur A")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guesser_is_slowed_and_a_forged_form_is_refused() {
    let house = House::open(false).await;
    let mut last = StatusCode::OK;
    for _ in 0..6 {
        last = house
            .post(
                "/masuk",
                &[("surel", "x@redaksi.example"), ("sandi", "tebakan pertama")],
            )
            .await
            .status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let forged = Request::post("/masuk")
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::ORIGIN, "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded(&[
            ("surel", EMAIL),
            ("sandi", PASSWORD),
        ])))
        .expect("request");
    let forged = house.send(forged).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
    assert!(forged.headers().get(header::SET_COOKIE).is_none());
    assert!(
        text(forged)
            .await
            .contains("Tidak dapat dilakukan dari sini")
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_door_opens_only_in_demonstration_mode() {
    let member = Uuid::from_u128(2).to_string();
    let shut = House::open(false).await;
    assert_eq!(
        shut.post("/masuk/peraga", &[("anggota", &member)])
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    assert!(
        !text(shut.get("/masuk").await)
            .await
            .contains("/masuk/peraga")
    );
    shut.close().await;
    let open = House::open(true).await;
    let page = text(open.get("/masuk").await).await;
    assert!(page.contains("/masuk/peraga") && page.contains("Mode peraga"));
    assert_eq!(
        open.post("/masuk/peraga", &[("anggota", &member)])
            .await
            .status(),
        StatusCode::SEE_OTHER
    );
    let mut far = form("/masuk/peraga")
        .body(Body::from(encoded(&[("anggota", &member)])))
        .expect("request");
    let peer: SocketAddr = "203.0.113.7:40000".parse().expect("address");
    far.extensions_mut().insert(ConnectInfo(peer));
    assert_eq!(
        open.router
            .clone()
            .oneshot(far)
            .await
            .expect("answer")
            .status(),
        StatusCode::NOT_FOUND
    );
    open.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_get_problem_details_and_people_get_a_way_to_sign_in() {
    let house = House::open(false).await;
    let missing = house.get("/api/v1/nothing").await;
    assert_eq!(
        missing.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let problem: serde_json::Value = serde_json::from_str(&text(missing).await).expect("JSON");
    assert_eq!(problem["reference"], "not_found");
    let desk = house.get("/desk").await;
    assert_eq!(desk.status(), StatusCode::SEE_OTHER);
    assert_eq!(desk.headers()[header::LOCATION], "/masuk?kembali=%2Fdesk");
    house.close().await;
}
