//! Changed, forgotten and guessed passwords.

use domain::audit::AuditKind;
use domain::member::Role;
use domain::organisation::OrganisationKind;
use futures_util::{StreamExt, stream};
use reqwest::{StatusCode, header};
use server::clock;

use super::visitor::{
    Browser, OTHER_PASSWORD, PASSWORD, entries, link_in, mail_to, mails, member, organisation,
    place_of,
};
use crate::harness::{Place, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_and_a_forgotten_one_replaced_by_mail() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let (mut home, mut away) = (Browser::new(&server), Browser::new(&server));
    home.sign_in("a@redaksi.example", PASSWORD).await;
    away.sign_in("a@redaksi.example", PASSWORD).await;
    let change = |now: &'static str| {
        [
            ("sandi", now),
            ("baru", OTHER_PASSWORD),
            ("ulang", OTHER_PASSWORD),
        ]
    };
    let wrong = home
        .post("/account/password", &change("bukan kata sandinya"))
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let changed = home.post("/account/password", &change(PASSWORD)).await;
    assert_eq!(place_of(&changed), "/account?kabar=sandi");
    assert_eq!(home.get("/account").await.status(), StatusCode::OK);
    assert_eq!(away.led_to("/account").await, "/masuk?kembali=%2Faccount");
    mail_to(&place, "a@redaksi.example", "diganti").await;

    let mut lost = Browser::new(&server);
    let asked = [("surel", "A@redaksi.example")];
    let nobody = [("surel", "tidak-ada@redaksi.example")];
    let (told, untold) = (
        lost.post("/lupa-sandi", &asked)
            .await
            .text()
            .await
            .expect("page"),
        lost.post("/lupa-sandi", &nobody)
            .await
            .text()
            .await
            .expect("page"),
    );
    assert_eq!(told, untold, "the page tells nobody who has an account");
    let link = link_in(
        &mail_to(&place, "a@redaksi.example", "/sandi-baru/").await,
        "sandi-baru",
    );
    assert_eq!(lost.get(&link).await.status(), StatusCode::OK);
    let set = [("baru", PASSWORD), ("ulang", PASSWORD)];
    assert_eq!(lost.post(&link, &set).await.status(), StatusCode::OK);
    assert_eq!(
        lost.post(&link, &set).await.status(),
        StatusCode::GONE,
        "a link works once"
    );
    assert_eq!(
        home.led_to("/account").await,
        "/masuk?kembali=%2Faccount",
        "every session ended"
    );
    assert_eq!(
        place_of(&home.sign_in("a@redaksi.example", PASSWORD).await),
        "/desk"
    );
    assert_eq!(
        entries(&server, AuditKind::PasswordChanged).await,
        ["mail", ""],
        "each change stands in the ledger"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_host_gets_into_no_mail() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let ask = |host: &'static str| {
        server
            .client
            .post(format!("{}/lupa-sandi", server.url))
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("surel=a%40redaksi.example")
            .send()
    };
    let forged = ask("jahat.example").await.expect("answers");
    assert_eq!(forged.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        server
            .server
            .app
            .store
            .outbox()
            .await
            .expect("outbox")
            .waiting,
        0
    );
    assert!(mails(&place).is_empty());
    server.stop().await;

    let place = Place::new().with("KENTONGAN_ORIGIN", "https://cek.example");
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let forged = server
        .client
        .post(format!("{}/lupa-sandi", server.url))
        .header(header::HOST, "jahat.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body("surel=a%40redaksi.example");
    assert_eq!(
        forged.send().await.expect("answers").status(),
        StatusCode::OK
    );
    let mail = mail_to(&place, "a@redaksi.example", "/sandi-baru/").await;
    assert!(mail.contains("https://cek.example/sandi-baru/") && !mail.contains("jahat"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_wrong_passwords_leave_a_handful_of_entries() {
    const TRIES: usize = 10_000;
    let place = Place::new().with("KENTONGAN_TRUSTED_PROXIES", "1");
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let tries = stream::iter(0..TRIES).map(|n| {
        let from = format!("203.0.{}.{}", n % 1_000 / 250, n % 250 + 1);
        let request = server
            .client
            .post(format!("{}/masuk", server.url))
            .header("x-forwarded-for", from)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("surel=a%40redaksi.example&sandi=salah-{n}"));
        async move { request.send().await.expect("answers").status() }
    });
    let answers: Vec<StatusCode> = tries.buffer_unordered(16).collect().await;
    let looked_at = answers
        .iter()
        .filter(|code| **code == StatusCode::UNPROCESSABLE_ENTITY)
        .count();
    let slowed = answers
        .iter()
        .filter(|code| **code == StatusCode::TOO_MANY_REQUESTS)
        .count();
    assert_eq!(looked_at + slowed, TRIES);
    assert!(looked_at < 20, "{looked_at} passwords were tried");
    assert_eq!(entries(&server, AuditKind::SignInFailed).await, [""]);
    let store = server.server.app.store.clone();
    let guard = &server.server.app.sign_in_guard;
    guard
        .record_due(&store, clock::now(), true)
        .await
        .expect("recorded");
    let told = entries(&server, AuditKind::SignInFailed).await;
    assert_eq!(
        told,
        [format!("+{}", looked_at - 1), String::new()],
        "none is forgotten"
    );
    server.stop().await;
}
