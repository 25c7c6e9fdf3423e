//! Who and what stands in a house before anybody walks it.

use domain::agreement::{
    Agreement, Form, Opening, Party, Purpose, Regions, Scope, Side, Stages, Surroundings, Term,
    Terms,
};
use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{AgreementId, MemberId, OrganisationId, PasskeyId};
use server::app::App;
use server::clock;
use store::{Mail, NewPasskey, PasskeyRow};

use crate::harness::{TestServer, event};

pub(super) async fn organisation(
    server: &TestServer,
    name: &str,
    kind: OrganisationKind,
) -> OrganisationId {
    let organisation = Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name: name.to_owned(),
        region: None,
        homepage: None,
        parent: None,
        active: true,
    };
    let act = event(AuditKind::OrganisationAdded);
    let added = server
        .server
        .app
        .store
        .insert_organisation(&organisation, &act);
    added.await.expect("organisation");
    organisation.id
}

pub(super) async fn person(
    server: &TestServer,
    organisation: OrganisationId,
    role: Role,
) -> MemberId {
    let id = MemberId(clock::fresh_id());
    let member = Member {
        id,
        organisation,
        name: "Orang".into(),
        email: format!("{}@lembaga.example", id.0),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let act = event(AuditKind::MemberAdded);
    let added = server
        .server
        .app
        .store
        .insert_member(&member, "no password", &act);
    added.await.expect("member");
    id
}

/// A passkey of somebody else than the one who walks.
pub(super) async fn passkey(server: &TestServer, member: MemberId) -> PasskeyId {
    let id = PasskeyId(clock::fresh_id());
    let new = NewPasskey {
        row: PasskeyRow {
            id,
            member,
            name: "Ponsel".into(),
            content: "{}".into(),
            added_at: clock::now(),
            last_used_at: None,
        },
        credential: id.0.as_bytes().to_vec(),
        recovery: None,
    };
    let notice = Mail {
        id: clock::fresh_id(),
        recipient: "orang@lembaga.example".into(),
        subject: "Kunci sandi".into(),
        body: "ditambahkan".into(),
    };
    let act = event(AuditKind::PasskeyAdded);
    let store = &server.server.app.store;
    let added = store.insert_passkey(&new, &notice, &act).await;
    added.expect("passkey");
    id
}

/// The newsroom opens its cases to the commission.
pub(super) async fn agreement(
    server: &TestServer,
    own: OrganisationId,
    partner: OrganisationId,
    by: MemberId,
) -> AgreementId {
    let app = &server.server.app;
    let id = agreement_in(app, [own, partner], by).await;
    app.agreed_access.renew(&app.store).await.expect("opened");
    id
}

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
pub(crate) fn agreed(parties: [OrganisationId; 2]) -> Agreement {
    let around = Surroundings {
        kind: &|_| OrganisationKind::Newsroom,
        kin: &|one, other| one == other,
        parent: None,
        others: &[],
    };
    proposal(parties).agree(&around).expect("agreed")
}

/// The same, in force and kept.
pub(crate) async fn agreement_in(
    app: &App,
    parties: [OrganisationId; 2],
    by: MemberId,
) -> AgreementId {
    let mut agreement = agreed(parties);
    for organisation in parties {
        let read = agreement.version;
        agreement = agreement
            .sign(organisation, by, read, clock::now())
            .expect("signed");
    }
    let act = event(AuditKind::AgreementSigned);
    let kept = app.store.insert_agreement(&agreement, &act);
    kept.await.expect("kept");
    agreement.id
}
