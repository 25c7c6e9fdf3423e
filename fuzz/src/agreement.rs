//! The life of an agreement under any order of verbs, by anybody, with a calendar that steps both
//! ways.
//!
//! Oracles: the diagram, read out of the page that documents it, and a plain list of who signed
//! and who left. A verb that works must be an arrow there, and one whose condition holds must work.

use std::collections::BTreeSet;

use domain::agreement::{
    Agreement, AgreementState, Form, Opening, Party, Purpose, Refused, Regions, Scope, Side,
    Stages, Surroundings, Term, Terms,
};
use domain::date::Date;
use domain::organisation::OrganisationKind;
use domain::{AgreementId, MemberId, OrganisationId, Timestamp, limits};
use uuid::Uuid;

use crate::bytes::Bytes;
use crate::case::Arrow;

const SOURCE: &str = include_str!("../../crates/domain/src/agreement/mod.rs");
const STEPS_MAX: usize = 64;
const PARTIES: u8 = 3;
const FIRST_DAY: i64 = 20_000;
const MONTHS: u32 = 12;

/// The arrows of the diagram. What follows a comma is a condition.
pub fn arrows() -> BTreeSet<Arrow> {
    let lines = SOURCE
        .lines()
        .filter_map(|line| line.strip_prefix("//!   "));
    let arrow = |line: &str| {
        let (from, rest) = line.split_once(" --> ")?;
        let (to, verb) = rest.split_once(": ")?;
        let verb = verb.split([',', ' ']).next()?;
        (from != "[*]").then(|| (from.to_owned(), verb.to_owned(), to.to_owned()))
    };
    lines.filter_map(arrow).collect()
}

/// Lives an agreement and compares every step with the diagram.
pub fn check(data: &[u8]) {
    live(data, &arrows());
}

/// What a bystander would note down.
#[derive(Debug, Default)]
struct Notes {
    signed: BTreeSet<u8>,
    left: BTreeSet<u8>,
    agreed_version: i64,
    wants_it_ended: Option<u8>,
}

#[derive(Debug)]
struct Step {
    verb: &'static str,
    who: u8,
    day: i64,
    reason: String,
    read_back: i64,
}

impl Step {
    fn of(data: &mut Bytes, today: i64) -> Self {
        let verbs = [
            "discuss", "amend", "agree", "sign", "withdraw", "leave", "revoke", "keep", "renew",
            "lapse",
        ];
        let verb = verbs[usize::from(data.byte()) % verbs.len()];
        let who = data.byte() % (PARTIES + 1);
        let day = today + i64::from(data.byte().cast_signed());
        let read_back = i64::from(data.byte() % 4);
        let reason = match verb {
            "withdraw" | "revoke" => data.text(),
            _ => String::new(),
        };
        Self {
            verb,
            who,
            day,
            reason,
            read_back,
        }
    }
}

/// Like [`check`], with the arrows that were gone along.
pub fn live(data: &[u8], arrows: &BTreeSet<Arrow>) -> BTreeSet<Arrow> {
    let mut data = Bytes(data);
    let mut today = FIRST_DAY;
    let mut agreement = Agreement::propose(
        AgreementId(Uuid::nil()),
        terms(),
        organisation(0),
        Timestamp(0),
    );
    let mut notes = Notes::default();
    let mut gone = BTreeSet::new();
    for _ in 0..STEPS_MAX {
        if data.is_empty() {
            break;
        }
        let step = Step::of(&mut data, today);
        today = step.day;
        let before = agreement.clone();
        let may = may(&before, &step, &notes);
        match act(agreement, &step) {
            Ok(after) => {
                assert!(may, "{step:?} worked in {before:?}");
                assert_eq!(after.version, before.version + 1);
                let arrow = (place(&before), step.verb.to_owned(), place(&after));
                assert!(arrows.contains(&arrow), "{arrow:?} is no arrow");
                gone.insert(arrow);
                notes.write(&step, &after);
                holds_only_when_all_signed(&after, &notes);
                agreement = after;
            }
            Err(refused) => {
                assert!(!may, "{step:?} was refused in {before:?}: {refused}");
                assert!(refused.reference().starts_with("agreement_"));
                agreement = before;
            }
        }
    }
    gone
}

impl Notes {
    fn write(&mut self, step: &Step, after: &Agreement) {
        match step.verb {
            "agree" => {
                self.signed.clear();
                self.agreed_version = after.version;
            }
            "sign" => {
                self.signed.insert(step.who);
            }
            "leave" => {
                self.left.insert(step.who);
            }
            "revoke" => self.wants_it_ended = Some(step.who),
            "keep" => self.wants_it_ended = None,
            _ => {}
        }
    }
}

fn act(agreement: Agreement, step: &Step) -> Result<Agreement, Refused> {
    let (by, now) = (member(step.who), Timestamp(step.day * Timestamp::DAY_US));
    match step.verb {
        "discuss" => agreement.discuss(),
        "amend" => agreement.amend(terms()),
        "agree" => agreement.agree(&AROUND).map_err(|faults| faults[0].clone()),
        "sign" => {
            let read = agreement.version - step.read_back;
            agreement.sign(organisation(step.who), by, read, now)
        }
        "withdraw" => agreement.withdraw(by, &step.reason, now),
        "leave" => agreement.leave(organisation(step.who), day(step.day)),
        "revoke" => agreement.revoke(by, &step.reason, now),
        "keep" => agreement.keep(),
        "renew" => {
            let next = successor(&agreement, step.read_back == 0);
            agreement.renew(&next, now)
        }
        _ => agreement.lapse(day(step.day), now),
    }
}

/// Whether the diagram's conditions let this happen now.
fn may(agreement: &Agreement, step: &Step, notes: &Notes) -> bool {
    let said = (1..=limits::NOTE_CHARS).contains(&step.reason.trim().chars().count());
    let is_party = step.who < PARTIES;
    let last = FIRST_DAY + 365 - 1;
    match (place(agreement).as_str(), step.verb) {
        ("Proposed" | "Agreed", "discuss")
        | ("Discussed", "amend")
        | ("Proposed" | "Discussed", "agree")
        | ("Ending", "keep") => true,
        ("Agreed" | "Signing", "sign") => {
            let read = agreement.version - step.read_back;
            is_party && !notes.signed.contains(&step.who) && read >= notes.agreed_version
        }
        ("Proposed" | "Discussed" | "Agreed" | "Signing", "withdraw") | ("InForce", "revoke") => {
            said
        }
        ("InForce", "leave") => {
            let within = (FIRST_DAY..=last).contains(&step.day);
            within
                && is_party
                && !notes.left.contains(&step.who)
                && usize::from(PARTIES) - notes.left.len() > 2
        }
        ("Ending", "revoke") => notes.wants_it_ended != Some(step.who),
        ("InForce" | "Ending", "renew") => step.read_back == 0,
        ("InForce" | "Ending", "lapse") => step.day > last,
        _ => false,
    }
}

fn holds_only_when_all_signed(agreement: &Agreement, notes: &Notes) {
    for ahead in [-1, 0, 100, 364, 365] {
        let holds = agreement.standing(day(FIRST_DAY + ahead)).holds();
        let within = (0..365).contains(&ahead);
        let all = notes.signed.len() == usize::from(PARTIES);
        let alive = matches!(place(agreement).as_str(), "InForce" | "Ending" | "Renewed");
        assert_eq!(
            holds,
            within && all && alive,
            "{agreement:?} {ahead} days from its start"
        );
    }
    if let AgreementState::Revoked { pair, .. } = &agreement.state {
        assert_ne!(pair.first().by, pair.second().by);
    }
}

const AROUND: Surroundings<'static> = Surroundings {
    kind: &|_| OrganisationKind::Newsroom,
    kin: &|one, other| one == other,
    parent: None,
    others: &[],
};

fn terms() -> Terms {
    Terms {
        form: Form::Mou,
        title: "Kesepahaman".into(),
        parent: None,
        place: "Jakarta".into(),
        parties: (0..PARTIES)
            .map(|number| Party {
                organisation: organisation(number),
                number: String::new(),
                signatory: String::new(),
                liaison: String::new(),
                left: None,
            })
            .collect(),
        starts: day(FIRST_DAY),
        term: Term::Months(MONTHS),
        scopes: vec![Scope {
            gives: Side::Every,
            takes: Side::Every,
            with_members: false,
            opens: [Opening::SeeCases].into(),
            regions: Regions::Everywhere,
            stages: Stages::Always,
            purpose: Purpose::FactCheck,
        }],
        document: None,
    }
}

/// The agreement that renews it, signed by all; or one that only says so.
fn successor(agreement: &Agreement, signed: bool) -> Agreement {
    let id = AgreementId(Uuid::from_u128(7));
    let mut next = Agreement::propose(id, terms(), organisation(0), Timestamp(0));
    next.renews = Some(agreement.id);
    if signed {
        next = next
            .agree(&AROUND)
            .unwrap_or_else(|faults| panic!("{faults:?}"));
        let read = next.version;
        for number in 0..PARTIES {
            next = next
                .sign(organisation(number), member(number), read, Timestamp(0))
                .unwrap_or_else(|refused| panic!("{refused}"));
        }
    }
    next
}

fn day(days: i64) -> Date {
    Date::from_days(days).unwrap_or_else(|| panic!("day {days}"))
}

fn place(agreement: &Agreement) -> String {
    let name = format!("{:?}", agreement.state);
    name.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn member(number: u8) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(number) + 1))
}

fn organisation(number: u8) -> OrganisationId {
    OrganisationId(Uuid::from_u128(u128::from(number) + 100))
}
