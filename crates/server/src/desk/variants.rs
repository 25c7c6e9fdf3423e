//! The texts of a cluster beside its representative, with their differences.

use matching::difference::{Piece, difference};
use store::{ClusterRow, Example};

use super::words::{channel_name, filled};
use crate::web::{Frame, Markup};

/// A stretch of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As in the representative text.
    Same(String),
    /// Only in this variant.
    Added(String),
    /// Only in the representative text.
    Removed(String),
}

/// One variant of the text.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Its stretches, in order.
    pub pieces: Vec<Shown>,
    /// Posts with exactly this text.
    pub count: String,
    /// How alike it is to the representative.
    pub closeness: String,
    /// Where it was seen.
    pub channel: String,
    /// Its place, when known.
    pub place: Option<String>,
    /// When it was published.
    pub seen: Markup,
    /// Its address, when it has one that can be opened.
    pub url: Option<String>,
}

/// The examples of a cluster as variants, the most frequent first.
pub(super) fn variants(frame: &Frame, cluster: &ClusterRow) -> Vec<Variant> {
    let mut examples: Vec<&Example> = cluster.examples.iter().collect();
    examples.sort_by_key(|example| std::cmp::Reverse(example.posts));
    examples
        .into_iter()
        .map(|example| variant(frame, &cluster.text, example))
        .collect()
}

fn variant(frame: &Frame, representative: &str, example: &Example) -> Variant {
    let pieces = pieces(representative, &example.text);
    let same = pieces.iter().all(|piece| matches!(piece, Shown::Same(_)));
    let kind = channel_name(frame, example.channel_kind.as_str());
    let share = frame.ratio(f64::from(example.resemblance));
    Variant {
        pieces,
        count: frame.n("desk-variant-count", example.posts),
        closeness: if same {
            frame.t("desk-variant-same")
        } else {
            filled(frame, "desk-variant-closeness", &[("share", &share)])
        },
        channel: if example.account.is_empty() {
            kind
        } else {
            format!("{kind}, {}", example.account)
        },
        place: example
            .region
            .as_ref()
            .map(|region| super::words::place(region.as_str())),
        seen: frame.ago(example.published_at),
        url: example.url.clone().filter(|url| opens(url)),
    }
}

fn pieces(representative: &str, text: &str) -> Vec<Shown> {
    difference(representative, text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Same(words) => Shown::Same(words.to_owned()),
            Piece::Added(words) => Shown::Added(words.to_owned()),
            Piece::Removed(words) => Shown::Removed(words.to_owned()),
        })
        .collect()
}

/// Whether an address that came with a post may stand in a link: web addresses only.
pub(crate) fn opens(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_shows_what_was_added_and_what_is_missing() {
        let shown = pieces("kotak suara ditukar", "kotak suara dibakar malam");
        assert!(
            shown.contains(&Shown::Removed("ditukar".to_owned()))
                || shown
                    .iter()
                    .any(|piece| matches!(piece, Shown::Removed(text) if text.contains("ditukar")))
        );
        assert!(
            shown
                .iter()
                .any(|piece| matches!(piece, Shown::Added(text) if text.contains("dibakar")))
        );
        assert!(
            pieces("sama", "sama")
                .iter()
                .all(|piece| matches!(piece, Shown::Same(_)))
        );
    }

    #[test]
    fn only_web_addresses_open() {
        assert!(opens("https://contoh.example/1"));
        assert!(!opens("javascript:alert(1)"));
        assert!(!opens("data:text/html,x"));
    }
}
