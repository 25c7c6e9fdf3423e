//! What several commands open: the data folder, the store, the installation's secrets.

use anyhow::Context;
use domain::audit::{Actor, AuditEvent, AuditKind};
use rand::RngExt;
use store::Store;
use uuid::Uuid;

use crate::clock;
use crate::config::Config;
use crate::meaning::{self, Reader};

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

/// The sentence model, where one is installed; says on standard error when there is none.
#[expect(clippy::print_stderr, reason = "the figures of a command depend on it")]
pub fn reader(config: &Config) -> anyhow::Result<Option<Reader>> {
    let Some(path) = meaning::find(config.model.as_deref(), &config.data) else {
        eprintln!(
            "no sentence model: texts are compared by words alone (`make model` installs it)"
        );
        return Ok(None);
    };
    eprintln!("sentence model: {}", path.display());
    Reader::open(&path).map(Some)
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
