//! Service keys at the door: digest look-up, rate per key, quota per day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{KeyId, Timestamp};
use sha2::{Digest, Sha256};
use store::{KeyRow, Store, StoreError};

use crate::clock;

/// How long a list of keys is trusted before it is read again, in microseconds: a revoked key
/// stops working after this at the latest.
const KEYS_FRESH_US: i64 = Timestamp::SECOND_US;
/// Seconds of a key's rate that may be sent at once.
const BURST_S: f64 = 5.0;

/// The digest under which a key is stored: SHA-256 of a random 256-bit secret.
pub fn digest_of(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// A key that may send posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender(pub KeyId);

/// Why a key may not send.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefused {
    /// No bearer key, or one we do not know, or one that was revoked or has run out.
    #[error("a valid bearer key with scope posts:write is needed")]
    Unknown,
    /// The key lacks the scope.
    #[error("this key lacks the scope posts:write")]
    Scope,
    /// The key sends faster than agreed.
    #[error("this key sends faster than its {per_second} posts a second; wait {retry_after_s} s")]
    TooFast {
        /// Agreed rate.
        per_second: u32,
        /// Seconds until the batch fits.
        retry_after_s: u32,
    },
    /// The key has used up its day.
    #[error("this key has used its {per_day} posts of today (UTC)")]
    QuotaUsed {
        /// Agreed quota.
        per_day: u64,
    },
    /// The keys cannot be read.
    #[error("keys cannot be read")]
    Store(#[from] StoreError),
}

#[derive(Default)]
struct Meter {
    tokens: f64,
    filled_at: Timestamp,
    day: i32,
    used_today: u64,
    unsaved: u64,
}

#[derive(Default)]
struct Cache {
    keys: Arc<HashMap<[u8; 32], KeyRow>>,
    read_at: Option<Timestamp>,
    meters: HashMap<KeyId, Meter>,
    /// When keys were used since that was last written down.
    used: HashMap<KeyId, Timestamp>,
}

/// All keys that work, and how much each has sent.
#[derive(Clone)]
pub struct Keys {
    store: Store,
    cache: Arc<Mutex<Cache>>,
}

impl Keys {
    /// Reads keys from the store as they are asked for.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            cache: Arc::default(),
        }
    }

    /// The sender behind a bearer key.
    pub async fn sender(&self, bearer: &str) -> Result<Sender, KeyRefused> {
        let keys = self.fresh().await?;
        let now = clock::now();
        let key = keys.get(&digest_of(bearer)).filter(|key| works(key, now));
        let key = key.ok_or(KeyRefused::Unknown)?;
        if !key
            .scopes
            .split_whitespace()
            .any(|scope| scope == "posts:write")
        {
            return Err(KeyRefused::Scope);
        }
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.used.insert(key.id, now);
        Ok(Sender(key.id))
    }

    /// Takes `posts` from the key's rate and day, or says how long to wait.
    pub async fn spend(&self, sender: Sender, posts: u64) -> Result<(), KeyRefused> {
        let keys = self.fresh().await?;
        let key = keys
            .values()
            .find(|key| key.id == sender.0)
            .ok_or(KeyRefused::Unknown)?;
        let now = clock::now();
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let meter = cache.meters.entry(key.id).or_default();
        meter.turn_day(now);
        if meter.used_today + posts > key.posts_per_day {
            return Err(KeyRefused::QuotaUsed {
                per_day: key.posts_per_day,
            });
        }
        meter.take(posts, key.posts_per_second, now)
    }

    /// Writes what has been sent since the last call; called by a timer and at the end.
    pub async fn save(&self) -> Result<(), StoreError> {
        let used: Vec<(KeyId, Timestamp)> = {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            cache.used.drain().collect()
        };
        if !used.is_empty() {
            self.store.keys_used(&used).await?;
        }
        let usage: Vec<(KeyId, i32, i64)> = {
            let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            let meters = cache
                .meters
                .iter_mut()
                .filter(|(_, meter)| meter.unsaved > 0);
            meters
                .map(|(id, meter)| {
                    let posts = std::mem::take(&mut meter.unsaved);
                    (*id, meter.day, i64::try_from(posts).unwrap_or(i64::MAX))
                })
                .collect()
        };
        if usage.is_empty() {
            return Ok(());
        }
        self.store.add_key_usage(&usage).await
    }

    /// Reads today's usage at start, so that a restart gives nobody a second day.
    pub async fn load(&self) -> Result<(), StoreError> {
        let day = day_of(clock::now());
        let usage = self.store.key_usage(day).await?;
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, posts) in usage {
            let used_today = u64::try_from(posts).unwrap_or(0);
            cache.meters.insert(
                id,
                Meter {
                    day,
                    used_today,
                    ..Meter::default()
                },
            );
        }
        Ok(())
    }

    async fn fresh(&self) -> Result<Arc<HashMap<[u8; 32], KeyRow>>, StoreError> {
        let now = clock::now();
        {
            let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
            if cache
                .read_at
                .is_some_and(|at| (0..KEYS_FRESH_US).contains(&now.since_us(at)))
            {
                return Ok(Arc::clone(&cache.keys));
            }
        }
        let rows = self.store.active_keys().await?;
        let keys = Arc::new(rows.into_iter().map(|key| (key.digest, key)).collect());
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.keys = Arc::clone(&keys);
        cache.read_at = Some(now);
        Ok(keys)
    }
}

impl Meter {
    fn turn_day(&mut self, now: Timestamp) {
        let day = day_of(now);
        if day > self.day {
            // What is unsaved of yesterday is counted to today: never less than was sent.
            self.day = day;
            self.used_today = 0;
        }
    }

    fn take(&mut self, posts: u64, per_second: u32, now: Timestamp) -> Result<(), KeyRefused> {
        let rate = f64::from(per_second.max(1));
        let capacity = (rate * BURST_S).max(super::limits::REQUEST_LINES as f64);
        let elapsed_s = now.since_us(self.filled_at).max(0) as f64 / Timestamp::SECOND_US as f64;
        self.tokens = elapsed_s.mul_add(rate, self.tokens).min(capacity);
        self.filled_at = now;
        let wanted = posts as f64;
        if self.tokens < wanted {
            let wait_s = ((wanted - self.tokens) / rate).ceil().clamp(1.0, 3_600.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to 1..=3600 above"
            )]
            let retry_after_s = wait_s as u32;
            return Err(KeyRefused::TooFast {
                per_second,
                retry_after_s,
            });
        }
        self.tokens -= wanted;
        self.used_today += posts;
        self.unsaved += posts;
        Ok(())
    }
}

/// Whether a key that was not revoked has not run out either.
fn works(key: &KeyRow, now: Timestamp) -> bool {
    key.expires_at.is_none_or(|end| now < end)
}

fn day_of(now: Timestamp) -> i32 {
    i32::try_from(now.0.div_euclid(Timestamp::DAY_US)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_sends_its_rate_and_no_more() {
        let mut meter = Meter {
            filled_at: Timestamp(0),
            ..Meter::default()
        };
        let start = Timestamp(100 * Timestamp::SECOND_US);
        assert!(meter.take(10_000, 1_000, start).is_ok());
        let Err(KeyRefused::TooFast { retry_after_s, .. }) = meter.take(3_000, 1_000, start) else {
            panic!("sent more than its rate");
        };
        assert_eq!(retry_after_s, 3);
        let later = start.plus_us(3 * Timestamp::SECOND_US);
        assert!(meter.take(3_000, 1_000, later).is_ok());
        assert!(meter.take(1, 1_000, later).is_err());
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing_away() {
        let mut meter = Meter {
            filled_at: Timestamp(500),
            ..Meter::default()
        };
        assert!(meter.take(1, 1, Timestamp(0)).is_err());
    }
}
