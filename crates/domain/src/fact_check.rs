//! Fact-checks: the published work of a newsroom, its rating and how the claim misleads.
//!
//! Rating, deception and the publisher's own label are three fields and stay three fields.

use crate::ids::{FactCheckId, MemberId, OrganisationId};
use crate::limits;
use crate::timestamp::Timestamp;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files, addresses and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back; `None` when it is not one of ours.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// The common truth value of a claim. The publisher's own label is kept word for word beside it.
    Rating {
        /// The claim is false.
        False => "false_claim",
        /// The claim leads to a wrong conclusion.
        Misleading => "misleading",
        /// Part of the claim holds.
        PartlyTrue => "partly_true",
        /// The claim is true.
        True => "true_claim",
        /// Nothing proves or disproves the claim yet.
        Unproven => "unproven",
    }
}

impl Rating {
    /// The value for schema.org's `ratingValue`, where 1 is the worst and 4 the best; `None`
    /// where no truth value can be given.
    pub fn value(self) -> Option<u8> {
        match self {
            Self::False => Some(1),
            Self::Misleading => Some(2),
            Self::PartlyTrue => Some(3),
            Self::True => Some(4),
            Self::Unproven => None,
        }
    }

    /// Reads the words other archives use for the same five values.
    pub fn from_label(label: &str) -> Option<Self> {
        match label.trim().to_lowercase().as_str() {
            "false" | "salah" | "hoaks" | "hoax" | "palsu" | "keliru" | "tidak benar"
            | "disinformasi" | "false_claim" => Some(Self::False),
            "misleading" | "menyesatkan" | "misinformasi" => Some(Self::Misleading),
            "partly_true" | "partly true" | "sebagian benar" | "mixture" => Some(Self::PartlyTrue),
            "true" | "benar" | "fakta" | "true_claim" => Some(Self::True),
            "unproven" | "belum terbukti" | "tidak terbukti" | "belum ada bukti" | "unverified"
            | "other" => Some(Self::Unproven),
            _ => None,
        }
    }
}

words! {
    /// First Draft's seven ways to mislead. A category, never a truth value.
    Deception {
        /// Satire or parody taken for news.
        Satire => "satire",
        /// Misleading use of information.
        Misleading => "misleading_content",
        /// A genuine source is impersonated.
        Impostor => "impostor",
        /// Invented from nothing.
        Fabricated => "fabricated",
        /// Headline, picture or caption do not support the content.
        FalseConnection => "false_connection",
        /// Genuine content in a false setting.
        FalseContext => "false_context",
        /// Genuine content altered to deceive.
        Manipulated => "manipulated",
    }
}

/// Where a fact-check comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Written and approved on this desk, by two people.
    Desk {
        /// The newsroom it belongs to.
        organisation: OrganisationId,
        /// Who wrote it.
        author: MemberId,
        /// Who approved it; never the author.
        reviewer: MemberId,
    },
    /// Brought in from a publisher's archive.
    Imported,
}

/// A published fact-check.
#[derive(Debug, Clone, PartialEq)]
pub struct FactCheck {
    /// Its identity here.
    pub id: FactCheckId,
    /// The publisher's own identity of it: with `publisher` it is imported once.
    pub external_id: String,
    /// The publisher's name as readers know it.
    pub publisher: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The checkable sentence.
    pub claim: String,
    /// The common rating.
    pub rating: Rating,
    /// The publisher's own label, word for word.
    pub label: String,
    /// How the claim misleads, when said.
    pub deception: Option<Deception>,
    /// What is true instead, in Markdown; may be empty for an archive that has only titles.
    pub explanation: String,
    /// The text as it circulated, when the publisher quotes it.
    pub narrative: Option<String>,
    /// Links that carry the evidence.
    pub evidence: Vec<String>,
    /// The publisher's page, when there is one.
    pub url: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Rises with every change of any check: readers of changes remember the last they saw.
    pub revision: i64,
}

/// What an editor has written so far; any part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The checkable sentence.
    pub claim: String,
    /// The rating, once chosen.
    pub rating: Option<Rating>,
    /// The newsroom's own label; falls back to the rating's name.
    pub label: String,
    /// How the claim misleads.
    pub deception: Option<Deception>,
    /// Explanation in Markdown.
    pub explanation: String,
    /// Evidence addresses, one a line in the form.
    pub evidence: Vec<String>,
}

/// A draft with everything a reader needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteDraft {
    /// The checkable sentence.
    pub claim: String,
    /// The rating.
    pub rating: Rating,
    /// The newsroom's own label, possibly empty.
    pub label: String,
    /// How the claim misleads.
    pub deception: Option<Deception>,
    /// Explanation in Markdown.
    pub explanation: String,
    /// Evidence addresses.
    pub evidence: Vec<String>,
}

/// What a draft lacks; the reference names the form field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftFault {
    /// No claim sentence.
    #[error("the claim is empty")]
    NoClaim,
    /// The claim is too long to be one sentence.
    #[error("the claim has {0} characters; at most {limit}", limit = limits::CLAIM_CHARS)]
    ClaimTooLong(usize),
    /// No rating chosen.
    #[error("no rating is chosen")]
    NoRating,
    /// No explanation.
    #[error("the explanation is empty")]
    NoExplanation,
    /// The explanation is too long.
    #[error("the explanation has {0} characters; at most {limit}", limit = limits::EXPLANATION_CHARS)]
    ExplanationTooLong(usize),
    /// No evidence at all.
    #[error("no evidence link is given")]
    NoEvidence,
    /// Too many evidence links.
    #[error("{0} evidence links; at most {limit}", limit = limits::EVIDENCE_LINKS)]
    TooMuchEvidence(usize),
    /// An evidence link is not a web address.
    #[error("evidence {0:?} is not an http or https address")]
    BadEvidence(String),
}

impl DraftFault {
    /// The stable reference, for locale files and machines.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::NoClaim => "draft_claim_empty",
            Self::ClaimTooLong(_) => "draft_claim_too_long",
            Self::NoRating => "draft_rating_missing",
            Self::NoExplanation => "draft_explanation_empty",
            Self::ExplanationTooLong(_) => "draft_explanation_too_long",
            Self::NoEvidence => "draft_evidence_missing",
            Self::TooMuchEvidence(_) => "draft_evidence_too_much",
            Self::BadEvidence(_) => "draft_evidence_bad",
        }
    }
}

impl Draft {
    /// Everything that still keeps this draft from review, in the order of the form.
    pub fn faults(&self) -> Vec<DraftFault> {
        let mut faults = Vec::new();
        let claim_chars = self.claim.chars().count();
        if self.claim.trim().is_empty() {
            faults.push(DraftFault::NoClaim);
        } else if claim_chars > limits::CLAIM_CHARS {
            faults.push(DraftFault::ClaimTooLong(claim_chars));
        }
        if self.rating.is_none() {
            faults.push(DraftFault::NoRating);
        }
        let explanation_chars = self.explanation.chars().count();
        if self.explanation.trim().is_empty() {
            faults.push(DraftFault::NoExplanation);
        } else if explanation_chars > limits::EXPLANATION_CHARS {
            faults.push(DraftFault::ExplanationTooLong(explanation_chars));
        }
        if self.evidence.is_empty() {
            faults.push(DraftFault::NoEvidence);
        } else if self.evidence.len() > limits::EVIDENCE_LINKS {
            faults.push(DraftFault::TooMuchEvidence(self.evidence.len()));
        }
        let bad = self.evidence.iter().filter(|link| !is_web_address(link));
        faults.extend(bad.map(|link| DraftFault::BadEvidence(link.chars().take(80).collect())));
        faults
    }

    /// The draft as a whole, or everything it lacks.
    pub fn complete(self) -> Result<CompleteDraft, Vec<DraftFault>> {
        let faults = self.faults();
        match self.rating {
            Some(rating) if faults.is_empty() => Ok(CompleteDraft {
                claim: self.claim.trim().to_owned(),
                rating,
                label: self.label.trim().to_owned(),
                deception: self.deception,
                explanation: self.explanation,
                evidence: self.evidence,
            }),
            _ => Err(faults),
        }
    }
}

fn is_web_address(link: &str) -> bool {
    let rest = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)
    }) && link.len() <= limits::URL_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Draft {
        Draft {
            claim: "Tujuh kontainer surat suara tercoblos".into(),
            rating: Some(Rating::False),
            label: "HOAKS".into(),
            deception: Some(Deception::Fabricated),
            explanation: "Tidak ditemukan.".into(),
            evidence: vec!["https://example.org/a".into()],
        }
    }

    #[test]
    fn a_whole_draft_completes() {
        assert!(whole().complete().is_ok());
    }

    #[test]
    fn an_empty_draft_names_everything_it_lacks() {
        let references: Vec<_> = Draft::default()
            .faults()
            .iter()
            .map(DraftFault::reference)
            .collect();
        assert_eq!(
            references,
            [
                "draft_claim_empty",
                "draft_rating_missing",
                "draft_explanation_empty",
                "draft_evidence_missing"
            ]
        );
    }

    #[test]
    fn evidence_must_be_a_web_address() {
        for bad in [
            "javascript:alert(1)",
            "ftp://a",
            "https://",
            "https:///x",
            "http://a b",
        ] {
            let draft = Draft {
                evidence: vec![bad.into()],
                ..whole()
            };
            assert!(draft.complete().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn words_read_back_and_labels_of_archives_map() {
        for rating in Rating::ALL {
            assert_eq!(Rating::parse(rating.as_str()), Some(*rating));
        }
        for deception in Deception::ALL {
            assert_eq!(Deception::parse(deception.as_str()), Some(*deception));
        }
        assert_eq!(Rating::from_label(" HOAKS "), Some(Rating::False));
        assert_eq!(Rating::from_label("???"), None);
    }
}
