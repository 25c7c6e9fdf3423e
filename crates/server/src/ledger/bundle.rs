//! The ledger as files to hand on: a folder in the layout of tlog-tiles, or the same files in one
//! JSON text that the verifier page reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::ledger::limits::TILE_WIDTH;
use ::ledger::{Note, TileBuilder, TilePath, TilePlace, entry_bundle, leaf_hash, tile_bytes};
use anyhow::Context;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use store::Store;

use super::{Keeper, limits, verifier};

/// Names the form of a bundle in one file.
const FORMAT: &str = "kentongan-log-1";
/// Files that are text; all others are bytes.
const TEXTS: &[&str] = &[CHECKPOINT, COSIGNED, KEYS, README];
/// The newest checkpoint.
pub const CHECKPOINT: &str = "checkpoint";
/// The largest checkpoint a witness co-signed.
pub const COSIGNED: &str = "cosigned";
/// The keys of the ledger and of its witnesses, one on a line, the ledger's first.
pub const KEYS: &str = "vkeys";
const README: &str = "README.txt";
const VERIFIER: &str = "verifier.html";

/// A bundle in one file.
#[derive(Debug, Serialize, Deserialize)]
struct OneFile {
    format: String,
    /// Texts as they are, bytes in base64.
    files: BTreeMap<String, String>,
}

/// A bundle that is being read.
#[derive(Debug)]
pub enum Bundle {
    /// A folder.
    Folder(PathBuf),
    /// One file, with its files in memory.
    File(BTreeMap<String, Vec<u8>>),
}

impl Bundle {
    /// Opens a folder that holds a checkpoint, or a file that holds them all.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            anyhow::ensure!(
                path.join(CHECKPOINT).is_file(),
                "{} holds no checkpoint, so it is no bundle",
                path.display()
            );
            return Ok(Self::Folder(path.to_owned()));
        }
        let about = || path.display().to_string();
        let bytes = std::fs::metadata(path).with_context(about)?.len();
        anyhow::ensure!(
            bytes <= limits::BUNDLE_FILE_BYTES,
            "{} is larger than a bundle in one file may be; export into a folder",
            path.display()
        );
        let text = std::fs::read_to_string(path).with_context(about)?;
        let one: OneFile = serde_json::from_str(&text)
            .with_context(|| format!("{} is no bundle", path.display()))?;
        anyhow::ensure!(
            one.format == FORMAT,
            "{} is a bundle of the form {:?}, this program reads {FORMAT:?}",
            path.display(),
            one.format
        );
        let decode = |(name, text): (String, String)| {
            let bytes = if TEXTS.contains(&name.as_str()) {
                text.into_bytes()
            } else {
                let bytes = STANDARD.decode(&text);
                bytes.with_context(|| format!("{name} in {} is not base64", path.display()))?
            };
            Ok((name, bytes))
        };
        let files = one.files.into_iter().map(decode);
        Ok(Self::File(files.collect::<anyhow::Result<_>>()?))
    }

    /// One file of it by its name, such as `tile/0/000`; none where it is missing.
    pub fn read(&self, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
        match self {
            Self::File(files) => Ok(files.get(name).cloned()),
            Self::Folder(folder) => {
                let path = folder.join(name);
                match std::fs::read(&path) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(error).with_context(|| path.display().to_string()),
                }
            }
        }
    }

    /// A text of it; none where it is missing.
    pub fn text(&self, name: &str) -> anyhow::Result<Option<String>> {
        let bytes = self.read(name)?;
        let text = bytes.map(String::from_utf8).transpose();
        text.with_context(|| format!("{name} is no text"))
    }

    /// A tile or bundle of entries.
    pub fn tile(&self, path: TilePath) -> anyhow::Result<Option<Vec<u8>>> {
        self.read(&format!("tile/{path}"))
    }
}

/// Writes the ledger up to its newest checkpoint to `target`: one file where the name ends in
/// `.json`, else a folder. Yields how many entries it holds.
pub async fn export(store: &Store, keeper: &Keeper, target: &Path) -> anyhow::Result<u64> {
    keeper.renew(store).await?;
    let latest = keeper.latest();
    anyhow::ensure!(
        latest.contradicted_by.is_none(),
        "the database contradicts the last signed checkpoint; see docs/ledger.md, \"After a restore\""
    );
    let one_file = target.extension().is_some_and(|ending| ending == "json");
    let mut writing = if one_file {
        Writing::File(BTreeMap::new())
    } else {
        Writing::Folder(target.to_owned())
    };
    let size = latest.checkpoint.size;
    write_tiles(store, size, &mut writing).await?;
    let note = keeper
        .with_cosignatures(store, latest.note.clone(), size)
        .await?;
    writing.put(CHECKPOINT, note.to_string().as_bytes())?;
    if let Some(head) = store.last_cosigned().await? {
        let note = keeper
            .with_cosignatures(store, keeper.signed(head)?, head.size)
            .await?;
        writing.put(COSIGNED, note.to_string().as_bytes())?;
    }
    writing.put(KEYS, keys_of(store, keeper).await?.as_bytes())?;
    writing.put(README, read_me(&note).as_bytes())?;
    writing.put(VERIFIER, verifier::PAGE.as_bytes())?;
    writing.finish(target)?;
    Ok(size)
}

enum Writing {
    Folder(PathBuf),
    File(BTreeMap<String, String>),
}

impl Writing {
    fn put(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        match self {
            Self::File(files) => {
                let text = if TEXTS.contains(&name) {
                    String::from_utf8_lossy(bytes).into_owned()
                } else if name == VERIFIER {
                    // The page that reads the file stands beside it, not in it.
                    return Ok(());
                } else {
                    STANDARD.encode(bytes)
                };
                files.insert(name.to_owned(), text);
            }
            Self::Folder(folder) => {
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent)
                        .with_context(|| format!("{} cannot be made", parent.display()))?;
                }
                std::fs::write(&path, bytes)
                    .with_context(|| format!("{} cannot be written", path.display()))?;
            }
        }
        Ok(())
    }

    fn finish(self, target: &Path) -> anyhow::Result<()> {
        let Self::File(files) = self else {
            return Ok(());
        };
        let one = OneFile {
            format: FORMAT.to_owned(),
            files,
        };
        std::fs::write(target, serde_json::to_string_pretty(&one)?)
            .with_context(|| format!("{} cannot be written", target.display()))
    }
}

async fn write_tiles(store: &Store, size: u64, writing: &mut Writing) -> anyhow::Result<()> {
    let mut builder = TileBuilder::default();
    let wide = u64::from(TILE_WIDTH);
    for index in 0..size.div_ceil(wide) {
        let left = (size - index * wide).min(wide);
        let width = u16::try_from(left).unwrap_or(TILE_WIDTH);
        let entries = store.audit_entry_bytes(index * wide, width).await?;
        anyhow::ensure!(
            entries.len() == usize::from(width),
            "entry {} is missing; see `kentongan verify-log`",
            index * wide + entries.len() as u64 + 1
        );
        let place = TilePlace {
            level: 0,
            index,
            width,
        };
        let bundle = entry_bundle(entries.iter().map(Vec::as_slice))?;
        writing.put(&format!("tile/{}", TilePath::Entries(place)), &bundle)?;
        let whole: Vec<_> = entries
            .iter()
            .flat_map(|entry| builder.push(leaf_hash(entry)))
            .collect();
        for tile in whole {
            let path = format!("tile/{}", TilePath::Hashes(tile.place));
            writing.put(&path, &tile_bytes(&tile.hashes))?;
        }
    }
    for tile in builder.partial() {
        let path = format!("tile/{}", TilePath::Hashes(tile.place));
        writing.put(&path, &tile_bytes(&tile.hashes))?;
    }
    Ok(())
}

async fn keys_of(store: &Store, keeper: &Keeper) -> anyhow::Result<String> {
    let mut keys = format!("{}\n", keeper.vkey());
    for witness in store.witnesses().await? {
        if witness.removed_at.is_none() {
            keys.push_str(&witness.vkey);
            keys.push('\n');
        }
    }
    Ok(keys)
}

fn read_me(note: &Note) -> String {
    format!(
        "A copy of an audit ledger, up to this checkpoint:\n\n{}\n\
         Check it with `kentongan verify-log` and the path of this bundle, or open verifier.html in\n\
         a browser and choose the bundle in one file (made by `kentongan export log --to LOG.json`).\n\
         The keys in vkeys come with the bundle: compare them with what the parties published.\n",
        note.text()
    )
}
