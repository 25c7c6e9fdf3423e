//! Numbers in one form: digits with separators, number words, and both mixed.

use crate::lexicon::{Lexicon, NumberWord};
use crate::words::Word;

/// Longest run of digits and separators that is read as one number, in bytes.
const LITERAL_BYTES_MAX: usize = 18;
/// Most words of one written-out number.
const NUMBER_WORDS_MAX: usize = 16;

/// `200000` for 200000.0, `2.5` for 2.5.
pub(crate) fn number_text(value: f64) -> String {
    format!("{value}")
}

/// The number that begins at the first word, and how many words it takes.
/// `after_currency`: "M" and "T" stand for a thousand million and a million million.
pub(crate) fn number_at(
    lexicon: &Lexicon,
    words: &[Word],
    after_currency: bool,
) -> Option<(usize, f64)> {
    let first = &words.first()?.text;
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        literal_at(lexicon, words, after_currency)
    } else {
        spelled_at(lexicon, words)
    }
}

/// "200.000", "2,5 juta", "1 juta 200 ribu".
fn literal_at(lexicon: &Lexicon, words: &[Word], after_currency: bool) -> Option<(usize, f64)> {
    let (mut total, mut length, mut least) = (0.0, 0, f64::INFINITY);
    while length + 1 < NUMBER_WORDS_MAX {
        let Some(value) = words.get(length).and_then(|word| literal(&word.text)) else {
            break;
        };
        let scale = words
            .get(length + 1)
            .and_then(|next| scale_of(lexicon, next, after_currency));
        match scale {
            // "1 juta 200 ribu" goes on only downwards; "5 juta 6 juta" are two numbers.
            Some(scale) if scale < least && value * scale < least => {
                total += value * scale;
                least = scale;
                length += 2;
            }
            None if length == 0 => return Some((1, value)),
            _ => break,
        }
    }
    (length > 0).then_some((length, total))
}

fn scale_of(lexicon: &Lexicon, word: &Word, after_currency: bool) -> Option<f64> {
    match lexicon.number_word(&word.text) {
        Some(NumberWord::Scale(scale)) => Some(scale),
        _ if after_currency => match word.text.as_str() {
            "m" => Some(1e9),
            "t" => Some(1e12),
            _ => None,
        },
        _ => None,
    }
}

/// A number in words as far as it has been read.
struct Spelled {
    total: f64,
    current: f64,
    pending: Option<f64>,
    /// The last large scale; the next one must be smaller.
    scale: f64,
}

impl Spelled {
    /// Takes one more word; false where it cannot belong to the number.
    fn take(&mut self, kind: NumberWord, is_first: bool, next: Option<NumberWord>) -> bool {
        match kind {
            NumberWord::Unit(_) if self.pending.is_some() => return false,
            NumberWord::Unit(value) => self.pending = Some(value),
            NumberWord::Teen => match self.pending.take() {
                Some(unit) => self.current += unit + 10.0,
                None => return false,
            },
            NumberWord::Half(value) => {
                if !matches!(next, Some(NumberWord::Scale(scale)) if scale >= 1000.0) {
                    return false;
                }
                self.current += self.pending.take().unwrap_or(0.0) + value;
            }
            NumberWord::Scale(_) if is_first => return false,
            NumberWord::Scale(scale) if scale < 1000.0 => {
                self.current += self.pending.take().unwrap_or(1.0) * scale;
            }
            NumberWord::Scale(scale) if scale >= self.scale => return false,
            NumberWord::Scale(scale) => {
                self.scale = scale;
                let before = self.current + self.pending.take().unwrap_or(0.0);
                self.total += if before > 0.0 { before } else { 1.0 } * scale;
                self.current = 0.0;
            }
            NumberWord::Whole(value) if value >= 1000.0 => self.total += value,
            NumberWord::Whole(value) => self.current += value,
        }
        true
    }

    fn value(&self) -> f64 {
        self.total + self.current + self.pending.unwrap_or(0.0)
    }
}

/// "dua ratus ribu", "satu setengah juta", "satu koma lima juta".
fn spelled_at(lexicon: &Lexicon, words: &[Word]) -> Option<(usize, f64)> {
    let kind = |at: usize| words.get(at).and_then(|w| lexicon.number_word(&w.text));
    let mut spelled = Spelled {
        total: 0.0,
        current: 0.0,
        pending: None,
        scale: f64::INFINITY,
    };
    let mut length = 0;
    // Where a number ended that what follows may not belong to.
    let mut complete = None;
    while length < NUMBER_WORDS_MAX {
        let Some(word) = kind(length) else {
            let is_point = length > 0 && words.get(length).is_some_and(|w| w.text == "koma");
            match decimals(&kind, length + 1) {
                Some((places, value)) if is_point => {
                    spelled.current += spelled.pending.take().unwrap_or(0.0) + value;
                    length += 1 + places;
                    continue;
                }
                _ => break,
            }
        };
        if !spelled.take(word, length == 0, kind(length + 1)) {
            if matches!(word, NumberWord::Scale(_)) && complete.is_some() {
                return complete;
            }
            break;
        }
        length += 1;
        if matches!(word, NumberWord::Scale(scale) if scale >= 1000.0) {
            complete = Some((length, spelled.value()));
        }
    }
    (length > 0).then(|| (length, spelled.value()))
}

/// The digits after "koma", as a fraction and a count of words.
fn decimals(kind: &impl Fn(usize) -> Option<NumberWord>, from: usize) -> Option<(usize, f64)> {
    let (mut value, mut place, mut length) = (0.0, 10.0, 0);
    while length < 4 {
        let Some(NumberWord::Unit(digit)) = kind(from + length) else {
            break;
        };
        if digit >= 10.0 {
            break;
        }
        value += digit / place;
        place *= 10.0;
        length += 1;
    }
    (length > 0).then_some((length, value))
}

/// The value of digits with Indonesian or English separators: `1.000.000`, `11,000`,
/// `2,5`, `200.000,00`.
pub(crate) fn literal(word: &str) -> Option<f64> {
    if word.is_empty()
        || word.len() > LITERAL_BYTES_MAX
        || !word
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return None;
    }
    if word.contains('.')
        && word.contains(',')
        && let Some(at) = word.rfind(['.', ','])
        && word.matches(&word[at..=at]).count() == 1
    {
        let whole = thousands(&word[..at])?;
        let fraction: f64 = format!("0.{}", &word[at + 1..]).parse().ok()?;
        return Some(whole + fraction);
    }
    let groups = word.split(['.', ',']).count();
    if (groups == 1 || !word.starts_with('0'))
        && let Some(value) = thousands(word)
    {
        return Some(value);
    }
    let (whole, fraction) = word.split_once(['.', ','])?;
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (is_plain(whole) && is_plain(fraction))
        .then(|| format!("{whole}.{fraction}").parse().ok())
        .flatten()
}

/// Digits in groups of three, or in one group.
fn thousands(word: &str) -> Option<f64> {
    let mut digits = String::with_capacity(word.len());
    for (at, group) in word.split(['.', ',']).enumerate() {
        let fits = if at == 0 {
            !group.is_empty() && (group.len() <= 3 || group.len() == word.len())
        } else {
            group.len() == 3
        };
        if !fits {
            return None;
        }
        digits.push_str(group);
    }
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::read;

    /// The number at the beginning of a text and how many words it takes.
    fn value(text: &str) -> Option<(usize, f64)> {
        let lexicon = Lexicon::built_in();
        number_at(lexicon, &read(lexicon, text, 20), false)
    }

    #[test]
    fn words_and_figures_give_one_value() {
        for (text, wanted) in [
            ("200.000", 200_000.0),
            ("200,000", 200_000.0),
            ("200.000,00", 200_000.0),
            ("200rb", 200_000.0),
            ("200 ribu", 200_000.0),
            ("200k", 200_000.0),
            ("0,2 juta", 200_000.0),
            ("dua ratus ribu", 200_000.0),
            ("1,5 jt", 1_500_000.0),
            ("satu setengah juta", 1_500_000.0),
            ("satu koma lima juta", 1_500_000.0),
            ("setengah juta", 500_000.0),
            ("1 juta 200 ribu", 1_200_000.0),
            ("seribu dua ratus", 1_200.0),
            ("seratus dua puluh satu", 121.0),
            ("tujuh belas", 17.0),
            ("2.5 million", 2_500_000.0),
            ("0.125", 0.125),
            ("2,5", 2.5),
            ("1,234.5", 1_234.5),
        ] {
            assert_eq!(value(text).map(|(_, v)| v), Some(wanted), "{text}");
        }
    }

    #[test]
    fn a_number_ends_where_the_next_begins() {
        assert_eq!(value("5 juta 6 juta"), Some((2, 5e6)));
        assert_eq!(value("setengah juta satu juta"), Some((2, 5e5)));
        assert_eq!(value("dua tiga"), Some((1, 2.0)));
        assert_eq!(value("satu koma"), Some((1, 1.0)));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["ribu", "setengah hati", "1.2.3.4", "orang"] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_row_of_number_words_is_read_in_parts() {
        let text = "dua ratus ".repeat(100);
        let (length, _) = value(&text).unwrap();
        assert!(length <= NUMBER_WORDS_MAX + 1, "{length}");
    }
}
