//! Every path that a document names exists.

use crate::tree::{SourceFile, Tree};

/// First parts that make a word in backticks a path of this repository.
const FOLDERS: &[&str] = &[
    ".cargo",
    ".ci",
    "crates",
    "deploy",
    "docs",
    "e2e",
    "fuzz",
    "reference",
    "scripts",
];

/// Endings that make a single word in backticks a file at the root.
const ROOT_ENDINGS: &[&str] = &[".md", ".toml", ".yml"];

/// Paths in backticks and targets of relative links that do not exist.
pub fn missing_paths(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in tree.ending_with(".md") {
        for named in quoted_paths(&file.text) {
            for path in expand_braces(&named) {
                if !exists(tree, &path) {
                    offences.push(format!(
                        "{} names `{path}`, which does not exist",
                        file.path
                    ));
                }
            }
        }
        for target in link_targets(&file.text) {
            let path = resolve(file, &target);
            if !exists(tree, &path) {
                offences.push(format!(
                    "{} links to {target}, which does not exist",
                    file.path
                ));
            }
        }
    }
    offences
}

fn exists(tree: &Tree, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    match path.split_once('*') {
        Some((before, after)) => tree
            .files()
            .any(|file| file.path.starts_with(before) && file.path.ends_with(after)),
        None => tree.holds(path),
    }
}

/// Words in backticks, outside fenced blocks, that look like a path of ours.
fn quoted_paths(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for word in line.split('`').skip(1).step_by(2) {
            let path = without_line_number(word);
            if looks_like_ours(path) {
                paths.push(path.to_owned());
            }
        }
    }
    paths
}

fn without_line_number(word: &str) -> &str {
    match word.rsplit_once(':') {
        Some((path, line)) if line.chars().all(|digit| digit.is_ascii_digit()) => path,
        _ => word,
    }
}

fn looks_like_ours(word: &str) -> bool {
    let plain = word
        .chars()
        .all(|character| character.is_alphanumeric() || "._-/{},*".contains(character));
    if !plain {
        return false;
    }
    match word.split_once('/') {
        Some((first, _)) => FOLDERS.contains(&first),
        None => {
            word == "Makefile"
                || (!word.contains('*') && ROOT_ENDINGS.iter().any(|ending| word.ends_with(ending)))
        }
    }
}

/// `a/{b,c}/d` as `a/b/d` and `a/c/d`.
fn expand_braces(path: &str) -> Vec<String> {
    let braces = path.find('{').zip(path.find('}'));
    match braces {
        Some((open, close)) if open < close => path[open + 1..close]
            .split(',')
            .flat_map(|middle| {
                expand_braces(&format!("{}{middle}{}", &path[..open], &path[close + 1..]))
            })
            .collect(),
        _ => vec![path.to_owned()],
    }
}

/// Targets of `[text](target)` and `![text](target)` that lie in this tree.
fn link_targets(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .map(str::to_owned)
        .collect()
}

/// `target` as seen from the folder of `file`, as a path from the root.
fn resolve(file: &SourceFile, target: &str) -> String {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_that_is_gone_is_an_offence() {
        let tree = Tree::planted(&[
            (
                "docs/a.md",
                "`crates/bus/src/{frame,gone}.rs:12` and `GONE.md`, not `a/b` or `serve --demo`\n\
                 ```\n`crates/nothing`\n```\n[there](../crates/bus/src/frame.rs) [gone](b.md#x)\n",
            ),
            ("crates/bus/src/frame.rs", ""),
        ]);
        assert_eq!(
            missing_paths(&tree),
            [
                "docs/a.md names `crates/bus/src/gone.rs`, which does not exist",
                "docs/a.md names `GONE.md`, which does not exist",
                "docs/a.md links to b.md, which does not exist",
            ]
        );
    }

    #[test]
    fn a_star_stands_for_any_name() {
        let tree = Tree::planted(&[("docs/a.md", "`docs/*.md` `docs/*.txt` `crates/*/src`")]);
        assert_eq!(missing_paths(&tree).len(), 2);
    }
}
