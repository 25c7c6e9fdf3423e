//! Coming in with a passkey, alone or after a password.

use domain::audit::AuditKind;
use domain::proof::Proof;
use reqwest::StatusCode;
use serde_json::Value;
use server::clock;

use super::super::visitor::{Browser, PASSWORD, entries, mail_to, place_of};
use super::authenticator::Authenticator;
use super::{
    EDITOR, ORIGIN, REVIEWER, add, answer, asked, challenge, codes_in, enter, people, site,
    with_passkey,
};
use crate::harness::{Place, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_opens_a_session_without_a_name_and_a_password() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (reviewer, _) = people(&server).await;
    let (_, device) = with_passkey(&server, REVIEWER).await;
    let mut second = Browser::new(&server);
    let page = second.get("/masuk").await.text().await.expect("page");
    assert!(page.contains("data-passkey=\"get\"") && page.contains("data-passkey-none"));
    let options = challenge(&mut second).await;
    assert_eq!(options["publicKey"]["rpId"], "cek.example");
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert!(
        options.get("mediation").is_none_or(Value::is_null),
        "{options}"
    );
    let done = answer(&mut second, &device.get(&options)).await;
    assert_eq!(
        (done.status(), place_of(&done)),
        (StatusCode::SEE_OTHER, "/desk/cases".to_owned())
    );
    assert!(!second.cookies.contains_key("kunci"));
    assert_eq!(second.get("/desk").await.status(), StatusCode::OK);
    let store = &server.server.app.store;
    let open = store
        .sessions_of(reviewer.id, clock::now())
        .await
        .expect("sessions");
    assert!(
        open.iter().all(|session| session.proof == Proof::Passkey),
        "{open:?}"
    );
    assert!(
        entries(&server, AuditKind::SignedIn)
            .await
            .contains(&"passkey".to_owned())
    );
    mail_to(&place, REVIEWER, "perangkat baru").await;
    let list = second.get("/account").await.text().await.expect("page");
    assert!(list.contains("dengan kunci sandi") && list.contains("1 kunci sandi."));

    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_half_of_the_way_and_a_passkey_or_a_recovery_code_the_rest() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    let (device, done) = add(&mut browser, "Ponsel kantor").await;
    let done = done.text().await.expect("page");
    let codes = codes_in(&done);
    let mut third = Browser::new(&server);
    third.sign_in(REVIEWER, PASSWORD).await;
    assert_eq!(
        third.led_to("/desk").await,
        "/masuk/langkah-dua?kembali=%2Fdesk"
    );
    assert_eq!(
        third.led_to("/account/passkeys").await,
        "/masuk/langkah-dua?kembali=%2Faccount%2Fpasskeys",
        "whoever knows the password alone adds nothing"
    );
    let page = third
        .get("/masuk/langkah-dua")
        .await
        .text()
        .await
        .expect("page");
    assert!(page.contains("data-passkey=\"get\"") && page.contains("Atau ketik kode cadangan"));
    assert!(
        page.contains("menutup akun ini dan mengundang Anda lagi"),
        "{page}"
    );
    let wrong = third
        .post("/masuk/langkah-dua", &[("kode", "123456")])
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    third
        .post("/masuk/langkah-dua", &[("kode", codes[0])])
        .await;
    assert_eq!(third.get("/desk").await.status(), StatusCode::OK);
    let mut fourth = Browser::new(&server);
    fourth.sign_in(REVIEWER, PASSWORD).await;
    enter(&mut fourth, &device).await;
    assert_eq!(fourth.get("/desk").await.status(), StatusCode::OK);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_password_only_a_passkey_of_the_same_account_will_do() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (_, editors) = with_passkey(&server, EDITOR).await;
    let (_, reviewers) = with_passkey(&server, REVIEWER).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    let other = enter(&mut browser, &editors).await;
    assert_eq!(other.status(), StatusCode::FORBIDDEN);
    assert!(
        other
            .text()
            .await
            .expect("page")
            .contains("milik akun lain")
    );
    assert_eq!(
        browser.led_to("/desk").await,
        "/masuk/langkah-dua?kembali=%2Fdesk"
    );
    let own = enter(&mut browser, &reviewers).await;
    assert_eq!(place_of(&own), "/desk/cases");

    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_session_that_somebody_left_is_cancelled_before_another_comes() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (_, editors) = with_passkey(&server, EDITOR).await;
    with_passkey(&server, REVIEWER).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    let door = "/masuk?kembali=%2Fdesk%2Fcases";
    let step = browser.led_to(door).await;
    assert_eq!(step, "/masuk/langkah-dua?kembali=%2Fdesk%2Fcases");
    let page = browser.get(&step).await.text().await.expect("page");
    assert!(page.contains("action=\"/keluar\""), "{page}");
    browser.post("/keluar", &[]).await;
    let page = browser.get(door).await.text().await.expect("page");
    assert!(page.contains("data-passkey=\"get\""), "{page}");
    let done = enter(&mut browser, &editors).await;
    assert_eq!(place_of(&done), "/desk/cases");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_session_was_asked_to_make_is_no_passkey_of_another() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (mut browser, reviewers) = with_passkey(&server, REVIEWER).await;
    let (mut editor, _) = with_passkey(&server, EDITOR).await;
    let mut elsewhere = Browser::new(&server);
    enter(&mut elsewhere, &reviewers).await;
    // Another member, and the same one in another session.
    for other in [&mut editor, &mut elsewhere] {
        let options = asked(&mut browser, "Laptop").await;
        let made = Authenticator::at(ORIGIN).create(&options);
        let token = browser.cookies["kunci"].clone();
        other.cookies.insert("kunci".to_owned(), token);
        let slipped = other.post("/account/passkeys", &[("jawaban", &made)]).await;
        assert_eq!(slipped.status(), StatusCode::GONE);
        let own = browser
            .post("/account/passkeys", &[("jawaban", &made)])
            .await;
        assert_eq!(own.status(), StatusCode::GONE, "the challenge was used up");
    }
    assert_eq!(entries(&server, AuditKind::PasskeyAdded).await.len(), 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_opens_where_passkeys_cannot_be_used_any_more() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    let (_, done) = add(&mut browser, "Ponsel").await;
    let done = done.text().await.expect("page");
    let code = done.split("<code>").nth(1).expect("a code")[..11].to_owned();
    server.stop().await;

    // The site has moved to an address that is a number.
    let place = place.with("KENTONGAN_ORIGIN", "https://203.0.113.5");
    let server = TestServer::start(&place).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    let page = browser.get("/masuk/langkah-dua").await.text().await;
    let page = page.expect("page");
    assert!(page.contains("tidak bisa dipakai di alamat ini"), "{page}");
    assert!(!page.contains("data-passkey"));
    browser.post("/masuk/langkah-dua", &[("kode", &code)]).await;
    assert_eq!(browser.get("/desk").await.status(), StatusCode::OK);
    server.stop().await;
}
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_a_number_says_so() {
    for (origin, words) in [
        ("https://203.0.113.5", "alamat IP"),
        ("http://cek.example", "belum memakai https"),
        ("", "alamat IP"),
    ] {
        let place = if origin.is_empty() {
            Place::new()
        } else {
            Place::new().with("KENTONGAN_ORIGIN", origin)
        };
        let server = TestServer::start(&place).await;
        people(&server).await;
        let mut browser = Browser::new(&server);
        let page = browser.get("/masuk").await.text().await.expect("page");
        assert!(!page.contains("data-passkey"), "{origin}");
        let begun = browser.post("/masuk/kunci-sandi/mulai", &[]).await;
        assert_eq!(begun.status(), StatusCode::FORBIDDEN, "{origin}");
        browser.sign_in(EDITOR, PASSWORD).await;
        let page = browser.get("/account/passkeys").await;
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await.expect("page");
        assert!(
            page.contains(words) && !page.contains("name=\"nama\""),
            "{origin}: {page}"
        );
        let fields = [("nama", "x"), ("sandi", PASSWORD)];
        let refused = browser.post("/account/passkeys/new", &fields).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{origin}");
        server.stop().await;
    }
}
