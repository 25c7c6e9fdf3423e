//! The text of an article out of its page.

use dom_smoothie::{Config, Readability};
use encoding_rs::{Encoding, UTF_8};

use super::limits;

/// Bytes at the start of a page in which it may name its encoding.
const ENCODING_BYTES: usize = 1_024;
/// Elements that are never closed.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its title; may be empty.
    pub title: String,
    /// Its text without what stands around it, a paragraph a line.
    pub text: String,
    /// Its language.
    pub lang: Option<String>,
}

/// Finds the article in a page. Pure work of up to a second for a large page: call it away from
/// the async workers. `None` when there is none, or the page is too deep or too large to read.
pub fn extract(page: &[u8], content_type: &str, address: &str) -> Option<Article> {
    let html = decoded(page, content_type);
    if !within_limits(&html) {
        return None;
    }
    let config = Config {
        max_elements_to_parse: limits::PAGE_ELEMENTS,
        ..Config::default()
    };
    let mut readability = Readability::new(html, Some(address), Some(config)).ok()?;
    let article = readability.parse().ok()?;
    let lines = article
        .text_content
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let text = lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    (!text.is_empty()).then(|| Article {
        title: article.title.trim().to_owned(),
        text,
        lang: article.lang.map(|tag| {
            tag.split(['-', '_'])
                .next()
                .unwrap_or_default()
                .to_lowercase()
        }),
    })
}

/// The page as text, by the encoding the server names, else the page itself, else UTF-8.
fn decoded(page: &[u8], content_type: &str) -> String {
    let named = content_type.split("charset=").nth(1);
    let start = String::from_utf8_lossy(&page[..page.len().min(ENCODING_BYTES)]).to_lowercase();
    let own = start.split("charset=").nth(1).map(str::to_owned);
    let label = named.map(str::to_owned).or(own).unwrap_or_default();
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
    encoding.decode(page).0.into_owned()
}

/// Counts tags without building a tree: a page of a million open elements is no article, and
/// walking it would cost more than it is worth.
fn within_limits(html: &str) -> bool {
    let mut depth: usize = 0;
    let mut elements: usize = 0;
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
            continue;
        }
        let name_bytes = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = rest
            .get(..name_bytes.min(16))
            .unwrap_or_default()
            .to_ascii_lowercase();
        if name.is_empty() || VOID.contains(&name.as_str()) {
            continue;
        }
        elements += 1;
        depth += 1;
        if depth > limits::PAGE_DEPTH || elements > limits::PAGE_ELEMENTS {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!(
            "<!doctype html><html lang=\"id-ID\"><head><title>Kotak suara tiba | Kabar</title></head><body>\
             <nav><a href=/>Beranda</a><a href=/b>Berita</a></nav>{body}<footer>Hak cipta</footer></body></html>"
        )
    }

    fn prose() -> String {
        let sentence = "Petugas menghitung kotak suara yang tiba di gudang kecamatan, lalu mencatat segelnya satu per satu. ";
        let paragraphs: Vec<String> = (0..6)
            .map(|n| format!("<p>Alinea {n}. {}</p>", sentence.repeat(3)))
            .collect();
        format!(
            "<article><h1>Kotak suara tiba</h1>{}</article>",
            paragraphs.concat()
        )
    }

    #[test]
    fn the_text_comes_without_what_stands_around_it() {
        let article = extract(
            page(&prose()).as_bytes(),
            "text/html",
            "https://kabar.example/a",
        )
        .expect("an article");
        assert!(
            article
                .text
                .contains("Alinea 5. Petugas menghitung kotak suara"),
            "{}",
            article.text
        );
        assert!(
            !article.text.contains("Beranda") && !article.text.contains("Hak cipta"),
            "{}",
            article.text
        );
        assert!(
            article.title.starts_with("Kotak suara tiba"),
            "{}",
            article.title
        );
        assert_eq!(article.lang.as_deref(), Some("id"));
    }

    #[test]
    fn the_encoding_is_the_servers_word_or_the_pages_own() {
        let html = page(&prose().replace("segelnya", "caf\u{e9}nya"));
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(&html);
        let article = extract(
            &latin,
            "text/html; charset=iso-8859-1",
            "https://kabar.example/a",
        )
        .expect("an article");
        assert!(article.text.contains("caf\u{e9}nya"));
        let own = html.replace("<head>", "<head><meta charset=\"windows-1252\">");
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(&own);
        let article = extract(&latin, "text/html", "https://kabar.example/a").expect("an article");
        assert!(article.text.contains("caf\u{e9}nya"));
    }

    #[test]
    fn pages_without_an_article_and_hostile_pages_give_none() {
        for html in [
            String::new(),
            "<html></html>".to_owned(),
            "<div>".repeat(500_000),
            "<p>a</p>".repeat(400_000),
            format!("<body>{}", "<b><i>".repeat(40_000)),
            "\0\u{1}\u{2}".repeat(1_000),
        ] {
            let start: String = html.chars().take(20).collect();
            let found = extract(html.as_bytes(), "text/html", "https://kabar.example/a");
            assert!(
                found
                    .as_ref()
                    .is_none_or(|article| article.text.len() < 10_000),
                "{start}"
            );
        }
    }

    #[test]
    fn the_deepest_page_that_is_read_is_read() {
        let deep = "<div>".repeat(limits::PAGE_DEPTH - 20);
        let html = page(&format!("{deep}{}", prose()));
        assert!(within_limits(&html));
        let article = extract(html.as_bytes(), "text/html", "https://kabar.example/a");
        assert!(article.is_none_or(|article| article.text.contains("Alinea 5")));
    }
}
