//! Four eyes as a type: what takes two people can only be done by holding a [`Pair`], and a pair
//! can only be had from two different people.

use crate::ids::MemberId;
use crate::timestamp::Timestamp;

/// The first of two people: they want it done, and nothing is done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// Two different people who want the same thing done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    first: First,
    second: First,
}

/// One person is not two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this takes a second person; the first cannot be both")]
pub struct SamePerson;

impl First {
    /// The first person's wish.
    pub fn new(by: MemberId, at: Timestamp) -> Self {
        Self { by, at }
    }

    /// The second person agrees.
    pub fn joined_by(self, by: MemberId, at: Timestamp) -> Result<Pair, SamePerson> {
        if self.by == by {
            return Err(SamePerson);
        }
        let second = Self { by, at };
        Ok(Pair {
            first: self,
            second,
        })
    }
}

impl Pair {
    /// Who wanted it first.
    pub fn first(self) -> First {
        self.first
    }

    /// Who agreed, and so did it.
    pub fn second(self) -> First {
        self.second
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_person_is_never_two() {
        let (one, two) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let first = First::new(one, Timestamp(1));
        assert_eq!(first.joined_by(one, Timestamp(2)), Err(SamePerson));
        let pair = first.joined_by(two, Timestamp(2)).expect("two people");
        assert_ne!(pair.first().by, pair.second().by);
    }
}
