//! What surrounds every page of the desk: the live line on top and the way to the other pages.

use domain::policy::Action;
use store::{CaseFilter, Page};

use super::words::filled;
use crate::access::SignedIn;
use crate::app::App;
use crate::error::Failure;
use crate::stream::LiveFigures;
use crate::web::Frame;

/// Cases counted beside a link, at most.
const COUNTED_MAX: u32 = 99;

/// The surroundings of one page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shell {
    /// The radar's version when the page was drawn.
    pub version: u64,
    /// Posts per second and delay, as a line.
    pub speed: String,
    /// Pages of the desk this member may see.
    pub links: Vec<Link>,
    /// Pages for administrators.
    pub admin_links: Vec<Link>,
}

/// One way to another page.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Where it leads.
    pub address: &'static str,
    /// What stands there.
    pub text: String,
    /// How many wait there, where that is known.
    pub count: Option<String>,
    /// Whether this is the page shown.
    pub current: bool,
}

impl Shell {
    /// The surroundings of the page at `here`, for `who`.
    pub(crate) async fn load(
        app: &App,
        frame: &Frame,
        who: &SignedIn,
        here: &str,
    ) -> Result<Self, Failure> {
        let live = *app.live.borrow();
        let mut links = Vec::new();
        if frame.may(Action::SeeDesk) {
            links.push(link(frame, here, "/desk", "desk-radar"));
        }
        if frame.may(Action::SeeDraft) {
            let mine = count(app, CaseFilter::Mine(who.member().id)).await?;
            let waiting = count(app, CaseFilter::Waiting(who.organisation().id)).await?;
            links.push(Link {
                count: mine,
                ..link(frame, here, "/desk/cases?daftar=saya", "desk-my-cases")
            });
            links.push(Link {
                count: waiting,
                ..link(frame, here, "/desk/cases?daftar=tinjauan", "desk-waiting")
            });
        }
        if frame.may(Action::SeeTips) {
            links.push(link(frame, here, "/desk/tips", "desk-tips"));
        }
        if frame.may(Action::SeeDesk) {
            links.push(link(frame, here, "/desk/partners", "partner-cases"));
        }
        links.push(link(frame, here, "/network/agreements", "agreement-list"));
        if frame.may(Action::SeeDesk) || frame.may(Action::Coordinate) {
            links.push(link(frame, here, "/network", "network-title"));
        }
        let mut admin_links = Vec::new();
        if frame.may(Action::Administer) {
            admin_links.push(link(frame, here, "/admin/members", "admin-members"));
            admin_links.push(link(frame, here, "/admin/keys", "admin-keys"));
            admin_links.push(link(frame, here, "/admin/feeds", "admin-feeds"));
        }
        if frame.may(Action::Audit) {
            admin_links.push(link(frame, here, "/admin/access", "admin-access"));
            admin_links.push(link(frame, here, "/admin/audit", "admin-audit"));
            admin_links.push(link(frame, here, "/admin/witnesses", "ledger-witnesses"));
        }
        if frame.may(Action::TuneAnswers) {
            admin_links.push(link(frame, here, "/admin/thresholds", "admin-thresholds"));
            admin_links.push(link(frame, here, "/admin/learning", "admin-learning"));
        }
        Ok(Self {
            version: live.version,
            speed: speed(frame, &live),
            links,
            admin_links,
        })
    }
}

/// The live line: posts per second, and how long they take to the radar.
pub(crate) fn speed(frame: &Frame, live: &LiveFigures) -> String {
    let rate = frame.whole(whole_rate(live.posts_per_second));
    let delay = frame.whole(i64::try_from(live.to_radar_ms).unwrap_or(i64::MAX));
    filled(frame, "desk-speed", &[("rate", &rate), ("delay", &delay)])
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float turned into an integer saturates; a rate is far below that"
)]
fn whole_rate(rate: f64) -> i64 {
    rate.round() as i64
}

fn link(frame: &Frame, here: &str, address: &'static str, key: &str) -> Link {
    Link {
        address,
        text: frame.t(key),
        count: None,
        current: here == address,
    }
}

async fn count(app: &App, filter: CaseFilter) -> Result<Option<String>, Failure> {
    let cases = app.store.cases(filter, Page::first(COUNTED_MAX)).await?;
    Ok((!cases.is_empty()).then(|| cases.len().to_string()))
}
