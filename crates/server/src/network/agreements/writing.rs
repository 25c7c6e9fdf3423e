//! Proposing an agreement and changing its text while it is discussed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::AgreementId;
use domain::agreement::{Agreement, AgreementState, Form, Opening, Purpose, Stage};
use domain::audit::AuditKind;
use store::{AgreementFilter, Page as Part};

use super::form::{self, Typed, TypedScope};
use super::words::{form_name, opening_key, purpose_key, stage_key};
use super::{act, keep, own, place};
use crate::access::May;
use crate::access::SignedIn;
use crate::access::permission::Coordinate;
use crate::app::App;
use crate::desk::Shell;
use crate::error::Failure;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// Memoranda offered as a parent.
const PARENTS_MAX: u32 = 200;

#[derive(Debug, Template)]
#[template(path = "network/agreements/form.html")]
pub(crate) struct FormPage {
    frame: Frame,
    shell: Shell,
    typed: Typed,
    /// Identity and title of every memorandum that was ever in force.
    parents: Vec<(String, String)>,
    faults: Vec<String>,
    /// Where the form goes.
    address: String,
    back: String,
    fresh: bool,
}

impl Page for FormPage {
    const CACHE: Cache = Cache::PrivateNoStore;

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn code(&self) -> StatusCode {
        if self.faults.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a template hands everything over by reference"
)]
impl FormPage {
    fn form_name(&self, form: &Form) -> String {
        form_name(&self.frame, *form)
    }

    fn opening(&self, opening: &Opening) -> String {
        self.frame.t(&opening_key(opening.as_str()))
    }

    fn stage(&self, stage: &Stage) -> String {
        self.frame.t(&stage_key(stage.as_str()))
    }

    fn purpose(&self, purpose: &Purpose) -> String {
        self.frame.t(&purpose_key(purpose.as_str()))
    }

    /// What is typed, and one empty scope more.
    fn scopes(&self) -> Vec<TypedScope> {
        let mut scopes = self.typed.scopes.clone();
        if scopes.is_empty() {
            scopes.push(TypedScope::default());
        }
        scopes
    }
}

/// `GET /network/agreements/new`
pub(super) async fn blank(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<FormPage>, Failure> {
    let typed = Typed {
        form: Form::Mou.as_str().to_owned(),
        years: "3".to_owned(),
        starts: crate::access::agreed_access::today(frame.now).to_string(),
        parties: format!("{} | | | \n", who.organisation().name),
        ..Typed::default()
    };
    page(&app, frame, &who, typed, Vec::new(), None).await
}

/// `POST /network/agreements`
pub(super) async fn propose(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Fields(fields): Fields<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut typed = Typed::of(&fields);
    if wants_more(&fields) {
        typed.scopes.push(TypedScope::default());
        return Ok(page(&app, frame, &who, typed, Vec::new(), None)
            .await?
            .into_response());
    }
    let terms = match form::read(&app, &frame, &typed).await? {
        Ok(terms) => terms,
        Err(faults) => {
            return Ok(page(&app, frame, &who, typed, faults, None)
                .await?
                .into_response());
        }
    };
    let id = AgreementId(crate::clock::fresh_id());
    let agreement = Agreement::propose(id, terms, who.organisation().id, frame.now);
    let event = act(&who, AuditKind::AgreementProposed, id, "");
    app.store.insert_agreement(&agreement, &event).await?;
    Ok(Redirect::to(&place(id)).into_response())
}

/// `GET /network/agreements/{id}/terms`
pub(super) async fn edit(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<FormPage>, Failure> {
    let agreement = own(&app, &who, &id).await?;
    if agreement.state != AgreementState::Discussed {
        return Err(Failure::NotFound);
    }
    let ids: Vec<_> = agreement
        .terms
        .parties
        .iter()
        .map(|party| party.organisation)
        .collect();
    let names = app.store.organisations_by_id(&ids).await?;
    let typed = Typed::from_terms(&agreement.terms, &names, agreement.version);
    page(&app, frame, &who, typed, Vec::new(), Some(agreement.id)).await
}

/// `POST /network/agreements/{id}/terms`
pub(super) async fn amend(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(fields): Fields<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let agreement = own(&app, &who, &id).await?;
    let id = agreement.id;
    let mut typed = Typed::of(&fields);
    if wants_more(&fields) {
        typed.scopes.push(TypedScope::default());
        return Ok(page(&app, frame, &who, typed, Vec::new(), Some(id))
            .await?
            .into_response());
    }
    let mut faults = Vec::new();
    if typed.version != agreement.version {
        faults.push(frame.t("agreement-form-changed"));
        typed.version = agreement.version;
    }
    let terms = match form::read(&app, &frame, &typed).await? {
        Ok(terms) if faults.is_empty() => terms,
        Ok(_) => {
            return Ok(page(&app, frame, &who, typed, faults, Some(id))
                .await?
                .into_response());
        }
        Err(more) => {
            faults.extend(more);
            return Ok(page(&app, frame, &who, typed, faults, Some(id))
                .await?
                .into_response());
        }
    };
    let document = agreement.terms.document;
    let Ok(amended) = agreement.amend(domain::agreement::Terms { document, ..terms }) else {
        return Err(Failure::Conflict);
    };
    let event = act(&who, AuditKind::AgreementAmended, id, "");
    if keep(&app, &[(&amended, event)]).await? {
        Ok(Redirect::to(&place(id)).into_response())
    } else {
        let faults = vec![frame.t("agreement-form-changed")];
        Ok(page(&app, frame, &who, typed, faults, Some(id))
            .await?
            .into_response())
    }
}

fn wants_more(fields: &[(String, String)]) -> bool {
    fields
        .iter()
        .any(|(name, value)| name == "lalu" && value == "tambah")
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    typed: Typed,
    faults: Vec<String>,
    amended: Option<AgreementId>,
) -> Result<Html<FormPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/network/agreements").await?;
    let known = app
        .store
        .agreements(AgreementFilter::Public, Part::first(PARENTS_MAX))
        .await?;
    let memoranda = known
        .into_iter()
        .filter(|row| row.agreement.terms.form == Form::Mou);
    let parents = memoranda.map(|row| (row.agreement.id.to_string(), row.agreement.terms.title));
    let (address, back) = match amended {
        None => (
            "/network/agreements".to_owned(),
            "/network/agreements".to_owned(),
        ),
        Some(id) => (format!("{}/terms", place(id)), place(id)),
    };
    Ok(Html(FormPage {
        parents: parents.collect(),
        frame,
        shell,
        typed,
        faults,
        address,
        back,
        fresh: amended.is_none(),
    }))
}
