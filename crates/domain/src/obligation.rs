//! Obligations: who promised what by when, tied to facts the system knows, so that fulfilment
//! counts itself; and the events of an agreement, which are such facts.

use crate::date::Date;
use crate::ids::{AgreementId, EventId, MemberId, ObligationId, OrganisationId};
use crate::timestamp::Timestamp;

/// What happened under an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// One body received another.
    Audience,
    /// A coordination meeting.
    Coordination,
    /// A decision by consensus.
    Decision,
    /// A training.
    Training,
    /// A point of the agreement was explained to the public.
    Socialisation,
    /// A party contributed something.
    Contribution,
}

impl EventKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Audience,
        Self::Coordination,
        Self::Decision,
        Self::Training,
        Self::Socialisation,
        Self::Contribution,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Coordination => "coordination",
            Self::Decision => "decision",
            Self::Training => "training",
            Self::Socialisation => "socialisation",
            Self::Contribution => "contribution",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// One event under an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementEvent {
    /// Its identity.
    pub id: EventId,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// What it was.
    pub kind: EventKind,
    /// The party whose doing it was.
    pub organisation: OrganisationId,
    /// Its day.
    pub day: Date,
    /// Where.
    pub place: String,
    /// What it was about: the agenda, the point explained, the thing contributed.
    pub subject: String,
    /// Who attended, by body and office.
    pub attendance: String,
    /// What was decided.
    pub decision: String,
    /// SHA-256 of the minutes.
    pub minutes: Option<[u8; 32]>,
    /// Who entered it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// What fulfils an obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// The party published so many checks within the term, until the day it is due.
    ChecksPublished {
        /// How many.
        count: u32,
    },
    /// So many events of a kind were entered for the party.
    Events {
        /// Of which kind.
        kind: EventKind,
        /// How many.
        count: u32,
    },
    /// A person says so.
    ByHand,
}

/// What a party promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Its identity.
    pub id: ObligationId,
    /// In which agreement.
    pub agreement: AgreementId,
    /// Which party.
    pub organisation: OrganisationId,
    /// In the words of the agreement.
    pub text: String,
    /// The last day on which it is in time.
    pub due: Date,
    /// What fulfils it.
    pub tie: Tie,
    /// When a person said that it is done, for one that is told by hand.
    pub done: Option<Date>,
}

/// How an obligation stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fulfilment {
    /// The day has passed and it is not done.
    Overdue {
        /// How many days ago it was due.
        days: i64,
    },
    /// It is still to be done.
    Open {
        /// In how many days it is due.
        days: i64,
    },
    /// It is done.
    Done,
}

impl Obligation {
    /// How many facts it takes.
    pub fn wanted(&self) -> u32 {
        match self.tie {
            Tie::ChecksPublished { count } | Tie::Events { count, .. } => count,
            Tie::ByHand => 1,
        }
    }

    /// How it stands on `today` with so many facts counted.
    pub fn fulfilment(&self, counted: u32, today: Date) -> Fulfilment {
        let done = match self.tie {
            Tie::ByHand => self.done.is_some(),
            Tie::ChecksPublished { count } | Tie::Events { count, .. } => counted >= count,
        };
        let days = self.due.since(today);
        if done {
            Fulfilment::Done
        } else if days < 0 {
            Fulfilment::Overdue { days: -days }
        } else {
            Fulfilment::Open { days }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_overdue_comes_first_and_facts_fulfil() {
        let date = |text| Date::parse(text).expect("date");
        let mut promised = Obligation {
            id: ObligationId(Uuid::nil()),
            agreement: AgreementId(Uuid::nil()),
            organisation: OrganisationId(Uuid::nil()),
            text: "menerbitkan sepuluh cek fakta".into(),
            due: date("2026-06-30"),
            tie: Tie::ChecksPublished { count: 10 },
            done: None,
        };
        let open = promised.fulfilment(9, date("2026-06-30"));
        let late = promised.fulfilment(9, date("2026-07-02"));
        let done = promised.fulfilment(10, date("2026-07-02"));
        assert_eq!(open, Fulfilment::Open { days: 0 });
        assert_eq!(late, Fulfilment::Overdue { days: 2 });
        assert_eq!(done, Fulfilment::Done);
        let mut order = [done, open, late];
        order.sort();
        assert_eq!(order, [late, open, done]);
        promised.tie = Tie::ByHand;
        assert_eq!(
            promised.fulfilment(99, date("2026-06-01")),
            Fulfilment::Open { days: 29 }
        );
        promised.done = Some(date("2026-06-02"));
        assert_eq!(promised.fulfilment(0, date("2026-07-02")), Fulfilment::Done);
    }
}
