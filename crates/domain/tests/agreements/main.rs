//! Agreements as people make them: the 21 parties of Jambi, a PKS under its MoU, and every fault
//! a form can have.

#![cfg(test)]

mod parent;
mod past;
mod text;

use std::collections::HashMap;

use domain::agreement::{
    Agreement, AgreementState, Form, Opening, Party, Purpose, Refused, Regions, Scope, Side,
    Stages, Standing, Surroundings, Term, Terms,
};
use domain::date::Date;
use domain::organisation::OrganisationKind;
use domain::reach::{Branch, Question, Reach};
use domain::region::RegionCode;
use domain::{AgreementId, MemberId, OrganisationId, Timestamp};
use uuid::Uuid;

fn date(text: &str) -> Date {
    Date::parse(text).expect("date")
}

fn org(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(number))
}

fn person(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(1_000 + number))
}

fn regions(codes: &[&str]) -> Regions {
    Regions::Only(
        codes
            .iter()
            .map(|code| RegionCode::parse(code).expect("code"))
            .collect(),
    )
}

fn scope(opens: &[Opening]) -> Scope {
    Scope {
        gives: Side::Every,
        takes: Side::Every,
        with_members: false,
        opens: opens.iter().copied().collect(),
        regions: Regions::Everywhere,
        stages: Stages::Always,
        purpose: Purpose::FactCheck,
    }
}

fn terms(parties: impl IntoIterator<Item = u128>) -> Terms {
    Terms {
        form: Form::Mou,
        title: "Kerja sama pengawasan siber".into(),
        parent: None,
        place: "Jambi".into(),
        parties: parties
            .into_iter()
            .map(|number| Party {
                organisation: org(number),
                number: format!("{number}/MoU/2024"),
                signatory: "Ketua".into(),
                liaison: "Humas".into(),
                left: None,
            })
            .collect(),
        starts: date("2024-10-01"),
        term: Term::Months(36),
        scopes: vec![scope(&[Opening::SeeCases, Opening::AskInquiry])],
        document: None,
    }
}

fn plain(_: OrganisationId) -> OrganisationKind {
    OrganisationKind::MediaAssociation
}

fn same(one: OrganisationId, other: OrganisationId) -> bool {
    one == other
}

const ALONE: Surroundings<'static> = Surroundings {
    kind: &plain,
    kin: &same,
    parent: None,
    others: &[],
};

fn id(number: u128) -> AgreementId {
    AgreementId(Uuid::from_u128(number))
}

fn proposed(number: u128, terms: Terms) -> Agreement {
    let by = terms.parties[0].organisation;
    Agreement::propose(id(number), terms, by, Timestamp(0))
}

fn signed(mut agreement: Agreement, around: &Surroundings<'_>) -> Agreement {
    agreement = agreement.agree(around).expect("agreed");
    let version = agreement.version;
    let parties: Vec<OrganisationId> = agreement
        .terms
        .parties
        .iter()
        .map(|party| party.organisation)
        .collect();
    for (number, party) in (0..).zip(parties) {
        agreement = agreement
            .sign(party, person(number), version, Timestamp(1))
            .expect("signs");
    }
    agreement
}

fn ask(taker: u128, giver: u128, opening: Opening, day: &str) -> Question<'static> {
    Question {
        taker: org(taker),
        giver: org(giver),
        opening,
        region: None,
        stage: None,
        day: date(day),
    }
}

fn reach(agreements: &[Agreement]) -> Reach {
    Reach::new(agreements, &HashMap::new(), plain)
}

#[test]
fn twenty_one_parties_sign_and_it_holds_for_three_years() {
    let agreement = proposed(1, terms(1..=21)).agree(&ALONE).expect("agreed");
    let read = agreement.version;
    let mut agreement = agreement;
    for number in 1..=21 {
        assert!(
            !agreement.standing(date("2025-01-01")).holds(),
            "before the last signature"
        );
        let again = agreement.clone();
        agreement = agreement
            .sign(org(number), person(number), read, Timestamp(5))
            .expect("signs");
        if number < 21 {
            let twice = agreement
                .clone()
                .sign(org(number), person(number), read, Timestamp(6));
            assert_eq!(twice, Err(Refused::SignedAlready));
        }
        let stranger = again.sign(org(99), person(1), read, Timestamp(6));
        assert_eq!(stranger, Err(Refused::NotAParty));
    }
    assert!(
        matches!(&agreement.state, AgreementState::InForce { signatures } if signatures.len() == 21)
    );
    assert_eq!(agreement.terms.ends(), Some(date("2027-09-30")));
    assert_eq!(agreement.standing(date("2024-09-30")), Standing::Awaited);
    assert_eq!(agreement.standing(date("2026-11-26")), Standing::InForce);
    assert_eq!(
        agreement.standing(date("2027-04-03")),
        Standing::Expiring { days_left: 180 }
    );
    assert_eq!(
        agreement.standing(date("2027-09-30")),
        Standing::Expiring { days_left: 0 }
    );
    assert_eq!(agreement.standing(date("2027-10-01")), Standing::Over);
    let doors = reach(&[agreement]);
    assert_eq!(doors.doors(), 21 * 20);
    assert_eq!(
        doors.opened(&ask(3, 7, Opening::SeeCases, "2027-09-30")),
        Some(id(1))
    );
    assert_eq!(
        doors.opened(&ask(3, 7, Opening::SeeCases, "2027-10-01")),
        None,
        "the day after"
    );
    assert_eq!(
        doors.opened(&ask(3, 7, Opening::SeeCases, "2024-09-30")),
        None,
        "the day before"
    );
    assert_eq!(
        doors.opened(&ask(3, 7, Opening::SeeDrafts, "2026-01-01")),
        None,
        "not in the list"
    );
    assert_eq!(
        doors.opened(&ask(3, 99, Opening::SeeCases, "2026-01-01")),
        None,
        "a stranger"
    );
}

#[test]
fn a_party_that_left_takes_and_gives_nothing_more() {
    let agreement = signed(proposed(1, terms(1..=3)), &ALONE);
    assert_eq!(
        agreement.clone().leave(org(3), date("2028-01-01")),
        Err(Refused::OutsideTerm)
    );
    let agreement = agreement.leave(org(3), date("2026-06-01")).expect("leaves");
    assert_eq!(
        agreement.clone().leave(org(3), date("2026-07-01")),
        Err(Refused::LeftAlready)
    );
    assert_eq!(
        agreement.clone().leave(org(2), date("2026-07-01")),
        Err(Refused::TooFewRemain)
    );
    let doors = reach(&[agreement]);
    for (taker, giver) in [(3, 1), (1, 3)] {
        assert!(
            doors
                .opened(&ask(taker, giver, Opening::SeeCases, "2026-05-31"))
                .is_some()
        );
        assert!(
            doors
                .opened(&ask(taker, giver, Opening::SeeCases, "2026-06-01"))
                .is_none()
        );
    }
    assert!(
        doors
            .opened(&ask(1, 2, Opening::SeeCases, "2027-01-01"))
            .is_some()
    );
}

#[test]
fn members_take_part_while_they_are_members() {
    let mut with_members = terms(1..=2);
    with_members.scopes[0].with_members = true;
    let agreement = signed(proposed(1, with_members), &ALONE);
    let branch = Branch {
        organisation: org(50),
        from: Some(date("2025-01-01")),
        until: Some(date("2026-01-01")),
    };
    let branches = HashMap::from([(org(2), vec![branch])]);
    let doors = Reach::new(&[agreement], &branches, plain);
    let may = |day| {
        doors
            .opened(&ask(50, 1, Opening::AskInquiry, day))
            .is_some()
    };
    assert_eq!(
        ["2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"].map(may),
        [false, true, true, false]
    );
    assert!(
        doors
            .opened(&ask(1, 50, Opening::SeeCases, "2025-06-01"))
            .is_none(),
        "members give nothing"
    );
    assert_eq!(
        doors.givers(org(50), Opening::SeeCases, None, date("2025-06-01")),
        [org(1), org(2)],
        "the association gives to its members too"
    );
}

/// What an agreement opens and what closes when it ends, as people who sign it read it.
#[test]
fn what_opens_and_closes_is_the_reviewed_text() {
    let names = ["", "KPU", "AMSI", "Redaksi anggota AMSI"];
    let mut opening = terms(1..=2);
    opening.starts = date("2024-01-17");
    opening.scopes = vec![
        Scope {
            gives: Side::One(org(1)),
            takes: Side::One(org(2)),
            with_members: true,
            ..scope(&[
                Opening::AskInquiry,
                Opening::AskResourcePerson,
                Opening::CarryStatements,
            ])
        },
        Scope {
            gives: Side::One(org(2)),
            takes: Side::One(org(1)),
            regions: regions(&["15"]),
            ..scope(&[Opening::SeeCases, Opening::SeeFigures])
        },
    ];
    let agreement = signed(proposed(1, opening), &ALONE);
    let member = Branch {
        organisation: org(3),
        from: None,
        until: Some(date("2026-07-01")),
    };
    let doors = Reach::new(
        &[agreement],
        &HashMap::from([(org(2), vec![member])]),
        plain,
    );
    let mut text = String::new();
    for day in [
        "2024-01-16",
        "2024-01-17",
        "2026-06-30",
        "2026-07-01",
        "2027-01-16",
        "2027-01-17",
    ] {
        let name = |id: OrganisationId| names[usize::try_from(id.0.as_u128()).expect("small")];
        let mut lines: Vec<String> = doors
            .lines(date(day))
            .map(|line| {
                let opens = Opening::ALL
                    .iter()
                    .filter(|opening| line.scope.opens(**opening));
                let opens: Vec<&str> = opens.map(|opening| opening.as_str()).collect();
                format!(
                    "  {} may with records of {}: {}",
                    name(line.taker),
                    name(line.giver),
                    opens.join(", ")
                )
            })
            .collect();
        lines.sort();
        if lines.is_empty() {
            lines.push("  nothing is open".to_owned());
        }
        text.push_str(&format!("{day}\n{}\n", lines.join("\n")));
    }
    assert_eq!(text, include_str!("an_agreement_opens.txt"), "\n{text}");
}
