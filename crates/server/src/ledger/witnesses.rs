//! Who may co-sign the ledger: seen by auditors, registered and struck off by those who
//! decide for the whole network.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::WitnessId;
use domain::audit::AuditKind;
use serde::Deserialize;
use store::StoreError;

use super::page::whole;
use crate::access::{
    May, SignedIn,
    permission::{Audit, KeepWitnesses},
};
use crate::app::App;
use crate::commands::witness::registered;
use crate::desk::{Shell, event};
use crate::error::Failure;
use crate::web::{Cache, Fields, Frame, Html, Markup, Page};

#[derive(Debug)]
struct Row {
    id: WitnessId,
    name: String,
    vkey: String,
    size: Option<String>,
    signed: Option<Markup>,
    added: Markup,
    removed: bool,
}

/// The form for a new witness.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    name: String,
    vkey: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "ledger/witnesses.html")]
pub(crate) struct WitnessesPage {
    frame: Frame,
    shell: Shell,
    rows: Vec<Row>,
    kept: Wanted,
    fault: Option<String>,
}

impl Page for WitnessesPage {
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

/// `GET /admin/witnesses`
pub(super) async fn list(
    who: May<Audit>,
    frame: Frame,
    State(app): State<App>,
) -> Result<Html<WitnessesPage>, Failure> {
    page(&app, frame, &who, Wanted::default(), None).await
}

/// `POST /admin/witnesses`
pub(super) async fn add(
    who: May<KeepWitnesses>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let row = match registered(&wanted.name, &wanted.vkey) {
        Ok(row) => row,
        Err(error) => {
            tracing::debug!(%error, "a witness was refused");
            let fault = frame.t("ledger-witness-bad");
            return Ok(page(&app, frame, &who, wanted, Some(fault))
                .await?
                .into_response());
        }
    };
    let act = event(&who, AuditKind::WitnessAdded, row.id.0, frame.now, "");
    match app.store.add_witness(&row, &act).await {
        Ok(()) => Ok(Redirect::to("/admin/witnesses").into_response()),
        Err(StoreError::Conflict) => {
            let fault = frame.t("ledger-witness-known");
            Ok(page(&app, frame, &who, wanted, Some(fault))
                .await?
                .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/witnesses/{id}/remove`
pub(super) async fn remove(
    who: May<KeepWitnesses>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let id = WitnessId::parse(&id).ok_or(Failure::NotFound)?;
    let act = event(&who, AuditKind::WitnessRemoved, id.0, frame.now, "");
    app.store.remove_witness(id, frame.now, &act).await?;
    Ok(Redirect::to("/admin/witnesses"))
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    kept: Wanted,
    fault: Option<String>,
) -> Result<Html<WitnessesPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/witnesses").await?;
    let rows = app.store.witnesses().await?.into_iter().map(|row| Row {
        id: row.id,
        size: row.last.map(|(size, _)| frame.whole(whole(size))),
        signed: row.last.map(|(_, at)| frame.ago(at)),
        added: frame.ago(row.added_at),
        removed: row.removed_at.is_some(),
        name: row.name,
        vkey: row.vkey,
    });
    Ok(Html(WitnessesPage {
        rows: rows.collect(),
        frame,
        shell,
        kept,
        fault,
    }))
}
