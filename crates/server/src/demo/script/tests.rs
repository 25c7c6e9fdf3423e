//! What the script of the demonstration has to hold.

use std::collections::{HashMap, HashSet};

use super::super::network::DemoData;
use super::*;

const START: Timestamp = Timestamp(1_795_336_200_000_000);

fn script(seed: u64) -> Script {
    let data = DemoData::read().expect("reads");
    Script::new(&data.posts, [7; 32], seed, START)
}

fn play(script: &mut Script, seconds: i64) -> Vec<Post> {
    let mut posts = Vec::new();
    for tick in 0..seconds * 4 {
        let before = START.plus_us(tick * 250_000);
        posts.extend(script.between(before, before.plus_us(250_000)));
    }
    posts
}

/// Texts of hoaxes without a check.
fn unanswered() -> HashSet<String> {
    let data = DemoData::read().expect("reads");
    let of = |post: DemoPost| match post {
        DemoPost::Hoax {
            of: None,
            text,
            variants,
            ..
        } => std::iter::once(text).chain(variants).collect(),
        _ => Vec::new(),
    };
    data.posts.into_iter().flat_map(of).collect()
}

#[test]
fn the_same_seed_gives_the_same_posts_and_another_gives_others() {
    let run = |seed| {
        let mut script = script(seed);
        let mut posts = script.warm_up();
        posts.extend(play(&mut script, 30));
        posts
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn every_post_is_whole_new_and_within_the_limits() {
    let mut script = script(1);
    let mut posts = script.warm_up();
    posts.extend(play(&mut script, 600));
    let ids: HashSet<_> = posts.iter().map(|post| post.external_id.clone()).collect();
    assert_eq!(ids.len(), posts.len());
    for post in posts {
        assert!(
            post.reach > 0 && post.author.is_some() && post.region.is_some(),
            "{post:?}"
        );
        assert!(post.published_at <= post.received_at);
        post.accept().expect("accepted");
    }
}

#[test]
fn the_pace_can_be_read() {
    let posts = play(&mut script(1), 300);
    let rate = posts.len() as f64 / 300.0;
    assert!((4.0..8.0).contains(&rate), "{rate} posts a second");
    let mut per_second: HashMap<i64, usize> = HashMap::new();
    for post in &posts {
        *per_second
            .entry(post.received_at.0 / Timestamp::SECOND_US)
            .or_default() += 1;
    }
    let most = per_second.values().max().copied().unwrap_or_default();
    assert!((7..=12).contains(&most), "{most} posts in one second");
}

#[test]
fn the_past_is_six_hours_long_and_in_order() {
    let posts = script(1).warm_up();
    assert!(
        (1_200..4_000).contains(&posts.len()),
        "{} posts",
        posts.len()
    );
    assert!(posts.is_sorted_by_key(|post| post.published_at));
    let oldest = posts.first().expect("a post").published_at;
    assert!(oldest >= START.plus_us(-PAST_US) && oldest < START.plus_us(-PAST_US / 2));
    let last_hour = posts
        .iter()
        .filter(|post| post.published_at > START.plus_us(-Timestamp::HOUR_US))
        .count();
    assert!(last_hour > posts.len() / 6, "{last_hour}");
}

#[test]
fn what_nobody_has_answered_rises_within_the_first_minute() {
    let unanswered = unanswered();
    let mut script = script(1);
    let count = |posts: &[Post]| {
        posts
            .iter()
            .filter(|post| unanswered.contains(&post.text))
            .count()
    };
    let first = count(&play(&mut script, 60));
    assert!(
        first >= 40,
        "{first} posts of unanswered hoaxes in the first minute"
    );
}

#[test]
fn everyday_talk_does_not_repeat_itself() {
    let mut script = script(1);
    let texts: Vec<String> = (0..6_000).map(|_| script.everyday(START).text).collect();
    let different: HashSet<_> = texts.iter().collect();
    assert!(
        different.len() * 100 > texts.len() * 99,
        "{} of {}",
        different.len(),
        texts.len()
    );
}
