//! Explanations: Markdown as editors write it, made into HTML that is safe to show.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::web::Markup;

/// Tags that an explanation may use; headings, pictures and scripts are not among them.
const TAGS: [&str; 14] = [
    "p",
    "br",
    "strong",
    "em",
    "del",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "hr",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::new();
    cleaner
        .tags(HashSet::from(TAGS))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// The HTML of `markdown`. Cleaned at every showing, so that a stricter list also covers what
/// was written before it.
pub(crate) fn prose(markdown: &str) -> Markup {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    let html = comrak::markdown_to_html(markdown, &options);
    Markup::from_safe(CLEANER.clean(&html).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_shown_and_mischief_is_not() {
        let shown = prose("**Tidak benar.** [KPU](https://kpu.example)\n\n- satu\n");
        assert!(
            shown.as_str().contains("<strong>Tidak benar.</strong>"),
            "{}",
            shown.as_str()
        );
        assert!(
            shown
                .as_str()
                .contains(r#"href="https://kpu.example" rel="noopener noreferrer nofollow""#)
        );
        assert!(shown.as_str().contains("<li>satu</li>"));
        let mischief = prose(
            "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y> <p style=\"a\">t</p>",
        );
        for bad in ["<script", "javascript:", "onerror", "<img", "style"] {
            assert!(
                !mischief.as_str().contains(bad),
                "{bad}: {}",
                mischief.as_str()
            );
        }
    }
}
