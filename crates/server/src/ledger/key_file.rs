//! Secret keys in files that only their owner may read.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use ::ledger::{KeyKind, SigningKey};
use anyhow::Context;
use rand::RngExt;

/// The key in `path`.
pub fn read(path: &Path) -> anyhow::Result<SigningKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the key {} cannot be read", path.display()))?;
    SigningKey::parse(text.trim_end()).with_context(|| format!("{} holds no key", path.display()))
}

/// Draws a key and keeps it in `path`, which must not exist; only its owner may read the file.
pub fn make(path: &Path, name: &str, kind: KeyKind) -> anyhow::Result<SigningKey> {
    let key = SigningKey::from_seed(name, kind, rand::rng().random())?;
    make_folder_of(path)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path);
    let mut file = file.with_context(|| format!("the key {} cannot be made", path.display()))?;
    writeln!(file, "{}", key.to_secret_text())?;
    file.sync_all()?;
    Ok(key)
}

/// The key in `path`; where there is none, a fresh one of this name.
pub fn read_or_make(
    path: &Path,
    kind: KeyKind,
    name: impl FnOnce() -> String,
) -> anyhow::Result<SigningKey> {
    match path.try_exists() {
        Ok(true) => read(path),
        Ok(false) => make(path, &name(), kind),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

/// Puts `text` into `path` so that after a crash either the old or the new text stands there whole.
pub fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A command may sign beside a running server; each writes a file of its own first.
    let beside = path.with_added_extension(format!("{}.new", std::process::id()));
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    // The new name is durable only once the folder is.
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => std::fs::File::open(".")?.sync_all(),
    }
}

/// The text in `path`; none where there is no such file.
pub fn text_if_there(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn make_folder_of(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_drawn_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("ledger/key");
        let name = || "pemilu.example/ledger".to_owned();
        let made = read_or_make(&path, KeyKind::Log, name).expect("made");
        let again = read_or_make(&path, KeyKind::Log, || "other".to_owned()).expect("read");
        assert_eq!(made.verifying_key(), again.verifying_key());
        assert!(
            make(&path, "other", KeyKind::Log).is_err(),
            "a key was overwritten"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().expect("file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("state");
        assert_eq!(text_if_there(&path).expect("read"), None);
        for text in ["one", "two"] {
            replace(&path, text).expect("replaced");
            assert_eq!(text_if_there(&path).expect("read").as_deref(), Some(text));
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1);
    }
}
