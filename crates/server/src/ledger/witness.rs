//! One round of a witness, run by another party: look at the checkpoint, check that the ledger only
//! grew since the last one, co-sign.
//!
//! What was seen is written down before the signature leaves: a witness that forgot would sign two
//! ledgers that contradict each other.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ::ledger::{Checkpoint, Hash, LedgerError, Note, SigningKey, VerifyingKey, verify_consistency};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use reqwest::{Client, StatusCode};

use super::proofs::Consistency;
use super::{key_file, limits};

/// What a witness needs for a round.
#[derive(Debug)]
pub struct Round<'a> {
    /// Address of the server that keeps the ledger, such as `https://pemilu.example`.
    pub of: &'a str,
    /// The witness's own key.
    pub key: &'a SigningKey,
    /// Where it remembers what it saw.
    pub state: &'a Path,
    /// The ledger's key where it is known from elsewhere; otherwise the one met first holds.
    pub ledger_key: Option<&'a VerifyingKey>,
}

/// What a round came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Entries of the ledger that was co-signed.
    pub size: u64,
    /// Entries seen the time before; none at the first round.
    pub before: Option<u64>,
}

/// Why a witness did not co-sign.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The ledger is smaller than it was.
    #[error("ROLLBACK: the ledger shows {shown} entries and had {seen}; not co-signed, both checkpoints are in {}", evidence.display())]
    Rollback {
        /// Entries seen before.
        seen: u64,
        /// Entries shown now.
        shown: u64,
        /// Where the proof of it was kept.
        evidence: PathBuf,
    },
    /// The ledger no longer begins with what was seen.
    #[error("FORK: the ledger of {shown} entries does not begin with the {seen} entries seen before; not co-signed, both checkpoints are in {}", evidence.display())]
    Fork {
        /// Entries seen before.
        seen: u64,
        /// Entries shown now.
        shown: u64,
        /// Where the proof of it was kept.
        evidence: PathBuf,
    },
    /// Nothing has been written down yet; there is nothing to vouch for.
    #[error("the ledger has no entry yet; go the round again when something has happened there")]
    Empty,
    /// The checkpoint is signed by another key than before.
    #[error("the checkpoint is not signed by the ledger's key {wanted}: {error}")]
    NotTheLedger {
        /// The key it should be signed by.
        wanted: String,
        /// What is wrong.
        error: LedgerError,
    },
    /// What the server sent cannot be read.
    #[error("the server's {what} cannot be read: {error}")]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What is wrong.
        error: LedgerError,
    },
    /// The state file is damaged.
    #[error("{} is no state of a witness; the checkpoint in it is your proof, keep it", path.display())]
    State {
        /// The file.
        path: PathBuf,
    },
    /// The server does not answer, or not so.
    #[error("{address} {trouble}")]
    Server {
        /// What was asked.
        address: String,
        /// What came of it.
        trouble: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

/// The ledger's key and the last checkpoint seen.
struct Seen {
    key: VerifyingKey,
    checkpoint: Checkpoint,
    note: Note,
}

impl Seen {
    fn parse(text: &str) -> Option<Self> {
        let (key, note) = text.split_once("\n\n")?;
        let key = VerifyingKey::parse(key).ok()?;
        let note = Note::parse(note).ok()?;
        let checkpoint = Checkpoint::verified(&note, &key).ok()?;
        Some(Self {
            key,
            checkpoint,
            note,
        })
    }

    fn to_text(&self) -> String {
        format!("{}\n\n{}", self.key, self.note)
    }
}

impl Round<'_> {
    /// Goes one round at `now`.
    pub async fn go(&self, now: Timestamp) -> Result<Cosigned, WitnessError> {
        let asking = Asking::new(self.of)?;
        let seen = self.seen()?;
        let key = self.ledger_key_by(seen.as_ref(), &asking).await?;
        let note = asking.text("/ledger/checkpoint").await?;
        let note = Note::parse(&note).map_err(|error| WitnessError::Unreadable {
            what: "checkpoint",
            error,
        })?;
        let checkpoint =
            Checkpoint::verified(&note, &key).map_err(|error| WitnessError::NotTheLedger {
                wanted: key.to_string(),
                error,
            })?;
        let shown = Seen {
            key,
            checkpoint,
            note,
        };
        if let Some(seen) = &seen {
            self.check_growth(seen, &shown, &asking).await?;
        }
        if shown.checkpoint.size == 0 {
            return Err(WitnessError::Empty);
        }
        self.write(self.state, &shown.to_text())?;
        let mut note = Note::unsigned(shown.note.text().to_owned()).map_err(|error| {
            WitnessError::Unreadable {
                what: "checkpoint",
                error,
            }
        })?;
        let now_s = u64::try_from(now.0 / Timestamp::SECOND_US).unwrap_or_default();
        note.add(self.key.sign(note.text(), now_s));
        asking.hand_in(note.to_string()).await?;
        Ok(Cosigned {
            size: shown.checkpoint.size,
            before: seen.map(|seen| seen.checkpoint.size),
        })
    }

    fn seen(&self) -> Result<Option<Seen>, WitnessError> {
        let text =
            key_file::text_if_there(self.state).map_err(|error| self.file(self.state, error))?;
        text.map(|text| {
            Seen::parse(&text).ok_or_else(|| WitnessError::State {
                path: self.state.to_owned(),
            })
        })
        .transpose()
    }

    /// The key that was given, else the one met before, else the one the server names now.
    async fn ledger_key_by(
        &self,
        seen: Option<&Seen>,
        asking: &Asking,
    ) -> Result<VerifyingKey, WitnessError> {
        match (self.ledger_key, seen) {
            (Some(key), _) => Ok(key.clone()),
            (None, Some(seen)) => Ok(seen.key.clone()),
            (None, None) => {
                let text = asking.text("/ledger/key").await?;
                VerifyingKey::parse(text.trim_end())
                    .map_err(|error| WitnessError::Unreadable { what: "key", error })
            }
        }
    }

    async fn check_growth(
        &self,
        seen: &Seen,
        shown: &Seen,
        asking: &Asking,
    ) -> Result<(), WitnessError> {
        if seen.key != shown.key {
            return Err(WitnessError::NotTheLedger {
                wanted: seen.key.to_string(),
                error: LedgerError::NotSigned,
            });
        }
        let (old, new) = (&seen.checkpoint, &shown.checkpoint);
        if new.size < old.size {
            let evidence = self.keep_evidence(seen, shown)?;
            return Err(WitnessError::Rollback {
                seen: old.size,
                shown: new.size,
                evidence,
            });
        }
        let proof = if new.size > old.size && old.size > 0 {
            asking.consistency(old.size, new.size).await?
        } else {
            Vec::new()
        };
        let grew = verify_consistency(old.size, &old.root, new.size, &new.root, &proof);
        if grew.is_err() {
            let evidence = self.keep_evidence(seen, shown)?;
            return Err(WitnessError::Fork {
                seen: old.size,
                shown: new.size,
                evidence,
            });
        }
        Ok(())
    }

    /// Keeps both checkpoints, each signed by the ledger, beside the state.
    fn keep_evidence(&self, seen: &Seen, shown: &Seen) -> Result<PathBuf, WitnessError> {
        let path = self.state.with_added_extension("refused");
        let text = format!("{}\n{}", seen.to_text(), shown.note);
        self.write(&path, &text)?;
        Ok(path)
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), WitnessError> {
        key_file::replace(path, text).map_err(|error| self.file(path, error))
    }

    fn file(&self, path: &Path, error: std::io::Error) -> WitnessError {
        WitnessError::File {
            path: path.to_owned(),
            error,
        }
    }
}

/// The server of the ledger, as a witness asks it.
struct Asking {
    client: Client,
    origin: String,
}

impl Asking {
    fn new(of: &str) -> Result<Self, WitnessError> {
        let client = Client::builder()
            .timeout(Duration::from_secs(limits::WITNESS_WAIT_S))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("kentongan-witness/", env!("CARGO_PKG_VERSION")))
            .build();
        let origin = of.trim_end_matches('/').to_owned();
        match client {
            Ok(client) => Ok(Self { client, origin }),
            Err(error) => Err(trouble(origin, &error)),
        }
    }

    async fn text(&self, path: &str) -> Result<String, WitnessError> {
        let address = format!("{}{path}", self.origin);
        let answer = self.client.get(&address).send().await;
        let answer = answer.map_err(|error| trouble(address.clone(), &error))?;
        read(address, answer).await
    }

    async fn consistency(&self, from: u64, to: u64) -> Result<Vec<Hash>, WitnessError> {
        let path = format!("/api/v1/ledger/consistency?from={from}&to={to}");
        let text = self.text(&path).await?;
        let unreadable = || WitnessError::Server {
            address: format!("{}{path}", self.origin),
            trouble: "answers no proof".to_owned(),
        };
        let answer: Consistency = serde_json::from_str(&text).map_err(|_| unreadable())?;
        let hash = |text: &String| {
            let bytes = STANDARD.decode(text).ok()?;
            Hash::try_from(bytes).ok()
        };
        let hashes: Option<Vec<Hash>> = answer.proof.iter().map(hash).collect();
        hashes.ok_or_else(unreadable)
    }

    async fn hand_in(&self, note: String) -> Result<(), WitnessError> {
        let address = format!("{}/api/v1/ledger/cosignatures", self.origin);
        let request = self.client.post(&address).body(note);
        let request = request.header("content-type", "text/plain; charset=utf-8");
        let answer = request.send().await;
        let answer = answer.map_err(|error| trouble(address.clone(), &error))?;
        read(address, answer).await.map(drop)
    }
}

/// The whole answer as text; an error where it is none, too long, or a refusal.
async fn read(address: String, mut answer: reqwest::Response) -> Result<String, WitnessError> {
    let code = answer.status();
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(trouble(address, &error)),
        }
        if bytes.len() > limits::WITNESS_ANSWER_BYTES {
            let trouble = "answers at too great length".to_owned();
            return Err(WitnessError::Server { address, trouble });
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if code == StatusCode::OK {
        return Ok(text);
    }
    let trouble = format!("answers {code}: {text}");
    Err(WitnessError::Server { address, trouble })
}

fn trouble(address: String, error: &dyn std::error::Error) -> WitnessError {
    let mut trouble = format!("does not answer: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        trouble.push_str(&format!(": {error}"));
        cause = error.source();
    }
    WitnessError::Server { address, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::ledger::KeyKind;
    use axum::Router;
    use axum::routing::get;

    #[tokio::test]
    async fn an_empty_ledger_is_not_co_signed_and_leaves_no_state() {
        // Another test may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("folder");
        let made = |name: &str, kind| key_file::make(&folder.path().join(name), name, kind);
        let keeper = made("kentongan", KeyKind::Log).expect("key");
        let witness = made("saksi", KeyKind::Witness).expect("key");
        let checkpoint = Checkpoint {
            origin: "kentongan".into(),
            size: 0,
            root: ::ledger::empty_root(),
        };
        let note = checkpoint.signed(&keeper).expect("signed").to_string();
        let vkey = keeper.verifying_key().to_string();
        let router = Router::new()
            .route("/ledger/checkpoint", get(move || async move { note }))
            .route("/ledger/key", get(move || async move { vkey }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("address");
        let served = tokio::spawn(async move { axum::serve(listener, router).await });
        let state = folder.path().join("state");
        let round = Round {
            of: &format!("http://{address}"),
            key: &witness,
            state: &state,
            ledger_key: None,
        };
        let done = round.go(Timestamp(1)).await;
        assert!(matches!(done, Err(WitnessError::Empty)), "{done:?}");
        assert!(!state.exists());
        served.abort();
    }
}
