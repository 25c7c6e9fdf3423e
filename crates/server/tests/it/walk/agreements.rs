//! Agreements of the walk, from a proposal to one in force.

use domain::agreement::{
    Agreement, Form, Opening, Party, Purpose, Regions, Scope, Side, Stages, Surroundings, Term,
    Terms,
};
use domain::audit::AuditKind;
use domain::organisation::OrganisationKind;
use domain::{AgreementId, MemberId, OrganisationId};
use server::app::App;
use server::clock;

use crate::harness::event;

/// An agreement of three years from today by which the first opens its cases to the second, as a
/// proposal of the first.
pub(crate) fn proposal(parties: [OrganisationId; 2]) -> Agreement {
    let [own, partner] = parties;
    let party = |organisation| Party {
        organisation,
        number: String::new(),
        signatory: String::new(),
        liaison: String::new(),
        left: None,
    };
    let today = server::access::agreed_access::today(clock::now());
    let terms = Terms {
        form: Form::Mou,
        title: "Kesepahaman".into(),
        parent: None,
        place: "Jakarta".into(),
        parties: vec![party(own), party(partner)],
        starts: today,
        term: Term::Months(36),
        scopes: vec![Scope {
            gives: Side::One(own),
            takes: Side::One(partner),
            with_members: false,
            opens: [Opening::SeeCases].into(),
            regions: Regions::Everywhere,
            stages: Stages::Always,
            purpose: Purpose::FactCheck,
        }],
        document: None,
    };
    Agreement::propose(AgreementId(clock::fresh_id()), terms, own, clock::now())
}

/// The same, its text agreed.
pub(crate) fn agreed(proposal: Agreement) -> Agreement {
    let around = Surroundings {
        kind: &|_| OrganisationKind::Newsroom,
        kin: &|one, other| one == other,
        parent: None,
        others: &[],
    };
    proposal.agree(&around).expect("agreed")
}

/// The same, signed by each of its parties and kept.
pub(crate) async fn in_force(app: &App, proposal: Agreement, by: MemberId) -> Agreement {
    let mut agreement = agreed(proposal);
    for party in agreement.terms.parties.clone() {
        let read = agreement.version;
        let signed = agreement.sign(party.organisation, by, read, clock::now());
        agreement = signed.expect("signed");
    }
    let act = event(AuditKind::AgreementSigned);
    let kept = app.store.insert_agreement(&agreement, &act);
    kept.await.expect("kept");
    agreement
}
