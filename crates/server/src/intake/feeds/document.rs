//! What a feed or sitemap lists.

use domain::Timestamp;
use url::Url;

use super::limits;
use super::sitemap;

/// One item of a feed or sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its address: its identity, because the numbers feeds give out start again with each edition.
    pub link: Url,
    /// Its title; may be empty.
    pub title: String,
    /// Its text as far as the feed carries it, plain; may be empty.
    pub summary: String,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Its language.
    pub lang: Option<String>,
    /// Addresses of its pictures.
    pub media: Vec<String>,
}

/// What a document lists.
#[derive(Debug, PartialEq, Eq)]
pub enum Listing {
    /// Items, the newest first.
    Items(Vec<Item>),
    /// More sitemaps, the newest first.
    Sitemaps(Vec<Url>),
}

/// The document is neither a feed nor a sitemap we can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("neither a feed nor a sitemap: {0}")]
pub struct Unreadable(pub String);

/// Reads RSS, Atom, JSON Feed or a sitemap found at `address`.
pub fn read(bytes: &[u8], address: &Url) -> Result<Listing, Unreadable> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).into_owned();
    if start.contains("<urlset") || start.contains("<sitemapindex") {
        return sitemap::read(bytes, address);
    }
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(address))
        .build();
    let feed = parser
        .parse(bytes)
        .map_err(|fault| Unreadable(fault.to_string()))?;
    let lang = feed.language.clone();
    let items = feed.entries.into_iter().take(limits::ITEMS_PER_DOCUMENT);
    let mut items: Vec<Item> = items
        .filter_map(|entry| item(entry, address, lang.as_deref()))
        .collect();
    newest_first(&mut items);
    Ok(Listing::Items(items))
}

/// Items without a time keep their place among each other, after those with one.
pub(super) fn newest_first(items: &mut [Item]) {
    items.sort_by_key(|item| std::cmp::Reverse(item.published_at));
}

fn item(entry: feed_rs::model::Entry, address: &Url, lang: Option<&str>) -> Option<Item> {
    let alternate =
        |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let link = entry.links.iter().find(alternate).or(entry.links.first())?;
    let mut link = address.join(link.href.trim()).ok()?;
    if !matches!(link.scheme(), "http" | "https") {
        return None;
    }
    tidy(&mut link);
    let body = entry.content.and_then(|content| content.body);
    let summary = entry.summary.map(|summary| summary.content);
    let longer = [body, summary]
        .into_iter()
        .flatten()
        .max_by_key(String::len)
        .unwrap_or_default();
    let pictures = entry
        .media
        .iter()
        .flat_map(|media| &media.content)
        .filter_map(|content| content.url.as_ref());
    let published = entry.published.or(entry.updated);
    Some(Item {
        link,
        title: plain(&entry.title.map(|title| title.content).unwrap_or_default()),
        summary: plain(&longer),
        published_at: published.map(|at| Timestamp(at.timestamp_micros())),
        lang: entry.language.as_deref().or(lang).map(short_language),
        media: pictures.map(Url::to_string).collect(),
    })
}

/// Takes out what tells only where a reader came from, so that one article has one address.
pub(super) fn tidy(link: &mut Url) {
    link.set_fragment(None);
    if link.query().is_none() {
        return;
    }
    let kept: Vec<(String, String)> = link
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("utm_") && !matches!(&**name, "fbclid" | "gclid"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.is_empty() {
        link.set_query(None);
    } else {
        link.query_pairs_mut().clear().extend_pairs(kept);
    }
}

/// `id-ID` as `id`.
fn short_language(tag: &str) -> String {
    tag.split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

/// HTML as the words a person would read.
pub(super) fn plain(html: &str) -> String {
    let without_tags = ammonia::Builder::empty()
        .clean(html)
        .to_string()
        .replace("&nbsp;", " ");
    let text = quick_xml::escape::unescape(&without_tags)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or(without_tags);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Url {
        Url::parse("https://kabar.example/rss").expect("url")
    }

    #[track_caller]
    fn items(text: &str) -> Vec<Item> {
        match read(text.as_bytes(), &at()).expect("reads") {
            Listing::Items(items) => items,
            Listing::Sitemaps(found) => panic!("sitemaps {found:?}"),
        }
    }

    /// The shape of a news portal's feed: a running number for a guid, CDATA, a thumbnail.
    fn rss(items: &[(u32, &str, &str)]) -> String {
        let items: Vec<String> = items
            .iter()
            .map(|(guid, slug, title)| {
                format!(
                    "<item><guid isPermaLink=\"false\">{guid}</guid><link>https://kabar.example/{slug}?utm_source=rss</link>\
                     <title><![CDATA[{title}]]></title><description><![CDATA[<img src=\"a.jpg\"/> Ringkasan &amp; isi]]></description>\
                     <pubDate>Wed, 14 Feb 2024 08:30:00 +0700</pubDate>\
                     <media:content url=\"https://kabar.example/{slug}.jpg\" medium=\"image\"/></item>"
                )
            })
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\">\
             <channel><title>Kabar</title><link>https://kabar.example</link><language>id-ID</language>{}</channel></rss>",
            items.concat()
        )
    }

    #[test]
    fn rss_items_are_known_by_their_link_and_not_by_their_number() {
        let before = items(&rss(&[(1, "a", "Satu"), (2, "b", "Dua")]));
        let after = items(&rss(&[(1, "c", "Tiga"), (2, "a", "Satu, diperbarui")]));
        assert_eq!(before[0].link.as_str(), "https://kabar.example/a");
        assert_eq!(after[1].link, before[0].link);
        assert_ne!(after[0].link, before[0].link);
        assert_eq!(before[0].title, "Satu");
        assert_eq!(before[0].summary, "Ringkasan & isi");
        assert_eq!(
            before[0].published_at,
            Some(Timestamp(1_707_874_200_000_000))
        );
        assert_eq!(before[0].lang.as_deref(), Some("id"));
        assert_eq!(before[0].media, ["https://kabar.example/a.jpg"]);
    }

    #[test]
    fn atom_and_json_feed() {
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>K</title><id>urn:k</id><updated>2024-02-14T01:30:00Z</updated>\
            <entry><id>urn:1</id><title>Satu</title><link rel=\"self\" href=\"/x\"/><link rel=\"alternate\" href=\"/satu\"/>\
            <updated>2024-02-14T01:30:00Z</updated><content type=\"html\">&lt;p&gt;Isi panjang&lt;/p&gt;</content></entry></feed>";
        let found = items(atom);
        assert_eq!(found[0].link.as_str(), "https://kabar.example/satu");
        assert_eq!(found[0].summary, "Isi panjang");
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"K","items":[
            {"id":"1","url":"https://kabar.example/satu","title":"Satu","content_text":"Isi","date_published":"2024-02-14T01:30:00Z"}]}"#;
        let found = items(json);
        assert_eq!(found[0].link.as_str(), "https://kabar.example/satu");
        assert_eq!(
            found[0].published_at,
            Some(Timestamp(1_707_874_200_000_000))
        );
    }

    #[test]
    fn what_is_no_feed_says_so_and_a_hostile_one_does_no_harm() {
        assert!(read(b"<html><body>404</body></html>", &at()).is_err());
        assert!(read(b"", &at()).is_err());
        let entities: Vec<String> = (1..12)
            .map(|n| format!("<!ENTITY e{n} \"&e{m};&e{m};&e{m};&e{m};\">", m = n - 1))
            .collect();
        let bomb = format!(
            "<!DOCTYPE r [<!ENTITY e0 \"aaaaaaaaaa\">{}]><rss version=\"2.0\"><channel><title>&e11;</title>\
            <item><title>&e11;</title><link>https://kabar.example/a</link></item></channel></rss>",
            entities.concat()
        );
        if let Ok(Listing::Items(items)) = read(bomb.as_bytes(), &at()) {
            assert!(items.iter().all(|item| item.title.len() < 1_000));
        }
        let file =
            rss(&[(1, "a", "Satu")]).replace("https://kabar.example/a?", "file:///etc/passwd?");
        assert!(items(&file).is_empty());
    }

    #[test]
    fn addresses_lose_what_does_not_name_the_article() {
        for (written, kept) in [
            (
                "https://a.example/x?utm_source=rss&utm_medium=y#isi",
                "https://a.example/x",
            ),
            (
                "https://a.example/x?id=7&fbclid=1",
                "https://a.example/x?id=7",
            ),
            ("https://a.example/x?id=7", "https://a.example/x?id=7"),
        ] {
            let mut link = Url::parse(written).expect("url");
            tidy(&mut link);
            assert_eq!(link.as_str(), kept);
        }
    }
}
