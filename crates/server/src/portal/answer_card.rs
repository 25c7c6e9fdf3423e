//! The card that answers a message: what it is, who says so, and why it matched.

use std::sync::Arc;

use domain::fact_check::{FactCheck, Origin};
use matching::answer::{Answer, Contradiction};

use super::rating::{self, Face};
use super::{limits, markdown};
use crate::answers::{LookupHit, LookupResult, contributions};
use crate::web::markup::escape;
use crate::web::{Frame, Markup, address};

/// Which of the three answers is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Here is the check.
    Match,
    /// It looks like this one.
    Probable,
    /// Nobody has checked it yet, as far as we know.
    NotYetChecked,
}

/// A card, ready to be drawn.
#[derive(Debug)]
pub struct Card {
    /// Which answer.
    pub temper: Temper,
    /// The check it stands on; none when nothing is known.
    pub best: Option<Best>,
    /// Other checks that share words with the message, best first.
    pub others: Vec<Arc<FactCheck>>,
    /// The message with the shared words marked.
    pub message: Markup,
}

/// The check a card stands on.
#[derive(Debug)]
pub struct Best {
    /// The check.
    pub check: Arc<FactCheck>,
    /// Its claim with the shared words marked.
    pub claim: Markup,
    /// The look of its rating.
    pub face: Face,
    /// How sure the machine is, as a percentage.
    pub sureness: String,
    /// What is true instead, in few plain words; may be empty.
    pub instead: String,
    /// Words of the message that the check shares.
    pub shared: Vec<String>,
    /// Sentences that each name one difference.
    pub differences: Vec<String>,
    /// What the machine's choice is made of.
    pub contributions: Vec<contributions::Row>,
    /// The address of the check's page, as a path.
    pub path: String,
    /// A message that hands the answer on, for a messenger's link.
    pub share_text: String,
}

impl Card {
    /// The card for `message`. With `refused`, the reader has said that the best check is not
    /// about their message: it moves to the others, and nothing is claimed.
    pub fn new(frame: &Frame, message: &str, result: LookupResult, refused: bool) -> Self {
        let temper = match result.answer {
            _ if refused => Temper::NotYetChecked,
            Answer::Match => Temper::Match,
            Answer::Probable => Temper::Probable,
            Answer::NotYetChecked => Temper::NotYetChecked,
        };
        let nothing_near = result.answer == Answer::NotYetChecked;
        let mut results = result.results.into_iter();
        let best = if temper == Temper::NotYetChecked {
            None
        } else {
            results.next()
        };
        let marked = best.as_ref().map_or(&[][..], |hit| &hit.shared);
        let message = mark(message, marked);
        let others = if nothing_near {
            Vec::new()
        } else {
            results.map(|hit| hit.fact_check).collect()
        };
        let mut others: Vec<Arc<FactCheck>> = others;
        others.truncate(limits::OTHER_RESULTS);
        // Without a check to stand on the card says nothing, whatever the machine thought.
        let temper = if best.is_none() {
            Temper::NotYetChecked
        } else {
            temper
        };
        Self {
            temper,
            best: best.map(|hit| Best::new(frame, hit)),
            others,
            message,
        }
    }

    /// Whether this is the full card.
    pub fn is_match(&self) -> bool {
        self.temper == Temper::Match
    }
}

impl Best {
    fn new(frame: &Frame, hit: LookupHit) -> Self {
        let check = hit.fact_check;
        let face = rating::face(check.rating);
        let path = format!("/cek-fakta/{}", check.id);
        let share_text = format!(
            "{}: {} {}",
            frame.t(face.key),
            check.claim,
            frame.absolute(&path)
        );
        let differences = hit.contradictions.iter().take(limits::DIFFERENCES);
        Self {
            claim: mark(&check.claim, &hit.shared_in_claim),
            face,
            sureness: frame.percent(f64::from(hit.probability)),
            instead: markdown::plain(&check.explanation, limits::CARD_EXPLANATION_CHARS),
            shared: hit.shared_words,
            contributions: contributions::rows(frame, &hit.contributions),
            differences: differences
                .map(|difference| sentence(frame, difference))
                .collect(),
            share_text: address::query_value(&share_text),
            path,
            check,
        }
    }

    /// Whether the check was written here, by one member and approved by another.
    pub fn is_from_desk(&self) -> bool {
        matches!(self.check.origin, Origin::Desk { .. })
    }

    /// The locale key of its category, when it has one.
    pub fn deception_key(&self) -> Option<&'static str> {
        self.check.deception.map(rating::deception_key)
    }
}

/// One difference, named.
fn sentence(frame: &Frame, difference: &Contradiction) -> String {
    let pair = |key: &str, query: &str, claim: &str| {
        let kind = frame.t(key);
        format!(
            "{kind}: {} “{query}”, {} “{claim}”",
            frame.t("difference-message"),
            frame.t("difference-check")
        )
    };
    match difference {
        Contradiction::Negation => frame.t("difference-negation"),
        Contradiction::RatingDirection => frame.t("difference-rating-direction"),
        Contradiction::Number { query, claim } => pair("difference-number", query, claim),
        Contradiction::Place { query, claim } => pair("difference-place", query, claim),
        Contradiction::CandidateNumber { query, claim } => {
            pair("difference-candidate-number", query, claim)
        }
        Contradiction::Year { query, claim } => pair("difference-year", query, claim),
        Contradiction::Date { query, claim } => pair("difference-date", query, claim),
        Contradiction::Name { query, claim } => pair("difference-name", query, claim),
        Contradiction::Quantity { query, claim } => pair("difference-quantity", query, claim),
        Contradiction::Opposite { query, claim } => pair("difference-opposite", query, claim),
    }
}

/// `message` with the byte spans in `shared` marked. Spans with only blanks between them become
/// one mark; spans that do not fit the text are left out.
pub fn mark(message: &str, shared: &[(usize, usize)]) -> Markup {
    let end = message
        .char_indices()
        .nth(limits::SHOWN_MESSAGE_CHARS)
        .map_or(message.len(), |(at, _)| at);
    let mut html = String::with_capacity(end + end / 4);
    let mut at = 0;
    for (from, to) in joined(message, shared) {
        if from < at || to > end {
            continue;
        }
        let (Some(before), Some(inside)) = (message.get(at..from), message.get(from..to)) else {
            continue;
        };
        html.push_str(&escape(before));
        html.push_str("<mark>");
        html.push_str(&escape(inside));
        html.push_str("</mark>");
        at = to;
    }
    html.push_str(&escape(message.get(at..end).unwrap_or_default()));
    if end < message.len() {
        html.push('…');
    }
    Markup::from_safe(html)
}

fn joined(message: &str, shared: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let fits =
        |(from, to): &(usize, usize)| message.get(*from..*to).is_some_and(|part| !part.is_empty());
    let mut spans: Vec<(usize, usize)> = shared.iter().copied().filter(fits).collect();
    spans.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last)
                if message
                    .get(last.1..from)
                    .is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.1 = to;
            }
            _ => joined.push((from, to)),
        }
    }
    joined
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::fact_check::{Deception, Rating};
    use domain::{FactCheckId, Timestamp};
    use uuid::Uuid;

    pub(crate) fn check() -> FactCheck {
        FactCheck {
            id: FactCheckId(Uuid::from_u128(7)),
            external_id: "kontainer".into(),
            publisher: "Contoh Redaksi".into(),
            origin: Origin::Imported,
            claim: "Tujuh kontainer surat suara tercoblos ditemukan di pelabuhan".into(),
            rating: Rating::False,
            label: "HOAKS".into(),
            deception: Some(Deception::Fabricated),
            explanation: "Petugas memeriksa pelabuhan pada malam yang sama dan **tidak menemukan** kontainer.".into(),
            narrative: None,
            evidence: vec!["https://kpu.example/keterangan".into()],
            url: Some("https://redaksi.example/cek/kontainer".into()),
            published_at: Timestamp(1_546_430_400_000_000),
            revision: 1,
        }
    }

    #[test]
    fn neighbouring_words_share_one_mark() {
        let text = "ada 7 kontainer di <b>";
        assert_eq!(
            mark(text, &[(4, 5), (6, 15)]).as_str(),
            "ada <mark>7 kontainer</mark> di &lt;b&gt;"
        );
    }

    #[test]
    fn spans_that_do_not_fit_are_left_out() {
        let text = "é kotak";
        assert_eq!(
            mark(text, &[(1, 3), (3, 8), (5, 99), (9, 2)]).as_str(),
            "é <mark>kotak</mark>"
        );
        assert_eq!(mark("", &[(0, 4)]).as_str(), "");
    }

    #[test]
    fn a_long_message_is_cut() {
        let text = "é".repeat(limits::SHOWN_MESSAGE_CHARS + 1);
        let shown = mark(&text, &[(0, 2), (text.len() - 2, text.len())]);
        assert!(shown.as_str().starts_with("<mark>é</mark>") && shown.as_str().ends_with("é…"));
    }
}
