//! Organisations out of a spreadsheet: shown first, line by line, and stored when a person says so.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::AuditKind;
use domain::organisation::OrganisationKind;
use uuid::Uuid;

use super::import_plan::{Change, Known, Plan, Planner, Scope, reason_text};
use super::keeping::adds;
use super::words::Choice;
use crate::access::{May, SignedIn, permission::Coordinate};
use crate::app::App;
use crate::desk::{Shell, event};
use crate::error::Failure;
use crate::intake::import::mapping::{Mapping, MappingRefused, Subject};
use crate::intake::import::reader::{FileRefused, Line, Reader, SAMPLE_RECORDS};
use crate::web::{Cache, Fields, Frame, Html, Page};

/// A pasted file, in bytes: a list of several thousand organisations.
pub(super) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Lines of one file.
const LINES_MAX: usize = 10_000;
/// Lines shown that change something or nothing; those refused are shown up to [`REFUSED_SHOWN`].
const LINES_SHOWN: usize = 40;
/// Refused lines shown.
const REFUSED_SHOWN: usize = 300;

#[derive(Debug)]
struct FieldRow {
    field: &'static str,
    name: String,
    columns: Vec<Choice>,
}

#[derive(Debug)]
struct LineRow {
    number: u64,
    name: String,
    class: &'static str,
    icon: &'static str,
    what: String,
    detail: String,
}

#[derive(Debug)]
struct Checked {
    fresh: String,
    changed: String,
    same: String,
    refused: String,
    rows: Vec<LineRow>,
    left_out: Option<String>,
    fields: Vec<FieldRow>,
    /// Something would be stored.
    useful: bool,
}

#[derive(Debug, Template)]
#[template(path = "network/import.html")]
pub(crate) struct ImportPage {
    frame: Frame,
    shell: Shell,
    text: String,
    fault: Option<String>,
    checked: Option<Checked>,
    stored: Option<String>,
    own: Option<String>,
}

impl Page for ImportPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.fault.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

type Form = HashMap<String, String>;

/// `GET /network/import`
pub(super) async fn show(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<ImportPage>, Failure> {
    blank(&app, frame, &who).await.map(Html)
}

/// `POST /network/import`: says what the file would change.
pub(super) async fn check(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Fields(form): Fields<Form>,
) -> Result<Html<ImportPage>, Failure> {
    let mut page = blank(&app, frame, &who).await?;
    match planned(&app, &who, &form).await? {
        Ok((plan, sample, mapping)) => {
            page.checked = Some(Checked::new(&page.frame, &plan, &sample, &mapping));
        }
        Err(fault) => page.fault = Some(fault.sentence(&page.frame)),
    }
    page.text = text_of(&form);
    Ok(Html(page))
}

/// `POST /network/import/store`: stores what the file changes now.
pub(super) async fn store(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Fields(form): Fields<Form>,
) -> Result<Html<ImportPage>, Failure> {
    let mut page = blank(&app, frame, &who).await?;
    match planned(&app, &who, &form).await? {
        Ok((plan, sample, mapping)) => {
            let count = plan.entries.len();
            if count > 0 {
                let note = format!("{count} organisations");
                let act = event(
                    &who,
                    AuditKind::OrganisationsImported,
                    Uuid::nil(),
                    page.frame.now,
                    &note,
                );
                app.store.import_entries(&plan.entries, &act).await?;
            }
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            page.stored = Some(page.frame.n("network-import-stored", count));
            let mut checked = Checked::new(&page.frame, &plan, &sample, &mapping);
            checked.useful = false;
            page.checked = Some(checked);
        }
        Err(fault) => {
            page.fault = Some(fault.sentence(&page.frame));
            page.text = text_of(&form);
        }
    }
    Ok(Html(page))
}

async fn blank(app: &App, frame: Frame, who: &May<Coordinate>) -> Result<ImportPage, Failure> {
    if !adds(who) {
        return Err(Failure::NotFound);
    }
    let own = who.organisation();
    Ok(ImportPage {
        shell: Shell::load(app, &frame, who, "/network").await?,
        own: (own.kind != OrganisationKind::Operator).then(|| own.name.clone()),
        text: String::new(),
        fault: None,
        checked: None,
        stored: None,
        frame,
    })
}

fn text_of(form: &Form) -> String {
    form.get("berkas").cloned().unwrap_or_default()
}

/// Why a whole file cannot be read.
enum FileFault {
    TooLarge,
    Empty,
    Unreadable,
    Column,
}

impl FileFault {
    fn sentence(&self, frame: &Frame) -> String {
        frame.t(match self {
            Self::TooLarge => "network-import-large",
            Self::Empty => "network-import-empty",
            Self::Unreadable => "network-import-unreadable",
            Self::Column => "network-import-column",
        })
    }
}

type Planned = Result<(Plan, Vec<Line>, Mapping), FileFault>;

async fn planned(app: &App, who: &SignedIn, form: &Form) -> Result<Planned, Failure> {
    let text = text_of(form);
    if text.len() > FILE_BYTES_MAX {
        return Ok(Err(FileFault::TooLarge));
    }
    let own = who.organisation();
    let scope = if own.kind == OrganisationKind::Operator {
        Scope::default()
    } else {
        Scope {
            own: Some(own.id),
            association: Some(own.id),
        }
    };
    let known = Known {
        entries: app.store.all_entries().await?,
        affiliations: app.store.open_affiliations().await?,
    };
    let chosen: Vec<(String, String)> = form
        .iter()
        .filter_map(|(name, column)| {
            Some((name.strip_prefix("kolom-")?.to_owned(), column.clone()))
        })
        .collect();
    // Thousands of lines take a moment; other requests are not kept waiting for it.
    tokio::task::spawn_blocking(move || plan(text, &chosen, &scope, known))
        .await
        .map_err(|_| Failure::Internal)
}

fn plan(text: String, chosen: &[(String, String)], scope: &Scope, known: Known) -> Planned {
    if text.trim().is_empty() {
        return Err(FileFault::Empty);
    }
    let mut reader = Reader::of_text(text).map_err(|refused| match refused {
        FileRefused::Empty => FileFault::Empty,
        _ => FileFault::Unreadable,
    })?;
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().map_err(|_| FileFault::Unreadable)? {
        lines.push(line);
        if lines.len() > LINES_MAX {
            return Err(FileFault::TooLarge);
        }
    }
    let sample: Vec<Line> = lines.iter().take(SAMPLE_RECORDS).cloned().collect();
    if !sample.iter().any(|line| line.record.is_ok()) {
        return Err(FileFault::Unreadable);
    }
    let chosen: Vec<(&str, &str)> = chosen
        .iter()
        .map(|(field, column)| (field.as_str(), column.as_str()))
        .collect();
    let mapping = match Mapping::chosen(Subject::Organisations, &sample, &chosen) {
        Ok(mapping) => mapping,
        Err(MappingRefused::Missing { .. }) => return Err(FileFault::Column),
        Err(_) => return Err(FileFault::Unreadable),
    };
    let mut planner = Planner::new(&mapping, scope, known);
    for line in &lines {
        planner.line(line);
    }
    Ok((planner.done(), sample, mapping))
}

impl Checked {
    fn new(frame: &Frame, plan: &Plan, sample: &[Line], mapping: &Mapping) -> Self {
        let count = |is: fn(&Change) -> bool| {
            let lines = plan.lines.iter().filter(|line| is(&line.change)).count();
            frame.whole(i64::try_from(lines).unwrap_or(i64::MAX))
        };
        let refused = |change: &Change| matches!(change, Change::Refused(_));
        let (bad, good): (Vec<_>, Vec<_>) =
            plan.lines.iter().partition(|line| refused(&line.change));
        let shown = bad.iter().take(REFUSED_SHOWN);
        let shown = shown.chain(good.iter().take(LINES_SHOWN));
        let rows: Vec<LineRow> = shown
            .map(|line| LineRow::new(frame, line.number, &line.name, &line.change))
            .collect();
        let hidden = i64::try_from(plan.lines.len() - rows.len()).unwrap_or(i64::MAX);
        Self {
            fresh: count(|change| *change == Change::New),
            changed: count(|change| matches!(change, Change::Changed(_))),
            same: count(|change| *change == Change::Same),
            refused: count(|change| matches!(change, Change::Refused(_))),
            left_out: (hidden > 0).then(|| frame.n("network-import-hidden", hidden)),
            fields: field_rows(frame, sample, mapping),
            useful: !plan.entries.is_empty(),
            rows,
        }
    }
}

impl LineRow {
    fn new(frame: &Frame, number: u64, name: &str, change: &Change) -> Self {
        let (class, icon, what, detail) = match change {
            Change::New => ("true", "plus", "network-import-new", String::new()),
            Change::Changed(fields) => {
                let names = fields.iter().map(|field| field_name(frame, field));
                let names = names.collect::<Vec<_>>().join(", ");
                ("official", "pencil", "network-import-changed", names)
            }
            Change::Same => ("", "check", "network-import-same", String::new()),
            Change::Refused(reason) => {
                let why = reason_text(frame, reason);
                ("false", "circle-x", "network-import-refused", why)
            }
        };
        Self {
            number,
            name: name.to_owned(),
            class,
            icon,
            what: frame.t(what),
            detail,
        }
    }
}

fn field_name(frame: &Frame, field: &str) -> String {
    frame.t(&format!("network-field-{}", field.replace('_', "-")))
}

fn field_rows(frame: &Frame, sample: &[Line], mapping: &Mapping) -> Vec<FieldRow> {
    let columns = Mapping::columns(sample);
    let rows = Subject::Organisations.fields().iter().map(|field| {
        let filled = mapping.pairs.iter().find(|pair| pair.field == field.name);
        FieldRow {
            field: field.name,
            name: field_name(frame, field.name),
            columns: columns
                .iter()
                .map(|column| Choice {
                    value: column.clone(),
                    text: column.clone(),
                    chosen: filled.is_some_and(|pair| pair.column == *column),
                })
                .collect(),
        }
    });
    rows.collect()
}
