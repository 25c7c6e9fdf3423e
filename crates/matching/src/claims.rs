//! The claim index: which checked claims may this text repeat?
//!
//! Word evidence is an in-memory inverted index with quantised impacts, read term by
//! term into one accumulator per entry. Each check stands in it as one or two entries:
//! its claim, and the circulating text it quotes where it quotes one.

mod entry;
mod meanings;
mod search;
mod weights;

use hashbrown::HashMap;

use crate::contradiction::Facts;
use crate::fingerprint::{for_each_gram, mix};
use crate::lexicon::Lexicon;
use crate::limits::{
    CLAIM_FIELD_BYTES_MAX, CLAIM_GRAMS_MAX, CLAIM_TERMS_MAX, QUERY_TEXT_BYTES_MAX,
    QUERY_TOKENS_MAX, cut,
};
use crate::meaning::{Meaning, Packed};
use crate::normalise;
use crate::tokens::{Token, tokens};
pub(crate) use entry::Entry;
pub(crate) use search::Known;

use entry::Row;
pub use search::{Candidate, Scratch};
use weights::{UnitsByCount, inverse_frequency, quantised};

/// Number of a check, given by the caller.
pub type DocId = u32;

/// BM25 saturation of repeated words.
const K1: f32 = 1.2;
/// BM25 share of length normalisation.
const B: f32 = 0.5;
/// Words in an entry of ordinary length. A constant, so that the order in which checks
/// come has no effect on scores.
const ORDINARY_TERMS: f32 = 10.0;
/// Weight of a word that stands only in the explanation.
const EXPLANATION_WEIGHT: f32 = 0.15;
/// Words of the explanation that are indexed.
const EXPLANATION_TERMS_MAX: usize = 64;
/// Impact of a word is kept as 0..=255.
const IMPACT_MAX: f32 = 255.0;
/// Weights that are summed for ranking are whole numbers of one in so many.
pub(crate) const WEIGHT_UNITS: f32 = 4096.0;
/// Dead entries are cleared out when they outnumber living ones by one to this.
const LIVE_PER_DEAD: usize = 4;

/// What of a check is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimText<'a> {
    /// The claim in one sentence.
    pub claim: &'a str,
    /// The circulating text, where the check quotes it.
    pub narrative: Option<&'a str>,
    /// Why the claim has its rating.
    pub explanation: Option<&'a str>,
    /// The check rates the claim true.
    pub says_true: bool,
    /// Day of publication, counted from 1970-01-01.
    pub date_days: Option<i32>,
}

/// A text prepared for search.
#[derive(Debug, Clone)]
pub struct Query {
    pub(crate) tokens: Vec<Token>,
    /// Hashes of the distinct character 4-grams.
    pub(crate) grams: Vec<u32>,
    pub(crate) facts: Facts,
    pub(crate) meaning: Option<Meaning>,
}

impl Query {
    /// Prepares a text; what lies beyond [`QUERY_TEXT_BYTES_MAX`] is not read.
    pub fn new(text: &str) -> Self {
        Self::with_lexicon(Lexicon::built_in(), text)
    }

    /// [`Query::new`] with an extended lexicon, the same one as the index has.
    pub fn with_lexicon(lexicon: &Lexicon, text: &str) -> Self {
        let text = cut(text, QUERY_TEXT_BYTES_MAX);
        let tokens = tokens(lexicon, text, QUERY_TOKENS_MAX);
        let facts = Facts::new(lexicon, text, &tokens);
        let mut grams = gram_hashes(&normalise::for_copies(text));
        grams.sort_unstable();
        grams.dedup();
        Self {
            tokens,
            grams,
            facts,
            meaning: None,
        }
    }

    /// The same text with its meaning: checks are then also found by it.
    #[must_use]
    pub fn with_meaning(self, meaning: Option<Meaning>) -> Self {
        Self { meaning, ..self }
    }
}

#[derive(Debug, Default)]
struct Postings {
    /// In order; dead ones may be among them.
    entries: Vec<u32>,
    /// What the term adds to each, nothing where it is dead.
    impacts: Vec<u8>,
}

impl Postings {
    /// Lets the term add nothing to an entry any more.
    fn silence(&mut self, entry: u32) {
        // Entries come in order.
        if let Ok(at) = self.entries.binary_search(&entry) {
            self.impacts[at] = 0;
        }
    }
}

/// Checks in memory, found by words.
#[derive(Debug)]
pub struct ClaimIndex {
    lexicon: Option<Box<Lexicon>>,
    dictionary: HashMap<Box<str>, u32>,
    postings: Vec<Postings>,
    /// Living entries that have a term; the postings may hold dead ones.
    term_live: Vec<u32>,
    gram_dictionary: HashMap<u32, u32>,
    gram_live: Vec<u32>,
    pub(crate) entries: Vec<Entry>,
    /// The check of each entry, in a row of its own, which search walks over.
    docs: Vec<DocId>,
    /// Learned meanings in one row, by entry, so that a walk over all of them is quick; nothing in
    /// a place means that it is not known. Shorter than `entries` where the last ones have none.
    learned: Vec<Packed>,
    of_doc: HashMap<DocId, Vec<u32>>,
    dead: usize,
}

impl Default for ClaimIndex {
    fn default() -> Self {
        Self::new()
    }
}

impl ClaimIndex {
    /// An empty index with the built-in lexicon.
    pub fn new() -> Self {
        Self {
            lexicon: None,
            dictionary: HashMap::new(),
            postings: Vec::new(),
            term_live: Vec::new(),
            gram_dictionary: HashMap::new(),
            gram_live: Vec::new(),
            entries: Vec::new(),
            docs: Vec::new(),
            learned: Vec::new(),
            of_doc: HashMap::new(),
            dead: 0,
        }
    }

    /// An empty index with an extended lexicon.
    pub fn with_lexicon(lexicon: Lexicon) -> Self {
        Self {
            lexicon: Some(Box::new(lexicon)),
            ..Self::new()
        }
    }

    /// The lexicon that texts are read with.
    pub fn lexicon(&self) -> &Lexicon {
        self.lexicon
            .as_deref()
            .unwrap_or_else(|| Lexicon::built_in())
    }

    /// Adds a check, or replaces the one with this number.
    pub fn add(&mut self, doc: DocId, text: &ClaimText<'_>) {
        self.remove(doc);
        let explanation = text.explanation.map(|t| self.read(t)).unwrap_or_default();
        let entry = self.enter(doc, text, text.claim, &explanation);
        let mut entries = vec![entry];
        if let Some(narrative) = text
            .narrative
            .filter(|narrative| !narrative.trim().is_empty())
        {
            entries.push(self.enter(doc, text, narrative, &[]));
        }
        self.of_doc.insert(doc, entries);
    }

    fn read(&self, text: &str) -> Vec<Token> {
        tokens(
            self.lexicon(),
            cut(text, CLAIM_FIELD_BYTES_MAX),
            QUERY_TOKENS_MAX,
        )
    }

    fn enter(
        &mut self,
        doc: DocId,
        text: &ClaimText<'_>,
        searched: &str,
        explanation: &[Token],
    ) -> u32 {
        let searched = cut(searched, CLAIM_FIELD_BYTES_MAX);
        let tokens = self.read(searched);
        let facts = Facts::new(self.lexicon(), searched, &tokens);
        let mut terms = Vec::new();
        let mut counts: Vec<(u32, f32)> = Vec::new();
        for token in tokens.iter().filter(|token| !token.is_stop) {
            let term = intern(&mut self.dictionary, &mut self.postings, &token.stem);
            terms.push(term);
            count(&mut counts, term, 1.0);
        }
        let own = counts.len();
        for token in explanation
            .iter()
            .filter(|token| !token.is_stop)
            .take(EXPLANATION_TERMS_MAX)
        {
            let term = intern(&mut self.dictionary, &mut self.postings, &token.stem);
            count(&mut counts, term, EXPLANATION_WEIGHT);
        }
        let entry = self.entries.len() as u32;
        let norm = K1 * (1.0 - B + B * terms.len() as f32 / ORDINARY_TERMS);
        self.term_live.resize(self.postings.len(), 0);
        for (term, sum) in &counts {
            let impact = IMPACT_MAX * sum * (K1 + 1.0) / (sum + norm) / (K1 + 1.0);
            let postings = &mut self.postings[*term as usize];
            postings.entries.push(entry);
            postings.impacts.push(quantised(impact));
            self.term_live[*term as usize] += 1;
        }
        let grams = self.intern_grams(searched);
        self.docs.push(doc);
        let posted = counts.iter().map(|(term, _)| *term);
        let row = Row::new(own, posted, &terms, &grams);
        let kept = Entry::new(row, facts, text.says_true, text.date_days);
        self.entries.push(kept);
        entry
    }

    fn intern_grams(&mut self, text: &str) -> Vec<u32> {
        let mut grams: Vec<u32> = Vec::new();
        for hash in gram_hashes(&normalise::for_copies(text)) {
            let next = self.gram_live.len() as u32;
            let gram = *self.gram_dictionary.entry(hash).or_insert(next);
            if gram == next {
                self.gram_live.push(0);
            }
            grams.push(gram);
        }
        grams.sort_unstable();
        grams.dedup();
        grams.truncate(CLAIM_GRAMS_MAX);
        for gram in &grams {
            self.gram_live[*gram as usize] += 1;
        }
        grams
    }

    /// Removes a check; nothing happens where it is not there.
    pub fn remove(&mut self, doc: DocId) {
        for number in self.of_doc.remove(&doc).unwrap_or_default() {
            let entry = &mut self.entries[number as usize];
            entry.is_live = false;
            for term in entry.posted() {
                self.term_live[*term as usize] -= 1;
                self.postings[*term as usize].silence(number);
            }
            for gram in entry.grams() {
                self.gram_live[*gram as usize] -= 1;
            }
            self.dead += 1;
        }
        if self.dead * LIVE_PER_DEAD > self.entries.len() && self.dead > 64 {
            self.clear_out();
        }
    }

    /// Drops dead entries and renumbers the living ones in their order.
    fn clear_out(&mut self) {
        let mut renumbered = vec![u32::MAX; self.entries.len()];
        let mut next = 0;
        for (old, entry) in self.entries.iter().enumerate() {
            if entry.is_live {
                renumbered[old] = next;
                next += 1;
            }
        }
        let mut lives = self.entries.iter().map(|entry| entry.is_live);
        self.learned.retain(|_| lives.next().unwrap_or(false));
        let mut lives = self.entries.iter().map(|entry| entry.is_live);
        self.docs.retain(|_| lives.next().unwrap_or(false));
        self.entries.retain(|entry| entry.is_live);
        for postings in &mut self.postings {
            let kept =
                postings
                    .entries
                    .iter()
                    .zip(&postings.impacts)
                    .filter_map(|(entry, impact)| {
                        let entry = renumbered[*entry as usize];
                        (entry != u32::MAX).then_some((entry, *impact))
                    });
            (postings.entries, postings.impacts) = kept.unzip();
        }
        for entries in self.of_doc.values_mut() {
            for entry in entries {
                *entry = renumbered[*entry as usize];
            }
        }
        self.dead = 0;
    }

    /// Checks held.
    pub fn len(&self) -> usize {
        self.of_doc.len()
    }

    /// Day of publication of a check, where it is known.
    pub fn date_days(&self, doc: DocId) -> Option<i32> {
        let entry = self.of_doc.get(&doc)?.first()?;
        self.entries[*entry as usize].date_days
    }

    /// No check is held.
    pub fn is_empty(&self) -> bool {
        self.of_doc.is_empty()
    }

    /// Memory held, in bytes, as far as it can be counted from here.
    pub fn bytes(&self) -> usize {
        let postings: usize = self
            .postings
            .iter()
            .map(|p| p.entries.capacity() * 4 + p.impacts.capacity() + size_of::<Postings>())
            .sum();
        let entries: usize = self.entries.iter().map(Entry::bytes).sum();
        let words: usize = self.dictionary.keys().map(|word| word.len() + 24).sum();
        postings
            + entries
            + words
            + self.gram_dictionary.capacity() * 9
            + (self.gram_live.capacity() + self.term_live.capacity() + self.docs.capacity()) * 4
            + self.learned.capacity() * size_of::<Packed>()
            + self.of_doc.capacity() * 40
    }

    fn weight(&self, term: u32) -> f32 {
        inverse_frequency(self.live_entries(), self.term_live[term as usize])
    }

    /// Makes a table of weights that of this index.
    pub(crate) fn fit(&self, units: &mut UnitsByCount) {
        units.fit(self.live_entries());
    }

    /// Living entries that have a term.
    pub(crate) fn having_term(&self, term: u32) -> u32 {
        self.term_live[term as usize]
    }

    /// Living entries that have a character 4-gram.
    pub(crate) fn having_gram(&self, gram: u32) -> u32 {
        self.gram_live[gram as usize]
    }

    pub(crate) fn term_count(&self) -> usize {
        self.postings.len()
    }

    pub(crate) fn gram(&self, hash: u32) -> Option<u32> {
        self.gram_dictionary.get(&hash).copied()
    }

    pub(crate) fn gram_count(&self) -> usize {
        self.gram_live.len()
    }

    fn live_entries(&self) -> usize {
        self.entries.len() - self.dead
    }
}

/// Word score of an entry of so many terms that shares words of this weight, each once.
pub(crate) fn opening_score(terms: usize, weight: f32) -> f32 {
    let norm = K1 * (1.0 - B + B * terms as f32 / ORDINARY_TERMS);
    weight * (K1 + 1.0) / (1.0 + norm)
}

/// Counts a term, up to [`CLAIM_TERMS_MAX`] distinct ones.
fn count(counts: &mut Vec<(u32, f32)>, term: u32, weight: f32) {
    match counts.iter().position(|(t, _)| *t == term) {
        Some(at) => counts[at].1 += weight,
        None if counts.len() < CLAIM_TERMS_MAX => counts.push((term, weight)),
        None => {}
    }
}

fn intern(
    dictionary: &mut HashMap<Box<str>, u32>,
    postings: &mut Vec<Postings>,
    word: &str,
) -> u32 {
    if let Some(term) = dictionary.get(word) {
        return *term;
    }
    let term = postings.len() as u32;
    dictionary.insert(word.into(), term);
    postings.push(Postings::default());
    term
}

fn gram_hashes(normalised: &str) -> Vec<u32> {
    let mut hashes = Vec::with_capacity(normalised.len());
    for_each_gram(normalised, |gram| hashes.push(mix(gram) as u32));
    hashes
}
