//! The claim index against plain BM25, through its life, and answers to anything.

#![expect(clippy::cast_possible_truncation, reason = "a few thousand checks")]

use std::collections::HashMap;

use matching::answer::{Answer, Contradiction, answer};
use matching::claims::{ClaimIndex, ClaimText, Query, Scratch};
use matching::normalise::terms;
use proptest::prelude::*;

fn text(claim: &str) -> ClaimText<'_> {
    ClaimText {
        claim,
        narrative: None,
        explanation: None,
        says_true: false,
        date_days: None,
    }
}

fn index_of(claims: &[&str]) -> ClaimIndex {
    let mut index = ClaimIndex::new();
    for (doc, claim) in claims.iter().enumerate() {
        index.add(doc as u32, &text(claim));
    }
    index
}

const CLAIMS: [&str; 12] = [
    "KPU menunda pemilihan umum sampai tahun depan",
    "Tujuh kontainer surat suara sudah dicoblos ditemukan di pelabuhan",
    "Bawaslu membagikan bantuan 600 ribu rupiah lewat tautan pendaftaran",
    "Warga tanpa KTP elektronik boleh mencoblos di semua TPS",
    "Server KPU berada di luar negeri dan diretas",
    "Tinta pemilu mudah dihapus dengan sabun cuci",
    "Petugas KPPS meninggal karena diracun",
    "Vaksin mengandung mikrocip untuk melacak warga",
    "Gempa besar akan mengguncang Jakarta malam ini",
    "Lowongan kerja petugas pemilu dengan gaji 15 juta",
    "Pemungutan suara ulang digelar di Surabaya",
    "Mantan pejabat ditangkap karena membawa formulir C1 palsu",
];

/// BM25 with the constants of the index, in full precision, from the definition.
fn plain_bm25(claims: &[Vec<String>], query: &[String]) -> Vec<f64> {
    let mut asked: HashMap<&str, f64> = HashMap::new();
    for word in query {
        *asked.entry(word).or_default() += 1.0;
    }
    // A young collection is weighed as part of an archive of ten thousand.
    let count = claims.len().max(10_000) as f64;
    claims
        .iter()
        .map(|claim| {
            let norm = 1.2 * (0.5 + 0.5 * claim.len() as f64 / 10.0);
            asked
                .iter()
                .map(|(word, times)| {
                    let here = claim.iter().filter(|w| w == word).count() as f64;
                    let having = claims
                        .iter()
                        .filter(|c| c.iter().any(|w| w == word))
                        .count() as f64;
                    let idf = (1.0 + (count - having + 0.5) / (having + 0.5)).ln();
                    idf * times * 2.0 / (times + 1.0) * here / (here + norm)
                })
                .sum()
        })
        .collect()
}

fn stems(text: &str) -> Vec<String> {
    terms(text).into_iter().map(|term| term.stem).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn scores_are_those_of_plain_bm25(
        claims in prop::collection::vec(prop::collection::vec(0_u8..40, 1..12), 2..60),
        asked in prop::collection::vec(0_u8..40, 1..20),
    ) {
        let word = |id: &u8| format!("q{}x{}", (b'a' + id % 20) as char, (b'a' + id / 20) as char);
        let say = |ids: &[u8]| ids.iter().map(word).collect::<Vec<_>>().join(" ");
        let claims: Vec<String> = claims.iter().map(|ids| say(ids)).collect();
        let query = say(&asked);
        let index = index_of(&claims.iter().map(String::as_str).collect::<Vec<_>>());
        let read: Vec<Vec<String>> = claims.iter().map(|c| stems(c)).collect();
        let truth = plain_bm25(&read, &stems(&query));
        let found = index.search(&Query::new(&query), claims.len(), &mut Scratch::default());
        prop_assert_eq!(found.len(), truth.iter().filter(|score| **score > 0.0).count());
        for (rank, one) in found.iter().enumerate() {
            let exact = truth[one.doc as usize];
            prop_assert!((f64::from(one.score) - exact).abs() < 0.02 * exact + 0.02, "{} for {}", one.score, exact);
            if rank > 0 {
                let before = truth[found[rank - 1].doc as usize];
                prop_assert!(exact <= before + 0.04 * before + 0.04, "order");
            }
        }
    }

    #[test]
    fn the_best_few_are_the_first_of_all(
        claims in prop::collection::vec((0_u32..5_000, prop::collection::vec(0_u8..24, 1..6)), 1..900),
        removed in prop::collection::vec(0_u32..5_000, 0..40),
        asked in prop::collection::vec(0_u8..24, 1..6),
        few in 1_usize..6,
    ) {
        // Few words, so that many checks have equal scores; numbers that come in no order.
        let say = |ids: &[u8]| ids.iter().map(|id| format!("qz{}", (b'a' + id) as char)).collect::<Vec<_>>().join(" ");
        let mut index = ClaimIndex::new();
        let mut living = std::collections::BTreeMap::new();
        for (doc, ids) in &claims {
            index.add(*doc, &text(&say(ids)));
            living.insert(*doc, ids);
        }
        for doc in &removed {
            index.remove(*doc);
            living.remove(doc);
        }
        let mut fresh = ClaimIndex::new();
        for (doc, ids) in living.iter().rev() {
            fresh.add(*doc, &text(&say(ids)));
        }
        let query = Query::new(&say(&asked));
        let mut scratch = Scratch::default();
        let places = |found: Vec<matching::claims::Candidate>| {
            found.into_iter().map(|one| (one.doc, one.score.to_bits())).collect::<Vec<_>>()
        };
        let all = places(fresh.search(&query, claims.len(), &mut Scratch::default()));
        let first = &all[..all.len().min(few)];
        for index in [&index, &fresh, &index] {
            prop_assert_eq!(&places(index.search(&query, few, &mut scratch)), first);
        }
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,300}") {
        let index = index_of(&CLAIMS);
        let answered = answer(&index, &text, &mut Scratch::default());
        for found in &answered.results {
            prop_assert!((0.0..=1.0).contains(&found.probability));
            let mut last = 0;
            for span in &found.shared {
                prop_assert!(span.start >= last && span.end > span.start);
                prop_assert!(text.get(span.start..span.end).is_some());
                last = span.end;
            }
        }
    }
}

#[test]
fn the_order_of_adding_and_the_thread_change_nothing() {
    let forward = index_of(&CLAIMS);
    let mut backward = ClaimIndex::new();
    for (doc, claim) in CLAIMS.iter().enumerate().rev() {
        backward.add(doc as u32, &text(claim));
    }
    let ask = |index: &ClaimIndex, scratch: &mut Scratch| {
        CLAIMS
            .iter()
            .map(|c| answer(index, &format!("Katanya {c}, benarkah?"), scratch))
            .collect::<Vec<_>>()
    };
    let expected = ask(&forward, &mut Scratch::default());
    assert_eq!(ask(&backward, &mut Scratch::default()), expected);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut used = Scratch::default();
                    ask(&backward, &mut used);
                    ask(&forward, &mut used)
                })
            })
            .collect();
        for run in runs {
            assert_eq!(run.join().unwrap(), expected);
        }
    });
}

#[test]
fn a_forwarded_claim_finds_its_check_with_reasons() {
    let index = index_of(&CLAIMS);
    let query = "Diteruskan: ada 7 kontainer surat suara yg udah dicoblos ditemukan di pelabuhan!!! sebarkan";
    let answered = answer(&index, query, &mut Scratch::default());
    let first = &answered.results[0];
    assert_eq!(first.doc, 1);
    assert!(answered.probability > 0.5, "{answered:?}");
    assert!(first.contradictions.is_empty(), "{first:?}");
    assert!(
        first.shared_words.iter().any(|w| w == "kontainer"),
        "{first:?}"
    );
    for (span, word) in first.shared.iter().zip(&first.shared_words) {
        assert_eq!(&query[span.start..span.end], word);
    }
}

/// The claims among three thousand others, so that words have the rarity of real ones.
#[test]
fn the_words_of_a_claim_that_a_text_says_are_marked_in_any_form() {
    let lexicon = matching::lexicon::Lexicon::built_in();
    let marked = |text: &str, claim: &str| {
        matching::answer::shared_in_claim(lexicon, &Query::new(text), claim)
            .iter()
            .map(|span| claim[span.start..span.end].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        marked("mencoblos 7 kontainer surat", CLAIMS[1]),
        ["Tujuh", "kontainer", "surat", "dicoblos"]
    );
    assert!(marked("harga beras", CLAIMS[1]).is_empty());
    assert!(marked("", "").is_empty());
}

fn among_others() -> ClaimIndex {
    let mut index = index_of(&CLAIMS);
    for doc in 100..3_100_u32 {
        let word = |by: u32| format!("kata{}", char::from(b'a' + (doc * by % 25) as u8)).repeat(2);
        index.add(
            doc,
            &text(&format!("{} {} {} {doc}", word(1), word(7), word(11))),
        );
    }
    index
}

#[test]
fn what_contradicts_is_never_a_match() {
    let index = among_others();
    let mut scratch = Scratch::default();
    for (agrees, contradicts, doc) in [
        (
            "KPU menunda pemilihan umum sampai tahun depan",
            "KPU tidak menunda pemilihan umum sampai tahun depan",
            0,
        ),
        (
            "Pemungutan suara ulang digelar di Surabaya",
            "Pemungutan suara ulang digelar di Makassar",
            10,
        ),
        (
            "Lowongan kerja petugas pemilu dengan gaji 15 juta",
            "Lowongan kerja petugas pemilu dengan gaji 5 juta",
            9,
        ),
    ] {
        let plain = answer(&index, agrees, &mut scratch);
        assert_eq!(
            (plain.answer, plain.results[0].doc),
            (Answer::Match, doc),
            "{agrees}"
        );
        assert_eq!(plain.results[0].contradictions, []);
        let turned = answer(&index, contradicts, &mut scratch);
        assert_eq!(turned.results[0].doc, doc, "{contradicts}");
        assert_eq!(turned.results[0].contradictions.len(), 1, "{contradicts}");
        assert_ne!(turned.answer, Answer::Match, "{contradicts}");
    }
    let mut index = ClaimIndex::new();
    index.add(
        4,
        &ClaimText {
            says_true: true,
            ..text("KPU menetapkan tanggal pemungutan suara")
        },
    );
    let answered = answer(
        &index,
        "Hoaks! KPU menetapkan tanggal pemungutan suara",
        &mut scratch,
    );
    assert_eq!(
        answered.results[0].contradictions,
        [Contradiction::RatingDirection]
    );
}

#[test]
fn the_circulating_text_finds_its_check() {
    let mut index = index_of(&CLAIMS);
    let narrative = "Dapat info dari ponakan yang kerja di sana, besok semua kartu dicabut, cepat ambil uang di atm";
    index.add(
        50,
        &ClaimText {
            narrative: Some(narrative),
            explanation: Some("Bank membantah"),
            ..text("Bank tutup")
        },
    );
    assert_eq!(index.len(), 13);
    let answered = answer(
        &index,
        "besok semua kartu dicabut cepat ambil uang di ATM ya",
        &mut Scratch::default(),
    );
    assert_eq!(answered.results[0].doc, 50);
    assert_eq!(
        answered
            .results
            .iter()
            .filter(|found| found.doc == 50)
            .count(),
        1
    );
}

#[test]
fn removed_and_replaced_checks() {
    let mut index = ClaimIndex::new();
    let mut scratch = Scratch::default();
    for round in 0..40_u32 {
        for (at, claim) in CLAIMS.iter().enumerate() {
            index.add(at as u32 * 7, &text(&format!("{claim} edisi{round}")));
        }
    }
    assert_eq!(index.len(), CLAIMS.len());
    let fresh = |edition: u32| {
        let mut index = ClaimIndex::new();
        for (at, claim) in CLAIMS.iter().enumerate() {
            index.add(at as u32 * 7, &text(&format!("{claim} edisi{edition}")));
        }
        index
    };
    let query = "kontainer surat suara dicoblos edisi39 edisi3";
    assert_eq!(
        answer(&index, query, &mut scratch),
        answer(&fresh(39), query, &mut scratch)
    );
    index.remove(7);
    index.remove(7);
    assert!(
        answer(&index, query, &mut scratch)
            .results
            .iter()
            .all(|found| found.doc != 7)
    );
    for at in 0..CLAIMS.len() as u32 {
        index.remove(at * 7);
    }
    assert!(index.is_empty());
    assert_eq!(
        answer(&index, query, &mut scratch).answer,
        Answer::NotYetChecked
    );
}

#[test]
fn nonsense_is_not_yet_checked() {
    let index = index_of(&CLAIMS);
    let mut scratch = Scratch::default();
    let million = "x".repeat(1_000_000);
    let words = "kontainer suara ".repeat(70_000);
    let noise: String = (0..20_000_u32)
        .filter_map(|i| char::from_u32(i.wrapping_mul(2_654_435_761) % 0x11_0000))
        .collect();
    for text in [
        "",
        " ",
        "?",
        "😀😀😀",
        "https://t.co/abc",
        "\u{202e}\u{200b}\u{feff}",
        "مرحبا بالعالم هذا نص",
        "\0\u{1}\u{7f}",
        "ignore previous instructions",
        &million,
        &noise,
    ] {
        let answered = answer(&index, text, &mut scratch);
        assert_eq!(
            answered.answer,
            Answer::NotYetChecked,
            "{:?}",
            text.chars().take(40).collect::<String>()
        );
    }
    answer(&index, &words, &mut scratch);
}

/// A vector that points another way for each number.
fn pointing(number: u32) -> matching::meaning::Sentence {
    let mut state = number.wrapping_mul(2_654_435_761) | 1;
    let mut vector = [0.0; matching::meaning::DIMENSIONS];
    for place in &mut vector {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *place = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
    }
    vector
}

#[test]
fn meanings_stay_with_their_checks_while_others_go() {
    use matching::meaning::Meaning;
    let mut index = ClaimIndex::new();
    for doc in 0..400 {
        let claim = format!("klaim bernomor {doc}");
        index.add(doc, &text(&claim));
        // One in five waits for its meaning.
        if doc % 5 != 0 {
            index.set_meanings(doc, Meaning::new(&pointing(doc)), None);
        }
    }
    for doc in (0..400).filter(|doc| doc % 3 != 0) {
        index.remove(doc);
    }
    for doc in (0..400).filter(|doc| doc % 3 == 0) {
        let near = index.nearest_checks(&Meaning::new(&pointing(doc)), 1);
        let found = near.first().copied();
        assert_eq!(found == Some(doc), doc % 5 != 0, "{doc}: {found:?}");
    }
}
