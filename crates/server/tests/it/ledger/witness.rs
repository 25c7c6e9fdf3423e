//! Another party that co-signs.

use std::path::PathBuf;

use domain::audit::AuditKind;
use ledger::{KeyKind, SigningKey};
use server::clock;
use server::commands::witness::registered;
use server::ledger::key_file;
use server::ledger::witness::{Cosigned, Round, WitnessError};

use crate::harness::{TestServer, event};

/// Another party with its key and its memory, in a folder of its own.
pub(super) struct Witness {
    pub(super) folder: tempfile::TempDir,
    pub(super) key: SigningKey,
}

impl Witness {
    pub(super) fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("key");
        let key = key_file::make(&path, name, KeyKind::Witness).expect("key");
        Self { folder, key }
    }

    pub(super) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(super) async fn register(&self, server: &TestServer) {
        let row = registered("Warta Satu", &self.key.verifying_key().to_string()).expect("row");
        let act = event(AuditKind::WitnessAdded);
        let store = &server.server.app.store;
        store.add_witness(&row, &act).await.expect("registered");
    }

    pub(super) async fn round(&self, server: &TestServer) -> Result<Cosigned, WitnessError> {
        let round = Round {
            of: &server.url,
            key: &self.key,
            state: &self.state(),
            ledger_key: None,
        };
        round.go(clock::now()).await
    }
}
