//! One post as it comes over the wire or out of a file: a JSON object on one line.

use domain::Timestamp;
use domain::channel::{Channel, ChannelKind};
use domain::post::{Post, PostRefused};
use domain::region::RegionCode;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why a line was not taken: a stable reference and a sentence that says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRefused {
    /// For machines.
    pub reference: &'static str,
    /// For people.
    pub message: String,
}

impl LineRefused {
    fn new(reference: &'static str, message: impl Into<String>) -> Self {
        Self {
            reference,
            message: message.into(),
        }
    }
}

impl From<PostRefused> for LineRefused {
    fn from(refused: PostRefused) -> Self {
        Self::new(refused.reference(), refused.to_string())
    }
}

/// A post on the wire.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PostLine {
    /// Where it was seen.
    channel: ChannelLine,
    /// The channel's own identity of the post.
    external_id: String,
    /// The words of the post.
    text: String,
    /// RFC 3339, for example `2026-11-22T08:05:00+07:00`.
    published_at: String,
    /// Short language code.
    #[serde(default)]
    lang: Option<String>,
    /// Official region code, for example `15` or `15.05`.
    #[serde(default)]
    region: Option<String>,
    /// People reached.
    #[serde(default)]
    reach: Option<u64>,
    /// Addresses of pictures, videos and sound.
    #[serde(default)]
    media: Vec<String>,
    /// The author's handle; hashed with this installation's key before anything is stored.
    #[serde(default)]
    author: Option<String>,
    /// Anything else is kept as it came.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    extra: Map<String, Value>,
}

/// A channel on the wire.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ChannelLine {
    /// `x`, `facebook`, `instagram`, `threads`, `tiktok`, `youtube`, `whatsapp`, `telegram`,
    /// `news`, `tip` or `other`.
    kind: String,
    /// Account or site.
    #[serde(default, alias = "site")]
    account: Option<String>,
    /// Address of the post.
    #[serde(default)]
    url: Option<String>,
}

/// Reads one line received at `received_at`; the author becomes a keyed hash.
pub fn read_line(
    line: &[u8],
    received_at: Timestamp,
    author_key: &[u8; 32],
) -> Result<Post, LineRefused> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let at = error.valid_up_to();
        LineRefused::new(
            "line_not_utf8",
            format!("byte {at} is not UTF-8; send the line as UTF-8"),
        )
    })?;
    let line: PostLine = serde_json::from_str(text)
        .map_err(|error| LineRefused::new("line_not_a_post", not_a_post(&error)))?;
    let kind = ChannelKind::parse(&line.channel.kind).ok_or_else(|| {
        let known: Vec<&str> = ChannelKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let got: String = line.channel.kind.chars().take(40).collect();
        let message = format!("channel.kind {got:?} is not one of {}", known.join(", "));
        LineRefused::new("channel_kind_unknown", message)
    })?;
    let region = match line.region.as_deref().filter(|code| !code.is_empty()) {
        Some(code) => Some(
            RegionCode::parse(code)
                .map_err(|bad| LineRefused::new("region_code_bad", bad.to_string()))?,
        ),
        None => None,
    };
    let extra = (!line.extra.is_empty()).then(|| Value::Object(line.extra).to_string());
    let post = Post {
        channel: Channel {
            kind,
            account: line.channel.account.unwrap_or_default(),
            url: line.channel.url,
        },
        external_id: line.external_id,
        text: line.text,
        published_at: read_time(&line.published_at)?,
        received_at,
        lang: line.lang.filter(|lang| lang.len() <= 16),
        region,
        reach: line.reach.unwrap_or(0),
        media: line.media,
        author: line.author.map(|handle| pseudonym(&handle, author_key)),
        extra,
    };
    Ok(post.accept()?)
}

/// Longest part of a reader's complaint that is sent back, in characters; it may quote the line.
const COMPLAINT_CHARS: usize = 160;

/// What is wrong, and where; the place stands at the end of a complaint and is never cut off.
fn not_a_post(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    if whole.chars().count() <= COMPLAINT_CHARS {
        return format!("not a post: {whole}");
    }
    let shown: String = whole.chars().take(COMPLAINT_CHARS).collect();
    format!("not a post: {shown}… at column {}", error.column())
}

/// The keyed hash that stands for an author: the same for one handle, nothing to anyone without
/// the installation's key.
pub fn pseudonym(handle: &str, author_key: &[u8; 32]) -> String {
    let handle = handle.trim().trim_start_matches('@').to_lowercase();
    blake3::keyed_hash(author_key, handle.as_bytes()).to_hex()[..24].to_owned()
}

/// Reads RFC 3339 into microseconds UTC.
pub fn read_time(text: &str) -> Result<Timestamp, LineRefused> {
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Ok(Timestamp(instant.as_microsecond())),
        Err(_) => {
            let got: String = text.chars().take(40).collect();
            let message =
                format!("published_at {got:?} is not a time like 2026-11-22T08:05:00+07:00");
            Err(LineRefused::new("published_at_bad", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn read(line: &str) -> Result<Post, LineRefused> {
        read_line(line.as_bytes(), Timestamp(2_000_000_000_000_000), &KEY)
    }

    #[test]
    fn reads_a_post_and_keeps_what_it_does_not_know() {
        let post = read(
            r#"{"channel":{"kind":"x","account":"a","url":"https://x.example/1"},"external_id":"1",
            "text":"halo","published_at":"2026-11-22T08:05:00+07:00","region":"15.05","reach":9,
            "author":"@Budi","likes":3,"nested":{"a":[1]}}"#,
        )
        .expect("reads");
        assert_eq!(post.reach, 9);
        let extra: Value =
            serde_json::from_str(post.extra.as_deref().expect("extra")).expect("json");
        assert_eq!(extra["nested"]["a"][0], 1);
        assert_eq!(
            post.author.as_deref(),
            Some(pseudonym("budi", &KEY).as_str())
        );
        assert!(!post.author.expect("author").to_lowercase().contains("budi"));
    }

    #[test]
    fn every_refusal_says_what_and_how() {
        let cases = [
            ("{}", "line_not_a_post", "channel"),
            ("[1]", "line_not_a_post", "not a post"),
            (
                r#"{"channel":{"kind":"fax"},"external_id":"1","text":"a","published_at":"2026-01-01T00:00:00Z"}"#,
                "channel_kind_unknown",
                "one of x, facebook",
            ),
            (
                r#"{"channel":{"kind":"x"},"external_id":"1","text":"a","published_at":"kemarin"}"#,
                "published_at_bad",
                "kemarin",
            ),
            (
                r#"{"channel":{"kind":"x"},"external_id":"1","text":"a","published_at":"2026-01-01T00:00:00Z","region":"15.5"}"#,
                "region_code_bad",
                "15.5",
            ),
            (
                r#"{"channel":{"kind":"x"},"external_id":"1","text":"  ","published_at":"2026-01-01T00:00:00Z"}"#,
                "post_text_empty",
                "empty",
            ),
        ];
        for (line, reference, part) in cases {
            let refused = read(line).expect_err(line);
            assert_eq!(refused.reference, reference, "{line}");
            assert!(refused.message.contains(part), "{}", refused.message);
        }
        let quoting = format!(r#"{{"channel":"{}"}}"#, "a".repeat(100_000));
        let refused = read(&quoting).expect_err("no channel");
        assert!(
            refused.message.len() < 300 && refused.message.contains("at column 1000"),
            "{}",
            refused.message
        );
        let refused = read_line(b"{\"a\":\"\xff\"}", Timestamp(0), &KEY).expect_err("utf8");
        assert_eq!(refused.reference, "line_not_utf8");
    }
}
