//! What agreements open on which day, and to which person, as pages say it.

use domain::member::Role;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;

use super::house::{House, PAIR, terms};
use crate::harness::Place;

const SEES: &str = "melihat kasus yang sedang dikerjakan";

#[tokio::test(flavor = "multi_thread")]
async fn any_day_is_shown_and_the_operator_asks_for_any_body() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, association) = house.pair().await;
    let (other, operator) = (OrganisationKind::Newsroom, OrganisationKind::Operator);
    let other = house.body("Redaksi Lain", other, None, None).await;
    let operator = house.body("Pengelola", operator, None, None).await;
    let path = house
        .signed(&[&kpu, &association], &terms(PAIR, "2024-01-17", &[]))
        .await;

    let on =
        async |who: &str, asked: &str| house.page(who, &format!("/network/access{asked}")).await;
    let days = [
        ("2024-01-16", false),
        ("2024-01-17", true),
        ("2027-01-16", true),
        ("2027-01-17", false),
    ];
    for (day, open) in days {
        let page = on(&kpu.one, &format!("?tanggal={day}")).await;
        assert_eq!(page.contains(SEES), open, "{day}: {page}");
    }
    let page = on(&kpu.one, "").await;
    assert!(
        page.contains("href=\"/network/access?tanggal=2027-01-17\""),
        "{page}"
    );

    let reason = [("alasan", "tidak dijalankan")];
    house.does(&kpu.one, &path, "revoke", &reason).await;
    house.does(&association.one, &path, "revoke", &[]).await;
    assert!(!on(&kpu.one, "").await.contains(SEES), "it is shut today");
    let then = on(&kpu.one, "?tanggal=2025-06-01").await;
    assert!(
        then.contains(SEES),
        "what it opened is still to be read: {then}"
    );

    let asked = "?tanggal=2025-06-01&lembaga=Asosiasi+Contoh";
    let page = on(&operator.one, asked).await;
    assert!(
        page.contains("Untuk Asosiasi Contoh") && page.contains(SEES),
        "{page}"
    );
    let page = on(&other.one, asked).await;
    assert!(
        page.contains("Untuk Redaksi Lain") && !page.contains(SEES),
        "{page}"
    );
    for (who, asked, said) in [
        (&kpu.one, "?tanggal=31-12-2026", "bukan tanggal"),
        (&operator.one, "?lembaga=Tidak+Ada", "Tidak Ada"),
    ] {
        let answer = house.get(who, &format!("/network/access{asked}")).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text().await.expect("page");
        assert!(page.contains(said), "{page}");
    }
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_is_shown_with_what_they_may() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, association) = house.pair().await;
    let operator = OrganisationKind::Operator;
    let operator = house.body("Pengelola", operator, None, None).await;
    let text = terms(PAIR, "2024-01-17", &[]);
    house.signed(&[&kpu, &association], &text).await;
    let auditor = house.person(kpu.id, Role::Auditor).await;
    let administrator = house.person(kpu.id, Role::Administrator).await;
    house.person(kpu.id, Role::Officer).await;

    let page = house.page(&auditor, "/admin/access").await;
    let row = |role: &str| {
        let rows = page
            .split("<tr>")
            .filter(|row| row.contains(&format!("\"s\">{role}<")));
        rows.map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    let (officer, administers) = (row("Petugas"), row("Pengelola"));
    assert!(officer.contains("melihat meja kerja"), "{officer}");
    assert!(
        officer.contains(SEES) && officer.contains("(1 lembaga)"),
        "{officer}"
    );
    assert!(!officer.contains("membaca jejak audit"), "{officer}");
    assert!(administers.contains("mengelola akun"), "{administers}");
    assert!(
        !administers.contains(SEES),
        "who does not see the desk sees no partner's case"
    );
    assert_eq!(
        row("Koordinator").matches("menjaga entri").count(),
        2,
        "{page}"
    );

    let operator = house.person(operator.id, Role::Administrator).await;
    let asked = "/admin/access?lembaga=KPU+Contoh";
    let of_kpu = house.page(&operator, asked).await;
    assert!(of_kpu.contains("Orang-orang KPU Contoh"), "{of_kpu}");
    let elsewhere = "/admin/access?lembaga=Asosiasi+Contoh";
    let own = house.page(&administrator, elsewhere).await;
    assert!(own.contains("Orang-orang KPU Contoh"), "{own}");
    let unknown = house
        .get(&operator, "/admin/access?lembaga=Tidak+Ada")
        .await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let coordinator = house.get(&kpu.one, "/admin/access").await;
    assert_eq!(coordinator.status(), StatusCode::NOT_FOUND);
    house.server.stop().await;
}
