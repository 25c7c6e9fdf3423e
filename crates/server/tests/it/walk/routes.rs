//! The routes, read off the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Routes of the sources: path, and whether it answers GET and POST.
pub(super) fn routes() -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).expect("a source");
        // What a module tests itself with is no route of the server.
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for part in text.split(".route(").skip(1) {
            let call = call_of(part);
            let mut quoted = call.splitn(3, '"');
            let (Some(before), Some(path), Some(rest)) =
                (quoted.next(), quoted.next(), quoted.next())
            else {
                continue;
            };
            if !before.trim().is_empty() || !path.starts_with('/') {
                continue;
            }
            for (word, method) in [("get(", "GET"), ("post(", "POST")] {
                if rest.contains(word) {
                    found.insert((path.to_owned(), method));
                }
            }
        }
    }
    found
}

/// The text up to the bracket that closes the call.
pub(super) fn call_of(text: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

pub(super) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
