//! Passkeys: coming in with one, everything that is none of ours, and keeping one's own.

mod authenticator;
mod entry;
mod keeping;
mod refusals;

use domain::member::Member;
use domain::member::Role;
use domain::organisation::OrganisationKind;
use reqwest::Response;
use reqwest::StatusCode;
use serde_json::Value;

use self::authenticator::Authenticator;
use super::visitor::{Browser, PASSWORD, member, organisation};
use crate::harness::{Place, TestServer};

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

/// The recovery codes of a page that shows them.
fn codes_in(page: &str) -> Vec<&str> {
    let parts = page.split("<code>").skip(1);
    parts.map(|rest| &rest[..11]).collect()
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
