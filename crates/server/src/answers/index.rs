//! The claim index with the identities behind its numbers.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use domain::fact_check::{FactCheck, Rating};
use domain::thresholds::Thresholds;
use domain::{FactCheckId, Timestamp};
use matching::answer::{Answer, Answered, Found, answer_by_meaning, shared_in_claim};
use matching::claims::{ClaimIndex, ClaimText, Query, Scratch};
use matching::meaning::Meaning;
use matching::normalise::terms;
use matching::rank::Model;

use super::meanings::Read;
use super::reason::Reason;
use super::scores::{ScoreSource, Scores};
use super::weights;
use crate::stream::engine::Matcher;
use crate::stream::group::{Doc, Suggested};
use crate::stream::limits::SUGGESTIONS_PER_CLUSTER;
use crate::stream::projection::Explainer;

/// Checks taken in while those who ask wait: about a millisecond.
const CHECKS_PER_LOCK: usize = 16;

thread_local! {
    /// Score tables of the last look-up on this thread, used again.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// All fact-checks, by number.
pub struct Checks {
    index: ClaimIndex,
    ids: Vec<FactCheckId>,
    numbers: HashMap<FactCheckId, Doc>,
    /// The checks themselves, so that an answer reads nothing from the store; none where a
    /// number was given up for a newer one.
    rows: Vec<Option<Arc<FactCheck>>>,
    revisions: Vec<i64>,
    revision: i64,
    /// Checks whose meaning has not been read, in the order they came.
    unread: VecDeque<Doc>,
    /// The weights with the thresholds that hold.
    model: Model,
    scores: Arc<Scores>,
}

impl Default for Checks {
    fn default() -> Self {
        Self::new()
    }
}

impl Checks {
    /// No checks.
    pub fn new() -> Self {
        Self {
            index: ClaimIndex::new(),
            ids: Vec::new(),
            numbers: HashMap::new(),
            rows: Vec::new(),
            revisions: Vec::new(),
            revision: 0,
            unread: VecDeque::new(),
            model: Model::built_in().clone(),
            scores: Arc::default(),
        }
    }

    /// Answers from now on with other thresholds.
    pub fn set_thresholds(&mut self, thresholds: Thresholds) {
        self.model = weights::with_thresholds(thresholds);
    }

    /// How first probabilities are spread.
    pub fn scores(&self) -> &Arc<Scores> {
        &self.scores
    }

    fn answer(&self, text: &str, meaning: Option<Meaning>) -> Answered {
        SCRATCH.with_borrow_mut(|scratch| {
            answer_by_meaning(&self.model, &self.index, text, meaning, scratch)
        })
    }

    fn best_of(answered: &Answered) -> Option<(Doc, f32)> {
        let first = answered.results.first()?;
        (answered.answer != Answer::NotYetChecked).then_some((first.doc, answered.probability))
    }

    /// Checks that can be found.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// True before the first check.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Memory of the index, in bytes.
    pub fn bytes(&self) -> usize {
        self.index.bytes()
    }

    /// The identity behind a number.
    pub fn id(&self, doc: Doc) -> Option<FactCheckId> {
        self.ids.get(doc as usize).copied()
    }

    /// The number of a check.
    pub fn number(&self, id: FactCheckId) -> Option<Doc> {
        self.numbers.get(&id).copied()
    }

    /// Identities by number.
    pub fn ids(&self) -> &[FactCheckId] {
        &self.ids
    }

    /// The last revision taken in.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Numbers of the checks that changed after `revision`.
    pub fn changed_after(&self, revision: i64) -> Vec<Doc> {
        (0_u32..)
            .zip(&self.revisions)
            .filter(|(_, changed)| **changed > revision)
            .map(|(doc, _)| doc)
            .collect()
    }

    /// Beginnings of the telling words of a check's claim: a text that holds none of them cannot
    /// be its copy.
    pub fn needles(&self, doc: Doc) -> Vec<String> {
        let row = self.rows.get(doc as usize).and_then(Option::as_ref);
        let stems = terms(row.map_or("", |check| &check.claim))
            .into_iter()
            .map(|term| term.stem);
        let mut needles: Vec<String> = stems
            .filter(|stem| stem.len() > 3)
            .map(|stem| stem.chars().take(5).collect())
            .collect();
        needles.sort_unstable();
        needles.dedup();
        needles
    }

    /// The check with a number, as it was when it was taken in.
    fn row(&self, doc: Doc) -> Option<Arc<FactCheck>> {
        self.rows.get(doc as usize).cloned().flatten()
    }

    /// Adds a check, or puts the changed one in the place of the old.
    pub fn put(&mut self, check: FactCheck) -> Doc {
        if let Some(old) = self.numbers.get(&check.id) {
            self.index.remove(*old);
            if let Some(row) = self.rows.get_mut(*old as usize) {
                *row = None;
            }
        }
        let doc = Doc::try_from(self.ids.len()).unwrap_or(Doc::MAX);
        self.index.add(
            doc,
            &ClaimText {
                claim: &check.claim,
                narrative: check.narrative.as_deref(),
                explanation: (!check.explanation.is_empty()).then_some(check.explanation.as_str()),
                says_true: check.rating == Rating::True,
                date_days: i32::try_from(check.published_at.0.div_euclid(Timestamp::DAY_US)).ok(),
            },
        );
        self.ids.push(check.id);
        self.revisions.push(check.revision);
        self.numbers.insert(check.id, doc);
        self.revision = self.revision.max(check.revision);
        self.rows.push(Some(Arc::new(check)));
        self.unread.push_back(doc);
        doc
    }
}

/// An answer with the checks that give it.
pub struct AnsweredByChecks {
    /// One of three.
    pub answer: Answer,
    /// Probability of the first result.
    pub probability: f32,
    /// Best first.
    pub results: Vec<(Arc<FactCheck>, Found)>,
}

/// A stretch of a text: first byte, and the byte after the last.
pub type Bytes = (usize, usize);

/// For each claim, where the words stand that `text` says too.
pub fn shared_in_claims<'c>(
    checks: &RwLock<Checks>,
    text: &str,
    claims: impl Iterator<Item = &'c str>,
) -> Vec<Vec<Bytes>> {
    let checks = read(checks);
    let lexicon = checks.index.lexicon();
    let query = Query::with_lexicon(lexicon, text);
    let bytes = |claim| {
        let spans = shared_in_claim(lexicon, &query, claim).into_iter();
        spans.map(|span| (span.start, span.end)).collect()
    };
    claims.map(bytes).collect()
}

/// Answers a text on this thread, by words alone.
pub fn answer(checks: &RwLock<Checks>, text: &str) -> AnsweredByChecks {
    answer_with(checks, text, None)
}

/// Answers a text on this thread, by its meaning too where that is given.
pub fn answer_with(
    checks: &RwLock<Checks>,
    text: &str,
    meaning: Option<Meaning>,
) -> AnsweredByChecks {
    let checks = read(checks);
    let answered = checks.answer(text, meaning);
    let with_row = |found: Found| checks.row(found.doc).map(|check| (check, found));
    AnsweredByChecks {
        answer: answered.answer,
        probability: answered.probability,
        results: answered.results.into_iter().filter_map(with_row).collect(),
    }
}

/// The best check of a text that was counted when it came in.
pub fn best_again(checks: &RwLock<Checks>, text: &str) -> Option<(Doc, f32)> {
    let checks = read(checks);
    Checks::best_of(&checks.answer(text, None))
}

/// Answers from now on with other thresholds; false where they hold already.
pub fn set_thresholds(checks: &RwLock<Checks>, thresholds: Thresholds) -> bool {
    let wished = weights::with_thresholds(thresholds);
    if read(checks).model == wished {
        return false;
    }
    let mut checks = checks.write().unwrap_or_else(PoisonError::into_inner);
    checks.set_thresholds(thresholds);
    true
}

/// The next checks whose meaning has not been read, at most so many; they stay on the list until
/// [`set_meanings`].
pub fn unread(checks: &RwLock<Checks>, most: usize) -> Vec<(Doc, Arc<FactCheck>)> {
    let mut checks = checks.write().unwrap_or_else(PoisonError::into_inner);
    // Those that were replaced meanwhile have no row.
    while let Some(doc) = checks.unread.front().copied()
        && checks.row(doc).is_none()
    {
        checks.unread.pop_front();
    }
    let next = checks.unread.iter().take(most).copied();
    next.filter_map(|doc| Some((doc, checks.row(doc)?)))
        .collect()
}

/// Checks whose meaning has not been read.
pub fn unread_len(checks: &RwLock<Checks>) -> usize {
    read(checks).unread.len()
}

/// Takes in meanings that were read.
pub fn set_meanings(checks: &RwLock<Checks>, meanings: Vec<Read>) {
    let mut checks = checks.write().unwrap_or_else(PoisonError::into_inner);
    let docs: Vec<Doc> = meanings.iter().map(|(doc, ..)| *doc).collect();
    for (doc, claim, narrative) in meanings {
        checks.index.set_meanings(doc, claim, narrative);
    }
    checks.unread.retain(|doc| !docs.contains(doc));
}

/// What a cluster is suggested, as [`Explainer::explain`] tells it, with the best check's number.
pub fn suggest(
    checks: &RwLock<Checks>,
    text: &str,
    meaning: Meaning,
) -> Option<((Doc, f32), Vec<Suggested>)> {
    let answered = answer_with(checks, text, Some(meaning));
    let best = answered.results.first().map(|(check, _)| check.id)?;
    let number = read(checks).number(best)?;
    let probability = answered.probability;
    let suggestions = suggestions(answered);
    (!suggestions.is_empty()).then_some(((number, probability), suggestions))
}

/// Checks that can be found.
pub fn len(checks: &RwLock<Checks>) -> usize {
    read(checks).len()
}

/// How first probabilities are spread.
pub fn scores(checks: &RwLock<Checks>) -> Arc<Scores> {
    Arc::clone(read(checks).scores())
}

/// The last revision taken in.
pub fn revision(checks: &RwLock<Checks>) -> i64 {
    read(checks).revision
}

/// Takes in checks, a few at a time so that nobody who asks waits long; yields their numbers.
pub fn take_in(checks: &RwLock<Checks>, fresh: Vec<FactCheck>) -> Vec<Doc> {
    let mut docs = Vec::with_capacity(fresh.len());
    let mut fresh = fresh.into_iter().peekable();
    while fresh.peek().is_some() {
        let mut checks = checks.write().unwrap_or_else(PoisonError::into_inner);
        docs.extend(
            fresh
                .by_ref()
                .take(CHECKS_PER_LOCK)
                .map(|check| checks.put(check)),
        );
    }
    docs
}

fn read(checks: &RwLock<Checks>) -> RwLockReadGuard<'_, Checks> {
    checks.read().unwrap_or_else(PoisonError::into_inner)
}

impl Matcher for RwLock<Checks> {
    fn best(&self, text: &str) -> Option<(Doc, f32)> {
        let checks = read(self);
        let answered = checks.answer(text, None);
        let scores = &checks.scores;
        scores.count(ScoreSource::Stream, answered.probability);
        Checks::best_of(&answered)
    }
}

impl Explainer for RwLock<Checks> {
    fn explain(&self, text: &str) -> Vec<Suggested> {
        suggestions(answer(self, text))
    }
}

/// What the desk is shown of an answer.
fn suggestions(answered: AnsweredByChecks) -> Vec<Suggested> {
    if answered.answer == Answer::NotYetChecked {
        return Vec::new();
    }
    let is_match = answered.answer == Answer::Match;
    let suggested = answered
        .results
        .into_iter()
        .take(SUGGESTIONS_PER_CLUSTER)
        .enumerate();
    suggested
        .map(|(place, (check, found))| Suggested {
            fact_check: check.id,
            probability: found.probability,
            is_match: is_match && place == 0,
            reason: Reason::of(&found).to_json().into(),
        })
        .collect()
}
