//! One poll of one feed: what is listed, what of it is new, and posts of that.

use domain::Timestamp;
use domain::channel::{Channel, ChannelKind};
use domain::limits::{
    ACCOUNT_BYTES, EXTERNAL_ID_BYTES, MEDIA_PER_POST, POST_TEXT_BYTES, URL_BYTES,
};
use domain::post::Post;
use rand::RngExt;
use store::{FeedRow, PollResult};
use url::Url;

use super::article::{self, Article};
use super::document::{self, Item, Listing};
use super::fetch::{FetchFault, Fetched, Fetcher, Validators};
use super::{limits, next_poll_at, sitemap};

/// Content types of feeds and sitemaps.
const FEED_KINDS: [&str; 5] = ["xml", "rss", "atom", "json", "text/"];
/// Content types of packed sitemaps.
const PACKED_KINDS: [&str; 2] = ["gzip", "octet-stream"];
/// Content types of pages.
const PAGE_KINDS: [&str; 2] = ["text/html", "application/xhtml"];

/// What a poll brought.
#[derive(Debug)]
pub struct Polled {
    /// New posts, each within the limits.
    pub posts: Vec<Post>,
    /// What is to be recorded; `items` is filled in by whoever counts the posts.
    pub result: PollResult,
}

/// Links whose articles were taken, oldest first: 8 bytes of each link's digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenLinks(Vec<u64>);

impl SeenLinks {
    /// As [`SeenLinks::to_bytes`] wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        Self(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    /// For keeping.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn contains(&self, link: &Url) -> bool {
        self.0.contains(&digest(link))
    }

    fn insert(&mut self, link: &Url) {
        self.0.push(digest(link));
        let over = self.0.len().saturating_sub(limits::SEEN_LINKS);
        self.0.drain(..over);
    }
}

fn digest(link: &Url) -> u64 {
    let hash = blake3::hash(link.as_str().as_bytes());
    let mut word = [0; 8];
    word.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(word)
}

/// Why a feed gave nothing.
enum Fault {
    Fetch(FetchFault),
    Unreadable(document::Unreadable),
}

impl From<FetchFault> for Fault {
    fn from(fault: FetchFault) -> Self {
        Self::Fetch(fault)
    }
}

impl From<document::Unreadable> for Fault {
    fn from(fault: document::Unreadable) -> Self {
        Self::Unreadable(fault)
    }
}

/// Polls `feed` at `now`. Links that were taken are added to `seen`.
pub async fn poll(
    fetcher: &Fetcher,
    feed: &FeedRow,
    seen: &mut SeenLinks,
    now: Timestamp,
) -> Polled {
    let known = Validators {
        etag: feed.etag.clone(),
        last_modified: feed.last_modified.clone(),
    };
    let draw: f64 = rand::rng().random();
    match listing(fetcher, feed, &known, now).await {
        Ok(None) => Polled {
            posts: Vec::new(),
            result: success(known, now, draw),
        },
        Ok(Some((items, validators))) => {
            let (posts, all_taken) = take(fetcher, items, seen, now).await;
            // What is left over must be seen again, so the next answer may not be "not modified".
            let validators = if all_taken {
                validators
            } else {
                Validators::default()
            };
            Polled {
                posts,
                result: success(validators, now, draw),
            }
        }
        Err(fault) => Polled {
            posts: Vec::new(),
            result: failure(feed, &fault, now, draw),
        },
    }
}

fn success(validators: Validators, now: Timestamp, draw: f64) -> PollResult {
    PollResult {
        etag: validators.etag,
        last_modified: validators.last_modified,
        next_poll_at: next_poll_at(now, 0, None, draw),
        failures: 0,
        last_error: None,
        items: 0,
    }
}

fn failure(feed: &FeedRow, fault: &Fault, now: Timestamp, draw: f64) -> PollResult {
    let failures = feed.failures.saturating_add(1);
    let (reason, asked) = match fault {
        Fault::Fetch(fault) => (fault.to_string(), fault.retry_after_s()),
        Fault::Unreadable(fault) => (fault.to_string(), None),
    };
    PollResult {
        etag: feed.etag.clone(),
        last_modified: feed.last_modified.clone(),
        next_poll_at: next_poll_at(now, failures, asked, draw),
        failures,
        last_error: Some(reason),
        items: 0,
    }
}

/// Items of the feed or of the sitemaps it names; `None` when nothing changed.
async fn listing(
    fetcher: &Fetcher,
    feed: &FeedRow,
    known: &Validators,
    now: Timestamp,
) -> Result<Option<(Vec<Item>, Validators)>, Fault> {
    let kinds = [&FEED_KINDS[..], &PACKED_KINDS[..]].concat();
    let Fetched::Document(found) = fetcher.fetch(&feed.url, known, &kinds).await? else {
        return Ok(None);
    };
    let host = found.address.host_str().unwrap_or_default().to_owned();
    let validators = found.validators;
    let bytes = sitemap::unpacked(found.bytes)?;
    let is_sitemap = is_sitemap(&bytes);
    let sitemaps = match document::read(&bytes, &found.address)? {
        Listing::Items(items) if is_sitemap => return Ok(Some((recent(items, now), validators))),
        Listing::Items(items) => return Ok(Some((items, validators))),
        Listing::Sitemaps(sitemaps) => sitemaps,
    };
    let mut items = Vec::new();
    // An index speaks for its own site only.
    for address in sitemaps
        .iter()
        .filter(|address| address.host_str() == Some(&host))
    {
        let fetched = fetcher
            .fetch(address.as_str(), &Validators::default(), &kinds)
            .await?;
        if let Fetched::Document(found) = fetched
            && let Listing::Items(more) =
                document::read(&sitemap::unpacked(found.bytes)?, &found.address)?
        {
            items.extend(more);
        }
    }
    document::newest_first(&mut items);
    // The index may stand unchanged while its sitemaps grow.
    Ok(Some((recent(items, now), Validators::default())))
}

fn is_sitemap(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).contains("<urlset")
}

/// A sitemap lists years; only what is dated and new is news.
fn recent(items: Vec<Item>, now: Timestamp) -> Vec<Item> {
    let new = |item: &Item| {
        item.published_at
            .is_some_and(|at| now.since_us(at) <= limits::SITEMAP_AGE_US)
    };
    items.into_iter().filter(new).collect()
}

/// Posts of the items that were not seen before, the oldest first, and whether none is left over.
async fn take(
    fetcher: &Fetcher,
    items: Vec<Item>,
    seen: &mut SeenLinks,
    now: Timestamp,
) -> (Vec<Post>, bool) {
    let mut new: Vec<Item> = Vec::new();
    for item in items {
        if !seen.contains(&item.link) && new.iter().all(|known| known.link != item.link) {
            new.push(item);
        }
    }
    new.reverse();
    let all_taken = new.len() <= limits::ITEMS_PER_POLL;
    new.truncate(limits::ITEMS_PER_POLL);
    let mut posts = Vec::new();
    for item in new {
        let article = article_of(fetcher, &item.link).await;
        seen.insert(&item.link);
        posts.extend(post(item, article, now));
    }
    (posts, all_taken)
}

/// The article behind `link`, when its page can be fetched and has one.
async fn article_of(fetcher: &Fetcher, link: &Url) -> Option<Article> {
    let page = match fetcher
        .fetch(link.as_str(), &Validators::default(), &PAGE_KINDS)
        .await
    {
        Ok(Fetched::Document(page)) => page,
        Ok(Fetched::NotModified) => return None,
        Err(fault) => {
            tracing::debug!(%link, error = %fault, "a page was not read; the feed's own text is used");
            return None;
        }
    };
    let extract = move || article::extract(&page.bytes, &page.content_type, page.address.as_str());
    tokio::task::spawn_blocking(extract).await.ok().flatten()
}

/// The item as a post; `None` when nothing of it can be read.
fn post(item: Item, article: Option<Article>, now: Timestamp) -> Option<Post> {
    let site = item.link.host_str()?;
    let site = site
        .strip_prefix("www.")
        .unwrap_or(site)
        .chars()
        .take(ACCOUNT_BYTES)
        .collect();
    let link = item.link.as_str();
    let external_id = if link.len() <= EXTERNAL_ID_BYTES {
        link.to_owned()
    } else {
        format!("d:{}", blake3::hash(link.as_bytes()).to_hex())
    };
    let (heading, body, lang) = match article {
        Some(article) if article.text.len() >= item.summary.len() => {
            (article.title, article.text, article.lang)
        }
        Some(article) => (article.title, item.summary, article.lang),
        None => (String::new(), item.summary, None),
    };
    let title = if item.title.is_empty() {
        heading
    } else {
        item.title
    };
    let parts = [title, body];
    let text = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let fits = |address: &String| address.len() <= URL_BYTES;
    let post = Post {
        channel: Channel {
            kind: ChannelKind::News,
            account: site,
            url: Some(link.to_owned()).filter(fits),
        },
        external_id,
        text: cut(text, POST_TEXT_BYTES),
        published_at: item.published_at.unwrap_or(now),
        received_at: now,
        lang: item
            .lang
            .or(lang)
            .filter(|lang| (2..=16).contains(&lang.len())),
        region: None,
        reach: 0,
        media: item
            .media
            .into_iter()
            .filter(fits)
            .take(MEDIA_PER_POST)
            .collect(),
        author: None,
        extra: None,
    };
    post.accept().ok()
}

/// At most `bytes` of `text`, cut between two characters.
fn cut(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        let end = (0..=bytes)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests;
