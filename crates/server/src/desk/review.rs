//! The second person: approves and publishes, or returns with a note.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::FactCheckId;
use domain::audit::AuditKind;
use domain::case::{Case, CaseState};
use domain::fact_check::{CompleteDraft, FactCheck, Origin};
use domain::{MemberId, Timestamp};
use fluent_bundle::FluentArgs;

use super::case_page::{Besides, page};
use super::cases::own_case;
use super::record::event;
use super::writing::{Note, settle};
use crate::access::{May, SignedIn, permission::ReviewCase};
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fields, Frame, Language, locale};

/// `POST /desk/cases/{id}/return`
pub(super) async fn send_back(
    who: May<ReviewCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
    Fields(note): Fields<Note>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    match case
        .clone()
        .return_with_note(who.member().id, &note.catatan, frame.now)
    {
        Ok(returned) => {
            settle(
                &app,
                frame,
                &who,
                case,
                Ok(returned),
                AuditKind::CaseReturned,
            )
            .await
        }
        Err(refused) => {
            let besides = Besides {
                refused: Some(refused),
                note: note.catatan,
                ..Besides::default()
            };
            Ok(page(&app, frame, &who, &case, besides)
                .await?
                .into_response())
        }
    }
}

/// `POST /desk/cases/{id}/approve`: the check, the case, the confirmed match and the record of it
/// commit together; the reader is led to the public page.
pub(super) async fn approve(
    who: May<ReviewCase>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let case = own_case(&app, &who, &id).await?;
    let fact_check = FactCheckId(crate::clock::fresh_id());
    match case.clone().approve(who.member().id, fact_check, frame.now) {
        Ok((published, complete)) => {
            let narrative = app.store.cluster(case.cluster).await?.text;
            let check = check_of(&published, fact_check, complete, narrative, &who, frame.now);
            let act = event(
                &who,
                AuditKind::CasePublished,
                case.id.0,
                frame.now,
                &format!("fact-check {fact_check}"),
            );
            app.store.publish_case(&published, &check, &act).await?;
            Ok(Redirect::to(&format!("/cek-fakta/{fact_check}")).into_response())
        }
        Err(refused) => {
            let besides = Besides {
                refused: Some(refused),
                ..Besides::default()
            };
            Ok(page(&app, frame, &who, &case, besides)
                .await?
                .into_response())
        }
    }
}

fn check_of(
    case: &Case,
    id: FactCheckId,
    complete: CompleteDraft,
    narrative: String,
    who: &SignedIn,
    now: Timestamp,
) -> FactCheck {
    let reviewer = who.member().id;
    FactCheck {
        id,
        external_id: case.id.to_string(),
        publisher: who.organisation().name.clone(),
        origin: Origin::Desk {
            organisation: case.organisation,
            author: author_of(case, reviewer),
            reviewer,
        },
        claim: complete.claim,
        rating: complete.rating,
        label: own_label(complete.label, complete.rating.as_str()),
        deception: complete.deception,
        explanation: complete.explanation,
        narrative: Some(narrative),
        evidence: complete.evidence,
        url: None,
        published_at: now,
        revision: 0,
    }
}

fn author_of(case: &Case, reviewer: MemberId) -> MemberId {
    match &case.state {
        CaseState::Published { author, .. } => *author,
        _ => case.authors.first().copied().unwrap_or(reviewer),
    }
}

/// The newsroom's own label; the rating's name where it gave none, in the language of its readers.
fn own_label(label: String, rating: &str) -> String {
    if label.is_empty() {
        locale::text(
            Language::Indonesian,
            &format!("desk-rating-{rating}"),
            &FluentArgs::new(),
        )
    } else {
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_label_is_the_rating_in_the_language_of_readers() {
        assert_eq!(own_label(String::new(), "false_claim"), "Salah");
        assert_eq!(own_label("Hoaks".to_owned(), "false_claim"), "Hoaks");
    }
}
