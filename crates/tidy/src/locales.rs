//! Every sentence exists in Indonesian and in English.

use std::collections::BTreeSet;

use crate::tree::{SourceFile, Tree};

/// The languages the screens speak, the first one leading.
const LANGUAGES: &[&str] = &["id", "en"];

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
