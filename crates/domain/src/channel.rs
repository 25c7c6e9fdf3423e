//! Channels: where sightings come from.

use std::fmt;

macro_rules! channel_kinds {
    ($($(#[$doc:meta])* $variant:ident => $word:literal,)+) => {
        /// The kind of place a post was seen in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ChannelKind { $($(#[$doc])* $variant,)+ }

        impl ChannelKind {
            /// Every kind, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files, addresses and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back; `None` when it is not one of ours.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

channel_kinds! {
    /// X, formerly Twitter.
    X => "x",
    /// Facebook.
    Facebook => "facebook",
    /// Instagram.
    Instagram => "instagram",
    /// Threads.
    Threads => "threads",
    /// TikTok.
    TikTok => "tiktok",
    /// YouTube.
    YouTube => "youtube",
    /// WhatsApp messages that people forwarded to us; never read from private groups.
    WhatsApp => "whatsapp",
    /// Public Telegram channels.
    Telegram => "telegram",
    /// Articles of news portals.
    News => "news",
    /// Tips of citizens through our own form.
    Tip => "tip",
    /// Any other public place.
    Other => "other",
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a post was seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Channel {
    /// What kind of place it is.
    pub kind: ChannelKind,
    /// The account or site within that kind; empty when the place has no accounts.
    pub account: String,
    /// The address of the post itself, when it has one.
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in ChannelKind::ALL {
            assert_eq!(ChannelKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(ChannelKind::parse("twitter"), None);
    }
}
