//! Whole polls against a server of our own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::FeedId;
use uuid::Uuid;

use super::super::fetch::tests::{TestServer, answer};
use super::*;

const NOW: Timestamp = Timestamp(1_707_900_000_000_000);

fn feed(url: String) -> FeedRow {
    FeedRow {
        id: FeedId(Uuid::nil()),
        organisation: None,
        name: "Kabar".into(),
        url,
        active: true,
        etag: None,
        last_modified: None,
        next_poll_at: Timestamp(0),
        failures: 0,
        last_error: None,
        items: 0,
    }
}

fn rss(items: &[(&str, &str)]) -> Vec<u8> {
    let items: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(number, (slug, title))| {
            format!(
                "<item><guid isPermaLink=\"false\">{}</guid><link>/{slug}</link><title>{title}</title>\
                 <description>Ringkasan {slug}</description><pubDate>Wed, 14 Feb 2024 08:30:00 +0700</pubDate></item>",
                number + 1
            )
        })
        .collect();
    let text = format!(
        "<rss version=\"2.0\"><channel><title>K</title><language>id</language>{}</channel></rss>",
        items.concat()
    );
    answer(
        "200 OK",
        "Content-Type: application/rss+xml\r\nETag: \"a\"\r\n",
        text.as_bytes(),
    )
}

fn page(slug: &str) -> Vec<u8> {
    let sentence = "Petugas menghitung kotak suara yang tiba di gudang kecamatan dan mencatat segelnya satu per satu. ";
    let paragraphs: Vec<String> = (0..5)
        .map(|n| format!("<p>{slug} alinea {n}. {}</p>", sentence.repeat(3)))
        .collect();
    let html = format!(
        "<html><head><title>{slug}</title></head><body><article>{}</article></body></html>",
        paragraphs.concat()
    );
    answer("200 OK", "Content-Type: text/html\r\n", html.as_bytes())
}

fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn new_items_become_posts_with_the_text_of_their_page() {
    let editions = Arc::new(AtomicUsize::new(0));
    let edition = Arc::clone(&editions);
    let server = TestServer::start(move |head| match path(head) {
        "/rss" if edition.fetch_add(1, Ordering::SeqCst) == 0 => {
            rss(&[("a", "Satu"), ("b", "Dua")])
        }
        // A new edition: the numbers start again, one title was edited.
        "/rss" => rss(&[("c", "Tiga"), ("a", "Satu, diperbarui")]),
        "/b" => answer("404 Not Found", "", b""),
        other => page(other.trim_start_matches('/')),
    })
    .await;
    let fetcher = server.fetcher();
    let feed = feed(server.url("/rss"));
    let mut seen = SeenLinks::default();
    let first = poll(&fetcher, &feed, &mut seen, NOW).await;
    assert_eq!(first.result.last_error, None);
    assert_eq!(first.result.etag.as_deref(), Some("\"a\""));
    let texts: Vec<_> = first.posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(texts.len(), 2);
    let with_page = texts
        .iter()
        .find(|text| text.starts_with("Satu\n\n"))
        .expect("the first item");
    assert!(with_page.contains("a alinea 4. Petugas"), "{with_page}");
    assert!(texts.contains(&"Dua\n\nRingkasan b"), "{texts:?}");
    let post = &first.posts[0];
    assert_eq!(
        (post.channel.kind, post.channel.account.as_str()),
        (ChannelKind::News, "127.0.0.1")
    );
    assert_eq!(Some(&post.external_id), post.channel.url.as_ref());
    assert_eq!(post.published_at, Timestamp(1_707_874_200_000_000));
    let mut seen = SeenLinks::from_bytes(&seen.to_bytes());
    let second = poll(&fetcher, &feed, &mut seen, NOW).await;
    let links: Vec<_> = second
        .posts
        .iter()
        .map(|post| post.external_id.as_str())
        .collect();
    assert_eq!(links, [server.url("/c")]);
}

#[tokio::test]
async fn more_than_one_poll_takes_is_left_for_the_next() {
    let slugs: Vec<String> = (0..limits::ITEMS_PER_POLL + 5)
        .map(|n| format!("s{n}"))
        .collect();
    let listed = slugs.clone();
    let server = TestServer::start(move |head| match path(head) {
        "/rss" => rss(&listed
            .iter()
            .map(|slug| (slug.as_str(), "T"))
            .collect::<Vec<_>>()),
        _ => answer("404 Not Found", "", b""),
    })
    .await;
    let fetcher = server.fetcher();
    let feed = feed(server.url("/rss"));
    let mut seen = SeenLinks::default();
    let first = poll(&fetcher, &feed, &mut seen, NOW).await;
    assert_eq!(
        (first.posts.len(), first.result.etag),
        (limits::ITEMS_PER_POLL, None)
    );
    let second = poll(&fetcher, &feed, &mut seen, NOW).await;
    assert_eq!(
        (second.posts.len(), second.result.etag.as_deref()),
        (5, Some("\"a\""))
    );
}

#[tokio::test]
async fn failures_are_counted_and_named_and_forgotten_after_a_success() {
    let asked = Arc::new(AtomicUsize::new(0));
    let turn = Arc::clone(&asked);
    let server = TestServer::start(move |_| match turn.fetch_add(1, Ordering::SeqCst) {
        0 => answer("500 Internal Server Error", "", b""),
        1 => answer(
            "200 OK",
            "Content-Type: text/html\r\n",
            b"<html>bukan umpan</html>",
        ),
        _ => rss(&[]),
    })
    .await;
    let fetcher = server.fetcher();
    let mut feed = feed(server.url("/rss"));
    for (failures, part) in [(1, "500"), (2, "neither a feed")] {
        let polled = poll(&fetcher, &feed, &mut SeenLinks::default(), NOW)
            .await
            .result;
        assert_eq!(polled.failures, failures);
        assert!(
            polled
                .last_error
                .as_deref()
                .is_some_and(|reason| reason.contains(part)),
            "{polled:?}"
        );
        assert!(polled.next_poll_at > NOW.plus_us(limits::POLL_EVERY_US * i64::from(failures)));
        feed.failures = polled.failures;
    }
    let polled = poll(&fetcher, &feed, &mut SeenLinks::default(), NOW)
        .await
        .result;
    assert_eq!((polled.failures, polled.last_error), (0, None));
}

#[tokio::test]
async fn a_sitemap_index_leads_to_the_news_of_the_last_days() {
    let server = TestServer::start(|head| match path(head) {
        "/sitemap.xml" => answer(
            "200 OK",
            "Content-Type: application/xml\r\n",
            b"<sitemapindex><sitemap><loc>/berita.xml</loc></sitemap>\
              <sitemap><loc>http://169.254.169.254/x.xml</loc></sitemap></sitemapindex>",
        ),
        "/berita.xml" => answer(
            "200 OK",
            "Content-Type: application/xml\r\n",
            b"<urlset><url><loc>/baru</loc><lastmod>2024-02-14T01:30:00Z</lastmod></url>\
              <url><loc>/lama</loc><lastmod>2020-02-14</lastmod></url></urlset>",
        ),
        other => page(other.trim_start_matches('/')),
    })
    .await;
    let polled = poll(
        &server.fetcher(),
        &feed(server.url("/sitemap.xml")),
        &mut SeenLinks::default(),
        NOW,
    )
    .await;
    let ids: Vec<_> = polled
        .posts
        .iter()
        .map(|post| post.external_id.as_str())
        .collect();
    assert_eq!(ids, [server.url("/baru")], "{:?}", polled.result);
    assert!(
        polled.posts[0].text.starts_with("baru\n\nbaru alinea 0."),
        "{}",
        polled.posts[0].text
    );
}

#[test]
fn long_texts_are_cut_between_characters() {
    assert_eq!(cut("héé".into(), 4), "hé");
    assert_eq!(cut("abc".into(), 3), "abc");
}

#[test]
fn the_memory_of_links_is_bounded() {
    let mut seen = SeenLinks::default();
    let link = |n: usize| Url::parse(&format!("https://a.example/{n}")).expect("url");
    for n in 0..limits::SEEN_LINKS + 10 {
        seen.insert(&link(n));
    }
    assert_eq!(seen.to_bytes().len(), limits::SEEN_LINKS * 8);
    assert!(!seen.contains(&link(9)) && seen.contains(&link(10)));
}
