//! Named cache policies; a page declares one of them.

use axum::http::HeaderValue;

/// How long an answer may be kept, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Anyone may keep it for a minute: lists that grow.
    PublicMinute,
    /// Anyone may keep it for five minutes: pages that seldom change.
    PublicFiveMinutes,
    /// Anyone may keep it for a year: its address carries its content's hash.
    PublicImmutable,
    /// Nobody may keep it: it belongs to one person or answers one message.
    PrivateNoStore,
}

impl Cache {
    /// The `Cache-Control` header of this policy.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::PublicMinute => "public, max-age=60, stale-while-revalidate=300",
            Self::PublicFiveMinutes => "public, max-age=300, stale-while-revalidate=3600",
            Self::PublicImmutable => "public, max-age=31536000, immutable",
            Self::PrivateNoStore => "private, no-store",
        })
    }

    /// Whether others than the visitor may keep it.
    pub fn is_public(self) -> bool {
        self != Self::PrivateNoStore
    }
}
