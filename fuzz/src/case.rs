//! The life of a case under any order of verbs, by anybody, with a clock that steps both ways.
//!
//! Oracle: the diagram itself, read out of the page that documents it. A verb that works must be
//! an arrow there, and an arrow whose condition holds must work.

use std::collections::BTreeSet;

use domain::case::{Case, CaseRefused, CaseState};
use domain::fact_check::{Deception, Draft, Rating};
use domain::{CaseId, ClusterId, FactCheckId, MemberId, OrganisationId, Timestamp, limits};
use uuid::Uuid;

use crate::bytes::Bytes;

const SOURCE: &str = include_str!("../../crates/domain/src/case.rs");
const STEPS_MAX: usize = 64;
const PEOPLE: u8 = 4;

/// From, verb, to.
pub type Arrow = (String, String, String);

/// The arrows of the diagram. What follows a comma is a condition.
pub fn arrows() -> BTreeSet<Arrow> {
    let lines = SOURCE
        .lines()
        .filter_map(|line| line.strip_prefix("//!   "));
    lines
        .filter_map(|line| {
            let (from, rest) = line.split_once(" --> ")?;
            let (to, verb) = rest.split_once(": ")?;
            let verb = verb.split([',', ' ']).next()?;
            (from != "[*]").then(|| (from.to_owned(), verb.to_owned(), to.to_owned()))
        })
        .collect()
}

/// Lives a case and compares every step with the diagram.
pub fn check(data: &[u8]) {
    live(data, &arrows());
}

/// Like [`check`], with the arrows that were gone along.
pub fn live(data: &[u8], arrows: &BTreeSet<Arrow>) -> BTreeSet<Arrow> {
    let mut data = Bytes(data);
    let mut now = Timestamp(0);
    let mut case = Case::open(
        CaseId(Uuid::nil()),
        ClusterId(Uuid::nil()),
        OrganisationId(Uuid::nil()),
        "judul".into(),
        member(0),
        now,
    );
    let mut wrote = BTreeSet::new();
    let mut gone = BTreeSet::new();
    for _ in 0..STEPS_MAX {
        if data.is_empty() {
            break;
        }
        let step = Step::of(&mut data);
        now = now.plus_us(step.later_us);
        let before = case.clone();
        let may = may(&before, &step, &wrote, now);
        match act(case, &step, now) {
            Ok(after) => {
                assert!(may, "{step:?} worked in {before:?} at {now:?}");
                assert_eq!(after.version, before.version + 1);
                let arrow = (place(&before), step.verb.to_owned(), place(&after));
                if step.verb == "save" {
                    assert_eq!(arrow.0, "Held");
                    assert_eq!(arrow.2, "Held");
                    wrote.insert(step.who);
                } else {
                    assert!(arrows.contains(&arrow), "{arrow:?} is no arrow");
                    gone.insert(arrow);
                }
                published_well(&before, &after, &wrote);
                case = after;
            }
            Err(refused) => {
                assert!(
                    !may,
                    "{step:?} was refused in {before:?} at {now:?}: {refused}"
                );
                assert!(refused.reference().starts_with("case_"));
                case = before;
            }
        }
    }
    gone
}

#[derive(Debug)]
struct Step {
    verb: &'static str,
    who: u8,
    later_us: i64,
    note: String,
    draft: Draft,
}

impl Step {
    fn of(data: &mut Bytes) -> Self {
        let verbs = [
            "take", "release", "save", "submit", "return", "approve", "close",
        ];
        let verb = verbs[usize::from(data.byte()) % verbs.len()];
        let who = data.byte() % PEOPLE;
        // Minutes, and now and then a step back.
        let later_us = i64::from(data.byte().cast_signed()) * Timestamp::MINUTE_US / 4;
        Self {
            verb,
            who,
            later_us,
            note: match verb {
                "return" | "close" => data.text(),
                _ => String::new(),
            },
            draft: match verb {
                "save" => draft(data),
                _ => Draft::default(),
            },
        }
    }
}

fn draft(data: &mut Bytes) -> Draft {
    let shape = data.byte();
    if shape & 1 == 0 {
        return Draft {
            claim: "Klaim".into(),
            rating: Some(Rating::False),
            explanation: "Penjelasan.".into(),
            evidence: vec!["https://example.org/bukti".into()],
            ..Draft::default()
        };
    }
    let repeated = |text: String, often: u8| text.repeat(usize::from(often));
    Draft {
        claim: repeated(data.text(), shape >> 4),
        rating: Rating::ALL.get(usize::from(data.byte())).copied(),
        label: data.text(),
        deception: Deception::ALL.get(usize::from(data.byte())).copied(),
        explanation: repeated(data.text(), data.byte()),
        evidence: (0..data.byte() % 60).map(|_| data.text()).collect(),
    }
}

fn act(case: Case, step: &Step, now: Timestamp) -> Result<Case, CaseRefused> {
    let by = member(step.who);
    match step.verb {
        "take" => case.take(by, now),
        "release" => case.release(by),
        "save" => case.save(step.draft.clone(), by, now),
        "submit" => case.submit(by, now),
        "return" => case.return_with_note(by, &step.note, now),
        "approve" => case
            .approve(by, FactCheckId(Uuid::nil()), now)
            .map(|(case, _)| case),
        _ => case.close(by, &step.note, now),
    }
}

/// Whether the diagram's conditions let this person do this now.
fn may(case: &Case, step: &Step, wrote: &BTreeSet<u8>, now: Timestamp) -> bool {
    let me = member(step.who);
    let (mine, others) = match &case.state {
        CaseState::Held { lock } => {
            let silent = now.0 - lock.touched_at.0 >= limits::CASE_LOCK_IDLE_US;
            (lock.holder == me, lock.holder != me && !silent)
        }
        _ => (false, false),
    };
    let said = !step.note.trim().is_empty() && step.note.chars().count() <= limits::NOTE_CHARS;
    match (place(case).as_str(), step.verb) {
        ("Open" | "Returned", "take") => true,
        ("Held", "take") => !others,
        ("Held", "release" | "save") => mine,
        ("Held", "submit") => mine && is_whole(&case.draft),
        ("InReview", "return") => said,
        ("InReview", "approve") => {
            let submitted =
                matches!(&case.state, CaseState::InReview { author, .. } if *author == me);
            !submitted && !wrote.contains(&step.who)
        }
        ("Open" | "Returned", "close") => said,
        ("Held", "close") => said && !others,
        _ => false,
    }
}

/// What a reader of the published check must be able to rely on.
fn is_whole(draft: &Draft) -> bool {
    let characters = |text: &str| text.trim().chars().count();
    let link = |link: &String| {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|start| link.strip_prefix(start));
        link.len() <= limits::URL_BYTES
            && rest.is_some_and(|rest| {
                !rest.is_empty() && !rest.starts_with('/') && !rest.chars().any(char::is_whitespace)
            })
    };
    characters(&draft.claim) > 0
        && draft.claim.chars().count() <= limits::CLAIM_CHARS
        && draft.rating.is_some()
        && characters(&draft.explanation) > 0
        && draft.explanation.chars().count() <= limits::EXPLANATION_CHARS
        && (1..=limits::EVIDENCE_LINKS).contains(&draft.evidence.len())
        && draft.evidence.iter().all(link)
}

fn published_well(before: &Case, after: &Case, wrote: &BTreeSet<u8>) {
    assert!(
        !matches!(
            before.state,
            CaseState::Published { .. } | CaseState::Closed { .. }
        ),
        "what has ended moved again"
    );
    if let CaseState::Published {
        author, reviewer, ..
    } = &after.state
    {
        assert_ne!(author, reviewer);
        assert!(wrote.iter().all(|who| member(*who) != *reviewer));
        assert!(is_whole(&after.draft));
    }
}

/// The state's name in the diagram.
fn place(case: &Case) -> String {
    let name = format!("{:?}", case.state);
    name.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn member(number: u8) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(number) + 1))
}
