//! What the engine keeps of a lone post beside its text: where it stood and whom it reached.
//!
//! Most clusters are one post for ever, and most addresses begin alike and end in a number, so a
//! note is a few bytes: the reach, the number of the address's beginning in a table, its last
//! digits as a number, and what is left in between.

use std::collections::HashMap;

use super::limits;

/// The address begins with one of the known beginnings.
const HAS_BEGINNING: u8 = 1;
/// The address ends in digits that are kept as a number.
const HAS_NUMBER: u8 = 2;
/// Fewer digits than this are cheaper as they stand.
const DIGITS_MIN: usize = 4;

/// Beginnings of addresses (`https://host/`), numbered in the order they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginnings {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Beginnings {
    /// A table with these beginnings in this order.
    pub fn from_texts(texts: Vec<String>) -> Self {
        let mut beginnings = Self::default();
        for text in texts {
            beginnings.number_of(&text);
        }
        beginnings
    }

    /// The beginnings in order.
    pub fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// The number of a beginning; a new one is taken in while there is room.
    fn number_of(&mut self, text: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        if self.texts.len() >= limits::LINK_BEGINNINGS {
            return None;
        }
        let number = u32::try_from(self.texts.len()).ok()?;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        Some(number)
    }

    /// Writes a note. `link` is an address or an account and may be empty.
    pub fn write(&mut self, reach: u64, link: &str) -> Vec<u8> {
        let mut note = Vec::with_capacity(link.len() + 8);
        put(&mut note, reach);
        if link.is_empty() {
            return note;
        }
        let (beginning, rest) = link.split_at(beginning_of(link));
        let beginning = (!beginning.is_empty())
            .then(|| self.number_of(beginning))
            .flatten();
        let rest = if beginning.is_some() { rest } else { link };
        let (rest, number) = split_number(rest);
        let has = |there: bool, flag: u8| if there { flag } else { 0 };
        note.push(has(beginning.is_some(), HAS_BEGINNING) | has(number.is_some(), HAS_NUMBER));
        for number in [beginning.map(u64::from), number].into_iter().flatten() {
            put(&mut note, number);
        }
        note.extend_from_slice(rest.as_bytes());
        note
    }

    /// Reads a note: reach, and address or account; `None` where there is none or it is broken.
    pub fn read(&self, note: &[u8]) -> (u64, Option<String>) {
        let mut rest = note;
        let reach = take(&mut rest).unwrap_or_default();
        (reach, self.read_link(rest))
    }

    fn read_link(&self, note: &[u8]) -> Option<String> {
        let (flags, mut rest) = note.split_first()?;
        let mut link = String::new();
        if flags & HAS_BEGINNING != 0 {
            let number = usize::try_from(take(&mut rest)?).ok()?;
            link.push_str(self.texts.get(number)?);
        }
        let number = if flags & HAS_NUMBER != 0 {
            Some(take(&mut rest)?)
        } else {
            None
        };
        link.push_str(std::str::from_utf8(rest).ok()?);
        if let Some(number) = number {
            link.push_str(&number.to_string());
        }
        Some(link)
    }
}

/// Length of `https://host/`; 0 where the link is no address.
fn beginning_of(link: &str) -> usize {
    let Some(host) = link.find("://").map(|at| at + 3) else {
        return 0;
    };
    link[host..].find('/').map_or(0, |at| host + at + 1)
}

/// The digits at the end as a number, where they read back the same.
fn split_number(text: &str) -> (&str, Option<u64>) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (rest, last) = text.split_at(text.len() - digits);
    let reads_back = digits >= DIGITS_MIN && !last.starts_with('0');
    match last.parse() {
        Ok(number) if reads_back => (rest, Some(number)),
        _ => (text, None),
    }
}

/// Seven bits a byte, the lowest first; the high bit says that more follows.
fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

fn take(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_known_place_takes_a_fraction_of_its_length() {
        let mut beginnings = Beginnings::default();
        let link = "https://x.com/pengamat_pemilu/status/1845012345678901234";
        let first = beginnings.write(12_000, link);
        let again = beginnings.write(12_000, link);
        assert_eq!(first, again);
        assert_eq!(beginnings.texts(), ["https://x.com/".into()]);
        assert!(again.len() * 10 < link.len() * 7, "{} bytes", again.len());
        assert_eq!(beginnings.read(&again), (12_000, Some(link.to_owned())));
    }

    #[test]
    fn a_full_table_keeps_addresses_whole() {
        let texts = (0..limits::LINK_BEGINNINGS).map(|n| format!("https://{n}.example/"));
        let mut beginnings = Beginnings::from_texts(texts.collect());
        let link = "https://one.more.example/berita/2026";
        let note = beginnings.write(0, link);
        assert_eq!(beginnings.texts().len(), limits::LINK_BEGINNINGS);
        assert_eq!(beginnings.read(&note), (0, Some(link.to_owned())));
    }

    #[test]
    fn a_broken_note_tells_nothing() {
        let beginnings = Beginnings::default();
        for note in [
            &[][..],
            &[0x80],
            &[0, HAS_BEGINNING, 9],
            &[0, HAS_NUMBER, 0x80],
            &[0, 0, 0xff],
        ] {
            assert_eq!(beginnings.read(note).1, None, "{note:?}");
        }
    }

    #[test]
    fn every_link_reads_back() {
        let pieces = [
            "",
            "akun",
            "https://x.com/",
            "http://a.b/c/",
            "a://",
            "/",
            "é",
            "0",
            "7",
        ];
        let numbers = [
            "",
            "0",
            "12",
            "1234",
            "0123",
            "18446744073709551615",
            "18446744073709551616",
        ];
        let mut beginnings = Beginnings::default();
        let mut kept = Vec::new();
        for first in pieces {
            for second in pieces {
                for number in numbers {
                    let link = format!("{first}{second}{number}");
                    let reach = (link.len() as u64) << (kept.len() % 60);
                    kept.push((beginnings.write(reach, &link), reach, link));
                }
            }
        }
        let texts = beginnings.texts().iter().map(ToString::to_string);
        let again = Beginnings::from_texts(texts.collect());
        assert_eq!(again, beginnings);
        for (note, reach, link) in kept {
            let expected = (!link.is_empty()).then_some(link);
            assert_eq!(again.read(&note), (reach, expected));
        }
    }
}
