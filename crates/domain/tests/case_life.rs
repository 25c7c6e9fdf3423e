//! Drives cases with random verbs and compares every step with the published diagram.
//!
//! The oracle is a table written from the diagram, not the code's own match arms: it knows
//! only state names, who holds, who wrote and whether the lock has lapsed.

use domain::case::{Case, CaseRefused, CaseState};
use domain::fact_check::{Draft, Rating};
use domain::{CaseId, ClusterId, FactCheckId, MemberId, OrganisationId, Timestamp, limits};
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Verb {
    Take,
    Release,
    Save { whole: bool },
    Submit,
    Return { note: bool },
    Approve,
    Close { note: bool },
}

fn verbs() -> impl Strategy<Value = Vec<(Verb, u8, i64)>> {
    let verb = prop_oneof![
        4 => Just(Verb::Take),
        1 => Just(Verb::Release),
        4 => any::<bool>().prop_map(|whole| Verb::Save { whole }),
        3 => Just(Verb::Submit),
        2 => any::<bool>().prop_map(|note| Verb::Return { note }),
        3 => Just(Verb::Approve),
        1 => any::<bool>().prop_map(|note| Verb::Close { note }),
    ];
    let minutes = prop_oneof![4 => 0_i64..3, 1 => 10_i64..30];
    prop::collection::vec((verb, 0_u8..3, minutes), 1..40)
}

/// What the diagram says, kept apart from the code under test.
#[derive(Debug, Clone, PartialEq)]
struct Model {
    state: &'static str,
    holder: Option<(u8, i64)>,
    submitted_by: Option<u8>,
    wrote: Vec<u8>,
    whole: bool,
}

impl Model {
    fn step(&mut self, verb: &Verb, who: u8, now: i64) -> bool {
        let lapse = limits::CASE_LOCK_IDLE_US;
        let mine = self.holder.is_some_and(|(holder, _)| holder == who);
        let others = self
            .holder
            .is_some_and(|(holder, at)| holder != who && now - at < lapse);
        let possible = match (verb, self.state) {
            (Verb::Take, "open" | "returned") => true,
            (Verb::Take, "held") => !others,
            (Verb::Release | Verb::Save { .. }, "held") => mine,
            (Verb::Submit, "held") => mine && self.whole,
            (Verb::Approve, "in_review") => {
                !self.wrote.contains(&who) && self.submitted_by != Some(who)
            }
            (Verb::Return { note }, "in_review") | (Verb::Close { note }, "open" | "returned") => {
                *note
            }
            (Verb::Close { note }, "held") => *note && !others,
            _ => false,
        };
        if possible {
            self.follow(verb, who, now);
        }
        possible
    }

    fn follow(&mut self, verb: &Verb, who: u8, now: i64) {
        (self.state, self.holder) = match verb {
            Verb::Take | Verb::Save { .. } => ("held", Some((who, now))),
            Verb::Release => ("open", None),
            Verb::Submit => ("in_review", None),
            Verb::Return { .. } => ("returned", None),
            Verb::Approve => ("published", None),
            Verb::Close { .. } => ("closed", None),
        };
        match verb {
            Verb::Save { whole } => {
                self.whole = *whole;
                if !self.wrote.contains(&who) {
                    self.wrote.push(who);
                }
            }
            Verb::Submit => self.submitted_by = Some(who),
            _ => {}
        }
    }
}

fn member(number: u8) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(number) + 1))
}

fn draft(whole: bool) -> Draft {
    if !whole {
        return Draft {
            claim: "Klaim".into(),
            ..Draft::default()
        };
    }
    Draft {
        claim: "Klaim".into(),
        rating: Some(Rating::False),
        explanation: "Penjelasan.".into(),
        evidence: vec!["https://example.org".into()],
        ..Draft::default()
    }
}

fn act(case: Case, verb: &Verb, who: u8, now: Timestamp) -> Result<Case, CaseRefused> {
    let by = member(who);
    let note = |given: bool| if given { "karena" } else { " " };
    match verb {
        Verb::Take => case.take(by, now),
        Verb::Release => case.release(by),
        Verb::Save { whole } => case.save(draft(*whole), by, now),
        Verb::Submit => case.submit(by, now),
        Verb::Return { note: given } => case.return_with_note(by, note(*given), now),
        Verb::Approve => case
            .approve(by, FactCheckId(Uuid::nil()), now)
            .map(|(case, _)| case),
        Verb::Close { note: given } => case.close(by, note(*given), now),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_case_follows_the_diagram(steps in verbs()) {
        let mut now = Timestamp(0);
        let mut case = Case::open(
            CaseId(Uuid::nil()), ClusterId(Uuid::nil()), OrganisationId(Uuid::nil()),
            "judul".into(), member(0), now,
        );
        let mut model = Model { state: "open", holder: None, submitted_by: None, wrote: vec![], whole: false };
        for (verb, who, minutes) in steps {
            now = now.plus_us(minutes * Timestamp::MINUTE_US);
            let before = case.clone();
            let expected = model.step(&verb, who, now.0);
            match act(case, &verb, who, now) {
                Ok(next) => {
                    prop_assert!(expected, "{verb:?} by {who} was let through in {:?}", before.state);
                    prop_assert_eq!(next.version, before.version + 1);
                    case = next;
                }
                Err(refused) => {
                    prop_assert!(!expected, "{verb:?} by {who} was refused in {:?}: {refused}", before.state);
                    case = before;
                }
            }
            prop_assert_eq!(case.state.as_str(), model.state);
            if let CaseState::Published { author, reviewer, .. } = &case.state {
                prop_assert_ne!(author, reviewer);
            }
        }
    }
}
