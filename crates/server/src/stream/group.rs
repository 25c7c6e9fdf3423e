//! What the stream remembers of one live cluster.
//!
//! Most clusters are a single post for ever, so a group is small and the rest of what the desk
//! wants to see is made only once a second post, a match or a tip puts the cluster on the radar.

use domain::channel::ChannelKind;
use domain::cluster::{ClusterAnswer, ClusterState};
use domain::post::Post;
use domain::{ClusterId, FactCheckId, Timestamp};

use super::growth::GrowthRings;
use super::limits;

/// Number of a fact-check in the claim index.
pub type Doc = u32;

/// One live cluster. Of a lone post the text, the reach and the address lie in the copy index, as
/// text and note of `head`.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Number of its first post in the log: frame sequence and place in the frame.
    pub origin: u64,
    /// When its first post was seen.
    pub born_at: Timestamp,
    /// When its newest post was received: what its life in memory goes by.
    pub touched_at: Timestamp,
    /// Its first text in the copy index.
    pub head: u32,
    /// Region of the first post, as a number of the region table; 0 is none.
    pub region: u16,
    /// Channel of the first post.
    pub channel: ChannelKind,
    /// What is known of its answer.
    pub answer: ClusterAnswer,
    /// Everything else, once it is on the radar.
    pub rich: Option<Box<Rich>>,
}

// Ten million of them are to fit into memory beside their texts.
const _: () = assert!(size_of::<Option<Group>>() == 40);

/// What only clusters on the radar have.
#[derive(Debug, Clone, PartialEq)]
pub struct Rich {
    /// Posts.
    pub posts: u32,
    /// Distinct texts among them.
    pub texts: u32,
    /// People reached.
    pub reach: u64,
    /// When its newest post was seen.
    pub last_seen_at: Timestamp,
    /// The best check, and how likely it answers, once looked up.
    pub best: Option<(Doc, f32)>,
    /// Waiting to be written onto the radar.
    pub dirty: bool,
    /// Texts beside the head that stand for it in the copy index.
    pub exemplars: Vec<u32>,
    /// Growth.
    pub growth: GrowthRings,
    /// Posts by channel.
    pub channels: Vec<(ChannelKind, u32)>,
    /// Posts by region number.
    pub regions: Vec<(u16, u32)>,
    /// Distinct texts with where they were first seen.
    pub examples: Vec<Sample>,
    /// Suggested matches with reasons, once looked up; newest look-up.
    pub suggestions: Option<Vec<Suggested>>,
    /// Rate at the last projection, to notice that growth fades.
    pub shown_rate: u64,
    /// Fine bucket at whose beginning the shown rate falls, as far as it is queued.
    pub fades_at: Option<i64>,
    /// Short hashes of the distinct texts, sorted; bounded.
    pub seen_texts: Vec<u32>,
}

/// The first text of a cluster, when it goes on the radar.
pub struct Head<'a> {
    /// The text to show.
    pub text: &'a str,
    /// Hash of its normalised form.
    pub exact: u64,
    /// People reached by it.
    pub reach: u64,
    /// Its address, or its account.
    pub link: Option<&'a str>,
}

/// A text of the cluster and where it was first seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Hash of its normalised text.
    pub exact: u64,
    /// The text as collected, cut at a limit.
    pub text: Box<str>,
    /// Where.
    pub channel: ChannelKind,
    /// By whom, where the channel says.
    pub account: Box<str>,
    /// Address.
    pub url: Option<Box<str>>,
    /// When it was published.
    pub published_at: Timestamp,
    /// When we received it.
    pub received_at: Timestamp,
    /// Region number.
    pub region: u16,
    /// People reached by all posts with this text.
    pub reach: u64,
    /// Resemblance to what it was recognised by.
    pub resemblance: f32,
    /// Posts with exactly this text.
    pub posts: u32,
}

/// A check that may answer the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// Which.
    pub fact_check: FactCheckId,
    /// How likely.
    pub probability: f32,
    /// Whether the machine calls it a match or a probable one.
    pub is_match: bool,
    /// Why, as JSON for the desk.
    pub reason: Box<str>,
}

impl Group {
    /// The cluster's identity: a UUIDv7 made of when and where in the log it was born, so that
    /// reading the log again gives it the same one.
    pub fn id(&self) -> ClusterId {
        identity(self.born_at, self.origin)
    }

    /// Cheap test before [`Group::id`]: whether the identity carries this cluster's birth.
    pub fn may_have(&self, id: ClusterId) -> bool {
        let bytes = id.0.as_bytes();
        let ms = bytes[..6]
            .iter()
            .fold(0_i64, |ms, byte| (ms << 8) | i64::from(*byte));
        ms == self.born_at.0.max(0) / 1_000
    }

    /// Posts.
    pub fn posts(&self) -> u32 {
        self.rich.as_ref().map_or(1, |rich| rich.posts)
    }

    /// Distinct texts among them.
    pub fn texts(&self) -> u32 {
        self.rich.as_ref().map_or(1, |rich| rich.texts)
    }

    /// The best check, and how likely it answers, once looked up.
    pub fn best(&self) -> Option<(Doc, f32)> {
        self.rich.as_ref().and_then(|rich| rich.best)
    }

    /// Where it is in its life at `now`.
    pub fn state(&self, now: Timestamp) -> ClusterState {
        ClusterState::at(u64::from(self.posts()), self.touched_at, now)
    }
}

/// The identity of a cluster born at `born_at` by post number `origin`.
pub fn identity(born_at: Timestamp, origin: u64) -> ClusterId {
    let ms = u64::try_from(born_at.0.max(0) / 1_000).unwrap_or_default();
    let mut seed = [0_u8; 10];
    let hash = blake3::hash(&origin.to_le_bytes());
    seed.copy_from_slice(&hash.as_bytes()[..10]);
    ClusterId(uuid::Builder::from_unix_timestamp_millis(ms, &seed).into_uuid())
}

/// Number of a post: frame sequence and place in the frame.
pub fn post_number(sequence: u64, place: usize) -> u64 {
    (sequence << 20) | (place as u64 & 0xF_FFFF)
}

impl Rich {
    /// Everything the first post of a group can tell; its growth ends at `at`.
    pub fn begun_with(group: &Group, head: &Head<'_>, at: Timestamp) -> Self {
        let mut growth = GrowthRings::new(at);
        growth.add(group.born_at);
        let (url, account) = match head.link {
            Some(link) if is_address(link) => (Some(link), ""),
            link => (None, link.unwrap_or_default()),
        };
        let first = Sample {
            exact: head.exact,
            text: cut(head.text, limits::EXAMPLE_TEXT_BYTES).into(),
            channel: group.channel,
            account: account.into(),
            url: url.map(Into::into),
            published_at: group.born_at,
            received_at: group.born_at,
            region: group.region,
            reach: head.reach,
            resemblance: 1.0,
            posts: 1,
        };
        let regions = if group.region == 0 {
            vec![]
        } else {
            vec![(group.region, 1)]
        };
        Self {
            posts: 1,
            texts: 1,
            reach: head.reach,
            last_seen_at: group.born_at,
            best: None,
            dirty: false,
            exemplars: Vec::new(),
            growth,
            channels: vec![(group.channel, 1)],
            regions,
            examples: vec![first],
            suggestions: None,
            shown_rate: 0,
            fades_at: None,
            seen_texts: vec![short_hash(head.exact)],
        }
    }

    /// Counts one more post.
    pub fn count(&mut self, post: &Post, region: u16) {
        self.posts = self.posts.saturating_add(1);
        self.reach = self.reach.saturating_add(post.reach);
        self.last_seen_at = self.last_seen_at.max(post.seen_at());
        self.growth.add(post.seen_at());
        bump(&mut self.channels, post.channel.kind, usize::MAX);
        if region != 0 {
            bump(&mut self.regions, region, limits::REGIONS_PER_CLUSTER);
        }
    }

    /// Whether this text is new to the cluster; remembers it.
    pub fn is_new_text(&mut self, exact: u64) -> bool {
        match self.seen_texts.binary_search(&short_hash(exact)) {
            Err(place) if self.seen_texts.len() < limits::TEXTS_PER_CLUSTER => {
                self.seen_texts.insert(place, short_hash(exact));
                self.texts = self.texts.saturating_add(1);
                true
            }
            _ => false,
        }
    }

    /// Keeps the post's text as an example, or counts it to the one it equals.
    pub fn exemplify(&mut self, post: &Post, exact: u64, region: u16, resemblance: f32) {
        if let Some(known) = self
            .examples
            .iter_mut()
            .find(|sample| sample.exact == exact)
        {
            known.posts = known.posts.saturating_add(1);
            known.reach = known.reach.saturating_add(post.reach);
            return;
        }
        if self.examples.len() >= limits::EXAMPLES_PER_CLUSTER {
            return;
        }
        self.examples.push(Sample {
            exact,
            text: cut(&post.text, limits::EXAMPLE_TEXT_BYTES).into(),
            channel: post.channel.kind,
            account: post.channel.account.as_str().into(),
            url: post.channel.url.as_deref().map(Into::into),
            published_at: post.published_at,
            received_at: post.received_at,
            region,
            reach: post.reach,
            resemblance,
            posts: 1,
        });
    }
}

fn short_hash(exact: u64) -> u32 {
    // The lower half of a uniform hash is as good as any.
    u32::try_from(exact & u64::from(u32::MAX)).unwrap_or_default()
}

fn bump<K: PartialEq>(counts: &mut Vec<(K, u32)>, key: K, most: usize) {
    if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == key) {
        *count = count.saturating_add(1);
    } else if counts.len() < most {
        counts.push((key, 1));
    }
}

fn is_address(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

/// The longest start of `text` of at most `bytes` bytes that ends at a character.
pub fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let mut end = bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
