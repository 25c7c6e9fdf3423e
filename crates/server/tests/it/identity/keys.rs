//! Service keys of organisations.

use std::time::{Duration, Instant};

use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::OrganisationKind;
use domain::{KeyId, MemberId, OrganisationId, Timestamp};
use reqwest::StatusCode;
use server::admin::key_end;
use server::clock;
use server::intake::keys::digest_of;
use store::KeyRow;

use super::visitor::{
    Browser, PASSWORD, PATIENCE, entries, link_in, mail_to, mails, member, organisation, place_of,
};
use crate::harness::{KEY, Place, TestServer, event, ndjson, post};

/// A key of `organisation` that stops working at `end`.
fn key_that_ends(organisation: OrganisationId, end: Timestamp) -> KeyRow {
    KeyRow {
        id: KeyId(clock::fresh_id()),
        name: "lama".into(),
        digest: digest_of("kt_lama"),
        scopes: "posts:write".into(),
        posts_per_second: 100,
        posts_per_day: 1_000,
        created_at: end.plus_us(-Timestamp::DAY_US),
        revoked_at: None,
        organisation: Some(organisation),
        expires_at: Some(end),
        last_used_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_key_runs_out_and_shows_when_it_was_used() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    let store = &server.server.app.store;
    let now = clock::now();
    let old = key_that_ends(desk, now);
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
    assert!(!made.contains("Kunci layanan “pengirim kami” habis"));
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
    let keys = store
        .keys_of(desk, store::Page::first(9))
        .await
        .expect("keys");
    assert!(keys[0].last_used_at.is_some() && keys[1].last_used_at.is_none());
    assert!(
        keys[0]
            .expires_at
            .is_some_and(|end| end.since_us(now) <= 31 * Timestamp::DAY_US)
    );
    server.stop().await;
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_key_is_announced_once_at_each_mark() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let operator = organisation(&server, OrganisationKind::Operator, "Pengelola").await;
    for (body, role, email) in [
        (desk, Role::Administrator, "kelola@redaksi.example"),
        (desk, Role::Coordinator, "koordinator@redaksi.example"),
        (desk, Role::Editor, "redaktur@redaksi.example"),
        (operator, Role::Administrator, "kelola@pengelola.example"),
        (operator, Role::Coordinator, "koordinator@pengelola.example"),
    ] {
        member(&server, body, role, email).await;
    }
    let now = clock::now();
    let end = now.plus_us(20 * Timestamp::DAY_US);
    let own = KeyRow {
        created_at: end.plus_us(-365 * Timestamp::DAY_US),
        ..key_that_ends(desk, end)
    };
    let house = KeyRow {
        id: KeyId(clock::fresh_id()),
        name: "milik instalasi".into(),
        digest: digest_of("kt_instalasi"),
        organisation: None,
        ..own.clone()
    };
    let store = &server.server.app.store;
    for key in [&own, &house] {
        let kept = store.insert_key(key, &event(AuditKind::KeyAdded)).await;
        kept.expect("key");
    }
    let look = async |at: Timestamp| key_end::look(&server.server.app, at).await.expect("looks");
    look(now).await;
    look(now).await;
    let announced = async || {
        let mut notes = entries(&server, AuditKind::KeyEndAnnounced).await;
        notes.sort();
        notes
    };
    assert_eq!(announced().await, ["30 days, 1 mails", "30 days, 2 mails"]);
    let makes = mail_to(
        &place,
        "kelola@redaksi.example",
        "“lama” habis 20 hari lagi",
    )
    .await;
    assert_eq!(link_in(&makes, "admin"), "/admin/keys");
    let asks = mail_to(
        &place,
        "koordinator@redaksi.example",
        "“lama” habis 20 hari lagi",
    )
    .await;
    assert!(asks.contains("pengelola lembaga Anda"), "{asks}");
    assert!(!asks.contains("/admin/"), "{asks}");
    let their_page = link_in(&asks, "network");
    let house_mail = mail_to(&place, "kelola@pengelola.example", "“milik instalasi”").await;
    assert_eq!(link_in(&house_mail, "admin"), "/admin/keys");
    look(now.plus_us(14 * Timestamp::DAY_US)).await;
    look(now.plus_us(15 * Timestamp::DAY_US)).await;
    assert_eq!(
        announced().await,
        [
            "30 days, 1 mails",
            "30 days, 2 mails",
            "7 days, 1 mails",
            "7 days, 2 mails"
        ]
    );
    mail_to(&place, "kelola@redaksi.example", "“lama” habis 6 hari lagi").await;
    // Never announced, and over at that very moment.
    let over = KeyRow {
        id: KeyId(clock::fresh_id()),
        digest: digest_of("kt_lewat"),
        ..own.clone()
    };
    let kept = store.insert_key(&over, &event(AuditKind::KeyAdded)).await;
    kept.expect("key");
    look(end).await;
    assert_eq!(
        announced().await.len(),
        4,
        "a key that has run out is announced no more"
    );
    look(end.plus_us(-1)).await;
    assert_eq!(announced().await.len(), 5, "a moment before it is");
    for nobody in [
        "To: redaktur@redaksi.example",
        "To: koordinator@pengelola.example",
    ] {
        let found = mails(&place).iter().any(|mail| mail.contains(nobody));
        assert!(!found, "{nobody} can do nothing about a key");
    }

    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@redaksi.example", PASSWORD).await;
    let page = admin.get("/admin/keys").await.text().await.expect("page");
    assert!(page.contains("Kunci layanan “lama” habis "), "{page}");
    let mut coordinator = Browser::new(&server);
    coordinator
        .sign_in("koordinator@redaksi.example", PASSWORD)
        .await;
    let page = coordinator.get(&their_page).await;
    assert_eq!(page.status(), StatusCode::OK, "{their_page}");
    let page = page.text().await.expect("page");
    let sentence = "hari lagi. Pengelola lembaga Anda perlu membuat yang baru";
    assert!(page.contains(sentence), "{page}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_and_revokes_keys_of_their_organisation_alone() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let other = organisation(&server, OrganisationKind::Newsroom, "Redaksi Lain").await;
    member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    member(&server, other, Role::Administrator, "kelola@lain.example").await;
    let key = key_that_ends(desk, clock::now().plus_us(Timestamp::DAY_US));
    let store = &server.server.app.store;
    let kept = store.insert_key(&key, &event(AuditKind::KeyAdded)).await;
    kept.expect("key");
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@redaksi.example", PASSWORD).await;
    let page = admin.get("/admin/keys").await.text().await.expect("page");
    assert!(page.contains("<b>lama</b>"));
    let mut stranger = Browser::new(&server);
    stranger.sign_in("kelola@lain.example", PASSWORD).await;
    let page = stranger
        .get("/admin/keys")
        .await
        .text()
        .await
        .expect("page");
    assert!(!page.contains("<b>lama</b>"));
    let revoke = format!("/admin/keys/{}/revoke", key.id);
    assert_eq!(
        stranger.post(&revoke, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(place_of(&admin.post(&revoke, &[]).await), "/admin/keys");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_is_told_of_every_key_that_runs_out_and_whose_it_is() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let operator = organisation(&server, OrganisationKind::Operator, "Pengelola").await;
    member(
        &server,
        operator,
        Role::Administrator,
        "kelola@pengelola.example",
    )
    .await;
    let now = clock::now();
    let store = &server.server.app.store;
    // Older than all that the page lists, and the last to run out.
    let list = i64::from(store::limits::PAGE_ROWS_MAX);
    for place in 0..=list {
        let end = now.plus_us(21 * Timestamp::DAY_US - place * Timestamp::SECOND_US);
        let key = KeyRow {
            id: KeyId(clock::fresh_id()),
            name: format!("pengumpul {place}"),
            digest: digest_of(&format!("kt_{place}")),
            created_at: now
                .plus_us((place - list) * Timestamp::SECOND_US - 300 * Timestamp::DAY_US),
            ..key_that_ends(desk, end)
        };
        let kept = store.insert_key(&key, &event(AuditKind::KeyAdded)).await;
        kept.expect("key");
    }
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@pengelola.example", PASSWORD).await;
    let page = admin.get("/admin/keys").await.text().await.expect("page");
    assert!(!page.contains("<b>pengumpul 0</b>"), "the list ends before");
    let sentence = "Kunci layanan “pengumpul 0” milik Redaksi Contoh habis ";
    assert!(page.contains(sentence), "{page}");
    assert_eq!(
        page.matches("milik Redaksi Contoh habis").count(),
        usize::try_from(list + 1).expect("number")
    );
    assert!(
        page.contains("196 kunci lain juga segera habis"),
        "all but five are folded up"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_organisation_has_nobody_is_told_to_the_operator() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Sepi").await;
    let half = organisation(&server, OrganisationKind::Newsroom, "Redaksi Setengah").await;
    let operator = organisation(&server, OrganisationKind::Operator, "Pengelola").await;
    member(&server, desk, Role::Editor, "redaktur@sepi.example").await;
    let now = clock::now();
    let end = now.plus_us(20 * Timestamp::DAY_US);
    let insert = async |owner: OrganisationId, name: &str| {
        let key = KeyRow {
            name: name.to_owned(),
            digest: digest_of(name),
            created_at: now.plus_us(-300 * Timestamp::DAY_US),
            ..key_that_ends(owner, end)
        };
        let store = &server.server.app.store;
        let kept = store.insert_key(&key, &event(AuditKind::KeyAdded)).await;
        kept.expect("key");
    };
    insert(desk, "kunci sepi").await;
    let look = async || key_end::look(&server.server.app, now).await.expect("looks");
    look().await;
    let told = async || entries(&server, AuditKind::KeyEndAnnounced).await;
    assert!(told().await.is_empty(), "nobody is there to be told");

    let email = "kelola@pengelola.example";
    member(&server, operator, Role::Administrator, email).await;
    member(
        &server,
        half,
        Role::Coordinator,
        "koordinator@setengah.example",
    )
    .await;
    insert(half, "kunci setengah").await;
    look().await;
    look().await;
    let mut notes = told().await;
    notes.sort();
    assert_eq!(notes, ["30 days, 1 mails", "30 days, 2 mails"]);
    for (owner, key) in [
        ("Redaksi Sepi", "“kunci sepi”"),
        ("Redaksi Setengah", "“kunci setengah”"),
    ] {
        let mail = mail_to(&place, email, key).await;
        let words = format!("Pemiliknya, {owner}, tidak punya pengelola");
        assert!(mail.contains(&words), "{mail}");
        assert_eq!(link_in(&mail, "admin"), "/admin/keys");
    }
    mail_to(&place, "koordinator@setengah.example", "“kunci setengah”").await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_key_speaks_the_language_and_the_time_of_its_reader() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    let store = &server.server.app.store;
    for (email, zone, language) in [
        ("barat@redaksi.example", Zone::Wib, "id"),
        ("timur@redaksi.example", Zone::Wit, "id"),
        ("english@redaksi.example", Zone::Wib, "en"),
    ] {
        let person = Member {
            id: MemberId(clock::fresh_id()),
            organisation: desk,
            name: "Pengelola".into(),
            email: email.into(),
            role: Role::Administrator,
            zone,
            active: true,
        };
        let act = event(AuditKind::MemberAdded);
        let kept = store.insert_member(&person, "no password", &act).await;
        kept.expect("member");
        store.set_language(person.id, language).await.expect("set");
    }
    // 21 March 2027, 16.30 UTC: the day after in the east.
    let end = Timestamp(1_805_646_600_000_000);
    let key = KeyRow {
        created_at: end.plus_us(-365 * Timestamp::DAY_US),
        ..key_that_ends(desk, end)
    };
    let kept = store.insert_key(&key, &event(AuditKind::KeyAdded)).await;
    kept.expect("key");
    // Morning everywhere.
    let day = end.plus_us(-20 * Timestamp::DAY_US - 14 * Timestamp::HOUR_US);
    let looked = key_end::look(&server.server.app, day).await;
    looked.expect("looks");
    for (email, wanted) in [
        (
            "barat@redaksi.example",
            ["habis 20 hari lagi", "21 Maret 2027 23.30 WIB"],
        ),
        (
            "timur@redaksi.example",
            ["habis 21 hari lagi", "22 Maret 2027 01.30 WIT"],
        ),
        (
            "english@redaksi.example",
            ["runs out in 20 days", "21 March 2027 23:30 WIB"],
        ),
    ] {
        let mail = mail_to(&place, email, "“lama”").await;
        for words in wanted {
            assert!(mail.contains(words), "{words} is not in {mail}");
        }
    }
    server.stop().await;
}
