//! Labels: what people said of a pair of text and check, kept for learning.

/// What somebody said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A member says that the check answers the text.
    Confirmed,
    /// A member says that it does not.
    Rejected,
    /// A member took their word back: the pair is unlabelled again.
    TakenBack,
    /// A reader says that the check is not about their message. Weak: nobody stands behind it.
    NotMeant,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: &'static [Self] = &[
        Self::Confirmed,
        Self::Rejected,
        Self::TakenBack,
        Self::NotMeant,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::TakenBack => "taken_back",
            Self::NotMeant => "not_meant",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|verdict| verdict.as_str() == word)
    }
}

/// How the pair came before the person who judged it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LabelSource {
    /// The machine suggested it for a cluster.
    Suggestion,
    /// An editor named a check that the machine had not suggested.
    ByHand,
    /// The check was written for the cluster and published.
    Publication,
    /// A reader of the portal got it as an answer.
    Reader,
}

impl LabelSource {
    /// Every source.
    pub const ALL: &'static [Self] = &[
        Self::Suggestion,
        Self::ByHand,
        Self::Publication,
        Self::Reader,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::ByHand => "by_hand",
            Self::Publication => "publication",
            Self::Reader => "reader",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|source| source.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::parse(verdict.as_str()), Some(*verdict));
        }
        for source in LabelSource::ALL {
            assert_eq!(LabelSource::parse(source.as_str()), Some(*source));
        }
        assert_eq!(Verdict::parse("suggestion"), None);
        assert_eq!(LabelSource::parse("confirmed"), None);
    }
}
