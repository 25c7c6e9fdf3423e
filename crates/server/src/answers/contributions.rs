//! What made the machine choose a check, in words a voter understands.

use crate::web::Frame;

/// Rows shown; smaller ones say little.
const ROWS_SHOWN: usize = 6;
/// A row smaller than this share of the largest one is not worth a line.
const SHARE_MIN: f32 = 0.02;

/// One line of the small table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is, in words.
    pub name: String,
    /// How much, beside the largest: 0 to 100.
    pub width: u32,
    /// Whether it speaks against the check.
    pub against: bool,
    /// How much, as read: "+1,35".
    pub amount: String,
}

/// What stands behind several features: the beginning of their names, and the key of the words.
/// The first that fits is taken.
const KINDS: &[(&str, &str)] = &[
    ("numbers", "contribution-numbers"),
    ("number", "contribution-numbers"),
    ("claim_words", "contribution-words"),
    ("text_words", "contribution-words"),
    ("words", "contribution-words"),
    ("claim_chars", "contribution-letters"),
    ("text_chars", "contribution-letters"),
    ("chars", "contribution-letters"),
    ("pairs", "contribution-order"),
    ("rarest", "contribution-rare"),
    ("rare", "contribution-rare"),
    ("meaning", "contribution-meaning"),
    ("learned", "contribution-meaning"),
    ("opening", "contribution-words"),
    ("semantic", "contribution-meaning"),
    ("vector", "contribution-meaning"),
    ("dense", "contribution-meaning"),
    ("encoder", "contribution-meaning"),
    ("entities", "contribution-names"),
    ("entity", "contribution-names"),
    ("name", "contribution-names"),
    ("place", "contribution-names"),
    ("date", "contribution-date"),
    ("claim_length", "contribution-length"),
    ("text_length", "contribution-length"),
    ("length", "contribution-length"),
    ("quote", "contribution-quote"),
];

/// Words for a feature nobody has described yet.
const OTHER: &str = "contribution-other";

fn key_of(feature: &str) -> &'static str {
    KINDS
        .iter()
        .find(|(beginning, _)| feature.starts_with(beginning))
        .map_or(OTHER, |(_, key)| key)
}

/// The table of `amounts` (feature, weight times value), the largest first. Features of one kind
/// are one row.
pub fn rows<N: AsRef<str>>(frame: &Frame, amounts: &[(N, f32)]) -> Vec<Row> {
    let mut sums: Vec<(&'static str, f32)> = Vec::new();
    for (feature, amount) in amounts.iter().filter(|(_, amount)| amount.is_finite()) {
        let key = key_of(feature.as_ref());
        match sums.iter_mut().find(|(known, _)| *known == key) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((key, *amount)),
        }
    }
    sums.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let largest = sums.first().map_or(0.0, |(_, sum)| sum.abs());
    sums.into_iter()
        .filter(|(_, sum)| largest > 0.0 && sum.abs() >= largest * SHARE_MIN)
        .take(ROWS_SHOWN)
        .map(|(key, sum)| Row {
            name: frame.t(key),
            width: width(sum.abs() / largest),
            against: sum < 0.0,
            amount: signed(frame, sum),
        })
        .collect()
}

fn signed(frame: &Frame, sum: f32) -> String {
    let sign = if sum < 0.0 { '\u{2212}' } else { '+' };
    format!("{sign}{}", frame.ratio(f64::from(sum.abs())))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of one, in percent"
)]
fn width(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};
    use matching::rank::FEATURES;

    use super::*;
    use crate::web::Language;

    fn frame(language: Language) -> Frame {
        let mut frame = Frame::new(&HeaderMap::new(), &Uri::from_static("/"), None, false);
        frame.language = language;
        frame
    }

    #[test]
    fn features_of_one_kind_are_one_row_and_the_largest_comes_first() {
        let amounts = [
            ("words", 1.0),
            ("chars_of_best", 1.5),
            ("claim_words", 1.0),
            ("claim_length", -0.5),
            ("numbers_missing", 0.0),
        ];
        let shown = rows(&frame(Language::Indonesian), &amounts);
        let told: Vec<(&str, u32, bool, &str)> = shown
            .iter()
            .map(|row| {
                (
                    row.name.as_str(),
                    row.width,
                    row.against,
                    row.amount.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Kata sama", 100, false, "+2,00"),
                ("Huruf sama", 75, false, "+1,50"),
                ("Panjang klaim", 25, true, "\u{2212}0,50"),
            ]
        );
    }

    #[test]
    fn every_feature_of_today_has_words_and_an_unknown_one_falls_back() {
        for feature in FEATURES {
            assert_ne!(key_of(feature), OTHER, "{feature}");
        }
        let english = frame(Language::English);
        let shown = rows(&english, &[("something_new", 1.0), ("words", f32::NAN)]);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].name, "Other clues");
        assert!(rows::<&str>(&english, &[]).is_empty());
        assert!(rows(&english, &[("words", 0.0)]).is_empty());
    }
}
