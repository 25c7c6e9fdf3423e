//! `verify-log` and `doctor`: is all well?

use anyhow::Context;
use bus::{LogOptions, Position, Reader, SegmentLog};

use super::open;
use crate::config::Config;
use crate::lexicon;

/// Recomputes the audit log; fails on the first entry that was changed.
pub async fn log(config: &Config) -> anyhow::Result<()> {
    let store = open::store(config).await?;
    let verified = store.verify_audit().await?;
    if let Some(bad) = &verified.first_bad {
        anyhow::bail!("the audit log was changed: {bad:?}");
    }
    println!(
        "{} entries, none changed; root {}",
        verified.entries,
        hex(&verified.root)
    );
    Ok(())
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
    anyhow::ensure!(
        verified.first_bad.is_none(),
        "the audit log was changed: {:?}",
        verified.first_bad
    );
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
