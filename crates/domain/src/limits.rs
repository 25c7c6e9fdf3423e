//! Every limit of the rules, with its unit in its name.

/// A post's text, in bytes of UTF-8. Longer text is refused at intake with its length.
pub const POST_TEXT_BYTES: usize = 100_000;
/// An external id, in bytes.
pub const EXTERNAL_ID_BYTES: usize = 512;
/// An account or site name, in bytes.
pub const ACCOUNT_BYTES: usize = 256;
/// Any address, in bytes.
pub const URL_BYTES: usize = 2_048;
/// Media addresses of one post.
pub const MEDIA_PER_POST: usize = 32;
/// What may stand in a post's unknown fields, in bytes of JSON.
pub const EXTRA_BYTES: usize = 16_384;
/// How far ahead of our clock a post may claim to be published before it is clamped, in microseconds.
pub const PUBLISHED_AHEAD_US: i64 = 10 * crate::Timestamp::MINUTE_US;

/// A case lock is released after this long without a sign of its holder, in microseconds.
pub const CASE_LOCK_IDLE_US: i64 = 15 * crate::Timestamp::MINUTE_US;
/// A claim sentence of a check, in characters.
pub const CLAIM_CHARS: usize = 500;
/// An explanation in Markdown, in characters.
pub const EXPLANATION_CHARS: usize = 40_000;
/// A reviewer's note, in characters.
pub const NOTE_CHARS: usize = 2_000;
/// Evidence links of one check.
pub const EVIDENCE_LINKS: usize = 50;

/// A cluster sleeps after this long without a post, in microseconds.
pub const CLUSTER_DORMANT_AFTER_US: i64 = 6 * crate::Timestamp::HOUR_US;
/// A sleeping cluster leaves memory after this long without a post, in microseconds.
pub const CLUSTER_CLOSED_AFTER_US: i64 = 72 * crate::Timestamp::HOUR_US;

/// A tip's text, in characters.
pub const TIP_TEXT_CHARS: usize = 10_000;
/// A password that is the only proof, in characters, at least (NIST SP 800-63B-4, 3.1.1.2).
pub const PASSWORD_ALONE_MIN_CHARS: usize = 15;
/// A password beside a second factor, in characters, at least (the same).
pub const PASSWORD_BESIDE_MIN_CHARS: usize = 8;
/// A password, in characters, at most: hashing cost is bounded.
pub const PASSWORD_MAX_CHARS: usize = 128;
/// Passkeys of one member, at most.
pub const PASSKEYS_PER_MEMBER: usize = 10;
/// The name a member gives to a passkey, in characters, at most.
pub const PASSKEY_NAME_CHARS: usize = 60;
/// An invitation works this long, in microseconds.
pub const INVITATION_LIFE_US: i64 = 7 * crate::Timestamp::DAY_US;
/// A service key works at most this long, in microseconds.
pub const KEY_LIFE_MAX_US: i64 = 366 * crate::Timestamp::DAY_US;
/// Days before the end of a service key on which it is announced.
pub const KEY_END_ANNOUNCED_DAYS: [i64; 2] = [30, 7];
