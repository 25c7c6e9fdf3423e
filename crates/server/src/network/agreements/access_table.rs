//! What agreements open today, to one's own organisation and by it, as a table to read.

use askama::Template;
use axum::extract::{Query, State};
use domain::OrganisationId;
use domain::agreement::Opening;
use domain::reach::OpenDoor;
use serde::Deserialize;

use super::words::{limits_text, opening_key};
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::{Pages, Shell, page_of};
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// Lines of each half of the table on one page.
const LINES: u32 = 25;

/// Which page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    hal: String,
}

#[derive(Debug)]
struct Line {
    who: String,
    what: String,
    limits: String,
    until: String,
    agreement: String,
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/access.html")]
pub(crate) struct AccessPage {
    frame: Frame,
    shell: Shell,
    /// What is opened to us, and by us.
    halves: [(String, Vec<Line>); 2],
    pages: Pages,
    policy: &'static str,
}

impl Page for AccessPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /network/access?hal=`: the same page of both halves.
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<AccessPage>, Failure> {
    let own = who.organisation().id;
    let reach = app.agreed_access.reach();
    let (mut to_us, mut by_us): (Vec<OpenDoor<'_>>, Vec<OpenDoor<'_>>) = reach
        .lines(today(frame.now))
        .filter(|line| line.taker == own || line.giver == own)
        .partition(|line| line.taker == own);
    to_us.sort_by_key(|line| (line.giver, line.scope.agreement));
    by_us.sort_by_key(|line| (line.taker, line.scope.agreement));
    let number = page_of(&asked.hal);
    let (to_us, by_us) = (part(&to_us, number), part(&by_us, number));
    let pages = Pages::new(
        &frame,
        number,
        LINES,
        to_us.shown.len().max(by_us.shown.len()),
        to_us.more || by_us.more,
        |page| format!("/network/access?hal={page}"),
    );
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let to_us = lines(&app, &frame, to_us.shown, |line| line.giver).await?;
    let by_us = lines(&app, &frame, by_us.shown, |line| line.taker).await?;
    Ok(Html(AccessPage {
        halves: [
            (frame.t("agreement-access-to-us"), to_us),
            (frame.t("agreement-access-by-us"), by_us),
        ],
        pages,
        frame,
        shell,
        policy: include_str!("../../../../../docs/access-table.txt"),
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
            agreement: super::place(door.scope.agreement),
        }
    };
    Ok(doors.iter().map(line).collect())
}
