//! A mail makes a member, once.

use domain::InvitationId;
use domain::audit::AuditKind;
use domain::invitation::{Invitation, InvitationState};
use domain::limits::INVITATION_LIFE_US;
use domain::member::{Role, Zone};
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;
use server::access::token::Token;
use server::clock;
use store::Mail;

use super::visitor::{
    Browser, OTHER_PASSWORD, PASSWORD, entries, link_in, mail_to, member, organisation, place_of,
};
use crate::harness::{Place, TestServer, event};

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

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_names_its_organisation_as_people_do() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    let operator = organisation(&server, OrganisationKind::Operator, "Pengelola").await;
    let desk = organisation(&server, OrganisationKind::Newsroom, "Redaksi Contoh").await;
    for _ in 0..2 {
        organisation(&server, OrganisationKind::Newsroom, "Redaksi Kembar").await;
    }
    member(
        &server,
        operator,
        Role::Administrator,
        "kelola@pengelola.example",
    )
    .await;
    member(&server, desk, Role::Administrator, "kelola@redaksi.example").await;
    let form = |email: &'static str, body: &'static str| {
        [
            ("name", "Orang Baru"),
            ("email", email),
            ("role", "editor"),
            ("zone", "WIB"),
            ("organisation", body),
        ]
    };
    let store = &server.server.app.store;
    let invited_into = async |email: &str| {
        let open = store.open_invitations(None).await.expect("invitations");
        let found = open.into_iter().find(|one| one.email == email);
        found.map(|one| one.organisation)
    };
    let mut admin = Browser::new(&server);
    admin.sign_in("kelola@pengelola.example", PASSWORD).await;
    for (body, words) in [
        ("Redaksi Gaib", "Tidak ada lembaga bernama “Redaksi Gaib”"),
        (
            "Redaksi Kembar",
            "Lebih dari satu lembaga bernama “Redaksi Kembar”",
        ),
    ] {
        let refused = admin
            .post("/admin/invitations", &form("a@b.example", body))
            .await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text().await.expect("page");
        assert!(
            page.contains(words) && page.contains("a@b.example"),
            "{page}"
        );
    }
    assert_eq!(invited_into("a@b.example").await, None);
    admin
        .post(
            "/admin/invitations",
            &form("c@d.example", " redaksi contoh "),
        )
        .await;
    assert_eq!(invited_into("c@d.example").await, Some(desk));
    admin
        .post("/admin/invitations", &form("e@f.example", ""))
        .await;
    assert_eq!(invited_into("e@f.example").await, Some(operator));

    let mut confined = Browser::new(&server);
    confined.sign_in("kelola@redaksi.example", PASSWORD).await;
    confined
        .post("/admin/invitations", &form("g@h.example", "Pengelola"))
        .await;
    assert_eq!(
        invited_into("g@h.example").await,
        Some(desk),
        "into their own alone"
    );
    let page = confined
        .get("/admin/members")
        .await
        .text()
        .await
        .expect("page");
    assert!(!page.contains("kelola@pengelola.example") && !page.contains("name=\"organisation\""));
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
async fn the_search_for_members_promises_organisations_to_the_operator_alone() {
    let place = Place::new();
    let server = TestServer::start(&place).await;
    for (kind, name, email, wanted) in [
        (
            OrganisationKind::Newsroom,
            "Redaksi Contoh",
            "kelola@redaksi.example",
            [">Nama atau surel<", ">Name or email<"],
        ),
        (
            OrganisationKind::Operator,
            "Pengelola",
            "kelola@pengelola.example",
            [
                ">Nama, surel, atau lembaga<",
                ">Name, email or organisation<",
            ],
        ),
    ] {
        let body = organisation(&server, kind, name).await;
        member(&server, body, Role::Administrator, email).await;
        let mut admin = Browser::new(&server);
        admin.sign_in(email, PASSWORD).await;
        for (language, wanted) in ["id", "en"].into_iter().zip(wanted) {
            let cookie = ("bahasa".to_owned(), language.to_owned());
            admin.cookies.extend([cookie]);
            let page = admin.get("/admin/members").await;
            let page = page.text().await.expect("page");
            assert!(page.contains(wanted), "{wanted} is not in {page}");
        }
    }
    server.stop().await;
}
