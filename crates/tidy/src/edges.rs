//! Which crate may depend on which.

use crate::tree::Tree;

/// Each crate of ours and the crates of ours it may depend on.
const OUR_EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("matching", &["domain"]),
    ("ledger", &[]),
    ("store", &["domain", "ledger"]),
    ("bus", &[]),
    ("encoder", &[]),
    (
        "server",
        &["domain", "matching", "encoder", "ledger", "store", "bus"],
    ),
    ("hammer", &[]),
    ("tidy", &[]),
];

/// Outside crates that stand for a kind of knowledge, and who may have it.
const KNOWLEDGE: &[(&str, &str, &[&str])] = &[
    ("sqlx", "SQL", &["store"]),
    ("rusqlite", "SQL", &["store"]),
    ("axum", "HTTP", &["server"]),
    ("tower-http", "HTTP", &["server"]),
    ("hyper", "HTTP", &["server", "hammer"]),
    ("reqwest", "HTTP", &["server", "hammer"]),
    ("askama", "HTML", &["server"]),
    // Lists in columns are JSON text, which both databases have; the encoder's
    // example reads JSON lines.
    (
        "serde_json",
        "JSON",
        &["server", "hammer", "matching", "store", "encoder"],
    ),
    ("jiff", "the clock", &["server"]),
    ("clap", "the command line", &["server", "hammer"]),
    ("tokio", "asynchronous work", &["store", "server", "hammer"]),
];

const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Every dependency that the layer rules forbid, and every crate that has no
/// place in them.
pub fn forbidden_edges(tree: &Tree) -> Vec<String> {
    let mut offences = Vec::new();
    for file in tree.ending_with("/Cargo.toml") {
        let Some(folder) = file
            .path
            .strip_prefix("crates/")
            .and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        match toml::from_str::<toml::Table>(&file.text) {
            Ok(manifest) => offences.extend(check_crate(folder, &manifest)),
            Err(error) => offences.push(format!("{} is not TOML: {error}", file.path)),
        }
    }
    offences
}

fn check_crate(folder: &str, manifest: &toml::Table) -> Vec<String> {
    let Some((_, allowed)) = OUR_EDGES.iter().find(|(name, _)| *name == folder) else {
        return vec![format!(
            "crate {folder} has no place in the layer rules: give it one in crates/tidy/src/edges.rs"
        )];
    };
    let mut offences = Vec::new();
    for (table, name) in dependencies(manifest) {
        let ours = OUR_EDGES.iter().any(|(our, _)| *our == name);
        if ours && !allowed.contains(&name.as_str()) {
            offences.push(format!(
                "{folder} may not depend on {name} ([{table}] of crates/{folder}/Cargo.toml)"
            ));
        }
        let knowledge = KNOWLEDGE.iter().find(|(outside, ..)| *outside == name);
        if let Some((_, what, knowers)) = knowledge
            && !knowers.contains(&folder)
        {
            offences.push(format!(
                "{folder} must know nothing of {what}: {name} stands in [{table}], only {} may",
                knowers.join(", ")
            ));
        }
    }
    offences
}

/// `(table, package)` of every dependency, also below `[target.*]`; a renamed
/// one counts under the name of its package.
fn dependencies(manifest: &toml::Table) -> Vec<(String, String)> {
    let targets = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(|targets| targets.values())
        .filter_map(toml::Value::as_table);
    let mut found = Vec::new();
    for section in std::iter::once(manifest).chain(targets) {
        for table in TABLES {
            let Some(entries) = section.get(*table).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, value) in entries {
                let package = value
                    .get("package")
                    .and_then(toml::Value::as_str)
                    .unwrap_or(name);
                found.push(((*table).to_owned(), package.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(folder: &str, manifest: &str) -> Vec<String> {
        let path = format!("crates/{folder}/Cargo.toml");
        forbidden_edges(&Tree::planted(&[(&path, manifest)]))
    }

    #[test]
    fn an_upward_edge_is_named() {
        let found = offences(
            "domain",
            "[dependencies]\nserver = { path = \"../server\" }\n",
        );
        assert_eq!(
            found,
            ["domain may not depend on server ([dependencies] of crates/domain/Cargo.toml)"]
        );
    }

    #[test]
    fn an_edge_in_tests_or_under_a_target_or_another_name_counts() {
        for manifest in [
            "[dev-dependencies]\nstore = { workspace = true }\n",
            "[target.'cfg(unix)'.dependencies]\nstore = { workspace = true }\n",
            "[dependencies]\nshelf = { package = \"store\", path = \"../store\" }\n",
        ] {
            assert_eq!(offences("matching", manifest).len(), 1, "{manifest}");
        }
    }

    #[test]
    fn outside_knowledge_stays_where_it_belongs() {
        let found = offences("ledger", "[dependencies]\nsqlx = \"0.9\"\n");
        assert_eq!(
            found,
            ["ledger must know nothing of SQL: sqlx stands in [dependencies], only store may"]
        );
        assert!(offences("store", "[dependencies]\nsqlx = \"0.9\"\n").is_empty());
    }

    #[test]
    fn an_unknown_crate_must_be_placed_first() {
        assert_eq!(offences("toolbox", "[package]\n").len(), 1);
    }
}
