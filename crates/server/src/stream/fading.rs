//! Which clusters are shown with a rate that is about to fall.
//!
//! A rate counts the posts of the last hour, so it falls only when a bucket with posts leaves that
//! hour: each cluster waits at the bucket at whose beginning that happens next, and looking after
//! the radar costs what fades and not what lives.

use std::collections::BTreeMap;

use domain::Timestamp;

use super::group::Rich;

/// Clusters by the fine bucket at whose beginning their rate falls.
#[derive(Debug, Clone, Default)]
pub struct Fading {
    due: BTreeMap<i64, Vec<u32>>,
}

impl Fading {
    /// Queues a cluster that has just been shown for the fall of its rate.
    pub fn follow(&mut self, number: u32, rich: &mut Rich, now: Timestamp) {
        let due = rich.growth.fades_at(now);
        if rich.fades_at != due {
            rich.fades_at = due;
            if let Some(bucket) = due {
                self.queue(number, bucket);
            }
        }
    }

    /// Queues a cluster. One that was queued for another bucket before stays there, too: whoever
    /// takes it out compares.
    pub fn queue(&mut self, number: u32, bucket: i64) {
        self.due.entry(bucket).or_default().push(number);
    }

    /// Takes out a cluster that is due when `newest` is the newest bucket, with its bucket.
    pub fn take_due(&mut self, newest: i64) -> Option<(u32, i64)> {
        let mut first = self.due.first_entry().filter(|due| *due.key() <= newest)?;
        let bucket = *first.key();
        let number = first.get_mut().pop();
        if first.get().is_empty() {
            first.remove();
        }
        number.map(|number| (number, bucket))
    }

    /// Clusters that wait, repetitions included.
    pub fn waiting(&self) -> usize {
        self.due.values().map(Vec::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_out_once_and_the_rest_waits() {
        let mut fading = Fading::default();
        for (number, bucket) in [(1, 5), (2, 3), (3, 5), (4, 9)] {
            fading.queue(number, bucket);
        }
        assert_eq!(fading.take_due(2), None);
        let mut due: Vec<_> = std::iter::from_fn(|| fading.take_due(5)).collect();
        due.sort_unstable();
        assert_eq!(due, [(1, 5), (2, 3), (3, 5)]);
        assert_eq!(fading.waiting(), 1);
    }
}
