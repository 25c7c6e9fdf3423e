//! How long one decision of access takes: 2,600 organisations, at least 20,000 doors between them.
//!
//! Prints one JSON object: organisations, doors, microseconds of building all, nanoseconds of one
//! decision (open and shut ones in turn), and bytes of the doors.
#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "an example that measures"
)]

use std::collections::HashMap;
use std::time::Instant;

use domain::agreement::{
    Agreement, AgreementState, Form, Opening, Party, Purpose, Regions, Scope, Side, Stages, Term,
    Terms,
};
use domain::date::Date;
use domain::organisation::OrganisationKind;
use domain::reach::{Branch, Question, Reach};
use domain::region::RegionCode;
use domain::{AgreementId, OrganisationId, Timestamp};
use uuid::Uuid;

const ORGANISATIONS: u128 = 2_600;
const REGENCIES: u128 = 514;
const MEDIA_OF_AN_ASSOCIATION: u128 = 470;
const DECISIONS: u128 = 4_000_000;

fn org(number: u128) -> OrganisationId {
    // Spread as real identities are, so that the hash has something to do.
    OrganisationId(Uuid::from_u128(
        number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835),
    ))
}

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd(year, month, day).unwrap_or_else(|| unreachable!("the calendar has this day"))
}

fn agreement(
    number: u128,
    parties: &[u128],
    with_members: bool,
    region: Option<&str>,
) -> Agreement {
    let party = |number: &u128| Party {
        organisation: org(*number),
        number: String::new(),
        signatory: String::new(),
        liaison: String::new(),
        left: None,
    };
    let regions = region.and_then(|code| RegionCode::parse(code).ok());
    let regions = regions.map_or(Regions::Everywhere, |code| Regions::Only([code].into()));
    let terms = Terms {
        form: Form::Mou,
        title: String::new(),
        parent: None,
        place: String::new(),
        parties: parties.iter().map(party).collect(),
        starts: day(2024, 1, 17),
        term: Term::Months(36),
        scopes: vec![Scope {
            gives: Side::Every,
            takes: Side::Every,
            with_members,
            opens: [Opening::SeeCases, Opening::AskInquiry, Opening::SeeFigures].into(),
            regions,
            stages: Stages::Always,
            purpose: Purpose::FactCheck,
        }],
        document: None,
    };
    let id = AgreementId(Uuid::from_u128(number));
    let mut agreement = Agreement::propose(id, terms, org(parties[0]), Timestamp(0));
    agreement.state = AgreementState::InForce {
        signatures: std::collections::BTreeMap::new(),
    };
    agreement
}

fn main() {
    // Two commissions and an association with 470 media; then in each regency its own bodies:
    // commission, supervisor and two chapters that agree, and a meeting of 21 in each province.
    let mut agreements = vec![agreement(0, &[0, 1, 2], true, None)];
    for regency in 0..REGENCIES {
        let first = 500 + regency * 4;
        let parties: Vec<u128> = (first..first + 4).collect();
        let region = format!("{:02}.{:02}", 11 + regency / 20, 1 + regency % 20);
        agreements.push(agreement(1 + regency, &parties, false, Some(&region)));
    }
    for province in 0..38 {
        let parties: Vec<u128> = (0..21)
            .map(|party| 500 + (province * 53 + party * 97) % 2_056)
            .collect();
        agreements.push(agreement(1_000 + province, &parties, false, None));
    }
    let media = (3..3 + MEDIA_OF_AN_ASSOCIATION).map(|number| Branch {
        organisation: org(number),
        from: None,
        until: None,
    });
    let branches = HashMap::from([(org(2), media.collect::<Vec<_>>())]);
    let begun = Instant::now();
    let reach = Reach::new(&agreements, &branches, |_| OrganisationKind::Newsroom);
    let built = begun.elapsed();
    let day = day(2026, 11, 26);
    let region = RegionCode::parse("15.05").ok();
    let begun = Instant::now();
    let mut open = 0_u64;
    for number in 0..DECISIONS {
        let question = Question {
            taker: org(number.wrapping_mul(7_919) % ORGANISATIONS),
            giver: org(
                number.wrapping_mul(104_729) % if number % 2 == 0 { 3 } else { ORGANISATIONS }
            ),
            opening: Opening::SeeCases,
            region: region.as_ref(),
            stage: None,
            day,
        };
        open += u64::from(reach.opened(&question).is_some());
    }
    let each = begun.elapsed().as_nanos() as f64 / DECISIONS as f64;
    println!(
        "{{\"organisations\": {ORGANISATIONS}, \"doors\": {}, \"build_us\": {}, \"decision_ns\": {each:.0}, \"open\": {open}}}",
        reach.doors(),
        built.as_micros()
    );
}
