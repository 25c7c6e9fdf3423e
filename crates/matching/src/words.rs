//! The written words of a text with their places: disguises off, joined words apart,
//! words spaced out or cut by signs together again.
//!
//! Every step looks at a bounded window of characters or words, so the work is linear
//! in the text.

use crate::drawn_out::short;
use crate::fold::{fold, is_invisible};
use crate::leet::undisguised;
use crate::lexicon::Lexicon;
use crate::limits::WORD_BYTES_MAX;
use crate::links::{link_words, split_link};
use crate::segment::pieces;

/// Most letters of a word that was written letter by letter.
const SPACED_LETTERS_MAX: usize = 48;
/// Most parts of a word that was cut by signs.
const BROKEN_PARTS_MAX: usize = 8;
/// Fewest letters of a hashtag that is taken apart.
const TAG_LETTERS_MIN: usize = 6;

/// A written word with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// In plain form, lower case.
    pub(crate) text: String,
    /// First byte in the text.
    pub(crate) start: usize,
    /// Byte after the last one.
    pub(crate) end: usize,
    /// The sign between this word and the one before; none where a blank stands there.
    pub(crate) tie: Option<char>,
    /// Part of a hashtag, handle or host name, where words stand without blanks.
    pub(crate) is_tag: bool,
    /// The text stands at its place byte for byte, letter case aside, so that a part of
    /// it has a place of its own.
    pub(crate) is_exact: bool,
}

impl AsRef<str> for Word {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// The tie of words that were written as one.
const NOTHING_BETWEEN: char = '\0';

/// The words of a phrase in plain form, without places (for word lists).
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    let mut reader = Reader::new(None);
    reader.read_text(text, usize::MAX);
    reader.out.into_iter().map(|word| word.text).collect()
}

/// At most `words_max` words of a text.
pub(crate) fn read(lexicon: &Lexicon, text: &str, words_max: usize) -> Vec<Word> {
    let mut reader = Reader::new(Some(lexicon));
    reader.read_text(text, words_max);
    let mut words = put_together(lexicon, reader.out);
    words = take_apart(lexicon, words);
    words.truncate(words_max);
    words
}

struct Reader<'a> {
    lexicon: Option<&'a Lexicon>,
    out: Vec<Word>,
    text: String,
    start: usize,
    end: usize,
    /// Every letter of the word so far is written plainly.
    is_ascii: bool,
    /// What stands between the last word and the current one.
    tie: Option<char>,
    is_tag: bool,
    /// Words read before the current chunk.
    chunk_start: usize,
}

impl<'a> Reader<'a> {
    fn new(lexicon: Option<&'a Lexicon>) -> Self {
        Self {
            lexicon,
            out: Vec::new(),
            text: String::new(),
            start: 0,
            end: 0,
            is_ascii: true,
            tie: None,
            is_tag: false,
            chunk_start: 0,
        }
    }

    fn read_text(&mut self, text: &str, words_max: usize) {
        let base = text.as_ptr() as usize;
        for chunk in text.split_whitespace() {
            if self.out.len() >= words_max {
                break;
            }
            let at = chunk.as_ptr() as usize - base;
            let (before, link) = split_link(chunk);
            self.tie = None;
            self.is_tag = false;
            self.chunk_start = self.out.len();
            if !self.read_disguised(before, at) {
                self.read(before, at);
            }
            self.finish();
            if self.lexicon.is_some() && !link.is_empty() {
                self.read_link(link, at + before.len());
            }
        }
        self.out.truncate(words_max);
    }

    fn read_link(&mut self, link: &str, at: usize) {
        for (offset, word) in link_words(link) {
            let start = at + offset;
            self.out.push(Word {
                text: word.to_ascii_lowercase(),
                start,
                end: start + word.len(),
                tie: None,
                is_tag: true,
                is_exact: true,
            });
        }
    }

    /// "p@rtai", "ko$ong": signs that stand for letters, where the word is then known.
    fn read_disguised(&mut self, chunk: &str, at: usize) -> bool {
        let Some(lexicon) = self.lexicon else {
            return false;
        };
        let is_sign = |c: char| matches!(c, '@' | '$' | '!' | '|');
        let core = chunk.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if core.len() > WORD_BYTES_MAX || !core.contains(is_sign) {
            return false;
        }
        let Some(plain) = undisguised(&core.to_ascii_lowercase(), |word| lexicon.is_known(word))
        else {
            return false;
        };
        let start = at + (core.as_ptr() as usize - chunk.as_ptr() as usize);
        self.out.push(Word {
            text: plain,
            start,
            end: start + core.len(),
            tie: None,
            is_tag: false,
            is_exact: false,
        });
        true
    }

    fn read(&mut self, chunk: &str, at: usize) {
        let mut before = ' ';
        let mut in_address = false;
        let mut chars = chunk.char_indices().peekable();
        while let Some((offset, c)) = chars.next() {
            let place = at + offset;
            if in_address {
                if c == '_' || c == '.' || c.is_ascii_alphanumeric() || is_invisible(c) {
                    continue;
                }
                in_address = false;
            }
            match c {
                '@' => {
                    // What follows a name and "@" is the host of an address.
                    in_address = before.is_ascii_alphanumeric() || self.lexicon.is_none();
                    self.end_word(c);
                    self.is_tag = true;
                }
                '#' => {
                    self.end_word(c);
                    self.is_tag = true;
                }
                '.' | ',' if before.is_ascii_digit() => {
                    let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
                    if digit {
                        self.push(c, place, place + 1);
                    } else {
                        self.end_word(c);
                    }
                }
                '%' if before.is_ascii_digit() => {
                    self.end_word(c);
                    self.sign("persen", place, place + 1);
                }
                '$' => {
                    self.end_word(c);
                    self.sign("dolar", place, place + 1);
                }
                '\'' | '’' | '`' => {}
                _ => {
                    let hump = self.is_tag && c.is_uppercase() && before.is_lowercase();
                    if hump {
                        self.end_word(NOTHING_BETWEEN);
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
                self.end_word(c);
            }
        }
    }

    fn push(&mut self, c: char, place: usize, end: usize) {
        if self.text.is_empty() {
            self.start = place;
            self.is_ascii = true;
        }
        self.is_ascii &= end - place == 1;
        self.end = end;
        if self.text.len() < WORD_BYTES_MAX {
            self.text.push(c);
        }
    }

    /// A sign that is read as a word.
    fn sign(&mut self, text: &str, start: usize, end: usize) {
        if self.lexicon.is_some() {
            self.out.push(Word {
                text: text.to_owned(),
                start,
                end,
                tie: Some(NOTHING_BETWEEN),
                is_tag: false,
                is_exact: false,
            });
        }
    }

    /// Ends the current word at a sign; the first sign after a word ties the next one to it.
    fn end_word(&mut self, sign: char) {
        self.finish();
        if self.tie.is_none() && self.out.len() > self.chunk_start {
            self.tie = Some(sign);
        }
    }

    /// Ends the current word.
    fn finish(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let has_digit = text.bytes().any(|b| b.is_ascii_digit());
        let has_letter = text.bytes().any(|b| b.is_ascii_lowercase());
        if has_digit && has_letter {
            self.mixed(&text);
        } else {
            self.add(&text, self.start, self.end);
        }
        self.tie = None;
    }

    /// Letters and figures in one: "p3m1lu", "anak2nya", "200rb", "covid19".
    fn mixed(&mut self, text: &str) {
        let is_known = |word: &str| self.lexicon.is_some_and(|lexicon| lexicon.is_known(word));
        let is_price = text
            .strip_prefix("rp")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !is_price && let Some(plain) = undisguised(text, is_known) {
            self.add(&plain, self.start, self.end);
            return;
        }
        if let Some(twice) = said_twice(text) {
            self.add(&twice, self.start, self.end);
            return;
        }
        let is_amount = self
            .out
            .last()
            .is_some_and(|word| matches!(word.text.as_str(), "rp" | "idr"));
        let cuts = cuts(text, is_amount);
        let whole = self.is_ascii && self.end - self.start == text.len();
        let (start, end) = (self.start, self.end);
        let mut from = 0;
        for to in cuts.iter().copied().chain([text.len()]) {
            let (first, last) = if whole {
                (start + from, start + to)
            } else {
                (start, end)
            };
            let part = &text[from..to];
            if from > 0 && part == "k" {
                self.add("ribu", first, last);
            } else {
                self.add(part, first, last);
            }
            self.tie = Some(NOTHING_BETWEEN);
            from = to;
        }
    }

    fn add(&mut self, text: &str, start: usize, end: usize) {
        let text = short(self.lexicon, text);
        self.out.push(Word {
            is_exact: self.is_ascii && end - start == text.len(),
            text,
            start,
            end,
            tie: self.tie,
            is_tag: self.is_tag,
        });
    }
}

/// "teman2" is "teman-teman", "anak2nya" is "anak-anaknya": one of the two is enough.
fn said_twice(text: &str) -> Option<String> {
    let at = text.find(|c: char| !c.is_ascii_lowercase())?;
    let rest = text[at..].strip_prefix('2')?;
    let is_ending = matches!(
        rest,
        "" | "nya" | "an" | "ku" | "mu" | "kan" | "i" | "in" | "lah" | "annya" | "kannya"
    );
    (at >= 3 && is_ending).then(|| format!("{}{rest}", &text[..at]))
}

/// Where letters and figures written as one come apart: "200rb", "rp50", "covid19",
/// "jokowi2periode". "c1", "5g", "g20" and "4x4" stay whole.
fn cuts(text: &str, is_amount: bool) -> Vec<usize> {
    let is_figure = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
    let bytes = text.as_bytes();
    let changes: Vec<usize> = (1..bytes.len())
        .filter(|at| is_figure(bytes[*at]) != is_figure(bytes[at - 1]))
        .collect();
    let [first, ..] = changes[..] else {
        return changes;
    };
    if !is_amount && matches!(&text[..first], "rp" | "idr") {
        let after = cuts(&text[first..], true);
        return [first]
            .into_iter()
            .chain(after.iter().map(|at| first + at))
            .collect();
    }
    let rest = text.len() - first;
    if changes.len() == 1 && is_figure(bytes[0]) {
        let is_thousands = &text[first..] == "k" && (first > 1 || is_amount);
        let is_large = is_amount && matches!(&text[first..], "m" | "t");
        let comes_apart = rest >= 2 || is_thousands || is_large;
        return if comes_apart { changes } else { Vec::new() };
    }
    if changes.len() == 1 {
        return if first >= 2 { changes } else { Vec::new() };
    }
    let mut from = 0;
    let words = changes.iter().copied().chain([text.len()]).all(|to| {
        let fits = is_figure(bytes[from]) || to - from >= 3;
        from = to;
        fits
    });
    if words {
        changes
    } else if is_figure(bytes[0]) && changes[1] - first >= 2 {
        vec![first]
    } else {
        Vec::new()
    }
}

/// Words written letter by letter or cut by signs become one again, and so do the two
/// halves of "orang-orang".
fn put_together(lexicon: &Lexicon, mut words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let rest = &words[at..];
        if let Some(length) = spaced(rest) {
            spaced_word(lexicon, &rest[..length], &mut out);
            at += length;
        } else if let Some((length, text)) = broken(lexicon, rest) {
            out.push(one_of(&rest[..length], text));
            at += length;
        } else {
            let word = std::mem::take(&mut words[at]);
            match out.last_mut() {
                Some(last) if is_repetition(lexicon, last, &word) => last.end = word.end,
                _ => out.push(word),
            }
            at += 1;
        }
    }
    out
}

fn one_of(words: &[Word], text: String) -> Word {
    Word {
        text,
        is_exact: false,
        end: words[words.len() - 1].end,
        ..words[0].clone()
    }
}

fn is_letter(word: &Word) -> bool {
    word.text.len() == 1 && word.text.as_bytes()[0].is_ascii_lowercase()
}

/// How many single letters follow one another, all with a blank between or all with a
/// sign; none where they are too few to be a word written out.
fn spaced(words: &[Word]) -> Option<usize> {
    let [first, second, ..] = words else {
        return None;
    };
    if !is_letter(first) || !is_letter(second) {
        return None;
    }
    let length = 1 + words[1..]
        .iter()
        .take(SPACED_LETTERS_MAX - 1)
        .take_while(|word| is_letter(word) && word.tie == second.tie)
        .count();
    let (least, is_choice) = match second.tie {
        None => (4, false),
        Some(tie) => (3, matches!(tie, '/' | '&' | ',' | ')' | '(')),
    };
    (length >= least && !is_choice).then_some(length)
}

fn spaced_word(lexicon: &Lexicon, letters: &[Word], out: &mut Vec<Word>) {
    let text: String = letters.iter().map(|letter| letter.text.as_str()).collect();
    let is_tied = letters[1].tie.is_some();
    if is_tied || lexicon.is_known(&text) {
        out.push(one_of(letters, text));
        return;
    }
    let Some(lengths) = pieces(&text, |piece| lexicon.is_piece(piece)) else {
        out.extend_from_slice(letters);
        return;
    };
    let mut from = 0;
    for length in lengths {
        let to = from + length;
        out.push(one_of(&letters[from..to], text[from..to].to_owned()));
        from = to;
    }
}

/// Parts tied by signs that are no words of their own but one together: "pe.mi.lu".
fn broken(lexicon: &Lexicon, words: &[Word]) -> Option<(usize, String)> {
    let is_cut =
        |tie: char| matches!(tie, '.' | '*' | '_' | '|' | '~' | '+' | '-') || !tie.is_ascii();
    let is_part = |word: &Word| word.text.bytes().all(|b| b.is_ascii_lowercase());
    let tie = words.get(1)?.tie.filter(|tie| is_cut(*tie))?;
    if !is_part(&words[0]) {
        return None;
    }
    let length = 1 + words[1..]
        .iter()
        .take(BROKEN_PARTS_MAX - 1)
        .take_while(|word| word.tie == Some(tie) && is_part(word))
        .count();
    let letters: usize = words[..length].iter().map(|word| word.text.len()).sum();
    if length < 2 || letters > SPACED_LETTERS_MAX {
        return None;
    }
    let says_nothing = |word: &Word| word.text.len() < 3 || !lexicon.is_known(&word.text);
    if !words[..length].iter().any(says_nothing) {
        return None;
    }
    let text: String = words[..length]
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    lexicon.is_listed(&text).then_some((length, text))
}

/// "orang-orang", "tolong-menolong": the second says what the first did.
fn is_repetition(lexicon: &Lexicon, last: &Word, word: &Word) -> bool {
    word.tie == Some('-')
        && last.text.len() >= 3
        && !last.text.as_bytes()[0].is_ascii_digit()
        && (last.text == word.text || lexicon.stem(&last.text) == lexicon.stem(&word.text))
}

/// Hashtags, handles and host names as words.
fn take_apart(lexicon: &Lexicon, words: Vec<Word>) -> Vec<Word> {
    if !words.iter().any(|word| word.is_tag) {
        return words;
    }
    let mut out = Vec::with_capacity(words.len() + 8);
    for word in words {
        let may = word.is_tag && word.text.len() >= TAG_LETTERS_MIN;
        let lengths = if may && !lexicon.is_known(&word.text) {
            pieces(&word.text, |piece| lexicon.is_piece(piece))
        } else {
            None
        };
        let Some(lengths) = lengths else {
            out.push(word);
            continue;
        };
        let mut from = 0;
        for length in lengths {
            let (start, end) = if word.is_exact {
                (word.start + from, word.start + from + length)
            } else {
                (word.start, word.end)
            };
            out.push(Word {
                text: word.text[from..from + length].to_owned(),
                start,
                end,
                tie: if from == 0 {
                    word.tie
                } else {
                    Some(NOTHING_BETWEEN)
                },
                is_tag: true,
                is_exact: word.is_exact,
            });
            from += length;
        }
    }
    out
}
