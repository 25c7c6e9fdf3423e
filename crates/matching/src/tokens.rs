//! Words of a text with their places: standard form, number, date, stem, stop word or not.

use crate::aliases::{self, Alias};
use crate::dates::{self, date_at, is_weekday, month_name};
use crate::lexicon::Lexicon;
use crate::numbers::number_at;
pub(crate) use crate::numbers::number_text;
use crate::words::{self, Word};

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
    /// Another name of what the words around it say (the short name of an entity, a date,
    /// a candidate's number); not a word of the text.
    pub(crate) is_alias: bool,
    /// What the alias stands for.
    pub(crate) alias: Option<Alias>,
}

/// At most `tokens_max` tokens of `text`, plus aliases.
pub(crate) fn tokens(lexicon: &Lexicon, text: &str, tokens_max: usize) -> Vec<Token> {
    let words = standardise(lexicon, words::read(lexicon, text, tokens_max));
    let mut reading = Reading {
        lexicon,
        words: &words,
        out: Vec::with_capacity(words.len() + 8),
        named_until: 0,
    };
    let mut at = 0;
    while at < words.len() {
        at += reading.step(at);
    }
    reading.out
}

struct Reading<'a> {
    lexicon: &'a Lexicon,
    words: &'a [Word],
    out: Vec<Token>,
    /// Words before this one are said by an entity's short name.
    named_until: usize,
}

impl Reading<'_> {
    /// Reads what begins at a word; the number of words it takes.
    fn step(&mut self, at: usize) -> usize {
        let words = self.words;
        if let Some((length, short)) = self.lexicon.entities.at(words, at) {
            self.alias(at, length, short.clone(), Alias::Entity);
            self.named_until = at + length;
        }
        if let Some((length, joined)) = self.lexicon.place_joined(words, at) {
            self.alias(at, length, joined, Alias::Entity);
        }
        if let Some(found) = date_at(&words[at..]) {
            self.date(at, &found);
            return found.length;
        }
        let after_currency = at
            .checked_sub(1)
            .is_some_and(|before| matches!(words[before].text.as_str(), "rp" | "idr"));
        if let Some((length, value)) = number_at(self.lexicon, &words[at..], after_currency) {
            self.out.push(number_token(&words[at..at + length], value));
            if let Some(number) = aliases::candidate(words, at, length, value) {
                self.alias(
                    at,
                    length,
                    format!("paslon{number}"),
                    Alias::Candidate(number),
                );
            }
            return length;
        }
        let mut token = word_token(self.lexicon, &words[at]);
        // The short name stands for them; both would count the name twice.
        token.is_stop |= at < self.named_until;
        self.out.push(token);
        1
    }

    fn alias(&mut self, at: usize, length: usize, stem: String, alias: Alias) {
        let (first, last) = (&self.words[at], &self.words[at + length - 1]);
        self.out.push(Token {
            word: stem.clone(),
            stem,
            start: first.start,
            end: last.end.max(first.end),
            is_stop: false,
            number: None,
            is_year: false,
            is_alias: true,
            alias: Some(alias),
        });
    }

    /// Day, month and year as they are written in words, and the date as one alias.
    fn date(&mut self, at: usize, found: &dates::Found) {
        if let Some(before) = self.out.last_mut()
            && is_weekday(&before.word)
        {
            before.is_stop = true;
        }
        let date = found.date;
        let word = |place: usize| &self.words[at + place];
        let mut parts = Vec::new();
        if let (Some(place), Some(day)) = (found.day_at, date.day) {
            parts.push(figure(word(place), u32::from(day), false));
        }
        parts.push(Token {
            word: month_name(date.month).to_owned(),
            stem: month_name(date.month).to_owned(),
            ..blank(word(found.month_at))
        });
        if let (Some(place), Some(year)) = (found.year_at, date.year) {
            parts.push(figure(word(place), u32::from(year), true));
        }
        self.out.extend(parts);
        self.alias(at, found.length, date.text(), Alias::Date(date));
    }
}

fn blank(word: &Word) -> Token {
    Token {
        word: String::new(),
        stem: String::new(),
        start: word.start,
        end: word.end,
        is_stop: false,
        number: None,
        is_year: false,
        is_alias: false,
        alias: None,
    }
}

fn figure(word: &Word, value: u32, is_year: bool) -> Token {
    Token {
        word: value.to_string(),
        stem: value.to_string(),
        number: Some(f64::from(value)),
        is_year,
        ..blank(word)
    }
}

fn word_token(lexicon: &Lexicon, word: &Word) -> Token {
    let is_stop = lexicon.is_stop(&word.text)
        || (word.text.len() == 1 && word.text.is_ascii())
        || matches!(word.text.as_str(), "rp" | "idr");
    Token {
        stem: if is_stop {
            word.text.clone()
        } else {
            lexicon.stem(&word.text)
        },
        word: word.text.clone(),
        is_stop,
        ..blank(word)
    }
}

fn number_token(words: &[Word], value: f64) -> Token {
    let first = &words[0];
    let written = number_text(value);
    let single = words.len() == 1;
    let is_year = single
        && first.text.len() == 4
        && first.text.bytes().all(|b| b.is_ascii_digit())
        && (1900.0..2100.0).contains(&value);
    Token {
        word: if single {
            first.text.clone()
        } else {
            written.clone()
        },
        is_stop: single && matches!(first.text.as_str(), "satu" | "nol" | "kosong"),
        stem: written,
        end: words[words.len() - 1].end,
        number: Some(value),
        is_year,
        ..blank(first)
    }
}

/// Slang to standard form; one written word may stand for several.
fn standardise(lexicon: &Lexicon, words: Vec<Word>) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        match lexicon.standard(&word.text) {
            None => out.push(word),
            Some(standard) => {
                for (place, part) in standard.iter().enumerate() {
                    out.push(Word {
                        text: part.clone(),
                        tie: if place == 0 { word.tie } else { None },
                        ..word.clone()
                    });
                }
            }
        }
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
        assert_eq!(stems("hati2 teman-teman"), ["hati", "teman"]);
        assert_eq!(stems("formulir C1"), ["formulir", "c1"]);
        assert_eq!(stems("@akun https://t.co/x gempaaaa"), ["akun", "gempa"]);
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
