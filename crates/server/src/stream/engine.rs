//! The deterministic heart of the stream: posts in, clusters out.
//!
//! The same posts in the same order give the same clusters at any number of threads and however
//! they are cut into frames: what is done in parallel (normalising, fingerprints, look-ups of
//! equal texts, claim matching) reads only; what decides is done post by post.

mod answering;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use domain::channel::ChannelKind;
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::post::Post;
use domain::{ClusterId, Timestamp, TipId};
use matching::copies::{Copy as Found, CopyIndex, CopyLimits};
use matching::fingerprint::{Fingerprint, fingerprint};
use matching::normalise::for_copies;
use rayon::prelude::*;

use super::fading::Fading;
use super::group::{Doc, Group, Head, Rich, post_number};
use super::limits;
use super::note::Beginnings;

/// Totals of one hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HourTotals {
    /// Posts.
    pub posts: u64,
    /// Posts whose text had been seen in its cluster, or whose cluster stood already.
    pub copies: u64,
    /// Posts of clusters with a suggested or confirmed answer.
    pub matched: u64,
}

/// Whoever knows the fact-checks.
pub trait Matcher: Sync {
    /// The best check for a text, when the answer is a match or a probable one.
    fn best(&self, text: &str) -> Option<(Doc, f32)>;
}

/// What came of one frame.
#[derive(Debug, Default)]
pub struct Applied {
    /// Tips and the clusters they fell into.
    pub tips: Vec<(TipId, ClusterId)>,
}

/// All live clusters.
pub struct Engine {
    pub(super) copies: CopyIndex,
    pub(super) groups: Vec<Option<Group>>,
    pub(super) free: Vec<u32>,
    pub(super) regions: Vec<String>,
    pub(super) region_numbers: HashMap<String, u16>,
    pub(super) beginnings: Beginnings,
    pub(super) fading: Fading,
    pub(super) hours: BTreeMap<i64, HourTotals>,
    pub(super) now: Timestamp,
    pub(super) swept: usize,
    pub(super) dirty: VecDeque<u32>,
    /// Clusters that ended since the last projection, with what the desk last knows of them.
    pub(super) ended: Vec<Group>,
    pub(super) live: usize,
    /// Clusters that people have answered, told again after a restart.
    pub(super) answered: HashSet<ClusterId>,
}

/// What is known of a post before its turn comes.
struct Prepared {
    normalised: String,
    fingerprint: Option<Fingerprint>,
    exact: u64,
    equal: Option<Found>,
}

/// What became of one post.
struct Fate {
    group: u32,
    born: bool,
    copy: bool,
    hour: i64,
}

impl Engine {
    /// An engine without clusters.
    pub fn new(copy_limits: CopyLimits) -> Self {
        Self {
            copies: CopyIndex::new(copy_limits),
            groups: Vec::new(),
            free: Vec::new(),
            regions: vec![String::new()],
            region_numbers: HashMap::new(),
            beginnings: Beginnings::default(),
            fading: Fading::default(),
            hours: BTreeMap::new(),
            now: Timestamp(0),
            swept: 0,
            dirty: VecDeque::new(),
            ended: Vec::new(),
            live: 0,
            answered: HashSet::new(),
        }
    }

    /// Live clusters.
    pub fn live_clusters(&self) -> usize {
        self.live
    }

    /// The newest receipt: the engine's only clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Takes in the posts of one frame.
    pub fn apply(&mut self, sequence: u64, posts: &[Post], matcher: &impl Matcher) -> Applied {
        let prepared = self.prepare(posts);
        let mut applied = Applied::default();
        let mut newborn = Vec::new();
        let mut fates = Vec::with_capacity(posts.len());
        for (place, (post, prepared)) in posts.iter().zip(&prepared).enumerate() {
            let fate = self.take_in(post_number(sequence, place), post, prepared);
            if fate.born {
                newborn.push((fate.group, place));
            }
            if post.channel.kind == ChannelKind::Tip {
                self.note_tip(post, fate.group, &mut applied);
            }
            fates.push(fate);
        }
        self.match_newborn(&newborn, posts, matcher);
        self.count_hours(&fates);
        applied
    }

    fn prepare(&self, posts: &[Post]) -> Vec<Prepared> {
        let work = |post: &Post| {
            let normalised = comparable(&post.text);
            let equal = self.copies.find_exact(&normalised);
            let fingerprint = if equal.is_some() {
                None
            } else {
                fingerprint(&normalised)
            };
            let exact = exact_hash(&normalised);
            Prepared {
                normalised,
                fingerprint,
                exact,
                equal,
            }
        };
        posts
            .par_iter()
            .with_min_len(limits::PIECE_POSTS)
            .map(work)
            .collect()
    }

    /// Finds or founds the post's cluster and counts the post in it.
    fn take_in(&mut self, number: u64, post: &Post, prepared: &Prepared) -> Fate {
        self.now = post.received_at;
        self.sweep();
        let hour = self.now.0.div_euclid(Timestamp::HOUR_US);
        match self.find(prepared) {
            Some(found) => {
                let is_new_text = self.join(found, post, prepared);
                Fate {
                    group: found.group,
                    born: false,
                    copy: !is_new_text,
                    hour,
                }
            }
            None => {
                let group = self.found_group(number, post, prepared);
                Fate {
                    group,
                    born: true,
                    copy: false,
                    hour,
                }
            }
        }
    }

    /// The living cluster this text is a copy in.
    fn find(&mut self, prepared: &Prepared) -> Option<Found> {
        loop {
            let equal = prepared
                .equal
                .filter(|found| self.still_holds(found, &prepared.normalised));
            let found = equal.or_else(|| self.search(prepared))?;
            if self.is_over(found.group) {
                self.end(found.group);
            } else {
                return Some(found);
            }
        }
    }

    fn still_holds(&self, found: &Found, normalised: &str) -> bool {
        self.copies.group(found.slot) == Some(found.group)
            && self.copies.text(found.slot) == normalised
    }

    fn search(&self, prepared: &Prepared) -> Option<Found> {
        match (&prepared.fingerprint, prepared.equal) {
            (Some(fingerprint), _) => self.copies.find(&prepared.normalised, fingerprint),
            // Its equal was there when the frame came and has ended since.
            (None, Some(_)) => match fingerprint(&prepared.normalised) {
                Some(fingerprint) => self.copies.find(&prepared.normalised, &fingerprint),
                None => self.copies.find_exact(&prepared.normalised),
            },
            (None, None) => self.copies.find_exact(&prepared.normalised),
        }
    }

    fn is_over(&self, group: u32) -> bool {
        self.group(group)
            .is_none_or(|group| group.state(self.now) == ClusterState::Closed)
    }

    /// Counts the post in its cluster; true when its text is new there.
    fn join(&mut self, found: Found, post: &Post, prepared: &Prepared) -> bool {
        let region = self.region_number(post);
        let equal = found.exact.then_some(prepared.exact);
        let raw = equal.map(|_| post.text.as_str());
        self.enrich(found.group, raw, equal, post.seen_at());
        let distant = found.resemblance < limits::EXEMPLAR_RESEMBLANCE && !found.exact;
        let Some(Some(group)) = self.groups.get_mut(found.group as usize) else {
            return false;
        };
        group.touched_at = self.now;
        let Some(rich) = &mut group.rich else {
            return false;
        };
        rich.count(post, region);
        let is_new_text = rich.is_new_text(prepared.exact);
        rich.exemplify(post, prepared.exact, region, found.resemblance);
        let others = usize::from(limits::EXEMPLARS_PER_CLUSTER) - 1;
        if distant && rich.exemplars.len() < others && !self.copies.is_full() {
            let fingerprint = prepared.fingerprint.as_ref();
            rich.exemplars.push(
                self.copies
                    .insert(&prepared.normalised, fingerprint, found.group),
            );
        }
        self.mark(found.group);
        is_new_text
    }

    /// Puts a cluster on the radar, if it is not there yet. Only the normalised text of a lone post
    /// is kept, cut at a limit: `raw` is its text as written and `exact` the hash of its whole
    /// normalised form, where they are at hand. Its growth ends at `at`.
    fn enrich(&mut self, number: u32, raw: Option<&str>, exact: Option<u64>, at: Timestamp) {
        let Some(group) = self.group(number).filter(|group| group.rich.is_none()) else {
            return;
        };
        let normalised = self.copies.text(group.head);
        let (reach, link) = self.beginnings.read(self.copies.note(group.head));
        let head = Head {
            text: raw.unwrap_or(normalised),
            exact: exact.unwrap_or_else(|| exact_hash(normalised)),
            reach,
            link: link.as_deref(),
        };
        let rich = Box::new(Rich::begun_with(group, &head, at));
        if let Some(Some(group)) = self.groups.get_mut(number as usize) {
            group.rich = Some(rich);
        }
    }

    fn found_group(&mut self, number: u64, post: &Post, prepared: &Prepared) -> u32 {
        if self.copies.is_full() {
            self.make_room();
        }
        let region = self.region_number(post);
        let group = match self.free.pop() {
            Some(group) => group,
            None => {
                self.groups.push(None);
                u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX)
            }
        };
        let fingerprint = prepared
            .fingerprint
            .or_else(|| fingerprint(&prepared.normalised));
        let link = post.channel.url.as_deref().unwrap_or(&post.channel.account);
        let note = self.beginnings.write(post.reach, link);
        let normalised = &prepared.normalised;
        let head = self
            .copies
            .insert_noted(normalised, fingerprint.as_ref(), group, &note);
        self.groups[group as usize] = Some(Group {
            origin: number,
            born_at: post.seen_at(),
            touched_at: self.now,
            head,
            region,
            channel: post.channel.kind,
            answer: ClusterAnswer::None,
            rich: None,
        });
        self.live += 1;
        if post.channel.kind == ChannelKind::Tip {
            self.enrich(
                group,
                Some(&post.text),
                Some(prepared.exact),
                post.seen_at(),
            );
            self.mark(group);
        }
        group
    }

    fn note_tip(&self, post: &Post, number: u32, applied: &mut Applied) {
        if let (Some(tip), Some(group)) = (TipId::parse(&post.external_id), self.group(number)) {
            applied.tips.push((tip, group.id()));
        }
    }

    /// Ends clusters whose time is over, a few with every post, so that no moment pays for all.
    fn sweep(&mut self) {
        for _ in 0..limits::SWEEP_PER_POST.min(self.groups.len()) {
            self.swept = if self.swept + 1 < self.groups.len() {
                self.swept + 1
            } else {
                0
            };
            let number = u32::try_from(self.swept).unwrap_or_default();
            if self.groups[self.swept].is_some() && self.is_over(number) {
                self.end(number);
            }
        }
    }

    fn end(&mut self, number: u32) {
        if let Some(group) = self.groups.get_mut(number as usize).and_then(Option::take) {
            let others = group.rich.iter().flat_map(|rich| &rich.exemplars);
            for slot in others.rev() {
                self.copies.remove(*slot);
            }
            self.copies.remove(group.head);
            self.free.push(number);
            self.live -= 1;
            if group.rich.is_some() {
                self.ended.push(group);
            }
        }
    }

    /// Closes the clusters that have been silent the longest when the copy index is full.
    fn make_room(&mut self) {
        let mut silent: Vec<(Timestamp, u32)> = (0_u32..)
            .zip(&self.groups)
            .filter_map(|(number, group)| group.as_ref().map(|group| (group.touched_at, number)))
            .collect();
        let goes = (silent.len() / limits::FULL_CLOSES_ONE_IN)
            .max(1)
            .min(silent.len());
        if goes > 0 && goes < silent.len() {
            silent.select_nth_unstable(goes);
        }
        for (_, number) in silent.into_iter().take(goes) {
            self.end(number);
        }
        tracing::warn!(
            closed = goes,
            "the copy index was full; silent clusters were closed early"
        );
    }

    fn count_hours(&mut self, fates: &[Fate]) {
        for fate in fates {
            let matched = self
                .group(fate.group)
                .is_some_and(|group| group.answer != ClusterAnswer::None);
            let totals = self.hours.entry(fate.hour).or_default();
            totals.posts += 1;
            totals.copies += u64::from(fate.copy);
            totals.matched += u64::from(matched);
        }
        while self.hours.len() > limits::TOTAL_HOURS {
            self.hours.pop_first();
        }
    }

    pub(super) fn group(&self, number: u32) -> Option<&Group> {
        self.groups.get(number as usize).and_then(Option::as_ref)
    }

    /// Queues a cluster for the radar, once.
    pub(super) fn mark(&mut self, number: u32) {
        if let Some(Some(group)) = self.groups.get_mut(number as usize)
            && let Some(rich) = &mut group.rich
            && !rich.dirty
        {
            rich.dirty = true;
            self.dirty.push_back(number);
        }
    }

    fn region_number(&mut self, post: &Post) -> u16 {
        let Some(code) = &post.region else { return 0 };
        if let Some(number) = self.region_numbers.get(code.as_str()) {
            return *number;
        }
        let Ok(number) = u16::try_from(self.regions.len()) else {
            return 0;
        };
        self.regions.push(code.as_str().to_owned());
        self.region_numbers.insert(code.as_str().to_owned(), number);
        number
    }

    /// The code behind a region number; empty for none.
    pub fn region_code(&self, number: u16) -> &str {
        self.regions
            .get(usize::from(number))
            .map_or("", String::as_str)
    }

    /// Identities of all live clusters with their posts, in order of birth: what determinism is
    /// judged by.
    pub fn census(&self) -> Vec<(ClusterId, u32, u32)> {
        let mut census: Vec<_> = self
            .groups
            .iter()
            .flatten()
            .map(|group| (group.id(), group.posts(), group.texts()))
            .collect();
        census.sort_unstable();
        census
    }
}

/// The form of a text in which copies are compared. A text that normalises to nothing, like a
/// row of emoji, is compared as it stands.
pub(super) fn comparable(text: &str) -> String {
    let normalised = for_copies(text);
    if normalised.is_empty() {
        format!("\u{1}{}", text.trim())
    } else {
        normalised
    }
}

/// 64-bit hash of a normalised text.
pub(super) fn exact_hash(normalised: &str) -> u64 {
    let hash = blake3::hash(normalised.as_bytes());
    let mut word = [0; 8];
    word.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(word)
}

/// A matcher that knows nothing, for runs without fact-checks.
pub struct NoChecks;

impl Matcher for NoChecks {
    fn best(&self, _text: &str) -> Option<(Doc, f32)> {
        None
    }
}

#[cfg(test)]
mod tests;
