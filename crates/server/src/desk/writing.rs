//! What a writer does with a case: take it, save, hand it on, let it go, close it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::case::{Case, CaseRefused};
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::case_page::{Besides, code_of, conflict, page};
use super::cases::{own_case, to_case};
use super::draft_form::Written;
use super::record::event;
use super::words::{clock, filled};
use crate::access::{May, SignedIn, permission::WriteCase};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// A note that goes with an act.
#[derive(Debug, Deserialize)]
pub(super) struct Note {
    /// The note.
    pub catatan: String,
}

/// What a saving script is told.
#[derive(Debug, Serialize)]
struct Saved {
    /// The version to save from next; absent when nothing was saved.
    version: Option<i64>,
    message: String,
}

/// `POST /desk/cases/{id}/take`
pub(super) async fn take(
    who: May<WriteCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let taken = case.clone().take(who.member().id, frame.now);
    settle(&app, frame, &who, case, taken, AuditKind::CaseTaken).await
}

/// `POST /desk/cases/{id}/release`
pub(super) async fn release(
    who: May<WriteCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let released = case.clone().release(who.member().id);
    settle(&app, frame, &who, case, released, AuditKind::CaseReleased).await
}

/// `POST /desk/cases/{id}/submit`
pub(super) async fn submit(
    who: May<WriteCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let submitted = case.clone().submit(who.member().id, frame.now);
    settle(&app, frame, &who, case, submitted, AuditKind::CaseSubmitted).await
}

/// `POST /desk/cases/{id}/close`
pub(super) async fn close(
    who: May<WriteCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(note): Fields<Note>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let closed = case
        .clone()
        .close(who.member().id, &note.catatan, frame.now);
    settle(&app, frame, &who, case, closed, AuditKind::CaseClosed).await
}

/// `POST /desk/cases/{id}/draft`: saves, and then previews or submits where that is asked.
pub(super) async fn save(
    who: May<WriteCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Fields(written): Fields<Written>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let by_script = headers
        .get(header::ACCEPT)
        .is_some_and(|kind| kind.as_bytes() == b"application/json");
    let attempt = attempt(&app, &frame, &who, &case, &written).await?;
    match attempt {
        Attempt::Saved(saved) if by_script => {
            let message = filled(&frame, "desk-saved", &[("time", &clock(&frame, frame.now))]);
            Ok(Json(Saved {
                version: Some(saved.version),
                message,
            })
            .into_response())
        }
        Attempt::Saved(saved) => match written.lalu.as_str() {
            "pratinjau" => Ok(
                Redirect::to(&format!("/desk/cases/{}?lihat=pratinjau", saved.id)).into_response(),
            ),
            "ajukan" => {
                let submitted = (*saved).clone().submit(who.member().id, frame.now);
                settle(
                    &app,
                    frame,
                    &who,
                    *saved,
                    submitted,
                    AuditKind::CaseSubmitted,
                )
                .await
            }
            _ => Ok(
                Redirect::to(&format!("/desk/cases/{}?kabar=tersimpan", saved.id)).into_response(),
            ),
        },
        Attempt::Overtaken if by_script => Ok(refused_script(
            frame.t("desk-conflict-short"),
            StatusCode::CONFLICT,
        )),
        Attempt::Refused(refused) if by_script => Ok(refused_script(
            frame.t(refused.reference()),
            code_of(&refused),
        )),
        Attempt::Overtaken => {
            let stored = own_case(&app, &who, &id).await?;
            Ok(conflict(&app, frame, &who, &stored, &written.draft(), None)
                .await?
                .into_response())
        }
        Attempt::Refused(refused) => {
            Ok(
                conflict(&app, frame, &who, &case, &written.draft(), Some(refused))
                    .await?
                    .into_response(),
            )
        }
    }
}

enum Attempt {
    Saved(Box<Case>),
    /// Somebody, or the same person in another window, was first.
    Overtaken,
    Refused(CaseRefused),
}

async fn attempt(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    case: &Case,
    written: &Written,
) -> Result<Attempt, Failure> {
    let saved = match case
        .clone()
        .save(written.draft(), who.member().id, frame.now)
    {
        Ok(saved) => saved,
        Err(refused) => return Ok(Attempt::Refused(refused)),
    };
    if written.version != case.version {
        return Ok(Attempt::Overtaken);
    }
    let act = event(who, AuditKind::DraftSaved, case.id.0, frame.now, "");
    match app.store.update_case(&saved, &act).await {
        Ok(()) => Ok(Attempt::Saved(Box::new(saved))),
        Err(StoreError::Conflict) => Ok(Attempt::Overtaken),
        Err(error) => Err(error.into()),
    }
}

fn refused_script(message: String, code: StatusCode) -> Response {
    (
        code,
        Json(Saved {
            version: None,
            message,
        }),
    )
        .into_response()
}

/// Stores the outcome of a verb and shows the case, or says why it was not done.
pub(super) async fn settle(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    before: Case,
    after: Result<Case, CaseRefused>,
    kind: AuditKind,
) -> Result<Response, Failure> {
    match after {
        Ok(case) => {
            app.store
                .update_case(&case, &event(who, kind, case.id.0, frame.now, ""))
                .await?;
            Ok(to_case(case.id).into_response())
        }
        Err(refused) => {
            let besides = Besides {
                refused: Some(refused),
                ..Besides::default()
            };
            Ok(page(app, frame, who, &before, besides)
                .await?
                .into_response())
        }
    }
}
