//! The parts of a row no SQL looks into, as compact JSON or bytes.

use domain::channel::ChannelKind;
use domain::fact_check::{Deception, Draft, Rating};
use domain::region::RegionCode;
use domain::{MemberId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::clusters::{Example, Facet, FacetKind, Growth};
use crate::error::StoreError;
use crate::limits::{EXAMPLE_TEXT_BYTES, EXAMPLES_PER_CLUSTER};

fn unreadable(what: &'static str, text: &str) -> StoreError {
    StoreError::Unreadable {
        what,
        value: text.chars().take(80).collect(),
    }
}

fn read_json<'t, T: Deserialize<'t>>(what: &'static str, text: &'t str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| unreadable(what, text))
}

/// Strings, numbers and lists of them always become JSON; an error cannot happen and would be
/// read back as unreadable rather than as something else.
fn write_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(crate) fn write_texts(texts: &[String]) -> String {
    write_json(&texts)
}

pub(crate) fn read_texts(text: &str) -> Result<Vec<String>, StoreError> {
    read_json("a list of texts", text)
}

pub(crate) fn write_members(members: &[MemberId]) -> String {
    write_json(&members.iter().map(ToString::to_string).collect::<Vec<_>>())
}

pub(crate) fn read_members(text: &str) -> Result<Vec<MemberId>, StoreError> {
    let words: Vec<String> = read_json("a list of members", text)?;
    words
        .iter()
        .map(|word| MemberId::parse(word).ok_or_else(|| unreadable("member", word)))
        .collect()
}

#[derive(Serialize, Deserialize)]
struct StoredDraft {
    claim: String,
    rating: Option<String>,
    label: String,
    deception: Option<String>,
    explanation: String,
    evidence: Vec<String>,
}

pub(crate) fn write_draft(draft: &Draft) -> String {
    write_json(&StoredDraft {
        claim: draft.claim.clone(),
        rating: draft.rating.map(|rating| rating.as_str().to_owned()),
        label: draft.label.clone(),
        deception: draft
            .deception
            .map(|deception| deception.as_str().to_owned()),
        explanation: draft.explanation.clone(),
        evidence: draft.evidence.clone(),
    })
}

pub(crate) fn read_draft(text: &str) -> Result<Draft, StoreError> {
    let stored: StoredDraft = read_json("draft", text)?;
    let rating = stored
        .rating
        .map(|word| Rating::parse(&word).ok_or_else(|| unreadable("rating", &word)));
    let deception = stored
        .deception
        .map(|word| Deception::parse(&word).ok_or_else(|| unreadable("deception", &word)));
    Ok(Draft {
        claim: stored.claim,
        rating: rating.transpose()?,
        label: stored.label,
        deception: deception.transpose()?,
        explanation: stored.explanation,
        evidence: stored.evidence,
    })
}

#[derive(Serialize, Deserialize)]
struct StoredFacet(char, String, i64);

pub(crate) fn write_facets(facets: &[Facet]) -> String {
    let stored = facets
        .iter()
        .map(|facet| StoredFacet(facet.kind.letter(), facet.value.clone(), facet.posts));
    write_json(&stored.collect::<Vec<_>>())
}

pub(crate) fn read_facets(text: &str) -> Result<Vec<Facet>, StoreError> {
    let stored: Vec<StoredFacet> = read_json("facets", text)?;
    let facets = stored
        .into_iter()
        .map(|StoredFacet(letter, value, posts)| match letter {
            'c' => Ok(Facet {
                kind: FacetKind::Channel,
                value,
                posts,
            }),
            'r' => Ok(Facet {
                kind: FacetKind::Region,
                value,
                posts,
            }),
            _ => Err(unreadable("facet kind", &letter.to_string())),
        });
    facets.collect()
}

/// Where a cluster was seen as one word list that a filter searches: `|c:x|r:15.05|`.
pub(crate) fn seen_in(facets: &[Facet]) -> String {
    let mut words = String::from("|");
    for facet in facets {
        words.push(facet.kind.letter());
        words.push(':');
        words.push_str(&facet.value);
        words.push('|');
    }
    words
}

#[derive(Serialize, Deserialize)]
struct StoredExample {
    text: String,
    channel: String,
    account: String,
    url: Option<String>,
    published_us: i64,
    received_us: i64,
    region: Option<String>,
    reach: i64,
    resemblance: f32,
    posts: i64,
}

pub(crate) fn write_examples(examples: &[Example]) -> String {
    let stored = examples
        .iter()
        .take(EXAMPLES_PER_CLUSTER)
        .map(|example| StoredExample {
            text: cut(&example.text).to_owned(),
            channel: example.channel_kind.as_str().to_owned(),
            account: example.account.clone(),
            url: example.url.clone(),
            published_us: example.published_at.0,
            received_us: example.received_at.0,
            region: example.region.as_ref().map(|code| code.as_str().to_owned()),
            reach: example.reach,
            resemblance: example.resemblance,
            posts: example.posts,
        });
    write_json(&stored.collect::<Vec<_>>())
}

pub(crate) fn read_examples(text: &str) -> Result<Vec<Example>, StoreError> {
    let stored: Vec<StoredExample> = read_json("examples", text)?;
    let examples = stored.into_iter().map(|example| {
        let channel = ChannelKind::parse(&example.channel);
        Ok(Example {
            text: example.text,
            channel_kind: channel.ok_or_else(|| unreadable("channel kind", &example.channel))?,
            account: example.account,
            url: example.url,
            published_at: Timestamp(example.published_us),
            received_at: Timestamp(example.received_us),
            region: example
                .region
                .and_then(|code| RegionCode::parse(&code).ok()),
            reach: example.reach,
            resemblance: example.resemblance,
            posts: example.posts,
        })
    });
    examples.collect()
}

/// Bucket width and start as little-endian `i64`, then each count as little-endian `u32`.
pub(crate) fn write_growth(growth: &Growth) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 + growth.counts.len() * 4);
    bytes.extend_from_slice(&growth.bucket_us.to_le_bytes());
    bytes.extend_from_slice(&growth.start.0.to_le_bytes());
    for count in &growth.counts {
        bytes.extend_from_slice(&count.to_le_bytes());
    }
    bytes
}

pub(crate) fn read_growth(bytes: &[u8]) -> Result<Growth, StoreError> {
    let bad = || StoreError::Unreadable {
        what: "growth",
        value: format!("{} bytes", bytes.len()),
    };
    let (bucket_us, rest) = bytes.split_first_chunk::<8>().ok_or_else(bad)?;
    let (start, rest) = rest.split_first_chunk::<8>().ok_or_else(bad)?;
    let (counts, left_over) = rest.as_chunks::<4>();
    if !left_over.is_empty() {
        return Err(bad());
    }
    Ok(Growth {
        bucket_us: i64::from_le_bytes(*bucket_us),
        start: Timestamp(i64::from_le_bytes(*start)),
        counts: counts
            .iter()
            .map(|count| u32::from_le_bytes(*count))
            .collect(),
    })
}

/// At most [`EXAMPLE_TEXT_BYTES`] of a text, cut between characters.
pub(crate) fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(EXAMPLE_TEXT_BYTES)]
}

/// A text a person searches for as a LIKE pattern with `\` as its escape.
pub(crate) fn contains_pattern(needle: &str) -> String {
    let mut pattern = String::from("%");
    for letter in needle.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
