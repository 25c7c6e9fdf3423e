//! Word lists: built in from `reference/lexicon`, extensible by the operator.

mod contrasts;
mod lists;

use std::sync::OnceLock;

use hashbrown::{HashMap, HashSet};

use crate::districts::Districts;
use crate::normalise;
use crate::stem::stem_with;
use crate::words::plain_words as words;
pub(crate) use contrasts::{Contrasts, OfficeKind, Share};
pub use lists::List;

/// Most "forwarded" phrases that are stripped from one end of a message.
const FORWARDED_PHRASES_MAX: usize = 4;

/// A line of a word list that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct LexiconError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// How a word takes part in a written-out number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NumberWord {
    /// "dua": adds.
    Unit(f64),
    /// "belas": adds ten to the unit before it.
    Teen,
    /// "ratus", "juta": multiplies what stands before it.
    Scale(f64),
    /// "seribu": complete in itself.
    Whole(f64),
    /// "setengah": adds before a large scale.
    Half(f64),
}

/// What a phrase does to the truth of what surrounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Negating {
    /// Turns the words after it.
    Negator,
    /// Says something itself and turns what follows ("menolak").
    Refuser,
    /// Says something itself and turns what stands before it ("batal").
    Canceller,
    /// Calls the message untrue.
    Denier,
    /// Undoes a denier ("bukan hoaks").
    Affirmer,
    /// Looks like a negator and is none ("tidak hanya").
    Idiom,
}

/// A place name: region code and whether it needs "kota", "kabupaten" or "di" before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlaceName {
    pub(crate) code: String,
    pub(crate) needs_title: bool,
}

/// Phrases by their first word, longest first.
#[derive(Debug, Clone)]
pub(crate) struct Phrases<T>(HashMap<String, Vec<(Vec<String>, T)>>);

impl<T: Clone> Phrases<T> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn add(&mut self, phrase: Vec<String>, value: T) {
        let Some(first) = phrase.first() else { return };
        let entry = self.0.entry(first.clone()).or_default();
        entry.push((phrase, value));
        entry.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }

    /// The longest phrase that starts at `at`, and its length in words.
    pub(crate) fn at<W: AsRef<str>>(&self, words: &[W], at: usize) -> Option<(usize, &T)> {
        let candidates = self.0.get(words.get(at)?.as_ref())?;
        candidates.iter().find_map(|(phrase, value)| {
            let run = words.get(at..at + phrase.len())?;
            let same = run.iter().zip(phrase).all(|(a, b)| a.as_ref() == b);
            same.then_some((phrase.len(), value))
        })
    }
}

/// The word lists as look-up tables.
#[derive(Debug, Clone)]
pub struct Lexicon {
    slang: HashMap<String, Vec<String>>,
    roots: HashSet<String>,
    known: HashSet<String>,
    stop: HashSet<String>,
    numbers: HashMap<String, NumberWord>,
    forwarded_start: Vec<String>,
    forwarded_end: Vec<String>,
    pub(crate) negation: Phrases<Negating>,
    pub(crate) entities: Phrases<String>,
    pub(crate) places: Phrases<PlaceName>,
    pub(crate) contrasts: Contrasts,
    districts: Districts,
}

/// The lexicon of this process.
static IN_USE: OnceLock<Lexicon> = OnceLock::new();

impl Lexicon {
    /// The lists that ship with the program.
    pub fn shipped() -> Self {
        let mut lexicon = Self {
            slang: HashMap::new(),
            roots: HashSet::new(),
            known: HashSet::new(),
            stop: HashSet::new(),
            numbers: HashMap::new(),
            forwarded_start: Vec::new(),
            forwarded_end: Vec::new(),
            negation: Phrases::new(),
            entities: Phrases::new(),
            places: Phrases::new(),
            contrasts: Contrasts::new(),
            districts: Districts::default(),
        };
        for (list, _) in List::ALL {
            let read = lexicon.extend(list, list.shipped());
            debug_assert!(read.is_ok(), "{list:?}: {read:?}");
        }
        lexicon
    }

    /// The lexicon of this process: [`Lexicon::shipped`], or what [`Lexicon::install`] put
    /// in its place.
    pub fn built_in() -> &'static Self {
        IN_USE.get_or_init(Self::shipped)
    }

    /// Makes this the lexicon of the process. False where one is in use already: texts
    /// that were read with two lexicons would not meet.
    pub fn install(self) -> bool {
        IN_USE.set(self).is_ok()
    }

    /// Adds the lines of `text` to a list; lines that are empty or begin with `#` are
    /// skipped. On an error the lines before it stay added.
    pub fn extend(&mut self, list: List, text: &str) -> Result<(), LexiconError> {
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fields = line.split('\t').map(str::trim);
            let first = fields.next().unwrap_or_default().to_lowercase();
            let second = fields.next();
            let third = fields.next();
            self.add(list, first, second, third)
                .map_err(|reason| LexiconError {
                    line: index + 1,
                    reason,
                })?;
        }
        if list == List::Forwarded {
            let by_length = |phrase: &String| std::cmp::Reverse(phrase.len());
            self.forwarded_start.sort_by_key(by_length);
            self.forwarded_end.sort_by_key(by_length);
        }
        Ok(())
    }

    fn add(
        &mut self,
        list: List,
        first: String,
        second: Option<&str>,
        third: Option<&str>,
    ) -> Result<(), &'static str> {
        match list {
            List::Stopwords => {
                self.stop.insert(first);
            }
            List::Roots => {
                self.roots.insert(first);
            }
            List::Words => {
                self.known.insert(first);
            }
            List::Slang => {
                let standard = second.ok_or("the standard form is missing")?;
                self.slang.insert(first, words(standard));
            }
            List::NumberWords => {
                let word = number_kind(second, third)?;
                self.numbers.insert(first, word);
            }
            List::Negation => {
                let kind = negation_kind(second)?;
                self.negation.add(words(&first), kind);
            }
            List::Entities => {
                let full = second.ok_or("the full name is missing")?;
                self.known.insert(first.clone());
                self.entities.add(words(full), first);
            }
            List::Places | List::OtherPlaces => {
                let name = second.ok_or("the name is missing")?.to_lowercase();
                let needs_title = title(third)?;
                let words = place_words(&name);
                self.known.extend(words.iter().cloned());
                let code = first;
                self.places.add(words, PlaceName { code, needs_title });
            }
            List::Opposites => {
                let is_stop = self.is_stop(&first);
                let form = if is_stop { first } else { self.stem(&first) };
                self.contrasts.add_opposite(form, second, third)?;
            }
            List::Quantifiers => self.contrasts.add_quantifier(&first, second)?,
            List::Offices => self.contrasts.add_office(&first, second, third)?,
            List::Districts => {
                let name = words(second.ok_or("the name is missing")?);
                self.districts.add(&name, title(third)?);
            }
            List::Forwarded => {
                let phrase = normalise::plain(&first);
                match second {
                    Some("start") => self.forwarded_start.push(phrase),
                    Some("end") => self.forwarded_end.push(phrase),
                    _ => return Err("the place is not start or end"),
                }
            }
        }
        Ok(())
    }

    /// Takes "forwarded" phrases off both ends of a text in copy form, unless nothing
    /// else would be left.
    pub(crate) fn strip_forwarded(&self, text: &mut String) {
        if self.forwarded_start.contains(text) {
            return;
        }
        let mut start = 0;
        for _ in 0..FORWARDED_PHRASES_MAX {
            let rest = &text[start..];
            let found = self.forwarded_start.iter().find(|phrase| {
                rest.len() > phrase.len() + 1
                    && rest.starts_with(phrase.as_str())
                    && rest.as_bytes()[phrase.len()] == b' '
            });
            let Some(phrase) = found else { break };
            start += phrase.len() + 1;
        }
        for _ in 0..FORWARDED_PHRASES_MAX {
            let rest = &text[start..];
            let found = self.forwarded_end.iter().find(|phrase| {
                rest.len() > phrase.len() + 1
                    && rest.ends_with(phrase.as_str())
                    && rest.as_bytes()[rest.len() - phrase.len() - 1] == b' '
            });
            let Some(phrase) = found else { break };
            text.truncate(text.len() - phrase.len() - 1);
        }
        if start > 0 {
            text.drain(..start);
        }
    }

    /// The standard words for a written form; none where it is standard already.
    pub(crate) fn standard(&self, word: &str) -> Option<&[String]> {
        self.slang.get(word).map(Vec::as_slice)
    }

    /// The stem of a lower-case word in standard spelling.
    pub(crate) fn stem(&self, word: &str) -> String {
        stem_with(&self.roots, word)
    }

    /// The word stands in one of the lists.
    pub(crate) fn is_listed(&self, word: &str) -> bool {
        self.known.contains(word)
            || self.roots.contains(word)
            || self.stop.contains(word)
            || self.slang.contains_key(word)
            || self.numbers.contains_key(word)
    }

    /// The word may be a piece of a hashtag. Short pieces are few, or any run of letters
    /// would come apart.
    pub(crate) fn is_piece(&self, word: &str) -> bool {
        match word.len() {
            0 | 1 => false,
            2 => matches!(word, "di" | "ke" | "ri" | "se" | "tv" | "pt" | "uu"),
            3 => {
                self.known.contains(word)
                    || self.roots.contains(word)
                    || self.stop.contains(word)
                    || self.numbers.contains_key(word)
            }
            _ => self.is_listed(word),
        }
    }

    /// The word stands in one of the lists, or is a form of a root there.
    pub(crate) fn is_known(&self, word: &str) -> bool {
        self.is_listed(word) || self.roots.contains(&self.stem(word))
    }

    /// A place name of several words written as one, so that both ways to write it meet.
    pub(crate) fn place_joined<W: AsRef<str>>(
        &self,
        words: &[W],
        at: usize,
    ) -> Option<(usize, String)> {
        let of_region = self.places.at(words, at);
        let length = match of_region.filter(|(length, place)| *length > 1 && !place.needs_title) {
            Some((length, _)) => length,
            None => self.districts.at(words, at)?,
        };
        let joined = words[at..at + length].iter().map(AsRef::as_ref).collect();
        Some((length, joined))
    }

    pub(crate) fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    pub(crate) fn number_word(&self, word: &str) -> Option<NumberWord> {
        self.numbers.get(word).copied()
    }
}

fn number_kind(kind: Option<&str>, value: Option<&str>) -> Result<NumberWord, &'static str> {
    let value: f64 = value
        .and_then(|v| v.parse().ok())
        .ok_or("the value is not a number")?;
    Ok(match kind {
        Some("unit") => NumberWord::Unit(value),
        Some("teen") => NumberWord::Teen,
        Some("scale") => NumberWord::Scale(value),
        Some("whole") => NumberWord::Whole(value),
        Some("half") => NumberWord::Half(value),
        _ => return Err("the kind is not unit, teen, scale, whole or half"),
    })
}

fn negation_kind(kind: Option<&str>) -> Result<Negating, &'static str> {
    Ok(match kind {
        Some("negator") => Negating::Negator,
        Some("refuser") => Negating::Refuser,
        Some("canceller") => Negating::Canceller,
        Some("denier") => Negating::Denier,
        Some("affirmer") => Negating::Affirmer,
        Some("idiom") => Negating::Idiom,
        _ => return Err("the kind of negation is unknown"),
    })
}

/// Whether a place name needs a title before it.
fn title(column: Option<&str>) -> Result<bool, &'static str> {
    match column {
        None | Some("") => Ok(false),
        Some("needed") => Ok(true),
        Some(_) => Err("the third column is not empty and not \"needed\""),
    }
}

/// The name without "kabupaten", "kota" and "administrasi".
fn place_words(name: &str) -> Vec<String> {
    let all = words(name);
    let titles = [
        "kabupaten",
        "kota",
        "administrasi",
        "adm",
        "provinsi",
        "daerah",
        "istimewa",
        "khusus",
        "ibukota",
    ];
    let named: Vec<String> = all
        .iter()
        .filter(|w| !titles.contains(&w.as_str()))
        .cloned()
        .collect();
    if named.is_empty() { all } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_can_be_read() {
        for (list, _) in List::ALL {
            assert_eq!(
                Lexicon::shipped().extend(list, list.shipped()),
                Ok(()),
                "{list:?}"
            );
        }
    }

    #[test]
    fn an_operator_can_add_words() {
        let mut lexicon = Lexicon::built_in().clone();
        lexicon
            .extend(List::Slang, "# own words\nprmilu\tpemilu\n")
            .unwrap();
        assert_eq!(lexicon.standard("prmilu"), Some(&["pemilu".to_owned()][..]));
        assert_eq!(
            lexicon.extend(List::NumberWords, "\nkodi\tscale\tdua puluh"),
            Err(LexiconError {
                line: 2,
                reason: "the value is not a number"
            })
        );
    }
}
