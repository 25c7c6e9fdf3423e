//! What must hold of the engine whatever the machine does.
#![expect(
    clippy::cast_possible_truncation,
    reason = "the numbers of these tests are small"
)]

use bus::Position;
use domain::Timestamp;
use domain::channel::{Channel, ChannelKind};
use domain::limits::CLUSTER_CLOSED_AFTER_US;
use domain::post::Post;
use domain::region::RegionCode;
use matching::copies::CopyLimits;

use super::{Engine, Matcher, NoChecks};
use crate::stream::checkpoint::{self, Bookmark};
use crate::stream::group::{Doc, Suggested};
use crate::stream::projection::Explainer;

const T0: i64 = 1_790_000_000_000_000;

/// A matcher that answers every text about the containers, as check number 7.
struct Containers;

impl Matcher for Containers {
    fn best(&self, text: &str) -> Option<(Doc, f32)> {
        text.contains("kontainer").then_some((7, 0.9))
    }
}

/// Explains nothing.
struct Silent;

impl Explainer for Silent {
    fn explain(&self, _text: &str) -> Vec<Suggested> {
        Vec::new()
    }
}

fn post(number: u64, text: &str, at: i64) -> Post {
    Post {
        channel: Channel {
            kind: ChannelKind::ALL[number as usize % 5],
            account: format!("akun{}", number % 17),
            url: None,
        },
        external_id: number.to_string(),
        text: text.to_owned(),
        published_at: Timestamp(at),
        received_at: Timestamp(at),
        lang: None,
        region: RegionCode::parse(["15.05", "17", "31.71"][number as usize % 3]).ok(),
        reach: number % 100,
        media: Vec::new(),
        author: None,
        extra: None,
    }
}

/// A text that resembles no other: eight words drawn from the number.
fn lone_text(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        let mut letters = String::new();
        for _ in 0..6 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            letters.push(char::from(
                b'a' + u8::try_from((state >> 40) % 26).expect("a letter"),
            ));
        }
        letters
    };
    (0..8).map(|_| word()).collect::<Vec<_>>().join(" ")
}

/// Posts with exact copies, edited copies and lone ones, in an order that follows from a seed.
fn stream(count: u64) -> Vec<Post> {
    const BASES: [&str; 6] = [
        "tujuh kontainer surat suara sudah tercoblos ditemukan di pelabuhan tadi malam",
        "petugas tps meninggal karena diracun dan daftarnya sudah beredar di grup warga",
        "undangan pps berbentuk aplikasi harus dipasang kalau tidak nama dicoret dari daftar",
        "kotak suara kardus ditukar malam hari di gudang kecamatan kata saksi mata",
        "hasil survei palsu beredar di masa tenang dan mengaku dari lembaga resmi",
        "besok pasar murah di lapangan desa mulai jam tujuh pagi silakan datang ramai ramai",
    ];
    let mut state = 42_u64;
    let mut next = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    (0..count)
        .map(|number| {
            let base = BASES[next(6) as usize];
            let text = match next(5) {
                0 | 1 => base.to_owned(),
                2 => format!("DITERUSKAN: {base} 😡😡"),
                3 => base
                    .split(' ')
                    .skip(next(3) as usize)
                    .collect::<Vec<_>>()
                    .join(" "),
                _ => lone_text(number),
            };
            post(
                number,
                &text,
                T0 + i64::try_from(number).expect("small") * 1_000,
            )
        })
        .collect()
}

fn run(posts: &[Post], frame: usize, threads: usize) -> Engine {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("pool");
    let mut engine = Engine::new(CopyLimits::default());
    pool.install(|| {
        // One number for all frames: identities may only depend on the order of the posts.
        for (number, part) in posts.chunks(frame).enumerate() {
            engine.apply(number as u64 + 1, part, &Containers);
        }
    });
    engine
}

/// Posts and texts of every cluster, largest first.
fn sizes(engine: &Engine) -> Vec<(u32, u32)> {
    let mut sizes: Vec<_> = engine
        .census()
        .into_iter()
        .map(|(_, posts, texts)| (posts, texts))
        .collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn any_number_of_threads_gives_the_same_clusters() {
    let posts = stream(4_000);
    let alone = run(&posts, 500, 1).census();
    assert!(alone.len() > 500, "the stream has lone posts");
    assert!(
        alone.iter().any(|(_, posts, _)| *posts > 300),
        "the stream has copies"
    );
    for threads in [2, 3, 8] {
        assert_eq!(
            run(&posts, 500, threads).census(),
            alone,
            "{threads} threads"
        );
    }
}

#[test]
fn however_the_posts_are_cut_into_frames_the_clusters_are_the_same() {
    let posts = stream(3_000);
    let whole = sizes(&run(&posts, 3_000, 2));
    for frame in [1, 7, 100, 1_234] {
        assert_eq!(sizes(&run(&posts, frame, 2)), whole, "frames of {frame}");
    }
}

#[test]
fn a_restart_from_a_checkpoint_ends_where_an_unbroken_run_does() {
    let posts = stream(2_000);
    let unbroken = run(&posts, 100, 2);
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("checkpoint.bin");
    let mut engine = run(&posts[..1_000], 100, 2);
    let bookmark = Bookmark {
        position: Position::OLDEST,
        revision: 3,
        checks: Vec::new(),
    };
    checkpoint::save(&path, &engine, &bookmark).expect("saves");
    let (mut loaded, kept) = checkpoint::load(&path).expect("loads").expect("is there");
    assert_eq!(kept, bookmark);
    assert_eq!(loaded.census(), engine.census());
    for (number, part) in posts[1_000..].chunks(100).enumerate() {
        engine.apply(number as u64 + 11, part, &Containers);
        loaded.apply(number as u64 + 11, part, &Containers);
    }
    assert_eq!(loaded.census(), unbroken.census());
    assert_eq!(loaded.hours, unbroken.hours);
    let groups = |engine: &Engine| engine.groups.iter().flatten().cloned().collect::<Vec<_>>();
    assert_eq!(groups(&loaded), groups(&engine));
}

#[test]
fn every_damaged_checkpoint_is_noticed() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("checkpoint.bin");
    let bookmark = Bookmark {
        position: Position::OLDEST,
        revision: 0,
        checks: Vec::new(),
    };
    checkpoint::save(&path, &run(&stream(40), 40, 1), &bookmark).expect("saves");
    let whole = std::fs::read(&path).expect("reads");
    for place in (0..whole.len()).step_by(whole.len() / 300 + 1) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x10;
        std::fs::write(&path, &damaged).expect("writes");
        assert!(checkpoint::load(&path).is_err(), "byte {place}");
    }
    std::fs::write(&path, &whole[..whole.len() - 1]).expect("writes");
    assert!(checkpoint::load(&path).is_err(), "cut short");
    let mut older = whole;
    older[..16].copy_from_slice(b"kentongan-cp-001");
    std::fs::write(&path, &older).expect("writes");
    let refused = checkpoint::load(&path).err().map(|error| error.to_string());
    assert!(refused.is_some_and(|said| said.contains("another version")));
}

#[test]
fn a_silent_cluster_ends_and_its_copy_founds_a_new_one() {
    let text = "kotak suara kardus ditukar malam hari di gudang kecamatan";
    let mut engine = Engine::new(CopyLimits::default());
    engine.apply(1, &[post(1, text, T0), post(2, text, T0)], &NoChecks);
    let later = T0 + CLUSTER_CLOSED_AFTER_US;
    engine.apply(2, &[post(3, text, later - 1)], &NoChecks);
    assert_eq!(
        sizes(&engine),
        [(3, 1)],
        "one microsecond before its end it lives"
    );
    let end = later - 1 + CLUSTER_CLOSED_AFTER_US;
    engine.apply(3, &[post(4, text, end)], &NoChecks);
    assert_eq!(
        sizes(&engine),
        [(1, 1)],
        "the old one ended, a new one began"
    );
    assert_eq!(engine.live_clusters(), 1);
}

#[test]
fn a_clock_that_steps_back_an_hour_ends_nothing_and_loses_nothing() {
    let text = "hasil survei palsu beredar di masa tenang dan mengaku resmi";
    let mut engine = Engine::new(CopyLimits::default());
    engine.apply(1, &[post(1, text, T0)], &NoChecks);
    engine.apply(2, &[post(2, text, T0 - Timestamp::HOUR_US)], &NoChecks);
    assert_eq!(sizes(&engine), [(2, 1)]);
}

#[test]
fn memory_stays_bounded_when_the_index_is_full() {
    let mut engine = Engine::new(CopyLimits { slots_max: 200 });
    let posts: Vec<Post> = (0..2_000)
        .map(|number| post(number, &lone_text(number), T0 + number as i64))
        .collect();
    for part in posts.chunks(50) {
        engine.apply(1, part, &NoChecks);
        assert!(
            engine.live_clusters() <= 200,
            "{} clusters",
            engine.live_clusters()
        );
    }
    assert!(
        engine.live_clusters() >= 150,
        "no more is closed than is needed"
    );
}

#[test]
fn emoji_only_posts_are_copies_only_of_their_equals() {
    let mut engine = Engine::new(CopyLimits::default());
    let posts = [
        post(1, "😀😀", T0),
        post(2, "😡", T0),
        post(3, "😀😀", T0),
        post(4, "https://a.example", T0),
    ];
    engine.apply(1, &posts, &NoChecks);
    assert_eq!(sizes(&engine), [(1, 1), (1, 1), (2, 1)]);
}

#[test]
fn a_lone_post_is_remembered_with_its_address_and_reach() {
    let link = "https://kabar.example/berita/1845012345678901234";
    let text = "kotak suara kardus ditukar malam hari di gudang kecamatan";
    let mut lone = post(50, text, T0);
    lone.channel.url = Some(link.to_owned());
    let mut engine = Engine::new(CopyLimits::default());
    engine.apply(1, &[lone, post(3, &lone_text(3), T0)], &NoChecks);
    assert!(!engine.has_changes(), "a lone post is not on the radar");
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("checkpoint.bin");
    let bookmark = Bookmark {
        position: Position::OLDEST,
        revision: 0,
        checks: Vec::new(),
    };
    checkpoint::save(&path, &engine, &bookmark).expect("saves");
    let (mut engine, _) = checkpoint::load(&path).expect("loads").expect("is there");
    engine.apply(
        2,
        &[post(7, text, T0 + 1), post(8, &lone_text(3), T0 + 1)],
        &NoChecks,
    );
    let rows = engine.project(Timestamp(T0 + 2), &Silent).rows;
    let [first, other] = &rows[..] else {
        panic!("{rows:?}")
    };
    let example = &first.examples[0];
    assert_eq!(example.url.as_deref(), Some(link));
    assert_eq!((first.reach, example.reach, example.posts), (57, 57, 2));
    let example = &other.examples[0];
    assert_eq!(
        (example.account.as_str(), example.url.as_deref()),
        ("akun3", None)
    );
    assert_eq!((other.reach, example.reach, example.posts), (11, 11, 2));
}

/// Clusters whose rate is not what was shown, found by looking at all of them.
fn faded(engine: &Engine, now: Timestamp) -> Vec<u32> {
    let differs = |rich: &crate::stream::group::Rich| {
        !rich.dirty && rich.growth.last_hour(now) != rich.shown_rate
    };
    (0_u32..)
        .zip(&engine.groups)
        .filter(|(_, group)| {
            let rich = group.as_ref().and_then(|group| group.rich.as_deref());
            rich.is_some_and(differs)
        })
        .map(|(number, _)| number)
        .collect()
}

#[test]
fn what_fades_is_what_a_look_at_every_cluster_finds() {
    let mut engine = Engine::new(CopyLimits::default());
    let mut total = 0;
    for step in 0..300_u64 {
        let at = T0 + step as i64 * 97 * Timestamp::SECOND_US;
        // Some clusters grow for a while, some once, some twice with a pause.
        let posts: Vec<Post> = (0..6)
            .map(|place| {
                let number = step * 6 + place;
                let age = [0, 0, 1, 7, 25, 60][place as usize];
                post(number, &lone_text(step.saturating_sub(age) / 2), at)
            })
            .collect();
        engine.apply(step + 1, &posts, &NoChecks);
        let now = Timestamp(at + Timestamp::SECOND_US);
        let expected = faded(&engine, now);
        let before: Vec<u32> = engine.dirty.iter().copied().collect();
        engine.fade(now);
        let mut found: Vec<u32> = engine.dirty.iter().copied().skip(before.len()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "at step {step}");
        total += found.len();
        engine.project(now, &Silent);
        assert!(!engine.has_changes());
    }
    assert!(total > 100, "only {total} clusters faded");
    let waiting = engine.fading.waiting();
    assert!(waiting <= 13 * engine.live_clusters(), "{waiting} wait");
    let far = Timestamp(T0 + 300 * 97 * Timestamp::SECOND_US + 2 * Timestamp::HOUR_US);
    engine.fade(far);
    engine.project(far, &Silent);
    assert_eq!(engine.fading.waiting(), 0, "nothing is left to fade");
    assert!(faded(&engine, far).is_empty());
}

#[test]
fn a_copy_of_a_text_beyond_the_limit_of_the_index_is_no_new_text() {
    let text: String = (0..1_000).map(|number| lone_text(number) + " ").collect();
    assert!(text.len() > matching::limits::COPY_TEXT_BYTES_MAX);
    let mut engine = Engine::new(CopyLimits::default());
    engine.apply(1, &[post(1, &text, T0), post(2, &text, T0)], &NoChecks);
    assert_eq!(sizes(&engine), [(2, 1)]);
}
