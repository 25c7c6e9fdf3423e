//! Sessions end when they should, and so does what they hold open.

use std::time::Duration;

use domain::audit::AuditKind;
use domain::member::Role;
use domain::organisation::OrganisationKind;
use futures_util::{FutureExt, StreamExt};
use reqwest::StatusCode;

use super::visitor::{Browser, PASSWORD, entries, mail_to, mails, member, organisation, place_of};
use crate::harness::{Place, TestServer};

/// An open stream must end within this time after its member lost access.
const STREAM_END: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_seen_and_ended_and_a_new_device_is_told() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let mut home = Browser::new(&server);
    home.sign_in("a@redaksi.example", PASSWORD).await;
    assert!(mails(&place).is_empty(), "the first device is no news");
    let mut away = Browser::new(&server);
    away.sign_in("a@redaksi.example", PASSWORD).await;
    let mail = mail_to(&place, "a@redaksi.example", "perangkat baru").await;
    assert!(
        mail.contains("Firefox · Linux") && mail.contains("127.0.0.0/24"),
        "{mail}"
    );

    let page = home.get("/account").await.text().await.expect("page");
    assert_eq!(
        page.matches("/end\"").count(),
        4,
        "two sessions, the others, and all"
    );
    assert!(page.contains("perangkat baru") && page.contains("sesi ini"));
    let ended = home.post("/account/sessions/others/end", &[]).await;
    assert_eq!(place_of(&ended), "/account?kabar=lain");
    assert_eq!(away.led_to("/desk").await, "/masuk?kembali=%2Fdesk");
    assert_eq!(home.get("/desk").await.status(), StatusCode::OK);

    away.sign_in("a@redaksi.example", PASSWORD).await;
    let stolen = away.cookies.clone();
    away.post("/account/sessions/end", &[]).await;
    assert_eq!(home.led_to("/desk").await, "/masuk?kembali=%2Fdesk");
    away.cookies = stolen;
    assert_eq!(
        away.led_to("/desk").await,
        "/masuk?kembali=%2Fdesk",
        "a kept cookie opens nothing"
    );
    assert_eq!(mails(&place).len(), 1, "known devices are no news");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_closes_accounts_of_their_own_organisation_at_once() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let other = organisation(&server, OrganisationKind::Newsroom, "Redaksi Lain").await;
    let editor = member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let admin = member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    member(&server, other, Role::Administrator, "kelola@lain.example").await;
    let mut person = Browser::new(&server);
    person.sign_in("a@redaksi.example", PASSWORD).await;
    let act = |what: &str| format!("/admin/members/{}/{what}", editor.id);
    let mut stranger = Browser::new(&server);
    stranger.sign_in("kelola@lain.example", PASSWORD).await;
    for what in ["close", "sessions/end", "reopen"] {
        assert_eq!(
            stranger.post(&act(what), &[]).await.status(),
            StatusCode::NOT_FOUND,
            "{what}"
        );
    }
    let mut own = Browser::new(&server);
    own.sign_in("kelola@redaksi.example", PASSWORD).await;
    let promoted = own
        .post(
            &format!("/admin/members/{}/role", admin.id),
            &[("role", "editor")],
        )
        .await;
    assert_eq!(
        promoted.status(),
        StatusCode::FORBIDDEN,
        "nobody gives themselves duties"
    );
    assert_eq!(person.get("/desk").await.status(), StatusCode::OK);
    own.post(&act("role"), &[("role", "reviewer")]).await;
    assert_eq!(
        person.led_to("/desk").await,
        "/account/second-factor",
        "new duties, new proof"
    );
    own.post(&act("role"), &[("role", "reader")]).await;
    assert_eq!(person.get("/desk").await.status(), StatusCode::OK);
    assert_eq!(
        person.get("/desk/tips").await.status(),
        StatusCode::NOT_FOUND
    );
    own.post(&act("close"), &[]).await;
    assert_eq!(person.led_to("/desk").await, "/masuk?kembali=%2Fdesk");
    let refused = person.sign_in("a@redaksi.example", PASSWORD).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    own.post(&act("reopen"), &[]).await;
    let back = person.sign_in("a@redaksi.example", PASSWORD).await;
    assert_eq!(place_of(&back), "/desk");
    assert_eq!(
        entries(&server, AuditKind::RoleChanged).await,
        ["reviewer → reader", "editor → reviewer"]
    );
    server.stop().await;
}

/// How each way of losing access is brought about.
#[derive(Debug, Clone, Copy)]
enum Loss {
    SignOut,
    Closed,
    Ended,
    Role,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_stream_ends_within_a_second_of_losing_access() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let kpu = organisation(&server, OrganisationKind::Operator, "Pengelola").await;
    member(&server, kpu, Role::Administrator, "kelola@x.example").await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@x.example", PASSWORD).await;
    let bystander = member(&server, desk, Role::Reader, "tetap@redaksi.example").await;
    let mut stays = Browser::new(&server);
    stays.sign_in(&bystander.email, PASSWORD).await;
    let mut kept = stays.get("/desk/live").await.bytes_stream();
    assert!(kept.next().await.is_some(), "the first news comes at once");
    for loss in [Loss::SignOut, Loss::Closed, Loss::Ended, Loss::Role] {
        let email = format!("{loss:?}@redaksi.example").to_lowercase();
        let editor = member(&server, desk, Role::Editor, &email).await;
        let mut person = Browser::new(&server);
        person.sign_in(&email, PASSWORD).await;
        let mut stream = person.get("/desk/live").await.bytes_stream();
        assert!(stream.next().await.is_some(), "{loss:?}");
        let act = |what: &str| format!("/admin/members/{}/{what}", editor.id);
        match loss {
            Loss::SignOut => person.post("/keluar", &[]).await,
            Loss::Closed => admin.post(&act("close"), &[]).await,
            Loss::Ended => admin.post(&act("sessions/end"), &[]).await,
            // A reviewer must prove more than this session has.
            Loss::Role => admin.post(&act("role"), &[("role", "reviewer")]).await,
        };
        let ended =
            tokio::time::timeout(STREAM_END, async { while stream.next().await.is_some() {} });
        assert!(ended.await.is_ok(), "{loss:?} left the stream open");
    }
    // What did not concern them leaves others alone: the line is open and has nothing to say.
    let ended = kept
        .next()
        .now_or_never()
        .is_some_and(|news| news.is_none());
    assert!(!ended, "a bystander's stream ended");
    drop(kept);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_there_knows_who_is_signed_in() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Editor, "a@redaksi.example").await;
    let mut browser = Browser::new(&server);
    let stranger = browser.get("/admin/x").await.text().await.expect("page");
    assert!(stranger.contains("Masuk untuk anggota"), "{stranger}");
    browser.sign_in("a@redaksi.example", PASSWORD).await;
    for address in ["/admin/x", "/admin/members"] {
        let answer = browser.get(address).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{address}");
        let page = answer.text().await.expect("page");
        assert!(
            page.contains("action=\"/keluar\"") && !page.contains("Masuk untuk anggota"),
            "{page}"
        );
    }
    server.stop().await;
}
