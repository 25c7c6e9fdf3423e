//! Numbers as readers write them: 1.284 and 3,9 juta, or 1,284 and 3.9 million.

use super::language::Language;

/// `value` in full, with its thousands grouped.
pub fn whole(language: Language, value: i64) -> String {
    let separator = match language {
        Language::Indonesian => '.',
        Language::English => ',',
    };
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        grouped.push('\u{2212}');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// `value` in few characters: in full below a million, then with one decimal and a word.
pub fn short(language: Language, value: i64) -> String {
    let words = match language {
        Language::Indonesian => ["juta", "miliar", "triliun"],
        Language::English => ["million", "billion", "trillion"],
    };
    let size = value.unsigned_abs();
    let (unit, word) = match size {
        0..1_000_000 => return whole(language, value),
        // From the value on that rounds up to the next word.
        1_000_000..999_950_000 => (1_000_000, words[0]),
        999_950_000..999_950_000_000 => (1_000_000_000, words[1]),
        _ => (1_000_000_000_000, words[2]),
    };
    let tenths = (size + unit / 20) / (unit / 10);
    let sign = if value < 0 { "\u{2212}" } else { "" };
    let front = whole(language, i64::try_from(tenths / 10).unwrap_or(i64::MAX));
    match tenths % 10 {
        0 => format!("{sign}{front} {word}"),
        tenth => format!("{sign}{front}{}{tenth} {word}", decimal_mark(language)),
    }
}

/// `value` with two decimals.
pub fn ratio(language: Language, value: f64) -> String {
    decimals(language, value, 2)
}

/// `value` with so many decimals.
pub fn decimals(language: Language, value: f64, places: usize) -> String {
    let text = format!("{:.places$}", if value.is_finite() { value } else { 0.0 });
    match language {
        Language::Indonesian => text.replace('.', ","),
        Language::English => text,
    }
}

/// A share of one as a whole percentage; never 0% or 100% where that is not exact.
pub fn percent(share: f64) -> String {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let rounded = (share * 100.0).round();
    let honest = if share > 0.0 && share < 1.0 {
        rounded.clamp(1.0, 99.0)
    } else {
        rounded
    };
    format!("{honest:.0}%")
}

fn decimal_mark(language: Language) -> char {
    match language {
        Language::Indonesian => ',',
        Language::English => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, Indonesian};
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        for (value, id, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_284, "1.284", "1,284"),
            (96_000, "96.000", "96,000"),
            (1_234_567, "1.234.567", "1,234,567"),
            (-1_284, "−1.284", "−1,284"),
            (
                i64::MIN,
                "−9.223.372.036.854.775.808",
                "−9,223,372,036,854,775,808",
            ),
        ] {
            assert_eq!(whole(Indonesian, value), id);
            assert_eq!(whole(English, value), en);
        }
    }

    #[test]
    fn millions_get_a_word() {
        for (value, id, en) in [
            (999_999, "999.999", "999,999"),
            (1_000_000, "1 juta", "1 million"),
            (3_912_345, "3,9 juta", "3.9 million"),
            (3_950_000, "4 juta", "4 million"),
            (999_949_999, "999,9 juta", "999.9 million"),
            (999_950_000, "1 miliar", "1 billion"),
            (2_500_000_000, "2,5 miliar", "2.5 billion"),
            (7_000_000_000_000, "7 triliun", "7 trillion"),
            (-1_500_000, "−1,5 juta", "−1.5 million"),
        ] {
            assert_eq!(short(Indonesian, value), id);
            assert_eq!(short(English, value), en);
        }
    }

    #[test]
    fn shares_and_ratios() {
        assert_eq!(ratio(Indonesian, 0.576), "0,58");
        assert_eq!(ratio(English, 0.576), "0.58");
        assert_eq!(ratio(English, f64::NAN), "0.00");
        for (share, text) in [
            (0.0, "0%"),
            (0.001, "1%"),
            (0.82, "82%"),
            (0.999, "99%"),
            (1.0, "100%"),
            (f64::NAN, "0%"),
            (7.0, "100%"),
        ] {
            assert_eq!(percent(share), text);
        }
    }
}
