//! Coming in and staying in: invitations, passwords, second factors, sessions, keys, and what
//! becomes of ten thousand wrong passwords.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::audit::AuditKind;
use domain::invitation::{Invitation, InvitationState};
use domain::limits::INVITATION_LIFE_US;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{InvitationId, KeyId, MemberId, OrganisationId, Timestamp};
use futures_util::{FutureExt, StreamExt, stream};
use reqwest::{Method, Response, StatusCode, header};
use server::access::one_time_code::shown;
use server::access::password;
use server::access::token::Token;
use server::clock;
use server::intake::keys::digest_of;
use store::{KeyRow, Mail};

use crate::harness::{KEY, Place, TestServer, event, ndjson, post};

const PASSWORD: &str = "payung biru di tepi telaga";
const OTHER_PASSWORD: &str = "kuda nil mandi sore hari";
/// How long a mail or an entry may take; generous, since machines are shared.
const PATIENCE: Duration = Duration::from_mins(1);
/// An open stream must end within this time after its member lost access.
const STREAM_END: Duration = Duration::from_secs(1);

/// A browser without scripts: it keeps cookies and follows no redirect by itself.
struct Browser<'s> {
    server: &'s TestServer,
    cookies: BTreeMap<String, String>,
}

impl<'s> Browser<'s> {
    fn new(server: &'s TestServer) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
        }
    }

    async fn send(&mut self, method: Method, path: &str, fields: &[(&str, &str)]) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .server
            .client
            .request(method.clone(), format!("{}{path}", self.server.url))
            .header(header::COOKIE, cookies.join("; "))
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux) Firefox/140.0");
        if method == Method::POST {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(fields);
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.finish());
        }
        let answer = request.send().await.expect("answers");
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            let pair = text.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Response {
        self.send(Method::GET, path, &[]).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(Method::POST, path, fields).await
    }

    async fn sign_in(&mut self, email: &str, password: &str) -> Response {
        self.post("/masuk", &[("surel", email), ("sandi", password)])
            .await
    }

    /// Where a page leads instead of opening; empty when it opens.
    async fn led_to(&mut self, path: &str) -> String {
        place_of(&self.get(path).await)
    }
}

fn place_of(answer: &Response) -> String {
    answer
        .headers()
        .get(header::LOCATION)
        .and_then(|place| place.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

async fn organisation(server: &TestServer, kind: OrganisationKind, name: &str) -> OrganisationId {
    let organisation = Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name: name.into(),
        region: None,
        homepage: None,
    };
    let store = &server.server.app.store;
    store
        .insert_organisation(&organisation, &event(AuditKind::OrganisationAdded))
        .await
        .expect("organisation");
    organisation.id
}

/// A member with [`PASSWORD`].
async fn member(
    server: &TestServer,
    organisation: OrganisationId,
    role: Role,
    email: &str,
) -> Member {
    let member = Member {
        id: MemberId(clock::fresh_id()),
        organisation,
        name: format!("Anggota {}", role.as_str()),
        email: email.into(),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let hash = password::hash(PASSWORD).expect("hash");
    let store = &server.server.app.store;
    store
        .insert_member(&member, &hash, &event(AuditKind::MemberAdded))
        .await
        .expect("member");
    member
}

/// The newest mail to `recipient` that holds `mark`, decoded; waits until it is handed over.
async fn mail_to(place: &Place, recipient: &str, mark: &str) -> String {
    let begun = Instant::now();
    loop {
        let found = mails(place)
            .into_iter()
            .find(|mail| mail.contains(&format!("To: {recipient}")) && mail.contains(mark));
        if let Some(mail) = found {
            return mail;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "no mail to {recipient} with {mark}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn mails(place: &Place) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(place.path().join("outbox")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = folder
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    // Identities rise with time.
    paths.sort();
    paths
        .iter()
        .rev()
        .map(|path| decoded(&std::fs::read_to_string(path).expect("mail")))
        .collect()
}

/// Takes the quoted-printable encoding off.
fn decoded(mail: &str) -> String {
    let joined = mail.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let coded = (*first == b'=')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(byte) = coded {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The path of the first link below `/{area}/` in a mail.
fn link_in(mail: &str, area: &str) -> String {
    let from = mail.find(&format!("/{area}/")).expect("a link");
    mail[from..]
        .split_whitespace()
        .next()
        .expect("a link")
        .to_owned()
}

async fn entries(server: &TestServer, kind: AuditKind) -> Vec<String> {
    let store = &server.server.app.store;
    let page = store.audit_page(None, 200).await.expect("audit");
    page.into_iter()
        .filter(|row| row.event.kind == kind)
        .map(|row| row.event.note)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_by_mail_makes_a_member_once() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@redaksi.example", PASSWORD).await;
    let asked = [
        ("name", "Redaktur Baru"),
        ("email", "Baru@Redaksi.example"),
        ("role", "editor"),
        ("zone", "WIT"),
    ];
    let answer = admin.post("/admin/invitations", &asked).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let again = admin.post("/admin/invitations", &asked).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let mail = mail_to(&place, "baru@redaksi.example", "/undangan/").await;
    let link = link_in(&mail, "undangan");
    let mut person = Browser::new(&server);
    let page = person.get(&link).await.text().await.expect("page");
    assert!(page.contains("Redaksi Contoh") && page.contains("Redaktur Baru"));
    for (one, two) in [
        ("pendek sekali", "pendek sekali"),
        (PASSWORD, OTHER_PASSWORD),
        ("redaktur baru 2024", "redaktur baru 2024"),
        ("indonesiaindonesia", "indonesiaindonesia"),
    ] {
        let refused = person.post(&link, &[("baru", one), ("ulang", two)]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{one}");
    }
    let set = [("baru", PASSWORD), ("ulang", PASSWORD)];
    let joined = person.post(&link, &set).await;
    assert_eq!(place_of(&joined), "/account");
    assert_eq!(person.get("/desk").await.status(), StatusCode::OK);
    let (found, _) = server
        .server
        .app
        .store
        .member_by_email("baru@redaksi.example")
        .await
        .expect("read")
        .expect("a member");
    assert_eq!(
        (found.role, found.zone, found.organisation),
        (Role::Editor, Zone::Wit, desk)
    );

    let mut thief = Browser::new(&server);
    assert_eq!(thief.get(&link).await.status(), StatusCode::GONE);
    assert_eq!(thief.post(&link, &set).await.status(), StatusCode::GONE);
    assert_eq!(thief.led_to("/desk").await, "/masuk?kembali=%2Fdesk");
    let forged = format!("/undangan/{}", Token::fresh().as_str());
    assert_eq!(thief.get(&forged).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        entries(&server, AuditKind::InvitationAccepted).await,
        ["editor"]
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_or_expired_invitation_says_so() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let other = organisation(&server, OrganisationKind::Newsroom, "Redaksi Lain").await;
    let inviter = member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    member(&server, other, Role::Administrator, "kelola@lain.example").await;
    let store = &server.server.app.store;
    let mut links = Vec::new();
    for (name, age_us) in [("satu", 0), ("dua", INVITATION_LIFE_US)] {
        let token = Token::fresh();
        let invitation = Invitation {
            id: InvitationId(clock::fresh_id()),
            organisation: desk,
            name: name.into(),
            email: format!("{name}@redaksi.example"),
            role: Role::Reader,
            zone: Zone::Wib,
            invited_by: inviter.id,
            invited_at: clock::now().plus_us(-age_us),
            state: InvitationState::Open,
        };
        let mail = Mail {
            id: clock::fresh_id(),
            recipient: invitation.email.clone(),
            subject: "Undangan".into(),
            body: "…".into(),
        };
        store
            .insert_invitation(
                &invitation,
                token.own_digest(),
                &mail,
                &event(AuditKind::InvitationSent),
            )
            .await
            .expect("invitation");
        links.push((format!("/undangan/{}", token.as_str()), invitation.id));
    }
    let mut person = Browser::new(&server);
    let late = person.get(&links[1].0).await;
    assert_eq!(late.status(), StatusCode::GONE);
    assert!(late.text().await.expect("page").contains("kedaluwarsa"));

    let withdraw = format!("/admin/invitations/{}/withdraw", links[0].1);
    let mut stranger = Browser::new(&server);
    stranger.sign_in("kelola@lain.example", PASSWORD).await;
    assert_eq!(
        stranger.post(&withdraw, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(person.get(&links[0].0).await.status(), StatusCode::OK);
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@redaksi.example", PASSWORD).await;
    assert_eq!(
        place_of(&admin.post(&withdraw, &[]).await),
        "/admin/members"
    );
    let gone = person.get(&links[0].0).await;
    assert_eq!(gone.status(), StatusCode::GONE);
    assert!(gone.text().await.expect("page").contains("ditarik"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewer_does_nothing_before_the_second_factor_is_set_up() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let reviewer = member(&server, desk, Role::Reviewer, "tinjau@redaksi.example").await;
    let store = &server.server.app.store;
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
    let page = browser.get("/account/second-factor").await;
    let page = page.text().await.expect("page");
    assert!(page.contains("<svg class=\"qr\"") && page.contains("otpauth://totp/"));
    let secret = store
        .one_time_code(reviewer.id)
        .await
        .expect("read")
        .expect("begun")
        .secret;
    let wrong = browser
        .post("/account/second-factor", &[("kode", "12345")])
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let before = clock::now();
    let code = shown(&secret, before);
    let done = browser
        .post("/account/second-factor", &[("kode", &code)])
        .await;
    assert_eq!(done.status(), StatusCode::OK);
    let codes = done.text().await.expect("page");
    let codes: Vec<&str> = codes
        .split("<code>")
        .skip(1)
        .map(|rest| &rest[..11])
        .collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/desk").await.status(), StatusCode::OK);
    mail_to(
        &place,
        "tinjau@redaksi.example",
        "Masuk dua langkah dipasang",
    )
    .await;

    let mut second = Browser::new(&server);
    second.sign_in("tinjau@redaksi.example", PASSWORD).await;
    let step = "/masuk/langkah-dua?kembali=%2Fdesk";
    assert_eq!(second.led_to("/desk").await, step);
    assert_eq!(
        second.led_to("/account/second-factor").await,
        "/masuk/langkah-dua?kembali=%2Faccount%2Fsecond-factor",
        "who has a device cannot put another in its place"
    );
    let replayed = second.post("/masuk/langkah-dua", &[("kode", &code)]).await;
    assert_eq!(
        replayed.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code works once"
    );
    let early = shown(&secret, before.plus_us(5 * Timestamp::MINUTE_US));
    let off = second.post("/masuk/langkah-dua", &[("kode", &early)]).await;
    assert!(
        off.text()
            .await
            .expect("page")
            .contains("jam ponsel Anda cepat")
    );
    assert_eq!(second.led_to("/desk").await, step);
    let lent = second
        .post(
            "/masuk/langkah-dua",
            &[("kode", codes[0]), ("kembali", "/desk/cases")],
        )
        .await;
    assert_eq!(place_of(&lent), "/desk/cases");
    assert_eq!(second.get("/desk").await.status(), StatusCode::OK);

    let mut third = Browser::new(&server);
    third.sign_in("tinjau@redaksi.example", PASSWORD).await;
    let used = third
        .post("/masuk/langkah-dua", &[("kode", codes[0])])
        .await;
    assert_eq!(
        used.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "so does a recovery code"
    );
    let remove = browser
        .post(
            "/account/second-factor/remove",
            &[("sandi", PASSWORD), ("kode", codes[1])],
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
async fn everybody_of_an_authority_needs_two_steps_and_attempts_are_few() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let kpu = organisation(&server, OrganisationKind::Kpu, "KPU Contoh").await;
    let officer = member(&server, kpu, Role::Officer, "petugas@kpu.example").await;
    let store = &server.server.app.store;
    let mut browser = Browser::new(&server);
    browser.sign_in("petugas@kpu.example", PASSWORD).await;
    browser.get("/account/second-factor").await;
    let secret = store
        .one_time_code(officer.id)
        .await
        .expect("read")
        .expect("begun")
        .secret;
    let code = shown(&secret, clock::now());
    browser
        .post("/account/second-factor", &[("kode", &code)])
        .await;
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
    let door = &server.server.app.door;
    door.record_due(&store, clock::now(), true)
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

#[tokio::test(flavor = "multi_thread")]
async fn a_service_key_runs_out_and_shows_when_it_was_used() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let other = organisation(&server, OrganisationKind::Newsroom, "Redaksi Lain").await;
    member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    member(&server, other, Role::Administrator, "kelola@lain.example").await;
    let store = &server.server.app.store;
    let now = clock::now();
    let old = KeyRow {
        id: KeyId(clock::fresh_id()),
        name: "lama".into(),
        digest: digest_of("kt_lama"),
        scopes: "posts:write".into(),
        posts_per_second: 100,
        posts_per_day: 1_000,
        created_at: now.plus_us(-Timestamp::DAY_US),
        revoked_at: None,
        organisation: Some(desk),
        expires_at: Some(now),
        last_used_at: None,
    };
    store
        .insert_key(&old, &event(AuditKind::KeyAdded))
        .await
        .expect("key");
    let send = |key: String, id: &'static str| {
        let body = ndjson(&[post(id, "TPS 4 dibuka pukul tujuh pagi")]);
        let request = server.client.post(format!("{}/api/v1/posts", server.url));
        request.bearer_auth(key).body(body).send()
    };
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@redaksi.example", PASSWORD).await;
    let wanted = |days: &'static str| {
        [
            ("name", "pengirim kami"),
            ("rate", "100"),
            ("quota", "1000"),
            ("days", days),
        ]
    };
    for days in ["0", "367", "", "-1", "satu"] {
        let refused = admin.post("/admin/keys", &wanted(days)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{days}");
    }
    let made = admin
        .post("/admin/keys", &wanted("30"))
        .await
        .text()
        .await
        .expect("page");
    let key = made.split("id=\"secret\">").nth(1).expect("a key")[..55].to_owned();
    let out = send("kt_lama".into(), "1").await.expect("answers");
    assert_eq!(out.status(), StatusCode::UNAUTHORIZED, "it has run out");
    let begun = Instant::now();
    while send(key.clone(), "2").await.expect("answers").status() != StatusCode::OK {
        assert!(begun.elapsed() < PATIENCE, "a fresh key never worked");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        send(KEY.into(), "3").await.expect("answers").status(),
        StatusCode::OK
    );
    server.server.app.keys.save().await.expect("saved");
    let keys = store.keys_of(desk).await.expect("keys");
    assert!(keys[0].last_used_at.is_some() && keys[1].last_used_at.is_none());
    assert!(
        keys[0]
            .expires_at
            .is_some_and(|end| end.since_us(now) <= 31 * Timestamp::DAY_US)
    );

    let mut stranger = Browser::new(&server);
    stranger.sign_in("kelola@lain.example", PASSWORD).await;
    let page = stranger
        .get("/admin/keys")
        .await
        .text()
        .await
        .expect("page");
    assert!(!page.contains("pengirim kami"));
    let revoke = format!("/admin/keys/{}/revoke", keys[0].id);
    assert_eq!(
        stranger.post(&revoke, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(place_of(&admin.post(&revoke, &[]).await), "/admin/keys");
    server.stop().await;
}
