//! Word lists: built in from `reference/lexicon`, extensible by the operator.

mod contrasts;

use std::sync::OnceLock;

use hashbrown::{HashMap, HashSet};

use crate::normalise;
use crate::tokens::words;
pub(crate) use contrasts::{Contrasts, OfficeKind, Share};

const SLANG: &str = include_str!("../../../reference/lexicon/slang.tsv");
const STOPWORDS: &str = include_str!("../../../reference/lexicon/stopwords.tsv");
const NUMBER_WORDS: &str = include_str!("../../../reference/lexicon/number-words.tsv");
const FORWARDED: &str = include_str!("../../../reference/lexicon/forwarded.tsv");
const NEGATION: &str = include_str!("../../../reference/lexicon/negation.tsv");
const ENTITIES: &str = include_str!("../../../reference/lexicon/entities.tsv");
const PLACES: &str = include_str!("../../../reference/lexicon/places.tsv");
const OTHER_PLACES: &str = include_str!("../../../reference/lexicon/places-other.tsv");
const OPPOSITES: &str = include_str!("../../../reference/lexicon/opposites.tsv");
const QUANTIFIERS: &str = include_str!("../../../reference/lexicon/quantifiers.tsv");
const OFFICES: &str = include_str!("../../../reference/lexicon/offices.tsv");

/// Most "forwarded" phrases that are stripped from one end of a message.
const FORWARDED_PHRASES_MAX: usize = 4;

/// Which list of the lexicon a file extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `written form<TAB>standard form`
    Slang,
    /// `word`
    Stopwords,
    /// `word<TAB>unit|teen|scale|whole<TAB>value`
    NumberWords,
    /// `phrase<TAB>negator|refuser|canceller|denier|affirmer|idiom`
    Negation,
    /// `short name<TAB>full name`
    Entities,
    /// `code<TAB>name<TAB>needed|(empty)`
    Places,
    /// `word<TAB>subject<TAB>a|b`
    Opposites,
    /// `phrase<TAB>all|most|some|few|none|only|not_all`
    Quantifiers,
    /// `name<TAB>code<TAB>body|office|other`
    Offices,
}

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
    stop: HashSet<String>,
    numbers: HashMap<String, NumberWord>,
    forwarded_start: Vec<String>,
    forwarded_end: Vec<String>,
    pub(crate) negation: Phrases<Negating>,
    pub(crate) entities: Phrases<String>,
    pub(crate) places: Phrases<PlaceName>,
    pub(crate) contrasts: Contrasts,
}

impl Lexicon {
    /// The lists that ship with the program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Lexicon> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let mut lexicon = Self {
                slang: HashMap::new(),
                stop: HashSet::new(),
                numbers: HashMap::new(),
                forwarded_start: Vec::new(),
                forwarded_end: Vec::new(),
                negation: Phrases::new(),
                entities: Phrases::new(),
                places: Phrases::new(),
                contrasts: Contrasts::new(),
            };
            lexicon.add_forwarded(FORWARDED);
            for (list, text) in [
                (List::Slang, SLANG),
                (List::Stopwords, STOPWORDS),
                (List::NumberWords, NUMBER_WORDS),
                (List::Negation, NEGATION),
                (List::Entities, ENTITIES),
                (List::Places, OTHER_PLACES),
                (List::Places, PLACES),
                (List::Opposites, OPPOSITES),
                (List::Quantifiers, QUANTIFIERS),
                (List::Offices, OFFICES),
            ] {
                let read = lexicon.extend(list, text);
                debug_assert!(read.is_ok(), "{list:?}: {read:?}");
            }
            lexicon
        })
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
            List::Slang => {
                let standard = second.ok_or("the standard form is missing")?;
                self.slang.insert(first, words(standard));
            }
            List::NumberWords => {
                let value: f64 = third
                    .and_then(|v| v.parse().ok())
                    .ok_or("the value is not a number")?;
                let word = match second {
                    Some("unit") => NumberWord::Unit(value),
                    Some("teen") => NumberWord::Teen,
                    Some("scale") => NumberWord::Scale(value),
                    Some("whole") => NumberWord::Whole(value),
                    _ => return Err("the kind is not unit, teen, scale or whole"),
                };
                self.numbers.insert(first, word);
            }
            List::Negation => {
                let kind = match second {
                    Some("negator") => Negating::Negator,
                    Some("refuser") => Negating::Refuser,
                    Some("canceller") => Negating::Canceller,
                    Some("denier") => Negating::Denier,
                    Some("affirmer") => Negating::Affirmer,
                    Some("idiom") => Negating::Idiom,
                    _ => return Err("the kind of negation is unknown"),
                };
                self.negation.add(words(&first), kind);
            }
            List::Entities => {
                let full = second.ok_or("the full name is missing")?;
                self.entities.add(words(full), first);
            }
            List::Places => {
                let name = second.ok_or("the name is missing")?.to_lowercase();
                let needs_title = third == Some("needed");
                self.places.add(
                    place_words(&name),
                    PlaceName {
                        code: first,
                        needs_title,
                    },
                );
            }
            List::Opposites => {
                let is_stop = self.is_stop(&first);
                self.contrasts
                    .add_opposite(&first, is_stop, second, third)?;
            }
            List::Quantifiers => self.contrasts.add_quantifier(&first, second)?,
            List::Offices => self.contrasts.add_office(&first, second, third)?,
        }
        Ok(())
    }

    fn add_forwarded(&mut self, text: &str) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((phrase, place)) = line.split_once('\t') else {
                continue;
            };
            let phrase = normalise::plain(phrase);
            match place {
                "start" => self.forwarded_start.push(phrase),
                _ => self.forwarded_end.push(phrase),
            }
        }
        self.forwarded_start
            .sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        self.forwarded_end
            .sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
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

    pub(crate) fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    pub(crate) fn number_word(&self, word: &str) -> Option<NumberWord> {
        self.numbers.get(word).copied()
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
        for (list, text) in [
            (List::Slang, SLANG),
            (List::Stopwords, STOPWORDS),
            (List::NumberWords, NUMBER_WORDS),
            (List::Negation, NEGATION),
            (List::Entities, ENTITIES),
            (List::Places, PLACES),
            (List::Places, OTHER_PLACES),
            (List::Opposites, OPPOSITES),
            (List::Quantifiers, QUANTIFIERS),
            (List::Offices, OFFICES),
        ] {
            assert_eq!(
                Lexicon::built_in().clone().extend(list, text),
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
