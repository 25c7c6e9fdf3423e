//! How a cluster grew: fine buckets for the last hours, coarse ones for the last days.

use domain::Timestamp;

/// Width of a fine bucket, in microseconds: five minutes.
pub const FINE_US: i64 = 5 * Timestamp::MINUTE_US;
/// Fine buckets: six hours.
pub const FINE: usize = 72;
/// Width of a coarse bucket, in microseconds: one hour.
pub const COARSE_US: i64 = Timestamp::HOUR_US;
/// Coarse buckets: three days.
pub const COARSE: usize = 72;

/// Fine buckets of the hour that a rate counts.
const HOUR_BUCKETS: i64 = 12;

/// Counts in a ring of buckets; the newest bucket moves with the newest post.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ring<const N: usize> {
    /// Number of the newest bucket since the epoch.
    newest: i64,
    counts: [u32; N],
}

impl<const N: usize> Ring<N> {
    fn at(bucket: i64) -> Self {
        Self {
            newest: bucket,
            counts: [0; N],
        }
    }

    fn add(&mut self, bucket: i64, posts: u32) {
        self.turn_to(bucket);
        if self.newest - bucket < N as i64 {
            let place = Self::place(bucket);
            self.counts[place] = self.counts[place].saturating_add(posts);
        }
    }

    fn turn_to(&mut self, bucket: i64) {
        if bucket <= self.newest {
            return;
        }
        if bucket - self.newest >= N as i64 {
            self.counts = [0; N];
        } else {
            for passed in self.newest + 1..=bucket {
                self.counts[Self::place(passed)] = 0;
            }
        }
        self.newest = bucket;
    }

    fn get(&self, bucket: i64) -> u32 {
        let age = self.newest - bucket;
        if (0..N as i64).contains(&age) {
            self.counts[Self::place(bucket)]
        } else {
            0
        }
    }

    fn place(bucket: i64) -> usize {
        usize::try_from(bucket.rem_euclid(N as i64)).unwrap_or_default()
    }
}

/// A cluster's growth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrowthRings {
    fine: Ring<FINE>,
    coarse: Ring<COARSE>,
}

impl GrowthRings {
    /// Empty, ending at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self {
            fine: Ring::at(at.0.div_euclid(FINE_US)),
            coarse: Ring::at(at.0.div_euclid(COARSE_US)),
        }
    }

    /// Counts one post seen at `at`. What is older than a ring is counted in no bucket of it.
    pub fn add(&mut self, at: Timestamp) {
        self.fine.add(at.0.div_euclid(FINE_US), 1);
        self.coarse.add(at.0.div_euclid(COARSE_US), 1);
    }

    /// Posts of the hour before `now`.
    pub fn last_hour(&self, now: Timestamp) -> u64 {
        let newest = now.0.div_euclid(FINE_US);
        (newest - (HOUR_BUCKETS - 1)..=newest)
            .map(|bucket| u64::from(self.fine.get(bucket)))
            .sum()
    }

    /// The fine bucket at whose beginning [`GrowthRings::last_hour`] falls, if no post comes;
    /// `None` where it is 0 already.
    pub fn fades_at(&self, now: Timestamp) -> Option<i64> {
        let newest = now.0.div_euclid(FINE_US);
        (newest - (HOUR_BUCKETS - 1)..=newest)
            .find(|bucket| self.fine.get(*bucket) > 0)
            .map(|oldest| oldest + HOUR_BUCKETS)
    }

    /// The curve to show at `now`: five-minute buckets for a cluster born in the last six hours,
    /// hours for an older one. Yields width, start and counts, oldest first.
    pub fn curve(&self, born: Timestamp, now: Timestamp) -> (i64, Timestamp, Vec<u32>) {
        let fine = now.since_us(born) < FINE_US * FINE as i64;
        let (width, length) = if fine {
            (FINE_US, FINE)
        } else {
            (COARSE_US, COARSE)
        };
        let newest = now.0.div_euclid(width);
        let oldest = (newest - length as i64 + 1).max(born.0.div_euclid(width) - 1);
        let counts = (oldest..=newest).map(|bucket| {
            if fine {
                self.fine.get(bucket)
            } else {
                self.coarse.get(bucket)
            }
        });
        (width, Timestamp(oldest * width), counts.collect())
    }

    /// The bare numbers, for a checkpoint.
    pub fn to_words(&self) -> Vec<i64> {
        let mut words = vec![self.fine.newest, self.coarse.newest];
        words.extend(
            self.fine
                .counts
                .iter()
                .chain(&self.coarse.counts)
                .map(|count| i64::from(*count)),
        );
        words
    }

    /// The inverse of [`GrowthRings::to_words`]; `None` when the length is wrong.
    pub fn from_words(words: &[i64]) -> Option<Self> {
        let (head, counts) = words.split_at_checked(2)?;
        if counts.len() != FINE + COARSE {
            return None;
        }
        let mut rings = Self {
            fine: Ring::at(head[0]),
            coarse: Ring::at(head[1]),
        };
        let places = rings.fine.counts.iter_mut().chain(&mut rings.coarse.counts);
        for (place, count) in places.zip(counts) {
            *place = u32::try_from(*count).ok()?;
        }
        Some(rings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: i64 = 1_700_000_100_000_000;

    #[test]
    fn counts_fall_out_of_the_hour_as_time_passes() {
        let mut rings = GrowthRings::new(Timestamp(T0));
        for second in 0..100 {
            rings.add(Timestamp(T0 + second * Timestamp::SECOND_US));
        }
        assert_eq!(rings.last_hour(Timestamp(T0 + Timestamp::MINUTE_US)), 100);
        assert_eq!(rings.last_hour(Timestamp(T0 + 2 * Timestamp::HOUR_US)), 0);
    }

    #[test]
    fn a_late_post_lands_in_its_own_bucket_and_an_ancient_one_in_none() {
        let mut rings = GrowthRings::new(Timestamp(T0));
        rings.add(Timestamp(T0));
        rings.add(Timestamp(T0 - 30 * Timestamp::MINUTE_US));
        rings.add(Timestamp(T0 - 400 * Timestamp::DAY_US));
        let (width, start, counts) = rings.curve(Timestamp(T0 - Timestamp::HOUR_US), Timestamp(T0));
        assert_eq!(width, FINE_US);
        assert!(start.0 <= T0 - Timestamp::HOUR_US);
        assert_eq!(counts.iter().sum::<u32>(), 2);
    }

    #[test]
    fn rings_agree_with_a_plain_list_of_times() {
        let mut rings = GrowthRings::new(Timestamp(T0));
        let mut times = Vec::new();
        let mut state = 7_u64;
        let mut at = T0;
        for _ in 0..5_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            at += i64::try_from(state >> 34).expect("fits") % (40 * Timestamp::SECOND_US);
            let late = at - i64::try_from(state >> 60).expect("fits") * FINE_US;
            rings.add(Timestamp(late));
            times.push(late);
        }
        let now = Timestamp(at);
        let newest = at.div_euclid(FINE_US);
        let expected = times
            .iter()
            .filter(|t| newest - t.div_euclid(FINE_US) < 12)
            .count();
        assert_eq!(rings.last_hour(now), expected as u64);
    }

    #[test]
    fn a_rate_falls_at_the_bucket_that_was_told_and_not_before() {
        let mut rings = GrowthRings::new(Timestamp(T0));
        assert_eq!(rings.fades_at(Timestamp(T0)), None);
        for minutes in [0, 1, 17, 43] {
            rings.add(Timestamp(T0 + minutes * Timestamp::MINUTE_US));
        }
        let mut now = Timestamp(T0 + 43 * Timestamp::MINUTE_US);
        let mut falls = 0;
        while let Some(bucket) = rings.fades_at(now) {
            let shown = rings.last_hour(now);
            let begins = bucket * FINE_US;
            assert_eq!(rings.last_hour(Timestamp(begins - 1)), shown);
            now = Timestamp(begins);
            assert!(rings.last_hour(now) < shown);
            falls += 1;
        }
        assert_eq!((falls, rings.last_hour(now)), (3, 0));
    }

    #[test]
    fn words_read_back() {
        let mut rings = GrowthRings::new(Timestamp(T0));
        rings.add(Timestamp(T0));
        assert_eq!(GrowthRings::from_words(&rings.to_words()), Some(rings));
        assert_eq!(GrowthRings::from_words(&[1, 2, 3]), None);
    }
}
