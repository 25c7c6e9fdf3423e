//! The audit trail as auditors and administrators read it: filtered, each entry with its proof, the
//! head checked at every view and the whole at the push of a button. The operator's read all of it;
//! those of another body what concerns that body.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use domain::audit::{Actor, AuditKind};
use domain::{MemberId, OrganisationId, Timestamp};
use serde::Deserialize;
use store::{AuditFilter, AuditName, AuditRow, AuditVerification};
use tokio::sync::Mutex;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::members::confined;
use super::{LIST_ROWS, note};
use crate::access::{May, SignedIn, permission::Audit};
use crate::app::App;
use crate::desk::{Pages, Shell, filled};
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// Words of the address bar for acts that no member did.
const MACHINE: &str = "mesin";
const PUBLIC: &str = "warga";

/// One check of everything at a time; it reads the whole trail.
static CHECKING: Mutex<()> = Mutex::const_new(());

/// One act as people read it.
#[derive(Debug)]
pub(crate) struct AuditLine {
    /// Its number, from 1.
    pub sequence: i64,
    /// When, to the minute.
    pub at: String,
    /// What was done.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// The filter that shows what they did.
    pub who_address: String,
    /// On which record; empty where it concerns none.
    pub on: String,
    /// The note.
    pub note: String,
}

#[derive(Debug)]
struct Proof {
    well: bool,
    text: String,
    root: String,
}

#[derive(Debug)]
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Debug, Template)]
#[template(path = "admin/audit.html")]
pub(crate) struct AuditPage {
    frame: Frame,
    shell: Shell,
    proof: Proof,
    /// Whose entries these are, where they are not all.
    own: Option<String>,
    cosigned: Option<String>,
    asked: Asked,
    kinds: Vec<Choice>,
    actors: Vec<Choice>,
    rows: Vec<AuditLine>,
    pages: Pages,
}

impl Page for AuditPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What to show; every part may be missing or nonsense, which then does not narrow.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    sebelum: String,
    tindakan: String,
    oleh: String,
    atas: String,
    dari: String,
    sampai: String,
}

impl Asked {
    fn filter(&self, frame: &Frame, within: Option<OrganisationId>) -> AuditFilter {
        let actor = match self.oleh.as_str() {
            MACHINE => Some(Actor::Machine),
            PUBLIC => Some(Actor::Public),
            id => MemberId::parse(id).map(Actor::Member),
        };
        AuditFilter {
            kind: AuditKind::parse(&self.tindakan),
            actor,
            subject: Uuid::try_parse(self.atas.trim()).ok(),
            from: start_of(frame, &self.dari),
            until: start_of(frame, &self.sampai).map(|day| day.plus_us(Timestamp::DAY_US)),
            within,
        }
    }

    /// The address of the same filter from `before` on.
    fn address(&self, before: Option<i64>) -> String {
        let mut query = Serializer::new(String::new());
        let parts = [
            ("tindakan", &self.tindakan),
            ("oleh", &self.oleh),
            ("atas", &self.atas),
            ("dari", &self.dari),
            ("sampai", &self.sampai),
        ];
        for (name, value) in parts {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            query.append_pair("sebelum", &before.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/admin/audit{mark}{query}")
    }
}

/// The first moment of a day like 2026-11-26 in the reader's zone.
fn start_of(frame: &Frame, day: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = day.parse().ok()?;
    let midnight = date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let ahead = i64::from(frame.zone.hours_ahead()) * 60 * Timestamp::MINUTE_US;
    Some(Timestamp(midnight.timestamp().as_microsecond() - ahead))
}

/// `GET /admin/audit`
pub(super) async fn list(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<AuditPage>, Failure> {
    let (head, fits) = app.store.checked_head().await?;
    let well = fits && app.ledger.latest().contradicted_by.is_none();
    let entries = i64::try_from(head.size).unwrap_or(i64::MAX);
    let proof = Proof {
        well,
        text: if well {
            frame.n("admin-audit-head-well", entries)
        } else {
            frame.t("admin-audit-head-bad")
        },
        root: hex(&head.root),
    };
    page(&app, frame, &who, asked, proof).await
}

/// `POST /admin/audit`: reads every entry again.
pub(super) async fn check(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<AuditPage>, Failure> {
    let one = CHECKING.try_lock();
    let one = one.map_err(|_| Failure::TooMany { retry_after_s: 10 })?;
    let proof = Proof::new(&frame, &app.store.verify_audit().await?);
    drop(one);
    page(&app, frame, &who, Asked::default(), proof).await
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    asked: Asked,
    proof: Proof,
) -> Result<Html<AuditPage>, Failure> {
    let before = asked.sebelum.parse().ok();
    let filter = asked.filter(&frame, confined(who));
    let mut found = app
        .store
        .audit_search(&filter, before, LIST_ROWS + 1)
        .await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let shell = Shell::load(app, &frame, who, "/admin/audit").await?;
    let mut members: Vec<MemberId> = found.iter().filter_map(member_of).collect();
    if let Some(Actor::Member(member)) = filter.actor {
        members.push(member);
    }
    let names = names_for(app, &frame, who, members).await?;
    let last = found.last().map_or(0, |row| row.sequence);
    let mut pages = Pages::new(&frame, 1, LIST_ROWS, found.len(), more, |_| {
        asked.address(Some(last))
    });
    if before.is_some() {
        pages.before = Some(asked.address(None));
        pages.here = String::new();
    }
    let cosigned = app.store.last_cosigned().await?;
    let cosigned = cosigned.map(|head| i64::try_from(head.size).unwrap_or(i64::MAX));
    Ok(Html(AuditPage {
        own: filter.within.map(|_| {
            let name = who.organisation().name.as_str();
            frame.t1("admin-audit-own", "organisation", name)
        }),
        cosigned: cosigned.map(|size| frame.n("admin-audit-cosigned", size)),
        kinds: kinds(&frame, filter.kind),
        actors: actors(&frame, filter.actor, &names),
        rows: found
            .into_iter()
            .map(|row| AuditLine::new(&frame, row, &names))
            .collect(),
        frame,
        shell,
        proof,
        asked,
        pages,
    }))
}

fn kinds(frame: &Frame, chosen: Option<AuditKind>) -> Vec<Choice> {
    let kind = |kind: &AuditKind| Choice {
        value: kind.as_str().to_owned(),
        text: frame.t(&format!("audit-{}", kind.as_str())),
        chosen: chosen == Some(*kind),
    };
    let mut kinds: Vec<Choice> = AuditKind::ALL.iter().map(kind).collect();
    kinds.sort_by(|one, other| one.text.cmp(&other.text));
    kinds
}

/// Machine and public, and the member whose acts are shown.
fn actors(frame: &Frame, chosen: Option<Actor>, names: &HashMap<MemberId, String>) -> Vec<Choice> {
    let mut actors = vec![Actor::Machine, Actor::Public];
    if let Some(Actor::Member(member)) = chosen {
        actors.push(Actor::Member(member));
    }
    let choice = |actor: Actor| Choice {
        value: actor_word(actor),
        text: actor_name(frame, actor, names),
        chosen: chosen == Some(actor),
    };
    actors.into_iter().map(choice).collect()
}

/// What people are called: by name in one's own organisation and by the operator, elsewhere by the
/// body they acted for.
pub(crate) async fn names_for(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    mut wanted: Vec<MemberId>,
) -> Result<HashMap<MemberId, String>, Failure> {
    wanted.sort_unstable();
    wanted.dedup();
    let own = confined(who);
    let found = app.store.audit_names(&wanted).await?;
    let called = |(member, name): (MemberId, AuditName)| {
        let text = match own {
            Some(own) if own != name.organisation => {
                let body = name.organisation_name.as_str();
                frame.t1("admin-audit-someone-of", "organisation", body)
            }
            _ => name.name,
        };
        (member, text)
    };
    Ok(found.into_iter().map(called).collect())
}

fn member_of(row: &AuditRow) -> Option<MemberId> {
    match row.event.actor {
        Actor::Member(member) => Some(member),
        Actor::Machine | Actor::Public => None,
    }
}

fn actor_word(actor: Actor) -> String {
    match actor {
        Actor::Member(member) => member.to_string(),
        Actor::Machine => MACHINE.to_owned(),
        Actor::Public => PUBLIC.to_owned(),
    }
}

/// What whoever acted is called, with the names of [`names_for`].
pub(crate) fn actor_name(frame: &Frame, actor: Actor, names: &HashMap<MemberId, String>) -> String {
    match actor {
        Actor::Member(member) => names
            .get(&member)
            .cloned()
            .unwrap_or_else(|| frame.t("admin-audit-someone")),
        Actor::Machine => frame.t("audit-by-machine"),
        Actor::Public => frame.t("audit-by-public"),
    }
}

impl AuditLine {
    fn new(frame: &Frame, row: AuditRow, names: &HashMap<MemberId, String>) -> Self {
        let only = Asked {
            oleh: actor_word(row.event.actor),
            ..Asked::default()
        };
        Self {
            sequence: row.sequence,
            at: frame.exact(row.event.at),
            what: frame.t(&format!("audit-{}", row.event.kind.as_str())),
            who: actor_name(frame, row.event.actor, names),
            who_address: only.address(None),
            on: if row.event.subject.is_nil() {
                String::new()
            } else {
                row.event.subject.to_string()
            },
            note: note::in_words(frame, row.event.kind, row.event.note),
        }
    }

    /// One act alone, with the name of who did it.
    pub(crate) async fn one(
        app: &App,
        frame: &Frame,
        who: &SignedIn,
        row: AuditRow,
    ) -> Result<Self, Failure> {
        let names = names_for(app, frame, who, member_of(&row).into_iter().collect()).await?;
        Ok(Self::new(frame, row, &names))
    }
}

impl Proof {
    fn new(frame: &Frame, checked: &AuditVerification) -> Self {
        let text = match &checked.first_bad {
            None => frame.n(
                "admin-audit-well",
                i64::try_from(checked.entries).unwrap_or(i64::MAX),
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
        Self {
            well: checked.first_bad.is_none(),
            text,
            root: hex(&checked.root),
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
    use axum::http::HeaderMap;

    use super::*;

    #[test]
    fn a_root_is_written_in_hexadecimal() {
        assert_eq!(hex(&[0x00, 0xab, 0x7f]), "00ab7f");
    }

    #[test]
    fn the_address_says_what_is_shown_and_nonsense_does_not_narrow() {
        let uri = "/admin/audit".parse().expect("address");
        let frame = Frame::new(&HeaderMap::new(), &uri, None, false);
        let asked = Asked {
            tindakan: "case_opened".into(),
            oleh: MACHINE.into(),
            dari: "2026-11-25".into(),
            sampai: "2026-11-25".into(),
            ..Asked::default()
        };
        let filter = asked.filter(&frame, None);
        assert_eq!(filter.kind, Some(AuditKind::CaseOpened));
        assert_eq!(filter.actor, Some(Actor::Machine));
        // Midnight in Jakarta is 17.00 UTC of the day before.
        let from = filter.from.expect("from");
        assert_eq!(crate::web::moment::machine(from), "2026-11-24T17:00:00Z");
        assert_eq!(filter.until, Some(from.plus_us(Timestamp::DAY_US)));
        assert_eq!(
            asked.address(Some(7)),
            "/admin/audit?tindakan=case_opened&oleh=mesin&dari=2026-11-25&sampai=2026-11-25&sebelum=7"
        );
        let nonsense = Asked {
            tindakan: "x".into(),
            oleh: "y".into(),
            atas: "z".into(),
            dari: "kemarin".into(),
            ..Asked::default()
        };
        assert_eq!(nonsense.filter(&frame, None), AuditFilter::default());
        assert_eq!(Asked::default().address(None), "/admin/audit");
    }
}
