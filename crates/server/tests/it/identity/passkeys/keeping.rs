//! One's own passkeys: added, counted, removed.

use domain::audit::AuditKind;
use domain::limits::PASSKEYS_PER_MEMBER;
use reqwest::StatusCode;
use server::access::one_time_code::shown;
use server::clock;

use super::super::second_factor::enrol;
use super::super::visitor::{Browser, PASSWORD, entries, mail_to, place_of};
use super::authenticator::Authenticator;
use super::{
    EDITOR, ORIGIN, REVIEWER, add, asked, check_refused, codes_in, enter, people, site,
    with_passkey,
};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_the_second_factor_that_duties_ask_for() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    assert_eq!(browser.led_to("/desk").await, "/account/second-factor");
    let page = browser.get("/account/second-factor").await.text().await;
    assert!(page.expect("page").contains("href=\"/account/passkeys\""));
    let before = browser.cookies["sesi"].clone();
    let (_, done) = add(&mut browser, "  Ponsel   kantor ").await;
    assert_eq!(done.status(), StatusCode::OK);
    let done = done.text().await.expect("page");
    assert_eq!(codes_in(&done).len(), 10);
    assert_ne!(browser.cookies["sesi"], before, "a proof renews the token");
    assert_eq!(browser.get("/desk").await.status(), StatusCode::OK);
    mail_to(&place, REVIEWER, "Ponsel kantor").await;
    let list = browser
        .get("/account/passkeys")
        .await
        .text()
        .await
        .expect("page");
    assert!(list.contains("<b>Ponsel kantor</b>") && list.contains("Belum pernah dipakai"));

    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_goes_only_by_password_and_never_the_last_one_that_is_due() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (reviewer, _) = people(&server).await;
    let (mut browser, device) = with_passkey(&server, REVIEWER).await;
    let store = &server.server.app.store;
    let first = store.passkeys(reviewer.id).await.expect("list")[0].id;
    let removal = format!("/account/passkeys/{first}/remove");
    let page = browser.get(&removal).await.text().await.expect("page");
    assert!(page.contains("ini yang terakhir") && !page.contains("<form class=\"card pad\""));
    let last = browser.post(&removal, &[("sandi", PASSWORD)]).await;
    assert_eq!(last.status(), StatusCode::FORBIDDEN);

    let (_, done) = add(&mut browser, "Laptop").await;
    assert_eq!(place_of(&done), "/account/passkeys?kabar=tambah");
    let wrong = browser
        .post(&removal, &[("sandi", "bukan kata sandi ini")])
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let mut other = Browser::new(&server);
    enter(&mut other, &device).await;
    let foreign = with_passkey(&server, EDITOR)
        .await
        .0
        .post(&removal, &[("sandi", PASSWORD)])
        .await;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    let gone = browser.post(&removal, &[("sandi", PASSWORD)]).await;
    assert_eq!(place_of(&gone), "/account/passkeys?kabar=hapus");
    mail_to(&place, REVIEWER, "dihapus dari akun").await;
    assert_eq!(
        entries(&server, AuditKind::PasskeyRemoved).await,
        [first.to_string()]
    );
    assert_eq!(
        other.led_to("/desk").await,
        "/masuk?kembali=%2Fdesk",
        "what it opened is shut"
    );
    assert_eq!(browser.get("/desk").await.status(), StatusCode::OK);
    let mut late = Browser::new(&server);
    let removed = enter(&mut late, &device).await;
    check_refused(
        &mut late,
        removed,
        StatusCode::FORBIDDEN,
        "Mungkin sudah dihapus",
    )
    .await;

    // Codes from a telephone stand in for the last passkey, and the other way round.
    browser.get("/account/second-factor").await;
    let begun = store
        .one_time_code(reviewer.id)
        .await
        .expect("read")
        .expect("begun");
    let code = shown(&begun.secret, clock::now());
    let set_up = browser
        .post("/account/second-factor", &[("kode", &code)])
        .await;
    let set_up = set_up.text().await.expect("page");
    let spare = set_up.split("<code>").nth(1).expect("a code")[..11].to_owned();
    let fields = [("sandi", PASSWORD), ("kode", spare.as_str())];
    let unset = browser.post("/account/second-factor/remove", &fields).await;
    assert_eq!(place_of(&unset), "/account?kabar=lepas");
    assert_eq!(
        store.recovery_codes_left(reviewer.id).await.expect("left"),
        9
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_may_go_back_to_the_password_alone() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
    let mut elsewhere = Browser::new(&server);
    elsewhere.sign_in(EDITOR, PASSWORD).await;
    assert_eq!(elsewhere.get("/desk").await.status(), StatusCode::OK);
    let (mut browser, _) = with_passkey(&server, EDITOR).await;
    assert_eq!(
        elsewhere.led_to("/desk").await,
        "/masuk/langkah-dua?kembali=%2Fdesk",
        "what a password alone opened waits for the rest"
    );
    let renewed = browser
        .post("/account/passkeys/codes", &[("sandi", PASSWORD)])
        .await;
    assert_eq!(
        renewed
            .text()
            .await
            .expect("page")
            .matches("<code>")
            .count(),
        10
    );
    let store = &server.server.app.store;
    let only = store.passkeys(editor.id).await.expect("list")[0].id;
    let removal = format!("/account/passkeys/{only}/remove");
    let page = browser.get(&removal).await.text().await.expect("page");
    assert!(page.contains("bukti kedua Anda yang terakhir"));
    browser.post(&removal, &[("sandi", PASSWORD)]).await;
    assert_eq!(store.recovery_codes_left(editor.id).await.expect("left"), 0);
    let mut again = Browser::new(&server);
    again.sign_in(EDITOR, PASSWORD).await;
    assert_eq!(again.get("/desk").await.status(), StatusCode::OK);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_password_stands_only_beside_a_second_factor() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
    let (mut browser, _) = with_passkey(&server, EDITOR).await;
    let short = "vq7 kudap";
    let change = [("sandi", PASSWORD), ("baru", short), ("ulang", short)];
    let changed = browser.post("/account/password", &change).await;
    assert_eq!(place_of(&changed), "/account?kabar=sandi");
    let store = &server.server.app.store;
    let only = store.passkeys(editor.id).await.expect("list")[0].id;
    let removal = format!("/account/passkeys/{only}/remove");
    let refused = browser.post(&removal, &[("sandi", short)]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.expect("page");
    assert!(
        refused.contains("terlalu pendek untuk berdiri sendiri"),
        "{refused}"
    );
    assert_eq!(store.passkeys(editor.id).await.expect("list").len(), 1);

    let enrolled = enrol(&server, &mut browser, &editor).await;
    let gone = browser.post(&removal, &[("sandi", short)]).await;
    assert_eq!(place_of(&gone), "/account/passkeys?kabar=hapus");
    let fields = [("sandi", short), ("kode", enrolled.recovery[0].as_str())];
    let refused = browser.post("/account/second-factor/remove", &fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.expect("page");
    assert!(
        refused.contains("terlalu pendek untuk berdiri sendiri"),
        "{refused}"
    );
    let left = store.recovery_codes_left(editor.id).await.expect("left");
    assert_eq!(left, 10, "no code is used up for that");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_are_renewed_at_the_strictest_door_and_told_of() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
    let password = [("sandi", PASSWORD)];
    let told = "yang lama tidak berlaku lagi";
    let (mut reviewers, _) = with_passkey(&server, REVIEWER).await;
    let renewed = reviewers.post("/account/passkeys/codes", &password).await;
    let renewed = renewed.text().await.expect("page");
    assert_eq!(codes_in(&renewed).len(), 10, "nothing stricter is there");
    mail_to(&place, REVIEWER, told).await;

    let (mut browser, _) = with_passkey(&server, EDITOR).await;
    let enrolled = enrol(&server, &mut browser, &editor).await;
    let page = browser.get("/account/passkeys").await.text().await;
    let page = page.expect("page");
    assert!(
        !page.contains("action=\"/account/passkeys/codes\""),
        "{page}"
    );
    assert!(page.contains("href=\"/account/second-factor#cadangan\""));
    let refused = browser.post("/account/passkeys/codes", &password).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let refused = refused.text().await.expect("page");
    assert!(
        refused.contains("di halaman Masuk dua langkah"),
        "{refused}"
    );
    let renewals = || async {
        entries(&server, AuditKind::RecoveryCodesRenewed)
            .await
            .len()
    };
    assert_eq!(renewals().await, 1, "of the reviewer");

    let code = [("kode", enrolled.recovery[0].as_str())];
    let renewed = browser.post("/account/second-factor/codes", &code).await;
    let renewed = renewed.text().await.expect("page");
    assert_eq!(codes_in(&renewed).len(), 10, "{renewed}");
    assert_eq!(renewals().await, 2);
    mail_to(&place, EDITOR, told).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_sure_device_of_this_site_adds_a_passkey_and_only_one() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (mut browser, mut device) = with_passkey(&server, EDITOR).await;
    let options = asked(&mut browser, "Yang sama").await;
    let excluded = &options["publicKey"]["excludeCredentials"];
    assert_eq!(excluded.as_array().map(Vec::len), Some(1), "{options}");
    assert_eq!(
        options["publicKey"]["authenticatorSelection"]["residentKey"],
        "required"
    );
    let again = device.create(&options);
    let twice = browser
        .post("/account/passkeys", &[("jawaban", &again)])
        .await;
    assert_eq!(twice.status(), StatusCode::CONFLICT);
    assert!(
        twice
            .text()
            .await
            .expect("page")
            .contains("sudah terdaftar")
    );

    let wrong = browser
        .post(
            "/account/passkeys/new",
            &[("nama", "Laptop"), ("sandi", "bukan ini")],
        )
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.text().await.expect("page");
    assert!(wrong.contains("Kata sandi tidak cocok") && wrong.contains("value=\"Laptop\""));
    let mut unsure = Authenticator::at(ORIGIN);
    unsure.verifies = false;
    let options = asked(&mut browser, "Tanpa sidik jari").await;
    let made = unsure.create(&options);
    let made = browser
        .post("/account/passkeys", &[("jawaban", &made)])
        .await;
    assert_eq!(made.status(), StatusCode::FORBIDDEN);
    assert!(
        made.text()
            .await
            .expect("page")
            .contains("belum memastikan")
    );
    let mut foreign = Authenticator::at("https://lain.example");
    let options = asked(&mut browser, "Laptop").await;
    let elsewhere = foreign.create(&options);
    let elsewhere = browser
        .post("/account/passkeys", &[("jawaban", &elsewhere)])
        .await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);

    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eleventh_passkey_is_refused() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
    let (mut browser, _) = with_passkey(&server, EDITOR).await;
    for n in 2..=PASSKEYS_PER_MEMBER {
        let (_, done) = add(&mut browser, &format!("Kunci {n}")).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER, "{n}");
    }
    let page = browser
        .get("/account/passkeys")
        .await
        .text()
        .await
        .expect("page");
    assert!(page.contains("paling banyak untuk satu akun"));
    let full = browser
        .post(
            "/account/passkeys/new",
            &[("nama", "Satu lagi"), ("sandi", PASSWORD)],
        )
        .await;
    assert_eq!(full.status(), StatusCode::CONFLICT);
    let store = &server.server.app.store;
    assert_eq!(
        store.passkeys(editor.id).await.expect("list").len(),
        PASSKEYS_PER_MEMBER
    );
    server.stop().await;
}
