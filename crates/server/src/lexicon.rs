//! An operator's word lists: a folder of files named like those in `reference/lexicon`, whose
//! lines add to the built-in lists or override them.

use std::path::{Path, PathBuf};

use matching::lexicon::{Lexicon, List};

/// Largest word list that is read, in bytes.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// What is wrong with the word lists, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum LexiconError {
    /// A folder or file cannot be read.
    #[error("word lists: {path} cannot be read")]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A list of no known name.
    #[error("word lists: {path} is no list; lists are named {known}")]
    UnknownList {
        /// The file.
        path: PathBuf,
        /// The names there are.
        known: String,
    },
    /// A list beyond all measure.
    #[error(
        "word lists: {path} has more than {FILE_BYTES_MAX} bytes; leave out what is not needed"
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A line that cannot be read.
    #[error("word lists: {path}, line {line}: {reason}; columns are separated by one tab: {shape}")]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
        /// What a line of this list looks like.
        shape: &'static str,
    },
    /// Texts were read before.
    #[error("word lists: the built-in lists are in use already")]
    TooLate,
}

/// What was read from a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// Files.
    pub files: usize,
    /// Lines that say something.
    pub lines: usize,
}

/// Reads the lists of a folder and makes them, with the built-in ones, the lexicon of this
/// process; nothing happens without a folder. Must run before the first text is read.
pub fn install(folder: Option<&Path>) -> Result<Added, LexiconError> {
    let Some(folder) = folder else {
        return Ok(Added::default());
    };
    let (lexicon, added) = read(folder)?;
    if lexicon.install() {
        tracing::info!(files = added.files, lines = added.lines, folder = %folder.display(), "word lists read");
        Ok(added)
    } else {
        Err(LexiconError::TooLate)
    }
}

/// The built-in lists with those of a folder.
pub fn read(folder: &Path) -> Result<(Lexicon, Added), LexiconError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |error| LexiconError::Unreadable { path, error }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            files.push((list_of(&path)?, path));
        }
    }
    // Some lists are read with the help of others; the order must not depend on the disk.
    files.sort_by_key(|(list, _)| List::ALL.iter().position(|(one, _)| one == list));
    let mut lexicon = Lexicon::shipped();
    let mut added = Added::default();
    for (list, path) in files {
        let size = std::fs::metadata(&path).map_err(unreadable(&path))?.len();
        if size > FILE_BYTES_MAX {
            return Err(LexiconError::TooLarge { path });
        }
        let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
        lexicon
            .extend(list, &text)
            .map_err(|error| LexiconError::BadLine {
                path: path.clone(),
                line: error.line,
                reason: error.reason,
                shape: list.shape(),
            })?;
        added.files += 1;
        added.lines += text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .count();
    }
    Ok((lexicon, added))
}

fn list_of(path: &Path) -> Result<List, LexiconError> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(List::of_file).ok_or_else(|| {
        let known: Vec<&str> = List::ALL.iter().map(|(_, file)| *file).collect();
        LexiconError::UnknownList {
            path: path.to_owned(),
            known: known.join(", "),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use matching::normalise::terms_with;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        folder
    }

    #[test]
    fn lines_add_to_the_lists_and_override_them() {
        let lists = folder(&[
            ("slang.tsv", "# ours\nprmilu\tpemilu\nhoax\tbohong\n"),
            ("entities.tsv", "gnk\tgerakan nasional kentongan\n"),
            ("README.md", "not a list"),
        ]);
        let (lexicon, added) = read(lists.path()).expect("reads");
        assert_eq!(added, Added { files: 2, lines: 3 });
        let stems = |text: &str| -> Vec<String> {
            let terms = terms_with(&lexicon, text).into_iter();
            terms.map(|term| term.stem).collect()
        };
        assert_eq!(stems("prmilu hoax"), ["pemilu", "bohong"]);
        assert_eq!(stems("Gerakan Nasional Kentongan"), ["gnk"]);
        assert_eq!(stems("sdh korupsi"), stems("sudah korupsi"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let lists = folder(&[("number-words.tsv", "# ours\nkodi\tscale\tdua puluh\n")]);
        let error = read(lists.path()).expect_err("refused").to_string();
        for part in ["number-words.tsv, line 2", "not a number", "word<TAB>"] {
            assert!(error.contains(part), "{error}");
        }
        let lists = folder(&[("slank.tsv", "a\tb\n")]);
        let error = read(lists.path()).expect_err("refused").to_string();
        assert!(
            error.contains("slank.tsv") && error.contains("slang.tsv"),
            "{error}"
        );
        let missing = lists.path().join("nowhere");
        let error = read(&missing).expect_err("refused").to_string();
        assert!(error.contains("nowhere"), "{error}");
    }
}
