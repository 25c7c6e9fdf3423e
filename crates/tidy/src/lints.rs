//! Every crate keeps the workspace's lints.

use crate::tree::Tree;

/// The crate that states its lints itself, and how they may differ.
///
/// Its vector kernels need unsafe code, and `forbid` in the workspace's table
/// could not be lifted in one module.
const OWN_TABLE: &str = "encoder";
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("rust", "unsafe_code", "deny"),
    ("clippy", "inline_always", "allow"),
];

/// Where that crate may have unsafe code.
const UNSAFE_FILE: &str = "crates/encoder/src/kernels_x86.rs";

/// Crates that lint less than the workspace, and files that lift the ban on
/// unsafe code for more than one module.
pub fn lowered_lints(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    let mut manifests = Vec::new();
    let mut workspace = None;
    for file in tree.ending_with("Cargo.toml") {
        let Ok(manifest) = toml::from_str::<toml::Table>(&file.text) else {
            offences.push(format!("{} is not TOML", file.path));
            continue;
        };
        let folder = file
            .path
            .strip_prefix("crates/")
            .and_then(|rest| rest.strip_suffix("/Cargo.toml"));
        match folder {
            Some(folder) => manifests.push((folder, manifest)),
            None if file.path == "Cargo.toml" => {
                workspace = table(&manifest, &["workspace", "lints"]).cloned()
            }
            None => {}
        }
    }
    let workspace = workspace.unwrap_or_default();
    for (folder, manifest) in manifests {
        let lints = table(&manifest, &["lints"]).cloned().unwrap_or_default();
        let inherits = lints.get("workspace").and_then(toml::Value::as_bool) == Some(true);
        if !inherits && (folder != OWN_TABLE || lints != expected(&workspace)) {
            offences.push(format!(
                "crates/{folder}/Cargo.toml must keep the lints of the workspace"
            ));
        }
    }
    offences.extend(tree.ending_with(".rs").filter_map(|file| {
        let own = file.path.starts_with("crates/encoder/src/");
        let code = crate::rust_text::code_only(&file.text);
        let has_unsafe = code
            .split(|character: char| !(character.is_alphanumeric() || character == '_'))
            .any(|word| word == "unsafe");
        (own && has_unsafe && file.path != UNSAFE_FILE)
            .then(|| format!("{}: unsafe code belongs in {UNSAFE_FILE}", file.path))
    }));
    offences
}

/// The workspace's lints with the differences one crate may have.
fn expected(workspace: &toml::Table) -> toml::Table {
    let mut expected = workspace.clone();
    for (tool, lint, level) in DIFFERENCES {
        if let Some(lints) = expected.get_mut(*tool).and_then(toml::Value::as_table_mut) {
            lints.insert((*lint).to_owned(), toml::Value::String((*level).to_owned()));
        }
    }
    expected
}

fn table<'a>(manifest: &'a toml::Table, path: &[&str]) -> Option<&'a toml::Table> {
    path.iter()
        .try_fold(manifest, |table, key| table.get(*key)?.as_table())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n\
                             [workspace.lints.clippy]\ntodo = \"deny\"\n";

    fn offences(path: &str, text: &str) -> Vec<String> {
        lowered_lints(&Tree::planted(&[("Cargo.toml", WORKSPACE), (path, text)]))
    }

    #[test]
    fn a_crate_without_the_lints_is_named() {
        let kept = "[lints]\nworkspace = true\n";
        assert!(offences("crates/store/Cargo.toml", kept).is_empty());
        for lowered in ["", "[lints.rust]\nunsafe_code = \"forbid\"\n"] {
            assert_eq!(offences("crates/store/Cargo.toml", lowered).len(), 1);
        }
    }

    #[test]
    fn the_encoder_differs_in_what_it_may() {
        let own = "[lints.rust]\nunsafe_code = \"deny\"\nmissing_docs = \"warn\"\n\
                   [lints.clippy]\ntodo = \"deny\"\ninline_always = \"allow\"\n";
        assert!(offences("crates/encoder/Cargo.toml", own).is_empty());
        assert_eq!(offences("crates/store/Cargo.toml", own).len(), 1);
        let lowered = own.replace("todo = \"deny\"\n", "");
        assert_eq!(offences("crates/encoder/Cargo.toml", &lowered).len(), 1);
    }

    #[test]
    fn unsafe_code_outside_its_file_is_named() {
        let code = "fn f() { unsafe { g() } }\n";
        assert!(offences(UNSAFE_FILE, code).is_empty());
        assert_eq!(offences("crates/encoder/src/lib.rs", code).len(), 1);
        assert!(
            offences(
                "crates/encoder/src/lib.rs",
                "// unsafe\n#[expect(unsafe_code)]\n"
            )
            .is_empty()
        );
    }
}
