//! Matches between a cluster and a fact-check: the machine suggests, a person decides.

use crate::ids::MemberId;
use crate::timestamp::Timestamp;

/// What has been said of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchState {
    /// The machine proposes it.
    Suggested,
    /// A person says the check answers the cluster.
    Confirmed {
        /// Who.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
    /// A person says it does not.
    Rejected {
        /// Who.
        by: MemberId,
        /// When.
        at: Timestamp,
    },
}

/// A person's word on a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It answers the cluster.
    Confirm,
    /// It does not.
    Reject,
    /// The earlier word is taken back; the suggestion stands open again.
    Undo,
}

impl MatchState {
    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Confirmed { .. } => "confirmed",
            Self::Rejected { .. } => "rejected",
        }
    }

    /// A person decides; the last word counts and both words stay in the audit trail.
    #[must_use]
    pub fn decide(self, decision: Decision, by: MemberId, at: Timestamp) -> Self {
        match decision {
            Decision::Confirm => Self::Confirmed { by, at },
            Decision::Reject => Self::Rejected { by, at },
            Decision::Undo => Self::Suggested,
        }
    }
}
