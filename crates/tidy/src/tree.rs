//! The files of the repository, without what git is told to ignore.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One text file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the repository root, with forward slashes.
    pub path: String,
    /// The whole text; empty for a file that is not UTF-8.
    pub text: String,
}

/// All files of the repository, sorted by path.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    files: Vec<SourceFile>,
    ignored: Ignored,
}

impl Tree {
    /// Reads the repository at `root`, passing over `.git` and over what the
    /// root `.gitignore` names.
    ///
    /// Answers the first error met while listing or reading a file.
    pub fn read(root: &Path) -> io::Result<Self> {
        let ignored = Ignored::parse(&fs::read_to_string(root.join(".gitignore"))?);
        let mut files = Vec::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let path = relative(root, &entry.path());
                if ignored.covers(&path) {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else {
                    let text = String::from_utf8(fs::read(entry.path())?).unwrap_or_default();
                    files.push(SourceFile { path, text });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files, ignored })
    }

    /// A tree made of the given `(path, text)` pairs, for trying a rule out.
    pub fn planted(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        Self {
            files,
            ignored: Ignored::default(),
        }
    }

    /// Every file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The files whose path ends with `ending`, such as `.rs`.
    pub fn ending_with<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files().filter(move |file| file.path.ends_with(ending))
    }

    /// The Rust sources that are built into the product: `crates/*/src`.
    pub fn product_sources(&self) -> impl Iterator<Item = &SourceFile> {
        self.ending_with(".rs")
            .filter(|file| file.path.split('/').nth(2) == Some("src"))
    }

    /// Whether `path` (from the root, forward slashes, no trailing slash) is a
    /// file or a folder here, or a place where the build leaves its results.
    pub fn holds(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.ignored.covers(path)
            || self
                .files()
                .any(|file| file.path == path || file.path.starts_with(&folder))
    }
}

/// The root of this repository, two folders above this crate.
pub fn repository_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn relative(root: &Path, path: &Path) -> String {
    let parts: Vec<_> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

/// The few forms of `.gitignore` that the root file uses.
#[derive(Debug, Clone, Default)]
struct Ignored {
    from_root: Vec<String>,
    folder_names: Vec<String>,
    endings: Vec<String>,
}

impl Ignored {
    fn parse(text: &str) -> Self {
        let mut ignored = Self::default();
        ignored.folder_names.push(".git".to_owned());
        for line in text.lines().map(str::trim) {
            if let Some(path) = line.strip_prefix('/') {
                ignored
                    .from_root
                    .push(path.trim_end_matches('/').to_owned());
            } else if let Some(ending) = line.strip_prefix('*') {
                ignored.endings.push(ending.to_owned());
            } else if !line.is_empty() && !line.starts_with('#') {
                let name = line.trim_end_matches('/');
                ignored.folder_names.push(name.to_owned());
            }
        }
        ignored
    }

    fn covers(&self, path: &str) -> bool {
        let below = |folder: &String| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.from_root.iter().any(below)
            || path
                .split('/')
                .any(|part| self.folder_names.iter().any(|name| name == part))
            || self.endings.iter().any(|ending| path.ends_with(ending))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_what_git_ignores_and_nothing_else() {
        let ignored = Ignored::parse("/target\nnode_modules/\n/e2e/out\n*.profraw\n# note\n");
        for path in [
            ".git",
            "target/debug/x",
            "e2e/node_modules/a.js",
            "e2e/out",
            "a.profraw",
        ] {
            assert!(ignored.covers(path), "{path} should be ignored");
        }
        for path in ["targets", "crates/x/target.rs", "e2e/output", ".gitignore"] {
            assert!(!ignored.covers(path), "{path} should be read");
        }
    }

    #[test]
    fn reads_this_repository() {
        let tree = Tree::read(&repository_root()).unwrap();
        assert!(tree.holds("Cargo.toml"));
        assert!(tree.holds("crates/tidy/src"));
        assert!(!tree.files().any(|file| file.path.starts_with("target/")));
    }
}
