//! An agreement under another: never wider, and gone with it.

use domain::agreement::{
    Agreement, AgreementState, Form, Opening, Refused, Surroundings, Term, Terms,
};
use domain::region::RegionCode;
use domain::{OrganisationId, Timestamp};

use super::{ALONE, ask, date, id, org, person, proposed, reach, regions, signed, terms};

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
