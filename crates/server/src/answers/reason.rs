//! Why a check fits a text, in the form kept beside a suggestion and sent to other programs.

use matching::answer::{Contradiction, Found};
use serde::Serialize;

/// Why a check fits a text.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// Words that both share, as they stand in the text.
    pub shared_words: Vec<String>,
    /// Byte spans of those words in the text.
    pub spans: Vec<(usize, usize)>,
    /// Where text and claim disagree.
    pub contradictions: Vec<Disagreement>,
    /// What the order value is made of: feature and amount.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributions: Vec<(String, f32)>,
}

/// One thing in which text and claim disagree.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Disagreement {
    /// `negation`, `number`, `place`, `candidate_number`, `year`, `date`, `name`, `quantity`,
    /// `opposite` or `rating_direction`.
    pub kind: &'static str,
    /// What the text says.
    pub query: String,
    /// What the claim says.
    pub claim: String,
}

impl Reason {
    /// The reason of a found check.
    pub fn of(found: &Found) -> Self {
        Self {
            shared_words: found.shared_words.clone(),
            spans: found
                .shared
                .iter()
                .map(|span| (span.start, span.end))
                .collect(),
            contradictions: found.contradictions.iter().map(Disagreement::of).collect(),
            contributions: found
                .contributions
                .iter()
                .map(|one| (one.feature.to_owned(), one.value * one.weight))
                .collect(),
        }
    }

    /// As JSON; never fails, since it holds only text and numbers.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Disagreement {
    /// The wire form of a contradiction.
    pub fn of(contradiction: &Contradiction) -> Self {
        let (kind, query, claim) = match contradiction {
            Contradiction::Negation => ("negation", "", ""),
            Contradiction::Number { query, claim } => ("number", query.as_str(), claim.as_str()),
            Contradiction::Place { query, claim } => ("place", query.as_str(), claim.as_str()),
            Contradiction::CandidateNumber { query, claim } => {
                ("candidate_number", query.as_str(), claim.as_str())
            }
            Contradiction::Year { query, claim } => ("year", query.as_str(), claim.as_str()),
            Contradiction::Date { query, claim } => ("date", query.as_str(), claim.as_str()),
            Contradiction::Name { query, claim } => ("name", query.as_str(), claim.as_str()),
            Contradiction::Quantity { query, claim } => {
                ("quantity", query.as_str(), claim.as_str())
            }
            Contradiction::Opposite { query, claim } => {
                ("opposite", query.as_str(), claim.as_str())
            }
            Contradiction::RatingDirection => ("rating_direction", "", ""),
        };
        Self {
            kind,
            query: query.to_owned(),
            claim: claim.to_owned(),
        }
    }
}
