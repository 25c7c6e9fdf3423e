//! A network of a size, in a store.

use axum::http::HeaderMap;
use domain::agreement::Agreement;
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::directory::{Affiliation, Entry};
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{AgreementId, KeyId, MemberId, OrganisationId};
use server::access::session;
use server::app::App;
use server::{clock, regions};
use store::{ImportedEntry, KeyRow};

use crate::harness::event;
use crate::walk::agreements::{in_force, proposal};
use crate::walk::records::{held, keep_document, keep_minutes, promise};

/// How much of everything there is.
pub(super) struct Size {
    organisations: usize,
    people: usize,
    /// In force, all of the association's.
    agreements: usize,
    /// Of each: promises, events with minutes, and documents.
    under_each: usize,
    /// Of the association.
    keys: usize,
}

pub(super) const SMALL: Size = Size {
    organisations: 40,
    people: 200,
    agreements: 3,
    under_each: 2,
    keys: 2,
};
pub(super) const PLANNED: Size = Size {
    organisations: 3_000,
    people: 20_000,
    agreements: 120,
    under_each: 10,
    keys: 120,
};
/// Members stored at once.
const BATCH: usize = 2_000;

pub(super) fn organisation(kind: OrganisationKind, name: String) -> Organisation {
    Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name,
        region: None,
        homepage: None,
        parent: None,
        active: true,
    }
}

/// The people and bodies that the pages are looked at with.
pub(super) struct Network {
    /// An association with most of the newsrooms.
    pub(super) association: OrganisationId,
    pub(super) newsroom: OrganisationId,
    pub(super) agreement: AgreementId,
    /// Signed in for the operator.
    pub(super) operator: String,
    /// Signed in for the association.
    pub(super) coordinator: String,
}

pub(super) async fn fill(app: &App, size: &Size) -> Network {
    let codes: Vec<RegionCode> = regions::provinces()
        .filter_map(|province| RegionCode::parse(&province.code).ok())
        .collect();
    let association = organisation(OrganisationKind::MediaAssociation, "Asosiasi Besar".into());
    let operator = organisation(OrganisationKind::Operator, "Pengelola".into());
    let (association_id, operator_id) = (association.id, operator.id);
    let mut entries: Vec<ImportedEntry> = [association, operator]
        .into_iter()
        .map(|organisation| imported(organisation, None))
        .collect();
    for n in entries.len()..size.organisations {
        let kind = match n % 50 {
            0 => OrganisationKind::AssociationChapter,
            1 => OrganisationKind::Campus,
            2 => OrganisationKind::Kpu,
            _ => OrganisationKind::Newsroom,
        };
        let mut one = organisation(kind, format!("Lembaga Nomor {n:04}"));
        one.region = codes.get(n % codes.len()).cloned();
        if kind == OrganisationKind::AssociationChapter {
            one.parent = Some(association_id);
        }
        let member_of = (kind == OrganisationKind::Newsroom).then_some(association_id);
        entries.push(imported(one, member_of));
    }
    let act = event(AuditKind::OrganisationsImported);
    let kept = app.store.import_entries(&entries, &act);
    kept.await.expect("organisations");
    let ids: Vec<OrganisationId> = entries
        .iter()
        .map(|imported| imported.entry.organisation.id)
        .collect();
    for first in (0..size.people).step_by(BATCH) {
        let people: Vec<Member> = (first..size.people.min(first + BATCH))
            .map(|n| person(ids[n % ids.len()], n, Role::Editor))
            .collect();
        let acts: Vec<AuditEvent> = people.iter().map(added).collect();
        let kept = app.store.insert_members(&people, "no password", &acts);
        kept.await.expect("people");
    }
    let newsrooms: Vec<OrganisationId> = entries
        .iter()
        .filter(|one| one.entry.organisation.kind == OrganisationKind::Newsroom)
        .map(|one| one.entry.organisation.id)
        .collect();
    let writer = person(association_id, size.people, Role::Coordinator);
    let act = added(&writer);
    let kept = app.store.insert_member(&writer, "no password", &act);
    kept.await.expect("member");
    let by = writer.id;
    let mut agreement = None;
    for partner in newsrooms.iter().take(size.agreements) {
        let agreed = in_force(app, proposal([association_id, *partner]), by).await;
        live(app, &agreed, by, size.under_each).await;
        agreement = Some(agreed.id);
    }
    keys(app, association_id, size.keys).await;
    app.agreed_access.renew(&app.store).await.expect("opened");
    Network {
        association: association_id,
        newsroom: newsrooms[0],
        agreement: agreement.expect("an agreement"),
        operator: signed_in(app, operator_id, Role::Administrator).await,
        coordinator: signed_in(app, association_id, Role::Coordinator).await,
    }
}

/// What happens under an agreement.
async fn live(app: &App, agreement: &Agreement, by: MemberId, count: usize) {
    let (agreement, organisation) = (agreement.id, agreement.proposed_by);
    for n in 0..count {
        promise(app, agreement, organisation).await;
        let held = held(app, agreement, organisation, by).await;
        keep_minutes(app, held).await;
        keep_document(app, agreement, &format!("naskah {n}")).await;
    }
}

async fn keys(app: &App, organisation: OrganisationId, count: usize) {
    for n in 0..count {
        let id = KeyId(clock::fresh_id());
        let key = KeyRow {
            id,
            name: format!("pengumpul {n}"),
            digest: *blake3::hash(id.0.as_bytes()).as_bytes(),
            scopes: "posts:write".into(),
            posts_per_second: 10,
            posts_per_day: 1_000,
            created_at: clock::now(),
            revoked_at: None,
            organisation: Some(organisation),
            expires_at: None,
            last_used_at: None,
        };
        let act = event(AuditKind::KeyAdded);
        app.store.insert_key(&key, &act).await.expect("key");
    }
}

fn imported(organisation: Organisation, member_of: Option<OrganisationId>) -> ImportedEntry {
    let affiliation = member_of.map(|association| Affiliation {
        association,
        media: organisation.id,
        term: Term::default(),
        source: "uji".into(),
    });
    ImportedEntry {
        entry: Entry {
            organisation,
            short_name: String::new(),
            since_year: Some(2019),
            external_id: None,
        },
        fresh: true,
        affiliation,
    }
}

fn person(organisation: OrganisationId, n: usize, role: Role) -> Member {
    Member {
        id: MemberId(clock::fresh_id()),
        organisation,
        name: format!("Orang {n:05}"),
        email: format!("orang-{n}@lembaga.example"),
        role,
        zone: Zone::Wib,
        active: true,
    }
}

fn added(member: &Member) -> AuditEvent {
    // Each by another person, so that a page that looks every name up by itself is seen.
    AuditEvent {
        subject: member.id.0,
        actor: Actor::Member(member.id),
        ..event(AuditKind::MemberAdded)
    }
}

pub(super) async fn signed_in(app: &App, organisation: OrganisationId, role: Role) -> String {
    let mut member = person(organisation, 0, role);
    member.email = format!("{}@lembaga.example", member.id);
    let act = added(&member);
    let kept = app.store.insert_member(&member, "no password", &act);
    kept.await.expect("member");
    let headers = HeaderMap::new();
    let set = session::open(app, &headers, member.id, clock::now(), "").await;
    let set = set.expect("session");
    let cookie = set.to_str().expect("text").split(';').next();
    cookie.unwrap_or_default().to_owned()
}
