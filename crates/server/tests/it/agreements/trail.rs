//! Who reads what of the trail: the operator all of it, a body what concerns it.

use domain::audit::{AuditEvent, AuditKind};
use domain::member::Role;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;

use super::house::{Body, House, PAIR, links, terms};
use crate::harness::{Place, event};

#[tokio::test(flavor = "multi_thread")]
async fn a_body_reads_of_the_trail_what_concerns_it() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (kpu, association) = house.pair().await;
    let (newsroom, operator) = (OrganisationKind::Newsroom, OrganisationKind::Operator);
    let stranger = house.body("Redaksi Lain", newsroom, None, None).await;
    let operator = house.body("Pengelola", operator, None, None).await;
    let text = terms(PAIR, "2026-01-01", &[]);
    let path = house.propose(&kpu, &text).await;
    house.does(&kpu.one, &path, "agree", &[]).await;
    let agreement = path.rsplit('/').next().expect("identity");
    let asked = format!("/admin/audit?atas={agreement}");
    let read = async |body: &Body| {
        let who = house.person(body.id, Role::Administrator).await;
        let page = house.page(&who, &asked).await;
        (who, page)
    };

    let (_, own) = read(&kpu).await;
    assert!(own.contains(">Koordinator</a>"), "{own}");
    assert!(
        own.contains("hanya catatan yang menyangkut KPU Contoh"),
        "{own}"
    );
    let (party, page) = read(&association).await;
    assert!(page.contains(">Seseorang dari KPU Contoh</a>"), "{page}");
    assert!(
        !page.contains(">Koordinator</a>"),
        "a person of another body is named: {page}"
    );
    let entries = links(&page, "/admin/audit/");
    let entry = entries.first().expect("an entry");
    let alone = house.page(&party, entry).await;
    assert!(alone.contains("Seseorang dari KPU Contoh"), "{alone}");

    let (apart, page) = read(&stranger).await;
    assert!(links(&page, "/admin/audit/").is_empty(), "{page}");
    assert!(page.contains("Tidak ada catatan"), "{page}");
    for address in [(*entry).to_owned(), format!("{entry}/proof")] {
        let answer = house.get(&apart, &address).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{address}");
    }
    let changed = AuditEvent {
        subject: kpu.id.0,
        ..event(AuditKind::OrganisationChanged)
    };
    let store = &house.server.server.app.store;
    store.record_audit(&changed).await.expect("recorded");
    let entry_of = format!("/network/organisations/{}", kpu.id);
    let heading = "id=\"riwayat\"";
    let page = house.page(&apart, &entry_of).await;
    assert!(!page.contains(heading), "another body's history: {page}");
    let agreed = house.page(&association.one, &path).await;
    assert!(agreed.contains("Seseorang dari KPU Contoh"), "{agreed}");

    let (administers, all) = read(&operator).await;
    let page = house.page(&administers, &entry_of).await;
    assert!(page.contains(heading), "{page}");
    assert!(all.contains(">Koordinator</a>"), "{all}");
    assert!(!all.contains("hanya catatan yang menyangkut"), "{all}");
    house.server.stop().await;
}
