//! Agreements: dated grants between organisations, from a proposal to their end.
//!
//! ```mermaid
//! stateDiagram-v2
//!   [*] --> Proposed: propose
//!   Proposed --> Discussed: discuss
//!   Discussed --> Discussed: amend
//!   Proposed --> Agreed: agree
//!   Discussed --> Agreed: agree
//!   Agreed --> Discussed: discuss
//!   Agreed --> Signing: sign
//!   Signing --> Signing: sign
//!   Signing --> InForce: sign, the last party
//!   Proposed --> Withdrawn: withdraw
//!   Discussed --> Withdrawn: withdraw
//!   Agreed --> Withdrawn: withdraw
//!   Signing --> Withdrawn: withdraw
//!   InForce --> InForce: leave
//!   InForce --> Ending: revoke
//!   Ending --> InForce: keep
//!   Ending --> Revoked: revoke, by a second person
//!   InForce --> Renewed: renew
//!   Ending --> Renewed: renew
//!   InForce --> Lapsed: lapse
//!   Ending --> Lapsed: lapse
//! ```
//! The diagram, the verbs and the fuzz target `agreement` say the same thing. Whether an agreement
//! in force is about to expire, or has by its date, is no state but a reading of the calendar:
//! [`Agreement::standing`]. Access follows that, so it ends on its day even where no job ran.

mod refused;
mod scope;
pub mod verbs;

use std::collections::BTreeMap;

pub use refused::Refused;
pub use scope::{Opening, Purpose, Regions, Scope, Side, Stage, Stages};
pub use verbs::Surroundings;

use crate::date::Date;
use crate::ids::{AgreementId, MemberId, OrganisationId};
use crate::member::Zone;
use crate::pair::{First, Pair};
use crate::timestamp::Timestamp;

/// Days before the end from which an agreement is called expiring, and of each reminder.
pub const REMINDER_DAYS: [i64; 4] = [180, 90, 30, 7];
/// Parties of one agreement.
pub const PARTIES_MAX: usize = 50;
/// Scopes of one agreement.
pub const SCOPES_MAX: usize = 40;
/// The longest term, in months.
pub const TERM_MONTHS_MAX: u32 = 240;

/// Which of the two forms it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// A memorandum of understanding, mostly between central bodies.
    Mou,
    /// A cooperation agreement that carries a memorandum out, mostly in one region.
    Pks,
}

impl Form {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Mou, Self::Pks];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mou => "mou",
            Self::Pks => "pks",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|form| form.as_str() == word)
    }
}

/// How long it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// For so many months from its start: "3 tahun" is 36.
    Months(u32),
    /// Until the end of this day.
    Until(Date),
}

/// One party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// The number under which this party files it.
    pub number: String,
    /// The office that signs for it, such as "Ketua".
    pub signatory: String,
    /// Whom to ask.
    pub liaison: String,
    /// The first day on which it is no party any more.
    pub left: Option<Date>,
}

/// What is agreed: the text that parties sign, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// MoU or PKS.
    pub form: Form,
    /// What it is called.
    pub title: String,
    /// The memorandum it carries out.
    pub parent: Option<AgreementId>,
    /// Where it is signed.
    pub place: String,
    /// The parties, in the order of the document.
    pub parties: Vec<Party>,
    /// Its first day.
    pub starts: Date,
    /// How long it holds.
    pub term: Term,
    /// What it opens.
    pub scopes: Vec<Scope>,
    /// SHA-256 of the document, once there is one.
    pub document: Option<[u8; 32]>,
}

impl Terms {
    /// Its last day; nothing where the calendar ends before.
    pub fn ends(&self) -> Option<Date> {
        match self.term {
            Term::Months(months) => self.starts.last_of_term(months),
            Term::Until(last) => Some(last),
        }
    }

    /// Whether `organisation` is a party on `day`.
    pub fn binds(&self, organisation: OrganisationId, day: Date) -> bool {
        self.parties.iter().any(|party| {
            party.organisation == organisation && party.left.is_none_or(|left| day < left)
        })
    }
}

/// That somebody signed for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The member who entered it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// The zone in whose days agreements begin and end.
pub const AGREEMENT_ZONE: Zone = Zone::Wib;

/// Where an agreement is in its life; each variant holds only what is true in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementState {
    /// One organisation proposed it.
    Proposed,
    /// Its terms are being discussed.
    Discussed,
    /// The text is settled and can be signed.
    Agreed,
    /// Some parties have signed.
    Signing {
        /// Who has.
        signatures: BTreeMap<OrganisationId, Signature>,
    },
    /// Every party has signed.
    InForce {
        /// The signatures.
        signatures: BTreeMap<OrganisationId, Signature>,
    },
    /// One person wants it revoked; it stays in force until a second one agrees.
    Ending {
        /// The signatures.
        signatures: BTreeMap<OrganisationId, Signature>,
        /// Who wants it.
        first: First,
        /// Why.
        reason: String,
    },
    /// Another agreement took its place.
    Renewed {
        /// Which.
        by: AgreementId,
        /// From its last day on as before; access goes on through the new one.
        at: Timestamp,
    },
    /// Its term is over.
    Lapsed {
        /// When this was recorded.
        at: Timestamp,
    },
    /// Two people ended it before its time.
    Revoked {
        /// Who.
        pair: Pair,
        /// Why.
        reason: String,
    },
    /// It was given up before all had signed.
    Withdrawn {
        /// By whom.
        by: MemberId,
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

impl AgreementState {
    /// The word used in files and the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Discussed => "discussed",
            Self::Agreed => "agreed",
            Self::Signing { .. } => "signing",
            Self::InForce { .. } => "in_force",
            Self::Ending { .. } => "ending",
            Self::Renewed { .. } => "renewed",
            Self::Lapsed { .. } => "lapsed",
            Self::Revoked { .. } => "revoked",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// Who has signed so far.
    pub fn signatures(&self) -> Option<&BTreeMap<OrganisationId, Signature>> {
        match self {
            Self::Signing { signatures }
            | Self::InForce { signatures }
            | Self::Ending { signatures, .. } => Some(signatures),
            _ => None,
        }
    }
}

/// What the calendar says of an agreement on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not everybody has signed.
    Unsigned,
    /// Signed, and its first day is still to come.
    Awaited,
    /// It holds.
    InForce,
    /// It holds for less than [`REMINDER_DAYS`]'s first.
    Expiring {
        /// Days after this one on which it still holds; 0 on the last.
        days_left: i64,
    },
    /// It holds no more.
    Over,
}

impl Standing {
    /// Whether it opens anything on that day.
    pub fn holds(self) -> bool {
        matches!(self, Self::InForce | Self::Expiring { .. })
    }
}

/// A dated agreement between organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its identity.
    pub id: AgreementId,
    /// What is agreed.
    pub terms: Terms,
    /// The agreement it renews.
    pub renews: Option<AgreementId>,
    /// The organisation that proposed it.
    pub proposed_by: OrganisationId,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it is in its life.
    pub state: AgreementState,
    /// Rises with every change.
    pub version: i64,
}

impl Agreement {
    /// What the calendar says on `day`.
    pub fn standing(&self, day: Date) -> Standing {
        match &self.state {
            AgreementState::Proposed
            | AgreementState::Discussed
            | AgreementState::Agreed
            | AgreementState::Signing { .. } => Standing::Unsigned,
            AgreementState::Lapsed { .. }
            | AgreementState::Revoked { .. }
            | AgreementState::Withdrawn { .. } => Standing::Over,
            AgreementState::InForce { .. }
            | AgreementState::Ending { .. }
            | AgreementState::Renewed { .. } => self.by_date(day),
        }
    }

    fn by_date(&self, day: Date) -> Standing {
        let Some(last) = self.terms.ends() else {
            return Standing::Over;
        };
        if day < self.terms.starts {
            return Standing::Awaited;
        }
        match last.since(day) {
            left if left < 0 => Standing::Over,
            days_left if days_left <= REMINDER_DAYS[0] => Standing::Expiring { days_left },
            _ => Standing::InForce,
        }
    }

    /// Whether the two open some of the same, between two of the same parties, at the same time. No
    /// fault, as wider and narrower agreements may stand beside one another; but whoever agrees on
    /// the second should know of the first. What it renews, and the memorandum it carries out, are
    /// meant to.
    pub fn touches(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.terms.ends(), other.terms.ends()) else {
            return false;
        };
        let kin = [self.renews, self.terms.parent].contains(&Some(other.id))
            || [other.renews, other.terms.parent].contains(&Some(self.id));
        if self.id == other.id || kin {
            return false;
        }
        let parties = self.terms.parties.iter().map(|party| party.organisation);
        let day = self.terms.starts.max(other.terms.starts);
        let shared: Vec<OrganisationId> = parties
            .filter(|party| self.terms.binds(*party, day) && other.terms.binds(*party, day))
            .collect();
        let mut pairs = self.terms.scopes.iter().flat_map(|scope| {
            let others = other.terms.scopes.iter();
            others.map(move |theirs| (scope, theirs))
        });
        self.terms.starts <= theirs
            && other.terms.starts <= mine
            && pairs.any(|(mine, theirs)| mine.overlaps(theirs, &shared))
    }

    /// Whether the two hold for the same parties at the same time, so that nobody could say which
    /// of them applies; one that renews the other may follow it on the day after.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.terms.ends(), other.terms.ends()) else {
            return false;
        };
        let members = |terms: &Terms| {
            let ids = terms.parties.iter().map(|party| party.organisation);
            ids.collect::<std::collections::BTreeSet<_>>()
        };
        self.id != other.id
            && self.terms.form == other.terms.form
            && self.terms.parent == other.terms.parent
            && self.terms.starts <= theirs
            && other.terms.starts <= mine
            && members(&self.terms) == members(&other.terms)
    }
}
