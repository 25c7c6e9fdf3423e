//! How a post stands in the log: one JSON object a line, so that other tools can read it.

use domain::Timestamp;
use domain::channel::{Channel, ChannelKind};
use domain::post::Post;
use domain::region::RegionCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    kind: &'a str,
    #[serde(borrow, default, skip_serializing_if = "is_empty")]
    account: std::borrow::Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    url: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    external_id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
    published_us: i64,
    received_us: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    lang: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(default)]
    reach: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    media: Vec<String>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    author: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    extra: Option<&'a RawValue>,
}

fn is_empty(text: &str) -> bool {
    text.is_empty()
}

/// Appends the post as one line, newline included.
pub fn write(post: &Post, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let extra = match &post.extra {
        Some(json) => Some(serde_json::from_str::<&RawValue>(json)?),
        None => None,
    };
    let line = Line {
        kind: post.channel.kind.as_str(),
        account: post.channel.account.as_str().into(),
        url: post.channel.url.as_deref().map(Into::into),
        external_id: post.external_id.as_str().into(),
        text: post.text.as_str().into(),
        published_us: post.published_at.0,
        received_us: post.received_at.0,
        lang: post.lang.as_deref().map(Into::into),
        region: post.region.as_ref().map(RegionCode::as_str),
        reach: post.reach,
        media: post.media.clone(),
        author: post.author.as_deref().map(Into::into),
        extra,
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(())
}

/// Reads one line back.
pub fn read(line: &[u8]) -> Result<Post, serde_json::Error> {
    let line: Line<'_> = serde_json::from_slice(line)?;
    Ok(Post {
        channel: Channel {
            kind: ChannelKind::parse(line.kind).unwrap_or(ChannelKind::Other),
            account: line.account.into_owned(),
            url: line.url.map(Into::into),
        },
        external_id: line.external_id.into_owned(),
        text: line.text.into_owned(),
        published_at: Timestamp(line.published_us),
        received_at: Timestamp(line.received_us),
        lang: line.lang.map(Into::into),
        region: line.region.and_then(|code| RegionCode::parse(code).ok()),
        reach: line.reach,
        media: line.media,
        author: line.author.map(Into::into),
        extra: line.extra.map(|raw| raw.get().to_owned()),
    })
}

/// All posts of one frame's payload.
pub fn read_all(payload: &[u8]) -> Result<Vec<Post>, serde_json::Error> {
    payload
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(read)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_reads_back_as_it_was() {
        let post = Post {
            channel: Channel {
                kind: ChannelKind::TikTok,
                account: "akun \"resmi\"".into(),
                url: Some("https://example.org/ü".into()),
            },
            external_id: "1\n2".into(),
            text: "baris satu\nbaris dua \u{202e} 😀 \\".into(),
            published_at: Timestamp(-5),
            received_at: Timestamp(7),
            lang: Some("id".into()),
            region: RegionCode::parse("15.05").ok(),
            reach: u64::MAX,
            media: vec!["https://example.org/a.jpg".into()],
            author: Some("h4sh".into()),
            extra: Some(r#"{"likes":3}"#.into()),
        };
        let mut payload = Vec::new();
        write(&post, &mut payload).expect("writes");
        write(&post, &mut payload).expect("writes");
        assert_eq!(read_all(&payload).expect("reads"), vec![post.clone(), post]);
    }
}
