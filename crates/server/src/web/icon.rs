//! Icons: Lucide drawings (ISC), compiled in and drawn inline.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::markup::Markup;

macro_rules! drawings {
    ($($name:literal,)+) => {
        const DRAWINGS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../assets/icons/", $name, ".svg"))),)+];
    };
}

drawings! {
    "arrow-left",
    "arrow-right",
    "check",
    "circle-alert",
    "circle-check",
    "circle-dot",
    "circle-question-mark",
    "circle-x",
    "clock",
    "contrast",
    "copy",
    "external-link",
    "eye",
    "file-text",
    "filter",
    "git-compare",
    "hand",
    "history",
    "info",
    "key-round",
    "landmark",
    "link",
    "lock",
    "log-out",
    "newspaper",
    "pencil",
    "plus",
    "radio",
    "rss",
    "search",
    "send",
    "settings",
    "share-2",
    "shield-check",
    "triangle-alert",
    "undo-2",
    "user",
    "users",
    "x",
}

static ICONS: LazyLock<BTreeMap<&'static str, Markup>> = LazyLock::new(|| {
    DRAWINGS
        .iter()
        .map(|(name, file)| (*name, inline(file)))
        .collect()
});

/// The icon called `name`, hidden from screen readers: a word always stands beside it.
pub fn icon(name: &str) -> Markup {
    ICONS.get(name).cloned().unwrap_or_default()
}

/// The lines of the drawing, without the file's own frame.
fn inline(file: &str) -> Markup {
    let lines = file
        .split_once("\n>")
        .and_then(|(_, rest)| rest.rsplit_once("</svg>"))
        .map_or(String::new(), |(lines, _)| {
            lines.split('\n').map(str::trim).collect()
        });
    Markup::from_safe(format!(
        r#"<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>"#,
        lines.replace(" />", "/>")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drawing_has_lines() {
        for (name, markup) in ICONS.iter() {
            assert!(
                markup.as_str().contains("<path") || markup.as_str().contains("<circle"),
                "{name}"
            );
        }
    }

    #[test]
    fn every_icon_that_is_named_exists() {
        let mut named = 0;
        for (path, text) in crate::web::locale::sources() {
            for part in text.split("icon(\"").skip(1) {
                let name = part.split('"').next().unwrap_or_default();
                named += 1;
                assert!(ICONS.contains_key(name), "{path} names the icon {name:?}");
            }
        }
        assert!(named > 10, "the sources were not read");
    }
}
