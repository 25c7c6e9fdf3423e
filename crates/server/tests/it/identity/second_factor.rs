//! Two proofs where two are due.

use domain::Timestamp;
use domain::member::{Member, Role};
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;
use server::access::one_time_code::shown;
use server::clock;

use super::visitor::{Browser, PASSWORD, mail_to, member, organisation, place_of};
use crate::harness::{Place, TestServer};

/// What somebody holds after setting two steps up.
pub(super) struct Enrolled {
    secret: Vec<u8>,
    /// The code that showed it, and when.
    code: String,
    at: Timestamp,
    pub(super) recovery: Vec<String>,
}

/// Sets two steps up for the member signed in here, as the page asks.
pub(super) async fn enrol(
    server: &TestServer,
    browser: &mut Browser<'_>,
    member: &Member,
) -> Enrolled {
    let page = browser.get("/account/second-factor").await;
    let page = page.text().await.expect("page");
    assert!(page.contains("<svg class=\"qr\"") && page.contains("otpauth://totp/"));
    let begun = server.server.app.store.one_time_code(member.id).await;
    let secret = begun.expect("read").expect("begun").secret;
    let at = clock::now();
    let code = shown(&secret, at);
    let done = browser
        .post("/account/second-factor", &[("kode", &code)])
        .await;
    assert_eq!(done.status(), StatusCode::OK);
    let page = done.text().await.expect("page");
    let recovery = page.split("<code>").skip(1);
    Enrolled {
        secret,
        code,
        at,
        recovery: recovery.map(|rest| rest[..11].to_owned()).collect(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_does_nothing_before_the_second_factor_is_set_up() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let reviewer = member(&server, desk, Role::Reviewer, "tinjau@redaksi.example").await;
    let mut browser = Browser::new(&server);
    browser.sign_in("tinjau@redaksi.example", PASSWORD).await;
    for closed in ["/desk", "/account", "/account/password", "/desk/cases"] {
        assert_eq!(
            browser.led_to(closed).await,
            "/account/second-factor",
            "{closed}"
        );
    }
    let live = browser.get("/desk/live?sekali=1").await;
    assert_eq!(place_of(&live), "/account/second-factor");
    browser.get("/account/second-factor").await;
    let wrong = browser
        .post("/account/second-factor", &[("kode", "12345")])
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let enrolled = enrol(&server, &mut browser, &reviewer).await;
    assert_eq!(enrolled.recovery.len(), 10);
    assert_eq!(browser.get("/desk").await.status(), StatusCode::OK);
    mail_to(
        &place,
        "tinjau@redaksi.example",
        "Masuk dua langkah dipasang",
    )
    .await;
    let remove = browser
        .post(
            "/account/second-factor/remove",
            &[("sandi", PASSWORD), ("kode", enrolled.recovery[1].as_str())],
        )
        .await;
    assert_eq!(
        remove.status(),
        StatusCode::FORBIDDEN,
        "these duties ask for it"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_and_a_recovery_code_open_the_door_once() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let reviewer = member(&server, desk, Role::Reviewer, "tinjau@redaksi.example").await;
    let mut browser = Browser::new(&server);
    browser.sign_in("tinjau@redaksi.example", PASSWORD).await;
    let enrolled = enrol(&server, &mut browser, &reviewer).await;
    let spare = enrolled.recovery[0].as_str();
    let mut second = Browser::new(&server);
    second.sign_in("tinjau@redaksi.example", PASSWORD).await;
    let step = "/masuk/langkah-dua?kembali=%2Fdesk";
    assert_eq!(second.led_to("/desk").await, step);
    let page = second.get(step).await.text().await.expect("page");
    assert!(
        page.contains("menutup akun ini dan mengundang Anda lagi"),
        "{page}"
    );
    assert_eq!(
        second.led_to("/account/second-factor").await,
        "/masuk/langkah-dua?kembali=%2Faccount%2Fsecond-factor",
        "who has a device cannot put another in its place"
    );
    let replayed = second
        .post("/masuk/langkah-dua", &[("kode", &enrolled.code)])
        .await;
    assert_eq!(
        replayed.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code works once"
    );
    let early = shown(
        &enrolled.secret,
        enrolled.at.plus_us(5 * Timestamp::MINUTE_US),
    );
    let off = second.post("/masuk/langkah-dua", &[("kode", &early)]).await;
    assert!(
        off.text()
            .await
            .expect("page")
            .contains("jam ponsel Anda cepat")
    );
    let late = shown(
        &enrolled.secret,
        enrolled.at.plus_us(-5 * Timestamp::MINUTE_US),
    );
    let off = second.post("/masuk/langkah-dua", &[("kode", &late)]).await;
    let off = off.text().await.expect("page");
    assert!(off.contains("jam ponsel Anda lambat"), "{off}");
    assert_eq!(second.led_to("/desk").await, step);
    let lent = second
        .post(
            "/masuk/langkah-dua",
            &[("kode", spare), ("kembali", "/desk/cases")],
        )
        .await;
    assert_eq!(place_of(&lent), "/desk/cases");
    assert_eq!(second.get("/desk").await.status(), StatusCode::OK);

    let mut third = Browser::new(&server);
    third.sign_in("tinjau@redaksi.example", PASSWORD).await;
    let used = third.post("/masuk/langkah-dua", &[("kode", spare)]).await;
    assert_eq!(
        used.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "so does a recovery code"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_of_an_authority_needs_two_steps_and_attempts_are_few() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let kpu = organisation(&server, OrganisationKind::Kpu, "KPU Contoh").await;
    let officer = member(&server, kpu, Role::Officer, "petugas@kpu.example").await;
    let mut browser = Browser::new(&server);
    browser.sign_in("petugas@kpu.example", PASSWORD).await;
    let code = enrol(&server, &mut browser, &officer).await.code;
    let mut thief = Browser::new(&server);
    thief.sign_in("petugas@kpu.example", PASSWORD).await;
    let mut last = StatusCode::OK;
    for n in 0..8 {
        let guess = format!(
            "{:06}",
            (code.parse::<u32>().expect("code") + 7 + n) % 1_000_000
        );
        last = thief
            .post("/masuk/langkah-dua", &[("kode", &guess)])
            .await
            .status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        thief.led_to("/desk").await,
        "/masuk/langkah-dua?kembali=%2Fdesk"
    );
    server.stop().await;
}
