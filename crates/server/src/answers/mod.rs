//! "Is this true?": look-up over all fact-checks, kept in memory and renewed as they change.

pub mod api;
pub mod contributions;
pub mod index;
pub mod meanings;
pub mod reason;
pub mod scores;
pub mod weights;

use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use domain::FactCheckId;
use domain::fact_check::FactCheck;
use matching::answer::{Answer, Contradiction};
use store::{Store, StoreError};
use tokio::sync::{Notify, Semaphore};

use index::AnsweredByChecks;
pub use index::Checks;
use matching::meaning::Meaning;
pub use scores::{ScoreSource, Scores};
pub use weights::model_digest;

use crate::meaning::Reader;
use crate::stream::group::{Doc, Suggested};

/// Fact-checks read from the store at once.
const READ_CHECKS: u32 = 500;
/// How often the store is asked for changes made by other processes, in milliseconds.
const REFRESH_EVERY_MS: u64 = 1_000;
/// Longest text that is looked up, in bytes.
pub const LOOK_UP_BYTES: usize = 100_000;

/// A text up to so many bytes is answered where it is asked for; a longer one waits for its turn.
const SHORT_TEXT_BYTES: usize = 4 * 1024;
/// Long texts that are answered at one time.
const LONG_TEXTS_AT_ONCE: usize = 2;

/// Claim look-up over all fact-checks; cheap to clone.
#[derive(Clone)]
pub struct Answers {
    store: Store,
    checks: Arc<RwLock<Checks>>,
    nudge: Arc<Notify>,
    long_texts: Arc<Semaphore>,
    /// The sentence model, once it is open.
    reader: Arc<OnceLock<Arc<Reader>>>,
    /// Texts whose meaning may be read at one time.
    meanings: Arc<Semaphore>,
}

/// The answer to a text, with the checks themselves.
#[derive(Debug, Clone)]
pub struct LookupResult {
    /// One of three.
    pub answer: Answer,
    /// Probability of the first result.
    pub probability: f32,
    /// Best first.
    pub results: Vec<LookupHit>,
}

/// One check that was found, and why.
#[derive(Debug, Clone)]
pub struct LookupHit {
    /// The check, as it stood when the answer's index took it in.
    pub fact_check: Arc<FactCheck>,
    /// Probability that it answers.
    pub probability: f32,
    /// Byte spans of the shared words in the asked text.
    pub shared: Vec<(usize, usize)>,
    /// The shared words.
    pub shared_words: Vec<String>,
    /// Byte spans of the shared words in the claim.
    pub shared_in_claim: Vec<(usize, usize)>,
    /// What the order value is made of, by feature; empty where the ranking does not say.
    pub contributions: Vec<(String, f32)>,
    /// Where text and claim disagree.
    pub contradictions: Vec<Contradiction>,
}

/// Why a text was not looked up.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// Nothing to look up.
    #[error("the text is empty")]
    Empty,
    /// Too long.
    #[error("the text has more than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// The store does not answer.
    #[error("fact-checks cannot be read")]
    Unavailable(#[from] StoreError),
}

impl LookupError {
    /// Stable reference.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::Empty => "text_empty",
            Self::TooLong { .. } => "text_too_long",
            Self::Unavailable(_) => "checks_unavailable",
        }
    }
}

/// Half the cores read meanings for those who ask, at least one.
fn meanings_at_once() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (cores / 2).max(1)
}

impl Answers {
    /// Look-up over the checks of `store`; empty until [`Answers::refresh`] has run.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            checks: Arc::new(RwLock::new(Checks::new())),
            nudge: Arc::new(Notify::new()),
            long_texts: Arc::new(Semaphore::new(LONG_TEXTS_AT_ONCE)),
            reader: Arc::default(),
            meanings: Arc::new(Semaphore::new(meanings_at_once())),
        }
    }

    /// The checks in memory, for the stream.
    pub fn checks(&self) -> &RwLock<Checks> {
        &self.checks
    }

    /// The checks in memory, to keep.
    pub fn shared_checks(&self) -> Arc<RwLock<Checks>> {
        Arc::clone(&self.checks)
    }

    /// Answers a text.
    pub async fn look_up(&self, text: &str) -> Result<LookupResult, LookupError> {
        if text.trim().is_empty() {
            return Err(LookupError::Empty);
        }
        if text.len() > LOOK_UP_BYTES {
            return Err(LookupError::TooLong {
                limit: LOOK_UP_BYTES,
            });
        }
        let answered = self.answered(text).await;
        self.scores()
            .count(ScoreSource::LookUp, answered.probability);
        let claims = answered.results.iter().map(|(check, _)| &*check.claim);
        let in_claims = index::shared_in_claims(&self.checks, text, claims);
        let results = answered.results.into_iter().zip(in_claims).map(
            |((fact_check, found), shared_in_claim)| LookupHit {
                fact_check,
                probability: found.probability,
                shared: found
                    .shared
                    .iter()
                    .map(|span| (span.start, span.end))
                    .collect(),
                contributions: found
                    .contributions
                    .iter()
                    .map(|one| (one.feature.to_owned(), one.value * one.weight))
                    .collect(),
                shared_words: found.shared_words,
                shared_in_claim,
                contradictions: found.contradictions,
            },
        );
        Ok(LookupResult {
            answer: answered.answer,
            probability: answered.probability,
            results: results.collect(),
        })
    }

    /// From now on texts are compared by meaning too; only the first reader counts.
    pub fn read_by(&self, reader: Arc<Reader>) {
        if self.reader.set(reader).is_err() {
            tracing::debug!("a sentence model is open already");
        }
    }

    /// Answers by meaning too, on a thread of its own. None where no model is open, where checks
    /// wait to be read, or where so many texts are being read that one more would wait: words
    /// alone answer at once.
    async fn answered_by_meaning(&self, text: &str) -> Option<AnsweredByChecks> {
        let reader = Arc::clone(self.reader.get()?);
        if index::unread_len(&self.checks) > 0 {
            return None;
        }
        let turn = Arc::clone(&self.meanings).try_acquire_owned().ok()?;
        let (checks, text) = (Arc::clone(&self.checks), text.to_owned());
        let work = move || {
            let meaning = Meaning::new(&reader.sentence(&text));
            let answered = index::answer_with(&checks, &text, Some(meaning));
            drop(turn);
            answered
        };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// What the desk is suggested for a text by meaning; none where no model is open or no check
    /// is near enough. Takes some ten milliseconds of this thread.
    pub fn suggest_by_meaning(&self, text: &str) -> Option<((Doc, f32), Vec<Suggested>)> {
        let reader = self.reader.get()?;
        index::suggest(&self.checks, text, Meaning::new(&reader.sentence(text)))
    }

    /// Answers on this thread where that takes less than a millisecond or two; a long text goes to
    /// a thread of its own, few at a time, so that it holds up neither requests nor the intake.
    async fn answered(&self, text: &str) -> AnsweredByChecks {
        if let Some(answered) = self.answered_by_meaning(text).await {
            return answered;
        }
        if text.len() <= SHORT_TEXT_BYTES {
            return index::answer(&self.checks, text);
        }
        // The semaphore is never closed; without it the text is answered all the same.
        let turn = Arc::clone(&self.long_texts).acquire_owned().await.ok();
        let (checks, long) = (Arc::clone(&self.checks), text.to_owned());
        let work = move || {
            let answered = index::answer(&checks, &long);
            drop(turn);
            answered
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(answered) => answered,
            Err(_) => index::answer(&self.checks, text),
        }
    }

    /// Reads what changed since the last call; yields the numbers of new and changed checks.
    pub async fn refresh(&self) -> Result<Vec<u32>, StoreError> {
        let mut changed = Vec::new();
        loop {
            let after = index::revision(&self.checks);
            let checks = self.store.fact_checks_after(after, READ_CHECKS).await?;
            if checks.is_empty() {
                return Ok(changed);
            }
            changed.extend(index::take_in(&self.checks, checks));
        }
    }

    /// How sure the machine is that `fact_check` answers `text`, and whether they contradict;
    /// none where it does not find the check. Counted nowhere.
    pub fn weigh(&self, text: &str, fact_check: FactCheckId) -> Option<(f32, bool)> {
        let answered = index::answer(&self.checks, text);
        let mut results = answered.results.iter();
        let (_, found) = results.find(|(check, _)| check.id == fact_check)?;
        Some((found.probability, !found.contradictions.is_empty()))
    }

    /// Checks that can be found.
    pub fn len(&self) -> usize {
        index::len(&self.checks)
    }

    /// True before the first check.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How first probabilities are spread since they were last written down.
    pub fn scores(&self) -> Arc<Scores> {
        index::scores(&self.checks)
    }

    /// Reads which thresholds hold; true when others did before.
    pub async fn refresh_thresholds(&self) -> Result<bool, StoreError> {
        let applied = self.store.thresholds_in_force().await?;
        let holding = weights::holding(applied.as_ref());
        Ok(holding.is_some_and(|thresholds| index::set_thresholds(&self.checks, thresholds)))
    }

    /// Asks for a refresh now: something was published here.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Waits for the next refresh to be due.
    pub async fn due(&self) {
        let pause = tokio::time::sleep(Duration::from_millis(REFRESH_EVERY_MS));
        tokio::select! {
            () = pause => {}
            () = self.nudge.notified() => {}
        }
    }
}
