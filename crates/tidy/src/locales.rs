//! Every sentence exists in Indonesian and in English.

use std::collections::BTreeSet;

use crate::tree::{SourceFile, Tree};

/// The languages the screens speak, the first one leading.
const LANGUAGES: &[&str] = &["id", "en"];

/// How pages ask for a sentence: plain, with a value, by number.
const ASKING: &[&str] = &[".t(\"", ".t1(\"", ".n(\""];

const FOLDER: &str = "crates/server/locales/";

/// Keys that one language lacks, and keys that one language has twice.
pub fn uneven_locales(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    let per_language: Vec<(&str, BTreeSet<String>)> = LANGUAGES
        .iter()
        .map(|language| {
            let mut keys = BTreeSet::new();
            for file in tree.files().filter(|file| speaks(file, language)) {
                for key in message_keys(&file.text) {
                    if !keys.insert(key.clone()) {
                        offences.push(format!("{} says `{key}` a second time", file.path));
                    }
                }
            }
            (*language, keys)
        })
        .collect();
    let all: BTreeSet<&String> = per_language.iter().flat_map(|(_, keys)| keys).collect();
    for (language, keys) in &per_language {
        for key in &all {
            if !keys.contains(*key) {
                offences.push(format!("`{key}` has no text in language `{language}`"));
            }
        }
    }
    offences
}

/// Keys that a page asks for and no language has.
///
/// Only keys written out where they are asked for are seen: `f.t("desk-take")`.
pub fn unknown_keys(tree: &Tree) -> Vec<String> {
    let known: BTreeSet<String> = tree
        .files()
        .filter(|file| LANGUAGES.iter().any(|language| speaks(file, language)))
        .flat_map(|file| message_keys(&file.text))
        .collect();
    let pages = tree
        .ending_with(".html")
        .chain(tree.product_sources())
        .filter(|file| file.path.starts_with("crates/server/"));
    let mut offences = Vec::new();
    for file in pages {
        for key in ASKING
            .iter()
            .flat_map(|asking| keys_after(&file.text, asking))
        {
            if !known.contains(key) {
                offences.push(format!(
                    "{} asks for `{key}`, which no language has",
                    file.path
                ));
            }
        }
    }
    offences
}

fn keys_after<'a>(text: &'a str, asking: &str) -> Vec<&'a str> {
    text.split(asking)
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(key, _)| key)
        .filter(|key| is_identifier(key))
        .collect()
}

fn speaks(file: &SourceFile, language: &str) -> bool {
    file.path
        .strip_prefix(FOLDER)
        .and_then(|rest| rest.strip_suffix(".ftl"))
        .is_some_and(|rest| rest.split('/').next() == Some(language))
}

/// Identifiers of messages, terms and attributes (`message.attribute`).
fn message_keys(text: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let mut message = String::new();
    for line in text.lines() {
        let Some((head, _)) = line.split_once('=') else {
            continue;
        };
        let name = head.trim();
        let starts_a_line =
            head.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-');
        if starts_a_line && is_identifier(name.trim_start_matches('-')) {
            name.clone_into(&mut message);
            keys.push(message.clone());
        } else if let Some(attribute) = name.strip_prefix('.')
            && is_identifier(attribute)
        {
            keys.push(format!("{message}.{attribute}"));
        }
    }
    keys
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_missing_in_either_language_is_named() {
        let tree = Tree::planted(&[
            (
                "crates/server/locales/id.ftl",
                "# catatan = bukan\nradar = Radar\nmasuk = Masuk\n    .label = Masuk\n",
            ),
            (
                "crates/server/locales/en.ftl",
                "radar = Radar\nmasuk = Sign in\nextra =\n    Only here, a = b\n",
            ),
        ]);
        assert_eq!(
            uneven_locales(&tree),
            [
                "`extra` has no text in language `id`",
                "`masuk.label` has no text in language `en`"
            ]
        );
    }

    #[test]
    fn a_key_that_no_language_has_is_named() {
        let tree = Tree::planted(&[
            ("crates/server/locales/id.ftl", "radar = Radar\n"),
            (
                "crates/server/templates/desk/radar.html",
                "{{ f.t(\"radar\") }} {{ f.n(\"copies\", count) }}",
            ),
        ]);
        assert_eq!(
            unknown_keys(&tree),
            ["crates/server/templates/desk/radar.html asks for `copies`, which no language has"]
        );
    }

    #[test]
    fn a_key_said_twice_is_named() {
        let tree = Tree::planted(&[
            ("crates/server/locales/id/a.ftl", "radar = Radar\n"),
            ("crates/server/locales/id/b.ftl", "radar = Layar\n"),
            ("crates/server/locales/en/a.ftl", "radar = Radar\n"),
        ]);
        assert_eq!(
            uneven_locales(&tree),
            ["crates/server/locales/id/b.ftl says `radar` a second time"]
        );
    }
}
