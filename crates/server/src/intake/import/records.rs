//! A record of a file as the post or the fact-check it stands for.

use std::collections::HashSet;

use domain::Timestamp;
use domain::channel::ChannelKind;
use domain::fact_check::{Deception, FactCheck, Origin, Rating};
use domain::{FactCheckId, limits};
use serde_json::{Map, Value, json};

use super::mapping::Mapping;
use super::reader::Record;
use super::times::read_time;

/// The date of a check whose date nobody wrote down: 1970-01-01, so that importing it again
/// changes nothing.
pub(super) const DATE_UNKNOWN: Timestamp = Timestamp(0);

/// What a file does not say of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Defaults {
    /// The kind of channel, as a word, where no column says it.
    pub(super) channel: Option<String>,
    /// The publisher where no column says it.
    pub(super) publisher: Option<String>,
}

/// The record as one line of the wire format of posts, which is then read as any other is.
pub(super) fn post_line(
    record: &Record,
    mapping: &Mapping,
    defaults: &Defaults,
) -> Result<Value, String> {
    let text = mapping.text("text", record).ok_or("the text is empty")?;
    let written = mapping
        .text("published_at", record)
        .ok_or("the time is missing")?;
    let at = read_time(&written).ok_or_else(|| format!("{written:?} is not a time"))?;
    let at = jiff::Timestamp::from_microsecond(at.0)
        .map_err(|_| format!("{written:?} is not a time"))?;
    let url = mapping.text("channel.url", record);
    let word = mapping
        .text("channel.kind", record)
        .or_else(|| defaults.channel.clone());
    let kind = match &word {
        Some(word) => {
            channel_kind(word).ok_or_else(|| format!("{word:?} is no kind of channel"))?
        }
        None => url.as_deref().map_or(ChannelKind::Other, kind_of_address),
    };
    let id = mapping.text("external_id", record);
    let id = id.unwrap_or_else(|| digest(&[kind.as_str(), &text, &at.to_string()]));
    let mut line = extras(record, mapping);
    let mut channel = Map::new();
    channel.insert("kind".into(), kind.as_str().into());
    channel.extend(
        mapping
            .text("channel.account", record)
            .map(|account| ("account".to_owned(), account.into())),
    );
    channel.extend(url.map(|url| ("url".to_owned(), url.into())));
    line.insert("channel".into(), channel.into());
    line.insert("external_id".into(), id.into());
    line.insert("text".into(), text.into());
    line.insert("published_at".into(), at.to_string().into());
    for name in ["author", "lang", "region"] {
        line.extend(
            mapping
                .text(name, record)
                .map(|value| (name.to_owned(), value.into())),
        );
    }
    if let Some(value) = mapping.text("reach", record) {
        line.insert("reach".into(), reach(&value)?.into());
    }
    if let Some(value) = mapping.value("media", record) {
        line.insert("media".into(), addresses(value).into());
    }
    Ok(line.into())
}

/// Columns without a field are kept; one that is named like a field of the wire goes under
/// `columns`, so that it cannot be taken for it.
fn extras(record: &Record, mapping: &Mapping) -> Map<String, Value> {
    const WIRE: [&str; 9] = [
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
    let mut extras = Map::new();
    let mut aside = Map::new();
    for (column, value) in mapping.left_over_of(record) {
        let place = if WIRE.contains(&column.as_str()) {
            &mut aside
        } else {
            &mut extras
        };
        place.insert(column.clone(), value.clone());
    }
    if !aside.is_empty() {
        extras.insert("columns".into(), aside.into());
    }
    extras
}

/// The words exports use for the kinds of channel.
fn channel_kind(word: &str) -> Option<ChannelKind> {
    let word = word.trim().to_lowercase();
    ChannelKind::parse(&word).or(match word.as_str() {
        "twitter" | "x.com" | "tweet" => Some(ChannelKind::X),
        "fb" | "meta" => Some(ChannelKind::Facebook),
        "ig" | "insta" => Some(ChannelKind::Instagram),
        "yt" => Some(ChannelKind::YouTube),
        "wa" => Some(ChannelKind::WhatsApp),
        "tele" | "tg" => Some(ChannelKind::Telegram),
        "tik tok" | "tt" => Some(ChannelKind::TikTok),
        "berita" | "portal" | "media online" | "online" | "web" => Some(ChannelKind::News),
        "lainnya" | "lain" => Some(ChannelKind::Other),
        _ => None,
    })
}

fn kind_of_address(address: &str) -> ChannelKind {
    let host = url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    let site = host
        .strip_prefix("www.")
        .or_else(|| host.strip_prefix("m."))
        .unwrap_or(&host);
    match site {
        "x.com" | "twitter.com" => ChannelKind::X,
        "facebook.com" | "fb.com" | "fb.watch" => ChannelKind::Facebook,
        "instagram.com" => ChannelKind::Instagram,
        "threads.net" | "threads.com" => ChannelKind::Threads,
        "tiktok.com" | "vt.tiktok.com" => ChannelKind::TikTok,
        "youtube.com" | "youtu.be" => ChannelKind::YouTube,
        "t.me" => ChannelKind::Telegram,
        _ => ChannelKind::Other,
    }
}

/// `1.234`, `1,234` and `1234` are the same number of people; below zero is none.
fn reach(written: &str) -> Result<u64, String> {
    let digits: String = written
        .chars()
        .filter(|c| !matches!(c, '.' | ',' | ' ' | '_'))
        .collect();
    if let Some(rest) = written.trim().strip_suffix(".0") {
        return reach(rest);
    }
    match digits.parse::<i64>() {
        Ok(number) => Ok(u64::try_from(number).unwrap_or(0)),
        Err(_) => Err(format!("reach {written:?} is not a number")),
    }
}

fn addresses(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Value::String(text) => text
            .split([' ', ';', '\n', '|'])
            .filter(|part| part.contains("://"))
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// An identity made from what the record says, so that the same line has the same one again.
fn digest(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("d:{}", &hasher.finalize().to_hex()[..32])
}

/// The record as a fact-check of a publisher's archive.
pub(super) fn fact_check(
    record: &Record,
    mapping: &Mapping,
    defaults: &Defaults,
    id: FactCheckId,
) -> Result<FactCheck, String> {
    let text = |field: &str| {
        mapping
            .text(field, record)
            .map(|text| text.trim().to_owned())
    };
    let claim = text("claim").ok_or("the claim is empty")?;
    let chars = claim.chars().count();
    if chars > limits::CLAIM_CHARS {
        return Err(format!(
            "the claim has {chars} characters; at most {}",
            limits::CLAIM_CHARS
        ));
    }
    let url = text("url");
    if let Some(url) = &url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        return Err(format!("{url:?} is not an http or https address"));
    }
    let publisher = text("publisher")
        .or_else(|| defaults.publisher.clone())
        .or_else(|| url.as_deref().and_then(site_of));
    let publisher = publisher.ok_or("the publisher is missing; name it with --publisher")?;
    let published_at = match text("published_at") {
        Some(written) => read_time(&written).ok_or_else(|| format!("{written:?} is not a date"))?,
        None => DATE_UNKNOWN,
    };
    let verdict = text("verdict");
    let label = text("label");
    let (rating, satire) = rating(verdict.as_deref(), label.as_deref());
    let deception = text("deception").and_then(|word| deception_of(&word));
    let external_id = text("external_id")
        .unwrap_or_else(|| digest(&[&publisher, &claim, url.as_deref().unwrap_or_default()]));
    Ok(FactCheck {
        id,
        external_id,
        publisher,
        origin: Origin::Imported,
        claim,
        rating,
        label: label.or(verdict).unwrap_or_default(),
        deception: deception.or(satire.then_some(Deception::Satire)),
        explanation: text("explanation").unwrap_or_default(),
        narrative: text("narrative"),
        evidence: mapping
            .value("evidence", record)
            .map(addresses)
            .unwrap_or_default(),
        url,
        published_at,
        revision: 0,
    })
}

/// Our own words, and the plain one for misleading content.
fn deception_of(word: &str) -> Option<Deception> {
    Deception::parse(word).or((word == "misleading").then_some(Deception::Misleading))
}

fn site_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// The common rating, and whether the label says satire. A label we do not know leaves the claim
/// unproven: the label itself is kept word for word, and no truth value is made up.
fn rating(verdict: Option<&str>, label: Option<&str>) -> (Rating, bool) {
    let words: Vec<String> = [verdict, label]
        .into_iter()
        .flatten()
        .flat_map(|text| {
            let parts = text
                .split(['+', '/', ','])
                .map(|part| part.trim().to_lowercase());
            std::iter::once(text.trim().to_lowercase())
                .chain(parts)
                .collect::<Vec<_>>()
        })
        .collect();
    let known = words
        .iter()
        .find_map(|word| match Rating::from_label(word) {
            Some(Rating::Unproven) | None => archive_word(word),
            rating => rating,
        });
    let satire = words
        .iter()
        .any(|word| matches!(word.as_str(), "satire" | "satir" | "parodi"));
    (known.unwrap_or(Rating::Unproven), satire)
}

/// Labels of Indonesian archives beside those of the model.
fn archive_word(word: &str) -> Option<Rating> {
    match word {
        "penipuan" | "fitnah" => Some(Rating::False),
        "hasut" | "satire" | "satir" | "parodi" => Some(Rating::Misleading),
        _ => None,
    }
}

/// External ids that appear twice in one batch: the store takes each once, the last one wins.
pub(super) fn last_of_each(checks: Vec<FactCheck>) -> Vec<FactCheck> {
    let mut seen = HashSet::new();
    let mut kept: Vec<FactCheck> = checks
        .into_iter()
        .rev()
        .filter(|check| seen.insert((check.publisher.clone(), check.external_id.clone())))
        .collect();
    kept.reverse();
    kept
}

/// A rejected line as it is written beside the file.
pub(super) fn rejected_line(number: u64, reference: &str, message: &str, raw: &str) -> String {
    json!({ "line": number, "reference": reference, "message": message, "raw": raw }).to_string()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::mapping::Subject;
    use super::super::reader::Line;
    use super::*;

    fn record(text: &str) -> Record {
        serde_json::from_str(text).expect("record")
    }

    fn mapped(subject: Subject, record: &Record) -> Mapping {
        let line = Line {
            number: 1,
            raw: String::new(),
            record: Ok(record.clone()),
        };
        Mapping::guess(subject, &[line], None).expect("guessed")
    }

    fn post(text: &str) -> Result<Value, String> {
        let record = record(text);
        post_line(
            &record,
            &mapped(Subject::Posts, &record),
            &Defaults::default(),
        )
    }

    fn check(text: &str) -> Result<FactCheck, String> {
        let record = record(text);
        let mapping = mapped(Subject::FactChecks, &record);
        fact_check(
            &record,
            &mapping,
            &Defaults::default(),
            FactCheckId(Uuid::nil()),
        )
    }

    #[test]
    fn an_export_becomes_a_line_of_the_wire() {
        let line = post(
            r#"{"id":7,"platform":"Twitter","created_at":"2024-02-14 08:30:00","text":"halo","likes":"1.234","author":"a","retweets":5,"source":"z"}"#,
        );
        let line = line.expect("a post");
        let wanted = json!({
            "channel": {"kind": "x"}, "external_id": "7", "text": "halo",
            "published_at": "2024-02-14T01:30:00Z", "author": "a", "reach": 1234, "retweets": 5, "source": "z",
        });
        assert_eq!(line, wanted);
    }

    #[test]
    fn without_an_id_the_same_line_has_the_same_one_and_another_has_another() {
        let of = |text: &str| {
            let line = format!(
                r#"{{"teks":"{text}","tanggal":"2024-02-14","tautan":"https://www.tiktok.com/@a/1"}}"#
            );
            let line = post(&line).expect("a post");
            assert_eq!(line["channel"]["kind"], "tiktok");
            line["external_id"].as_str().expect("id").to_owned()
        };
        assert_eq!(of("halo"), of("halo"));
        assert_ne!(of("halo"), of("halo!"));
    }

    #[test]
    fn what_is_wrong_with_a_post_is_said() {
        for (text, part) in [
            (r#"{"teks":"a","tanggal":"kemarin"}"#, "kemarin"),
            (r#"{"teks":" ","tanggal":"2024-02-14"}"#, "text is empty"),
            (
                r#"{"teks":"a","tanggal":"2024-02-14","kanal":"faks"}"#,
                "faks",
            ),
            (
                r#"{"teks":"a","tanggal":"2024-02-14","suka":"banyak"}"#,
                "banyak",
            ),
        ] {
            let refused = post(text).expect_err(text);
            assert!(refused.contains(part), "{refused}");
        }
    }

    #[test]
    fn a_line_of_an_archive_becomes_a_check() {
        let found = check(
            r#"{"doc_id":"t:1","org":"tempo","claim":" Klaim ","verdict":"false","tag":"KELIRU","date":"2024-02-14","url":"https://a.example/1","explanation":"E"}"#,
        )
        .expect("a check");
        assert_eq!(
            (found.external_id.as_str(), found.publisher.as_str()),
            ("t:1", "tempo")
        );
        assert_eq!(
            (found.claim.as_str(), found.rating, found.label.as_str()),
            ("Klaim", Rating::False, "KELIRU")
        );
        assert_eq!(found.published_at, Timestamp(1_707_843_600_000_000));
        let bare = check(r#"{"klaim":"a","tautan":"https://www.a.example/1"}"#).expect("a check");
        assert_eq!(
            (bare.publisher.as_str(), bare.published_at),
            ("a.example", DATE_UNKNOWN)
        );
        assert_eq!(bare.rating, Rating::Unproven);
    }

    #[test]
    fn labels_of_archives() {
        for (verdict, label, wanted) in [
            ("unknown", Some("HOAX/FITNAH"), Rating::False),
            ("unknown", Some("PENIPUAN"), Rating::False),
            ("unknown", Some("DISINFORMASI+HASUT"), Rating::False),
            ("clarification", Some("KLARIFIKASI"), Rating::Unproven),
            ("satire", Some("PARODI"), Rating::Misleading),
            ("true", Some("BENAR"), Rating::True),
            ("unproven", None, Rating::Unproven),
        ] {
            assert_eq!(
                rating(Some(verdict), label).0,
                wanted,
                "{verdict} {label:?}"
            );
        }
        assert!(rating(Some("satire"), None).1);
    }

    #[test]
    fn what_is_wrong_with_a_check_is_said() {
        let long = format!(r#"{{"klaim":"{}","org":"a"}}"#, "x".repeat(501));
        for (text, part) in [
            (r#"{"klaim":"a"}"#, "--publisher"),
            (r#"{"klaim":"a","org":"b","tanggal":"kapan"}"#, "kapan"),
            (
                r#"{"klaim":"a","org":"b","url":"javascript:x"}"#,
                "javascript",
            ),
            (long.as_str(), "501 characters"),
        ] {
            let refused = check(text).expect_err(text);
            assert!(refused.contains(part), "{refused}");
        }
    }
}
