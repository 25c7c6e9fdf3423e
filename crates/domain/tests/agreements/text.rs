//! What a text may say, and what it is told of.

use std::collections::{BTreeSet, HashMap};

use domain::Timestamp;
use domain::agreement::{Form, Opening, Refused, Side, Surroundings, Term, Terms};
use domain::organisation::OrganisationKind;
use domain::reach::Reach;

use super::{ALONE, ask, date, id, org, person, proposed, regions, scope, signed, terms};

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
