//! Where imported posts go: the log of this data folder, or a running server.

use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use bus::LogOptions;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde::Deserialize;

use super::reader::Line;
use crate::clock;
use crate::commands::open;
use crate::config::Config;
use crate::intake::committer::{self, Retention, RunningLog};
use crate::intake::{Intake, IntakeError, read_line};

/// One request to a server, in bytes: half of what it takes.
const REQUEST_BYTES: usize = 4 << 20;
/// How long a server may take to answer, in seconds.
const ANSWER_S: u64 = 60;
/// Longest pause a server may ask for, in seconds.
const RETRY_AFTER_MAX_S: u64 = 60;

/// Reference of an answer that asks to wait until tomorrow.
const QUOTA_USED: &str = "key_quota_used";

/// What became of one batch. Rejected: index in the batch, reference, message.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) accepted: u64,
    pub(super) duplicates: u64,
    pub(super) rejected: Vec<(usize, String, String)>,
}

/// Where imported posts go.
pub enum PostTarget {
    /// Into the log, without HTTP.
    Log {
        /// The way in.
        intake: Intake,
        /// Key of the authors' pseudonyms.
        author_key: [u8; 32],
        /// The log when it was opened for this import; a server keeps its own.
        owned: Option<Box<RunningLog>>,
    },
    /// To a running server.
    Server {
        /// The client.
        client: reqwest::Client,
        /// Address of the endpoint.
        address: String,
        /// Service key.
        key: String,
    },
}

/// What the server answers.
#[derive(Deserialize)]
struct Answer {
    accepted: u64,
    duplicates: u64,
    #[serde(default)]
    rejected: Vec<AnswerRejected>,
}

/// Why the server asks to wait.
#[derive(Deserialize, Default)]
struct AskedToWait {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    detail: String,
}

#[derive(Deserialize)]
struct AnswerRejected {
    line: usize,
    reference: String,
    message: String,
}

impl PostTarget {
    /// Opens the log of the data folder; refused while a server runs on it.
    pub async fn log(config: &Config) -> anyhow::Result<Self> {
        let store = open::store(config).await?;
        let author_key = open::secret(&store, "author_key").await?;
        let id_key = open::secret(&store, "post_id_key").await?;
        store.close().await;
        let retention = Retention::default();
        let running = committer::start(&config.data, LogOptions::default(), retention, id_key).context(
            "the intake log cannot be opened; while a server runs on this data folder, send the posts to it with --server and --key",
        )?;
        Ok(Self::Log {
            intake: running.intake.clone(),
            author_key,
            owned: Some(Box::new(running)),
        })
    }

    /// A server's endpoint for posts.
    pub fn server(server: &str, key: &str) -> anyhow::Result<Self> {
        let server = server.trim_end_matches('/');
        anyhow::ensure!(
            server.starts_with("http://") || server.starts_with("https://"),
            "--server {server:?} is not an http or https address"
        );
        // There already when another client of this process came first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(ANSWER_S))
            .build()?;
        Ok(Self::Server {
            client,
            address: format!("{server}/api/v1/posts"),
            key: key.to_owned(),
        })
    }

    /// Sends lines of the wire format; waits while the other side is full.
    pub(super) async fn send(&mut self, lines: &[(Line, String)]) -> anyhow::Result<Sent> {
        match self {
            Self::Log {
                intake,
                author_key,
                owned,
            } => {
                // Without a server nothing follows the log, and nothing should wait for it.
                if owned.is_some() {
                    let progress = intake.progress();
                    progress.processed.store(
                        progress.committed.load(Ordering::Acquire),
                        Ordering::Release,
                    );
                }
                into_log(intake, author_key, lines).await
            }
            Self::Server {
                client,
                address,
                key,
            } => {
                let mut sent = Sent::default();
                let mut first = 0;
                while first < lines.len() {
                    let count = fitting(&lines[first..]);
                    to_server(
                        client,
                        address,
                        key,
                        &lines[first..first + count],
                        first,
                        &mut sent,
                    )
                    .await?;
                    first += count;
                }
                Ok(sent)
            }
        }
    }

    /// Closes the log that was opened for this import.
    pub async fn close(self) {
        if let Self::Log {
            intake,
            owned: Some(running),
            ..
        } = self
        {
            let RunningLog {
                intake: second,
                writer,
                ..
            } = *running;
            drop((intake, second));
            // The writer ends once every way in is gone.
            if tokio::task::spawn_blocking(move || writer.join().is_err())
                .await
                .unwrap_or(true)
            {
                tracing::error!("the log writer panicked while it was closed");
            }
        }
    }
}

async fn into_log(
    intake: &Intake,
    author_key: &[u8; 32],
    lines: &[(Line, String)],
) -> anyhow::Result<Sent> {
    let now = clock::now();
    let mut sent = Sent::default();
    let mut posts = Vec::with_capacity(lines.len());
    for (index, (_, line)) in lines.iter().enumerate() {
        match read_line(line.as_bytes(), now, author_key) {
            Ok(post) => posts.push(post),
            Err(refused) => {
                sent.rejected
                    .push((index, refused.reference.to_owned(), refused.message));
            }
        }
    }
    if posts.is_empty() {
        return Ok(sent);
    }
    loop {
        match intake.submit(posts.clone()).await {
            Ok(submitted) => {
                sent.accepted = submitted.accepted;
                sent.duplicates = submitted.duplicates;
                return Ok(sent);
            }
            Err(IntakeError::Overloaded { retry_after_s }) => {
                tokio::time::sleep(Duration::from_secs(u64::from(retry_after_s))).await;
            }
            Err(fault) => return Err(fault.into()),
        }
    }
}

/// How many of `lines` go into one request; at least one.
fn fitting(lines: &[(Line, String)]) -> usize {
    let mut bytes = 0;
    let fitting = lines.iter().take_while(|(_, line)| {
        bytes += line.len() + 1;
        bytes <= REQUEST_BYTES
    });
    fitting.count().max(1)
}

async fn to_server(
    client: &reqwest::Client,
    address: &str,
    key: &str,
    lines: &[(Line, String)],
    first: usize,
    sent: &mut Sent,
) -> anyhow::Result<()> {
    let body = lines
        .iter()
        .map(|(_, line)| line.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    loop {
        let request = client
            .post(address)
            .bearer_auth(key)
            .header(CONTENT_TYPE, "application/x-ndjson");
        let answer = request
            .body(body.clone())
            .send()
            .await
            .with_context(|| format!("{address} does not answer"))?;
        let code = answer.status();
        if code == StatusCode::TOO_MANY_REQUESTS {
            let asked = answer
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok()?.parse().ok());
            let why = answer.text().await.unwrap_or_default();
            let why: AskedToWait = serde_json::from_str(&why).unwrap_or_default();
            anyhow::ensure!(
                why.reference != QUOTA_USED,
                "{address}: {}; what was taken is kept, so run the import again when the day is over",
                why.detail
            );
            tokio::time::sleep(Duration::from_secs(
                asked.unwrap_or(1).clamp(1, RETRY_AFTER_MAX_S),
            ))
            .await;
            continue;
        }
        let text = answer.text().await.unwrap_or_default();
        anyhow::ensure!(
            code.is_success(),
            "{address} answered {code}: {}",
            text.chars().take(400).collect::<String>()
        );
        let answer: Answer =
            serde_json::from_str(&text).context("the server's answer cannot be read")?;
        sent.accepted += answer.accepted;
        sent.duplicates += answer.duplicates;
        let rejected = answer.rejected.into_iter();
        sent.rejected
            .extend(rejected.map(|r| (first + r.line.saturating_sub(1), r.reference, r.message)));
        return Ok(());
    }
}
