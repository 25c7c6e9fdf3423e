//! The page of one case: who holds it, what is written, what may be done now.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::audit::Actor;
use domain::case::{Case, CaseRefused, CaseState};
use domain::fact_check::{Draft, DraftFault};
use domain::limits::CASE_LOCK_IDLE_US;
use domain::policy::Action;
use domain::{CaseId, ClusterId, MemberId, Timestamp};
use serde::Deserialize;
use store::AuditRow;

use super::cases::own_case;
use super::draft_form::{CheckView, FormView};
use super::shell::Shell;
use super::words::{Tag, case_tag, clock, filled};
use crate::access::{May, SignedIn, permission::SeeDraft};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Cache, Frame, Html, Markup, Page};

/// The case as this reader sees it.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one control is shown"
)]
struct CaseView {
    id: CaseId,
    cluster: ClusterId,
    title: String,
    tag: Tag,
    version: i64,
    standing: String,
    note: Option<String>,
    may_take: bool,
    take_label: String,
    published: Option<String>,
    previewing: bool,
    four_eyes: Option<String>,
    may_review: bool,
    may_approve: bool,
    may_close: bool,
}

/// Why something was not done.
#[derive(Debug)]
struct RefusalView {
    title: String,
    text: String,
    faults: Vec<String>,
}

/// One recorded act.
#[derive(Debug)]
struct Act {
    at: Markup,
    what: String,
    who: String,
}

#[derive(Debug, Template)]
#[template(path = "desk/case.html")]
pub(crate) struct CasePage {
    frame: Frame,
    shell: Shell,
    case: CaseView,
    refusal: Option<RefusalView>,
    form: Option<FormView>,
    saved: Option<String>,
    check: Option<CheckView>,
    note_kept: String,
    history: Vec<Act>,
    code: StatusCode,
}

impl Page for CasePage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        self.code
    }
}

/// What a page says besides the case itself.
#[derive(Debug, Default)]
pub(super) struct Besides {
    /// Why the last wish was not fulfilled.
    pub refused: Option<CaseRefused>,
    /// A note that was typed and is kept.
    pub note: String,
    /// Whether the draft is shown as readers will see it.
    pub previewing: bool,
    /// Whether the draft was just saved.
    pub saved: bool,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lihat: String,
    kabar: String,
}

/// `GET /desk/cases/{id}`
pub(super) async fn show(
    who: May<SeeDraft>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<CasePage>, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let besides = Besides {
        previewing: asked.lihat == "pratinjau",
        saved: asked.kabar == "tersimpan",
        ..Besides::default()
    };
    page(&app, frame, &who, &case, besides).await
}

/// The page of `case` for `who`.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    case: &Case,
    besides: Besides,
) -> Result<Html<CasePage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/desk/cases").await?;
    let history = app.store.case_history(case.id).await?;
    let names = names(app, case, &history).await?;
    Ok(Html(CasePage::new(
        frame, shell, case, besides, &history, &names,
    )))
}

impl CasePage {
    fn new(
        frame: Frame,
        shell: Shell,
        case: &Case,
        besides: Besides,
        history: &[AuditRow],
        names: &Names,
    ) -> Self {
        let visitor = frame.visitor.as_ref();
        let me = visitor.map_or(case.opened_by, |visitor| visitor.member.id);
        let newsroom = visitor
            .map(|visitor| visitor.organisation.name.clone())
            .unwrap_or_default();
        let mine = matches!(&case.state, CaseState::Held { lock } if lock.holder == me);
        let writing = mine && frame.may(Action::WriteCase) && !besides.previewing;
        let faults: &[DraftFault] = match &besides.refused {
            Some(CaseRefused::Incomplete(faults)) => faults,
            _ => &[],
        };
        let saved = || filled(&frame, "desk-saved", &[("time", &clock(&frame, frame.now))]);
        Self {
            case: CaseView::new(&frame, case, me, names, besides.previewing && mine),
            refusal: besides
                .refused
                .as_ref()
                .map(|refused| RefusalView::new(&frame, refused)),
            form: writing.then(|| FormView::new(&frame, &case.draft, faults)),
            saved: besides.saved.then(saved),
            check: if writing {
                None
            } else {
                CheckView::new(&frame, &case.draft, &newsroom)
            },
            note_kept: besides.note,
            history: history
                .iter()
                .map(|row| Act::new(&frame, row, names))
                .collect(),
            code: besides.refused.as_ref().map_or(StatusCode::OK, code_of),
            frame,
            shell,
        }
    }

    /// The page without history and without names, for tests.
    #[cfg(test)]
    pub(super) fn drawn(frame: Frame, shell: Shell, case: &Case, besides: Besides) -> Self {
        Self::new(frame, shell, case, besides, &[], &Names(HashMap::new()))
    }
}

/// What is missing in a form is the sender's to mend; everything else is a matter of state.
pub(super) fn code_of(refused: &CaseRefused) -> StatusCode {
    match refused {
        CaseRefused::Incomplete(_) | CaseRefused::NoteMissing | CaseRefused::NoteTooLong(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::CONFLICT,
    }
}

impl CaseView {
    fn new(frame: &Frame, case: &Case, me: MemberId, names: &Names, previewing: bool) -> Self {
        let writes = frame.may(Action::WriteCase);
        let held_by_other = case.holder(frame.now).is_some_and(|holder| holder != me);
        let mine = matches!(&case.state, CaseState::Held { lock } if lock.holder == me);
        let free = matches!(
            case.state,
            CaseState::Open | CaseState::Held { .. } | CaseState::Returned { .. }
        );
        let in_review = matches!(case.state, CaseState::InReview { .. });
        let reviews = in_review && frame.may(Action::ReviewCase);
        let wrote = case.authors.contains(&me);
        let take = if matches!(case.state, CaseState::Held { .. }) {
            "desk-case-take-again"
        } else {
            "desk-take"
        };
        Self {
            id: case.id,
            cluster: case.cluster,
            title: if case.title.is_empty() {
                frame.t("desk-case-untitled")
            } else {
                case.title.clone()
            },
            tag: case_tag(frame, &case.state),
            version: case.version,
            standing: standing(frame, case, me, names),
            note: match &case.state {
                CaseState::Returned { note, .. } | CaseState::Closed { note, .. } => {
                    Some(note.clone())
                }
                _ => None,
            },
            may_take: writes && free && !held_by_other && !mine,
            take_label: frame.t(take),
            published: match &case.state {
                CaseState::Published { fact_check, .. } => Some(format!("/cek-fakta/{fact_check}")),
                _ => None,
            },
            previewing,
            four_eyes: match (in_review, wrote, reviews) {
                (true, true, _) => Some(frame.t("desk-case-own-work")),
                (true, false, false) => Some(frame.t("desk-case-wait-reviewer")),
                _ => None,
            },
            may_review: reviews,
            may_approve: reviews && !wrote,
            may_close: writes && free && !held_by_other,
        }
    }
}

fn standing(frame: &Frame, case: &Case, me: MemberId, names: &Names) -> String {
    let minutes = (CASE_LOCK_IDLE_US / Timestamp::MINUTE_US).to_string();
    match &case.state {
        CaseState::Open => frame.t("desk-case-free"),
        CaseState::Held { lock } => {
            let (name, time) = (names.of(frame, lock.holder), clock(frame, lock.touched_at));
            let parts = [
                ("name", name.as_str()),
                ("time", time.as_str()),
                ("minutes", minutes.as_str()),
            ];
            let key = match (lock.holder == me, lock.has_lapsed(frame.now)) {
                (true, _) => "desk-case-mine",
                (false, false) => "desk-case-held",
                (false, true) => "desk-case-lapsed",
            };
            filled(frame, key, &parts)
        }
        CaseState::InReview {
            author,
            submitted_at,
        } => {
            let (name, time) = (names.of(frame, *author), clock(frame, *submitted_at));
            filled(
                frame,
                "desk-case-submitted",
                &[("name", &name), ("time", &time)],
            )
        }
        CaseState::Returned { reviewer, at, .. } => {
            let (name, time) = (names.of(frame, *reviewer), clock(frame, *at));
            filled(
                frame,
                "desk-case-returned",
                &[("name", &name), ("time", &time)],
            )
        }
        CaseState::Published {
            author,
            reviewer,
            at,
            ..
        } => {
            let (author, reviewer) = (names.of(frame, *author), names.of(frame, *reviewer));
            let parts = [
                ("time", clock(frame, *at)),
                ("author", author),
                ("reviewer", reviewer),
            ];
            let parts: Vec<(&str, &str)> = parts
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            filled(frame, "desk-case-published", &parts)
        }
        CaseState::Closed { by, at, .. } => {
            let (name, time) = (names.of(frame, *by), clock(frame, *at));
            filled(
                frame,
                "desk-case-closed",
                &[("name", &name), ("time", &time)],
            )
        }
    }
}

impl RefusalView {
    fn new(frame: &Frame, refused: &CaseRefused) -> Self {
        let faults = match refused {
            CaseRefused::Incomplete(faults) => faults
                .iter()
                .map(|fault| frame.t(fault.reference()))
                .collect(),
            _ => Vec::new(),
        };
        let text = match refused {
            CaseRefused::Incomplete(_) => frame.t("desk-case-incomplete"),
            other => frame.t(other.reference()),
        };
        Self {
            title: frame.t("desk-refused-title"),
            text,
            faults,
        }
    }
}

impl Act {
    fn new(frame: &Frame, row: &AuditRow, names: &Names) -> Self {
        Self {
            at: frame.ago(row.event.at),
            what: frame.t(&format!("audit-{}", row.event.kind.as_str())),
            who: match row.event.actor {
                Actor::Member(member) => names.of(frame, member),
                Actor::Machine => frame.t("audit-by-machine"),
                Actor::Public => frame.t("audit-by-public"),
            },
        }
    }
}

/// Names of the people a case names.
struct Names(HashMap<MemberId, String>);

impl Names {
    fn of(&self, frame: &Frame, member: MemberId) -> String {
        self.0
            .get(&member)
            .cloned()
            .unwrap_or_else(|| frame.t("admin-audit-someone"))
    }
}

async fn names(app: &App, case: &Case, history: &[AuditRow]) -> Result<Names, Failure> {
    let mut wanted: Vec<MemberId> = case.authors.clone();
    match &case.state {
        CaseState::Open => {}
        CaseState::Held { lock } => wanted.push(lock.holder),
        CaseState::InReview { author, .. } => wanted.push(*author),
        CaseState::Returned {
            author, reviewer, ..
        }
        | CaseState::Published {
            author, reviewer, ..
        } => {
            wanted.extend([*author, *reviewer]);
        }
        CaseState::Closed { by, .. } => wanted.push(*by),
    }
    wanted.extend(history.iter().filter_map(|row| match row.event.actor {
        Actor::Member(member) => Some(member),
        _ => None,
    }));
    names_of(app, wanted).await.map(Names)
}

/// The names of members, all asked for at once.
pub(crate) async fn names_of(
    app: &App,
    mut wanted: Vec<MemberId>,
) -> Result<HashMap<MemberId, String>, Failure> {
    wanted.sort_unstable();
    wanted.dedup();
    Ok(app.store.member_names(&wanted).await?)
}

/// The stored draft beside one that could not be saved.
#[derive(Debug, Template)]
#[template(path = "desk/conflict.html")]
pub(crate) struct ConflictPage {
    frame: Frame,
    shell: Shell,
    id: CaseId,
    version: i64,
    reason: String,
    form: FormView,
    check: Option<CheckView>,
    may_keep: bool,
}

impl Page for ConflictPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        StatusCode::CONFLICT
    }
}

/// The page that keeps both texts: `draft` as it was sent, and what `stored` holds.
pub(super) async fn conflict(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    stored: &Case,
    draft: &Draft,
    refused: Option<CaseRefused>,
) -> Result<Html<ConflictPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/desk/cases").await?;
    let reason = match &refused {
        None => frame.t("desk-conflict-text"),
        Some(refused) => format!(
            "{} {}",
            frame.t(refused.reference()),
            frame.t("desk-text-kept")
        ),
    };
    Ok(Html(ConflictPage {
        id: stored.id,
        version: stored.version,
        reason,
        form: FormView::new(&frame, draft, &[]),
        check: CheckView::new(&frame, &stored.draft, &who.organisation().name),
        may_keep: refused.is_none(),
        frame,
        shell,
    }))
}
