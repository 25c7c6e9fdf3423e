//! The page of one agreement: its tree, its line of time, what it opens, what was promised.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::OrganisationId;
use domain::agreement::{Agreement, AgreementState, Refused, Standing};
use domain::date::Date;
use domain::obligation::{AgreementEvent, EventKind, Fulfilment, Tie};
use domain::organisation::OrganisationKind;
use domain::policy::Action;
use store::{Counted, Page as Part};

use super::documents::size_text;
use super::list::Row as ListRow;
use super::minutes::{self, MinutesRow};
use super::words::{
    Mark, Names, ScopeText, day_text, form_name, mark, name_of, refusal, scope_text, term_text,
};
use super::{seen, takes_part};
use crate::access::SignedIn;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::desk::{Shell, filled};
use crate::error::Failure;
use crate::network::history::{Act, acts_on};
use crate::web::{Cache, Frame, Html, Page};

/// Events shown on the page of an agreement.
const EVENTS_SHOWN: u32 = 100;
/// Acts of the history that are shown.
const ACTS_SHOWN: usize = 200;

#[derive(Debug)]
pub(super) struct PartyRow {
    pub name: String,
    pub address: String,
    pub number: String,
    pub signatory: String,
    pub liaison: String,
    pub left: Option<String>,
    pub signed: Option<String>,
    /// What it did under the agreement.
    pub did: String,
}

#[derive(Debug)]
pub(super) struct Promise {
    pub id: String,
    pub who: String,
    pub text: String,
    pub due: String,
    pub counted: String,
    pub mark: Mark,
    pub by_hand: bool,
}

#[derive(Debug)]
struct EventRow {
    day: String,
    kind: String,
    who: String,
    place: String,
    subject: String,
    attendance: String,
    decision: String,
    minutes: Vec<MinutesRow>,
    /// Where minutes are handed in; none for the events of others.
    upload: Option<String>,
}

#[derive(Debug)]
struct DocumentRow {
    address: String,
    name: String,
    digest: String,
    kept: String,
    size: String,
}

/// What may be done now; each is the end of an address.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one control is shown"
)]
struct Controls {
    discuss: bool,
    amend: bool,
    agree: bool,
    sign: bool,
    withdraw: bool,
    leave: bool,
    revoke: bool,
    confirm_revocation: bool,
    keep: bool,
    renew: bool,
    enter: bool,
    upload: bool,
}

#[derive(Debug, Template)]
#[template(path = "network/agreements/page.html")]
pub(crate) struct AgreementPage {
    frame: Frame,
    shell: Shell,
    id: String,
    title: String,
    form: String,
    mark: Mark,
    term: String,
    place: String,
    version: i64,
    first_day: String,
    last_day: String,
    parties: Vec<PartyRow>,
    scopes: Vec<ScopeText>,
    parent: Option<(String, String)>,
    children: Vec<ListRow>,
    renews: Option<String>,
    renewal: Option<(String, String)>,
    reason: Option<String>,
    promises: Vec<Promise>,
    events: Vec<EventRow>,
    documents: Vec<DocumentRow>,
    history: Vec<Act>,
    controls: Controls,
    today: String,
    /// Agreements that open some of the same at the same time.
    beside: Vec<Beside>,
    refused: Vec<String>,
}

/// Another agreement that the parties should know of before they sign.
#[derive(Debug)]
struct Beside {
    title: String,
    term: String,
    /// Where this member reads of it.
    address: String,
}

impl Page for AgreementPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.refused.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

impl AgreementPage {
    fn kinds(&self) -> Vec<(&'static str, String)> {
        let kinds = EventKind::ALL.iter();
        kinds
            .map(|kind| (kind.as_str(), event_name(&self.frame, *kind)))
            .collect()
    }
}

/// The name of a kind of event.
pub(super) fn event_name(frame: &Frame, kind: EventKind) -> String {
    frame.t(&format!("agreement-event-{}", kind.as_str()))
}

/// `GET /network/agreements/{id}`
pub(super) async fn show(
    who: SignedIn,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<AgreementPage>, Failure> {
    let agreement = seen(&app, &who, &id).await?;
    page(&app, frame, &who, &agreement, &[]).await
}

/// The page, with the reasons why the last wish was not fulfilled.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    agreement: &Agreement,
    refused: &[Refused],
) -> Result<Html<AgreementPage>, Failure> {
    let (id, day) = (agreement.id, today(frame.now));
    let shell = Shell::load(app, &frame, who, "/network/agreements").await?;
    let names = names(app, agreement, refused).await?;
    let counts = app.store.event_counts(id).await?;
    let parent = match agreement.terms.parent {
        Some(parent) => Some(app.store.agreement(parent).await?),
        None => None,
    };
    let renewal = app.store.renewal_of(id).await?;
    let children = app.store.agreements_under(id).await?;
    let events = app.store.events(id, Part::first(EVENTS_SHOWN)).await?;
    let documents = app.store.documents(id).await?;
    let promises = app.store.obligations(id).await?;
    let minutes = app.store.minutes(id).await?;
    let others = others(app, who, agreement, day).await?;
    let history = acts_on(app, &frame, who, agreement.id.0, ACTS_SHOWN).await?;
    let controls = controls(&frame, who, agreement);
    let entering = controls.enter.then_some(who.organisation().id);
    let event = |event| event_row(&frame, &names, event, &minutes, entering);
    Ok(Html(AgreementPage {
        shell,
        id: id.to_string(),
        title: agreement.terms.title.clone(),
        form: form_name(&frame, agreement.terms.form),
        mark: mark(&frame, agreement, day),
        term: term_text(&frame, agreement),
        place: agreement.terms.place.clone(),
        version: agreement.version,
        first_day: agreement.terms.starts.to_string(),
        last_day: agreement
            .terms
            .ends()
            .map(|last| last.to_string())
            .unwrap_or_default(),
        parties: parties(&frame, agreement, &names, &counts),
        scopes: agreement
            .terms
            .scopes
            .iter()
            .map(|scope| scope_text(&frame, scope, &names))
            .collect(),
        parent: parent.map(|parent| (super::place(parent.id), parent.terms.title)),
        children: children
            .iter()
            .filter_map(|row| Some(ListRow::new(&frame, row, base_for(who, &row.agreement)?)))
            .collect(),
        renews: agreement.renews.map(super::place),
        renewal: renewal.map(|next| (super::place(next.id), mark(&frame, &next, day).text)),
        reason: reason(agreement),
        promises: promises
            .iter()
            .map(|row| Promise::new(&frame, row, day))
            .collect(),
        events: events.iter().map(event).collect(),
        documents: documents
            .iter()
            .map(|document| DocumentRow::new(&frame, agreement, document))
            .collect(),
        history,
        controls,
        today: day.to_string(),
        beside: beside(&frame, who, agreement, &others),
        refused: refused
            .iter()
            .map(|one| refusal(&frame, one, &names, &others))
            .collect(),
        frame,
    }))
}

/// While it is not signed by all: the agreements beside it whose text is settled and whose term is
/// not over, as far as this member may read of them.
async fn others(
    app: &App,
    who: &SignedIn,
    agreement: &Agreement,
    day: Date,
) -> Result<Vec<Agreement>, Failure> {
    if agreement.standing(day) != Standing::Unsigned {
        return Ok(Vec::new());
    }
    let mut settled = app.store.settled_agreements().await?;
    settled.retain(|other| other.standing(day) != Standing::Over && base_for(who, other).is_some());
    Ok(settled)
}

/// Those of `others` that the parties should know of before they sign.
fn beside(frame: &Frame, who: &SignedIn, own: &Agreement, others: &[Agreement]) -> Vec<Beside> {
    let near = others
        .iter()
        .filter(|other| own.touches(other) || own.overlaps(other));
    near.filter_map(|other| Beside::new(frame, who, other))
        .collect()
}

impl Beside {
    fn new(frame: &Frame, who: &SignedIn, other: &Agreement) -> Option<Self> {
        Some(Self {
            title: other.terms.title.clone(),
            term: term_text(frame, other),
            address: format!("{}/{}", base_for(who, other)?, other.id),
        })
    }
}

async fn names(app: &App, agreement: &Agreement, refused: &[Refused]) -> Result<Names, Failure> {
    let mut ids: Vec<_> = agreement
        .terms
        .parties
        .iter()
        .map(|party| party.organisation)
        .collect();
    ids.extend(refused.iter().filter_map(|one| match one {
        Refused::PartyOutsideParent { organisation } => Some(*organisation),
        _ => None,
    }));
    Ok(app.store.organisations_by_id(&ids).await?)
}

/// Where this member may read of an agreement: among their own, or in the public register.
fn base_for(who: &SignedIn, agreement: &Agreement) -> Option<&'static str> {
    let operator = who.organisation().kind == OrganisationKind::Operator;
    if operator || takes_part(who, agreement) {
        Some("/network/agreements")
    } else {
        super::register::is_public(&agreement.state).then_some("/kesepakatan")
    }
}

fn parties(
    frame: &Frame,
    agreement: &Agreement,
    names: &Names,
    counts: &[Counted],
) -> Vec<PartyRow> {
    let signatures = agreement.state.signatures();
    let did = |organisation| {
        let own = counts.iter().filter(|row| row.organisation == organisation);
        let texts = own.map(|row| format!("{} {}", row.count, event_name(frame, row.kind)));
        texts.collect::<Vec<_>>().join(" · ")
    };
    let row = |party: &domain::agreement::Party| PartyRow {
        name: name_of(frame, names, party.organisation),
        address: format!("/network/organisations/{}", party.organisation),
        number: party.number.clone(),
        signatory: party.signatory.clone(),
        liaison: party.liaison.clone(),
        left: party.left.map(|day| day_text(frame, day)),
        signed: signatures
            .and_then(|all| all.get(&party.organisation))
            .map(|signature| frame.exact(signature.at)),
        did: did(party.organisation),
    };
    agreement.terms.parties.iter().map(row).collect()
}

impl DocumentRow {
    fn new(frame: &Frame, agreement: &Agreement, document: &store::DocumentName) -> Self {
        let digest = hex(&document.digest);
        Self {
            address: format!("{}/documents/{digest}", super::place(agreement.id)),
            name: document.name.clone(),
            digest,
            kept: frame.exact(document.kept_at),
            size: size_text(frame, document.bytes),
        }
    }
}

fn reason(agreement: &Agreement) -> Option<String> {
    match &agreement.state {
        AgreementState::Ending { reason, .. }
        | AgreementState::Revoked { reason, .. }
        | AgreementState::Withdrawn { reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

/// How much of a promise that counts itself is there: "1 of 2: training"; empty for others.
fn counted(frame: &Frame, row: &store::ObligationRow) -> String {
    let of = match row.obligation.tie {
        Tie::ByHand => return String::new(),
        Tie::ChecksPublished { .. } => frame.t("obligation-checks"),
        Tie::Events { kind, .. } => event_name(frame, kind),
    };
    let (there, wanted) = (row.counted.to_string(), row.obligation.wanted().to_string());
    let parts = [("there", &*there), ("wanted", &*wanted), ("of", &*of)];
    filled(frame, "obligation-counted", &parts)
}

impl Promise {
    pub(super) fn new(frame: &Frame, row: &store::ObligationRow, day: Date) -> Self {
        let obligation = &row.obligation;
        let (class, icon, text) = match obligation.fulfilment(row.counted, day) {
            Fulfilment::Done => ("true", "circle-check", frame.t("obligation-done")),
            Fulfilment::Open { days } => ("partly", "clock", frame.n("obligation-open", days)),
            Fulfilment::Overdue { days } => (
                "false",
                "triangle-alert",
                frame.n("obligation-overdue", days),
            ),
        };
        let by_hand = matches!(obligation.tie, Tie::ByHand);
        Self {
            id: obligation.id.to_string(),
            who: row.organisation.clone(),
            text: obligation.text.clone(),
            due: day_text(frame, obligation.due),
            counted: counted(frame, row),
            mark: Mark { class, icon, text },
            by_hand: by_hand && obligation.done.is_none(),
        }
    }
}

/// `entering` is the organisation whose member may enter something here now.
fn event_row(
    frame: &Frame,
    names: &Names,
    event: &AgreementEvent,
    minutes: &[store::MinutesName],
    entering: Option<OrganisationId>,
) -> EventRow {
    let place = format!("{}/events/{}", super::place(event.agreement), event.id);
    EventRow {
        day: day_text(frame, event.day),
        kind: event_name(frame, event.kind),
        who: name_of(frame, names, event.organisation),
        place: event.place.clone(),
        subject: event.subject.clone(),
        attendance: event.attendance.clone(),
        decision: event.decision.clone(),
        minutes: minutes::rows(frame, minutes, event),
        upload: (entering == Some(event.organisation)).then(|| {
            let seen = event.minutes.map(|digest| hex(&digest)).unwrap_or_default();
            format!("{place}/minutes?dari={seen}")
        }),
    }
}

fn controls(frame: &Frame, who: &SignedIn, agreement: &Agreement) -> Controls {
    if !frame.may(Action::Coordinate) || !takes_part(who, agreement) {
        return Controls::default();
    }
    let own = who.organisation().id;
    let party = agreement.terms.binds(own, today(frame.now));
    let signed = agreement
        .state
        .signatures()
        .is_some_and(|all| all.contains_key(&own));
    let state = &agreement.state;
    let before = matches!(
        state,
        AgreementState::Proposed
            | AgreementState::Discussed
            | AgreementState::Agreed
            | AgreementState::Signing { .. }
    );
    let in_force = matches!(state, AgreementState::InForce { .. });
    let ending = match state {
        AgreementState::Ending { first, .. } => Some(first.by),
        _ => None,
    };
    Controls {
        discuss: matches!(state, AgreementState::Proposed | AgreementState::Agreed),
        amend: matches!(state, AgreementState::Discussed),
        agree: matches!(state, AgreementState::Proposed | AgreementState::Discussed),
        sign: party
            && !signed
            && matches!(
                state,
                AgreementState::Agreed | AgreementState::Signing { .. }
            ),
        withdraw: before,
        leave: party && in_force && agreement.terms.parties.len() > 2,
        revoke: party && in_force,
        confirm_revocation: party && ending.is_some_and(|first| first != who.member().id),
        keep: ending.is_some(),
        renew: party
            && (in_force || ending.is_some() || matches!(state, AgreementState::Lapsed { .. })),
        enter: party && (in_force || ending.is_some()),
        upload: party || agreement.proposed_by == own,
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _infallible = write!(text, "{byte:02x}");
            text
        })
}
