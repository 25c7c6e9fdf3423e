//! The public register: who agreed what with whom, from when to when, and what for. Nothing of
//! it names a person; drafts are not in it.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::AgreementId;
use domain::agreement::{AgreementState, REMINDER_DAYS};
use domain::date::Date;
use serde::Deserialize;
use store::{AgreementFilter, AgreementRow};

use super::LIST_ROWS;
use super::list::Row;
use super::words::{Mark, ScopeText, form_name, mark, scope_text, term_text};
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::page_of;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// Agreements in the calendar, those that end last.
const CALENDAR_ROWS: u32 = 200;
/// An iCalendar line, in bytes (RFC 5545 §3.1).
const LINE_BYTES: usize = 75;

#[derive(Debug, Template)]
#[template(path = "network/agreements/register.html")]
pub(crate) struct RegisterPage {
    frame: Frame,
    rows: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
}

impl Page for RegisterPage {
    const CACHE: Cache = Cache::PublicMinute;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some(self.frame.path.clone())
    }
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

/// `GET /kesepakatan`
pub(super) async fn list(
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<RegisterPage>, Failure> {
    let number = page_of(&asked.hal);
    let wanted = store::Page {
        limit: LIST_ROWS + 1,
        offset: (number - 1) * LIST_ROWS,
    };
    let mut found = app
        .store
        .agreements(AgreementFilter::Public, wanted)
        .await?;
    let more = found.len() > LIST_ROWS as usize;
    found.truncate(LIST_ROWS as usize);
    let address = |number: u32| format!("/kesepakatan?hal={number}");
    Ok(Html(RegisterPage {
        rows: found
            .iter()
            .map(|row| Row::new(&frame, row, "/kesepakatan"))
            .collect(),
        newer: (number > 1).then(|| address(number - 1)),
        older: more.then(|| address(number + 1)),
        frame,
    }))
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/public.html")]
pub(crate) struct PublicPage {
    frame: Frame,
    title: String,
    form: String,
    mark: Mark,
    term: String,
    place: String,
    parties: Vec<(String, String)>,
    scopes: Vec<ScopeText>,
    parent: Option<(String, String)>,
    children: Vec<Row>,
}

impl Page for PublicPage {
    const CACHE: Cache = Cache::PublicMinute;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn canonical(&self) -> Option<String> {
        Some(self.frame.path.clone())
    }
}

/// `GET /kesepakatan/{id}`
pub(super) async fn show(
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<PublicPage>, Failure> {
    let id = AgreementId::parse(&id).ok_or(Failure::NotFound)?;
    let agreement = app.store.agreement(id).await?;
    if !is_public(&agreement.state) {
        return Err(Failure::NotFound);
    }
    let ids: Vec<_> = agreement
        .terms
        .parties
        .iter()
        .map(|party| party.organisation)
        .collect();
    let names = app.store.organisations_by_id(&ids).await?;
    let parent = match agreement.terms.parent {
        Some(parent) => Some(app.store.agreement(parent).await?),
        None => None,
    };
    let children = app.store.agreements_under(id).await?;
    let party = |party: &domain::agreement::Party| {
        (
            super::words::name_of(&frame, &names, party.organisation),
            party.number.clone(),
        )
    };
    Ok(Html(PublicPage {
        title: agreement.terms.title.clone(),
        form: form_name(&frame, agreement.terms.form),
        mark: mark(&frame, &agreement, today(frame.now)),
        term: term_text(&frame, &agreement),
        place: agreement.terms.place.clone(),
        parties: agreement.terms.parties.iter().map(party).collect(),
        scopes: agreement
            .terms
            .scopes
            .iter()
            .map(|scope| scope_text(&frame, scope, &names))
            .collect(),
        parent: parent
            .filter(|parent| is_public(&parent.state))
            .map(|parent| (format!("/kesepakatan/{}", parent.id), parent.terms.title)),
        children: children
            .iter()
            .filter(|row| is_public(&row.agreement.state))
            .map(|row| Row::new(&frame, row, "/kesepakatan"))
            .collect(),
        frame,
    }))
}

pub(super) fn is_public(state: &AgreementState) -> bool {
    matches!(
        state,
        AgreementState::InForce { .. }
            | AgreementState::Ending { .. }
            | AgreementState::Renewed { .. }
            | AgreementState::Lapsed { .. }
            | AgreementState::Revoked { .. }
    )
}

/// `GET /kesepakatan.ics`: the last day of each agreement in force, and its reminders, as a
/// calendar to subscribe to (RFC 5545).
pub(super) async fn calendar(frame: Frame, State(app): State<App>) -> Result<Response, Failure> {
    let day = today(frame.now);
    let part = store::Page::first(CALENDAR_ROWS);
    let rows = app.store.agreements(AgreementFilter::Public, part).await?;
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Kentongan//Agreements//ID".to_owned(),
        format!("X-WR-CALNAME:{}", text(&frame.t("register-title"))),
    ];
    let in_force = rows.iter().filter(|row| row.standing(day).holds());
    for row in in_force {
        lines.extend(events(&frame, row));
    }
    lines.push("END:VCALENDAR".to_owned());
    let mut body = String::new();
    for line in lines {
        fold(&line, &mut body);
    }
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/calendar; charset=utf-8"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=3600"),
        ),
    ];
    Ok((headers, body).into_response())
}

/// One event for the last day and one for each reminder before it.
fn events(frame: &Frame, row: &AgreementRow) -> Vec<String> {
    let Some(last) = row.agreement.terms.ends() else {
        return Vec::new();
    };
    let id = row.agreement.id;
    let mut lines = Vec::new();
    for days in REMINDER_DAYS.into_iter().chain([0]) {
        let (Some(day), Some(next)) = (last.plus_days(-days), last.plus_days(1 - days)) else {
            continue;
        };
        let title = text(&row.agreement.terms.title);
        let summary = frame.n("register-calendar", days);
        lines.push("BEGIN:VEVENT".to_owned());
        lines.push(format!("UID:{id}-{days}@kentongan"));
        lines.push(format!(
            "DTSTAMP:{}T000000Z",
            basic(row.agreement.terms.starts)
        ));
        lines.push(format!("DTSTART;VALUE=DATE:{}", basic(day)));
        lines.push(format!("DTEND;VALUE=DATE:{}", basic(next)));
        lines.push(format!("SUMMARY:{}: {title}", text(&summary)));
        lines.push(format!("DESCRIPTION:{}", text(&row.parties.join(", "))));
        lines.push(format!(
            "URL:{}",
            frame.absolute(&format!("/kesepakatan/{id}"))
        ));
        lines.push("END:VEVENT".to_owned());
    }
    lines
}

fn basic(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// A text value of iCalendar, with what means something there escaped.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Writes a line in pieces of at most 75 bytes, never within a character.
fn fold(line: &str, out: &mut String) {
    let mut used = 0;
    for letter in line.chars() {
        if used + letter.len_utf8() > LINE_BYTES {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    let _infallible = write!(out, "\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_at_75_bytes_and_read_back() {
        let long = format!("SUMMARY:{}", "Kesepahaman – ".repeat(20));
        let mut out = String::new();
        fold(&long, &mut out);
        assert!(out.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        assert_eq!(out.replace("\r\n ", ""), format!("{long}\r\n"));
    }

    #[test]
    fn a_title_cannot_end_its_line() {
        assert_eq!(
            text("a;b,c\\d\r\nEND:VCALENDAR"),
            "a\\;b\\,c\\\\d\\nEND:VCALENDAR"
        );
    }
}
