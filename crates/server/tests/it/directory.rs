//! The directory over HTTP: who keeps what, forms that refuse, imports, coverage, many rows.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::date::Date;
use domain::directory::{Affiliation, Entry};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind as Kind};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{MemberId, OrganisationId};
use reqwest::header::{COOKIE, LOCATION};
use reqwest::{Response, StatusCode};
use server::access::session;
use server::clock;
use store::{DirectoryFilter, ImportedEntry, Page};
use uuid::Uuid;

use crate::harness::{Place, TestServer};

fn act(kind: AuditKind, subject: Uuid) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject,
        note: String::new(),
    }
}

fn entry(kind: Kind, name: &str, region: Option<&str>) -> Entry {
    Entry {
        organisation: Organisation {
            id: OrganisationId(clock::fresh_id()),
            kind,
            name: name.to_owned(),
            region: region.map(|code| RegionCode::parse(code).expect("code")),
            homepage: None,
            parent: None,
            active: true,
        },
        short_name: String::new(),
        since_year: None,
        external_id: None,
    }
}

/// A server with an association, its chapter and a newsroom.
struct Net {
    server: TestServer,
    association: Entry,
    chapter: Entry,
    media: Entry,
}

impl Net {
    async fn open(place: &Place) -> Self {
        let server = TestServer::start(place).await;
        let association = entry(Kind::MediaAssociation, "Asosiasi Contoh", None);
        let mut chapter = entry(
            Kind::AssociationChapter,
            "Asosiasi Contoh Jambi",
            Some("15"),
        );
        chapter.organisation.parent = Some(association.organisation.id);
        let media = entry(Kind::Newsroom, "Kabar Muara", Some("15.05"));
        let net = Self {
            server,
            association,
            chapter,
            media,
        };
        for one in [&net.association, &net.chapter, &net.media] {
            net.add(one).await;
        }
        net
    }

    async fn add(&self, entry: &Entry) {
        let added = act(AuditKind::OrganisationAdded, entry.organisation.id.0);
        let store = &self.server.server.app.store;
        store.insert_entry(entry, &added).await.expect("added");
    }

    /// Signs a new member in; the cookie.
    async fn person(&self, organisation: OrganisationId, role: Role) -> String {
        let id = MemberId(clock::fresh_id());
        let member = Member {
            id,
            organisation,
            name: "Orang Contoh".to_owned(),
            email: format!("{}@contoh.example", id.0.simple()),
            role,
            zone: Zone::Wib,
            active: true,
        };
        let app = &self.server.server.app;
        let added = act(AuditKind::MemberAdded, id.0);
        app.store
            .insert_member(&member, "!", &added)
            .await
            .expect("member");
        let headers = axum::http::HeaderMap::new();
        let cookie = session::open(app, &headers, id, clock::now(), "uji")
            .await
            .expect("session");
        let cookie = cookie.to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    async fn operator(&self) -> String {
        let operator = entry(Kind::Operator, "Pengelola", None);
        self.add(&operator).await;
        self.person(operator.organisation.id, Role::Administrator)
            .await
    }

    async fn get(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let answer = self
            .server
            .client
            .get(format!("{}{path}", self.server.url))
            .header(COOKIE, cookie)
            .send()
            .await
            .expect("answers");
        let code = answer.status();
        (code, answer.text().await.expect("text"))
    }

    async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| {
                let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
                format!("{name}={value}")
            })
            .collect();
        self.server
            .client
            .post(format!("{}{path}", self.server.url))
            .header(COOKIE, cookie)
            .header("origin", &self.server.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"))
            .send()
            .await
            .expect("answers")
    }

    /// Posts and expects to be refused with a sentence.
    async fn refused(&self, path: &str, cookie: &str, form: &[(&str, &str)], says: &str) {
        let answer = self.post(path, cookie, form).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let text = answer.text().await.expect("text");
        assert!(text.contains(says), "{path} does not say {says:?}: {text}");
    }

    /// Posts and expects to be led on.
    async fn done(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> String {
        let answer = self.post(path, cookie, form).await;
        let code = answer.status();
        let way = answer.headers().get(LOCATION).cloned();
        assert_eq!(
            code,
            StatusCode::SEE_OTHER,
            "{path}: {:?}",
            answer.text().await
        );
        way.and_then(|way| way.to_str().map(str::to_owned).ok())
            .expect("a way on")
    }
}

fn page_of(entry: &Entry) -> String {
    format!("/network/organisations/{}", entry.organisation.id)
}

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
