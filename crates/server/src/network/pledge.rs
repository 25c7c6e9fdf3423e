//! The pledge of a newsroom to make news without hoaxes: signed, dated, taken back.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::directory::Pledge;
use domain::organisation::OrganisationKind;
use store::StoreError;

use super::days::{Typed, today, typed};
use super::keeping::{Kept, id_in, page_of};
use super::organisation;
use super::small_form::Posted;
use crate::access::{May, permission::Coordinate};
use crate::app::App;
use crate::desk::event;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// `POST /network/organisations/{id}/pledge`
pub(super) async fn sign(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(posted): Fields<Posted>,
) -> Result<Response, Failure> {
    let now = today(&frame);
    let kept = Kept::open_member(&app, &who, id_in(&id)?, now).await?;
    if kept.entry().organisation.kind != OrganisationKind::Newsroom {
        return Err(Failure::NotFound);
    }
    let signed_on = match typed(&posted.from) {
        Typed::Day(day) if day <= now => Ok(day),
        Typed::Blank => Ok(now),
        Typed::Day(_) => Err("network-fault-future"),
        Typed::Unreadable => Err("network-fault-day"),
    };
    let signed_on = match signed_on {
        Ok(day) if posted.fits() => day,
        Ok(_) => {
            let key = "network-fault-long";
            return organisation::refused(&app, frame, &who, kept.id(), "pledge", key, posted)
                .await;
        }
        Err(key) => {
            return organisation::refused(&app, frame, &who, kept.id(), "pledge", key, posted)
                .await;
        }
    };
    let pledge = Pledge {
        organisation: kept.id(),
        signed_on,
        withdrawn_on: None,
        source: posted.source.trim().to_owned(),
    };
    let note = signed_on.to_string();
    let act = event(&who, AuditKind::PledgeSigned, kept.id().0, frame.now, &note);
    match app.store.sign_pledge(&pledge, &act).await {
        Ok(()) => Ok(Redirect::to(&page_of(kept.id())).into_response()),
        Err(StoreError::Conflict) => {
            let key = "network-fault-pledge-already";
            organisation::refused(&app, frame, &who, kept.id(), "pledge", key, posted).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /network/organisations/{id}/pledge/withdraw`
pub(super) async fn withdraw(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let now = today(&frame);
    let kept = Kept::open_member(&app, &who, id_in(&id)?, now).await?;
    let note = now.to_string();
    let act = event(
        &who,
        AuditKind::PledgeWithdrawn,
        kept.id().0,
        frame.now,
        &note,
    );
    app.store.withdraw_pledge(kept.id(), now, &act).await?;
    Ok(Redirect::to(&page_of(kept.id())))
}
