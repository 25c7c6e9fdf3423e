//! Words that may not stand in the tree.

use crate::rust_text::code_only;
use crate::tree::{SourceFile, Tree};

/// Files whose text is written by a tool that must name its registry, and this
/// one, which has to spell out what it looks for.
const EXEMPT: &[&str] = &[
    "Cargo.lock",
    "benches/rivals/Cargo.lock",
    "fuzz/Cargo.lock",
    "crates/tidy/src/wording.rs",
];

/// Text that ties the tree to the machine or the mirror it was written on.
const PLACES: &[(&str, &str)] = &[
    ("/work/", "a path of one machine"),
    ("/home/", "a path of one machine"),
    ("/root/", "a path of one machine"),
    ("crates.io", "a registry's address"),
    ("npmjs", "a registry's address"),
    ("pypi.org", "a registry's address"),
    ("pythonhosted", "a registry's address"),
    ("deb.debian.org", "a registry's address"),
];

/// Attributes that silence a check instead of stating why it may fail.
const SILENCERS: &[(&str, &str)] = &[
    ("#[allow(", "use #[expect(…, reason = \"…\")]"),
    ("#![allow(", "use #![expect(…, reason = \"…\")]"),
    ("#[ignore", "a test runs or is deleted"),
];

/// Marks of unfinished work.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX:", "HACK:"];

/// Files that name a place outside the project.
pub fn foreign_places(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in tree
        .files()
        .filter(|file| !EXEMPT.contains(&file.path.as_str()))
    {
        for (place, what) in PLACES {
            if let Some(line) = line_with(&file.text, place) {
                offences.push(format!("{}:{line}: `{place}` is {what}", file.path));
            }
        }
    }
    offences
}

/// Rust files that silence a lint or a test.
pub fn silenced_checks(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in rust_files(tree) {
        let code = code_only(&file.text);
        for (silencer, instead) in SILENCERS {
            if let Some(line) = line_with(&code, silencer) {
                offences.push(format!("{}:{line}: `{silencer}`: {instead}", file.path));
            }
        }
    }
    offences
}

/// Files with a mark of unfinished work.
pub fn unfinished_work(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in rust_files(tree)
        .chain(tree.ending_with(".md"))
        .chain(tree.ending_with(".html"))
    {
        for mark in UNFINISHED {
            if let Some(line) = line_with(&file.text, mark) {
                offences.push(format!(
                    "{}:{line}: finish what `{mark}` announces",
                    file.path
                ));
            }
        }
    }
    offences
}

fn rust_files(tree: &Tree) -> impl Iterator<Item = &SourceFile> {
    tree.ending_with(".rs")
        .filter(|file| !EXEMPT.contains(&file.path.as_str()))
}

fn line_with(text: &str, wanted: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.contains(wanted))
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_an_offence_except_in_the_lock_file() {
        let tree = Tree::planted(&[
            ("docs/a.md", "fine\nsee /work/x\n"),
            ("Cargo.lock", "index of crates.io\n"),
        ]);
        assert_eq!(
            foreign_places(&tree),
            ["docs/a.md:2: `/work/` is a path of one machine"]
        );
    }

    #[test]
    fn silenced_checks_are_seen_in_code_and_not_in_prose() {
        let bad = "#[allow(dead_code)]\nfn a() {}\n#[test]\n#[ignore]\nfn b() {}\n";
        let prose = "// never write #[allow(x)]\nconst A: &str = \"#[ignore]\";\n";
        let path = "crates/bus/src/frame.rs";
        assert_eq!(silenced_checks(&Tree::planted(&[(path, bad)])).len(), 2);
        assert!(silenced_checks(&Tree::planted(&[(path, prose)])).is_empty());
    }

    #[test]
    fn unfinished_work_is_named() {
        let tree = Tree::planted(&[("crates/bus/src/frame.rs", "// TODO later\n")]);
        assert_eq!(unfinished_work(&tree).len(), 1);
    }
}
