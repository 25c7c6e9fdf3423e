//! `verify-log` and `doctor`: is all well?

use std::path::{Path, PathBuf};

use ::ledger::{Checkpoint, Note, VerifyingKey};
use anyhow::Context;
use bus::{LogOptions, Position, Reader, SegmentLog};
use store::{AuditVerification, Store};

use super::open;
use crate::config::Config;
use crate::ledger::verification::{self, Comparison};
use crate::ledger::{bundle, key_file};
use crate::lexicon;
use crate::web::moment;

/// What `verify-log` was asked.
#[derive(Debug)]
pub struct Asked {
    /// A bundle, a copied data folder or database; the data folder in use where there is none.
    pub place: Option<PathBuf>,
    /// Another bundle to compare with.
    pub against: Option<PathBuf>,
    /// Public keys known from elsewhere.
    pub vkeys: Vec<String>,
}

/// Recomputes the audit log; fails on the first entry that was changed.
pub async fn log(asked: &Asked) -> anyhow::Result<()> {
    match &asked.place {
        None => live(asked).await,
        Some(place) => match database_in(place) {
            Some(database) => copy(asked, place, &database).await,
            None => bundled(asked, place),
        },
    }
}

/// The database of a copied data folder, or the copied database itself; none for a bundle.
fn database_in(place: &Path) -> Option<PathBuf> {
    let inside = place.join("kentongan.db");
    if place.is_dir() && !place.join(bundle::CHECKPOINT).is_file() && inside.is_file() {
        return Some(inside);
    }
    let is_database = place.extension().is_some_and(|ending| ending == "db");
    (place.is_file() && is_database).then(|| place.to_owned())
}

async fn live(asked: &Asked) -> anyhow::Result<()> {
    let config = Config::read(false)?;
    let store = open::store(&config).await?;
    let checked = stored(asked, &store, &config.data).await;
    store.close().await;
    checked
}

async fn copy(asked: &Asked, place: &Path, database: &Path) -> anyhow::Result<()> {
    let store = Store::open_copy(database).await?;
    let checked = stored(asked, &store, place).await;
    store.close().await;
    checked
}

/// Checks the log in a database, and that it begins with what was signed beside it.
async fn stored(asked: &Asked, store: &Store, folder: &Path) -> anyhow::Result<()> {
    let verified = store.verify_audit().await?;
    refuse_bad(&verified)?;
    println!(
        "{} entries, none changed; root {}",
        verified.entries,
        hex(&verified.root)
    );
    let signed = key_file::text_if_there(&folder.join("ledger").join("signed"))?;
    if let Some(text) = signed {
        let signed = Checkpoint::parse(Note::parse(&text)?.text())?;
        anyhow::ensure!(
            signed.size <= verified.entries,
            "ROLLBACK: {} entries were signed, the database has {}",
            signed.size,
            verified.entries
        );
        anyhow::ensure!(
            store.ledger_root_at(signed.size).await? == signed.root,
            "FORK: the database does not begin with the {} entries that were signed",
            signed.size
        );
        println!(
            "begins with the {} entries signed by {}",
            signed.size, signed.origin
        );
    }
    match &asked.against {
        Some(other) => say(&verification::compare_live(store, other).await?, other),
        None => Ok(()),
    }
}

fn refuse_bad(verified: &AuditVerification) -> anyhow::Result<()> {
    match &verified.first_bad {
        None => Ok(()),
        Some(bad) => anyhow::bail!(
            "the audit log was changed: entry {}: {}",
            bad.sequence,
            bad.fault
        ),
    }
}

fn bundled(asked: &Asked, place: &Path) -> anyhow::Result<()> {
    let keys = asked.vkeys.iter().map(|key| VerifyingKey::parse(key));
    let keys: Vec<VerifyingKey> = keys.collect::<Result<_, _>>().context("--vkey")?;
    let verified = verification::verify(place, &keys)?;
    println!(
        "{} entries, none changed; root {}",
        verified.checkpoint.size,
        hex(&verified.checkpoint.root)
    );
    println!("signed by {}", verified.key);
    if verified.key_from_bundle {
        println!(
            "the key came with the bundle: compare it with what the ledger's keeper published"
        );
    }
    for (name, size, at) in &verified.cosigned {
        println!(
            "co-signed by {name}: {size} entries, {}",
            moment::machine(*at)
        );
    }
    match &asked.against {
        Some(other) => {
            verification::verify(other, &keys).with_context(|| other.display().to_string())?;
            say(&verification::compare(place, other)?, other)
        }
        None => Ok(()),
    }
}

fn say(comparison: &Comparison, other: &Path) -> anyhow::Result<()> {
    match comparison {
        Comparison::SameUpTo(size) => {
            println!("the same as {} up to entry {size}", other.display());
            Ok(())
        }
        Comparison::SplitAt(entry) => anyhow::bail!(
            "FORK: entry {entry} is the first that differs from {}",
            other.display()
        ),
    }
}

/// Looks at everything a running server needs.
pub async fn doctor(config: &Config) -> anyhow::Result<()> {
    println!("data folder   {}", config.data.display());
    match &config.lexicon {
        Some(folder) => {
            let (_, added) = lexicon::read(folder)?;
            println!(
                "word lists    {} lines in {} files of {} beside the built-in ones",
                added.lines,
                added.files,
                folder.display()
            );
        }
        None => println!("word lists    built-in only"),
    }
    let store = open::store(config).await?;
    println!(
        "database      {} fact-checks",
        store.fact_check_count().await?
    );
    let verified = store.verify_audit().await?;
    refuse_bad(&verified)?;
    println!("audit log     {} entries, none changed", verified.entries);
    let frames = read_log(config)?;
    println!("intake log    {frames} frames, all readable");
    println!("all is well");
    Ok(())
}

/// Reads the whole intake log; a running server holds it, and then only its own start checks it.
fn read_log(config: &Config) -> anyhow::Result<u64> {
    let folder = config.data.join("log");
    match SegmentLog::open(&folder, LogOptions::default()) {
        Ok(_) => {}
        Err(bus::LogError::InUse { .. }) => println!("intake log    in use by a running server"),
        Err(error) => return Err(error).context("the intake log cannot be opened"),
    }
    let mut reader = Reader::open(&folder, Position::OLDEST)?;
    let mut frames = 0;
    while let Some(_frame) = reader.next()? {
        frames += 1;
    }
    Ok(frames)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
