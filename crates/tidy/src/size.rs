//! How long a source file may be.

use crate::rust_text::{code_only, without_test_blocks};
use crate::tree::Tree;

/// Lines of code a product file may have, tests and comments not counted.
pub const FILE_MAX_CODE_LINES: usize = 500;

/// Every product file over [`FILE_MAX_CODE_LINES`].
pub fn long_files(tree: &Tree) -> Vec<String> {
    tree.product_sources()
        .filter_map(|file| {
            let lines = code_lines(&file.text);
            (lines > FILE_MAX_CODE_LINES).then(|| {
                format!(
                    "{} has {lines} lines of code, more than {FILE_MAX_CODE_LINES}: split it by concept",
                    file.path
                )
            })
        })
        .collect()
}

fn code_lines(source: &str) -> usize {
    without_test_blocks(&code_only(source))
        .lines()
        .filter(|line| !line.trim().is_empty())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_blanks_and_tests_do_not_count() {
        let source = "//! About\n\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        assert_eq!(code_lines(source), 1);
    }

    #[test]
    fn one_line_too_many_is_an_offence() {
        let fits = "fn a() {}\n".repeat(FILE_MAX_CODE_LINES);
        let long = format!("{fits}fn b() {{}}\n");
        let path = "crates/store/src/case.rs";
        assert!(long_files(&Tree::planted(&[(path, &fits)])).is_empty());
        assert_eq!(long_files(&Tree::planted(&[(path, &long)])).len(), 1);
        assert!(long_files(&Tree::planted(&[("crates/store/tests/it.rs", &long)])).is_empty());
    }
}
