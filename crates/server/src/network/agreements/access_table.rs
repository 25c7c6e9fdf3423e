//! What agreements open today, to one's own organisation and by it, as a table to read.

use askama::Template;
use axum::extract::State;
use domain::OrganisationId;
use domain::agreement::Opening;
use domain::reach::OpenDoor;

use super::words::{limits_text, opening_key};
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::Shell;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Page};

/// Lines of each half of the table.
const LINES_MAX: usize = 500;

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
    policy: &'static str,
}

impl Page for AccessPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// `GET /network/access`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<AccessPage>, Failure> {
    let own = who.organisation().id;
    let reach = app.agreed_access.reach();
    let (mut to_us, mut by_us): (Vec<OpenDoor<'_>>, Vec<OpenDoor<'_>>) = reach
        .lines(today(frame.now))
        .filter(|line| line.taker == own || line.giver == own)
        .partition(|line| line.taker == own);
    to_us.sort_by_key(|line| (line.giver, line.scope.agreement));
    by_us.sort_by_key(|line| (line.taker, line.scope.agreement));
    let shell = Shell::load(&app, &frame, &who, "/network/agreements").await?;
    let to_us = lines(&app, &frame, &to_us, |line| line.giver).await?;
    let by_us = lines(&app, &frame, &by_us, |line| line.taker).await?;
    Ok(Html(AccessPage {
        halves: [
            (frame.t("agreement-access-to-us"), to_us),
            (frame.t("agreement-access-by-us"), by_us),
        ],
        frame,
        shell,
        policy: include_str!("../../../../../docs/access-table.txt"),
    }))
}

async fn lines(
    app: &App,
    frame: &Frame,
    doors: &[OpenDoor<'_>],
    other: impl Fn(&OpenDoor<'_>) -> OrganisationId,
) -> Result<Vec<Line>, Failure> {
    let shown = &doors[..doors.len().min(LINES_MAX)];
    let ids: Vec<OrganisationId> = shown.iter().map(&other).collect();
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
    Ok(shown.iter().map(line).collect())
}
