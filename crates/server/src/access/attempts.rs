//! Token buckets in bounded memory: how often somebody may try.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;

/// Buckets of one size, one for each key.
#[derive(Debug)]
pub struct Attempts {
    burst: u32,
    every_us: i64,
    keys_max: usize,
    buckets: Mutex<HashMap<[u8; 16], Bucket>>,
}

/// Kept as the moment at which the bucket will be full again: one number says it all.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    full_at: Timestamp,
}

impl Attempts {
    /// Buckets that hold `burst` attempts and regain one every `every_us` microseconds, for at
    /// most `keys_max` keys.
    pub fn new(burst: u32, every_us: i64, keys_max: usize) -> Self {
        Self {
            burst,
            every_us,
            keys_max,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one attempt of `key` at `now`; when none is left, the wait in whole seconds.
    pub fn take(&self, key: &[u8], now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = short_key(key);
        if buckets.len() >= self.keys_max && !buckets.contains_key(&key) {
            make_room(&mut buckets, now);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { full_at: now });
        let size_us = self.every_us.saturating_mul(i64::from(self.burst));
        // A clock that stepped back must not lock anyone out for longer than a whole bucket.
        let full_at = bucket.full_at.max(now).min(now.plus_us(size_us));
        bucket.full_at = full_at;
        let after = full_at.plus_us(self.every_us);
        let overdraft_us = after.since_us(now) - size_us;
        if overdraft_us > 0 {
            return Err(u64::try_from(overdraft_us / Timestamp::SECOND_US).unwrap_or_default() + 1);
        }
        bucket.full_at = after;
        Ok(())
    }

    /// Fills the bucket of `key` again: whoever proved who they are is not kept waiting.
    pub fn forgive(&self, key: &[u8]) {
        self.buckets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&short_key(key));
    }
}

/// Drops the full buckets, which say nothing; if all are in use, the one
/// that will be full first.
fn make_room(buckets: &mut HashMap<[u8; 16], Bucket>, now: Timestamp) {
    let before = buckets.len();
    buckets.retain(|_, bucket| bucket.full_at > now);
    if buckets.len() < before {
        return;
    }
    let fullest = buckets
        .iter()
        .min_by_key(|(_, bucket)| bucket.full_at)
        .map(|(key, _)| *key);
    if let Some(key) = fullest {
        buckets.remove(&key);
    }
}

fn short_key(key: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(key).as_bytes()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: i64 = 10 * Timestamp::SECOND_US;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * Timestamp::SECOND_US)
    }

    #[test]
    fn a_burst_passes_and_then_one_for_each_span() {
        let attempts = Attempts::new(3, EVERY, 8);
        for _ in 0..3 {
            assert_eq!(attempts.take(b"a", at(100)), Ok(()));
        }
        assert_eq!(attempts.take(b"a", at(100)), Err(11));
        assert_eq!(
            attempts.take(b"b", at(100)),
            Ok(()),
            "another key has its own bucket"
        );
        assert_eq!(attempts.take(b"a", at(109)), Err(2));
        assert_eq!(attempts.take(b"a", at(111)), Ok(()));
        assert!(attempts.take(b"a", at(111)).is_err());
        for _ in 0..3 {
            assert_eq!(attempts.take(b"a", at(1_000)), Ok(()));
        }
        assert!(
            attempts.take(b"a", at(1_000)).is_err(),
            "a bucket holds no more than its burst"
        );
    }

    #[test]
    fn a_clock_that_steps_back_locks_nobody_out_for_long() {
        let attempts = Attempts::new(2, EVERY, 8);
        assert_eq!(attempts.take(b"a", at(1_000_000)), Ok(()));
        assert!(attempts.take(b"a", at(0)).is_err_and(|wait| wait <= 21));
        assert_eq!(attempts.take(b"a", at(30)), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_key_stays_known() {
        let attempts = Attempts::new(2, EVERY, 4);
        for _ in 0..2 {
            assert_eq!(attempts.take(b"busy", at(0)), Ok(()));
        }
        for key in 0..100_u32 {
            assert_eq!(attempts.take(&key.to_le_bytes(), at(1)), Ok(()));
        }
        assert!(attempts.buckets.lock().expect("lock").len() <= 4);
        assert!(attempts.take(b"busy", at(1)).is_err());
    }

    #[test]
    fn success_fills_the_bucket() {
        let attempts = Attempts::new(1, EVERY, 8);
        assert_eq!(attempts.take(b"a", at(0)), Ok(()));
        attempts.forgive(b"a");
        assert_eq!(attempts.take(b"a", at(0)), Ok(()));
    }
}
