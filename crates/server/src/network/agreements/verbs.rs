//! What is done with an agreement: each verb takes it in hand, lets the domain decide, keeps it
//! together with its record, and answers.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::agreement::{Agreement, AgreementState, Refused, Surroundings};
use domain::audit::{AuditEvent, AuditKind};
use domain::date::Date;
use domain::organisation::OrganisationKind;
use domain::{AgreementId, OrganisationId};
use serde::Deserialize;
use store::Kin;

use super::{act, keep as kept, own, page, place};
use crate::access::permission::Coordinate;
use crate::access::{May, SignedIn};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fields, Frame};

/// Generations that a body is followed upwards: district, regency, province, centre.
const GENERATIONS_MAX: usize = 6;

/// The fields of the small forms; each verb reads its own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    alasan: String,
    tanggal: String,
    version: i64,
}

/// Takes the result of a verb: keeps it and leads back, or says why not.
async fn done(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    before: Agreement,
    result: Result<Agreement, Vec<Refused>>,
    kind: AuditKind,
) -> Result<Response, Failure> {
    let refused = match result {
        Ok(after) => {
            let event = act(who, kind, after.id, "");
            if kept(app, &[(&after, event)]).await? {
                return Ok(Redirect::to(&place(after.id)).into_response());
            }
            // Somebody was first: show what it has become.
            let now = app.store.agreement(before.id).await?;
            let refused = [Refused::NotNow(now.state.as_str())];
            return Ok(page::page(app, frame, who, &now, &refused)
                .await?
                .into_response());
        }
        Err(refused) => refused,
    };
    Ok(page::page(app, frame, who, &before, &refused)
        .await?
        .into_response())
}

/// `POST /network/agreements/{id}/discuss`
pub(super) async fn discuss(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let after = before.clone().discuss().map_err(|one| vec![one]);
    done(
        &app,
        frame,
        &who,
        before,
        after,
        AuditKind::AgreementDiscussed,
    )
    .await
}

/// `POST /network/agreements/{id}/agree`
pub(super) async fn agree(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let tree: HashMap<OrganisationId, Kin> = app
        .store
        .organisation_tree()
        .await?
        .into_iter()
        .map(|kin| (kin.organisation, kin))
        .collect();
    let settled = app.store.settled_agreements().await?;
    let after = agreed(before.clone(), &tree, &settled);
    done(&app, frame, &who, before, after, AuditKind::AgreementAgreed).await
}

fn agreed(
    agreement: Agreement,
    tree: &HashMap<OrganisationId, Kin>,
    settled: &[Agreement],
) -> Result<Agreement, Vec<Refused>> {
    let parent = agreement.terms.parent;
    let kind = |id| {
        let known = tree.get(&id);
        known.map_or(OrganisationKind::Other, |kin| kin.kind)
    };
    let kin = |one, other| is_branch(tree, one, other);
    agreement.agree(&Surroundings {
        kind: &kind,
        kin: &kin,
        parent: settled.iter().find(|one| Some(one.id) == parent),
        others: settled,
    })
}

/// Whether `one` is `other` or lies below it.
fn is_branch(
    tree: &HashMap<OrganisationId, Kin>,
    one: OrganisationId,
    other: OrganisationId,
) -> bool {
    let mut here = Some(one);
    for _ in 0..GENERATIONS_MAX {
        match here {
            Some(id) if id == other => return true,
            Some(id) => here = tree.get(&id).and_then(|kin| kin.parent),
            None => return false,
        }
    }
    false
}

/// `POST /network/agreements/{id}/sign`: signs the version that was read.
pub(super) async fn sign(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    // Two parties that sign at once change no text for one another: the second tries again.
    for _ in 0..domain::agreement::PARTIES_MAX {
        let before = own(&app, &who, &id).await?;
        let party = who.organisation().id;
        let after = match before
            .clone()
            .sign(party, who.member().id, wanted.version, frame.now)
        {
            Ok(after) => after,
            Err(one) => {
                let answer = page::page(&app, frame, &who, &before, &[one]).await?;
                return Ok(answer.into_response());
            }
        };
        let renewed = renewed_by(&app, &after, &frame).await?;
        let signed = act(&who, AuditKind::AgreementSigned, after.id, "");
        let mut changed: Vec<(&Agreement, AuditEvent)> = vec![(&after, signed)];
        if let Some(old) = &renewed {
            changed.push((old, act(&who, AuditKind::AgreementRenewed, old.id, "")));
        }
        if kept(&app, &changed).await? {
            return Ok(Redirect::to(&place(after.id)).into_response());
        }
    }
    Err(Failure::Conflict)
}

/// The agreement that ends in this one, once it is in force.
async fn renewed_by(
    app: &App,
    after: &Agreement,
    frame: &Frame,
) -> Result<Option<Agreement>, Failure> {
    let (Some(old), AgreementState::InForce { .. }) = (after.renews, &after.state) else {
        return Ok(None);
    };
    let old = app.store.agreement(old).await?;
    // One that has lapsed or was revoked meanwhile stays what it is.
    Ok(old.renew(after, frame.now).ok())
}

/// `POST /network/agreements/{id}/withdraw`
pub(super) async fn withdraw(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let after = before
        .clone()
        .withdraw(who.member().id, &wanted.alasan, frame.now);
    let after = after.map_err(|one| vec![one]);
    done(
        &app,
        frame,
        &who,
        before,
        after,
        AuditKind::AgreementWithdrawn,
    )
    .await
}

/// `POST /network/agreements/{id}/leave`
pub(super) async fn leave(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let after = match Date::parse(wanted.tanggal.trim()) {
        Some(day) => before.clone().leave(who.organisation().id, day),
        None => Err(Refused::OutsideTerm),
    };
    let after = after.map_err(|one| vec![one]);
    done(&app, frame, &who, before, after, AuditKind::AgreementLeft).await
}

/// `POST /network/agreements/{id}/revoke`: the first person's wish, or the second's consent.
pub(super) async fn revoke(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let after = before
        .clone()
        .revoke(who.member().id, &wanted.alasan, frame.now);
    let kind = match &after {
        Ok(after) if matches!(after.state, AgreementState::Revoked { .. }) => {
            AuditKind::AgreementRevoked
        }
        _ => AuditKind::RevocationWished,
    };
    let after = after.map_err(|one| vec![one]);
    done(&app, frame, &who, before, after, kind).await
}

/// `POST /network/agreements/{id}/keep`: takes the wish to revoke it back.
pub(super) async fn keep(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    let after = before.clone().keep().map_err(|one| vec![one]);
    done(
        &app,
        frame,
        &who,
        before,
        after,
        AuditKind::RevocationDropped,
    )
    .await
}

/// `POST /network/agreements/{id}/renew`: proposes the next one, with the same terms.
pub(super) async fn renew(
    who: May<Coordinate>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let before = own(&app, &who, &id).await?;
    if let Some(next) = app.store.renewal_of(before.id).await? {
        return Ok(Redirect::to(&place(next.id)).into_response());
    }
    let fresh = AgreementId(crate::clock::fresh_id());
    match before.next(fresh, who.organisation().id, frame.now) {
        Ok(next) => {
            let event = act(
                &who,
                AuditKind::AgreementProposed,
                fresh,
                before.terms.form.as_str(),
            );
            app.store.insert_agreement(&next, &event).await?;
            Ok(Redirect::to(&place(fresh)).into_response())
        }
        Err(one) => Ok(page::page(&app, frame, &who, &before, &[one])
            .await?
            .into_response()),
    }
}
