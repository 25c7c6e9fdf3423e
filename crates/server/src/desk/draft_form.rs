//! The form a check is written in, and the check as readers will see it.

use domain::fact_check::{Deception, Draft, DraftFault, Rating};
use serde::Deserialize;

use super::prose::prose;
use super::variants::opens;
use super::words::{Tag, deception_name, rating_name, rating_tag};
use crate::web::{Frame, Markup};

/// A newsroom's own label, in characters.
const LABEL_CHARS_MAX: usize = 80;

/// The form as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    /// The version of the case the writer saw.
    pub version: i64,
    /// What to do after saving: `pratinjau`, `ajukan` or nothing more.
    pub lalu: String,
    klaim: String,
    kesimpulan: String,
    label: String,
    cara: String,
    penjelasan: String,
    bukti: String,
}

impl Written {
    /// What is written, as a draft.
    pub(super) fn draft(&self) -> Draft {
        Draft {
            claim: self.klaim.trim().to_owned(),
            rating: Rating::parse(&self.kesimpulan),
            label: self.label.trim().chars().take(LABEL_CHARS_MAX).collect(),
            deception: Deception::parse(&self.cara),
            // Browsers send line ends as two characters; Markdown wants one.
            explanation: self.penjelasan.replace("\r\n", "\n"),
            evidence: self
                .bukti
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// One value that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// The word that is sent.
    pub value: &'static str,
    /// Its name.
    pub text: String,
    /// What it means.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The form as it is shown.
#[derive(Debug, Clone)]
pub(super) struct FormView {
    pub claim: String,
    pub ratings: Vec<Choice>,
    pub label: String,
    pub deceptions: Vec<Choice>,
    pub explanation: String,
    pub evidence: String,
    faults: Vec<DraftFault>,
}

impl FormView {
    /// The form filled with `draft`; `faults` mark the fields they are about.
    pub(super) fn new(frame: &Frame, draft: &Draft, faults: &[DraftFault]) -> Self {
        let ratings = Rating::ALL.iter().map(|rating| Choice {
            value: rating.as_str(),
            text: rating_name(frame, *rating),
            hint: frame.t(&format!("desk-rating-{}-hint", rating.as_str())),
            chosen: draft.rating == Some(*rating),
        });
        let deceptions = Deception::ALL.iter().map(|deception| Choice {
            value: deception.as_str(),
            text: deception_name(frame, *deception),
            hint: String::new(),
            chosen: draft.deception == Some(*deception),
        });
        Self {
            claim: draft.claim.clone(),
            ratings: ratings.collect(),
            label: draft.label.clone(),
            deceptions: deceptions.collect(),
            explanation: draft.explanation.clone(),
            evidence: draft.evidence.join("\n"),
            faults: faults.to_vec(),
        }
    }

    /// Whether a fault is about the field called `field`.
    pub(super) fn faulty(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| {
            fault
                .reference()
                .strip_prefix("draft_")
                .is_some_and(|rest| rest.starts_with(field))
        })
    }
}

/// A draft as readers will see it.
#[derive(Debug, Clone)]
pub(super) struct CheckView {
    pub rating: Tag,
    pub label: String,
    pub claim: String,
    pub deception: Option<String>,
    pub explanation: Markup,
    /// Addresses, and whether each may stand in a link.
    pub evidence: Vec<(String, bool)>,
    pub publisher: String,
}

impl CheckView {
    /// The view of `draft` by `publisher`; `None` while nothing is written.
    pub(super) fn new(frame: &Frame, draft: &Draft, publisher: &str) -> Option<Self> {
        if *draft == Draft::default() {
            return None;
        }
        let undecided = || Tag {
            class: "",
            icon: "circle-question-mark",
            text: frame.t("desk-rating-missing"),
        };
        Some(Self {
            rating: draft
                .rating
                .map_or_else(undecided, |rating| rating_tag(frame, rating)),
            label: draft.label.clone(),
            claim: draft.claim.clone(),
            deception: draft
                .deception
                .map(|deception| deception_name(frame, deception)),
            explanation: prose(&draft.explanation),
            evidence: draft
                .evidence
                .iter()
                .map(|link| (link.clone(), opens(link)))
                .collect(),
            publisher: publisher.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_becomes_a_draft_with_clean_lines() {
        let written = Written {
            klaim: "  Kotak suara ditukar ".to_owned(),
            kesimpulan: "false_claim".to_owned(),
            cara: "nonsense".to_owned(),
            penjelasan: "satu\r\ndua".to_owned(),
            bukti: " https://a.example \r\n\r\nhttps://b.example".to_owned(),
            label: "x".repeat(200),
            ..Written::default()
        };
        let draft = written.draft();
        assert_eq!(draft.claim, "Kotak suara ditukar");
        assert_eq!(draft.rating, Some(Rating::False));
        assert_eq!(draft.deception, None);
        assert_eq!(draft.explanation, "satu\ndua");
        assert_eq!(draft.evidence, ["https://a.example", "https://b.example"]);
        assert_eq!(draft.label.len(), LABEL_CHARS_MAX);
    }
}
