//! Agreements as people make them: the 21 parties of Jambi, a PKS under its MoU, and every fault
//! a form can have.

#![cfg(test)]

use std::collections::{BTreeSet, HashMap};

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
fn two_people_signing_for_different_texts_are_told_apart() {
    let agreed = proposed(1, terms(1..=3)).agree(&ALONE).expect("agreed");
    let read = agreed.version;
    let again = agreed
        .discuss()
        .expect("back")
        .agree(&ALONE)
        .expect("agreed again");
    assert_eq!(
        again.clone().sign(org(1), person(1), read, Timestamp(2)),
        Err(Refused::TextChanged)
    );
    let now = again.version;
    let one = again
        .sign(org(1), person(1), now, Timestamp(2))
        .expect("signs");
    assert!(
        one.sign(org(2), person(2), now, Timestamp(2)).is_ok(),
        "a signature changes no text"
    );
}

#[test]
fn every_fault_of_a_form_is_named_at_once() {
    let mut bad = terms([1]);
    bad.title = " ".into();
    bad.term = Term::Until(date("2024-09-30"));
    bad.scopes[0].takes = Side::One(org(9));
    bad.scopes[0].opens = BTreeSet::new();
    let faults = proposed(1, bad).agree(&ALONE).expect_err("faulty");
    let names: Vec<&str> = faults.iter().map(Refused::reference).collect();
    assert_eq!(
        names,
        [
            "agreement_title_missing",
            "agreement_parties",
            "agreement_end_before_start",
            "agreement_scopes",
            "agreement_side_not_a_party"
        ]
    );
    let mut long = terms(1..=51);
    long.term = Term::Months(241);
    let faults = proposed(1, long).agree(&ALONE).expect_err("too long");
    assert_eq!(faults, [Refused::Parties, Refused::TermLength]);
}

#[test]
fn a_campaign_never_gets_unpublished_work() {
    let kind = |who| {
        if who == org(2) {
            OrganisationKind::Party
        } else {
            OrganisationKind::Newsroom
        }
    };
    let around = Surroundings {
        kind: &kind,
        ..ALONE
    };
    let faults = proposed(1, terms(1..=2))
        .agree(&around)
        .expect_err("refused");
    assert_eq!(faults, [Refused::NotForCampaigns { scope: 1 }]);
    // Even where such an agreement came to be, its door stays shut.
    let slipped = signed(proposed(1, terms(1..=2)), &ALONE);
    let doors = Reach::new(&[slipped], &HashMap::new(), kind);
    assert_eq!(
        doors.opened(&ask(2, 1, Opening::SeeCases, "2026-01-01")),
        None
    );
    assert_eq!(
        doors.opened(&ask(1, 2, Opening::SeeCases, "2026-01-01")),
        Some(id(1))
    );
}

/// 1 and 2 are central bodies; 11 and 12 their branches; 30 belongs to neither.
fn branches_of_the_centre(one: OrganisationId, other: OrganisationId) -> bool {
    one == other || (one == org(11) && other == org(1)) || (one == org(12) && other == org(2))
}

fn pks_of_branches() -> Terms {
    let mut pks = terms([11, 12]);
    pks.form = Form::Pks;
    pks.parent = Some(id(1));
    pks.starts = date("2025-02-01");
    pks.term = Term::Months(24);
    pks.scopes[0].regions = regions(&["15"]);
    pks
}

#[test]
fn a_pks_is_never_wider_than_its_mou() {
    let mou = signed(proposed(1, terms(1..=2)), &ALONE);
    let around = Surroundings {
        kin: &branches_of_the_centre,
        parent: Some(&mou),
        ..ALONE
    };
    let pks = pks_of_branches();
    assert_eq!(pks.check(&around), []);
    let refused = |change: &dyn Fn(&mut Terms)| {
        let mut changed = pks.clone();
        change(&mut changed);
        changed.check(&around)
    };
    assert_eq!(refused(&|t| t.parent = None), [Refused::ParentMissing]);
    assert_eq!(
        refused(&|t| t.starts = date("2027-10-01")),
        [Refused::ParentUnfit]
    );
    assert_eq!(
        refused(&|t| t.term = Term::Months(36)),
        [Refused::LongerThanParent {
            last: date("2027-09-30")
        }]
    );
    assert_eq!(
        refused(&|t| t.scopes[0].opens = [Opening::SeeTips].into()),
        [Refused::WiderThanParent { scope: 1 }]
    );
    assert_eq!(
        refused(&|t| t.scopes[0].with_members = true),
        [Refused::WiderThanParent { scope: 1 }]
    );
    assert_eq!(
        refused(&|t| t.parties[1].organisation = org(30)),
        [Refused::PartyOutsideParent {
            organisation: org(30)
        }]
    );
}

#[test]
fn a_pks_falls_with_its_mou() {
    let mou = signed(proposed(1, terms(1..=2)), &ALONE);
    let around = Surroundings {
        kin: &branches_of_the_centre,
        parent: Some(&mou),
        ..ALONE
    };
    let pks = signed(proposed(2, pks_of_branches()), &around);
    let region = RegionCode::parse("15.05").expect("code");
    let mut question = ask(11, 12, Opening::SeeCases, "2026-01-01");
    question.region = Some(&region);
    let open = reach(&[mou.clone(), pks.clone()]);
    assert_eq!(open.opened(&question), Some(id(2)));
    assert_eq!(
        open.opened(&ask(11, 12, Opening::SeeCases, "2026-01-01")),
        None,
        "national records"
    );
    let ending = mou
        .revoke(person(1), "tidak dijalankan", Timestamp(9))
        .expect("wished");
    assert_eq!(
        reach(&[ending.clone(), pks.clone()]).opened(&question),
        Some(id(2)),
        "one is not two"
    );
    assert_eq!(
        ending.clone().revoke(person(1), "", Timestamp(10)),
        Err(Refused::SamePerson)
    );
    let revoked = ending
        .revoke(person(2), "", Timestamp(10))
        .expect("revoked");
    assert_eq!(
        reach(&[revoked, pks]).opened(&question),
        None,
        "a PKS falls with its MoU"
    );
}

#[test]
fn a_renewal_follows_without_a_gap_and_carries_its_pks() {
    let mou = signed(proposed(1, terms(1..=2)), &ALONE);
    let next = mou.next(id(2), org(1), Timestamp(3)).expect("next");
    assert_eq!(next.terms.starts, date("2027-10-01"));
    assert_eq!(next.terms.ends(), Some(date("2030-09-30")));
    assert_eq!(next.terms.scopes, mou.terms.scopes);
    let others = [mou.clone()];
    let around = Surroundings {
        others: &others,
        ..ALONE
    };
    let mut early = next.clone();
    early.terms.starts = date("2027-09-30");
    assert_eq!(
        early.agree(&around),
        Err(vec![Refused::Overlaps {
            other: around.others[0].id
        }])
    );
    let next = signed(next, &around);
    let renewed = mou.renew(&next, Timestamp(4)).expect("renewed");
    assert!(
        renewed.standing(date("2027-09-30")).holds(),
        "it holds until its own last day"
    );
    let mut pks = terms([1, 2]);
    pks.form = Form::Pks;
    pks.parent = Some(id(1));
    pks.term = Term::Until(date("2029-01-31"));
    let pks = Agreement {
        state: renewed_like(&next),
        ..proposed(3, pks)
    };
    let doors = reach(&[renewed, next, pks]);
    for day in ["2027-09-30", "2027-10-01", "2029-01-31"] {
        assert!(
            doors.opened(&ask(1, 2, Opening::AskInquiry, day)).is_some(),
            "{day}"
        );
    }
    let of_pks = doors
        .lines(date("2028-01-01"))
        .filter(|line| line.scope.agreement == id(3))
        .count();
    assert_eq!(of_pks, 2, "the PKS goes on under the renewed MoU");
}

fn renewed_like(signed: &Agreement) -> AgreementState {
    signed.state.clone()
}

#[test]
fn agreements_that_open_the_same_to_the_same_are_told_of_one_another() {
    let mut wide = proposed(1, terms(1..=3));
    wide.terms.scopes[0].regions = regions(&["15"]);
    let narrow = |change: fn(&mut Terms)| {
        let mut narrow = terms([1, 2]);
        change(&mut narrow);
        proposed(2, narrow)
    };
    let same = narrow(|_| {});
    assert!(same.touches(&wide) && wide.touches(&same));
    assert!(!wide.touches(&wide) && !same.overlaps(&wide));
    for (change, why) in [
        (
            (|terms| terms.parties.retain(|party| party.organisation == org(1))) as fn(&mut Terms),
            "one party gives itself nothing",
        ),
        (
            |terms| terms.starts = date("2027-10-01"),
            "it begins after the other's end",
        ),
        (
            |terms| terms.scopes = vec![scope(&[Opening::SeeEvidence])],
            "it opens something else",
        ),
        (
            |terms| terms.scopes[0].regions = regions(&["16"]),
            "elsewhere",
        ),
        (
            |terms| terms.scopes[0].takes = Side::One(org(9)),
            "to somebody else",
        ),
    ] {
        let other = narrow(change);
        assert!(!other.touches(&wide) && !wide.touches(&other), "{why}");
    }
    let mut below = narrow(|terms| terms.form = Form::Pks);
    below.terms.parent = Some(wide.id);
    assert!(
        !below.touches(&wide) && !wide.touches(&below),
        "a PKS carries its MoU out"
    );
    let mut left = wide.clone();
    left.terms.parties[1].left = Some(date("2024-10-01"));
    assert!(
        !same.touches(&left) && !left.touches(&same),
        "who has left is bound by nothing"
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
        doors.givers(org(50), Opening::SeeCases, date("2025-06-01")),
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
