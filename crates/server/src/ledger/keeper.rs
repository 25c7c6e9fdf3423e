//! The ledger's key and its newest signed checkpoint.
//!
//! What was signed last is kept in a file beside the key. A database that does not begin with it
//! was rolled back or rewritten, and gets no signature: two checkpoints of one key that contradict
//! each other would be our own proof against ourselves.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, UNIX_EPOCH};

use ::ledger::{Checkpoint, KeyKind, Note, Signature, SigningKey, VerifyingKey};
use anyhow::Context;
use domain::Timestamp;
use store::{LedgerHead, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::{key_file, limits};
use crate::app::App;
use crate::clock;
use crate::config::Config;

/// Signs the ledger's head and remembers what it signed.
#[derive(Debug)]
pub struct Keeper {
    key: SigningKey,
    signed_file: PathBuf,
    latest: RwLock<Arc<Latest>>,
}

/// The newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// As a note with the ledger's own signature.
    pub note: Note,
    /// When it was signed.
    pub at: Timestamp,
    /// The head of the database where it contradicts the checkpoint: nothing is signed then.
    pub contradicted_by: Option<LedgerHead>,
}

impl Keeper {
    /// Reads or makes the key, and signs the head as it is now.
    pub async fn open(config: &Config, store: &Store) -> anyhow::Result<Self> {
        let folder = config.data.join("ledger");
        let key = key_of(config)?;
        let signed_file = folder.join("signed");
        let last = key_file::text_if_there(&signed_file)
            .with_context(|| signed_file.display().to_string())?;
        let last = last.map(|text| read_signed(&text, &key.verifying_key()));
        let last = last
            .transpose()
            .with_context(|| format!("{} is damaged", signed_file.display()))?
            .flatten();
        let first = match last {
            Some((checkpoint, note)) => Latest {
                checkpoint,
                note,
                at: written_at(&signed_file),
                contradicted_by: None,
            },
            None => sign(
                &key,
                &Checkpoint {
                    origin: key.verifying_key().name().to_owned(),
                    size: 0,
                    root: ::ledger::empty_root(),
                },
            )?,
        };
        let keeper = Self {
            key,
            signed_file,
            latest: RwLock::new(Arc::new(first)),
        };
        keeper.renew(store).await?;
        Ok(keeper)
    }

    /// The public half of the key.
    pub fn vkey(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// The newest checkpoint.
    pub fn latest(&self) -> Arc<Latest> {
        Arc::clone(&self.latest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The checkpoint of an earlier size, signed as it was then: the signature is the same.
    pub fn signed(&self, head: LedgerHead) -> Result<Note, ::ledger::LedgerError> {
        let checkpoint = Checkpoint {
            origin: self.vkey().name().to_owned(),
            size: head.size,
            root: head.root,
        };
        checkpoint.signed(&self.key)
    }

    /// Signs the head of `store` when it has grown.
    pub async fn renew(&self, store: &Store) -> anyhow::Result<()> {
        let head = store.ledger_head().await?;
        let latest = self.latest();
        let last = &latest.checkpoint;
        if (head.size, head.root) == (last.size, last.root) && latest.contradicted_by.is_none() {
            return Ok(());
        }
        if !begins_with(store, head, last).await? {
            if latest.contradicted_by != Some(head) {
                tracing::error!(
                    signed = last.size,
                    found = head.size,
                    "the ledger in the database does not begin with the one that was signed; no \
                     checkpoint is signed (see docs/ledger.md, \"After a restore\")"
                );
            }
            self.keep(Latest {
                contradicted_by: Some(head),
                ..(*latest).clone()
            });
            return Ok(());
        }
        let next = sign(
            &self.key,
            &Checkpoint {
                origin: last.origin.clone(),
                size: head.size,
                root: head.root,
            },
        )?;
        let (path, text) = (self.signed_file.clone(), next.note.to_string());
        tokio::task::spawn_blocking(move || key_file::replace(&path, &text))
            .await?
            .with_context(|| format!("{} cannot be written", self.signed_file.display()))?;
        self.keep(next);
        Ok(())
    }

    fn keep(&self, latest: Latest) {
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(latest);
    }

    /// The note of `head` with the cosignatures there are on it.
    pub async fn with_cosignatures(
        &self,
        store: &Store,
        mut note: Note,
        size: u64,
    ) -> Result<Note, StoreError> {
        for line in store.cosignature_lines(size).await? {
            note.add(Signature::parse(&line)?);
        }
        Ok(note)
    }
}

/// The key of this installation, under the name that the settings give.
pub fn key_of(config: &Config) -> anyhow::Result<SigningKey> {
    let path = config.data.join("ledger").join("key");
    let made_up = || {
        let number: u64 = rand::random();
        format!("kentongan/{number:016x}")
    };
    let wanted = config.ledger_name.clone();
    let key = key_file::read_or_make(&path, KeyKind::Log, || wanted.unwrap_or_else(made_up))?;
    anyhow::ensure!(
        key.kind() == KeyKind::Log,
        "{} is the key of a witness, not of a ledger",
        path.display()
    );
    match &config.ledger_name {
        Some(name) => key
            .renamed(name)
            .with_context(|| format!("KENTONGAN_LEDGER_NAME is {name:?}")),
        None => Ok(key),
    }
}

/// When the file was written; now, where the system does not tell.
fn written_at(path: &Path) -> Timestamp {
    let modified = path.metadata().and_then(|file| file.modified()).ok();
    let since = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let us = since.and_then(|since| i64::try_from(since.as_micros()).ok());
    us.map_or_else(clock::now, Timestamp)
}

/// What was signed last; none where it was another ledger, by another name.
fn read_signed(
    text: &str,
    key: &VerifyingKey,
) -> Result<Option<(Checkpoint, Note)>, ::ledger::LedgerError> {
    let note = Note::parse(text)?;
    match Checkpoint::verified(&note, key) {
        Ok(checkpoint) => Ok(Some((checkpoint, note))),
        Err(::ledger::LedgerError::NotSigned) => Ok(None),
        Err(error) => Err(error),
    }
}

fn sign(key: &SigningKey, checkpoint: &Checkpoint) -> Result<Latest, ::ledger::LedgerError> {
    Ok(Latest {
        checkpoint: checkpoint.clone(),
        note: checkpoint.signed(key)?,
        at: clock::now(),
        contradicted_by: None,
    })
}

/// Whether the ledger with this head begins with the one that was signed.
async fn begins_with(
    store: &Store,
    head: LedgerHead,
    signed: &Checkpoint,
) -> Result<bool, StoreError> {
    if signed.size > head.size {
        return Ok(false);
    }
    match store.ledger_root_at(signed.size).await {
        Ok(root) => Ok(root == signed.root),
        Err(StoreError::Ledger(_) | StoreError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Signs each new head within a second, until the server ends.
pub async fn keep_signing(app: App, stop: CancellationToken) {
    let every = Duration::from_millis(limits::SIGN_EVERY_MS);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        if let Err(error) = app.ledger.renew(&app.store).await {
            tracing::error!(%error, "the ledger could not be signed");
        }
    }
}
