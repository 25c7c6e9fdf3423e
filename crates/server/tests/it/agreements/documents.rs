//! Documents of an agreement: kept by digest, handed out to parties alone.

use super::house::{House, PAIR, links, terms};
use crate::harness::{Place, event};
use domain::AgreementId;
use domain::audit::AuditKind;
use domain::organisation::OrganisationKind;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use store::Document;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_kept_by_its_digest_and_handed_out_to_parties_alone() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let stranger = house
        .body("Lembaga Tiga", OrganisationKind::Newsroom, None, None)
        .await;
    let path = house.propose(&one, &terms(PAIR, "2024-01-17", &[])).await;
    let to = format!("{path}/documents?");
    assert_eq!(
        house
            .upload(&one.one, &to, b"<script>alert(1)</script>".to_vec())
            .await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        house.upload(&stranger.one, &to, b"%PDF-1.7".to_vec()).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        house
            .upload(&one.one, &to, b"%PDF-1.7 naskah".to_vec())
            .await,
        StatusCode::NO_CONTENT
    );
    let page = house.page(&two.one, &path).await;
    let address = links(&page, "/documents/")[0];
    let file = house.get(&two.one, address).await;
    assert_eq!(file.headers()[CONTENT_TYPE], "application/pdf");
    let attached = file.headers()[CONTENT_DISPOSITION]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        attached.starts_with("attachment; filename=\"naskah"),
        "{attached}"
    );
    assert_eq!(
        file.bytes().await.expect("bytes").as_ref(),
        b"%PDF-1.7 naskah"
    );
    assert_eq!(
        house.get(&stranger.one, address).await.status(),
        StatusCode::NOT_FOUND
    );
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_an_agreement_have_a_bound() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let path = house.propose(&one, &terms(PAIR, "2024-01-17", &[])).await;
    let id = path.rsplit('/').next().and_then(AgreementId::parse);
    let document = Document {
        digest: [1; 32],
        agreement: id.expect("identity"),
        name: "lampiran.pdf".into(),
        bytes: vec![0; 256 * 1024 * 1024 - 9],
    };
    let store = &house.server.server.app.store;
    let kept = event(AuditKind::DocumentKept);
    let kept = store.keep_document(&document, &kept).await;
    kept.expect("document");
    let to = format!("{path}/documents?");
    let ten = house.upload(&one.one, &to, b"%PDF-1.7 1".to_vec()).await;
    assert_eq!(ten, StatusCode::PAYLOAD_TOO_LARGE);
    let nine = house.upload(&one.one, &to, b"%PDF-1.7 ".to_vec()).await;
    assert_eq!(nine, StatusCode::NO_CONTENT);
    let now = house.upload(&one.one, &to, b"%PDF-".to_vec()).await;
    assert_eq!(now, StatusCode::PAYLOAD_TOO_LARGE);
    let again = house.upload(&one.one, &to, b"%PDF-1.7 ".to_vec()).await;
    assert_eq!(again, StatusCode::NO_CONTENT, "it is there already");

    house.does(&one.one, &path, "agree", &[]).await;
    house.sign(&path, &[&one, &two]).await;
    let held = [
        ("jenis", "training"),
        ("tanggal", "2026-01-30"),
        ("pokok", "cek fakta"),
    ];
    house.does(&one.one, &path, "events", &held).await;
    let page = house.page(&one.one, &path).await;
    let upload = page.split("data-upload=\"");
    let upload = upload.filter_map(|rest| rest.split('"').next());
    let mut minutes = upload.filter(|address| address.contains("/minutes?"));
    let minutes = format!("{}&", minutes.next().expect("a form for minutes"));
    let full = house.upload(&one.one, &minutes, b"%PDF-".to_vec()).await;
    assert_eq!(full, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!house.page(&one.one, &path).await.contains("class=\"kept\""));
    house.server.stop().await;
}
