//! Clusters: posts judged copies of one another, and how they live.
//!
//! ```mermaid
//! stateDiagram-v2
//!   [*] --> Born: first post
//!   Born --> Growing: second post
//!   Growing --> Dormant: 6 h without a post
//!   Born --> Dormant: 6 h without a post
//!   Dormant --> Growing: a post
//!   Dormant --> Closed: 72 h without a post
//! ```
//! A closed cluster has left memory; a later copy gives birth to a new cluster.

use crate::limits;
use crate::timestamp::Timestamp;

/// Where a cluster is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClusterState {
    /// One post so far.
    Born,
    /// Copies keep coming.
    Growing,
    /// No post for [`limits::CLUSTER_DORMANT_AFTER_US`].
    Dormant,
    /// No post for [`limits::CLUSTER_CLOSED_AFTER_US`]; out of memory.
    Closed,
}

impl ClusterState {
    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Growing => "growing",
            Self::Dormant => "dormant",
            Self::Closed => "closed",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Born, Self::Growing, Self::Dormant, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// The state of a cluster with `posts` posts, last seen at `last_seen`, at `now`.
    pub fn at(posts: u64, last_seen: Timestamp, now: Timestamp) -> Self {
        let idle = now.since_us(last_seen);
        if idle >= limits::CLUSTER_CLOSED_AFTER_US {
            Self::Closed
        } else if idle >= limits::CLUSTER_DORMANT_AFTER_US {
            Self::Dormant
        } else if posts > 1 {
            Self::Growing
        } else {
            Self::Born
        }
    }
}

/// Whether a cluster has an answer, and how firm it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClusterAnswer {
    /// Nothing known answers it.
    None,
    /// A check looks like its answer; no person has confirmed it.
    Suggested,
    /// A person confirmed the check that answers it.
    Answered,
}

impl ClusterAnswer {
    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Suggested => "suggested",
            Self::Answered => "answered",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Suggested, Self::Answered]
            .into_iter()
            .find(|answer| answer.as_str() == word)
    }

    /// How much of its heat a cluster keeps: an answered one needs the desk least.
    fn lack(self) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Suggested => 0.5,
            Self::Answered => 0.1,
        }
    }
}

/// How high a cluster stands on the radar: growth × reach × lack of an answer.
///
/// `posts_per_hour` is the rate of the last hour, `reach` the people reached so far. Growth
/// counts linearly; reach by its logarithm, since reach spans six orders of magnitude and would
/// drown everything else. The result is ≥ 0 and has no unit; only its order means something.
pub fn heat(posts_per_hour: u64, reach: u64, answer: ClusterAnswer) -> f64 {
    let reach_weight = 1.0 + (1.0 + reach as f64).log10();
    posts_per_hour as f64 * reach_weight * answer.lack()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_by_activity() {
        let t0 = Timestamp(0);
        assert_eq!(ClusterState::at(1, t0, t0), ClusterState::Born);
        assert_eq!(ClusterState::at(2, t0, t0), ClusterState::Growing);
        let asleep = Timestamp(limits::CLUSTER_DORMANT_AFTER_US);
        assert_eq!(ClusterState::at(9, t0, asleep), ClusterState::Dormant);
        let gone = Timestamp(limits::CLUSTER_CLOSED_AFTER_US);
        assert_eq!(ClusterState::at(9, t0, gone), ClusterState::Closed);
    }

    #[test]
    fn a_clock_that_steps_back_closes_nothing() {
        assert_eq!(
            ClusterState::at(2, Timestamp(1_000), Timestamp(0)),
            ClusterState::Growing
        );
    }

    #[test]
    fn heat_rises_with_growth_and_reach_and_falls_with_an_answer() {
        let base = heat(100, 1_000, ClusterAnswer::None);
        assert!(heat(200, 1_000, ClusterAnswer::None) > base);
        assert!(heat(100, 100_000, ClusterAnswer::None) > base);
        assert!(heat(100, 1_000, ClusterAnswer::Suggested) < base);
        assert!(
            heat(100, 1_000, ClusterAnswer::Answered) < heat(100, 1_000, ClusterAnswer::Suggested)
        );
        assert!(heat(0, u64::MAX, ClusterAnswer::None).abs() < f64::EPSILON);
    }
}
