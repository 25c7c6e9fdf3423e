//! The check of an exported bundle: every entry, every tile, every signature, without a server.

use std::path::Path;

use ::ledger::limits::TILE_WIDTH;
use ::ledger::{
    Checkpoint, Fault, Frontier, Hash, KeyKind, Note, TilePath, TilePlace, VerifyingKey, check_log,
    first_split, tile_hashes,
};
use anyhow::Context;
use domain::Timestamp;
use store::{Store, StoreError};

use super::bundle::{Bundle, CHECKPOINT, COSIGNED, KEYS};

/// A bundle in which everything fits.
#[derive(Debug)]
pub struct Verified {
    /// The checkpoint that the ledger signed.
    pub checkpoint: Checkpoint,
    /// Its key.
    pub key: VerifyingKey,
    /// Whether the key came with the bundle and was not given by whoever checks.
    pub key_from_bundle: bool,
    /// Witnesses that co-signed this or an earlier checkpoint: name, size, moment.
    pub cosigned: Vec<(String, u64, Timestamp)>,
}

/// Checks the bundle at `path`. The ledger's key and its witnesses' may be given in `known`; without
/// any, those in the bundle count.
pub fn verify(path: &Path, known: &[VerifyingKey]) -> anyhow::Result<Verified> {
    let bundle = Bundle::open(path)?;
    let keys = match known {
        [] => keys_in(&bundle)?,
        known => known.to_vec(),
    };
    let ledger_key = keys.iter().find(|key| key.kind() == KeyKind::Log);
    let key = ledger_key.context("no key of a ledger is given")?.clone();
    let note = note_in(&bundle, CHECKPOINT)?.context("the bundle has no checkpoint")?;
    let checkpoint =
        Checkpoint::verified(&note, &key).context("the checkpoint is not the ledger's")?;
    let read = |path: TilePath| bundle.tile(path);
    if let Some(fault) = check_log(checkpoint.size, &checkpoint.root, read)? {
        anyhow::bail!(named(&fault));
    }
    let mut cosigned = cosignatures(&note, &checkpoint, &keys)?;
    if let Some(note) = note_in(&bundle, COSIGNED)? {
        let earlier = Checkpoint::verified(&note, &key)
            .context("the co-signed checkpoint is not the ledger's")?;
        anyhow::ensure!(
            earlier.size <= checkpoint.size,
            "ROLLBACK: witnesses co-signed {} entries, the bundle has {}",
            earlier.size,
            checkpoint.size
        );
        anyhow::ensure!(
            root_of_first(&bundle, &checkpoint, earlier.size)? == earlier.root,
            "FORK: the bundle does not begin with the {} entries that witnesses co-signed",
            earlier.size
        );
        cosigned.extend(cosignatures(&note, &earlier, &keys)?);
    }
    cosigned.sort();
    cosigned.dedup();
    Ok(Verified {
        checkpoint,
        key,
        key_from_bundle: known.is_empty(),
        cosigned,
    })
}

/// What is wrong, with the number of the first entry concerned.
pub fn named(fault: &Fault) -> String {
    format!("entry {}: {}", fault.entry + 1, fault.kind)
}

fn keys_in(bundle: &Bundle) -> anyhow::Result<Vec<VerifyingKey>> {
    let text = bundle.text(KEYS)?.context("the bundle has no keys")?;
    let keys = text.lines().map(VerifyingKey::parse);
    keys.collect::<Result<_, _>>().context("vkeys")
}

fn note_in(bundle: &Bundle, name: &str) -> anyhow::Result<Option<Note>> {
    let text = bundle.text(name)?;
    let note = text.map(|text| Note::parse(&text)).transpose();
    note.with_context(|| name.to_owned())
}

/// Every witness among `keys` that signed the note; a wrong signature of one is an error.
fn cosignatures(
    note: &Note,
    checkpoint: &Checkpoint,
    keys: &[VerifyingKey],
) -> anyhow::Result<Vec<(String, u64, Timestamp)>> {
    let mut found = Vec::new();
    for key in keys.iter().filter(|key| key.kind() == KeyKind::Witness) {
        match key.verify(note) {
            Ok(time_s) => {
                let time_s = i64::try_from(time_s.unwrap_or_default()).unwrap_or(i64::MAX);
                let at = Timestamp(time_s.saturating_mul(Timestamp::SECOND_US));
                found.push((key.name().to_owned(), checkpoint.size, at));
            }
            Err(::ledger::LedgerError::NotSigned) => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cosignature of {}", key.name()));
            }
        }
    }
    Ok(found)
}

/// A tile of leaf hashes of a bundle whose checkpoint is this.
fn leaves_at(bundle: &Bundle, place: TilePlace) -> anyhow::Result<Vec<Hash>> {
    let path = TilePath::Hashes(place);
    let bytes = bundle.tile(path)?;
    let bytes = bytes.with_context(|| format!("tile/{path} is missing"))?;
    Ok(tile_hashes(&bytes)?)
}

/// The root over the first `size` entries of a bundle that holds more.
fn root_of_first(bundle: &Bundle, whole: &Checkpoint, size: u64) -> anyhow::Result<Hash> {
    let mut frontier = Frontier::new();
    for place in ::ledger::tiles_of(whole.size).take_while(|place| place.level == 0) {
        for leaf in leaves_at(bundle, place)? {
            if frontier.size() == size {
                return Ok(frontier.root());
            }
            frontier.append(leaf)?;
        }
    }
    Ok(frontier.root())
}

/// How two views of one ledger relate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// One begins with the other: so many entries are the same.
    SameUpTo(u64),
    /// They part: the number of the first entry that differs.
    SplitAt(u64),
}

/// Compares two bundles, each sound by itself.
pub fn compare(one: &Path, other: &Path) -> anyhow::Result<Comparison> {
    let (one, other) = (Bundle::open(one)?, Bundle::open(other)?);
    let sizes = (size_of(&one)?, size_of(&other)?);
    let split = first_split(
        sizes,
        |place| leaves_at(&one, place),
        |place| leaves_at(&other, place),
    )?;
    Ok(found(split, sizes))
}

/// Compares the live ledger with a bundle.
pub async fn compare_live(store: &Store, bundle: &Path) -> anyhow::Result<Comparison> {
    let bundle = Bundle::open(bundle)?;
    let sizes = (store.ledger_head().await?.size, size_of(&bundle)?);
    let common = sizes.0.min(sizes.1);
    let wide = u64::from(TILE_WIDTH);
    for place in ::ledger::tiles_of(sizes.1).take_while(|place| place.level == 0) {
        let first = place.index * wide;
        if first >= common {
            break;
        }
        let width = u16::try_from((common - first).min(wide)).unwrap_or(TILE_WIDTH);
        let theirs = leaves_at(&bundle, place)?;
        let ours = match store.ledger_tile(TilePlace { width, ..place }).await {
            Err(StoreError::NotFound) => Vec::new(),
            ours => ours?,
        };
        let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        if same < usize::from(width) {
            return Ok(Comparison::SplitAt(first + same as u64 + 1));
        }
    }
    Ok(Comparison::SameUpTo(common))
}

fn found(split: Option<u64>, sizes: (u64, u64)) -> Comparison {
    match split {
        Some(index) => Comparison::SplitAt(index + 1),
        None => Comparison::SameUpTo(sizes.0.min(sizes.1)),
    }
}

fn size_of(bundle: &Bundle) -> anyhow::Result<u64> {
    let note = note_in(bundle, CHECKPOINT)?.context("the bundle has no checkpoint")?;
    Ok(Checkpoint::parse(note.text())?.size)
}
