//! Suggested matches: the machine suggests with a reason, a person confirms or rejects.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::audit::AuditKind;
use domain::claim_match::{Decision, MatchState};
use domain::{ClusterId, FactCheckId, LabelId};
use serde::Deserialize;
use store::{Labelling, MatchRow, StoreError};

use super::reason::{Reason, Stretch, mark};
use super::record::event;
use super::summary::{percent_of, reason_text};
use super::words::{Tag, filled, rating_tag};
use crate::access::{May, permission::DecideMatch};
use crate::answers::contributions;
use crate::answers::model_digest;
use crate::app::App;
use crate::error::Failure;
use crate::web::{Fields, Frame, moment};

/// A match as the cluster page shows it.
#[derive(Debug)]
pub(crate) struct MatchView {
    /// The check.
    pub id: FactCheckId,
    /// What people say of it, as a class.
    pub state: &'static str,
    /// What people say of it.
    pub tag: Tag,
    /// The check's rating.
    pub rating: Tag,
    /// Its claim, with the words marked that the text shares.
    pub claim: Vec<Stretch>,
    /// Who published it, and when.
    pub by: String,
    /// The machine's closeness in percent; none where an editor added it.
    pub percent: Option<u32>,
    /// Why.
    pub reason: String,
    /// What the machine's choice is made of.
    pub contributions: Vec<contributions::Row>,
    /// What can be said now: the word that is sent, the verb, whether it is the quieter button.
    pub verbs: Vec<(&'static str, String, bool)>,
}

impl MatchView {
    /// The match for the reader of `frame`.
    pub(crate) fn new(frame: &Frame, found: &MatchRow) -> Self {
        let check = &found.fact_check;
        let why = Reason::read(&found.suggestion.reason);
        let date = moment::date(frame.language, frame.zone, check.published_at);
        let (tag, words): (Tag, &[(&'static str, &str, bool)]) = match found.state {
            MatchState::Suggested => (
                Tag {
                    class: "",
                    icon: "git-compare",
                    text: frame.t("desk-match-suggested"),
                },
                &[
                    ("sahkan", "desk-match-confirm", false),
                    ("tolak", "desk-match-reject", true),
                ],
            ),
            MatchState::Confirmed { .. } => (
                Tag {
                    class: "true",
                    icon: "check",
                    text: frame.t("desk-match-confirmed"),
                },
                &[("urungkan", "desk-match-undo", true)],
            ),
            MatchState::Rejected { .. } => (
                Tag {
                    class: "",
                    icon: "x",
                    text: frame.t("desk-match-rejected"),
                },
                &[("urungkan", "desk-match-undo", true)],
            ),
        };
        Self {
            id: check.id,
            state: found.state.as_str(),
            tag,
            rating: rating_tag(frame, check.rating),
            claim: mark(&check.claim, &why.shared_words),
            by: filled(
                frame,
                "desk-match-by",
                &[("publisher", &check.publisher), ("date", &date)],
            ),
            percent: found
                .suggested
                .then(|| percent_of(found.suggestion.probability)),
            reason: reason_text(frame, found),
            contributions: contributions::rows(frame, &why.contributions),
            verbs: words
                .iter()
                .map(|(word, key, quiet)| (*word, frame.t(key), *quiet))
                .collect(),
        }
    }
}

/// A person's word.
#[derive(Debug, Deserialize)]
pub(super) struct Word {
    keputusan: String,
}

/// A check that an editor names.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    cek_fakta: String,
}

/// `POST /desk/clusters/{id}/matches/{fact_check}`
pub(super) async fn decide(
    who: May<DecideMatch>,
    State(app): State<App>,
    Path((cluster, fact_check)): Path<(String, String)>,
    Fields(word): Fields<Word>,
) -> Result<Redirect, Failure> {
    let cluster = ClusterId::parse(&cluster).ok_or(Failure::NotFound)?;
    let fact_check = FactCheckId::parse(&fact_check).ok_or(Failure::NotFound)?;
    let (decision, kind) = match word.keputusan.as_str() {
        "sahkan" => (Decision::Confirm, AuditKind::MatchConfirmed),
        "tolak" => (Decision::Reject, AuditKind::MatchRejected),
        "urungkan" => (Decision::Undo, AuditKind::MatchReopened),
        _ => return Err(Failure::BadRequest),
    };
    let act = event(
        &who,
        kind,
        cluster.0,
        crate::clock::now(),
        &format!("fact-check {fact_check}"),
    );
    app.store
        .decide_match(cluster, fact_check, decision, labelling(), &act)
        .await?;
    Ok(Redirect::to(&format!("/desk/clusters/{cluster}#matches")))
}

/// `POST /desk/clusters/{id}/matches`: adds a check the machine did not suggest, and confirms it.
pub(super) async fn add(
    who: May<DecideMatch>,
    State(app): State<App>,
    Path(cluster): Path<String>,
    Fields(named): Fields<Named>,
) -> Result<Redirect, Failure> {
    let cluster = ClusterId::parse(&cluster).ok_or(Failure::NotFound)?;
    app.store.cluster(cluster).await?;
    let unknown = || Redirect::to(&format!("/desk/clusters/{cluster}?kabar=tidak-ada#matches"));
    let Some(fact_check) = fact_check_in(&named.cek_fakta) else {
        return Ok(unknown());
    };
    let note = format!("fact-check {fact_check}, added by hand");
    let act = event(
        &who,
        AuditKind::MatchConfirmed,
        cluster.0,
        crate::clock::now(),
        &note,
    );
    match app
        .store
        .decide_match(cluster, fact_check, Decision::Confirm, labelling(), &act)
        .await
    {
        Ok(_) => Ok(Redirect::to(&format!("/desk/clusters/{cluster}#matches"))),
        Err(StoreError::NotFound) => Ok(unknown()),
        Err(error) => Err(error.into()),
    }
}

/// What the label of a word carries besides the word.
fn labelling() -> Labelling<'static> {
    Labelling {
        id: LabelId(crate::clock::fresh_id()),
        model: model_digest(),
    }
}

/// The check named by an identifier or by the address of its page.
fn fact_check_in(text: &str) -> Option<FactCheckId> {
    let text = text.trim();
    let last = text
        .split(['?', '#'])
        .next()?
        .trim_end_matches('/')
        .rsplit('/')
        .next()?;
    FactCheckId::parse(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_named_by_its_identifier_or_by_its_page() {
        let id = "0199aaaa-0000-7000-8000-000000000001";
        let wanted = FactCheckId::parse(id);
        assert!(wanted.is_some());
        assert_eq!(fact_check_in(id), wanted);
        assert_eq!(
            fact_check_in(&format!("  https://k.example/cek-fakta/{id}/?x=1#y ")),
            wanted
        );
        assert_eq!(fact_check_in("https://k.example/cek-fakta/"), None);
        assert_eq!(fact_check_in(""), None);
    }
}
