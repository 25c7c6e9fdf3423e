//! Words of a text with their places: standard form, number, stem, stop word or not.

use crate::fold::{fold, is_invisible};
use crate::lexicon::{Lexicon, NumberWord};
use crate::limits::WORD_BYTES_MAX;
use crate::normalise::without_link;
use crate::stem::stem;

/// One word of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// Standard form, unstemmed.
    pub(crate) word: String,
    /// What the index holds.
    pub(crate) stem: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_stop: bool,
    /// The value where the token is a number.
    pub(crate) number: Option<f64>,
    /// A plain four-digit number from 1900 to 2099.
    pub(crate) is_year: bool,
    /// The short name of an entity written out before this token; not a word of the text.
    pub(crate) is_alias: bool,
}

/// A written word with its place.
#[derive(Debug, Clone)]
struct Raw {
    word: String,
    start: usize,
    end: usize,
}

/// The words of a phrase in plain form, without places (for word lists).
pub(crate) fn words(text: &str) -> Vec<String> {
    raw_words(text, usize::MAX)
        .into_iter()
        .map(|raw| raw.word)
        .collect()
}

/// At most `tokens_max` tokens of `text`, plus aliases of entities.
pub(crate) fn tokens(lexicon: &Lexicon, text: &str, tokens_max: usize) -> Vec<Token> {
    let raw = standardise(lexicon, raw_words(text, tokens_max));
    let mut out = Vec::with_capacity(raw.len() + 4);
    let mut at = 0;
    while at < raw.len() {
        if let Some((length, alias)) = lexicon.entities.at(&raw, at) {
            out.push(Token {
                word: alias.clone(),
                stem: alias.clone(),
                start: raw[at].start,
                end: raw[at + length - 1].end,
                is_stop: false,
                number: None,
                is_year: false,
                is_alias: true,
            });
        }
        if let Some((length, value)) = number_at(lexicon, &raw[at..]) {
            out.push(number_token(&raw[at..at + length], value));
            at += length;
        } else {
            out.push(word_token(lexicon, &raw[at]));
            at += 1;
        }
    }
    out
}

impl AsRef<str> for Raw {
    fn as_ref(&self) -> &str {
        &self.word
    }
}

fn word_token(lexicon: &Lexicon, raw: &Raw) -> Token {
    let is_stop = lexicon.is_stop(&raw.word)
        || (raw.word.len() == 1 && raw.word.is_ascii())
        || matches!(raw.word.as_str(), "rp" | "idr");
    Token {
        stem: if is_stop {
            raw.word.clone()
        } else {
            stem(&raw.word)
        },
        word: raw.word.clone(),
        start: raw.start,
        end: raw.end,
        is_stop,
        number: None,
        is_year: false,
        is_alias: false,
    }
}

fn number_token(raw: &[Raw], value: f64) -> Token {
    let first = &raw[0];
    let written = number_text(value);
    let single = raw.len() == 1;
    let is_year = single
        && first.word.len() == 4
        && first.word.bytes().all(|b| b.is_ascii_digit())
        && (1900.0..2100.0).contains(&value);
    Token {
        word: if single {
            first.word.clone()
        } else {
            written.clone()
        },
        is_stop: single && matches!(first.word.as_str(), "satu" | "nol" | "kosong"),
        stem: written,
        start: first.start,
        end: raw[raw.len() - 1].end,
        number: Some(value),
        is_year,
        is_alias: false,
    }
}

/// `200000` for 200000.0, `2.5` for 2.5.
pub(crate) fn number_text(value: f64) -> String {
    format!("{value}")
}

/// The number that begins at the first word, and how many words it takes.
fn number_at(lexicon: &Lexicon, raw: &[Raw]) -> Option<(usize, f64)> {
    let first = &raw.first()?.word;
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        let value = literal(first)?;
        let next = raw.get(1).and_then(|next| lexicon.number_word(&next.word));
        if let Some(NumberWord::Scale(scale)) = next {
            return Some((2, value * scale));
        }
        return Some((1, value));
    }
    let (mut total, mut current, mut pending) = (0.0, 0.0, None::<f64>);
    let mut length = 0;
    while let Some(kind) = raw.get(length).and_then(|r| lexicon.number_word(&r.word)) {
        match kind {
            NumberWord::Unit(_) if pending.is_some() => break,
            NumberWord::Unit(value) => pending = Some(value),
            NumberWord::Teen => current += pending.take()? + 10.0,
            NumberWord::Scale(_) if length == 0 => return None,
            NumberWord::Scale(scale) if scale < 1000.0 => {
                current += pending.take().unwrap_or(1.0) * scale;
            }
            NumberWord::Scale(scale) => {
                let before: f64 = current + pending.take().unwrap_or(0.0);
                total += before.max(1.0) * scale;
                current = 0.0;
            }
            NumberWord::Whole(value) => current += value,
        }
        length += 1;
    }
    (length > 0).then(|| (length, total + current + pending.unwrap_or(0.0)))
}

/// The value of digits with Indonesian or English separators: `1.000.000`, `11,000`, `2,5`.
fn literal(word: &str) -> Option<f64> {
    if word.len() > 18
        || !word
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    {
        return None;
    }
    let groups: Vec<&str> = word.split(['.', ',']).collect();
    if groups.iter().any(|group| group.is_empty()) {
        return None;
    }
    let thousands =
        groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3);
    if groups.len() == 1 || thousands {
        return groups.concat().parse().ok();
    }
    if groups.len() == 2 {
        return format!("{}.{}", groups[0], groups[1]).parse().ok();
    }
    None
}

/// Slang to standard form; one written word may stand for several.
fn standardise(lexicon: &Lexicon, raw: Vec<Raw>) -> Vec<Raw> {
    let mut out = Vec::with_capacity(raw.len());
    for word in raw {
        match lexicon.standard(&word.word) {
            None => out.push(word),
            Some(standard) => {
                for part in standard {
                    out.push(Raw {
                        word: part.clone(),
                        start: word.start,
                        end: word.end,
                    });
                }
            }
        }
    }
    out
}

fn raw_words(text: &str, words_max: usize) -> Vec<Raw> {
    let mut reader = Reader {
        out: Vec::new(),
        word: String::new(),
        start: 0,
        end: 0,
    };
    let base = text.as_ptr() as usize;
    for chunk in text.split_whitespace() {
        if reader.out.len() >= words_max {
            break;
        }
        let at = chunk.as_ptr() as usize - base;
        let kept = without_link(chunk);
        reader.read(kept, at);
        reader.finish();
    }
    reader.out.truncate(words_max);
    reader.out
}

struct Reader {
    out: Vec<Raw>,
    word: String,
    start: usize,
    end: usize,
}

impl Reader {
    fn read(&mut self, chunk: &str, at: usize) {
        let mut in_handle = false;
        let mut in_hashtag = false;
        let mut before = ' ';
        let mut chars = chunk.char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            let place = at + offset;
            if in_handle {
                if c == '_' || c == '.' || c.is_ascii_alphanumeric() || is_invisible(c) {
                    continue;
                }
                in_handle = false;
            }
            match c {
                '@' => {
                    self.finish();
                    in_handle = true;
                }
                '#' => {
                    self.finish();
                    in_hashtag = true;
                }
                '.' | ',' if before.is_ascii_digit() => {
                    let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
                    if digit {
                        self.push(c, place, place + 1);
                    } else {
                        self.finish();
                    }
                }
                '\'' | '’' | '`' => {}
                _ => {
                    let hump = in_hashtag && c.is_uppercase() && before.is_lowercase();
                    if hump {
                        self.finish();
                    }
                    self.letters(c, place);
                }
            }
            before = c;
        }
    }

    fn letters(&mut self, c: char, place: usize) {
        let end = place + c.len_utf8();
        let mut plain = [' '; 18];
        let mut count = 0;
        fold(c, &mut |part| {
            if count < plain.len() {
                plain[count] = part;
                count += 1;
            }
        });
        for part in &plain[..count] {
            if part.is_alphanumeric() {
                self.push(*part, place, end);
            } else {
                self.finish();
            }
        }
    }

    fn push(&mut self, c: char, place: usize, end: usize) {
        if self.word.is_empty() {
            self.start = place;
        }
        self.end = end;
        if self.word.len() < WORD_BYTES_MAX {
            self.word.push(c);
        }
    }

    /// Ends the current word: splits "200rb", "rp50", "covid19"; drops the 2 of "hati2".
    fn finish(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let whole = self.end - self.start == word.len();
        let digits_first = word
            .bytes()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            .count();
        let letters_first = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        let split =
            if digits_first > 0 && word.len() > digits_first && word.len() - digits_first >= 2 {
                digits_first
            } else if letters_first >= 2
                && word.len() > letters_first
                && word[letters_first..]
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            {
                letters_first
            } else {
                0
            };
        let (start, end) = (self.start, self.end);
        if split == 0 {
            self.out.push(Raw {
                word: squash(&word),
                start,
                end,
            });
            return;
        }
        let middle = if whole { start + split } else { end };
        let second_start = if whole { middle } else { start };
        self.out.push(Raw {
            word: squash(&word[..split]),
            start,
            end: middle,
        });
        // "teman2" is "teman-teman": the 2 says nothing of its own.
        if letters_first == split && &word[split..] == "2" && letters_first > 2 {
            return;
        }
        self.out.push(Raw {
            word: squash(&word[split..]),
            start: second_start,
            end,
        });
    }
}

/// Three or more of a letter in a row become one.
fn squash(word: &str) -> String {
    let bytes = word.as_bytes();
    if !bytes
        .windows(3)
        .any(|w| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_alphabetic())
    {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    let chars: Vec<char> = word.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| **c == chars[at]).count();
        let kept = if run >= 3 && chars[at].is_alphabetic() {
            1
        } else {
            run
        };
        out.extend(std::iter::repeat_n(chars[at], kept));
        at += run;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        tokens(Lexicon::built_in(), text, 1000)
            .into_iter()
            .filter(|t| !t.is_stop)
            .map(|t| t.stem)
            .collect()
    }

    #[test]
    fn numbers_have_one_written_form() {
        for text in [
            "200rb",
            "200 ribu",
            "200.000",
            "dua ratus ribu",
            "200,000",
            "Rp200.000",
            "Rp.200.000,-",
        ] {
            assert_eq!(stems(text), ["200000"], "{text}");
        }
        assert_eq!(stems("2,5 juta"), ["2500000"]);
        assert_eq!(stems("tujuh belas"), ["17"]);
        assert_eq!(stems("dua juta tiga ratus lima puluh ribu"), ["2350000"]);
        assert_eq!(stems("seribu"), ["1000"]);
        assert_eq!(stems("jutaan"), ["jutaan"]);
        assert_eq!(stems("1.2.3.4"), ["1.2.3.4"]);
    }

    #[test]
    fn hashtags_and_joined_words_come_apart() {
        assert_eq!(stems("#TolakCurang"), ["tolak", "curang"]);
        assert_eq!(stems("hati2 teman-teman"), ["hati", "teman", "teman"]);
        assert_eq!(stems("formulir C1"), ["formulir", "c1"]);
        assert_eq!(stems("@akun https://t.co/x gempaaaa"), ["gempa"]);
    }

    #[test]
    fn an_entity_written_out_meets_its_short_name() {
        let long = stems("Komisi Pemilihan Umum");
        assert!(long.contains(&"kpu".to_owned()), "{long:?}");
    }

    #[test]
    fn places_are_inside_the_text() {
        let text = "𝐇𝐨𝐚𝐤𝐬 200rb covid19 #AdaApa ﬁtnah É";
        for token in tokens(Lexicon::built_in(), text, 100) {
            assert!(text.get(token.start..token.end).is_some(), "{token:?}");
        }
    }
}
