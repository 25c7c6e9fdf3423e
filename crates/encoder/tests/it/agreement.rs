//! Small models: the encoder against the plain network, and the sets of
//! instructions against one another.

use encoder::{Encoder, Instructions, Role, Scratch};

use crate::model_file::{ModelFile, Random};
use crate::{plain_network, plain_tokens};

/// Text of the letters the small vocabulary knows, and of some it does not.
fn random_text(random: &mut Random, characters: usize) -> String {
    let letters = [
        'a', 'b', 'c', 'q', 'u', 'e', 'r', 'y', ' ', ' ', 'A', '½', '\u{ad}', '\t', 'é', '選', 'z',
        '😱',
    ];
    (0..characters)
        .map(|_| letters[random.below(letters.len())])
        .collect()
}

fn encoder(model: &ModelFile) -> Encoder {
    Encoder::from_bytes(&model.bytes().0).expect("the file is whole")
}

#[test]
fn embeddings_are_those_of_the_plain_network() {
    let mut random = Random(1);
    for (seed, layers, inner) in [(11, 1, 64), (12, 2, 96)] {
        let model = ModelFile::random(seed, layers, inner);
        let encoder = encoder(&model);
        let mut scratch = Scratch::default();
        for characters in [0, 1, 5, 12, 20, 30] {
            let text = random_text(&mut random, characters);
            let found = encoder.embed(&text, Role::Query, &mut scratch);
            let mut tokens = plain_tokens::divide(&model, &format!("query: {text}"));
            if tokens.len() > model.positions {
                tokens.truncate(model.positions - 1);
                tokens.push(2);
            }
            let expected = plain_network::embed(&model, &tokens);
            let cosine: f64 = found
                .iter()
                .zip(&expected)
                .map(|(a, b)| f64::from(*a) * b)
                .sum();
            assert!(cosine > 0.9995, "{text:?}: cosine {cosine}");
        }
    }
}

#[test]
fn another_token_is_another_embedding() {
    let model = ModelFile::random(13, 1, 64);
    let encoder = encoder(&model);
    let mut scratch = Scratch::default();
    let expected = plain_network::embed(&model, &plain_tokens::divide(&model, "query: abc"));
    let found = encoder.embed("abq", Role::Query, &mut scratch);
    let cosine: f64 = found
        .iter()
        .zip(&expected)
        .map(|(a, b)| f64::from(*a) * b)
        .sum();
    assert!(cosine < 0.999, "the check above can fail: {cosine}");
}

#[test]
fn tokens_are_counted_as_in_the_plain_division() {
    let model = ModelFile::random(14, 1, 32);
    let encoder = encoder(&model);
    let mut scratch = Scratch::default();
    let mut random = Random(2);
    for characters in 0..200 {
        let text = random_text(&mut random, characters);
        for (role, prefix) in [(Role::Query, "query: "), (Role::Passage, "passage: ")] {
            let expected = plain_tokens::divide(&model, &format!("{prefix}{text}")).len();
            assert_eq!(
                encoder.token_count(&text, role, &mut scratch),
                expected,
                "{text:?}"
            );
        }
    }
}

#[test]
fn every_set_of_instructions_gives_the_same_bits() {
    let model = ModelFile::random(15, 2, 96);
    let mut random = Random(3);
    let texts: Vec<String> = (0..60)
        .map(|characters| random_text(&mut random, characters))
        .collect();
    let mut expected: Option<Vec<[f32; 384]>> = None;
    for instructions in Instructions::available() {
        let encoder = encoder(&model).with(instructions);
        let mut scratch = Scratch::default();
        let found = texts
            .iter()
            .map(|text| encoder.embed(text, Role::Passage, &mut scratch));
        let found: Vec<_> = found.collect();
        match &expected {
            Some(expected) => assert!(*expected == found, "{} differs", instructions.name()),
            None => expected = Some(found),
        }
    }
}

#[test]
fn what_was_embedded_before_does_not_matter() {
    let model = ModelFile::random(16, 1, 64);
    let encoder = encoder(&model);
    let alone = encoder.embed("abc a", Role::Query, &mut Scratch::default());
    let mut scratch = Scratch::default();
    for other in ["", "abqcr eyu abc abqcr eyu abc abqcr eyu abc", "a"] {
        encoder.embed(other, Role::Passage, &mut scratch);
        assert_eq!(encoder.embed("abc a", Role::Query, &mut scratch), alone);
    }
}

#[test]
fn a_text_of_any_length_is_embedded() {
    let model = ModelFile::random(17, 1, 64);
    let encoder = encoder(&model);
    let mut scratch = Scratch::default();
    let long = "選 ab".repeat(100_000);
    let found = encoder.embed(&long, Role::Query, &mut scratch);
    let length: f32 = found.iter().map(|value| value * value).sum();
    assert!((length - 1.0).abs() < 1e-5);
    // Only the beginning counts.
    assert_eq!(
        encoder.embed(&long[..60_000], Role::Query, &mut scratch),
        found
    );
}

#[test]
fn one_encoder_serves_many_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let model = ModelFile::random(18, 1, 64);
    let encoder = encoder(&model);
    is_shared(&encoder);
    let alone = encoder.embed("abc", Role::Query, &mut Scratch::default());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| encoder.embed("abc", Role::Query, &mut Scratch::default())))
            .collect();
        for worker in workers {
            assert_eq!(worker.join().unwrap(), alone);
        }
    });
}
