//! From which probability on the machine says "match" or "probable", and how two people change it.
//!
//! ```text
//!            apply (another person)
//! Proposed ───────────────────────► Applied
//!     │
//!     └──── withdraw (anybody who may) ──► Withdrawn
//! ```

use crate::ids::{MemberId, ThresholdChangeId};
use crate::pair::First;
use crate::timestamp::Timestamp;

/// The two thresholds, as probabilities; never out of order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    match_min: f32,
    probable_min: f32,
}

/// Why a pair of numbers is no pair of thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdsRefused {
    /// One is not between 0 and 1, or is no number.
    OutOfRange,
    /// "Match" would begin at or below "probable".
    OutOfOrder,
}

impl Thresholds {
    /// Thresholds with 0 < `probable_min` < `match_min` < 1.
    pub fn new(match_min: f32, probable_min: f32) -> Result<Self, ThresholdsRefused> {
        let inside = |value: f32| value.is_finite() && value > 0.0 && value < 1.0;
        if !inside(match_min) || !inside(probable_min) {
            Err(ThresholdsRefused::OutOfRange)
        } else if probable_min >= match_min {
            Err(ThresholdsRefused::OutOfOrder)
        } else {
            Ok(Self {
                match_min,
                probable_min,
            })
        }
    }

    /// Least probability of a match.
    pub fn match_min(self) -> f32 {
        self.match_min
    }

    /// Least probability of a probable match.
    pub fn probable_min(self) -> f32 {
        self.probable_min
    }
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// It waits for a second person.
    Proposed,
    /// It is in force, or was until a later one.
    Applied {
        /// The second person.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// It was taken back or refused.
    Withdrawn {
        /// Who did so.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
}

impl ChangeState {
    /// The word used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Applied { .. } => "applied",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// A change of the thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdChange {
    /// Its identity.
    pub id: ThresholdChangeId,
    /// The thresholds wished for.
    pub thresholds: Thresholds,
    /// The weights they are meant for: other weights give other probabilities.
    pub model: String,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it stands.
    pub state: ChangeState,
}

/// Why a change cannot be applied or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefused {
    /// The one who proposed it may not apply it.
    SamePerson,
    /// It is decided already.
    Decided,
    /// The weights have changed since it was proposed.
    OtherModel,
}

impl ThresholdChange {
    /// A second person puts it into force, while `model` is in use.
    pub fn apply(self, by: MemberId, at: Timestamp, model: &str) -> Result<Self, ChangeRefused> {
        if self.state != ChangeState::Proposed {
            return Err(ChangeRefused::Decided);
        }
        let pair = First::new(self.proposed_by, self.proposed_at)
            .joined_by(by, at)
            .map_err(|_| ChangeRefused::SamePerson)?;
        if self.model != model {
            return Err(ChangeRefused::OtherModel);
        }
        let First { by, at } = pair.second();
        Ok(Self {
            state: ChangeState::Applied { by, at },
            ..self
        })
    }

    /// The proposer takes it back, or somebody else refuses it.
    pub fn withdraw(self, by: MemberId, at: Timestamp) -> Result<Self, ChangeRefused> {
        if self.state == ChangeState::Proposed {
            Ok(Self {
                state: ChangeState::Withdrawn { by, at },
                ..self
            })
        } else {
            Err(ChangeRefused::Decided)
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> MemberId {
        MemberId(Uuid::from_u128(number))
    }

    fn proposed() -> ThresholdChange {
        ThresholdChange {
            id: ThresholdChangeId(Uuid::from_u128(9)),
            thresholds: Thresholds::new(0.9, 0.5).unwrap(),
            model: "a".to_owned(),
            proposed_by: person(1),
            proposed_at: Timestamp(1),
            state: ChangeState::Proposed,
        }
    }

    #[test]
    fn thresholds_are_probabilities_in_order() {
        assert!(Thresholds::new(0.9, 0.5).is_ok());
        for (upper, lower) in [(0.5, 0.5), (0.4, 0.5)] {
            assert_eq!(
                Thresholds::new(upper, lower),
                Err(ThresholdsRefused::OutOfOrder)
            );
        }
        for (upper, lower) in [
            (1.0, 0.5),
            (0.9, 0.0),
            (f32::NAN, 0.5),
            (0.9, f32::INFINITY),
        ] {
            assert_eq!(
                Thresholds::new(upper, lower),
                Err(ThresholdsRefused::OutOfRange)
            );
        }
    }

    #[test]
    fn it_takes_a_second_person_and_the_same_weights() {
        let refused = |by, model| proposed().apply(person(by), Timestamp(2), model);
        assert_eq!(refused(1, "a"), Err(ChangeRefused::SamePerson));
        assert_eq!(refused(2, "b"), Err(ChangeRefused::OtherModel));
        let applied = refused(2, "a").unwrap();
        let by = person(2);
        let at = Timestamp(2);
        assert_eq!(applied.state, ChangeState::Applied { by, at });
        assert_eq!(
            applied.clone().apply(person(3), at, "a"),
            Err(ChangeRefused::Decided)
        );
        assert_eq!(applied.withdraw(by, at), Err(ChangeRefused::Decided));
    }

    #[test]
    fn either_may_take_it_back() {
        for by in [person(1), person(2)] {
            let withdrawn = proposed().withdraw(by, Timestamp(3)).unwrap();
            assert_eq!(
                withdrawn.apply(person(2), Timestamp(4), "a"),
                Err(ChangeRefused::Decided)
            );
        }
    }
}
