//! What a text denies: words under a negator, whole messages called untrue.

use super::reading::{Gap, Place, Reading, SAID_MAX, Said, SaidWords, Turn, stem_hash};
use crate::lexicon::{Lexicon, Negating};

/// Words of a negator's reach that say nothing.
const REACH_WORDS: u8 = 4;
/// Words between a turned word and the nearest other word of the claim.
const ANCHOR_WORDS: usize = 3;
/// Words of a clause that leans on the one before it.
const SHORT_CLAUSE_WORDS: usize = 1;
/// Words around a turned word in which another negator makes the case unclear.
const OTHER_NEGATOR_WORDS: usize = 4;

/// Words around "batal" that it calls off.
const CANCELLED_WORDS: usize = 4;

/// What of negation a text holds besides the turn of its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Denial {
    /// Places where the text calls a message untrue.
    denied: Vec<Place>,
    /// Places of "batal" and the like.
    cancelled: Vec<Place>,
}

/// The words of a text as negation leaves them.
pub(super) struct Negated {
    pub(super) said: SaidWords,
    pub(super) denial: Denial,
    /// Where each written word stands among those that say something.
    pub(super) places: Vec<Place>,
    /// The turn of each written word, stop words too.
    pub(super) turns: Vec<Turn>,
}

/// How far a negator reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Nothing,
    /// The next word that says something if it comes within so many, and unclearly the
    /// one after.
    Word(u8),
    /// One more word, unclearly.
    Rest,
}

/// Words that begin a new thought, so that a negator before them reaches no further.
fn breaks(word: &str) -> bool {
    matches!(
        word,
        "akan"
            | "karena"
            | "sebab"
            | "tapi"
            | "tetapi"
            | "namun"
            | "melainkan"
            | "agar"
            | "supaya"
            | "sehingga"
            | "jika"
            | "kalau"
            | "bahwa"
            | "padahal"
            | "malah"
            | "dan"
            | "tetap"
    )
}

/// Words that no negator before them reaches over.
fn stops(word: &str) -> bool {
    matches!(
        word,
        "hanya" | "segera" | "silakan" | "silahkan" | "mohon" | "ayo" | "harap" | "selain"
    )
}

struct Reader<'a, 'b> {
    reading: &'a Reading<'b>,
    said: Vec<Said>,
    places: Vec<Place>,
    turns: Vec<Turn>,
    denial: Denial,
    affirmed: bool,
    reach: Reach,
}

pub(super) fn read(lexicon: &Lexicon, reading: &Reading<'_>) -> Negated {
    let count = reading.tokens.len();
    let mut reader = Reader {
        reading,
        said: Vec::new(),
        places: Vec::with_capacity(count),
        turns: Vec::with_capacity(count),
        denial: Denial::default(),
        affirmed: false,
        reach: Reach::Nothing,
    };
    let mut at = 0;
    while at < count {
        if reading.gaps[at] != Gap::Open {
            reader.end_clause();
        }
        at += match lexicon.negation.at(&reading.words, at) {
            Some((length, kind)) => {
                reader.phrase(at, length, *kind);
                length
            }
            None => {
                reader.word(at);
                1
            }
        };
    }
    reader.end_clause();
    let mut denial = reader.denial;
    if reader.affirmed {
        denial.denied.clear();
    }
    Negated {
        said: SaidWords::new(reader.said),
        denial,
        places: reader.places,
        turns: reader.turns,
    }
}

impl Reader<'_, '_> {
    fn place(&self, at: usize) -> Place {
        Place {
            at: self.said.len() as u16,
            sentence: self.reading.sentences[at],
        }
    }

    /// A negator that found no word to turn may turn the one before it: "pemilu tidak ada".
    fn end_clause(&mut self) {
        if let (Reach::Word(_), Some(last)) = (self.reach, self.said.last_mut())
            && last.turn == Turn::Plain
        {
            last.turn = Turn::Unclear;
        }
        self.reach = Reach::Nothing;
    }

    fn phrase(&mut self, at: usize, length: usize, kind: Negating) {
        let is_turned = matches!(self.reach, Reach::Word(_));
        match kind {
            Negating::Negator => self.reach = Reach::Word(REACH_WORDS),
            Negating::Denier if is_turned => self.affirmed = true,
            Negating::Denier if self.reading.is_asked(at) => {}
            Negating::Denier => {
                let place = self.place(at);
                self.denial.denied.push(place);
            }
            Negating::Affirmer => self.affirmed = true,
            Negating::Idiom => self.reach = Reach::Nothing,
            Negating::Canceller | Negating::Refuser => {
                if kind == Negating::Canceller && !is_turned {
                    let place = self.place(at);
                    self.denial.cancelled.push(place);
                }
                for at in at..at + length {
                    self.word(at);
                }
                if kind == Negating::Refuser && !is_turned {
                    self.reach = Reach::Rest;
                }
                return;
            }
        }
        for at in at..at + length {
            self.places.push(self.place(at));
            self.turns.push(Turn::Plain);
        }
    }

    fn word(&mut self, at: usize) {
        let token = self.reading.tokens[at];
        self.places.push(self.place(at));
        if stops(&token.word) || (self.reach == Reach::Rest && breaks(&token.word)) {
            self.reach = Reach::Nothing;
        }
        let turn = match self.reach {
            Reach::Nothing => Turn::Plain,
            Reach::Word(_) => Turn::Turned,
            Reach::Rest => Turn::Unclear,
        };
        self.turns.push(turn);
        if token.is_stop || token.number.is_some() {
            if let Reach::Word(left) = &mut self.reach {
                *left -= 1;
                if *left == 0 {
                    self.reach = Reach::Nothing;
                }
            }
            return;
        }
        self.reach = match self.reach {
            Reach::Word(_) => Reach::Rest,
            _ => Reach::Nothing,
        };
        if self.said.len() < SAID_MAX {
            self.said.push(Said {
                stem: stem_hash(&token.stem),
                sentence: self.reading.sentences[at],
                clause: self.reading.clauses[at],
                turn,
            });
        }
    }
}

/// How a text and a claim stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// Neither negates what the other says.
    Agreed,
    /// The text calls the claim untrue.
    Denied,
    /// One negates a word that the other says plainly, or calls the whole off.
    Turned,
}

/// Compares what both texts negate, beside the words that they share.
pub(super) fn stance(query: (&SaidWords, &Denial), claim: (&SaidWords, &Denial)) -> Stance {
    let shared = query.0.shared(claim.0);
    let ours = Side::new(query.0, shared.iter().map(|(ours, _)| *ours));
    let theirs = Side::new(claim.0, shared.iter().map(|(_, theirs)| *theirs));
    if ours.is_denied(query.1) {
        let negates = theirs
            .shared
            .iter()
            .any(|at| claim.0.words()[*at as usize].turn != Turn::Plain);
        return if claim.1.denied.is_empty() && !negates {
            Stance::Denied
        } else {
            Stance::Agreed
        };
    }
    let is_turned = shared.iter().any(|(here, there)| {
        ours.turns(here) && theirs.leaves(there, &ours)
            || theirs.turns(there) && ours.leaves(here, &theirs)
    });
    if is_turned
        || ours.is_cancelled(query.1, &theirs, claim.1)
        || theirs.is_cancelled(claim.1, &ours, query.1)
    {
        Stance::Turned
    } else {
        Stance::Agreed
    }
}

/// One of two texts with the places of the words that both have.
struct Side<'a> {
    said: &'a SaidWords,
    shared: Vec<u16>,
}

impl<'a> Side<'a> {
    fn new<'b>(said: &'a SaidWords, lists: impl Iterator<Item = &'b [u16]>) -> Self {
        Self {
            said,
            shared: lists.flatten().copied().collect(),
        }
    }

    /// Wherever the word stands beside another shared word, a negator turns it.
    fn turns(&self, places: &[u16]) -> bool {
        let mut anchored = places.iter().filter(|at| self.is_anchored(**at)).peekable();
        anchored.peek().is_some()
            && anchored.all(|at| self.said.words()[*at as usize].turn == Turn::Turned)
    }

    /// The word is free of negation, and no negator near it is missing in the other text.
    fn leaves(&self, places: &[u16], other: &Self) -> bool {
        let words = self.said.words();
        places
            .iter()
            .all(|at| words[*at as usize].turn == Turn::Plain)
            && places
                .iter()
                .any(|at| self.is_anchored(*at) && self.is_clear(*at, other))
    }

    fn is_clear(&self, at: u16, other: &Self) -> bool {
        let words = self.said.words();
        let at = at as usize;
        let from = at.saturating_sub(OTHER_NEGATOR_WORDS);
        let to = (at + OTHER_NEGATOR_WORDS + 1).min(words.len());
        let sentence = words[at].sentence;
        words[from..to].iter().all(|word| {
            word.sentence != sentence
                || word.turn == Turn::Plain
                || other.said.turns_somewhere(word.stem)
        })
    }

    /// Another shared word stands near: in the clause, or in the sentence where the clause
    /// has no other word.
    fn is_anchored(&self, at: u16) -> bool {
        let words = self.said.words();
        let word = words[at as usize];
        let in_clause = |other: &&Said| other.clause == word.clause;
        let from = (at as usize).saturating_sub(SHORT_CLAUSE_WORDS);
        let to = (at as usize + SHORT_CLAUSE_WORDS + 1).min(words.len());
        let is_short = words[from..to].iter().filter(in_clause).count() <= SHORT_CLAUSE_WORDS;
        self.shared.iter().any(|other| {
            let near = other.abs_diff(at) as usize;
            let other = words[*other as usize];
            near > 0
                && near <= ANCHOR_WORDS
                && other.stem != word.stem
                && (other.clause == word.clause || (is_short && other.sentence == word.sentence))
        })
    }

    /// A denier stands in the sentence of two shared words, or in a neighbouring one.
    fn is_denied(&self, denial: &Denial) -> bool {
        let needed = self.shared.len().min(2);
        denial.denied.iter().any(|place| {
            let near = self.shared.iter().filter(|at| {
                let sentence = self.said.words()[**at as usize].sentence;
                sentence.abs_diff(place.sentence) <= 1
            });
            near.count() >= needed
        })
    }

    /// "Batal" stands beside what both share, and the other text negates nothing there.
    fn is_cancelled(&self, denial: &Denial, other: &Side<'_>, other_denial: &Denial) -> bool {
        let words = self.said.words();
        let negates = other
            .said
            .words()
            .iter()
            .any(|word| word.turn != Turn::Plain);
        other_denial.cancelled.is_empty()
            && !negates
            && denial.cancelled.iter().any(|place| {
                let about = self.shared.iter().filter(|at| {
                    at.abs_diff(place.at) as usize <= CANCELLED_WORDS
                        && words[**at as usize].sentence == place.sentence
                });
                about.count() >= 2
            })
    }
}
