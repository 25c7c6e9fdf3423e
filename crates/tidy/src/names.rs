//! What files and types may be called.

use crate::rust_text::{block_end, code_only};
use crate::tree::Tree;

/// File and folder names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "common", "helpers", "types", "misc", "manager",
];

/// Words that our own types may not carry, with what to say instead.
const TAKEN_WORDS: &[(&str, &str)] = &[
    (
        "Status",
        "say state (a lifecycle), stage (the election calendar) or rating (truth)",
    ),
    (
        "Report",
        "a report is a formal act in election law; say what it is instead",
    ),
];

const DECLARATIONS: &[&str] = &["struct", "enum", "union", "trait", "type"];

/// Types a field named `status` may have: those that speak another protocol.
const FOREIGN_STATUS_TYPES: &[&str] = &["StatusCode", "ExitStatus", "u16"];

/// Source files and folders with an empty name.
pub fn empty_names(tree: &Tree) -> Vec<String> {
    tree.files()
        .filter_map(|file| {
            let path = file.path.as_str();
            let empty = path.split('/').find(|part| {
                let stem = part.split('.').next().unwrap_or(part);
                EMPTY_NAMES.contains(&stem)
            })?;
            Some(format!(
                "{path}: `{empty}` says nothing; name it after what it holds"
            ))
        })
        .collect()
}

/// Types and fields named with a word the vocabulary gives another meaning.
pub fn taken_words(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in tree.product_sources() {
        let code = code_only(&file.text);
        for (name, body) in declarations(&code) {
            for (word, instead) in TAKEN_WORDS {
                if words_of(name).iter().any(|part| part == word) {
                    offences.push(format!("{}: type `{name}`: {instead}", file.path));
                }
            }
            if has_own_status_field(body) {
                offences.push(format!(
                    "{}: field `status` of `{name}`: {}",
                    file.path, TAKEN_WORDS[0].1
                ));
            }
        }
    }
    offences
}

/// `(name, text up to the end of the item)` of every type declared in `code`.
fn declarations(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, word) in words(code) {
        if !DECLARATIONS.contains(&word) {
            continue;
        }
        let after = &code[at + word.len()..];
        if let Some((name_at, name)) = words(after).next()
            && after[..name_at].trim().is_empty()
        {
            found.push((name, &after[..block_end(after)]));
        }
    }
    found
}

/// Identifiers of `code` with the byte where each begins.
fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + code[at..].find(is_part)?;
        let rest = &code[start..];
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        at = start + length;
        Some((start, &rest[..length]))
    })
}

/// `CaseStatusRow` as `Case`, `Status`, `Row`.
fn words_of(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for character in name.chars() {
        match parts.last_mut() {
            Some(part) if !character.is_uppercase() => part.push(character),
            _ => parts.push(character.to_string()),
        }
    }
    parts
}

fn has_own_status_field(body: &str) -> bool {
    body.lines().any(|line| {
        let declared = line.trim().trim_start_matches("pub(crate) ");
        let declared = declared.trim_start_matches("pub ");
        declared.strip_prefix("status:").is_some_and(|kind| {
            !FOREIGN_STATUS_TYPES
                .iter()
                .any(|foreign| kind.contains(foreign))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_says_nothing_is_named() {
        let tree = Tree::planted(&[
            ("crates/server/src/utils.rs", ""),
            ("crates/store/src/common/mod.rs", ""),
            ("crates/domain/src/case.rs", ""),
        ]);
        assert_eq!(empty_names(&tree).len(), 2);
    }

    #[test]
    fn our_own_status_is_an_offence_and_a_foreign_one_is_not() {
        let bad = "/// Status of a case.\npub enum CaseStatus { Open }\n\
                   struct Row {\n    pub status: String,\n}\nstruct WeeklyReport;\n";
        let good = "struct Answer {\n    status: StatusCode,\n}\nstruct Reporter;\n\
                    fn f() { let status = reply.status(); }\n";
        let path = "crates/server/src/desk/case.rs";
        assert_eq!(taken_words(&Tree::planted(&[(path, bad)])).len(), 3);
        assert!(taken_words(&Tree::planted(&[(path, good)])).is_empty());
    }
}
