//! Coming in with a passkey, and everything that is no passkey of ours.

use domain::MemberId;
use domain::Timestamp;
use domain::audit::AuditKind;
use domain::limits::PASSKEYS_PER_MEMBER;
use domain::member::{Member, Role};
use domain::organisation::OrganisationKind;
use domain::proof::Proof;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use server::access::one_time_code::shown;
use server::access::token::digest_of;
use server::clock;

use super::authenticator::Authenticator;
use super::visitor::{Browser, PASSWORD, entries, mail_to, member, organisation, place_of};
use crate::harness::{Place, TestServer, event};

/// Where members reach the site.
const ORIGIN: &str = "https://cek.example";
const REVIEWER: &str = "tinjau@redaksi.example";
const EDITOR: &str = "tulis@redaksi.example";

fn site() -> Place {
    Place::new().with("KENTONGAN_ORIGIN", ORIGIN)
}

async fn people(server: &TestServer) -> (Member, Member) {
    let desk = organisation(server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let reviewer = member(server, desk, Role::Reviewer, REVIEWER).await;
    (reviewer, member(server, desk, Role::Editor, EDITOR).await)
}

/// What the page asks the browser to make.
async fn asked(browser: &mut Browser<'_>, name: &str) -> Value {
    let page = browser
        .post(
            "/account/passkeys/new",
            &[("nama", name), ("sandi", PASSWORD)],
        )
        .await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.expect("page");
    let (_, rest) = page.split_once("data-options=\"").expect("options");
    let (coded, _) = rest.split_once('"').expect("an end");
    let plain = coded.replace("&#34;", "\"").replace("&#38;", "&");
    serde_json::from_str(&plain).expect("JSON")
}

/// Adds a passkey for the member signed in here.
async fn add(browser: &mut Browser<'_>, name: &str) -> (Authenticator, Response) {
    let options = asked(browser, name).await;
    let mut device = Authenticator::at(ORIGIN);
    let answer = device.create(&options);
    let done = browser
        .post("/account/passkeys", &[("jawaban", &answer)])
        .await;
    (device, done)
}

async fn with_passkey<'s>(server: &'s TestServer, email: &str) -> (Browser<'s>, Authenticator) {
    let mut browser = Browser::new(server);
    browser.sign_in(email, PASSWORD).await;
    let (device, done) = add(&mut browser, "Ponsel kantor").await;
    assert_eq!(done.status(), StatusCode::OK);
    (browser, device)
}

/// A challenge for this browser.
async fn challenge(browser: &mut Browser<'_>) -> Value {
    let begun = browser.post("/masuk/kunci-sandi/mulai", &[]).await;
    assert_eq!(begun.status(), StatusCode::OK);
    assert_eq!(begun.headers()["cache-control"], "private, no-store");
    let begun = begun.text().await.expect("text");
    serde_json::from_str(&begun).expect("JSON")
}

async fn answer(browser: &mut Browser<'_>, answer: &str) -> Response {
    let fields = [("jawaban", answer), ("kembali", "/desk/cases")];
    browser.post("/masuk/kunci-sandi", &fields).await
}

async fn enter(browser: &mut Browser<'_>, device: &Authenticator) -> Response {
    let options = challenge(browser).await;
    answer(browser, &device.get(&options)).await
}

/// The page refuses with this code and these words, and nobody is let in.
async fn check_refused(browser: &mut Browser<'_>, page: Response, code: StatusCode, words: &str) {
    assert_eq!(page.status(), code, "{words}");
    let page = page.text().await.expect("page");
    assert!(page.contains(words), "{words}\n{page}");
    assert!(!browser.cookies.contains_key("sesi"), "{words}");
    assert_eq!(
        browser.led_to("/account").await,
        "/masuk?kembali=%2Faccount"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_comes_in_by_passkey_alone_and_not_by_password_alone() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (reviewer, _) = people(&server).await;
    let mut browser = Browser::new(&server);
    browser.sign_in(REVIEWER, PASSWORD).await;
    assert_eq!(browser.led_to("/desk").await, "/account/second-factor");
    let page = browser.get("/account/second-factor").await.text().await;
    assert!(page.expect("page").contains("href=\"/account/passkeys\""));
    let before = browser.cookies["sesi"].clone();
    let (device, done) = add(&mut browser, "  Ponsel   kantor ").await;
    assert_eq!(done.status(), StatusCode::OK);
    let done = done.text().await.expect("page");
    let codes: Vec<&str> = done
        .split("<code>")
        .skip(1)
        .map(|rest| &rest[..11])
        .collect();
    assert_eq!(codes.len(), 10);
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

    // Without a name, without a password.
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

    // The password is half of the way; a recovery code or the passkey is the rest.
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
async fn a_challenge_is_answered_once_in_its_own_browser_and_in_time() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (_, device) = with_passkey(&server, EDITOR).await;
    let mut browser = Browser::new(&server);
    let options = challenge(&mut browser).await;
    let right = device.get(&options);
    let mut thief = Browser::new(&server);
    let stolen = answer(&mut thief, &right).await;
    check_refused(&mut thief, stolen, StatusCode::GONE, "peramban lain").await;
    challenge(&mut thief).await;
    let stolen = answer(&mut thief, &right).await;
    check_refused(&mut thief, stolen, StatusCode::GONE, "peramban lain").await;

    let kept = browser.cookies["kunci"].clone();
    let done = answer(&mut browser, &right).await;
    assert_eq!(place_of(&done), "/desk/cases");
    let mut replay = Browser::new(&server);
    replay.cookies.insert("kunci".to_owned(), kept);
    let again = answer(&mut replay, &right).await;
    check_refused(&mut replay, again, StatusCode::GONE, "sudah pernah dijawab").await;

    // The same challenge, but its five minutes are over.
    let mut late = Browser::new(&server);
    let options = challenge(&mut late).await;
    let digest = digest_of(&late.cookies["kunci"]).expect("a token");
    let store = &server.server.app.store;
    let now = clock::now();
    let content = store.recall_ceremony(
        &digest,
        now.plus_us(4 * Timestamp::MINUTE_US + 59 * Timestamp::SECOND_US),
    );
    let content = content.await.expect("read").expect("kept for five minutes");
    store
        .remember_ceremony(digest, &content, now.plus_us(-10), now.plus_us(-1))
        .await
        .expect("kept");
    let over = answer(&mut late, &device.get(&options)).await;
    check_refused(&mut late, over, StatusCode::GONE, "Sudah terlalu lama").await;
    let garbage = answer(&mut late, "{}").await;
    assert_eq!(garbage.status(), StatusCode::BAD_REQUEST);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_passkey_of_this_site_and_person_opens_nothing() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (reviewer, _) = people(&server).await;
    let (_, mut device) = with_passkey(&server, EDITOR).await;
    let mut browser = Browser::new(&server);
    let failures = || async { entries(&server, AuditKind::SignInFailed).await.len() };
    assert_eq!(failures().await, 0);

    device.origin = "https://cek.example.jahat.example".to_owned();
    let elsewhere = enter(&mut browser, &device).await;
    check_refused(
        &mut browser,
        elsewhere,
        StatusCode::FORBIDDEN,
        "situs tiruan",
    )
    .await;
    assert_eq!(failures().await, 1, "a failed ceremony is a failed sign-in");
    device.origin = ORIGIN.to_owned();

    device.verifies = false;
    let unsure = enter(&mut browser, &device).await;
    check_refused(
        &mut browser,
        unsure,
        StatusCode::FORBIDDEN,
        "belum memastikan",
    )
    .await;
    device.verifies = true;

    let own = std::mem::replace(&mut device.user, reviewer.id.0.as_bytes().to_vec());
    let claimed = enter(&mut browser, &device).await;
    check_refused(
        &mut browser,
        claimed,
        StatusCode::FORBIDDEN,
        "tidak bisa dibuktikan",
    )
    .await;
    device.user = own;

    let mut stranger = Authenticator::at(ORIGIN);
    stranger.credential.clone_from(&device.credential);
    stranger.user.clone_from(&device.user);
    let forged = enter(&mut browser, &stranger).await;
    check_refused(
        &mut browser,
        forged,
        StatusCode::FORBIDDEN,
        "tidak bisa dibuktikan",
    )
    .await;

    let mut unknown = Authenticator::at(ORIGIN);
    unknown.user.clone_from(&device.user);
    let never = enter(&mut browser, &unknown).await;
    check_refused(
        &mut browser,
        never,
        StatusCode::FORBIDDEN,
        "tidak membuka akun apa pun",
    )
    .await;
    assert_eq!(
        enter(&mut browser, &device).await.status(),
        StatusCode::SEE_OTHER
    );
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

    // What one member was asked to make is no passkey of another, nor of another session.
    let mut editor = Browser::new(&server);
    enter(&mut editor, &editors).await;
    let options = asked(&mut browser, "Laptop").await;
    let mut fresh = Authenticator::at(ORIGIN);
    let made = fresh.create(&options);
    let token = browser.cookies["kunci"].clone();
    editor.cookies.insert("kunci".to_owned(), token);
    let slipped = editor
        .post("/account/passkeys", &[("jawaban", &made)])
        .await;
    assert_eq!(slipped.status(), StatusCode::GONE);
    let own = browser
        .post("/account/passkeys", &[("jawaban", &made)])
        .await;
    assert_eq!(own.status(), StatusCode::GONE, "the challenge was used up");
    assert_eq!(entries(&server, AuditKind::PasskeyAdded).await.len(), 2);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_passkey_is_refused_and_told_of() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (_, mut device) = with_passkey(&server, EDITOR).await;
    let mut browser = Browser::new(&server);
    device.counter = 7;
    assert_eq!(
        enter(&mut browser, &device).await.status(),
        StatusCode::SEE_OTHER
    );
    for counter in [7, 3, 0] {
        device.counter = counter;
        let mut copy = Browser::new(&server);
        let refused = enter(&mut copy, &device).await;
        check_refused(
            &mut copy,
            refused,
            StatusCode::FORBIDDEN,
            "mungkin ada salinannya",
        )
        .await;
    }
    assert_eq!(entries(&server, AuditKind::PasskeyRefused).await.len(), 3);
    assert_eq!(
        entries(&server, AuditKind::SignInFailed).await.len(),
        1,
        "the rest is counted"
    );
    mail_to(&place, EDITOR, "mungkin ada salinan").await;
    device.counter = 8;
    assert_eq!(
        enter(&mut browser, &device).await.status(),
        StatusCode::SEE_OTHER
    );
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
async fn a_closed_account_is_opened_by_no_passkey() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
    let (mut browser, device) = with_passkey(&server, EDITOR).await;
    let store = &server.server.app.store;
    close(&server, editor.id).await;
    assert_eq!(browser.led_to("/desk").await, "/masuk?kembali=%2Fdesk");
    let mut late = Browser::new(&server);
    let closed = enter(&mut late, &device).await;
    check_refused(&mut late, closed, StatusCode::FORBIDDEN, "akunnya ditutup").await;
    let reopened = event(AuditKind::MemberReopened);
    let done = store.set_active(editor.id, true, &reopened).await;
    done.expect("reopened");
    assert_eq!(
        enter(&mut late, &device).await.status(),
        StatusCode::SEE_OTHER
    );
    server.stop().await;
}

async fn close(server: &TestServer, member: MemberId) {
    let store = &server.server.app.store;
    let closed = event(AuditKind::MemberClosed);
    let done = store.set_active(member, false, &closed).await;
    done.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_few_and_each_device_has_one() {
    let place = site();
    let server = TestServer::start(&place).await;
    let (_, editor) = people(&server).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn failed_ceremonies_are_few_and_wrong_passwords_keep_nobody_from_a_passkey() {
    let place = site();
    let server = TestServer::start(&place).await;
    people(&server).await;
    let (_, mut device) = with_passkey(&server, EDITOR).await;
    let mut guesser = Browser::new(&server);
    for _ in 0..8 {
        guesser.sign_in(EDITOR, "bukan kata sandinya").await;
    }
    let mut browser = Browser::new(&server);
    assert_eq!(
        enter(&mut browser, &device).await.status(),
        StatusCode::SEE_OTHER
    );

    device.verifies = false;
    let mut last = Browser::new(&server);
    for _ in 0..5 {
        assert_eq!(
            enter(&mut last, &device).await.status(),
            StatusCode::FORBIDDEN
        );
    }
    device.verifies = true;
    let slowed = enter(&mut last, &device).await;
    assert!(slowed.headers().contains_key("retry-after"));
    check_refused(
        &mut last,
        slowed,
        StatusCode::TOO_MANY_REQUESTS,
        "Terlalu banyak percobaan",
    )
    .await;
    let mut code = StatusCode::OK;
    for _ in 0..40 {
        code = last.post("/masuk/kunci-sandi/mulai", &[]).await.status();
    }
    assert_eq!(
        code,
        StatusCode::TOO_MANY_REQUESTS,
        "one address asks for few challenges"
    );
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
