//! What texts mean beyond their words: the sentence model, where it is installed. Everything
//! works without it, less well.

pub mod kept;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context as _;
use encoder::{Encoder, Role, Scratch};
use matching::meaning::Sentence;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

/// Digest of the one file whose figures we know; the same as in `scripts/model`.
const MODEL_SHA256: &str = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f";
/// Name of the file.
const MODEL_FILE: &str = "e5-small-q4.bin";
/// Where `make model` puts it, from the folder the program is started in.
const MODEL_FOLDER: &str = ".tools/model";
/// The setting that does without.
const WITHOUT: &str = "off";

thread_local! {
    /// Memory of the encoder on this thread, used again.
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// Reads the meaning of texts.
pub struct Reader {
    encoder: Encoder,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

/// Which model file to use, if any: the one that is named, else one that `make model` installed
/// in the data folder or here. `off` does without.
pub fn find(named: Option<&str>, data: &Path) -> Option<PathBuf> {
    match named {
        Some(WITHOUT) => None,
        Some(path) => Some(PathBuf::from(path)),
        None => [data.join("model"), PathBuf::from(MODEL_FOLDER)]
            .into_iter()
            .map(|folder| folder.join(MODEL_FILE))
            .find(|file| file.is_file()),
    }
}

impl Reader {
    /// Opens a model file, about a second. Another file than the known one is refused: its
    /// vectors would not fit the trained weights.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = std::fs::read(path)
            .with_context(|| format!("the sentence model {} cannot be read", path.display()))?;
        let digest = hex(&Sha256::digest(&file));
        anyhow::ensure!(
            digest == MODEL_SHA256,
            "the sentence model {} is another file than the one the weights were trained with \
             (its SHA-256 is {digest}); install it anew with `make model`, or set \
             KENTONGAN_MODEL=off",
            path.display()
        );
        let encoder = Encoder::from_bytes(&file)
            .with_context(|| format!("the sentence model {} cannot be used", path.display()))?;
        Ok(Self { encoder })
    }

    /// The vector of one text, on this thread.
    pub fn sentence(&self, text: &str) -> Sentence {
        SCRATCH.with_borrow_mut(|scratch| self.encoder.embed(text, Role::Query, scratch))
    }

    /// The vectors of many texts, on all cores. `told` is called with how many are done.
    pub fn sentences<T: AsRef<str> + Sync>(
        &self,
        texts: &[T],
        told: impl Fn(usize) + Sync,
    ) -> Vec<Sentence> {
        let done = AtomicUsize::new(0);
        texts
            .par_iter()
            .map(|text| {
                let sentence = self.sentence(text.as_ref());
                told(done.fetch_add(1, Ordering::Relaxed) + 1);
                sentence
            })
            .collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_comes_before_an_installed_one() {
        let folder = tempfile::tempdir().unwrap();
        let installed = folder.path().join("model").join(MODEL_FILE);
        std::fs::create_dir_all(installed.parent().unwrap()).unwrap();
        std::fs::write(&installed, "no model").unwrap();
        assert_eq!(find(None, folder.path()), Some(installed.clone()));
        let named = find(Some("/srv/other.bin"), folder.path());
        assert_eq!(named, Some(PathBuf::from("/srv/other.bin")));
        assert_eq!(find(Some("off"), folder.path()), None);
        let error = Reader::open(&installed).unwrap_err().to_string();
        assert!(error.contains("another file"), "{error}");
        assert!(error.contains("make model"), "{error}");
    }
}
