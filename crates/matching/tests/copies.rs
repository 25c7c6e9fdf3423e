//! The copy index against brute force, and through its life.

#![expect(clippy::cast_possible_truncation, reason = "a few thousand posts")]

use matching::copies::{Copy, CopyIndex, CopyLimits, LoadError, is_copy};
use matching::fingerprint::{fingerprint, jaccard};
use matching::limits::COPY_NOTE_BYTES_MAX;
use matching::normalise::for_copies;
use proptest::prelude::*;

/// Sentences of a made-up language with the rhythm of Indonesian posts.
struct Posts(u64);

impl Posts {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "ka", "ra", "su", "ra", "pe", "mi", "lu", "ca", "lon", "ban", "tu", "an", "ko", "ta",
            "de", "sa", "ti", "dak", "be", "nar", "ha", "sil", "me", "nang",
        ];
        // A common word is said more often than a rare one.
        let id = self.next() % (1 << (1 + self.next() % 12));
        let mut seed = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut out = String::new();
        for _ in 0..2 + id % 3 {
            out.push_str(SYLLABLES[(seed >> 40) as usize % 24]);
            seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        out
    }

    fn post(&mut self) -> String {
        let words = 8 + self.next() % 20;
        (0..words)
            .map(|_| self.word())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn edit(&mut self, text: &str) -> String {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        for _ in 0..=words.len() / 10 {
            let at = self.next() as usize % words.len();
            match self.next() % 4 {
                0 => words[at] = self.word(),
                1 => words.insert(at, self.word()),
                2 if words.len() > 5 => drop(words.remove(at)),
                _ => {
                    let other = self.next() as usize % words.len();
                    words.swap(at, other);
                }
            }
        }
        words.join(" ")
    }
}

fn filled(texts: &[String]) -> CopyIndex {
    let mut index = CopyIndex::new(CopyLimits::default());
    for (group, text) in texts.iter().enumerate() {
        assert_eq!(
            index.insert(text, fingerprint(text).as_ref(), group as u32),
            group as u32
        );
    }
    index
}

fn find(index: &CopyIndex, text: &str) -> Option<Copy> {
    match fingerprint(text) {
        Some(print) => index.find(text, &print),
        None => index.find_exact(text),
    }
}

/// Brute force over 2,000 posts says what is alike; the index must find it.
#[test]
fn recall_and_truth_against_brute_force() {
    let mut posts = Posts(7);
    let texts: Vec<String> = (0..2_000).map(|_| for_copies(&posts.post())).collect();
    let index = filled(&texts);
    let (mut clear, mut found_clear, mut best_found) = (0, 0, 0);
    for text in texts.iter().step_by(10) {
        let edited = for_copies(&posts.edit(text));
        let found = find(&index, &edited);
        let best = texts
            .iter()
            .map(|t| jaccard(&edited, t))
            .fold(0.0, f32::max);
        if let Some(copy) = found {
            let known = index.text(copy.slot);
            assert!(copy.exact == (known == edited));
            assert!(copy.exact || (copy.resemblance - jaccard(&edited, known)).abs() < 1e-6);
            assert!(is_copy(known, &edited), "{known} | {edited}");
        }
        if best >= 0.7 {
            clear += 1;
            found_clear += usize::from(found.is_some());
            best_found += usize::from(found.is_some_and(|copy| copy.resemblance >= best - 1e-6));
        } else if best < 0.3 {
            assert!(found.is_none(), "{edited} is like nothing known");
        }
    }
    assert!(clear > 100, "only {clear} clear copies");
    assert!(
        found_clear * 100 >= clear * 97,
        "{found_clear} of {clear} found"
    );
    assert!(
        best_found * 100 >= clear * 95,
        "{best_found} of {clear} are the nearest"
    );
}

#[test]
fn a_removed_text_is_found_no_more_and_its_slots_serve_again() {
    let mut posts = Posts(11);
    let texts: Vec<String> = (0..3_000).map(|_| for_copies(&posts.post())).collect();
    let mut index = filled(&texts);
    let full = index.bytes();
    for group in (0..3_000).filter(|g| g % 3 != 0) {
        index.remove(group);
    }
    assert_eq!(index.len(), 1_000);
    for (group, text) in texts.iter().enumerate() {
        let found = find(&index, text);
        if group % 3 == 0 {
            assert_eq!(
                found.map(|c| (c.group, c.exact)),
                Some((group as u32, true))
            );
            assert_eq!(index.text(found.unwrap().slot), text);
        } else {
            assert!(found.is_none_or(|c| c.group as usize != group && !c.exact));
            assert_eq!(index.text(group as u32), "");
        }
    }
    let mut slots: Vec<u32> = (0..2_000)
        .map(|_| {
            let text = for_copies(&posts.post());
            index.insert(&text, fingerprint(&text).as_ref(), 9_000)
        })
        .collect();
    slots.sort_unstable();
    slots.dedup();
    assert_eq!(slots.len(), 2_000);
    assert!(
        slots.iter().all(|slot| *slot < 3_000),
        "free slots are used first"
    );
    // Dead text stays until half a chunk of it is dead.
    assert!(index.bytes().other < full.other + 2 * 1024 * 1024);
}

#[test]
fn a_note_stays_with_its_text_until_the_text_goes() {
    let mut posts = Posts(13);
    let mut index = CopyIndex::new(CopyLimits::default());
    let note = |slot: u32| {
        format!("catatan {slot}")
            .repeat(slot as usize % 4)
            .into_bytes()
    };
    // Several chunks of text, so that removals move the living.
    let texts: Vec<String> = (0..12_000)
        .map(|_| for_copies(&format!("{} {}", posts.post(), posts.post())))
        .collect();
    for (slot, text) in (0..).zip(&texts) {
        assert_eq!(index.insert_noted(text, None, slot, &note(slot)), slot);
    }
    assert!(index.bytes().text > 2 * 1024 * 1024);
    let stays = |slot: &u32| slot.is_multiple_of(5);
    for slot in (0..12_000).filter(|slot| !stays(slot)) {
        index.remove(slot);
        assert!(index.note(slot).is_empty());
    }
    let mut bytes = Vec::new();
    index.save(&mut bytes).unwrap();
    let again = CopyIndex::load(&mut bytes.as_slice()).unwrap();
    for slot in (0..12_000).filter(stays) {
        assert_eq!(index.note(slot), note(slot));
        assert_eq!(index.text(slot), texts[slot as usize]);
        assert_eq!(again.note(slot), note(slot));
    }
    let mut small = CopyIndex::new(CopyLimits::default());
    let slot = small.insert_noted("teks", None, 1, &[7; COPY_NOTE_BYTES_MAX + 1]);
    assert_eq!((small.text(slot), small.note(slot)), ("teks", &[][..]));
}

#[test]
fn memory_returns_when_long_texts_go() {
    let mut index = CopyIndex::new(CopyLimits::default());
    let mut posts = Posts(3);
    for group in 0..400 {
        let text: String = (0..200).map(|_| posts.post() + " ").collect();
        let text = for_copies(&text);
        index.insert(&text, fingerprint(&text).as_ref(), group);
    }
    let before = index.bytes();
    for group in 0..399 {
        index.remove(group);
    }
    let after = index.bytes();
    assert!(
        after.text + after.other < (before.text + before.other) / 3,
        "{before:?} {after:?}"
    );
    assert!(index.text(399).len() > 1_000);
}

#[test]
fn a_thousand_texts_on_one_template_stay_fast_and_found() {
    let template = "lowongan kerja terbaru daftar sekarang juga kirim lamaran ke alamat berikut ini sebelum tanggal";
    let mut index = CopyIndex::new(CopyLimits::default());
    for number in 0..5_000_u32 {
        let text = format!("{template} {number}");
        index.insert(&text, fingerprint(&text).as_ref(), number);
    }
    let text = format!("{template} 77777");
    let found = find(&index, &text).unwrap();
    assert!(found.resemblance > 0.9);
}

#[test]
fn short_texts_are_copies_only_when_equal() {
    let mut index = CopyIndex::new(CopyLimits::default());
    index.insert("mantap", None, 5);
    assert_eq!(
        find(&index, "mantap").map(|c| (c.group, c.exact)),
        Some((5, true))
    );
    assert_eq!(find(&index, "mantab"), None);
    assert!(is_copy("Mantap!", "mantap 🔥"));
    assert!(!is_copy("Mantap", "mantab"));
    assert!(!is_copy("😀", "😀"), "no words: nothing to compare");
}

#[test]
fn a_full_index_takes_no_more() {
    let mut index = CopyIndex::new(CopyLimits { slots_max: 2 });
    assert_eq!(index.insert("satu dua", None, 1), 0);
    assert_eq!(index.insert("tiga empat", None, 1), 1);
    assert!(index.is_full());
    assert_eq!(index.insert("lima enam", None, 1), u32::MAX);
    index.remove(0);
    index.remove(1);
    assert!(index.is_empty());
    assert_ne!(index.insert("lima enam", None, 1), u32::MAX);
}

#[test]
fn saved_and_loaded_it_answers_alike() {
    let mut posts = Posts(5);
    let texts: Vec<String> = (0..1_500).map(|_| for_copies(&posts.post())).collect();
    let mut index = filled(&texts);
    for group in (0..1_500).step_by(7) {
        index.remove(group);
    }
    let mut bytes = Vec::new();
    index.save(&mut bytes).unwrap();
    let mut again = CopyIndex::load(&mut bytes.as_slice()).unwrap();
    assert_eq!(again.len(), index.len());
    for text in &texts {
        let edited = for_copies(&posts.edit(text));
        assert_eq!(find(&again, &edited), find(&index, &edited));
    }
    let slot = index.insert("teks baru sekali yang belum pernah ada", None, 70);
    assert_eq!(
        again.insert("teks baru sekali yang belum pernah ada", None, 70),
        slot
    );
}

#[test]
fn broken_bytes_are_refused() {
    let mut posts = Posts(9);
    let texts: Vec<String> = (0..40).map(|_| for_copies(&posts.post())).collect();
    let mut bytes = Vec::new();
    filled(&texts).save(&mut bytes).unwrap();
    assert!(matches!(
        CopyIndex::load(&mut &b"KTCOPY\0\x01nothing"[..]),
        Err(LoadError::Version)
    ));
    for cut in [0, 7, 8, 20, 300, bytes.len() / 2, bytes.len() - 1] {
        assert!(CopyIndex::load(&mut &bytes[..cut]).is_err(), "cut at {cut}");
    }
    // A harmed byte may stay unseen (the caller has a checksum), but nothing panics.
    for at in (0..bytes.len()).step_by(997) {
        let mut harmed = bytes.clone();
        harmed[at] ^= 0x55;
        if let Ok(index) = CopyIndex::load(&mut harmed.as_slice()) {
            for text in &texts {
                find(&index, text);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_found_again(texts in prop::collection::vec("\\PC{0,80}", 1..20)) {
        let mut index = CopyIndex::new(CopyLimits::default());
        let plain: Vec<String> = texts.iter().map(|t| for_copies(t)).collect();
        for (group, text) in plain.iter().enumerate() {
            index.insert(text, fingerprint(text).as_ref(), group as u32);
        }
        for text in &plain {
            let copy = find(&index, text).unwrap();
            prop_assert!(copy.exact);
            prop_assert_eq!(index.text(copy.slot), text);
            prop_assert_eq!(plain.iter().position(|t| t == text), Some(copy.group as usize));
        }
    }
}
