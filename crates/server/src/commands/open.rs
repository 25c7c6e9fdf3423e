//! What several commands open: the data folder, the store, the installation's secrets.

use anyhow::Context;
use domain::audit::{Actor, AuditEvent, AuditKind};
use rand::RngExt;
use store::Store;
use uuid::Uuid;

use crate::clock;
use crate::config::Config;

/// Opens the store and brings it to this version's schema.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    std::fs::create_dir_all(&config.data).with_context(|| {
        format!(
            "the data folder {} cannot be made; choose another with KENTONGAN_DATA",
            config.data.display()
        )
    })?;
    Store::open(&config.database)
        .await
        .context("the database cannot be opened")
}

/// 32 random bytes kept under `name`, made at first use.
pub async fn secret(store: &Store, name: &str) -> anyhow::Result<[u8; 32]> {
    let fresh: [u8; 32] = rand::rng().random();
    let kept = store.meta_or_insert(name, &fresh).await?;
    <[u8; 32]>::try_from(kept)
        .map_err(|kept| anyhow::anyhow!("secret {name} has {} bytes instead of 32", kept.len()))
}

/// An act of the machine itself.
pub fn by_machine(kind: AuditKind, subject: Uuid, note: impl Into<String>) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject,
        note: note.into(),
    }
}
