//! "Is this true?": look-up over all fact-checks, kept in memory and renewed as they change.

pub mod api;
pub mod index;
pub mod reason;

use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::fact_check::FactCheck;
use matching::answer::{Answer, Contradiction};
use store::{Store, StoreError};
use tokio::sync::Notify;

pub use index::Checks;

/// Fact-checks read from the store at once.
const READ_CHECKS: u32 = 500;
/// How often the store is asked for changes made by other processes, in milliseconds.
const REFRESH_EVERY_MS: u64 = 1_000;
/// Longest text that is looked up, in bytes.
pub const LOOK_UP_BYTES: usize = 100_000;

/// Claim look-up over all fact-checks; cheap to clone.
#[derive(Clone)]
pub struct Answers {
    store: Store,
    checks: Arc<RwLock<Checks>>,
    nudge: Arc<Notify>,
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
    /// The check.
    pub fact_check: FactCheck,
    /// Probability that it answers.
    pub probability: f32,
    /// Byte spans of the shared words in the asked text.
    pub shared: Vec<(usize, usize)>,
    /// The shared words.
    pub shared_words: Vec<String>,
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

impl Answers {
    /// Look-up over the checks of `store`; empty until [`Answers::refresh`] has run.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            checks: Arc::new(RwLock::new(Checks::new())),
            nudge: Arc::new(Notify::new()),
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
        let answered = index::answer(&self.checks, text);
        let ids: Vec<_> = answered.results.iter().map(|(id, _)| *id).collect();
        let mut checks = self.store.fact_checks_by_ids(&ids).await?;
        let results = answered.results.into_iter().filter_map(|(id, found)| {
            let place = checks.iter().position(|check| check.id == id)?;
            Some(LookupHit {
                fact_check: checks.swap_remove(place),
                probability: found.probability,
                shared: found
                    .shared
                    .iter()
                    .map(|span| (span.start, span.end))
                    .collect(),
                shared_words: found.shared_words,
                contradictions: found.contradictions,
            })
        });
        Ok(LookupResult {
            answer: answered.answer,
            probability: answered.probability,
            results: results.collect(),
        })
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
            changed.extend(index::take_in(&self.checks, &checks));
        }
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
