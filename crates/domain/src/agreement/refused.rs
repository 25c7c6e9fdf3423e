//! Why a verb or a text is refused: what, where, and how to mend it.

use super::{PARTIES_MAX, SCOPES_MAX, TERM_MONTHS_MAX};
use crate::date::Date;
use crate::ids::{AgreementId, OrganisationId};
use crate::limits;

/// Why an agreement cannot be what was wished; the reference names it for locale files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The verb does not fit its place in life.
    #[error("this cannot be done while the agreement is {0}")]
    NotNow(&'static str),
    /// Not a party, or one that has left.
    #[error("only a party may do this")]
    NotAParty,
    /// This party has signed already.
    #[error("this party has signed already")]
    SignedAlready,
    /// What they saw is not the agreed text any more.
    #[error("the text was changed since; read it again before you sign")]
    TextChanged,
    /// One person is not two.
    #[error("revoking takes a second person")]
    SamePerson,
    /// A reason is needed.
    #[error("give a reason of at most {limit} characters", limit = limits::NOTE_CHARS)]
    ReasonMissing,
    /// The title is missing.
    #[error("give the agreement a title of at most 200 characters")]
    TitleMissing,
    /// Fewer than two or more than [`PARTIES_MAX`] parties, or one named twice.
    #[error("name 2 to {max} different parties", max = PARTIES_MAX)]
    Parties,
    /// Two would not remain.
    #[error("with this party gone fewer than two remain; revoke the agreement instead")]
    TooFewRemain,
    /// The party has left already.
    #[error("this party has left already")]
    LeftAlready,
    /// A date outside the term.
    #[error("the day lies outside the term")]
    OutsideTerm,
    /// The end is before the start.
    #[error("the last day {last} is before the first {first}; mend one of them")]
    EndBeforeStart {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
    /// No term, or one that is too long.
    #[error("give a term of 1 to {max} months", max = TERM_MONTHS_MAX)]
    TermLength,
    /// Nothing is opened, or too many scopes.
    #[error("give 1 to {max} scopes, each of which opens something somewhere", max = SCOPES_MAX)]
    Scopes,
    /// A side of a scope is not a party.
    #[error("scope {scope} names an organisation that is no party")]
    SideNotAParty {
        /// Its number, from 1.
        scope: usize,
    },
    /// Unpublished work is never opened to a political party or a campaign team.
    #[error("scope {scope} would open unpublished work to a political party or campaign team")]
    NotForCampaigns {
        /// Its number, from 1.
        scope: usize,
    },
    /// A PKS without its memorandum.
    #[error("a PKS carries out a MoU; name it")]
    ParentMissing,
    /// A memorandum with a parent, or a parent that is no memorandum in force.
    #[error("the agreement named as its MoU is none that is in force when this one begins")]
    ParentUnfit,
    /// A party that belongs to no party of the memorandum.
    #[error("party {organisation} belongs to no party of the MoU")]
    PartyOutsideParent {
        /// Which.
        organisation: OrganisationId,
    },
    /// It opens more than its memorandum.
    #[error("scope {scope} opens more than the MoU does; narrow it or change the MoU")]
    WiderThanParent {
        /// Its number, from 1.
        scope: usize,
    },
    /// It ends after its memorandum.
    #[error("it ends after its MoU, which ends on {last}")]
    LongerThanParent {
        /// The memorandum's last day.
        last: Date,
    },
    /// Another one holds for the same parties at the same time.
    #[error("agreement {other} of these parties holds at the same time; renew or revoke that one")]
    Overlaps {
        /// Which.
        other: AgreementId,
    },
}

impl Refused {
    /// The stable reference, for locale files and machines.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::NotNow(_) => "agreement_not_now",
            Self::NotAParty => "agreement_not_a_party",
            Self::SignedAlready => "agreement_signed_already",
            Self::TextChanged => "agreement_text_changed",
            Self::SamePerson => "agreement_same_person",
            Self::ReasonMissing => "agreement_reason_missing",
            Self::TitleMissing => "agreement_title_missing",
            Self::Parties => "agreement_parties",
            Self::TooFewRemain => "agreement_too_few_remain",
            Self::LeftAlready => "agreement_left_already",
            Self::OutsideTerm => "agreement_outside_term",
            Self::EndBeforeStart { .. } => "agreement_end_before_start",
            Self::TermLength => "agreement_term_length",
            Self::Scopes => "agreement_scopes",
            Self::SideNotAParty { .. } => "agreement_side_not_a_party",
            Self::NotForCampaigns { .. } => "agreement_not_for_campaigns",
            Self::ParentMissing => "agreement_parent_missing",
            Self::ParentUnfit => "agreement_parent_unfit",
            Self::PartyOutsideParent { .. } => "agreement_party_outside_parent",
            Self::WiderThanParent { .. } => "agreement_wider_than_parent",
            Self::LongerThanParent { .. } => "agreement_longer_than_parent",
            Self::Overlaps { .. } => "agreement_overlaps",
        }
    }
}
