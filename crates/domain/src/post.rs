//! A post: one piece of public content as collected, immutable once accepted.

use crate::channel::Channel;
use crate::limits;
use crate::region::RegionCode;
use crate::timestamp::Timestamp;

/// One piece of public content, accepted and dated.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Where it was seen.
    pub channel: Channel,
    /// The channel's own identity of the post; with the channel it is counted once, ever.
    pub external_id: String,
    /// The text as collected.
    pub text: String,
    /// When the channel says it was published; never later than `received_at` by more than
    /// [`limits::PUBLISHED_AHEAD_US`].
    pub published_at: Timestamp,
    /// When we received it: the only clock the stream knows.
    pub received_at: Timestamp,
    /// The collector's language guess, as a short code.
    pub lang: Option<String>,
    /// The collector's region, by official code.
    pub region: Option<RegionCode>,
    /// How many people it reached, when the channel tells.
    pub reach: u64,
    /// Addresses of pictures, videos and sound.
    pub media: Vec<String>,
    /// Keyed hash of the author, so that one author can be counted without being known.
    pub author: Option<String>,
    /// Fields we do not know, as a JSON object, kept as they came.
    pub extra: Option<String>,
}

/// Why a post was refused; each names the field and the limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostRefused {
    /// The text is missing or only white space.
    #[error("text is empty; send the words of the post, or leave the post out")]
    EmptyText,
    /// The text is too long.
    #[error("text has {bytes} bytes; at most {limit} are taken", limit = limits::POST_TEXT_BYTES)]
    TextTooLong {
        /// Its length.
        bytes: usize,
    },
    /// The external id is missing.
    #[error("external_id is empty; send the channel's own identity of the post")]
    EmptyExternalId,
    /// A short field is too long.
    #[error("{field} has {bytes} bytes; at most {limit} are taken")]
    FieldTooLong {
        /// The field's name on the wire.
        field: &'static str,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many media addresses.
    #[error("media has {count} addresses; at most {limit} are taken", limit = limits::MEDIA_PER_POST)]
    TooManyMedia {
        /// How many came.
        count: usize,
    },
}

impl PostRefused {
    /// The stable reference of this refusal, for machines.
    pub fn reference(&self) -> &'static str {
        match self {
            Self::EmptyText => "post_text_empty",
            Self::TextTooLong { .. } => "post_text_too_long",
            Self::EmptyExternalId => "post_external_id_empty",
            Self::FieldTooLong { .. } => "post_field_too_long",
            Self::TooManyMedia { .. } => "post_media_too_many",
        }
    }
}

impl Post {
    /// Checks the limits and clamps a publication time that lies ahead of our clock.
    pub fn accept(mut self) -> Result<Self, PostRefused> {
        if self.text.trim().is_empty() {
            return Err(PostRefused::EmptyText);
        }
        if self.text.len() > limits::POST_TEXT_BYTES {
            return Err(PostRefused::TextTooLong {
                bytes: self.text.len(),
            });
        }
        if self.external_id.is_empty() {
            return Err(PostRefused::EmptyExternalId);
        }
        short("external_id", &self.external_id, limits::EXTERNAL_ID_BYTES)?;
        short(
            "channel.account",
            &self.channel.account,
            limits::ACCOUNT_BYTES,
        )?;
        short(
            "channel.url",
            self.channel.url.as_deref().unwrap_or_default(),
            limits::URL_BYTES,
        )?;
        short(
            "extra",
            self.extra.as_deref().unwrap_or_default(),
            limits::EXTRA_BYTES,
        )?;
        if self.media.len() > limits::MEDIA_PER_POST {
            return Err(PostRefused::TooManyMedia {
                count: self.media.len(),
            });
        }
        for address in &self.media {
            short("media", address, limits::URL_BYTES)?;
        }
        let latest = self.received_at.plus_us(limits::PUBLISHED_AHEAD_US);
        if self.published_at > latest {
            self.published_at = self.received_at;
        }
        Ok(self)
    }

    /// When the post counts as seen: its publication, but never later than its receipt. An old
    /// archive brought in today is counted in its own time and never looks like a surge.
    pub fn seen_at(&self) -> Timestamp {
        self.published_at.min(self.received_at)
    }
}

fn short(field: &'static str, value: &str, limit: usize) -> Result<(), PostRefused> {
    if value.len() > limit {
        return Err(PostRefused::FieldTooLong {
            field,
            bytes: value.len(),
            limit,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::ChannelKind;

    fn post() -> Post {
        Post {
            channel: Channel {
                kind: ChannelKind::X,
                account: "a".into(),
                url: None,
            },
            external_id: "1".into(),
            text: "surat suara".into(),
            published_at: Timestamp(5),
            received_at: Timestamp(10),
            lang: None,
            region: None,
            reach: 0,
            media: vec![],
            author: None,
            extra: None,
        }
    }

    #[test]
    fn refuses_what_breaks_a_limit_and_says_which() {
        let empty = Post {
            text: " \n".into(),
            ..post()
        };
        assert_eq!(empty.accept(), Err(PostRefused::EmptyText));
        let long = Post {
            text: "x".repeat(limits::POST_TEXT_BYTES + 1),
            ..post()
        };
        assert_eq!(long.accept().unwrap_err().reference(), "post_text_too_long");
        let nameless = Post {
            external_id: String::new(),
            ..post()
        };
        assert_eq!(nameless.accept(), Err(PostRefused::EmptyExternalId));
        let wide = Post {
            external_id: "x".repeat(600),
            ..post()
        };
        assert!(
            wide.accept()
                .unwrap_err()
                .to_string()
                .contains("external_id has 600 bytes")
        );
    }

    #[test]
    fn a_post_from_the_future_is_dated_by_our_clock() {
        let ahead = Post {
            published_at: Timestamp(i64::MAX),
            ..post()
        };
        assert_eq!(
            ahead.accept().expect("accepted").published_at,
            Timestamp(10)
        );
    }

    #[test]
    fn an_archive_counts_in_its_own_time() {
        assert_eq!(post().seen_at(), Timestamp(5));
        assert_eq!(
            Post {
                published_at: Timestamp(12),
                ..post()
            }
            .seen_at(),
            Timestamp(10)
        );
    }
}
