//! The audit trail as auditors and administrators read it, with the proof that nobody altered it.

use askama::Template;
use axum::extract::{Query, State};
use domain::audit::Actor;
use serde::Deserialize;
use store::AuditVerification;

use super::LIST_ROWS;
use crate::access::{May, permission::Audit};
use crate::app::App;
use crate::desk::{Pages, Shell, filled, names_of};
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

#[derive(Debug)]
struct Row {
    sequence: i64,
    at: String,
    what: String,
    who: String,
    on: String,
    note: String,
}

#[derive(Debug)]
struct Proof {
    well: bool,
    text: String,
    root: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/audit.html")]
pub(crate) struct AuditPage {
    frame: Frame,
    shell: Shell,
    proof: Proof,
    rows: Vec<Row>,
    pages: Pages,
}

impl Page for AuditPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Where the page starts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    sebelum: String,
}

/// `GET /admin/audit`
pub(super) async fn list(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<AuditPage>, Failure> {
    let before = asked.sebelum.parse().ok();
    let mut found = app.store.audit_page(before, LIST_ROWS + 1).await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let proof = Proof::new(&frame, &app.store.verify_audit().await?);
    let shell = Shell::load(&app, &frame, &who, "/admin/audit").await?;
    let people = found.iter().filter_map(|row| match row.event.actor {
        Actor::Member(member) => Some(member),
        _ => None,
    });
    let names = names_of(&app, people.collect()).await?;
    let last = found.last().map_or(0, |row| row.sequence);
    let mut pages = Pages::new(&frame, 1, LIST_ROWS, found.len(), more, |_| {
        format!("/admin/audit?sebelum={last}")
    });
    if before.is_some() {
        pages.before = Some("/admin/audit".to_owned());
        pages.here = String::new();
    }
    let rows = found.into_iter().map(|row| Row {
        sequence: row.sequence,
        at: frame.exact(row.event.at),
        what: frame.t(&format!("audit-{}", row.event.kind.as_str())),
        who: match row.event.actor {
            Actor::Member(member) => names
                .get(&member)
                .cloned()
                .unwrap_or_else(|| frame.t("admin-audit-someone")),
            Actor::Machine => frame.t("audit-by-machine"),
            Actor::Public => frame.t("audit-by-public"),
        },
        on: if row.event.subject.is_nil() {
            String::new()
        } else {
            row.event.subject.to_string()
        },
        note: row.event.note,
    });
    Ok(Html(AuditPage {
        rows: rows.collect(),
        frame,
        shell,
        proof,
        pages,
    }))
}

impl Proof {
    fn new(frame: &Frame, report: &AuditVerification) -> Self {
        let text = match &report.first_bad {
            None => frame.n(
                "admin-audit-well",
                i64::try_from(report.entries).unwrap_or(i64::MAX),
            ),
            Some(bad) => {
                let sequence = bad.sequence.to_string();
                filled(
                    frame,
                    "admin-audit-bad",
                    &[("sequence", &sequence), ("fault", &bad.fault)],
                )
            }
        };
        let root = hex(&report.root);
        Self {
            well: report.first_bad.is_none(),
            text,
            root,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_written_in_hexadecimal() {
        assert_eq!(hex(&[0x00, 0xab, 0x7f]), "00ab7f");
    }
}
