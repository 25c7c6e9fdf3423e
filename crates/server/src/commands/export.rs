//! `export gold`: the month's labels as files that `eval lookup` reads. `export log`: the ledger as
//! a bundle that verifies offline.

use std::path::Path;

use anyhow::Context;
use domain::audit::{Actor, AuditEvent, AuditKind};
use store::Store;
use uuid::Uuid;

use super::open;
use crate::clock;
use crate::config::Config;
use crate::learning::gold::{self, Month, Summary};
use crate::ledger::{Keeper, bundle};

/// Writes the gold set of a month into a folder and prints what it holds.
pub async fn gold(config: &Config, month: &str, folder: &Path) -> anyhow::Result<()> {
    let month = Month::parse(month).context("a month is written like 2026-11")?;
    let store = open::store(config).await?;
    let written = write(&store, month, folder).await;
    store.close().await;
    println!("{}", serde_json::to_string_pretty(&written?)?);
    Ok(())
}

/// Writes the gold set of `month` of `store` into `folder`, which is made where it is missing, and
/// records that it was done.
pub async fn write(store: &Store, month: Month, folder: &Path) -> anyhow::Result<Summary> {
    let gold = gold::collect(store, month).await?;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    for (name, bytes) in &gold.files {
        let path = folder.join(name);
        std::fs::write(&path, bytes)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let exported = AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind: AuditKind::GoldExported,
        subject: Uuid::nil(),
        note: format!("{month}, {} texts", gold.summary.texts),
    };
    store.record_audit(&exported).await?;
    Ok(gold.summary)
}

/// Writes the ledger up to its newest checkpoint to `target`, and records that it was done.
pub async fn log(config: &Config, target: &Path) -> anyhow::Result<()> {
    let store = open::store(config).await?;
    let keeper = Keeper::open(config, &store).await?;
    let size = bundle::export(&store, &keeper, target).await?;
    let act = open::by_machine(
        AuditKind::LedgerExported,
        Uuid::nil(),
        format!("{size} entries"),
    );
    store.record_audit(&act).await?;
    store.close().await;
    println!("{size} entries in {}", target.display());
    println!("ledger key {}", keeper.vkey());
    Ok(())
}
