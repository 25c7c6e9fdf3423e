//! Agreements over HTTP: proposed, signed by all, felt at the next request, ended by two people.

mod access;
mod bad_input;
mod calendar;
mod documents;
mod house;
mod minutes;
mod parent;
mod promises;
mod reminders;
mod trail;

use self::house::{House, terms};
use crate::harness::Place;
use domain::agreement::Opening;
use domain::audit::AuditKind;
use domain::member::Role;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;
use server::clock;

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_opens_at_the_last_signature_and_shuts_at_the_second_hand() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, amsi) = house.pair().await;
    let stranger = house
        .body("Redaksi Lain", OrganisationKind::Newsroom, None, None)
        .await;
    let parties =
        "KPU Contoh | 2/PR.07 | Ketua | Humas\nasosiasi contoh | 03/MoU | Ketua Umum | Sekretariat";
    let path = house
        .propose(&kpu, &terms(parties, "2024-01-17", &[]))
        .await;

    assert_eq!(
        house.get(&stranger.one, &path).await.status(),
        StatusCode::NOT_FOUND
    );
    house.misses(&stranger.one, &path, "agree", &[]).await;
    house
        .refuses(&kpu.one, &path, "sign", &[("version", "1")])
        .await;
    house.does(&amsi.one, &path, "agree", &[]).await;
    assert!(!house.opened(&amsi, &kpu, Opening::SeeCases, "15"));
    house.sign(&path, &[&kpu]).await;
    let again = [("version", house.version(&path).await)];
    let again: Vec<(&str, &str)> = again
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    house.refuses(&kpu.two, &path, "sign", &again).await;
    assert!(
        !house.opened(&amsi, &kpu, Opening::SeeCases, "15"),
        "one signature opens nothing"
    );
    house.sign(&path, &[&amsi]).await;
    assert!(
        house.opened(&amsi, &kpu, Opening::SeeCases, "15"),
        "at the next request"
    );
    assert!(!house.opened(&amsi, &kpu, Opening::SeeDrafts, "15"));
    assert!(!house.opened(&stranger, &kpu, Opening::SeeCases, "15"));

    let page = house.page(&amsi.one, "/network/access").await;
    assert!(
        page.contains("melihat kasus yang sedang dikerjakan"),
        "{page}"
    );
    let public = house
        .get("", &path.replace("/network/agreements", "/kesepakatan"))
        .await;
    assert_eq!(public.status(), StatusCode::OK);
    let public = public.text().await.expect("page");
    assert!(
        public.contains("17 Januari 2024 sampai 16 Januari 2027"),
        "{public}"
    );
    assert!(
        !public.contains("Sekretariat"),
        "no liaison in the register"
    );

    house.refuses(&kpu.one, &path, "revoke", &[]).await;
    let reason = [("alasan", "tidak dijalankan")];
    house.does(&kpu.one, &path, "revoke", &reason).await;
    house.refuses(&kpu.one, &path, "revoke", &[]).await;
    assert!(
        house.opened(&amsi, &kpu, Opening::SeeCases, "15"),
        "one person ends nothing"
    );
    house.does(&amsi.two, &path, "revoke", &[]).await;
    assert!(
        !house.opened(&amsi, &kpu, Opening::SeeCases, "15"),
        "at the next request"
    );
    house.server.stop().await;
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_partner_sees_what_the_agreement_opens_and_no_more() {
    let place = Place::new();
    let house = House::open(&place).await;
    let newsroom = house
        .body("Redaksi Contoh", OrganisationKind::Newsroom, None, None)
        .await;
    let kpu = house
        .body("KPU Contoh", OrganisationKind::Kpu, None, None)
        .await;
    let other = house
        .body("Redaksi Lain", OrganisationKind::Newsroom, None, None)
        .await;
    let case = house.case_of(&newsroom).await;
    let seen = format!("/desk/partners/{case}");
    let officer = house.person(kpu.id, Role::Officer).await;
    let editor = house.person(other.id, Role::Editor).await;
    for who in [&officer, &editor] {
        assert_eq!(
            house.get(who, &seen).await.status(),
            StatusCode::NOT_FOUND,
            "no agreement, no case"
        );
    }

    let sides = [("c0.dari", "Redaksi Contoh"), ("c0.untuk", "KPU Contoh")];
    let path = house
        .propose(
            &kpu,
            &terms(
                "KPU Contoh\nRedaksi Contoh\nRedaksi Lain",
                "2024-12-01",
                &sides,
            ),
        )
        .await;
    house.does(&kpu.one, &path, "agree", &[]).await;
    house.sign(&path, &[&kpu, &newsroom, &other]).await;
    let page = house.get(&officer, &seen).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.expect("page");
    assert!(
        page.contains("Kotak suara") && !page.contains("RAHASIA REDAKSI"),
        "no draft: {page}"
    );
    let list = house.page(&officer, "/desk/partners").await;
    assert!(list.contains(&seen), "{list}");
    assert_eq!(
        house.get(&editor, &seen).await.status(),
        StatusCode::NOT_FOUND,
        "a party, not a taker"
    );
    let change = house
        .post(&officer, &format!("/desk/cases/{case}/take"), &[])
        .await;
    assert_eq!(
        change.status(),
        StatusCode::NOT_FOUND,
        "to read, not to change"
    );

    let drafts = [
        ("c0.dari", "Redaksi Contoh"),
        ("c0.untuk", "Redaksi Lain"),
        ("c0.buka", "draft.see"),
    ];
    let path = house
        .propose(
            &other,
            &terms("Redaksi Contoh\nRedaksi Lain", "2024-12-01", &drafts),
        )
        .await;
    house.does(&other.one, &path, "agree", &[]).await;
    house.sign(&path, &[&newsroom, &other]).await;
    let page = house.page(&editor, &seen).await;
    assert!(page.contains("RAHASIA REDAKSI"), "{page}");
    let trail = house
        .server
        .server
        .app
        .store
        .audit_page(None, 1)
        .await
        .expect("trail");
    assert_eq!(
        trail[0].event.kind,
        AuditKind::DraftReadByPartner,
        "reading it leaves a trace"
    );
    let reason = [("alasan", "cukup")];
    house.does(&newsroom.one, &path, "revoke", &reason).await;
    house.does(&newsroom.two, &path, "revoke", &[]).await;
    assert_eq!(
        house.get(&editor, &seen).await.status(),
        StatusCode::NOT_FOUND,
        "at the next request"
    );
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_one_parties_sign_at_once_and_none_is_lost() {
    let place = Place::new();
    let house = House::open(&place).await;
    let mut bodies = Vec::new();
    for number in 1..=21 {
        let name = format!("Lembaga {number}");
        bodies.push(
            house
                .body(&name, OrganisationKind::MassOrganisation, Some("15"), None)
                .await,
        );
    }
    let parties: Vec<&str> = bodies.iter().map(|body| body.name.as_str()).collect();
    let parties = parties.join("\n");
    let path = house
        .propose(&bodies[0], &terms(&parties, "2024-10-01", &[]))
        .await;
    house.does(&bodies[5].one, &path, "agree", &[]).await;
    let version = house.version(&path).await;
    let fields = [("version", version.as_str())];
    let signing = bodies
        .iter()
        .map(|body| house.act(&body.one, &path, "sign", &fields));
    let done = futures_util::future::join_all(signing).await;
    assert!(
        done.iter().all(|code| *code == StatusCode::SEE_OTHER),
        "{done:?}"
    );
    assert!(house.opened(&bodies[3], &bodies[20], Opening::SeeCases, "15.05"));
    let page = house.page(&bodies[7].one, &path).await;
    assert!(
        page.contains("1 Oktober 2024 sampai 30 September 2027"),
        "{page}"
    );

    let today = server::access::agreed_access::today(clock::now()).to_string();
    let left = &bodies[20];
    house
        .does(&left.one, &path, "leave", &[("tanggal", today.as_str())])
        .await;
    assert!(!house.opened(&bodies[3], left, Opening::SeeCases, "15.05"));
    house
        .misses(&left.one, &path, "revoke", &[("alasan", "dendam")])
        .await;

    let due = [
        ("pihak", bodies[2].id.to_string()),
        ("isi", "satu pelatihan".into()),
        ("tenggat", "2026-01-31".into()),
        ("ukuran", "training".into()),
        ("jumlah", "1".into()),
    ];
    let due: Vec<(&str, &str)> = due
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    house.does(&bodies[0].one, &path, "obligations", &due).await;
    let board = house.page(&bodies[9].one, "/network/obligations").await;
    assert!(board.contains("Terlambat"), "{board}");
    let held = [
        ("jenis", "training"),
        ("tanggal", "2026-01-30"),
        ("tempat", "Jambi"),
        ("pokok", "cek fakta dasar"),
    ];
    house.does(&bodies[2].one, &path, "events", &held).await;
    let board = house.page(&bodies[9].one, "/network/obligations").await;
    assert!(board.contains("Ditepati"), "it counts itself: {board}");
    house.server.stop().await;
}
