//! Every setting an operator can make is written down.

use std::collections::BTreeSet;

use crate::tree::Tree;

const PREFIX: &str = "KENTONGAN_";

/// Settings read from the environment that no document mentions.
pub fn undocumented_settings(tree: &Tree) -> Vec<String> {
    let documented: BTreeSet<&str> = tree
        .ending_with(".md")
        .flat_map(|file| setting_names(&file.text))
        .collect();
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    for file in tree.product_sources().chain(
        tree.files()
            .filter(|file| file.path.starts_with("scripts/")),
    ) {
        if file.path.starts_with("crates/tidy/") {
            continue;
        }
        // Tests make settings up.
        let text = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        used.extend(setting_names(text).map(|name| (name, file.path.as_str())));
    }
    used.iter()
        .filter(|(name, _)| !documented.contains(name))
        .map(|(name, path)| format!("{name}, read in {path}, stands in no document"))
        .collect()
}

fn setting_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(PREFIX).filter_map(|(at, _)| {
        let rest = &text[at..];
        let end = rest
            .find(|character: char| !(character.is_ascii_uppercase() || character == '_'))
            .unwrap_or(rest.len());
        // A name that ends in an underscore is the beginning of several.
        (end > PREFIX.len() && !rest[..end].ends_with('_')).then_some(&rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_without_a_sentence_is_named() {
        let tree = Tree::planted(&[
            ("README.md", "`KENTONGAN_DATA` is the folder.\n"),
            (
                "crates/server/src/config.rs",
                "const A: &str = \"KENTONGAN_DATA\";\nconst B: &str = \"KENTONGAN_QUOTA\";\n\
                 const C: &str = \"KENTONGAN_TEST_\";\n#[cfg(test)]\nmod tests {\n\
                 const D: &str = \"KENTONGAN_OTHER\";\n}\n",
            ),
        ]);
        assert_eq!(
            undocumented_settings(&tree),
            ["KENTONGAN_QUOTA, read in crates/server/src/config.rs, stands in no document"]
        );
    }
}
