//! The words and colours that domain values carry on screens.

use domain::Timestamp;
use domain::case::CaseState;
use domain::channel::ChannelKind;
use domain::cluster::ClusterState;
use domain::fact_check::{Deception, Rating};
use fluent_bundle::FluentArgs;

use crate::web::{Frame, locale, moment};

/// A word with its colour and its icon: never a colour alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    /// The class that colours it.
    pub class: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// The word.
    pub text: String,
}

/// The text of `key` with `parts` set in; numbers come in as readers write them.
pub(crate) fn filled(frame: &Frame, key: &str, parts: &[(&str, &str)]) -> String {
    let mut arguments = FluentArgs::new();
    for (name, value) in parts {
        arguments.set(*name, *value);
    }
    locale::text(frame.language, key, &arguments)
}

/// The common rating.
pub(crate) fn rating_tag(frame: &Frame, rating: Rating) -> Tag {
    let (class, icon) = match rating {
        Rating::False => ("false", "circle-x"),
        Rating::Misleading => ("misleading", "triangle-alert"),
        Rating::PartlyTrue => ("partly", "circle-dot"),
        Rating::True => ("true", "circle-check"),
        Rating::Unproven => ("unproven", "circle-question-mark"),
    };
    Tag {
        class,
        icon,
        text: rating_name(frame, rating),
    }
}

/// The name of a rating.
pub(crate) fn rating_name(frame: &Frame, rating: Rating) -> String {
    frame.t(&format!("desk-rating-{}", rating.as_str()))
}

/// The name of a way to mislead.
pub(crate) fn deception_name(frame: &Frame, deception: Deception) -> String {
    frame.t(&format!("desk-deception-{}", deception.as_str()))
}

/// The name of a kind of channel, from the word the store keeps; unknown words stay as they are.
pub(crate) fn channel_name(frame: &Frame, word: &str) -> String {
    match ChannelKind::parse(word) {
        Some(kind) => frame.t(&format!("desk-channel-{}", kind.as_str())),
        None => word.to_owned(),
    }
}

/// Where a case is in its life.
pub(crate) fn case_tag(frame: &Frame, state: &CaseState) -> Tag {
    let (class, icon) = match state {
        CaseState::Open => ("unproven", "circle-dot"),
        CaseState::Held { .. } => ("accent", "pencil"),
        CaseState::InReview { .. } => ("official", "eye"),
        CaseState::Returned { .. } => ("misleading", "undo-2"),
        CaseState::Published { .. } => ("true", "circle-check"),
        CaseState::Closed { .. } => ("", "x"),
    };
    Tag {
        class,
        icon,
        text: frame.t(&format!("desk-case-state-{}", state.as_str())),
    }
}

/// Where a cluster is in its life.
pub(crate) fn cluster_state_name(frame: &Frame, state: ClusterState) -> String {
    frame.t(&format!("desk-state-{}", state.as_str()))
}

/// The place of a region code as people say it; the whole country where there is none.
pub(crate) fn place_name(frame: &Frame, region: Option<&str>) -> String {
    region.map_or_else(|| frame.t("desk-nation"), place)
}

/// "Jambi, Kab. Muaro Jambi": a region code as a narrow column can hold it.
pub(crate) fn place(code: &str) -> String {
    crate::regions::place(code).replace("Kabupaten ", "Kab. ")
}

/// "3 Nov": the day without its year, for a narrow column.
pub(crate) fn short_day(frame: &Frame, at: Timestamp) -> String {
    let whole = moment::date(frame.language, frame.zone, at);
    let mut parts = whole.split(' ');
    let day = parts.next().unwrap_or_default();
    let month: String = parts.next().unwrap_or_default().chars().take(3).collect();
    format!("{day} {month}")
}

/// "08.05 WIB" on the day of the page, the whole date on any other.
pub(crate) fn clock(frame: &Frame, at: Timestamp) -> String {
    let (language, zone) = (frame.language, frame.zone);
    if moment::date(language, zone, at) == moment::date(language, zone, frame.now) {
        format!("{} {}", moment::clock(language, zone, at), zone.as_str())
    } else {
        frame.exact(at)
    }
}

/// The head of a text, for titles: one line, at most `chars` characters, cut between words.
pub(crate) fn headline(text: &str, chars: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let added = word.chars().count() + usize::from(length > 0);
        if length + added > chars {
            if length == 0 {
                line.extend(word.chars().take(chars));
            }
            line.push('…');
            return line;
        }
        if length > 0 {
            line.push(' ');
        }
        line.push_str(word);
        length += added;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_one_line_cut_between_words() {
        assert_eq!(
            headline("  Kotak suara\nditukar ", 40),
            "Kotak suara ditukar"
        );
        assert_eq!(headline("Kotak suara ditukar", 12), "Kotak suara…");
        assert_eq!(headline("Kotaksuaraditukar", 5), "Kotak…");
        assert_eq!(headline("", 5), "");
    }

    #[test]
    fn a_place_is_short() {
        assert_eq!(place("15.05"), "Jambi, Kab. Muaro Jambi");
    }
}
