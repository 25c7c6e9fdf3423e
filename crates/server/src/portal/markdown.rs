//! Explanations: Markdown in, safe HTML or plain words out.

use std::collections::HashSet;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, markdown_to_html, parse_document};

use crate::web::Markup;

/// What an explanation may use; pictures and frames it may not.
const TAGS: [&str; 17] = [
    "p",
    "br",
    "a",
    "strong",
    "em",
    "del",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "code",
    "pre",
    "table",
    "hr",
    "sup",
];

/// `source` as HTML that cannot run, load or imitate anything.
pub fn html(source: &str) -> Markup {
    let rendered = markdown_to_html(source, &options());
    let cleaned = ammonia::Builder::default()
        .tags(HashSet::from(TAGS))
        .url_schemes(HashSet::from(["http", "https"]))
        .link_rel(Some("nofollow noopener noreferrer"))
        .clean(&rendered)
        .to_string();
    Markup::from_safe(cleaned)
}

/// The words of `source` without its marks, cut at a word to `chars_max` characters.
pub fn plain(source: &str, chars_max: usize) -> String {
    let arena = Arena::new();
    let mut words = String::new();
    for node in parse_document(&arena, source, &options()).descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::SoftBreak
            | NodeValue::LineBreak
            | NodeValue::Paragraph
            | NodeValue::Item(_) => words.push(' '),
            _ => {}
        }
    }
    cut(
        &words.split_whitespace().collect::<Vec<_>>().join(" "),
        chars_max,
    )
}

/// `text` cut at a word to `chars_max` characters, with an ellipsis where something is gone.
pub fn cut(text: &str, chars_max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars_max) else {
        return text.to_owned();
    };
    let head = &text[..end];
    let whole_words = head
        .rfind(char::is_whitespace)
        .filter(|at| *at > end / 2)
        .map_or(head, |at| &head[..at]);
    format!(
        "{}…",
        whole_words.trim_end_matches([' ', ',', ';', '.', ':'])
    )
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_gets_through() {
        for evil in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "<a href='data:text/html,x' onclick=y>z</a>",
            "![x](http://a.example/p.png)",
            "<iframe src=//a.example></iframe><style>*{}</style>",
        ] {
            let html = html(evil).to_string();
            for bad in [
                "<script",
                "javascript:",
                "onerror=",
                "onclick=",
                "data:",
                "<img",
                "<iframe",
                "<style",
            ] {
                assert!(!html.contains(bad), "{evil} became {html}");
            }
        }
    }

    #[test]
    fn links_lead_away_without_credit() {
        let html = html("Lihat **[KPU](https://kpu.example/a?b=1&c=2)**.").to_string();
        assert_eq!(
            html.trim(),
            "<p>Lihat <strong><a href=\"https://kpu.example/a?b=1&amp;c=2\" rel=\"nofollow noopener noreferrer\">KPU</a></strong>.</p>"
        );
    }

    #[test]
    fn plain_words_are_cut_at_a_word() {
        assert_eq!(
            plain("**Satu** [dua](https://x.example)\n\n- tiga\n- empat", 100),
            "Satu dua tiga empat"
        );
        assert_eq!(plain("satu dua tiga empat", 14), "satu dua tiga…");
        assert_eq!(cut("satudua", 4), "satu…");
        assert_eq!(cut("", 4), "");
    }
}
