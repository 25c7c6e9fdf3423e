//! The witness of the demonstration: it goes the rounds of a real one, over HTTP and with a key and a
//! memory of its own, and vouches for nothing, as it runs in the process of the ledger itself. Its
//! name and the ledger's page say so.

use std::path::Path;
use std::time::Duration;

use ::ledger::{KeyKind, SigningKey};
use anyhow::Context as _;
use domain::audit::AuditKind;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use super::network::machine;
use crate::app::App;
use crate::clock;
use crate::commands::witness::registered;
use crate::ledger::key_file;
use crate::ledger::witness::{Round, WitnessError};

/// What people read as its name.
const NAME: &str = "Saksi peraga (dijalankan server ini sendiri)";
/// The name in its signatures.
const KEY_NAME: &str = "saksi-peraga.example/saksi";
/// Time between two rounds, in seconds.
const ROUND_EVERY_S: u64 = 60;
/// The same while the ledger has no entry yet: its first checkpoint is signed within a second.
const ROUND_AGAIN_S: u64 = 1;

/// Registers the witness of the demonstration with the ledger served at `origin` and goes its rounds
/// until `stop`.
pub async fn run(app: App, origin: String, stop: CancellationToken) {
    if let Err(refused) = super::refuse_public(app.config.listen) {
        tracing::error!("{refused}");
        return;
    }
    let folder = app.config.data.join("demo");
    let key = match join(&app, &folder).await {
        Ok(key) => key,
        Err(error) => {
            tracing::error!(%error, "the demonstration has no witness");
            return;
        }
    };
    let state = folder.join("witness.state");
    let round = Round {
        of: &origin,
        key: &key,
        state: &state,
        ledger_key: None,
    };
    loop {
        let mut pause_s = ROUND_EVERY_S;
        match round.go(clock::now()).await {
            Ok(done) => {
                tracing::debug!(entries = done.size, "the demonstration's witness co-signed")
            }
            Err(WitnessError::Empty) => pause_s = ROUND_AGAIN_S,
            Err(error) => tracing::error!(%error, "the demonstration's witness did not co-sign"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(pause_s)) => {}
        }
    }
}

/// Its key, drawn at the first start and registered where it is not yet.
async fn join(app: &App, folder: &Path) -> anyhow::Result<SigningKey> {
    let path = folder.join("witness.key");
    let key = key_file::read_or_make(&path, KeyKind::Witness, || KEY_NAME.to_owned())?;
    let row = registered(NAME, &key.verifying_key().to_string())?;
    let act = machine(
        clock::now(),
        AuditKind::WitnessAdded,
        row.id.0,
        "demonstration",
    );
    match app.store.add_witness(&row, &act).await {
        Ok(()) | Err(StoreError::Conflict) => Ok(key),
        Err(error) => Err(error).context("the witness cannot be registered"),
    }
}
