//! Promises that count themselves, in words.

use super::house::{House, PAIR, terms};
use crate::harness::Place;

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_says_how_much_of_what_is_there() {
    let place = Place::new();
    let house = House::open(&place).await;
    let (one, two) = house.pair().await;
    let path = house
        .signed(&[&one, &two], &terms(PAIR, "2024-12-01", &[]))
        .await;
    let party = two.id.to_string();
    for (measure, text) in [("training", "Dua pelatihan"), ("checks", "Dua cek fakta")] {
        let promise = [
            ("pihak", party.as_str()),
            ("isi", text),
            ("tenggat", "2027-01-31"),
            ("ukuran", measure),
            ("jumlah", "2"),
        ];
        house.does(&one.one, &path, "obligations", &promise).await;
    }
    let held = [
        ("jenis", "training"),
        ("tanggal", "2026-01-30"),
        ("pokok", "cara memeriksa gambar"),
    ];
    house.does(&two.one, &path, "events", &held).await;
    for address in [path.as_str(), "/network/obligations"] {
        let page = house.page(&one.one, address).await;
        assert!(page.contains("1 dari 2: Pelatihan"), "{page}");
        assert!(page.contains("0 dari 2: cek fakta terbit"), "{page}");
    }
    house.server.stop().await;
}
