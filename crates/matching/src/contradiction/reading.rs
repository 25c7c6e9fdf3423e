//! A text as it is read for facts: its written words, where sentences end, and which
//! words say something.

use crate::tokens::Token;

/// Words of a text that are compared.
pub(super) const SAID_MAX: usize = 160;
/// Words on each side of a fact that say what it is about.
const ABOUT_WORDS: usize = 4;

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks at most.
    Open,
    /// A comma, a colon, a dash, a bracket: the clause ends.
    Clause,
    /// The sentence ends.
    Sentence,
}

/// A text being read.
pub(super) struct Reading<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<&'a Token>,
    pub(super) words: Vec<&'a str>,
    /// What stands before each word.
    pub(super) gaps: Vec<Gap>,
    /// Number of the sentence of each word.
    pub(super) sentences: Vec<u8>,
    /// Number of the clause of each word, over all sentences.
    pub(super) clauses: Vec<u8>,
    /// Sentences that end with a question mark.
    questions: Vec<bool>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        let tokens: Vec<&Token> = tokens.iter().filter(|token| !token.is_alias).collect();
        let mut gaps = Vec::with_capacity(tokens.len());
        let mut sentences = Vec::with_capacity(tokens.len());
        let mut questions = vec![false];
        let mut clauses = Vec::with_capacity(tokens.len());
        let (mut sentence, mut clause) = (0u8, 0u8);
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).map(|i| tokens[i]);
            let between = before.and_then(|b| text.get(b.end..token.start));
            let short = before.is_some_and(|b| b.end - b.start <= 3);
            let gap = gap(between.unwrap_or_default(), short);
            if gap == Gap::Sentence {
                if between.is_some_and(|between| between.contains('?')) {
                    questions[sentence as usize] = true;
                }
                if sentence < u8::MAX {
                    sentence += 1;
                    questions.push(false);
                }
            }
            clause = clause.saturating_add(u8::from(gap != Gap::Open));
            gaps.push(gap);
            sentences.push(sentence);
            clauses.push(clause);
        }
        let rest = tokens.last().and_then(|last| text.get(last.end..));
        if rest.is_some_and(|rest| rest.contains('?')) {
            questions[sentence as usize] = true;
        }
        Self {
            text,
            words: tokens.iter().map(|token| token.word.as_str()).collect(),
            tokens,
            gaps,
            sentences,
            clauses,
            questions,
        }
    }

    pub(super) fn is_asked(&self, at: usize) -> bool {
        self.sentences
            .get(at)
            .is_some_and(|sentence| self.questions[*sentence as usize])
    }

    /// The text from one word to another, both included.
    pub(super) fn written(&self, from: usize, to: usize) -> &str {
        self.text
            .get(self.tokens[from].start..self.tokens[to].end)
            .unwrap_or_default()
    }

    /// What stands in the text between a word and the one after it.
    pub(super) fn between(&self, at: usize) -> &str {
        let next = self.tokens.get(at + 1);
        next.and_then(|next| self.text.get(self.tokens[at].end..next.start))
            .unwrap_or_default()
    }
}

fn gap(between: &str, after_short_word: bool) -> Gap {
    let ends = |c: char| matches!(c, '!' | '?' | '\n' | '…');
    if between.contains(ends) || (between.contains('.') && !after_short_word) {
        Gap::Sentence
    } else if between.contains([',', ':', ';', '(', ')', '–', '—', '"', '”', '“'])
        || between.contains(" - ")
    {
        Gap::Clause
    } else {
        Gap::Open
    }
}

/// Whether a word is turned by a negator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// No negator before it.
    Plain,
    /// In reach of a negator that turns another word first.
    Unclear,
    /// A negator turns it.
    Turned,
}

/// A word that says something, in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// Hash of the stem.
    pub(super) stem: u32,
    pub(super) sentence: u8,
    /// Number of the clause, over all sentences.
    pub(super) clause: u8,
    pub(super) turn: Turn,
}

/// The words that say something, and the way back to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SaidWords {
    words: Box<[Said]>,
    /// Numbers of the words, ordered by stem.
    by_stem: Box<[u16]>,
}

impl SaidWords {
    pub(super) fn new(words: Vec<Said>) -> Self {
        let mut by_stem: Vec<u16> = (0..words.len() as u16).collect();
        by_stem.sort_by_key(|at| (words[*at as usize].stem, *at));
        Self {
            words: words.into_boxed_slice(),
            by_stem: by_stem.into_boxed_slice(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.len() * (size_of::<Said>() + 2)
    }

    pub(super) fn words(&self) -> &[Said] {
        &self.words
    }

    pub(super) fn has(&self, stem: u32) -> bool {
        let found = self
            .by_stem
            .binary_search_by_key(&stem, |at| self.words[*at as usize].stem);
        found.is_ok()
    }

    /// A negator turns the word at one of its places.
    pub(super) fn turns_somewhere(&self, stem: u32) -> bool {
        self.words
            .iter()
            .any(|word| word.stem == stem && word.turn == Turn::Turned)
    }

    /// Places of each stem that both texts have: (ours, theirs).
    pub(super) fn shared<'a>(&'a self, other: &'a Self) -> Vec<(&'a [u16], &'a [u16])> {
        let mut out = Vec::new();
        let (mut a, mut b) = (0, 0);
        while a < self.by_stem.len() && b < other.by_stem.len() {
            let ours = self.words[self.by_stem[a] as usize].stem;
            let theirs = other.words[other.by_stem[b] as usize].stem;
            let run = |list: &Self, from: usize, stem: u32| {
                list.by_stem[from..]
                    .iter()
                    .take_while(|at| list.words[**at as usize].stem == stem)
                    .count()
            };
            match ours.cmp(&theirs) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    let (x, y) = (run(self, a, ours), run(other, b, ours));
                    out.push((&self.by_stem[a..a + x], &other.by_stem[b..b + y]));
                    a += x;
                    b += y;
                }
            }
        }
        out
    }

    /// The words around a place between words, in its sentence as far as it is known.
    pub(super) fn about(&self, place: Place) -> &[Said] {
        let at = place.at as usize;
        let from = at.saturating_sub(ABOUT_WORDS);
        let to = (at + ABOUT_WORDS).min(self.words.len());
        let mut around = &self.words[from.min(to)..to];
        while let Some((first, rest)) = around.split_first() {
            if first.sentence == place.sentence {
                break;
            }
            around = rest;
        }
        while let Some((last, rest)) = around.split_last() {
            if last.sentence == place.sentence {
                break;
            }
            around = rest;
        }
        around
    }

    /// How many stems stand around both places.
    pub(super) fn agree(&self, here: Place, other: &Self, there: Place) -> usize {
        let theirs = other.about(there);
        self.about(here)
            .iter()
            .filter(|word| theirs.iter().any(|other| other.stem == word.stem))
            .count()
    }
}

/// Where a fact stands: before which word that says something, in which sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: u16,
    pub(super) sentence: u8,
}

/// A stem as a number that stays the same everywhere.
pub(super) fn stem_hash(stem: &str) -> u32 {
    stem.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
