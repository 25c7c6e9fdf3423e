//! Labelled pairs of text and check as they stand now: the last word on each.

use std::collections::HashSet;

use domain::FactCheckId;
use domain::label::Verdict;
use serde::Deserialize;
use store::{LabelRow, StoreError};

use crate::answers::model_digest;
use crate::app::App;
use crate::error::Failure;

/// One pair with the last word on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The text, where it is a cluster's.
    pub text: Option<String>,
    /// The check.
    pub fact_check: FactCheckId,
    /// The last word.
    pub verdict: Verdict,
    /// How sure the machine is of the pair; none where it does not find it.
    pub probability: Option<f32>,
    /// Whether a contradiction forbids the word "match".
    pub contradicted: bool,
    /// Whether the machine has to be asked again: other weights answered, or none.
    pub is_old: bool,
}

/// A suggestion's reason, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    contradictions: Vec<serde_json::Value>,
}

/// The last word on each pair, newest first; `labels` come in any order. A word that was taken
/// back leaves none.
pub fn standing(mut labels: Vec<LabelRow>) -> Vec<Pair> {
    labels.sort_by_key(|label| std::cmp::Reverse((label.at, label.id)));
    let mut seen: HashSet<([u8; 32], FactCheckId)> = HashSet::new();
    labels
        .into_iter()
        .filter(|label| seen.insert((label.text_digest, label.fact_check)))
        .filter(|label| label.verdict != Verdict::TakenBack)
        .map(|label| Pair {
            contradicted: is_contradicted(&label.reason),
            is_old: label.model != model_digest() || label.probability.is_none(),
            text: label.text,
            fact_check: label.fact_check,
            verdict: label.verdict,
            probability: label.probability,
        })
        .collect()
}

fn is_contradicted(reason: &str) -> bool {
    serde_json::from_str::<Reason>(reason).is_ok_and(|reason| !reason.contradictions.is_empty())
}

/// The newest labelled pairs; those that other weights answered are answered anew where their
/// text is kept, and left out where it is not.
pub async fn load(app: &App) -> Result<Vec<Pair>, Failure> {
    let labels = app.store.newest_labels().await?;
    let answers = app.answers.clone();
    // Two thousand look-ups would hold up every other request of this thread.
    let weighed = tokio::task::spawn_blocking(move || {
        let mut pairs = standing(labels);
        pairs.retain(|pair| !pair.is_old || pair.text.is_some());
        for pair in pairs.iter_mut().filter(|pair| pair.is_old) {
            let found = pair
                .text
                .as_deref()
                .and_then(|text| answers.weigh(text, pair.fact_check));
            pair.probability = found.map(|(probability, _)| probability);
            pair.contradicted = found.is_some_and(|(_, contradicted)| contradicted);
        }
        pairs
    });
    weighed.await.map_err(|error| {
        tracing::error!(%error, "labelled pairs could not be weighed");
        Failure::Internal
    })
}

/// All labels of a span, oldest first.
pub async fn labels_of(
    store: &store::Store,
    from: domain::Timestamp,
    until: domain::Timestamp,
) -> Result<Vec<LabelRow>, StoreError> {
    let mut all: Vec<LabelRow> = Vec::new();
    loop {
        let after = all.last().map(|label| (label.at, label.id));
        let page = store.labels_between(from, until, after).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::label::LabelSource;
    use domain::{ClusterId, LabelId, MemberId, Timestamp};
    use uuid::Uuid;

    use super::*;

    pub(crate) fn label(number: u128, text: &str, check: u128, verdict: Verdict) -> LabelRow {
        LabelRow {
            id: LabelId(Uuid::from_u128(number)),
            at: Timestamp(1_795_000_000_000_000 + i64::try_from(number).expect("small")),
            verdict,
            source: LabelSource::Suggestion,
            member: Some(MemberId(Uuid::from_u128(1))),
            fact_check: FactCheckId(Uuid::from_u128(check)),
            cluster: Some(ClusterId(Uuid::from_u128(5))),
            text_digest: *blake3::hash(text.as_bytes()).as_bytes(),
            text: Some(text.to_owned()),
            probability: Some(0.7),
            answer: "probable".to_owned(),
            reason: "{}".to_owned(),
            model: model_digest().to_owned(),
        }
    }

    #[test]
    fn the_last_word_counts_and_one_taken_back_is_none() {
        let labels = vec![
            label(1, "a", 1, Verdict::Confirmed),
            label(2, "b", 1, Verdict::Rejected),
            label(3, "a", 1, Verdict::Rejected),
            label(4, "b", 1, Verdict::TakenBack),
            label(5, "a", 2, Verdict::Confirmed),
        ];
        let standing = standing(labels);
        let told: Vec<(Option<&str>, u128, Verdict)> = standing
            .iter()
            .map(|pair| {
                (
                    pair.text.as_deref(),
                    pair.fact_check.0.as_u128(),
                    pair.verdict,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some("a"), 2, Verdict::Confirmed),
                (Some("a"), 1, Verdict::Rejected)
            ]
        );
    }

    #[test]
    fn other_weights_and_contradictions_are_seen() {
        let mut one = label(1, "a", 1, Verdict::Confirmed);
        one.model = "others".to_owned();
        one.reason = r#"{"shared_words":["x"],"contradictions":[{"kind":"year"}]}"#.to_owned();
        let pair = standing(vec![one]).remove(0);
        assert!(pair.is_old && pair.contradicted);
        let pair = standing(vec![label(1, "a", 1, Verdict::Confirmed)]).remove(0);
        assert!(!pair.is_old && !pair.contradicted);
    }
}
