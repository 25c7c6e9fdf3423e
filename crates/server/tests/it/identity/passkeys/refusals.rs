//! Everything that is no passkey of this site, this person, this moment.

use domain::MemberId;
use domain::Timestamp;
use domain::audit::AuditKind;
use reqwest::StatusCode;
use server::access::token::digest_of;
use server::clock;

use super::super::visitor::{Browser, entries, mail_to, place_of};
use super::authenticator::Authenticator;
use super::{EDITOR, ORIGIN, answer, challenge, check_refused, enter, people, site, with_passkey};
use crate::harness::{TestServer, event};

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
        copy.cookies.insert("zona".to_owned(), "WIT".to_owned());
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
    let told = mail_to(&place, EDITOR, "mungkin ada salinan").await;
    assert!(told.contains(" WIB"), "the zone of its member: {told}");
    device.counter = 8;
    assert_eq!(
        enter(&mut browser, &device).await.status(),
        StatusCode::SEE_OTHER
    );
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
