//! What an agreement opens: a closed list that a jurist can read, within regions, stages and a
//! purpose.

use std::collections::BTreeSet;

use crate::ids::OrganisationId;
use crate::region::RegionCode;

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// The whole list, in the order it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

closed_list! {
    /// One thing that an agreement can open: a kind of record, and what may be done with it.
    Opening {
        /// See cases: what is being worked on, and by whom; no draft.
        SeeCases => "case.see",
        /// See drafts of checks before they are published.
        SeeDrafts => "draft.see",
        /// See citizens' tips; never who sent them.
        SeeTips => "tip.see",
        /// See preserved evidence.
        SeeEvidence => "evidence.see",
        /// See figures: counts by region and day.
        SeeFigures => "figures.see",
        /// See official answers before they are public.
        SeeStatements => "statement.see",
        /// Carry official answers in one's own pages.
        CarryStatements => "statement.carry",
        /// Carry published checks in one's own pages.
        CarryChecks => "fact_check.carry",
        /// Ask for information or data.
        AskInquiry => "inquiry.ask",
        /// Ask for a resource person.
        AskResourcePerson => "resource_person.ask",
        /// Hand over what may break election rules.
        SendReferral => "referral.send",
        /// See what became of one's referrals.
        SeeOutcomes => "outcome.see",
    }
}

closed_list! {
    /// What the opened records may be used for.
    Purpose {
        /// Checking facts.
        FactCheck => "fact_check",
        /// Voters' education.
        VoterEducation => "voter_education",
        /// Supervision of an election.
        Supervision => "supervision",
        /// Working together.
        Coordination => "coordination",
        /// Research with figures.
        Research => "research",
    }
}

closed_list! {
    /// A phase in the calendar of an election.
    Stage {
        /// Planning and budget.
        Planning => "planning",
        /// Voter lists.
        VoterList => "voter_list",
        /// Registration of parties and candidates.
        Registration => "registration",
        /// The fixed list of candidates.
        CandidateList => "candidate_list",
        /// Campaign.
        Campaign => "campaign",
        /// Quiet days.
        QuietDays => "quiet_days",
        /// Voting day.
        Voting => "voting",
        /// Counting and recapitulation.
        Counting => "counting",
        /// Disputes over results.
        Dispute => "dispute",
        /// Decision of results and oath.
        Inauguration => "inauguration",
    }
}

/// Where a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Regions {
    /// In the whole country, and for what has no region.
    Everywhere,
    /// In these regions and in all below them.
    Only(BTreeSet<RegionCode>),
}

impl Regions {
    /// Whether a record of `region` lies in them.
    pub fn cover(&self, region: Option<&RegionCode>) -> bool {
        match (self, region) {
            (Self::Everywhere, _) => true,
            (Self::Only(_), None) => false,
            (Self::Only(codes), Some(region)) => codes.iter().any(|code| code.contains(region)),
        }
    }

    /// Whether some place lies in both.
    pub fn overlap(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everywhere, _) | (_, Self::Everywhere) => true,
            (Self::Only(these), Self::Only(those)) => these.iter().any(|one| {
                let mut those = those.iter();
                those.any(|other| one.contains(other) || other.contains(one))
            }),
        }
    }

    /// Whether every place of these is a place of `wider`.
    pub fn lie_within(&self, wider: &Self) -> bool {
        match (self, wider) {
            (_, Self::Everywhere) => true,
            (Self::Everywhere, Self::Only(_)) => false,
            (Self::Only(codes), Self::Only(_)) => codes.iter().all(|code| wider.cover(Some(code))),
        }
    }
}

/// When in the calendar of an election a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stages {
    /// In every stage and between elections.
    Always,
    /// In these stages only; not where the stage is not known.
    Only(BTreeSet<Stage>),
}

impl Stages {
    /// Whether the scope holds in `stage`.
    pub fn cover(&self, stage: Option<Stage>) -> bool {
        match self {
            Self::Always => true,
            Self::Only(stages) => stage.is_some_and(|stage| stages.contains(&stage)),
        }
    }

    /// Whether some stage is in both.
    pub fn overlap(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => true,
            (Self::Only(these), Self::Only(those)) => !these.is_disjoint(those),
        }
    }

    /// Whether every stage of these is one of `wider`.
    pub fn lie_within(&self, wider: &Self) -> bool {
        match (self, wider) {
            (_, Self::Always) => true,
            (Self::Always, Self::Only(_)) => false,
            (Self::Only(these), Self::Only(those)) => these.is_subset(those),
        }
    }
}

/// Who opens, or for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Each party.
    Every,
    /// One of them.
    One(OrganisationId),
}

impl Side {
    /// Whether `party` is on this side.
    pub fn has(self, party: OrganisationId) -> bool {
        match self {
            Self::Every => true,
            Self::One(one) => one == party,
        }
    }
}

/// One grant of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Whose records are opened.
    pub gives: Side,
    /// Who may use them.
    pub takes: Side,
    /// Whether members and chapters of the taking party may use them too.
    pub with_members: bool,
    /// What is opened; never empty.
    pub opens: BTreeSet<Opening>,
    /// Where.
    pub regions: Regions,
    /// When in an election.
    pub stages: Stages,
    /// What for.
    pub purpose: Purpose,
}

impl Scope {
    /// Whether both open some of the same to one of `parties` by another.
    pub fn overlaps(&self, other: &Self, parties: &[OrganisationId]) -> bool {
        let both = |giver: OrganisationId, taker: OrganisationId| {
            giver != taker
                && self.gives.has(giver)
                && other.gives.has(giver)
                && self.takes.has(taker)
                && other.takes.has(taker)
        };
        let mut pairs = parties
            .iter()
            .flat_map(|giver| parties.iter().map(move |taker| (*giver, *taker)));
        !self.opens.is_disjoint(&other.opens)
            && self.regions.overlap(&other.regions)
            && self.stages.overlap(&other.stages)
            && pairs.any(|(giver, taker)| both(giver, taker))
    }

    /// Whether everything this scope opens is opened by `wider` too. `kin(a, b)` says whether
    /// `a` is `b` or one of its branches.
    pub fn lies_within(
        &self,
        wider: &Self,
        kin: impl Fn(OrganisationId, OrganisationId) -> bool,
    ) -> bool {
        let side = |ours: Side, theirs: Side| match (ours, theirs) {
            (_, Side::Every) => true,
            (Side::One(ours), Side::One(theirs)) => kin(ours, theirs),
            (Side::Every, Side::One(_)) => false,
        };
        side(self.gives, wider.gives)
            && side(self.takes, wider.takes)
            && (wider.with_members || !self.with_members)
            && self.opens.is_subset(&wider.opens)
            && self.regions.lie_within(&wider.regions)
            && self.stages.lie_within(&wider.stages)
            && self.purpose == wider.purpose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(codes: &[&str]) -> Regions {
        Regions::Only(
            codes
                .iter()
                .map(|code| RegionCode::parse(code).expect("code"))
                .collect(),
        )
    }

    #[test]
    fn a_region_covers_what_lies_below_it() {
        let jambi = regions(&["15"]);
        let at = |code| RegionCode::parse(code).expect("code");
        assert!(jambi.cover(Some(&at("15"))));
        assert!(jambi.cover(Some(&at("15.05.01"))));
        assert!(!jambi.cover(Some(&at("16.05"))));
        assert!(!jambi.cover(None), "what is national lies in no region");
        assert!(regions(&["15.05", "15.06"]).lie_within(&jambi));
        assert!(!jambi.lie_within(&regions(&["15.05"])));
        assert!(!Regions::Everywhere.lie_within(&jambi));
    }

    #[test]
    fn a_stage_that_is_not_known_opens_nothing() {
        let campaign = Stages::Only([Stage::Campaign].into());
        assert!(campaign.cover(Some(Stage::Campaign)));
        assert!(!campaign.cover(Some(Stage::Voting)));
        assert!(!campaign.cover(None));
        assert!(!Stages::Always.lie_within(&campaign));
    }

    #[test]
    fn words_read_back() {
        for opening in Opening::ALL {
            assert_eq!(Opening::parse(opening.as_str()), Some(*opening));
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(*stage));
        }
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(*purpose));
        }
    }
}
