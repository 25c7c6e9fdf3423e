//! `eval clusters`: does the stream put a text and its edits into one cluster, and others not?
//!
//! Texts are taken from a file of real posts and edited as people edit what they pass on; each
//! text with its edits is one group. The engine that the server runs clusters them all, mixed. The
//! same is done with long texts, made of posts that follow one another. Nothing is drawn: the same
//! file gives the same figures.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::Context as _;
use domain::channel::{Channel, ChannelKind};
use domain::post::Post;
use domain::{ClusterId, Timestamp};
use matching::copies::CopyLimits;
use matching::grouping::{Grouping, Placed, grouping};
use matching::normalise::for_copies;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stream::engine::{Engine, NoChecks};

/// Groups of each of the two kinds of text.
pub const GROUPS: usize = 2_000;
/// A short text has at least so many letters in the form in which copies are compared.
const SHORT_LETTERS_MIN: usize = 40;
/// A long text has at least so many bytes.
const LONG_BYTES_MIN: usize = 1_000;
/// Posts of one frame.
const FRAME: usize = 500;
/// Texts that lie between a text and its next edit.
const APART: usize = 37;

#[derive(Deserialize)]
struct PostLine {
    text: String,
}

/// One way in which people change what they pass on.
struct Edit {
    name: &'static str,
    apply: fn(&str) -> String,
}

const EDITS: &[Edit] = &[
    Edit {
        name: "emoji and capitals",
        apply: emoji_and_capitals,
    },
    Edit {
        name: "a typing mistake in every eighth word",
        apply: mistyped,
    },
    Edit {
        name: "the last quarter cut off",
        apply: cut_off,
    },
    Edit {
        name: "a forwarder's words before and after",
        apply: forwarded,
    },
    Edit {
        name: "two words swapped",
        apply: swapped,
    },
    Edit {
        name: "short forms",
        apply: shortened,
    },
    Edit {
        name: "all of these but the cut",
        apply: combined,
    },
];

/// Clusters the texts of `posts` and prints the figures as one JSON object.
pub fn run(posts: &Path, groups: usize) -> anyhow::Result<()> {
    let texts = read(posts)?;
    let short = spread(&short(&texts), groups);
    let long = spread(&long(&texts), groups);
    let report = json!({
        "posts": texts.len(),
        "edits": EDITS.iter().map(|edit| edit.name).collect::<Vec<_>>(),
        "short": measure(&short)?,
        "long": measure(&long)?,
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<String>> {
    let file = std::fs::File::open(path)
        .with_context(|| format!("{} cannot be opened", path.display()))?;
    let packed = path.extension().is_some_and(|end| end == "gz");
    let bytes: Box<dyn Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut texts = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(bytes).lines()) {
        let line = line.with_context(|| format!("{} line {number}", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let post: PostLine = serde_json::from_str(&line)
            .with_context(|| format!("{} line {number} is no post with a text", path.display()))?;
        texts.push(post.text);
    }
    Ok(texts)
}

/// Texts long enough to be told apart, each form once.
fn short(texts: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let long_enough = |text: &&String| {
        let form = for_copies(text);
        form.chars().count() >= SHORT_LETTERS_MIN && seen.insert(form)
    };
    texts.iter().filter(long_enough).cloned().collect()
}

/// Posts that follow one another, joined until they make an article.
fn long(texts: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut articles = Vec::new();
    let mut article = String::new();
    for text in texts {
        if !seen.insert(for_copies(text)) {
            continue;
        }
        article.push_str(text);
        article.push_str(". ");
        if article.len() >= LONG_BYTES_MIN {
            articles.push(std::mem::take(&mut article));
        }
    }
    articles
}

/// At most `count` of them, spread evenly over the whole.
fn spread(texts: &[String], count: usize) -> Vec<String> {
    let count = count.min(texts.len());
    (0..count)
        .map(|number| texts[number * texts.len() / count].clone())
        .collect()
}

fn measure(texts: &[String]) -> anyhow::Result<Value> {
    let mut mixed: Vec<(u32, String)> = Vec::with_capacity(texts.len() * (EDITS.len() + 1));
    let groups = texts.len();
    for version in 0..=EDITS.len() {
        for place in 0..groups {
            // Each version goes through the groups in an order of its own.
            let group = (place * APART + version * groups / 3) % groups.max(1);
            let text = &texts[group];
            let edited = match version.checked_sub(1) {
                None => text.clone(),
                Some(edit) => (EDITS[edit].apply)(text),
            };
            mixed.push((u32::try_from(group)?, edited));
        }
    }
    let placed = clustered(&mixed)?;
    let found = grouping(&placed);
    Ok(figures(&found))
}

fn figures(found: &Grouping) -> Value {
    json!({
        "texts": found.texts, "groups": found.groups, "clusters": found.clusters,
        "adjusted_rand_index": found.adjusted_rand,
        "b_cubed": {"precision": found.precision, "recall": found.recall, "f1": found.f1},
    })
}

/// Sends the texts through the engine as tips, since of tips it tells the cluster.
fn clustered(mixed: &[(u32, String)]) -> anyhow::Result<Vec<Placed>> {
    let mut engine = Engine::new(CopyLimits::default());
    let mut numbers: HashMap<ClusterId, u32> = HashMap::new();
    let mut placed = Vec::with_capacity(mixed.len());
    for (sequence, frame) in (0..).zip(mixed.chunks(FRAME)) {
        let first = placed.len();
        let posts: Vec<Post> = (first..)
            .zip(frame)
            .map(|(number, (_, text))| tip(number, text))
            .collect();
        let applied = engine.apply(sequence, &posts, &NoChecks);
        anyhow::ensure!(applied.tips.len() == frame.len(), "the engine lost a text");
        for ((_, cluster), (group, _)) in applied.tips.iter().zip(frame) {
            let next = u32::try_from(numbers.len())?;
            let cluster = *numbers.entry(*cluster).or_insert(next);
            placed.push(Placed {
                cluster,
                group: *group,
            });
        }
    }
    Ok(placed)
}

fn tip(number: usize, text: &str) -> Post {
    let at = Timestamp(i64::try_from(number).unwrap_or_default());
    Post {
        channel: Channel {
            kind: ChannelKind::Tip,
            account: String::new(),
            url: None,
        },
        external_id: Uuid::from_u128(number as u128).to_string(),
        text: text.to_owned(),
        published_at: at,
        received_at: at,
        lang: None,
        region: None,
        reach: 0,
        media: Vec::new(),
        author: None,
        extra: None,
    }
}

fn emoji_and_capitals(text: &str) -> String {
    format!("‼️🙏 {} 😱😱", text.to_uppercase())
}

fn mistyped(text: &str) -> String {
    let word = |(place, word): (usize, &str)| {
        let letters: Vec<char> = word.chars().collect();
        if place % 8 != 3 || letters.len() < 4 {
            return word.to_owned();
        }
        let mut letters = letters;
        letters.swap(1, 2);
        letters.into_iter().collect()
    };
    let words: Vec<String> = text.split_whitespace().enumerate().map(word).collect();
    words.join(" ")
}

fn cut_off(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words[..words.len() - words.len() / 4].join(" ")
}

fn forwarded(text: &str) -> String {
    format!(
        "Copas dari grup sebelah, mohon disebarkan:\n{text}\nSemoga bermanfaat, teruskan ke yang lain"
    )
}

fn swapped(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let middle = words.len() / 2;
    if middle + 1 < words.len() {
        words.swap(middle, middle + 1);
    }
    words.join(" ")
}

fn shortened(text: &str) -> String {
    const FORMS: [(&str, &str); 8] = [
        ("yang", "yg"),
        ("tidak", "gak"),
        ("dengan", "dgn"),
        ("untuk", "utk"),
        ("sudah", "udh"),
        ("dan", "&"),
        ("orang", "org"),
        ("karena", "krn"),
    ];
    let short = |word: &str| {
        let form = FORMS
            .iter()
            .find(|(full, _)| word.eq_ignore_ascii_case(full));
        form.map_or(word, |(_, short)| short).to_owned()
    };
    text.split_whitespace()
        .map(short)
        .collect::<Vec<_>>()
        .join(" ")
}

fn combined(text: &str) -> String {
    forwarded(&emoji_and_capitals(&shortened(&swapped(&mistyped(text)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edit_changes_a_text_and_leaves_it_its_own() {
        let text = "Surat suara yang sudah tercoblos ditemukan di gudang dan tidak dijaga dengan baik oleh orang kampung";
        for Edit { name, apply } in EDITS {
            let edited = apply(text);
            assert_ne!(edited, text, "{name}");
            assert_eq!(edited, apply(text), "{name} is the same each time");
        }
        assert_eq!(cut_off("satu dua tiga empat"), "satu dua tiga");
        assert_eq!(cut_off(""), "");
    }

    #[test]
    fn texts_without_anything_in_common_stay_apart() {
        let texts = [
            "antrean panjang sekali di kantor kelurahan sejak pagi tadi",
            "kotak suara rusak dimakan rayap di gudang logistik kecamatan",
        ];
        let mixed: Vec<(u32, String)> = (0..)
            .zip(texts)
            .flat_map(|(group, text)| [(group, text.to_owned()), (group, emoji_and_capitals(text))])
            .collect();
        let found = grouping(&clustered(&mixed).expect("clustered"));
        assert_eq!((found.clusters, found.groups), (2, 2));
        assert!((found.f1 - 1.0).abs() < 1e-9);
    }
}
