//! Files that must stand beside one another.

use std::collections::BTreeSet;

use crate::tree::Tree;

const MIGRATIONS: &str = "crates/store/migrations/";
const DIALECTS: &[&str] = &["sqlite", "postgres"];

/// Reference data says where it is from and on what terms.
const PROVENANCE: &[&str] = &["SOURCE", "LICENCE"];

/// Migrations that one dialect has and the other lacks.
pub fn lonely_migrations(tree: &Tree) -> Vec<String> {
    let names = |dialect: &str| -> BTreeSet<&str> {
        let folder = format!("{MIGRATIONS}{dialect}/");
        tree.files()
            .filter_map(|file| file.path.strip_prefix(&folder))
            .collect()
    };
    let all: BTreeSet<&str> = DIALECTS.iter().flat_map(|dialect| names(dialect)).collect();
    let mut offences = Vec::new();
    for dialect in DIALECTS {
        let present = names(dialect);
        for name in all.iter().filter(|name| !present.contains(*name)) {
            offences.push(format!("migration {name} is missing for {dialect}"));
        }
    }
    offences
}

/// Folders of `reference/` without a source or a licence.
pub fn data_without_source(tree: &Tree) -> Vec<String> {
    let folders: BTreeSet<&str> = tree
        .files()
        .filter_map(|file| file.path.strip_prefix("reference/")?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let mut offences = Vec::new();
    for folder in folders {
        for name in PROVENANCE {
            if !tree.holds(&format!("reference/{folder}/{name}")) {
                offences.push(format!("reference/{folder} has no {name}"));
            }
        }
    }
    offences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_of_one_dialect_alone_is_named() {
        let tree = Tree::planted(&[
            ("crates/store/migrations/sqlite/0001_first.sql", ""),
            ("crates/store/migrations/postgres/0001_first.sql", ""),
            ("crates/store/migrations/sqlite/0002_case.sql", ""),
        ]);
        assert_eq!(
            lonely_migrations(&tree),
            ["migration 0002_case.sql is missing for postgres"]
        );
    }

    #[test]
    fn data_of_unknown_origin_is_named() {
        let tree = Tree::planted(&[
            ("reference/README.md", ""),
            ("reference/maps/shapes.json", ""),
            ("reference/maps/LICENCE", ""),
        ]);
        assert_eq!(data_without_source(&tree), ["reference/maps has no SOURCE"]);
    }
}
