//! What people type wrongly into the real form, and what they are told.

use domain::organisation::OrganisationKind;
use reqwest::StatusCode;

use super::house::{Body, House, PAIR, terms};
use crate::harness::Place;

/// The form is refused with these words, and keeps what was typed.
async fn told(house: &House, by: &Body, fields: &[(&str, &str)], words: &[&str]) {
    let refused = house.post(&by.one, "/network/agreements", fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("page");
    for word in words {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(
        page.contains("Kerja sama cek fakta"),
        "what was typed stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agreements_of_the_same_parties_name_one_another() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, association) = house.pair().await;
    let third = house
        .body("Redaksi Ketiga", OrganisationKind::Newsroom, None, None)
        .await;
    let first = [("judul", "Naskah pertama")];
    let first = house
        .signed(&[&kpu, &association], &terms(PAIR, "2026-01-17", &first))
        .await;

    let twin = [("judul", "Naskah kembar")];
    let twin = house.propose(&kpu, &terms(PAIR, "2026-02-01", &twin)).await;
    let refused = house.post(&kpu.one, &format!("{twin}/agree"), &[]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("page");
    assert!(
        page.contains("“Naskah pertama”, 17 Januari 2026 sampai 16 Januari 2029"),
        "the other one is named: {page}"
    );

    let wider = format!("{PAIR}\nRedaksi Ketiga");
    let wider = house
        .propose(&third, &terms(&wider, "2026-02-01", &[]))
        .await;
    let page = house.page(&kpu.one, &wider).await;
    let link = format!("href=\"{first}\"");
    assert!(
        page.contains("kesepakatan lain antara pihak yang sama") && page.contains(&link),
        "{page}"
    );
    let public = first.replace("/network/agreements", "/kesepakatan");
    let page = house.page(&third.one, &wider).await;
    assert!(
        page.contains(&public) && !page.contains(&link),
        "as far as one may read: {page}"
    );
    house.does(&kpu.one, &wider, "agree", &[]).await;
    house.sign(&wider, &[&kpu, &association, &third]).await;
    let page = house.page(&kpu.one, &wider).await;
    assert!(
        !page.contains("kesepakatan lain antara pihak yang sama"),
        "once signed it is no question"
    );
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_regions_that_cannot_be_are_told_in_the_form() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, _) = house.pair().await;
    let backwards = [("tahun", ""), ("sampai", "2025-12-31")];
    told(
        &house,
        &kpu,
        &terms(PAIR, "2026-01-17", &backwards),
        &["Hari terakhir (31 Desember 2025) mendahului hari pertama (17 Januari 2026)"],
    )
    .await;
    let papua = [("c0.wilayah", "Papua")];
    told(
        &house,
        &kpu,
        &terms(PAIR, "2022-07-01", &papua),
        &[
            "Papua dimekarkan sesudah 1 Juli 2022",
            "Papua Selatan",
            "Papua Pegunungan",
        ],
    )
    .await;
    // Whoever writes them all has said what is meant, and after the split Papua is what it is.
    let all = "Papua, Papua Selatan, Papua Tengah, Papua Pegunungan";
    house
        .propose(&kpu, &terms(PAIR, "2022-07-01", &[("c0.wilayah", all)]))
        .await;
    house
        .propose(&kpu, &terms(PAIR, "2026-01-17", &papua))
        .await;
    // A code that ended with the split is read as the region's code of today.
    let merauke = [("c0.wilayah", "91.01")];
    let path = house
        .propose(&kpu, &terms(PAIR, "2026-01-17", &merauke))
        .await;
    let page = house.page(&kpu.one, &path).await;
    assert!(page.contains("Papua Selatan, Kabupaten Merauke"), "{page}");
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_left_is_named() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, association) = house.pair().await;
    let leaver = house
        .body(
            "Lembaga Pergi",
            OrganisationKind::MassOrganisation,
            None,
            None,
        )
        .await;
    let parties = format!("{PAIR}\nLembaga Pergi");
    let mou = house
        .signed(
            &[&kpu, &association, &leaver],
            &terms(&parties, "2024-01-17", &[]),
        )
        .await;
    let left = [("tanggal", "2025-01-01")];
    house.does(&leaver.one, &mou, "leave", &left).await;
    let parent = mou.rsplit('/').next().expect("id");
    let below = [("jenis", "pks"), ("induk", parent), ("tahun", "1")];
    let text = terms("KPU Contoh\nLembaga Pergi", "2025-02-01", &below);
    let pks = house.propose(&kpu, &text).await;
    let refused = house.post(&kpu.one, &format!("{pks}/agree"), &[]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("page");
    assert!(
        page.contains("Lembaga Pergi bukan bagian dari pihak mana pun dalam MoU induk"),
        "{page}"
    );

    // Out of the network altogether: its name is known no more to the form.
    let store = &house.server.server.app.store;
    let act = crate::harness::event(domain::audit::AuditKind::OrganisationDeactivated);
    let out = store.set_organisation_active(leaver.id, false, &act).await;
    out.expect("left");
    told(
        &house,
        &kpu,
        &terms(&parties, "2026-01-17", &[]),
        &["Pihak di baris 3: “Lembaga Pergi” tidak dikenal"],
    )
    .await;
    house.server.stop().await;
}
