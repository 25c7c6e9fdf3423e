//! A PKS under its MoU, and what its form is told.

use super::house::{House, terms};
use crate::harness::Place;
use domain::agreement::Opening;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_pks_stays_within_its_mou_and_faults_are_told_in_words() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, amsi) = house.pair().await;
    let branch = house
        .body(
            "KPU Contoh Jambi",
            OrganisationKind::Kpu,
            Some("15"),
            Some(kpu.id),
        )
        .await;
    let chapter = house
        .body(
            "Asosiasi Contoh Jambi",
            OrganisationKind::AssociationChapter,
            Some("15"),
            Some(amsi.id),
        )
        .await;
    let path = house
        .propose(
            &kpu,
            &terms("KPU Contoh\nAsosiasi Contoh", "2024-01-17", &[]),
        )
        .await;
    house.does(&kpu.one, &path, "agree", &[]).await;
    house.sign(&path, &[&kpu, &amsi]).await;
    let mou = path.rsplit('/').next().expect("id");

    let wide = [
        ("jenis", "pks"),
        ("induk", mou),
        ("sampai", "2027-12-31"),
        ("c0.buka", "tip.see"),
    ];
    let parties = "KPU Contoh Jambi\nAsosiasi Contoh Jambi";
    let pks = house
        .propose(&branch, &terms(parties, "2025-01-01", &wide))
        .await;
    let refused = house.post(&branch.one, &format!("{pks}/agree"), &[]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("page");
    assert!(page.contains("membuka lebih dari MoU induknya"), "{page}");
    assert!(page.contains("berakhir 16 Januari 2027"), "{page}");

    let narrow = [
        ("jenis", "pks"),
        ("induk", mou),
        ("sampai", "2027-01-16"),
        ("c0.wilayah", "Jambi"),
    ];
    let pks = house
        .signed(&[&branch, &chapter], &terms(parties, "2025-01-01", &narrow))
        .await;
    assert!(house.opened(&chapter, &branch, Opening::SeeCases, "15.05"));
    assert!(
        !house.opened(&chapter, &branch, Opening::SeeCases, "16.05"),
        "elsewhere"
    );
    let tree = house.page("", &format!("/kesepakatan/{mou}")).await;
    assert!(
        tree.contains(pks.rsplit('/').next().expect("id")),
        "the tree shows it: {tree}"
    );

    let bad = [
        ("mulai", "kemarin"),
        ("pihak", "Lembaga Gaib\nKPU Contoh"),
        ("c0.wilayah", "Narnia, 15"),
    ];
    let refused = house
        .post(&kpu.one, "/network/agreements", &terms("x", "x", &bad))
        .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.expect("page");
    for part in [
        "Lembaga Gaib",
        "Narnia",
        "Hari pertama belum diisi",
        "KPU Contoh",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    house.server.stop().await;
}
