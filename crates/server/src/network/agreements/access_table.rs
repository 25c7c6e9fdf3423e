//! What agreements open on a day, to an organisation and by it, as a table to read: to its own
//! people for any day, to the operator's for any organisation.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::OrganisationId;
use domain::agreement::Opening;
use domain::date::Date;
use domain::reach::OpenDoor;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::words::{limits_text, opening_key};
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::admin::confined;
use crate::app::App;
use crate::desk::{Pages, Shell, filled, page_of};
use crate::error::Failure;
use crate::network::find_one;
use crate::web::{Cache, Frame, Html, Page};

/// Lines of each half of the table on one page.
const LINES: u32 = 25;

/// Which page, of which day and whose; blank is today and one's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
    tanggal: String,
    lembaga: String,
}

impl Asked {
    /// The address of a page of what `self` asks for, on `day` where that is given.
    fn address(&self, day: Option<Date>, page: u32) -> String {
        let day = day.map_or_else(|| self.tanggal.clone(), |day| day.to_string());
        let mut query = Serializer::new(String::new());
        for (name, value) in [("tanggal", &day), ("lembaga", &self.lembaga)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("hal", &page.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/network/access{mark}{query}")
    }
}

/// Whose doors, on which day.
struct Wanted {
    organisation: OrganisationId,
    name: String,
    day: Date,
}

/// What is asked for, or a sentence that says what is wrong with it.
async fn wanted(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    asked: &Asked,
) -> Result<Result<Wanted, String>, Failure> {
    let day = match asked.tanggal.trim() {
        "" => today(frame.now),
        text => match Date::parse(text) {
            Some(day) => day,
            None => return Ok(Err(frame.t1("agreement-access-fault-day", "text", text))),
        },
    };
    let own = who.organisation();
    let other = match confined(who) {
        Some(_) => None,
        None => match find_one(app, &asked.lembaga).await? {
            Ok(found) => found.map(|entry| entry.organisation),
            Err(key) => return Ok(Err(frame.t1(key, "text", asked.lembaga.trim()))),
        },
    };
    let organisation = other.as_ref().unwrap_or(own);
    Ok(Ok(Wanted {
        organisation: organisation.id,
        name: organisation.name.clone(),
        day,
    }))
}

#[derive(Debug)]
struct Line {
    who: String,
    what: String,
    limits: String,
    until: String,
    /// The same table on the day after the last.
    after: Option<String>,
    agreement: String,
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/access.html")]
pub(crate) struct AccessPage {
    frame: Frame,
    shell: Shell,
    asked: Asked,
    /// The day shown, in the form of a date field.
    day: String,
    lead: String,
    fault: Option<String>,
    /// Whether the reader may ask for another organisation.
    names_body: bool,
    /// What is opened to it, and by it.
    halves: [(String, Vec<Line>); 2],
    pages: Pages,
}

impl Page for AccessPage {
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

/// `GET /network/access?tanggal=&lembaga=&hal=`: the same page of both halves.
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<AccessPage>, Failure> {
    let (wanted, fault) = match wanted(&app, &frame, &who, &asked).await? {
        Ok(wanted) => (wanted, None),
        Err(fault) => {
            let own = who.organisation();
            let wanted = Wanted {
                organisation: own.id,
                name: own.name.clone(),
                day: today(frame.now),
            };
            (wanted, Some(fault))
        }
    };
    let (reach, past) = (app.agreed_access.reach(), app.agreed_access.past());
    let (mut to_it, mut by_it): (Vec<OpenDoor<'_>>, Vec<OpenDoor<'_>>) = reach
        .lines(wanted.day)
        .chain(past.lines(wanted.day))
        .filter(|line| line.taker == wanted.organisation || line.giver == wanted.organisation)
        .partition(|line| line.taker == wanted.organisation);
    to_it.sort_by_key(|line| (line.giver, line.scope.agreement));
    by_it.sort_by_key(|line| (line.taker, line.scope.agreement));
    let number = page_of(&asked.hal);
    let (to_it, by_it) = (part(&to_it, number), part(&by_it, number));
    let pages = Pages::new(
        &frame,
        number,
        LINES,
        to_it.shown.len().max(by_it.shown.len()),
        to_it.more || by_it.more,
        |page| asked.address(None, page),
    );
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let to_it = lines(&app, &frame, &asked, to_it.shown, |line| line.giver).await?;
    let by_it = lines(&app, &frame, &asked, by_it.shown, |line| line.taker).await?;
    let named = |key| frame.t1(key, "organisation", wanted.name.as_str());
    let day = super::day_text(&frame, wanted.day);
    Ok(Html(AccessPage {
        halves: [
            (named("agreement-access-to"), to_it),
            (named("agreement-access-by"), by_it),
        ],
        lead: filled(
            &frame,
            "agreement-access-lead",
            &[("day", &day), ("organisation", &wanted.name)],
        ),
        day: wanted.day.to_string(),
        names_body: confined(&who).is_none(),
        pages,
        fault,
        asked,
        frame,
        shell,
    }))
}

/// What one page shows of a half.
struct Part<'a, 'd> {
    shown: &'a [OpenDoor<'d>],
    more: bool,
}

fn part<'a, 'd>(doors: &'a [OpenDoor<'d>], page: u32) -> Part<'a, 'd> {
    let lines = LINES as usize;
    let skipped = (page as usize).saturating_sub(1).saturating_mul(lines);
    let rest = doors.get(skipped..).unwrap_or_default();
    Part {
        shown: &rest[..rest.len().min(lines)],
        more: rest.len() > lines,
    }
}

async fn lines(
    app: &App,
    frame: &Frame,
    asked: &Asked,
    doors: &[OpenDoor<'_>],
    other: impl Fn(&OpenDoor<'_>) -> OrganisationId,
) -> Result<Vec<Line>, Failure> {
    let ids: Vec<OrganisationId> = doors.iter().map(&other).collect();
    let names = app.store.organisations_by_id(&ids).await?;
    let line = |door: &OpenDoor<'_>| {
        let opens = Opening::ALL
            .iter()
            .filter(|opening| door.scope.opens(**opening));
        let opens = opens.map(|opening| frame.t(&opening_key(opening.as_str())));
        Line {
            who: super::words::name_of(frame, &names, other(door)),
            what: opens.collect::<Vec<_>>().join("; "),
            limits: limits_text(
                frame,
                &door.scope.regions,
                &door.scope.stages,
                door.scope.purpose.as_str(),
            ),
            until: super::day_text(frame, door.last),
            after: door
                .last
                .plus_days(1)
                .map(|day| asked.address(Some(day), 1)),
            agreement: super::place(door.scope.agreement),
        }
    };
    Ok(doors.iter().map(line).collect())
}
