//! Why the machine suggests a match: the words that are shared and what speaks against it.

use serde::Deserialize;

use super::words::filled;
use crate::web::Frame;

/// Shared words named in a reason; the rest is left out.
const WORDS_SHOWN: usize = 8;

/// The reason as the stream wrote it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Reason {
    /// Words that stand in the text and in the check, as the text writes them.
    pub shared_words: Vec<String>,
    /// Where the two do not say the same.
    pub contradictions: Vec<Difference>,
    /// What the machine's choice is made of: feature and amount.
    pub contributions: Vec<(String, f32)>,
}

/// One difference between the text and the check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Difference {
    /// Its kind: negation, number, place, candidate_number, year, date, name, quantity,
    /// opposite, rating_direction.
    pub kind: String,
    /// What the text says; empty where a kind says it all.
    pub query: String,
    /// What the check says; empty where a kind says it all.
    pub claim: String,
}

/// A stretch of a text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The words.
    pub text: String,
    /// Whether they stand in the check too.
    pub marked: bool,
}

impl Reason {
    /// Reads what the stream wrote; anything else is a reason without words.
    pub(crate) fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The reason as a sentence: shared words, then the contradictions by name.
    pub(crate) fn sentence(&self, frame: &Frame) -> String {
        let mut sentence = String::new();
        if !self.contradictions.is_empty() {
            let kinds: Vec<String> = self
                .contradictions
                .iter()
                .map(|one| one.named(frame))
                .collect();
            sentence.push_str(&filled(
                frame,
                "desk-match-different",
                &[("kinds", &kinds.join(", "))],
            ));
            sentence.push(' ');
        }
        if !self.shared_words.is_empty() {
            let words: Vec<&str> = self
                .shared_words
                .iter()
                .take(WORDS_SHOWN)
                .map(String::as_str)
                .collect();
            sentence.push_str(&filled(
                frame,
                "desk-match-same",
                &[("words", &words.join(", "))],
            ));
        }
        sentence.trim_end().to_owned()
    }
}

impl Difference {
    fn named(&self, frame: &Frame) -> String {
        let name = frame.t(match self.kind.as_str() {
            "negation" => "desk-differs-negation",
            "number" => "desk-differs-number",
            "place" => "desk-differs-place",
            "candidate_number" => "desk-differs-candidate",
            "year" => "desk-differs-year",
            "date" => "desk-differs-date",
            "name" => "desk-differs-name",
            "quantity" => "desk-differs-quantity",
            "opposite" => "desk-differs-opposite",
            "rating_direction" => "desk-differs-rating",
            _ => "desk-differs-other",
        });
        if self.query.is_empty() || self.claim.is_empty() {
            name
        } else {
            format!("{name} ({} / {})", self.query, self.claim)
        }
    }
}

/// `text` with the words of `shared` marked, wherever they stand as whole words.
pub(crate) fn mark(text: &str, shared: &[String]) -> Vec<Stretch> {
    let wanted: Vec<String> = shared.iter().map(|word| word.to_lowercase()).collect();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = first.is_alphanumeric();
        let end = rest
            .find(|c: char| c.is_alphanumeric() != in_word)
            .unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let marked = in_word && wanted.contains(&piece.to_lowercase());
        match stretches.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(piece),
            _ => stretches.push(Stretch {
                text: piece.to_owned(),
                marked,
            }),
        }
        rest = after;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_marked_and_nothing_is_lost() {
        let shared = ["kotak".to_owned(), "suara".to_owned()];
        let stretches = mark("Kotak-suara <b> kotakan", &shared);
        let marked: Vec<&str> = stretches
            .iter()
            .filter(|one| one.marked)
            .map(|one| one.text.as_str())
            .collect();
        assert_eq!(marked, ["Kotak", "suara"]);
        let whole: String = stretches.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(whole, "Kotak-suara <b> kotakan");
        assert!(mark("", &shared).is_empty());
    }

    #[test]
    fn every_kind_on_the_wire_has_a_name_of_its_own() {
        let frame = Frame::new(
            &axum::http::HeaderMap::new(),
            &axum::http::Uri::from_static("/"),
            None,
            false,
        );
        let mut names = std::collections::HashSet::new();
        for kind in [
            "negation",
            "number",
            "place",
            "candidate_number",
            "year",
            "date",
            "name",
            "quantity",
            "opposite",
            "rating_direction",
            "unheard_of",
        ] {
            let difference = Difference {
                kind: kind.to_owned(),
                ..Difference::default()
            };
            assert!(names.insert(difference.named(&frame)), "{kind}");
        }
    }

    #[test]
    fn an_unreadable_reason_is_a_reason_without_words() {
        assert_eq!(Reason::read("not json"), Reason::default());
        let read = Reason::read(
            r#"{"shared_words":["kpu"],"contradictions":[{"kind":"number","query":"2","claim":"7"}],"more":1}"#,
        );
        assert_eq!(read.shared_words, ["kpu"]);
        assert_eq!(read.contradictions[0].claim, "7");
    }
}
