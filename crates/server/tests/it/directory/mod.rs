//! The directory over HTTP: who keeps what, forms that refuse, imports, coverage, many rows.

mod keeping;
mod net;

use domain::audit::AuditKind;
use domain::date::Date;
use domain::directory::Affiliation;
use domain::member::Role;
use domain::organisation::OrganisationKind as Kind;
use domain::term::Term;
use reqwest::StatusCode;
use store::{DirectoryFilter, ImportedEntry, Page};
use uuid::Uuid;

use crate::harness::Place;
use net::{Net, act, entry, page_of};

#[tokio::test(flavor = "multi_thread")]
async fn media_join_sign_and_leave() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let coordinator = net
        .person(net.association.organisation.id, Role::Coordinator)
        .await;
    let (whole, media) = (page_of(&net.association), page_of(&net.media));
    let join = format!("{whole}/media");
    net.refused(
        &join,
        &coordinator,
        &[("organisation", "Tidak Ada")],
        "Tidak Ada",
    )
    .await;
    net.refused(
        &join,
        &coordinator,
        &[("organisation", "Asosiasi Contoh Jambi")],
        "bukan media",
    )
    .await;

    let pledge = format!("{media}/pledge");
    let early = net.post(&pledge, &coordinator, &[]).await;
    assert_eq!(early.status(), StatusCode::NOT_FOUND, "not a member yet");
    net.done(
        &join,
        &coordinator,
        &[("organisation", "kabar muara"), ("from", "2023-06-15")],
    )
    .await;
    net.refused(
        &join,
        &coordinator,
        &[("organisation", "kabar muara")],
        "sudah menjadi anggota",
    )
    .await;
    net.refused(
        &pledge,
        &coordinator,
        &[("from", "2199-01-01")],
        "belum tiba",
    )
    .await;
    net.done(
        &pledge,
        &coordinator,
        &[("from", "2023-06-15"), ("source", "piagam")],
    )
    .await;
    let (_, text) = net.get(&media, &coordinator).await;
    assert!(text.contains("Ditandatangani 15 Juni 2023"));
    assert!(text.contains("0 cek fakta terbit") && text.contains("Belum ada ralat"));
    net.done(&format!("{pledge}/withdraw"), &coordinator, &[])
        .await;
    let end = format!("{join}/{}/end", net.media.organisation.id);
    net.done(&end, &coordinator, &[]).await;
    assert_eq!(
        net.post(&end, &coordinator, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_tells_what_is_named_from_what_is_only_stated() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let whole = net.association.organisation.id;
    let coordinator = net.person(whole, Role::Coordinator).await;
    let map = format!("/network/coverage?lembaga={whole}");
    let (_, text) = net.get(&map, &coordinator).await;
    assert!(
        text.contains("1 dari 38 provinsi; 37"),
        "the seat counts: {text}"
    );
    let state = format!("{}/coverage", page_of(&net.association));
    let eight = [
        ("region", "Jambi"),
        ("count", "8"),
        ("from", "2024-10-01"),
        ("source", "berita"),
    ];
    net.done(&state, &coordinator, &eight).await;
    net.refused(&state, &coordinator, &eight, "sudah tercatat")
        .await;
    let twelve = [("region", "Jambi"), ("count", "12"), ("source", "berita")];
    net.refused(&state, &coordinator, &twelve, "antara 1 dan 11")
        .await;
    let jambi = format!("{map}&wilayah=15");
    let (_, text) = net.get(&jambi, &coordinator).await;
    assert!(text.contains("0 dari 11 kabupaten/kota") && text.contains("sumber menyebut 8"));
    let regions = format!("{}/regions", page_of(&net.chapter));
    net.refused(
        &regions,
        &coordinator,
        &[("region", "Wakanda")],
        "tidak dikenal",
    )
    .await;
    net.done(&regions, &coordinator, &[("region", "Kab. Muaro Jambi")])
        .await;
    let (_, text) = net.get(&jambi, &coordinator).await;
    assert!(text.contains("1 dari 11 kabupaten/kota"));
    let (_, text) = net.get(&map, &coordinator).await;
    assert!(text.contains("1 dari 11 kab/kota"));
    net.done(&format!("{regions}/15.05/end"), &coordinator, &[])
        .await;
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_before_it_is_stored() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let coordinator = net
        .person(net.association.organisation.id, Role::Coordinator)
        .await;
    let file = "Nama;Wilayah;Situs\nMedia Satu;Kota Jambi;satu.example\nMedia Dua;Wakanda;\nKabar Muara;;\n";
    let form = [("berkas", file)];
    let answer = net.post("/network/import", &coordinator, &form).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.expect("text");
    assert!(text.contains("Wilayah “Wakanda” tidak dikenal"), "{text}");
    let store = &net.server.server.app.store;
    assert_eq!(
        store.all_entries().await.expect("read").len(),
        3,
        "nothing is stored yet"
    );
    let answer = net.post("/network/import/store", &coordinator, &form).await;
    assert!(
        answer
            .text()
            .await
            .expect("text")
            .contains("Tersimpan: 2 lembaga")
    );
    let filter = DirectoryFilter {
        part_of: Some(net.association.organisation.id),
        kind: Some(Kind::Newsroom),
        ..DirectoryFilter::default()
    };
    let today = Date::parse("2026-11-26").expect("a day");
    let (_, members) = store
        .directory(&filter, today, Page::first(9))
        .await
        .expect("read");
    assert_eq!(members, 2, "the new one and the one that was there");
    let again = net.post("/network/import/store", &coordinator, &form).await;
    assert!(
        again
            .text()
            .await
            .expect("text")
            .contains("Tersimpan: 0 lembaga")
    );
    net.refused(
        "/network/import",
        &coordinator,
        &[("berkas", " ")],
        "kosong",
    )
    .await;
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_is_closed_to_a_party_and_to_visitors() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let party = entry(Kind::Party, "Partai Contoh", None);
    let campus = entry(Kind::Campus, "Universitas Contoh", Some("15.71"));
    net.add(&party).await;
    net.add(&campus).await;
    let politician = net.person(party.organisation.id, Role::Administrator).await;
    let lecturer = net.person(campus.organisation.id, Role::Coordinator).await;
    let student = net.person(campus.organisation.id, Role::Reader).await;
    for path in ["/network", "/network/coverage", &page_of(&net.media)] {
        assert_eq!(
            net.get(path, &politician).await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(
            net.get(path, &student).await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(net.get(path, "").await.0, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(net.get(path, &lecturer).await.0, StatusCode::OK, "{path}");
    }
    assert_eq!(
        net.get("/network/import", &lecturer).await.0,
        StatusCode::NOT_FOUND
    );
    net.done(
        &page_of(&campus),
        &lecturer,
        &[
            ("name", "Universitas Contoh"),
            ("kind", "campus"),
            ("region", "Kota Jambi"),
            ("since_year", "1963"),
            ("version", "1"),
        ],
    )
    .await;
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_thousand_organisations_are_paged_and_searched() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let whole = net.association.organisation.id;
    let many: Vec<ImportedEntry> = (0..3_000)
        .map(|number| {
            let region = if number % 3 == 0 { "15.05" } else { "32.73" };
            let one = entry(Kind::Newsroom, &format!("Media {number:04}"), Some(region));
            let membership = Affiliation {
                association: whole,
                media: one.organisation.id,
                term: Term::default(),
                source: String::new(),
            };
            ImportedEntry {
                affiliation: (number < 470).then_some(membership),
                entry: one,
                fresh: true,
            }
        })
        .collect();
    let store = &net.server.server.app.store;
    let imported = act(AuditKind::OrganisationsImported, Uuid::nil());
    store
        .import_entries(&many, &imported)
        .await
        .expect("imported");
    let reader = net.person(net.media.organisation.id, Role::Reader).await;
    let (_, text) = net.get("/network", &reader).await;
    assert!(
        text.contains("3.003 lembaga") && text.contains("1–50"),
        "{text}"
    );
    assert!(text.len() < 60_000, "a page of {} bytes", text.len());
    let (_, text) = net.get("/network?hal=61", &reader).await;
    assert!(text.contains("3.001–3.003"));
    let (_, text) = net
        .get(&format!("/network?lembaga={whole}&jenis=newsroom"), &reader)
        .await;
    assert!(text.contains("470 lembaga"));
    let (_, text) = net
        .get("/network?cari=media+29&wilayah=Kab.+Muaro+Jambi", &reader)
        .await;
    // 2901, 2904, … of 2900 to 2999, and 29 of no other four digits that end in 29.
    assert!(text.contains("33 lembaga"), "{text}");
    let (_, text) = net.get(&page_of(&net.association), &reader).await;
    assert!(text.contains("470 media"));
    net.server.stop().await;
}
