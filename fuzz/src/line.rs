//! One line of `POST /api/v1/posts`, whatever stands on it.
//!
//! Oracle: the line as plain JSON, judged by the rules of the API's page. A line that keeps them
//! must be taken with every field as it came, one that breaks them must not, and what was taken
//! must come back from the log as it went in.

use domain::post::Post;
use domain::{Timestamp, limits};
use serde_json::{Map, Value};

// The two files stand on their own; the server around them would only have to be built.
#[path = "../../crates/server/src/intake/line.rs"]
mod reader;
#[path = "../../crates/server/src/intake/record.rs"]
mod record;

const RECEIVED: Timestamp = Timestamp(1_795_336_200_000_000);
const KEY: [u8; 32] = [7; 32];
/// What a refusal may say at most, in bytes: a sender of nonsense does not choose our answers.
const MESSAGE_MAX_BYTES: usize = 1_024;
const KNOWN: [&str; 9] = [
    "channel",
    "external_id",
    "text",
    "published_at",
    "lang",
    "region",
    "reach",
    "media",
    "author",
];

/// Reads a line and holds the outcome to the rules.
pub fn check(data: &[u8]) {
    let judged = judged(data);
    match reader::read_line(data, RECEIVED, &KEY) {
        Ok(post) => {
            let line = judged.unwrap_or_else(|why| panic!("taken, although {why}"));
            same(&post, &line);
            same_after_the_log(&post);
        }
        Err(refused) => {
            assert!(!refused.reference.is_empty() && !refused.message.is_empty());
            assert!(
                refused.message.len() <= MESSAGE_MAX_BYTES,
                "{} bytes of answer",
                refused.message.len()
            );
            let twice = refused.message.contains("duplicate field");
            assert!(
                judged.is_err() || twice,
                "refused without a reason: {refused:?}"
            );
        }
    }
}

/// The line's fields, or the rule it breaks.
fn judged(data: &[u8]) -> Result<Map<String, Value>, &'static str> {
    let text = std::str::from_utf8(data).map_err(|_| "it is no UTF-8")?;
    let Ok(Value::Object(line)) = serde_json::from_str(text) else {
        return Err("it is no JSON object");
    };
    let Some(Value::Object(channel)) = line.get("channel") else {
        return Err("it has no channel");
    };
    let kinds = domain::channel::ChannelKind::ALL
        .iter()
        .map(|kind| kind.as_str());
    let kind = channel
        .get("kind")
        .and_then(Value::as_str)
        .ok_or("no kind")?;
    holds(
        kinds.into_iter().any(|known| known == kind),
        "its kind is unknown",
    )?;
    holds(
        !(channel.contains_key("account") && channel.contains_key("site")),
        "it says twice on which account",
    )?;
    let account = channel.get("account").or_else(|| channel.get("site"));
    optional_text(account, limits::ACCOUNT_BYTES)?;
    optional_text(channel.get("url"), limits::URL_BYTES)?;
    let words = required_text(&line, "text", limits::POST_TEXT_BYTES)?;
    holds(!words.trim().is_empty(), "its text is blank")?;
    let id = required_text(&line, "external_id", limits::EXTERNAL_ID_BYTES)?;
    holds(!id.is_empty(), "its id is empty")?;
    let published = required_text(&line, "published_at", usize::MAX)?;
    holds(
        published.parse::<jiff::Timestamp>().is_ok(),
        "its time is none",
    )?;
    optional_text(line.get("lang"), usize::MAX)?;
    optional_text(line.get("author"), usize::MAX)?;
    optional_text(line.get("region"), usize::MAX)?;
    let region = line
        .get("region")
        .and_then(Value::as_str)
        .unwrap_or_default();
    holds(is_region(region), "its region is no code")?;
    let reach = line
        .get("reach")
        .is_none_or(|reach| reach.is_null() || reach.is_u64());
    holds(reach, "its reach is no count")?;
    let media = line.get("media").map_or(Some(Vec::new()), |media| {
        let media = media.as_array()?;
        media.iter().map(Value::as_str).collect::<Option<Vec<_>>>()
    });
    let media = media.ok_or("its media are no addresses")?;
    holds(
        media.len() <= limits::MEDIA_PER_POST,
        "it has too many media",
    )?;
    holds(
        media.iter().all(|it| it.len() <= limits::URL_BYTES),
        "a long address",
    )?;
    let extra = extra(&line);
    holds(
        extra.is_none_or(|json| json.len() <= limits::EXTRA_BYTES),
        "too much besides",
    )?;
    Ok(line)
}

fn holds(rule: bool, why: &'static str) -> Result<(), &'static str> {
    rule.then_some(()).ok_or(why)
}

fn required_text<'a>(
    line: &'a Map<String, Value>,
    field: &str,
    most: usize,
) -> Result<&'a str, &'static str> {
    let text = line.get(field).and_then(Value::as_str);
    let text = text.ok_or("a text is missing")?;
    holds(text.len() <= most, "a text is too long")?;
    Ok(text)
}

fn optional_text(value: Option<&Value>, most: usize) -> Result<(), &'static str> {
    match value {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(text)) => holds(text.len() <= most, "a field is too long"),
        Some(_) => Err("a field is no text"),
    }
}

/// Two digits, two, two and four, with dots between them.
fn is_region(code: &str) -> bool {
    let mask: String = code
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    ["", "99", "99.99", "99.99.99", "99.99.99.9999"].contains(&mask.as_str())
}

fn extra(line: &Map<String, Value>) -> Option<String> {
    let unknown: Map<String, Value> = line
        .iter()
        .filter(|(name, _)| !KNOWN.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    (!unknown.is_empty()).then(|| Value::Object(unknown).to_string())
}

fn same(post: &Post, line: &Map<String, Value>) {
    let text = |field: &str| line.get(field).and_then(Value::as_str);
    assert_eq!(Some(post.text.as_str()), text("text"));
    assert_eq!(Some(post.external_id.as_str()), text("external_id"));
    assert_eq!(post.extra, extra(line));
    assert_eq!(post.received_at, RECEIVED);
    assert_eq!(
        post.reach,
        line.get("reach").and_then(Value::as_u64).unwrap_or(0)
    );
    assert!(post.published_at.0 <= RECEIVED.0 + limits::PUBLISHED_AHEAD_US);
    let region = post.region.as_ref().map_or("", |region| region.as_str());
    assert_eq!(region, text("region").unwrap_or_default());
    // Nobody finds the handle in what is kept.
    if let Some(handle) = text("author") {
        let kept = post.author.as_deref().expect("a pseudonym");
        assert!(kept.len() == 24 && kept.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(kept, handle);
    }
    assert_eq!(post.author.is_some(), text("author").is_some());
}

fn same_after_the_log(post: &Post) {
    let mut frame = Vec::new();
    record::write(post, &mut frame).expect("written");
    record::write(post, &mut frame).expect("written");
    let back = record::read_all(&frame).expect("a frame comes back");
    assert_eq!(back.len(), 2, "a post broke its line");
    for post_back in back {
        assert_eq!(&post_back, post);
    }
}
