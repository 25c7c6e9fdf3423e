//! The directory of the demonstration: bodies that are there in the world, without any person,
//! and the memberships of the invented newsrooms.

use std::collections::HashMap;

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::date::Date;
use domain::directory::{Affiliation, CoverageClaim};
use domain::region::RegionCode;
use domain::term::Term;
use domain::{OrganisationId, Timestamp};
use store::{Store, StoreError};
use uuid::Uuid;

use super::DemoFault;
use crate::intake::import::mapping::{Mapping, Subject};
use crate::intake::import::reader::Reader;
use crate::network::{Known, Planner, Scope};

const DIRECTORY: &str = include_str!("../../../../reference/demo/directory.csv");
/// Where the one number of chapters of the demonstration comes from.
const STATED_IN: &str = "pemberitaan 1 Oktober 2024; nama kabupaten/kotanya tidak disebut";

/// Creates what is missing: bodies, memberships, and the number of chapters that IWO states for
/// Jambi without naming them.
pub(super) async fn load(
    store: &Store,
    now: Timestamp,
    memberships: &[(OrganisationId, OrganisationId)],
) -> Result<(), DemoFault> {
    let damaged =
        |fault: &dyn std::fmt::Display| DemoFault::Data(format!("directory.csv: {fault}"));
    let known = Known {
        entries: store.all_entries().await?,
        affiliations: store.open_affiliations().await?,
    };
    let mut reader = Reader::of_text(DIRECTORY.to_owned()).map_err(|fault| damaged(&fault))?;
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().map_err(|fault| damaged(&fault))? {
        lines.push(line);
    }
    let mapping =
        Mapping::guess(Subject::Organisations, &lines, None).map_err(|fault| damaged(&fault))?;
    let joined = known.affiliations.clone();
    let scope = Scope::default();
    let mut planner = Planner::new(&mapping, &scope, known);
    for line in &lines {
        planner.line(line);
    }
    let plan = planner.done();
    let by_machine = |kind, subject| AuditEvent {
        at: now,
        actor: Actor::Machine,
        kind,
        subject,
        note: "demonstration".to_owned(),
    };
    if !plan.entries.is_empty() {
        let act = by_machine(AuditKind::OrganisationsImported, Uuid::nil());
        store.import_entries(&plan.entries, &act).await?;
    }
    for (association, media) in memberships {
        if joined.contains(&(*association, *media)) {
            continue;
        }
        let membership = Affiliation {
            association: *association,
            media: *media,
            term: Term::default(),
            source: "peraga".to_owned(),
        };
        let act = by_machine(AuditKind::AffiliationBegun, association.0);
        unless_there(store.begin_affiliation(&membership, &act).await)?;
    }
    state_chapters(store, &by_machine(AuditKind::CoverageStated, Uuid::nil())).await
}

async fn state_chapters(store: &Store, act: &AuditEvent) -> Result<(), DemoFault> {
    let entries = store.all_entries().await?;
    let by_code: HashMap<&str, OrganisationId> = entries
        .iter()
        .filter_map(|entry| Some((entry.external_id.as_deref()?, entry.organisation.id)))
        .collect();
    let place = (RegionCode::parse("15").ok()).zip(Date::from_ymd(2024, 10, 1));
    let (Some(association), Some((region, on))) = (by_code.get("iwo"), place) else {
        return Ok(());
    };
    let claim = CoverageClaim {
        association: *association,
        region,
        count: 8,
        on,
        source: STATED_IN.to_owned(),
    };
    let act = AuditEvent {
        subject: association.0,
        ..act.clone()
    };
    unless_there(store.state_coverage(&claim, &act).await)
}

/// Somebody was first, or it was there from an earlier start.
fn unless_there(result: Result<(), StoreError>) -> Result<(), DemoFault> {
    match result {
        Ok(()) | Err(StoreError::Conflict) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}
