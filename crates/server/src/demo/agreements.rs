//! The agreements of the demonstration, and the bodies that only they need.

use std::collections::HashMap;

use domain::agreement::{
    Agreement, Form, Opening, Party, Purpose, Regions, Scope, Side, Stages, Surroundings, Term,
    Terms,
};
use domain::audit::AuditKind;
use domain::date::Date;
use domain::obligation::{AgreementEvent, EventKind, Obligation, Tie};
use domain::organisation::{Organisation, OrganisationKind};
use domain::region::RegionCode;
use domain::{AgreementId, EventId, MemberId, ObligationId, OrganisationId, Timestamp};
use serde::Deserialize;
use store::{Store, StoreError};
use uuid::Uuid;

use super::network::{DemoFault, id_of, machine, made};

const AGREEMENTS: &str = include_str!("../../../../reference/demo/agreements.json");

#[derive(Debug, Deserialize)]
struct Data {
    organisations: Vec<Body>,
    agreements: Vec<DemoAgreement>,
}

#[derive(Debug, Deserialize)]
struct Body {
    id: String,
    name: String,
    kind: String,
    region: Option<String>,
    parent: Option<String>,
}

#[derive(Debug, Deserialize)]
struct DemoAgreement {
    id: String,
    form: String,
    title: String,
    parent: Option<String>,
    place: String,
    starts: String,
    months: Option<u32>,
    until: Option<String>,
    parties: Vec<DemoParty>,
    scopes: Vec<DemoScope>,
    obligations: Vec<DemoObligation>,
    events: Vec<DemoEvent>,
}

#[derive(Debug, Deserialize)]
struct DemoParty {
    organisation: String,
    number: String,
    signatory: String,
    liaison: String,
}

#[derive(Debug, Deserialize)]
struct DemoScope {
    gives: Option<String>,
    takes: Option<String>,
    with_members: bool,
    opens: Vec<String>,
    regions: Vec<String>,
    purpose: String,
}

#[derive(Debug, Deserialize)]
struct DemoObligation {
    organisation: String,
    text: String,
    due: String,
    tie: String,
    count: u32,
}

#[derive(Debug, Deserialize)]
struct DemoEvent {
    organisation: String,
    kind: String,
    day: String,
    place: String,
    subject: String,
    decision: String,
}

/// Makes what is missing; yields how many organisations it made. Those of the network are there.
pub(super) async fn load(store: &Store, now: Timestamp) -> Result<usize, DemoFault> {
    let data: Data = serde_json::from_str(AGREEMENTS).map_err(|fault| bad(&fault.to_string()))?;
    let mut bodies = 0;
    for body in &data.organisations {
        let organisation = organisation(body)?;
        if store.organisation(organisation.id).await.is_ok() {
            continue;
        }
        let act = machine(
            now,
            AuditKind::OrganisationAdded,
            organisation.id.0,
            "demonstration",
        );
        bodies += usize::from(made(store.insert_organisation(&organisation, &act).await)?);
    }
    let tree = store.organisation_tree().await?;
    let parents: HashMap<OrganisationId, Option<OrganisationId>> = tree
        .iter()
        .map(|kin| (kin.organisation, kin.parent))
        .collect();
    let kinds: HashMap<OrganisationId, OrganisationKind> = tree
        .iter()
        .map(|kin| (kin.organisation, kin.kind))
        .collect();
    for demo in &data.agreements {
        let id = AgreementId(id_of(&demo.id));
        match store.agreement(id).await {
            Ok(_) => continue,
            Err(StoreError::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
        let parent = match &demo.parent {
            Some(parent) => Some(store.agreement(AgreementId(id_of(parent))).await?),
            None => None,
        };
        let agreement = signed(demo, id, parent.as_ref(), &parents, &kinds)?;
        let act = machine(now, AuditKind::AgreementSigned, id.0, "demonstration");
        store.insert_agreement(&agreement, &act).await?;
        promises(store, demo, id, now).await?;
    }
    Ok(bodies)
}

fn organisation(body: &Body) -> Result<Organisation, DemoFault> {
    let region = body.region.as_deref().map(RegionCode::parse).transpose();
    Ok(Organisation {
        id: OrganisationId(id_of(&body.id)),
        kind: OrganisationKind::parse(&body.kind).ok_or_else(|| bad(&body.id))?,
        name: body.name.clone(),
        region: region.map_err(|fault| bad(&fault.to_string()))?,
        homepage: None,
        parent: body
            .parent
            .as_deref()
            .map(|parent| OrganisationId(id_of(parent))),
        active: true,
    })
}

/// The agreement as its parties would have brought it into force, by the same rules.
fn signed(
    demo: &DemoAgreement,
    id: AgreementId,
    parent: Option<&Agreement>,
    parents: &HashMap<OrganisationId, Option<OrganisationId>>,
    kinds: &HashMap<OrganisationId, OrganisationKind>,
) -> Result<Agreement, DemoFault> {
    let terms = terms(demo)?;
    let begun = terms.starts.begins(domain::agreement::AGREEMENT_ZONE);
    let parties: Vec<OrganisationId> = terms
        .parties
        .iter()
        .map(|party| party.organisation)
        .collect();
    let first = *parties.first().ok_or_else(|| bad(&demo.id))?;
    let kind = |id| kinds.get(&id).copied().unwrap_or(OrganisationKind::Other);
    let kin = |one: OrganisationId, other: OrganisationId| {
        one == other || parents.get(&one).copied().flatten() == Some(other)
    };
    let around = Surroundings {
        kind: &kind,
        kin: &kin,
        parent,
        others: &[],
    };
    let mut agreement = Agreement::propose(id, terms, first, begun)
        .agree(&around)
        .map_err(|faults| bad(&format!("{}: {faults:?}", demo.id)))?;
    let read = agreement.version;
    for party in parties {
        agreement = agreement
            .sign(party, MemberId(Uuid::nil()), read, begun)
            .map_err(|fault| bad(&format!("{}: {fault}", demo.id)))?;
    }
    Ok(agreement)
}

fn terms(demo: &DemoAgreement) -> Result<Terms, DemoFault> {
    let term = match (demo.months, demo.until.as_deref()) {
        (Some(months), None) => Term::Months(months),
        (None, Some(last)) => Term::Until(day(last)?),
        _ => return Err(bad(&format!("term of {}", demo.id))),
    };
    let party = |party: &DemoParty| Party {
        organisation: OrganisationId(id_of(&party.organisation)),
        number: party.number.clone(),
        signatory: party.signatory.clone(),
        liaison: party.liaison.clone(),
        left: None,
    };
    Ok(Terms {
        form: Form::parse(&demo.form).ok_or_else(|| bad(&demo.form))?,
        title: demo.title.clone(),
        parent: demo
            .parent
            .as_deref()
            .map(|parent| AgreementId(id_of(parent))),
        place: demo.place.clone(),
        parties: demo.parties.iter().map(party).collect(),
        starts: day(&demo.starts)?,
        term,
        scopes: demo.scopes.iter().map(scope).collect::<Result<_, _>>()?,
        document: None,
    })
}

fn scope(demo: &DemoScope) -> Result<Scope, DemoFault> {
    let side = |side: &Option<String>| {
        side.as_deref()
            .map_or(Side::Every, |one| Side::One(OrganisationId(id_of(one))))
    };
    let opens = demo
        .opens
        .iter()
        .map(|word| Opening::parse(word).ok_or_else(|| bad(word)));
    let regions = demo
        .regions
        .iter()
        .map(|code| RegionCode::parse(code).map_err(|_| bad(code)));
    Ok(Scope {
        gives: side(&demo.gives),
        takes: side(&demo.takes),
        with_members: demo.with_members,
        opens: opens.collect::<Result<_, _>>()?,
        regions: if demo.regions.is_empty() {
            Regions::Everywhere
        } else {
            Regions::Only(regions.collect::<Result<_, _>>()?)
        },
        stages: Stages::Always,
        purpose: Purpose::parse(&demo.purpose).ok_or_else(|| bad(&demo.purpose))?,
    })
}

async fn promises(
    store: &Store,
    demo: &DemoAgreement,
    agreement: AgreementId,
    now: Timestamp,
) -> Result<(), DemoFault> {
    for (number, promise) in demo.obligations.iter().enumerate() {
        let count = promise.count;
        let tie = match promise.tie.as_str() {
            "by_hand" => Tie::ByHand,
            "checks" => Tie::ChecksPublished { count },
            kind => Tie::Events {
                kind: EventKind::parse(kind).ok_or_else(|| bad(kind))?,
                count,
            },
        };
        let obligation = Obligation {
            id: ObligationId(id_of(&format!("{} promise {number}", demo.id))),
            agreement,
            organisation: OrganisationId(id_of(&promise.organisation)),
            text: promise.text.clone(),
            due: day(&promise.due)?,
            tie,
            done: None,
        };
        let act = machine(
            now,
            AuditKind::ObligationAdded,
            agreement.0,
            "demonstration",
        );
        store.insert_obligation(&obligation, &act).await?;
    }
    let Some(person) = store
        .members(store::Page::first(1))
        .await?
        .into_iter()
        .next()
    else {
        return Ok(());
    };
    for (number, event) in demo.events.iter().enumerate() {
        let entered = AgreementEvent {
            id: EventId(id_of(&format!("{} event {number}", demo.id))),
            agreement,
            kind: EventKind::parse(&event.kind).ok_or_else(|| bad(&event.kind))?,
            organisation: OrganisationId(id_of(&event.organisation)),
            day: day(&event.day)?,
            place: event.place.clone(),
            subject: event.subject.clone(),
            attendance: String::new(),
            decision: event.decision.clone(),
            minutes: None,
            by: person.0.id,
            at: now,
        };
        let act = machine(now, AuditKind::EventEntered, agreement.0, "demonstration");
        store.insert_event(&entered, &act).await?;
    }
    Ok(())
}

fn day(text: &str) -> Result<Date, DemoFault> {
    Date::parse(text).ok_or_else(|| bad(text))
}

fn bad(what: &str) -> DemoFault {
    DemoFault::Data(format!("agreements.json: {what}"))
}
