//! A model file that is cut or has a wrong bit is refused with a reason or
//! still gives an embedding; it never panics.

use std::sync::LazyLock;

use encoder::{Encoder, ModelError, Role, Scratch};
use proptest::prelude::*;

use crate::model_file::ModelFile;

/// A whole file, and where its tensors begin.
static WHOLE: LazyLock<(Vec<u8>, usize)> = LazyLock::new(|| ModelFile::random(21, 1, 32).bytes());

fn check_refused_or_sound(file: &[u8]) {
    match Encoder::from_bytes(file) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(encoder) => {
            let found = encoder.embed("abc é 選 \u{3000}q", Role::Query, &mut Scratch::default());
            let length: f32 = found.iter().map(|value| value * value).sum();
            assert!((length - 1.0).abs() < 1e-4, "length {length}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_before_its_tensors_is_refused_there() {
    let (file, tensors) = &*WHOLE;
    for length in 0..*tensors {
        match Encoder::from_bytes(&file[..length]).err() {
            Some(ModelError::NotAModel { found }) => assert!(length < 4 && found.len() == length),
            Some(ModelError::Cut {
                at, needed, left, ..
            }) => {
                assert_eq!(at + left, length);
                assert!(needed > left as u64);
            }
            other => panic!("cut at {length}: {other:?}"),
        }
    }
}

#[test]
fn errors_say_what_and_where() {
    let (file, tensors) = &*WHOLE;
    let error = |file: &[u8]| {
        Encoder::from_bytes(file)
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(
        error(b"GGUF...").unwrap(),
        "not a model file of format E5S1: it begins with [71, 71, 85, 70]"
    );
    assert_eq!(
        error(&file[..6]).unwrap(),
        "model file is cut: version needs 4 bytes from byte 4, 2 are left"
    );
    let words = error(&file[..tensors + 10]).unwrap();
    assert!(words.contains("tensor emb."), "{words}");

    let mut wrong = file.clone();
    wrong[12] = 0;
    assert_eq!(
        error(&wrong).unwrap(),
        "model file is damaged: number of layers at byte 12: 0 is not from 1 to 64"
    );
    // A second layer is promised and missing.
    wrong[12] = 2;
    assert_eq!(error(&wrong).unwrap(), "model file has no tensor l1.q.w");
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let (file, tensors) = &*WHOLE;
    for bits in [f32::NAN, f32::INFINITY, 1e30] {
        let mut wrong = file.clone();
        let last = wrong.len() - 4;
        wrong[last..].copy_from_slice(&bits.to_le_bytes());
        let error = Encoder::from_bytes(&wrong)
            .err()
            .expect("refused")
            .to_string();
        assert!(error.contains(&format!("at byte {last}")), "{error}");
    }
    // The scale of the first block of the first tensor: infinite.
    let mut wrong = file.clone();
    wrong[*tensors..tensors + 2].copy_from_slice(&0x7c00_u16.to_le_bytes());
    let error = Encoder::from_bytes(&wrong)
        .err()
        .expect("refused")
        .to_string();
    assert!(error.contains("scale"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_file_cut_among_its_tensors_is_refused(place in 0.0..1.0_f64) {
        let (file, tensors) = &*WHOLE;
        let length = tensors + ((file.len() - tensors) as f64 * place) as usize;
        let refused = matches!(Encoder::from_bytes(&file[..length]), Err(ModelError::Cut { .. }));
        prop_assert!(refused, "cut at {length}");
    }

    #[test]
    fn wrong_bits_before_the_tensors_do_no_harm(places in prop::collection::vec((0.0..1.0_f64, 0..8), 1..4)) {
        let (file, tensors) = &*WHOLE;
        let mut file = file.clone();
        for (place, bit) in places {
            file[(*tensors as f64 * place) as usize] ^= 1_u8 << bit;
        }
        check_refused_or_sound(&file);
    }

    #[test]
    fn wrong_bits_anywhere_do_no_harm(places in prop::collection::vec((0.0..1.0_f64, 0..8), 1..40)) {
        let mut file = WHOLE.0.clone();
        for (place, bit) in places {
            let at = (file.len() as f64 * place) as usize;
            file[at] ^= 1_u8 << bit;
        }
        check_refused_or_sound(&file);
    }

    #[test]
    fn a_header_of_nonsense_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let file = [b"E5S1".as_slice(), &bytes].concat();
        prop_assert!(Encoder::from_bytes(&file).is_err());
    }
}
