//! Whoever stands at the door chooses neither the language nor the zone of the mails about it.

use domain::member::{Member, Role, Zone};
use domain::organisation::OrganisationKind;

use super::second_factor::enrol;
use super::visitor::{Browser, PASSWORD, mail_to, member, organisation, place_of};
use crate::harness::{Place, TestServer};

const EDITOR: &str = "tulis@redaksi.example";

/// An editor in Jayapura who reads English.
async fn editor(server: &TestServer) -> Member {
    let desk = organisation(server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let editor = member(server, desk, Role::Editor, EDITOR).await;
    let store = &server.server.app.store;
    store.set_zone(editor.id, Zone::Wit).await.expect("zone");
    editor
}

fn browser<'s>(server: &'s TestServer, language: &str, zone: &str) -> Browser<'s> {
    let mut browser = Browser::new(server);
    for (name, value) in [("bahasa", language), ("zona", zone)] {
        browser.cookies.insert(name.to_owned(), value.to_owned());
    }
    browser
}

fn check_own(mail: &str) {
    assert!(
        mail.contains("Hello Anggota") && mail.contains(" WIT"),
        "{mail}"
    );
    assert!(
        !mail.contains("WITA"),
        "the zone of another browser: {mail}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_about_a_sign_in_is_in_the_language_and_zone_of_its_member() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    editor(&server).await;
    browser(&server, "en", "WIT")
        .sign_in(EDITOR, PASSWORD)
        .await;
    let mut stranger = browser(&server, "id", "WITA");
    stranger.post("/lupa-sandi", &[("surel", EDITOR)]).await;
    check_own(&mail_to(&place, EDITOR, "/sandi-baru/").await);
    stranger.sign_in(EDITOR, PASSWORD).await;
    check_own(&mail_to(&place, EDITOR, "not used before").await);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_sign_in_changes_no_language() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let editor = editor(&server).await;
    let mut own = browser(&server, "id", "WIT");
    own.sign_in(EDITOR, PASSWORD).await;
    let enrolled = enrol(&server, &mut own, &editor).await;
    own.get("/lang/en").await;
    let mut stranger = browser(&server, "id", "WITA");
    let half = stranger.sign_in(EDITOR, PASSWORD).await;
    assert_eq!(place_of(&half), "/desk");
    let store = &server.server.app.store;
    let language = async || store.language_of(editor.id).await.expect("read");
    assert_eq!(language().await, "en");
    let spare = enrolled.recovery[0].as_str();
    stranger
        .post("/masuk/langkah-dua", &[("kode", spare)])
        .await;
    check_own(&mail_to(&place, EDITOR, "A recovery code was used to sign in").await);
    assert_eq!(language().await, "id", "now everything is proven");
    server.stop().await;
}
