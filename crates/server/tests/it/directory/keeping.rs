//! Who keeps an entry, and what its form says.

use crate::harness::Place;
use domain::member::Role;
use domain::organisation::OrganisationKind as Kind;
use reqwest::StatusCode;

use super::net::{Net, page_of};

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_kept_by_its_own_and_by_the_body_above() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let (association, media) = (net.association.organisation.id, net.media.organisation.id);
    let coordinator = net.person(association, Role::Coordinator).await;
    let stranger = net.person(media, Role::Coordinator).await;
    let reader = net.person(media, Role::Reader).await;
    let chapter = page_of(&net.chapter);

    let form = [
        ("name", "Cabang Baru"),
        ("kind", "association_chapter"),
        ("region", "Kab. Muaro Jambi"),
        ("version", "1"),
    ];
    net.done(&chapter, &coordinator, &form).await;
    let (_, text) = net.get(&chapter, &coordinator).await;
    assert!(text.contains("Cabang Baru") && text.contains("Kabupaten Muaro Jambi"));
    assert!(text.contains("Data lembaga diubah"), "the history is shown");
    for cookie in [&stranger, &reader] {
        let answer = net.post(&chapter, cookie, &form).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let (code, text) = net.get(&chapter, cookie).await;
        assert_eq!(code, StatusCode::OK);
        assert!(
            !text.contains("Data lembaga diubah"),
            "a stranger sees the history"
        );
    }
    // What decides who may do what is not the association's to say.
    let raised = [("name", "Cabang Baru"), ("kind", "kpu"), ("version", "2")];
    net.done(&chapter, &coordinator, &raised).await;
    let store = &net.server.server.app.store;
    let kept = store
        .entry(net.chapter.organisation.id)
        .await
        .expect("read");
    assert_eq!(kept.entry.organisation.kind, Kind::AssociationChapter);

    let leave = format!("{chapter}/leave");
    net.done(&leave, &coordinator, &[]).await;
    assert_eq!(
        net.post(&leave, &coordinator, &[]).await.status(),
        StatusCode::CONFLICT
    );
    let own = format!("{}/leave", page_of(&net.association));
    assert_eq!(
        net.post(&own, &coordinator, &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    net.done(&format!("{chapter}/return"), &coordinator, &[])
        .await;
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_what_is_wrong_and_keeps_what_was_typed() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let operator = net.operator().await;
    let add = "/network/organisations";
    let bad = [
        ("name", ""),
        ("kind", "kpu"),
        ("region", "Bandung"),
        ("homepage", "bukan situs"),
        ("since_year", "20"),
        ("parent", "Tidak Ada"),
    ];
    for says in [
        "Isi nama",
        "Kota Bandung",
        "Alamat situs",
        "empat angka",
        "Tidak ada lembaga",
    ] {
        net.refused(add, &operator, &bad, says).await;
    }
    net.refused(add, &operator, &bad, "bukan situs").await;
    let good = [
        ("name", "KPU Kota Bandung"),
        ("kind", "kpu"),
        ("region", "Kota Bandung"),
        ("homepage", "kpu.example"),
        ("since_year", "2003"),
        ("parent", ""),
    ];
    let page = net.done(add, &operator, &good).await;
    let (code, text) = net.get(&page, &operator).await;
    assert_eq!(code, StatusCode::OK);
    assert!(text.contains("Jawa Barat, Kota Bandung") && text.contains("2003"));

    let facts = format!("{page}/facts");
    let office = [
        ("kind", "office"),
        ("title", "Ketua"),
        ("from", "1/10/2024"),
    ];
    net.done(&facts, &operator, &office).await;
    let (_, text) = net.get(&page, &operator).await;
    assert!(text.contains("belum disebut") && text.contains("sejak 1 Oktober 2024"));
    let turned = [
        ("kind", "office"),
        ("title", "Ketua"),
        ("from", "2024-10-01"),
        ("until", "2024-09-30"),
    ];
    net.refused(&facts, &operator, &turned, "lebih awal").await;
    let blank = [("kind", "address"), ("title", "Kantor")];
    net.refused(&facts, &operator, &blank, "alamatnya").await;
    net.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_editors_sees_both_versions() {
    let place = Place::new();
    let net = Net::open(&place).await;
    let association = net.association.organisation.id;
    let first = net.person(association, Role::Coordinator).await;
    let second = net.person(association, Role::Coordinator).await;
    let chapter = page_of(&net.chapter);
    let form = format!("{chapter}/edit");
    let seen = async |cookie: &str| {
        let (_, text) = net.get(&form, cookie).await;
        let version = text.split("name=\"version\" value=\"").nth(1);
        let version = version.and_then(|rest| rest.split('"').next());
        version.expect("a version").to_owned()
    };
    let (mine, theirs) = (seen(&first).await, seen(&second).await);
    let fields = |name: &'static str, year: &'static str, version: &str| {
        [
            ("name", name.to_owned()),
            ("kind", "association_chapter".to_owned()),
            ("region", "Jambi".to_owned()),
            ("since_year", year.to_owned()),
            ("version", version.to_owned()),
        ]
    };
    let send = async |cookie: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = net.post(&chapter, cookie, &fields).await;
        (answer.status(), answer.text().await.expect("page"))
    };
    let (code, _) = send(&first, &fields("Cabang Jambi", "2017", &mine)).await;
    assert_eq!(code, StatusCode::SEE_OTHER);
    let late = fields("Cabang Provinsi Jambi", "2017", &theirs);
    let (code, text) = send(&second, &late).await;
    assert_eq!(code, StatusCode::CONFLICT);
    for part in [
        "sudah diubah orang lain",
        "<td data-label=\"Tersimpan sekarang\">Cabang Jambi</td>",
        "<td data-label=\"Isian Anda\">Cabang Provinsi Jambi</td>",
        "value=\"Cabang Provinsi Jambi\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        !text.contains("<b>Sejak tahun</b>"),
        "only what differs: {text}"
    );
    assert!(
        !text.contains("<b>Wilayah</b>"),
        "a name and its code are the same"
    );
    let store = &net.server.server.app.store;
    let kept = store
        .entry(net.chapter.organisation.id)
        .await
        .expect("read");
    assert_eq!(kept.entry.organisation.name, "Cabang Jambi");
    let version = kept.version.to_string();
    let (code, _) = send(&second, &fields("Cabang Provinsi Jambi", "2017", &version)).await;
    assert_eq!(
        code,
        StatusCode::SEE_OTHER,
        "with both seen it is a decision"
    );
    // Whoever sends what is stored already has nothing to compare.
    let (code, _) = send(&first, &fields("Cabang Provinsi Jambi", "2017", &mine)).await;
    assert_eq!(code, StatusCode::SEE_OTHER);
    net.server.stop().await;
}
