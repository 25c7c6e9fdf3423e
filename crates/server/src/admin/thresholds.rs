//! The thresholds of the answers: what a change would have done to past labels, and two people to
//! make it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::audit::AuditKind;
use domain::thresholds::{
    ChangeRefused, ChangeState, ThresholdChange, Thresholds, ThresholdsRefused,
};
use domain::{MemberId, ThresholdChangeId};
use serde::Deserialize;
use store::StoreError;

use super::threshold_effect::{EffectView, effect_of};
use crate::access::{May, SignedIn, permission::TuneAnswers};
use crate::answers::{model_digest, weights};
use crate::app::App;
use crate::desk::{Shell, event, filled, names_of};
use crate::error::Failure;
use crate::learning::renew_thresholds;
use crate::web::{Cache, Fields, Frame, Html, Page};

/// Changes listed; earlier ones are in the audit trail.
const CHANGES_SHOWN: u32 = 10;

/// Two thresholds as they stand in the fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wished {
    cocok: String,
    mirip: String,
}

/// A change that waits for a second person.
#[derive(Debug)]
struct PendingView {
    id: ThresholdChangeId,
    what: String,
    by: String,
    own: bool,
    outdated: bool,
}

/// A change in the list.
#[derive(Debug)]
struct ChangeRow {
    what: String,
    proposed: String,
    decided: String,
    state: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/thresholds.html")]
pub(crate) struct ThresholdsPage {
    frame: Frame,
    shell: Shell,
    holding: Option<Thresholds>,
    source: String,
    fields: Wished,
    effect: Option<EffectView>,
    pending: Option<PendingView>,
    changes: Vec<ChangeRow>,
    fault: Option<String>,
}

impl Page for ThresholdsPage {
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

/// `GET /admin/thresholds`; with both fields, what those thresholds would have done.
pub(super) async fn show(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
    Query(wished): Query<Wished>,
) -> Result<Html<ThresholdsPage>, Failure> {
    if wished.cocok.is_empty() && wished.mirip.is_empty() {
        return page(&app, frame, &who, None, wished, None).await;
    }
    match wished.read() {
        Ok(thresholds) => page(&app, frame, &who, Some(thresholds), wished, None).await,
        Err(refused) => {
            let fault = refused_words(&frame, refused);
            page(&app, frame, &who, None, wished, Some(fault)).await
        }
    }
}

/// `POST /admin/thresholds`: proposes a change.
pub(super) async fn propose(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
    Fields(wished): Fields<Wished>,
) -> Result<Response, Failure> {
    let thresholds = match wished.read() {
        Ok(thresholds) => thresholds,
        Err(refused) => {
            let fault = refused_words(&frame, refused);
            let page = page(&app, frame, &who, None, wished, Some(fault)).await?;
            return Ok(page.into_response());
        }
    };
    let change = ThresholdChange {
        id: ThresholdChangeId(crate::clock::fresh_id()),
        thresholds,
        model: model_digest().to_owned(),
        proposed_by: who.member().id,
        proposed_at: frame.now,
        state: ChangeState::Proposed,
    };
    let kind = AuditKind::ThresholdsProposed;
    let act = event(&who, kind, change.id.0, frame.now, &note(thresholds));
    match app.store.insert_threshold_change(&change, &act).await {
        Ok(()) => Ok(Redirect::to("/admin/thresholds").into_response()),
        Err(StoreError::Conflict) => {
            let fault = frame.t("thresholds-waiting-already");
            let page = page(&app, frame, &who, None, wished, Some(fault)).await?;
            Ok(page.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/thresholds/{id}/apply`: a second person puts a change into force.
pub(super) async fn apply(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let change = wanted(&app, &id).await?;
    let note = note(change.thresholds);
    match change.apply(who.member().id, frame.now, model_digest()) {
        Ok(applied) => {
            let kind = AuditKind::ThresholdsApplied;
            let act = event(&who, kind, applied.id.0, frame.now, &note);
            app.store.decide_threshold_change(&applied, &act).await?;
            renew_thresholds(&app).await?;
            Ok(Redirect::to("/admin/thresholds").into_response())
        }
        Err(refused) => {
            let fault = frame.t(match refused {
                ChangeRefused::SamePerson => "thresholds-second-person",
                ChangeRefused::OtherModel => "thresholds-other-weights",
                ChangeRefused::Decided => "thresholds-decided",
            });
            let page = page(&app, frame, &who, None, Wished::default(), Some(fault)).await?;
            Ok(page.into_response())
        }
    }
}

/// `POST /admin/thresholds/{id}/withdraw`: the proposer takes it back, or another refuses it.
pub(super) async fn withdraw(
    who: May<TuneAnswers>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let change = wanted(&app, &id).await?;
    let note = note(change.thresholds);
    let withdrawn = change
        .withdraw(who.member().id, frame.now)
        .map_err(|_| Failure::Conflict)?;
    let kind = AuditKind::ThresholdsWithdrawn;
    let act = event(&who, kind, withdrawn.id.0, frame.now, &note);
    app.store.decide_threshold_change(&withdrawn, &act).await?;
    Ok(Redirect::to("/admin/thresholds"))
}

async fn wanted(app: &App, id: &str) -> Result<ThresholdChange, Failure> {
    let id = ThresholdChangeId::parse(id).ok_or(Failure::NotFound)?;
    Ok(app.store.threshold_change(id).await?)
}

fn note(thresholds: Thresholds) -> String {
    format!(
        "match from {:.4}, probable from {:.4}",
        thresholds.match_min(),
        thresholds.probable_min()
    )
}

impl Wished {
    fn of(thresholds: Thresholds) -> Self {
        Self {
            cocok: format!("{:.4}", thresholds.match_min()),
            mirip: format!("{:.4}", thresholds.probable_min()),
        }
    }

    fn read(&self) -> Result<Thresholds, ThresholdsRefused> {
        let number = |text: &str| -> Result<f32, ThresholdsRefused> {
            let text = text.trim().replace(',', ".");
            text.parse().map_err(|_| ThresholdsRefused::OutOfRange)
        };
        Thresholds::new(number(&self.cocok)?, number(&self.mirip)?)
    }
}

fn refused_words(frame: &Frame, refused: ThresholdsRefused) -> String {
    frame.t(match refused {
        ThresholdsRefused::OutOfRange => "thresholds-out-of-range",
        ThresholdsRefused::OutOfOrder => "thresholds-out-of-order",
    })
}

async fn page(
    app: &App,
    frame: Frame,
    who: &SignedIn,
    asked: Option<Thresholds>,
    fields: Wished,
    fault: Option<String>,
) -> Result<Html<ThresholdsPage>, Failure> {
    let shell = Shell::load(app, &frame, who, "/admin/thresholds").await?;
    let applied = app.store.thresholds_in_force().await?;
    let holding = weights::holding(applied.as_ref());
    let changes = app.store.threshold_changes(CHANGES_SHOWN).await?;
    let names = names_of(app, people(&changes)).await?;
    let waiting = changes
        .iter()
        .find(|change| change.state == ChangeState::Proposed);
    let wished = asked.or_else(|| waiting.map(|change| change.thresholds));
    let effect = match (holding, wished) {
        (Some(holding), Some(wished)) => Some(effect_of(app, &frame, holding, wished).await?),
        _ => None,
    };
    let pending = waiting.map(|change| PendingView {
        id: change.id,
        what: both(&frame, change.thresholds),
        by: name(&frame, &names, change.proposed_by),
        own: change.proposed_by == who.member().id,
        outdated: change.model != model_digest(),
    });
    let in_force = applied
        .as_ref()
        .filter(|change| change.model == model_digest());
    let source = match in_force {
        Some(change) => decided_words(&frame, &names, change),
        None => frame.t("thresholds-shipped"),
    };
    let kept = !fields.cocok.is_empty() || !fields.mirip.is_empty();
    let fields = match (kept, holding) {
        (false, Some(holding)) => Wished::of(holding),
        _ => fields,
    };
    let rows = changes.iter().map(|change| row(&frame, &names, change));
    Ok(Html(ThresholdsPage {
        changes: rows.collect(),
        frame,
        shell,
        holding,
        source,
        fields,
        effect,
        pending,
        fault,
    }))
}

fn people(changes: &[ThresholdChange]) -> Vec<MemberId> {
    let second = changes.iter().filter_map(|change| match change.state {
        ChangeState::Applied { by, .. } | ChangeState::Withdrawn { by, .. } => Some(by),
        ChangeState::Proposed => None,
    });
    changes
        .iter()
        .map(|change| change.proposed_by)
        .chain(second)
        .collect()
}

fn name(frame: &Frame, names: &HashMap<MemberId, String>, member: MemberId) -> String {
    let known = names.get(&member).cloned();
    known.unwrap_or_else(|| frame.t("admin-audit-someone"))
}

fn decided_words(
    frame: &Frame,
    names: &HashMap<MemberId, String>,
    change: &ThresholdChange,
) -> String {
    match change.state {
        ChangeState::Proposed => String::new(),
        ChangeState::Applied { by, at } | ChangeState::Withdrawn { by, at } => {
            format!("{}, {}", name(frame, names, by), frame.exact(at))
        }
    }
}

fn both(frame: &Frame, thresholds: Thresholds) -> String {
    let parts = [
        ("match", &*frame.fine(thresholds.match_min())),
        ("probable", &*frame.fine(thresholds.probable_min())),
    ];
    filled(frame, "thresholds-both", &parts)
}

fn row(frame: &Frame, names: &HashMap<MemberId, String>, change: &ThresholdChange) -> ChangeRow {
    ChangeRow {
        what: both(frame, change.thresholds),
        proposed: format!(
            "{}, {}",
            name(frame, names, change.proposed_by),
            frame.exact(change.proposed_at)
        ),
        decided: decided_words(frame, names, change),
        state: frame.t(match change.state {
            ChangeState::Proposed => "thresholds-state-proposed",
            ChangeState::Applied { .. } => "thresholds-state-applied",
            ChangeState::Withdrawn { .. } => "thresholds-state-withdrawn",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_either_decimal_mark() {
        let read = |cocok: &str, mirip: &str| {
            let wished = Wished {
                cocok: cocok.to_owned(),
                mirip: mirip.to_owned(),
            };
            wished.read()
        };
        assert_eq!(read("0,9", " 0.5 "), Thresholds::new(0.9, 0.5));
        assert_eq!(read("x", "0.5"), Err(ThresholdsRefused::OutOfRange));
        assert_eq!(read("0.4", "0.5"), Err(ThresholdsRefused::OutOfOrder));
        let holding = Thresholds::new(0.943, 0.5689).expect("thresholds");
        assert_eq!(Wished::of(holding).read(), Ok(holding));
    }
}
