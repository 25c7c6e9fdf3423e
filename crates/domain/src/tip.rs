//! Tips: what a citizen sends us, with consent.

use crate::ids::TipId;
use crate::limits;
use crate::region::RegionCode;
use crate::timestamp::Timestamp;

/// A citizen's message. It holds no name and no address: the code is all the sender keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    /// Its identity.
    pub id: TipId,
    /// The code by which the sender follows it, without an account.
    pub code: String,
    /// What circulated, as the sender pasted it.
    pub text: String,
    /// Where, when the sender says.
    pub region: Option<RegionCode>,
    /// When it came.
    pub received_at: Timestamp,
}

/// Why a tip was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TipRefused {
    /// Nothing to look at.
    #[error("the message is empty")]
    Empty,
    /// Too long.
    #[error("the message has {0} characters; at most {limit}", limit = limits::TIP_TEXT_CHARS)]
    TooLong(usize),
    /// The sender did not agree that it is stored.
    #[error("the sender has not agreed that the message is stored")]
    NoConsent,
}

impl TipRefused {
    /// The stable reference, for locale files.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::Empty => "tip_empty",
            Self::TooLong(_) => "tip_too_long",
            Self::NoConsent => "tip_no_consent",
        }
    }
}

/// Checks what a sender wrote before it is stored.
pub fn accept(text: &str, consent: bool) -> Result<(), TipRefused> {
    let chars = text.chars().count();
    if text.trim().is_empty() {
        Err(TipRefused::Empty)
    } else if chars > limits::TIP_TEXT_CHARS {
        Err(TipRefused::TooLong(chars))
    } else if consent {
        Ok(())
    } else {
        Err(TipRefused::NoConsent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_stored_without_consent() {
        assert_eq!(accept("a", false), Err(TipRefused::NoConsent));
        assert_eq!(accept(" ", true), Err(TipRefused::Empty));
        assert_eq!(
            accept(&"x".repeat(10_001), true),
            Err(TipRefused::TooLong(10_001))
        );
        assert_eq!(accept("a", true), Ok(()));
    }
}
