//! Cases: the unit of newsroom work, from an open cluster to a published check.
//!
//! ```mermaid
//! stateDiagram-v2
//!   [*] --> Open: open
//!   Open --> Held: take
//!   Held --> Open: release
//!   Held --> Held: take, by another, once the lock has lapsed
//!   Held --> InReview: submit
//!   InReview --> Returned: return with a note
//!   Returned --> Held: take
//!   InReview --> Published: approve, by a second person
//!   Open --> Closed: close
//!   Held --> Closed: close, by the holder
//!   Returned --> Closed: close
//! ```
//! The diagram, the verbs below and the fuzz test in `tests/case_life.rs` say the same thing.

use crate::fact_check::{CompleteDraft, Draft, DraftFault};
use crate::ids::{CaseId, ClusterId, FactCheckId, MemberId, OrganisationId};
use crate::limits;
use crate::pair::First;
use crate::timestamp::Timestamp;

/// Who is writing, and when they last showed a sign of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Who holds the case.
    pub holder: MemberId,
    /// Their last sign.
    pub touched_at: Timestamp,
}

impl Lock {
    /// True once the holder has been silent for [`limits::CASE_LOCK_IDLE_US`].
    pub fn has_lapsed(self, now: Timestamp) -> bool {
        now.since_us(self.touched_at) >= limits::CASE_LOCK_IDLE_US
    }
}

/// Where a case is in its life; each variant holds only what is true in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseState {
    /// Nobody holds it.
    Open,
    /// Somebody is writing.
    Held {
        /// By whom and since when.
        lock: Lock,
    },
    /// Written, waiting for a second person.
    InReview {
        /// Who submitted it.
        author: MemberId,
        /// When.
        submitted_at: Timestamp,
    },
    /// Sent back.
    Returned {
        /// Whose draft it is.
        author: MemberId,
        /// Who sent it back.
        reviewer: MemberId,
        /// Why.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// Published as a fact-check.
    Published {
        /// The check.
        fact_check: FactCheckId,
        /// Who wrote it.
        author: MemberId,
        /// Who approved it.
        reviewer: MemberId,
        /// When.
        at: Timestamp,
    },
    /// Ended without a check.
    Closed {
        /// Who ended it.
        by: MemberId,
        /// Why.
        note: String,
        /// When.
        at: Timestamp,
    },
}

impl CaseState {
    /// The word used in files and the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Held { .. } => "held",
            Self::InReview { .. } => "in_review",
            Self::Returned { .. } => "returned",
            Self::Published { .. } => "published",
            Self::Closed { .. } => "closed",
        }
    }

    /// True while work on the case can go on.
    pub fn is_live(&self) -> bool {
        !matches!(self, Self::Published { .. } | Self::Closed { .. })
    }
}

/// One unit of desk work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its identity.
    pub id: CaseId,
    /// The cluster it is about.
    pub cluster: ClusterId,
    /// The newsroom it belongs to.
    pub organisation: OrganisationId,
    /// A working title, from the cluster's text at first.
    pub title: String,
    /// Who opened it.
    pub opened_by: MemberId,
    /// When.
    pub opened_at: Timestamp,
    /// What is written so far.
    pub draft: Draft,
    /// Everybody who has saved a draft of it: none of them may approve it.
    pub authors: Vec<MemberId>,
    /// Where it is in its life.
    pub state: CaseState,
    /// Rises with every change; a writer who saw an older one is told so.
    pub version: i64,
}

/// Why a verb is not possible; the reference names it for locale files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefused {
    /// Somebody else holds it.
    #[error("the case is held by somebody else")]
    HeldByOther {
        /// Who.
        holder: MemberId,
    },
    /// Only the holder may do this, and this person is not holding it.
    #[error("the case is not held by this person")]
    NotHeld,
    /// It is not waiting for review.
    #[error("the case is not in review")]
    NotInReview,
    /// It is finished.
    #[error("the case has ended")]
    Ended,
    /// It is waiting for review and cannot be taken meanwhile.
    #[error("the case is waiting for review")]
    WaitingForReview,
    /// The same person wrote it.
    #[error("a check is approved by a second person, never by one of its authors")]
    OwnWork,
    /// A note is needed.
    #[error("a note is needed")]
    NoteMissing,
    /// The note is too long.
    #[error("the note has {0} characters; at most {limit}", limit = limits::NOTE_CHARS)]
    NoteTooLong(usize),
    /// The draft lacks something.
    #[error("the draft is not complete")]
    Incomplete(Vec<DraftFault>),
}

impl CaseRefused {
    /// The stable reference, for locale files and machines.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::HeldByOther { .. } => "case_held_by_other",
            Self::NotHeld => "case_not_held",
            Self::NotInReview => "case_not_in_review",
            Self::Ended => "case_ended",
            Self::WaitingForReview => "case_waiting_for_review",
            Self::OwnWork => "case_own_work",
            Self::NoteMissing => "case_note_missing",
            Self::NoteTooLong(_) => "case_note_too_long",
            Self::Incomplete(_) => "case_incomplete",
        }
    }
}

impl Case {
    /// A fresh case on a cluster, held by nobody.
    pub fn open(
        id: CaseId,
        cluster: ClusterId,
        organisation: OrganisationId,
        title: String,
        by: MemberId,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            cluster,
            organisation,
            title,
            opened_by: by,
            opened_at: now,
            draft: Draft::default(),
            authors: Vec::new(),
            state: CaseState::Open,
            version: 1,
        }
    }

    /// Who holds it at `now`; a lapsed lock holds nothing.
    pub fn holder(&self, now: Timestamp) -> Option<MemberId> {
        match &self.state {
            CaseState::Held { lock } if !lock.has_lapsed(now) => Some(lock.holder),
            _ => None,
        }
    }

    /// Takes the case, or renews one's own lock.
    pub fn take(self, by: MemberId, now: Timestamp) -> Result<Self, CaseRefused> {
        match &self.state {
            CaseState::Held { lock } if lock.holder != by && !lock.has_lapsed(now) => {
                Err(CaseRefused::HeldByOther {
                    holder: lock.holder,
                })
            }
            CaseState::Open | CaseState::Held { .. } | CaseState::Returned { .. } => Ok(self
                .moved(CaseState::Held {
                    lock: Lock {
                        holder: by,
                        touched_at: now,
                    },
                })),
            CaseState::InReview { .. } => Err(CaseRefused::WaitingForReview),
            CaseState::Published { .. } | CaseState::Closed { .. } => Err(CaseRefused::Ended),
        }
    }

    /// Lets the case go; what was written stays.
    pub fn release(self, by: MemberId) -> Result<Self, CaseRefused> {
        self.held_by(by)?;
        Ok(self.moved(CaseState::Open))
    }

    /// Stores what is written so far and renews the lock. A lapsed lock that nobody else took
    /// still saves: writing is never lost to a coffee break.
    pub fn save(mut self, draft: Draft, by: MemberId, now: Timestamp) -> Result<Self, CaseRefused> {
        self.held_by(by)?;
        self.draft = draft;
        if !self.authors.contains(&by) {
            self.authors.push(by);
        }
        Ok(self.moved(CaseState::Held {
            lock: Lock {
                holder: by,
                touched_at: now,
            },
        }))
    }

    /// Hands the draft to a second person.
    pub fn submit(self, by: MemberId, now: Timestamp) -> Result<Self, CaseRefused> {
        self.held_by(by)?;
        let faults = self.draft.faults();
        if !faults.is_empty() {
            return Err(CaseRefused::Incomplete(faults));
        }
        Ok(self.moved(CaseState::InReview {
            author: by,
            submitted_at: now,
        }))
    }

    /// Sends the draft back with a note.
    pub fn return_with_note(
        self,
        by: MemberId,
        note: &str,
        now: Timestamp,
    ) -> Result<Self, CaseRefused> {
        let author = self.submitted()?.by;
        let note = checked_note(note)?;
        Ok(self.moved(CaseState::Returned {
            author,
            reviewer: by,
            note,
            at: now,
        }))
    }

    /// Publishes the draft: the second person's word. Yields the case and the text to publish.
    pub fn approve(
        self,
        by: MemberId,
        fact_check: FactCheckId,
        now: Timestamp,
    ) -> Result<(Self, CompleteDraft), CaseRefused> {
        let first = self.submitted()?;
        let pair = first.joined_by(by, now).map_err(|_| CaseRefused::OwnWork)?;
        if self.authors.contains(&by) {
            return Err(CaseRefused::OwnWork);
        }
        let complete = self
            .draft
            .clone()
            .complete()
            .map_err(CaseRefused::Incomplete)?;
        let case = self.moved(CaseState::Published {
            fact_check,
            author: pair.first().by,
            reviewer: pair.second().by,
            at: pair.second().at,
        });
        Ok((case, complete))
    }

    /// Ends the case without a check.
    pub fn close(self, by: MemberId, note: &str, now: Timestamp) -> Result<Self, CaseRefused> {
        match &self.state {
            CaseState::Held { lock } if lock.holder != by && !lock.has_lapsed(now) => {
                Err(CaseRefused::HeldByOther {
                    holder: lock.holder,
                })
            }
            CaseState::Open | CaseState::Held { .. } | CaseState::Returned { .. } => {
                let note = checked_note(note)?;
                Ok(self.moved(CaseState::Closed { by, note, at: now }))
            }
            CaseState::InReview { .. } => Err(CaseRefused::WaitingForReview),
            CaseState::Published { .. } | CaseState::Closed { .. } => Err(CaseRefused::Ended),
        }
    }

    fn moved(mut self, state: CaseState) -> Self {
        self.state = state;
        self.version += 1;
        self
    }

    fn held_by(&self, by: MemberId) -> Result<(), CaseRefused> {
        match &self.state {
            CaseState::Held { lock } if lock.holder == by => Ok(()),
            CaseState::Held { lock } => Err(CaseRefused::HeldByOther {
                holder: lock.holder,
            }),
            CaseState::InReview { .. } => Err(CaseRefused::WaitingForReview),
            CaseState::Published { .. } | CaseState::Closed { .. } => Err(CaseRefused::Ended),
            CaseState::Open | CaseState::Returned { .. } => Err(CaseRefused::NotHeld),
        }
    }

    fn submitted(&self) -> Result<First, CaseRefused> {
        match &self.state {
            CaseState::InReview {
                author,
                submitted_at,
            } => Ok(First::new(*author, *submitted_at)),
            CaseState::Published { .. } | CaseState::Closed { .. } => Err(CaseRefused::Ended),
            _ => Err(CaseRefused::NotInReview),
        }
    }
}

fn checked_note(note: &str) -> Result<String, CaseRefused> {
    let chars = note.chars().count();
    if note.trim().is_empty() {
        Err(CaseRefused::NoteMissing)
    } else if chars > limits::NOTE_CHARS {
        Err(CaseRefused::NoteTooLong(chars))
    } else {
        Ok(note.trim().to_owned())
    }
}
