//! Which answers clusters have: from the machine as they are born, and as people and new checks
//! decide.

use std::collections::HashSet;

use domain::ClusterId;
use domain::cluster::ClusterAnswer;
use domain::post::Post;
use rayon::prelude::*;

use super::super::group::{Doc, Group, Suggested};
use super::{Engine, Matcher};

impl Engine {
    /// Looks up checks for the clusters born in this frame, in parallel, and puts those with an
    /// answer on the radar.
    pub(super) fn match_newborn(
        &mut self,
        newborn: &[(u32, usize)],
        posts: &[Post],
        matcher: &impl Matcher,
    ) {
        let best: Vec<Option<(Doc, f32)>> = newborn
            .par_iter()
            .with_min_len(8)
            .map(|(_, place)| posts.get(*place).and_then(|post| matcher.best(&post.text)))
            .collect();
        for ((group, place), best) in newborn.iter().zip(best) {
            let (Some(best), Some(post)) = (best, posts.get(*place)) else {
                continue;
            };
            self.suggest(*group, Some(best), Some(&post.text));
        }
    }

    /// Notes the best check of a cluster; `raw` is its text as written, where it is at hand.
    pub(in crate::stream) fn suggest(
        &mut self,
        number: u32,
        best: Option<(Doc, f32)>,
        raw: Option<&str>,
    ) {
        let Some(born_at) = self.group(number).map(|group| group.born_at) else {
            return;
        };
        if best.is_some() {
            self.enrich(number, raw, None, born_at);
        }
        let Some(Some(group)) = self.groups.get_mut(number as usize) else {
            return;
        };
        if !self.answered.is_empty() && self.answered.contains(&group.id()) {
            group.answer = ClusterAnswer::Answered;
        }
        if group.answer != ClusterAnswer::Answered {
            group.answer = if best.is_some() {
                ClusterAnswer::Suggested
            } else {
                ClusterAnswer::None
            };
        }
        if let Some(rich) = &mut group.rich {
            rich.best = best;
            rich.suggestions = None;
        }
        self.mark(number);
    }

    /// A check that only meaning finds; nothing happens where the cluster has an answer by now.
    pub fn found_by_meaning(
        &mut self,
        cluster: ClusterId,
        best: (Doc, f32),
        suggestions: Vec<Suggested>,
    ) {
        let Some(number) = self.number_of(cluster) else {
            return;
        };
        if self
            .group(number)
            .is_none_or(|group| group.answer != ClusterAnswer::None)
        {
            return;
        }
        self.suggest(number, Some(best), None);
        if let Some(Some(group)) = self.groups.get_mut(number as usize)
            && let Some(rich) = &mut group.rich
        {
            rich.suggestions = Some(suggestions);
        }
    }

    /// After a restart: fact-checks have new numbers, and people's words are told again.
    pub fn renew(&mut self, number_of: impl Fn(Doc) -> Option<Doc>, answered: &HashSet<ClusterId>) {
        for group in self.groups.iter_mut().flatten() {
            let Some(rich) = &mut group.rich else {
                group.answer = ClusterAnswer::None;
                continue;
            };
            rich.best = rich
                .best
                .and_then(|(doc, probability)| Some((number_of(doc)?, probability)));
            let suggested = rich.best.is_some();
            group.answer = if answered.contains(&group.id()) {
                ClusterAnswer::Answered
            } else if suggested {
                ClusterAnswer::Suggested
            } else {
                ClusterAnswer::None
            };
        }
    }

    /// Clusters that people have answered: when the log is read again, they are born answered.
    pub fn expect_answered(&mut self, answered: HashSet<ClusterId>) {
        self.answered = answered;
    }

    /// A person's word: the check answers the cluster, or it does not any more.
    pub fn decide(&mut self, cluster: ClusterId, answered: bool) {
        let Some(number) = self.number_of(cluster) else {
            return;
        };
        if let Some(Some(group)) = self.groups.get_mut(number as usize) {
            group.answer = match (answered, group.best()) {
                (true, _) => ClusterAnswer::Answered,
                (false, Some(_)) => ClusterAnswer::Suggested,
                (false, None) => ClusterAnswer::None,
            };
        }
        self.mark(number);
    }

    fn number_of(&self, cluster: ClusterId) -> Option<u32> {
        let same = |group: &Group| group.may_have(cluster) && group.id() == cluster;
        let place = self
            .groups
            .iter()
            .position(|group| group.as_ref().is_some_and(same))?;
        u32::try_from(place).ok()
    }
}
