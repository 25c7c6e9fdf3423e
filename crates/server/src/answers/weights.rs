//! The weights that answer: their digest, and the thresholds that hold for them.

use std::sync::OnceLock;

use domain::thresholds::{ThresholdChange, Thresholds};
use matching::rank::Model;

/// Letters of a digest: 64 bits tell two sets of weights apart.
const DIGEST_LETTERS: usize = 16;

/// The digest of the weights in use. What was learnt with others does not compare.
pub fn model_digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let whole = blake3::hash(Model::built_in().to_text().as_bytes()).to_hex();
        whole.chars().take(DIGEST_LETTERS).collect()
    })
}

/// The thresholds that ship with the weights; none where the weights cannot be read.
pub fn shipped() -> Option<Thresholds> {
    let model = Model::built_in();
    Thresholds::new(model.match_probability_min, model.probable_probability_min).ok()
}

/// The thresholds that hold: those last applied for these weights, or else the shipped ones.
pub fn holding(applied: Option<&ThresholdChange>) -> Option<Thresholds> {
    applied
        .filter(|change| change.model == model_digest())
        .map(|change| change.thresholds)
        .or_else(shipped)
}

/// The weights in use with `thresholds`.
pub fn with_thresholds(thresholds: Thresholds) -> Model {
    Model {
        match_probability_min: thresholds.match_min(),
        probable_probability_min: thresholds.probable_min(),
        ..Model::built_in().clone()
    }
}

#[cfg(test)]
mod tests {
    use domain::thresholds::ChangeState;
    use domain::{MemberId, ThresholdChangeId, Timestamp};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_change_for_other_weights_does_not_hold() {
        let wished = Thresholds::new(0.8, 0.4).expect("thresholds");
        let change = |model: &str| ThresholdChange {
            id: ThresholdChangeId(Uuid::nil()),
            thresholds: wished,
            model: model.to_owned(),
            proposed_by: MemberId(Uuid::from_u128(1)),
            proposed_at: Timestamp(0),
            state: ChangeState::Applied {
                by: MemberId(Uuid::from_u128(2)),
                at: Timestamp(1),
            },
        };
        assert_eq!(holding(Some(&change(model_digest()))), Some(wished));
        assert_eq!(holding(Some(&change("others"))), shipped());
        assert_eq!(holding(None), shipped());
        assert!(shipped().is_some());
    }

    #[test]
    fn only_the_thresholds_change() {
        let wished = Thresholds::new(0.8, 0.4).expect("thresholds");
        let model = with_thresholds(wished);
        assert!((model.match_probability_min - 0.8).abs() < f32::EPSILON);
        let built_in = Model::built_in();
        let back = Model {
            match_probability_min: built_in.match_probability_min,
            probable_probability_min: built_in.probable_probability_min,
            ..model
        };
        assert_eq!(&back, built_in);
        assert_eq!(model_digest().len(), DIGEST_LETTERS);
    }
}
