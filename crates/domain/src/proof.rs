//! How a person proved who they are when a session began.

use crate::member::Role;
use crate::organisation::OrganisationKind;

/// The proof a session was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// A password alone.
    Password,
    /// An account at an identity provider alone.
    Provider,
    /// One of these and a code from a device.
    SecondFactor,
    /// A passkey whose device made sure of the person: two factors in one act.
    Passkey,
    /// The one click of the demonstration, which no other machine can reach.
    Demonstration,
}

impl Proof {
    /// Every proof.
    pub const ALL: &'static [Self] = &[
        Self::Password,
        Self::Provider,
        Self::SecondFactor,
        Self::Passkey,
        Self::Demonstration,
    ];

    /// The word used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Provider => "provider",
            Self::SecondFactor => "second_factor",
            Self::Passkey => "passkey",
            Self::Demonstration => "demonstration",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|proof| proof.as_str() == word)
    }

    /// What is still missing before the session opens anything, for a member who `has` a second
    /// factor or of whom one `is_wanted`.
    pub fn missing(self, has: bool, is_wanted: bool) -> Option<MissingProof> {
        if matches!(
            self,
            Self::SecondFactor | Self::Passkey | Self::Demonstration
        ) {
            return None;
        }
        if has {
            return Some(MissingProof::Code);
        }
        is_wanted.then_some(MissingProof::Device)
    }
}

/// What a half-opened session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingProof {
    /// The second factor the person has: a code from their device, or a passkey.
    Code,
    /// A device that gives codes, or a passkey: the duties ask for one and there is none yet.
    Device,
}

/// Whether these duties ask for a second factor: whoever publishes by approving, whoever answers
/// for an authority, and everybody else of an authority.
pub fn second_factor_is_wanted(kind: OrganisationKind, role: Role) -> bool {
    kind.is_authority() || matches!(role, Role::Reviewer | Role::Officer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_alone_opens_nothing_where_a_second_factor_is_due() {
        assert_eq!(Proof::Password.missing(false, false), None);
        for proof in [Proof::Password, Proof::Provider] {
            assert_eq!(proof.missing(true, false), Some(MissingProof::Code));
            assert_eq!(proof.missing(true, true), Some(MissingProof::Code));
            assert_eq!(proof.missing(false, true), Some(MissingProof::Device));
        }
        for proof in [Proof::SecondFactor, Proof::Passkey, Proof::Demonstration] {
            for (has, is_wanted) in [(true, true), (true, false), (false, true)] {
                assert_eq!(proof.missing(has, is_wanted), None);
            }
        }
        for proof in Proof::ALL {
            assert_eq!(Proof::parse(proof.as_str()), Some(*proof));
        }
    }

    #[test]
    fn officials_and_reviewers_need_two_factors() {
        use OrganisationKind::{Bawaslu, Kpu, MediaAssociation, Newsroom, Operator};
        for kind in [Kpu, Bawaslu] {
            for role in Role::ALL {
                assert!(second_factor_is_wanted(kind, *role), "{kind:?} {role:?}");
            }
        }
        for kind in [Newsroom, MediaAssociation, Operator] {
            assert!(second_factor_is_wanted(kind, Role::Reviewer));
            assert!(!second_factor_is_wanted(kind, Role::Editor));
        }
    }
}
