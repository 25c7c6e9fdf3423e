//! What agreements that are over opened while they held.

use super::*;
use domain::agreement::{AGREEMENT_ZONE, Stage};

fn past(agreement: Agreement) -> Reach {
    let all = [agreement];
    assert_eq!(
        reach(&all).doors(),
        0,
        "what is over opens nothing at a request"
    );
    Reach::past(&all, &HashMap::new(), plain)
}

fn sees(doors: &Reach, day: &str) -> bool {
    let question = ask(1, 2, Opening::SeeCases, day);
    doors.opened(&question).is_some()
}

#[test]
fn one_that_lapsed_is_read_on_its_days_and_opens_nothing_after_them() {
    let agreement = signed(proposed(1, terms(1..=2)), &ALONE);
    let after = date("2027-10-01");
    let lapsed = agreement.lapse(after, after.begins(AGREEMENT_ZONE));
    let doors = past(lapsed.expect("lapses"));
    let found =
        ["2024-09-30", "2024-10-01", "2027-09-30", "2027-10-01"].map(|day| sees(&doors, day));
    assert_eq!(found, [false, true, true, false]);
}

#[test]
fn one_that_two_people_ended_is_shut_on_that_day() {
    let agreement = signed(proposed(1, terms(1..=2)), &ALONE);
    // Half past eleven at night in UTC is the next day where agreements are made.
    let late =
        Timestamp(date("2026-06-01").begins(domain::member::Zone::Wib).0 + 7 * Timestamp::HOUR_US)
            .plus_us(23 * Timestamp::HOUR_US + 30 * Timestamp::MINUTE_US);
    let wished = agreement
        .revoke(person(1), "selesai", Timestamp(2))
        .expect("a wish");
    let revoked = wished
        .clone()
        .revoke(person(2), "selesai", late)
        .expect("ended");
    let doors = past(revoked);
    let found =
        ["2024-10-01", "2026-06-01", "2026-06-02", "2027-01-01"].map(|day| sees(&doors, day));
    assert_eq!(found, [true, true, false, false]);
    assert!(
        sees(&reach(&[wished]), "2027-01-01"),
        "one person ends nothing"
    );

    let on_its_first_day = date("2024-10-01").begins(AGREEMENT_ZONE);
    let agreement = signed(proposed(1, terms(1..=2)), &ALONE);
    let wished = agreement
        .revoke(person(1), "selesai", Timestamp(2))
        .expect("a wish");
    let revoked = wished
        .revoke(person(2), "selesai", on_its_first_day)
        .expect("ended");
    assert_eq!(past(revoked).doors(), 0, "it held on no day");
}

#[test]
fn one_that_was_never_signed_by_all_opened_nothing() {
    let agreed = proposed(1, terms(1..=2)).agree(&ALONE).expect("agreed");
    let withdrawn = agreed
        .clone()
        .withdraw(person(1), "tidak jadi", Timestamp(3));
    for agreement in [agreed, withdrawn.expect("withdrawn")] {
        assert_eq!(past(agreement).doors(), 0);
    }
}

#[test]
fn givers_are_those_whose_scope_holds_at_the_stage() {
    let mut bound = terms(1..=2);
    bound.scopes[0].stages = Stages::Only([Stage::Campaign].into());
    let doors = reach(&[signed(proposed(1, bound), &ALONE)]);
    let givers = |stage| doors.givers(org(1), Opening::SeeCases, stage, date("2026-06-01"));
    assert_eq!(givers(Some(Stage::Campaign)), [org(2)]);
    assert_eq!(givers(Some(Stage::Voting)), []);
    assert_eq!(
        givers(None),
        [],
        "a stage that nobody knows holds nothing that is bound to one"
    );
}
