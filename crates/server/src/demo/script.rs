//! What is posted when: a pure function of the seed, the start and the clock.

use domain::Timestamp;
use domain::channel::{Channel, ChannelKind};
use domain::post::Post;
use domain::region::RegionCode;

use super::dice::Dice;
use super::network::{DemoPost, Shape};
use crate::intake::line::pseudonym;

/// How far back the past is filled in, in microseconds.
pub(super) const PAST_US: i64 = 6 * Timestamp::HOUR_US;
/// Posts a second between bursts, on average.
const POSTS_PER_SECOND: f64 = 4.6;
/// Posts a second that a wave adds at its height.
const WAVE_PER_SECOND: f64 = 4.0;
/// Seconds from one wave to the next.
const WAVE_SECONDS: f64 = 47.0;
/// Share of posts that are everyday talk.
const EVERYDAY_SHARE: f64 = 0.42;
/// Everyday posts of the past.
const EVERYDAY_PAST: usize = 500;
/// Hoaxes that are known before the demonstration starts; the others appear one after another.
const KNOWN_AT_START: usize = 56;
/// Seconds between two new hoaxes.
const NEXT_HOAX_SECONDS: f64 = 40.0;
/// Unanswered hoaxes that rise from the first second.
const FRONT_RUNNERS: usize = 3;
/// Longest gap that is made up for after the clock jumped, in microseconds.
const CATCH_UP_US: i64 = 2 * Timestamp::SECOND_US;
/// Accounts of each kind of channel.
const ACCOUNTS: usize = 60;
/// Provinces of everyday posts, the populous ones more than once.
const PROVINCES: [&str; 22] = [
    "32", "32", "32", "35", "35", "35", "33", "33", "36", "31", "12", "12", "73", "18", "16", "14",
    "15", "61", "51", "64", "53", "91",
];
/// Kinds of channel of everyday posts.
const EVERYDAY_KINDS: [ChannelKind; 5] = [
    ChannelKind::X,
    ChannelKind::X,
    ChannelKind::Facebook,
    ChannelKind::TikTok,
    ChannelKind::Instagram,
];

struct Hoax {
    texts: Vec<String>,
    kinds: Vec<ChannelKind>,
    regions: Vec<RegionCode>,
    reach: [u64; 2],
    shape: Shape,
    /// Seconds after the start before which nobody posts it.
    begins_s: f64,
    /// Where in its own rhythm it stands at the start, from 0 to 1.
    phase: f64,
    /// Rises from the first second.
    leads: bool,
}

struct Sentence {
    text: String,
    lang: &'static str,
}

/// The posts of one run.
pub struct Script {
    dice: Dice,
    hoaxes: Vec<Hoax>,
    everyday: Vec<Sentence>,
    everyday_used: usize,
    provinces: Vec<RegionCode>,
    author_key: [u8; 32],
    start: Timestamp,
    /// In every external id, so that each run's posts are new.
    run: String,
    number: u64,
    /// The part of a post that the last portion left over.
    owed: f64,
}

impl Script {
    /// The script of a run that begins at `start`.
    pub fn new(posts: &[DemoPost], author_key: [u8; 32], seed: u64, start: Timestamp) -> Self {
        let mut dice = Dice::new(seed);
        let mut everyday: Vec<Sentence> = posts.iter().filter_map(sentence).collect();
        dice.shuffle(&mut everyday);
        let hoaxes = cast(&mut dice, posts);
        Self {
            dice,
            hoaxes,
            everyday,
            everyday_used: 0,
            provinces: PROVINCES
                .iter()
                .filter_map(|code| RegionCode::parse(code).ok())
                .collect(),
            author_key,
            start,
            run: format!("{:x}", start.0),
            number: 0,
            owed: 0.0,
        }
    }

    /// The past six hours, oldest first.
    pub fn warm_up(&mut self) -> Vec<Post> {
        let mut posts = Vec::new();
        for index in 0..self.hoaxes.len() {
            let hoax = &self.hoaxes[index];
            if hoax.begins_s > 0.0 {
                continue;
            }
            let (shape, phase, leads) = (hoax.shape, hoax.phase, hoax.leads);
            let draw = self.dice.unit();
            let count = if leads {
                12
            } else {
                whole(6.0 + 70.0 * draw * draw * draw)
            };
            for _ in 0..count {
                let age = age_of(shape, phase, &mut self.dice);
                posts
                    .push(self.copy_of(index, self.start.plus_us(-micros(age * seconds(PAST_US)))));
            }
        }
        for _ in 0..EVERYDAY_PAST {
            let age = self.dice.unit();
            posts.push(self.everyday(self.start.plus_us(-micros(age * seconds(PAST_US)))));
        }
        posts.sort_by_key(|post| post.published_at);
        posts
    }

    /// What was posted after `before`, up to `now`.
    pub fn between(&mut self, before: Timestamp, now: Timestamp) -> Vec<Post> {
        let gap_us = now.since_us(before).clamp(0, CATCH_UP_US);
        let t = seconds(now.since_us(self.start).max(0));
        self.owed += rate(t) * seconds(gap_us);
        let count = whole(self.owed);
        self.owed -= f64::from(count);
        let weights: Vec<f64> = self.hoaxes.iter().map(|hoax| weight(hoax, t)).collect();
        let mut posts = Vec::new();
        for _ in 0..count {
            let at = now.plus_us(-micros(self.dice.unit() * seconds(gap_us)));
            let hoax = if self.dice.happens(EVERYDAY_SHARE) {
                None
            } else {
                self.dice.weighted(&weights)
            };
            posts.push(match hoax {
                Some(index) => self.copy_of(index, at),
                None => self.everyday(at),
            });
        }
        for post in &mut posts {
            post.received_at = now;
        }
        posts
    }

    /// Somebody passes hoax `index` on.
    fn copy_of(&mut self, index: usize, at: Timestamp) -> Post {
        let hoax = &self.hoaxes[index];
        let dice = &mut self.dice;
        // The first wording and the early variants are passed on most.
        let text = hoax.texts.get(
            dice.below(hoax.texts.len())
                .min(dice.below(hoax.texts.len())),
        );
        let text = text.cloned().unwrap_or_default();
        let kind = dice
            .pick(&hoax.kinds)
            .copied()
            .unwrap_or(ChannelKind::Other);
        let region = dice.pick(&hoax.regions).cloned();
        let (least, most) = (hoax.reach[0].max(1) as f64, hoax.reach[1].max(1) as f64);
        let reach = u64::from(whole(least * (most / least).powf(dice.unit())));
        self.post(kind, text, "id", region, reach, at)
    }

    /// Somebody writes of something else. Once every sentence was used, three are put together,
    /// so that everyday talk does not look like copies.
    fn everyday(&mut self, at: Timestamp) -> Post {
        let total = self.everyday.len();
        let used = self.everyday_used;
        self.everyday_used += 1;
        let (text, lang) = if used < total {
            let sentence = &self.everyday[used];
            (sentence.text.clone(), sentence.lang)
        } else {
            let mut parts = Vec::new();
            for _ in 0..3 {
                parts.extend(
                    self.dice
                        .pick(&self.everyday)
                        .map(|sentence| sentence.text.as_str()),
                );
            }
            (parts.join(". "), "id")
        };
        let kind = self
            .dice
            .pick(&EVERYDAY_KINDS)
            .copied()
            .unwrap_or(ChannelKind::Other);
        let region = self.dice.pick(&self.provinces).cloned();
        let reach = u64::from(whole(5.0 * 60.0_f64.powf(self.dice.unit())));
        self.post(kind, text, lang, region, reach, at)
    }

    fn post(
        &mut self,
        kind: ChannelKind,
        text: String,
        lang: &str,
        region: Option<RegionCode>,
        reach: u64,
        at: Timestamp,
    ) -> Post {
        self.number += 1;
        let external_id = format!("peraga-{}-{}", self.run, self.number);
        let account = self.dice.below(ACCOUNTS) + 1;
        let handle = format!("warga-{kind}-{account}");
        // A forwarded message has no address and its group no name.
        let (account, url) = match kind {
            ChannelKind::WhatsApp => (String::new(), None),
            ChannelKind::News => {
                let site = format!("kabar-{account}.example");
                let url = format!("https://{site}/{external_id}");
                (site, Some(url))
            }
            _ => (
                format!("{kind}-{account}"),
                Some(format!("https://{kind}.example/{external_id}")),
            ),
        };
        Post {
            channel: Channel { kind, account, url },
            external_id,
            text,
            published_at: at,
            received_at: self.start,
            lang: Some(lang.to_owned()),
            region,
            reach,
            media: Vec::new(),
            author: Some(pseudonym(&handle, &self.author_key)),
            extra: None,
        }
    }
}

fn sentence(post: &DemoPost) -> Option<Sentence> {
    let DemoPost::Everyday { text, lang } = post else {
        return None;
    };
    let lang = match lang.as_str() {
        "jav" => "jv",
        "sun" => "su",
        "min" => "min",
        "bew" => "bew",
        _ => "id",
    };
    Some(Sentence {
        text: text.clone(),
        lang,
    })
}

/// The hoaxes in the order they appear: first those nobody has answered that rise at once.
fn cast(dice: &mut Dice, posts: &[DemoPost]) -> Vec<Hoax> {
    let mut order: Vec<&DemoPost> = posts
        .iter()
        .filter(|post| matches!(post, DemoPost::Hoax { .. }))
        .collect();
    dice.shuffle(&mut order);
    let leads = |post: &&DemoPost| {
        matches!(
            post,
            DemoPost::Hoax {
                of: None,
                shape: Shape::Rising,
                ..
            }
        )
    };
    let (mut front, rest): (Vec<_>, Vec<_>) = order.into_iter().partition(leads);
    let behind = front.split_off(front.len().min(FRONT_RUNNERS));
    let front_count = front.len();
    let mut order = front;
    // The other unanswered ones come between the answered ones.
    let mut behind = behind.into_iter();
    for (place, post) in rest.into_iter().enumerate() {
        order.push(post);
        if place % 6 == 5 {
            order.extend(behind.next());
        }
    }
    order.extend(behind);
    let hoax = |(place, post): (usize, &DemoPost)| {
        let DemoPost::Hoax {
            text,
            variants,
            channels,
            regions,
            reach,
            shape,
            ..
        } = post
        else {
            return None;
        };
        let late = place.saturating_sub(KNOWN_AT_START - 1);
        Some(Hoax {
            texts: std::iter::once(text).chain(variants).cloned().collect(),
            kinds: channels
                .iter()
                .filter_map(|word| ChannelKind::parse(word))
                .collect(),
            regions: regions
                .iter()
                .filter_map(|code| RegionCode::parse(code).ok())
                .collect(),
            reach: *reach,
            shape: *shape,
            begins_s: late as f64 * NEXT_HOAX_SECONDS,
            phase: dice.unit(),
            leads: place < front_count,
        })
    };
    order.into_iter().enumerate().filter_map(hoax).collect()
}

/// Posts a second, `t` seconds after the start: a calm base with a wave on it.
fn rate(t: f64) -> f64 {
    let wave = (std::f64::consts::TAU * t / WAVE_SECONDS).sin().max(0.0);
    POSTS_PER_SECOND + WAVE_PER_SECOND * wave * wave
}

/// How likely a hoax is passed on, `t` seconds after the start, beside the others.
fn weight(hoax: &Hoax, t: f64) -> f64 {
    let t = t - hoax.begins_s;
    if t < 0.0 {
        return 0.0;
    }
    let turn = |seconds: f64| (t / seconds + hoax.phase).fract();
    match hoax.shape {
        Shape::Rising if hoax.leads => 5.0 + 7.0 * (t / 600.0).min(1.0),
        Shape::Rising => 0.2 + 2.8 * turn(1_500.0),
        Shape::Steady => 0.6,
        Shape::Fading => 0.05 + 1.4 * (1.0 - turn(2_400.0)).powi(3),
        Shape::Burst if turn(420.0) < 0.08 => 9.0,
        Shape::Burst => 0.1,
    }
}

/// How long ago a post of the past was, as a share of [`PAST_US`].
fn age_of(shape: Shape, phase: f64, dice: &mut Dice) -> f64 {
    match shape {
        Shape::Rising => 1.0 - dice.unit().powf(0.25),
        Shape::Steady => dice.unit(),
        Shape::Fading => dice.unit().powf(0.4),
        // A few minutes wide, somewhere between an hour ago and the beginning.
        Shape::Burst => 0.15 + 0.8 * phase + 0.025 * (dice.unit() + dice.unit() - 1.0),
    }
}

fn seconds(us: i64) -> f64 {
    us as f64 / Timestamp::SECOND_US as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most hours, far below the limit of i64"
)]
fn micros(seconds: f64) -> i64 {
    (seconds * Timestamp::SECOND_US as f64) as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and reach are above zero and saturate"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests;
