//! Who lives in a house before anybody walks it.

use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::{MemberId, OrganisationId, PasskeyId};
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
        recovery: Vec::new(),
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
