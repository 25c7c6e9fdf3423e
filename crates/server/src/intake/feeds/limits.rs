//! Every limit of feed polling, with its unit in its name.

use domain::Timestamp;

/// A feed, sitemap or page after decompression, in bytes.
pub const BODY_BYTES: usize = 4 << 20;
/// One document with all its redirects, in milliseconds.
pub const FETCH_MS: u64 = 20_000;
/// Until a connection stands, in milliseconds.
pub const CONNECT_MS: u64 = 5_000;
/// Redirects followed for one document.
pub const REDIRECTS: usize = 5;
/// Pause between two requests to one host, in milliseconds.
pub const HOST_GAP_MS: u64 = 1_000;
/// Hosts whose last request is remembered.
pub const HOSTS: usize = 10_000;
/// Longest pause that a request waits for a host to be ready again, in seconds; a longer one is
/// noted and the feed comes back later.
pub const HOST_WAIT_S: u64 = 30;
/// Feeds polled at once.
pub const FEEDS_AT_ONCE: usize = 8;
/// Time between two looks for feeds that are due, in milliseconds.
pub const LOOK_EVERY_MS: u64 = 5_000;
/// Time between two polls of a feed that answers, in microseconds.
pub const POLL_EVERY_US: i64 = 10 * Timestamp::MINUTE_US;
/// Longest time between two polls of a feed that does not, in microseconds.
pub const BACK_OFF_US: i64 = Timestamp::DAY_US;
/// Items of one document that are looked at, the newest first.
pub const ITEMS_PER_DOCUMENT: usize = 200;
/// New items of one poll; the others come with the next.
pub const ITEMS_PER_POLL: usize = 20;
/// Addresses read from one sitemap.
pub const SITEMAP_ADDRESSES: usize = 50_000;
/// Sitemaps of one index that are looked at, the newest first.
pub const SITEMAPS_PER_INDEX: usize = 5;
/// Items without a feed's word for their age that are older than this are left out, in
/// microseconds: a sitemap lists years of articles.
pub const SITEMAP_AGE_US: i64 = 3 * Timestamp::DAY_US;
/// Links remembered for each feed, so that a page is fetched once.
pub const SEEN_LINKS: usize = 2_000;
/// Open elements within each other of a page that is read.
pub const PAGE_DEPTH: usize = 1_500;
/// Elements of a page that is read.
pub const PAGE_ELEMENTS: usize = 100_000;
