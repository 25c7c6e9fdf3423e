//! Import from files: posts, fact-checks and organisations, as JSON Lines or CSV.
//!
//! `reader` finds records, `mapping` says which column is which field, `records` makes posts and
//! checks of them, `target` sends them on in batches and `screen` talks to the person. Nothing is
//! lost: a line that cannot be taken stands in `FILE.rejected.jsonl` with its number and reason.
//! Running an import again changes nothing.

mod csv_text;
pub mod mapping;
mod organisations;
pub mod reader;
mod records;
mod rejected;
mod screen;
mod target;
mod times;

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::FactCheckId;
use store::Store;
use tokio::sync::mpsc;

use self::mapping::{Mapping, Subject};
pub use self::organisations::{OrganisationArguments, import_organisations};
use self::reader::{Line, Reader, SAMPLE_RECORDS};
use self::records::Defaults;
use self::rejected::Rejected;
use self::screen::Screen;
pub use self::target::PostTarget;
use crate::clock;
use crate::commands::open;
use crate::config::Config;

/// Posts of one batch.
const POSTS_PER_BATCH: usize = 1_000;
/// Fact-checks of one transaction.
const CHECKS_PER_BATCH: usize = 500;
/// Batches read ahead of the one being sent.
const BATCHES_AHEAD: usize = 2;

/// What `import posts` and `import fact-checks` are told.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArguments {
    /// JSON Lines or CSV; gzip and zstd are unpacked.
    pub file: PathBuf,
    /// Columns said by hand, for example `text=isi,published_at=tanggal`.
    #[arg(long)]
    pub map: Option<String>,
    /// Take the guessed columns without asking.
    #[arg(long)]
    pub yes: bool,
    /// Kind of channel where no column says it: `x`, `facebook`, `whatsapp`, …
    #[arg(long)]
    pub channel: Option<String>,
    /// Publisher of fact-checks where no column says it.
    #[arg(long)]
    pub publisher: Option<String>,
    /// Send posts to a running server at this address, for example `http://127.0.0.1:8080`.
    #[arg(long, requires = "key")]
    pub server: Option<String>,
    /// Service key for `--server`.
    #[arg(long, requires = "server")]
    pub key: Option<String>,
}

/// What became of a file's lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines with something on them.
    pub lines: u64,
    /// Taken for the first time, or changed.
    pub taken: u64,
    /// Known before and unchanged.
    pub known: u64,
    /// Rejected, each with a reason.
    pub rejected: u64,
}

/// `import posts`: into the log of the data folder, or to a running server.
pub async fn import_posts(config: &Config, arguments: ImportArguments) -> anyhow::Result<()> {
    let opened = Opened::open(Subject::Posts, &arguments)?;
    let mut target = match (&arguments.server, &arguments.key) {
        (Some(server), Some(key)) => PostTarget::server(server, key)?,
        _ => PostTarget::log(config).await?,
    };
    let tally = posts_into(opened, &arguments, &mut target).await;
    target.close().await;
    conclude(&arguments.file, tally?)
}

/// `import fact-checks`: into the store.
pub async fn import_fact_checks(config: &Config, arguments: ImportArguments) -> anyhow::Result<()> {
    anyhow::ensure!(
        arguments.server.is_none(),
        "fact-checks are imported on the machine of the server, into the database that KENTONGAN_DATABASE names; leave --server out"
    );
    let opened = Opened::open(Subject::FactChecks, &arguments)?;
    let store = open::store(config).await?;
    let tally = checks_into(opened, &arguments, &store).await;
    store.close().await;
    conclude(&arguments.file, tally?)
}

/// A file whose columns are known and agreed on.
pub struct Opened {
    reader: Reader,
    sample: Vec<Line>,
    mapping: Mapping,
    screen: Screen,
}

impl Opened {
    /// Opens the file, guesses its columns, shows them and asks.
    pub fn open(subject: Subject, arguments: &ImportArguments) -> anyhow::Result<Self> {
        let path = &arguments.file;
        let mut reader = Reader::open(path)?;
        let mut sample = Vec::new();
        while sample.len() < SAMPLE_RECORDS {
            let Some(line) = reader
                .next_line()
                .with_context(|| path.display().to_string())?
            else {
                break;
            };
            sample.push(line);
        }
        let readable = sample.iter().any(|line| line.record.is_ok());
        let first = sample.first().and_then(|line| line.record.as_ref().err());
        anyhow::ensure!(
            readable,
            "no line of {} can be read; the first: {}",
            path.display(),
            first.map_or("", String::as_str)
        );
        let mapping = Mapping::guess(subject, &sample, arguments.map.as_deref())?;
        let total = std::fs::metadata(path).map_or(0, |known| known.len());
        let mut screen = Screen::new(total, reader.read_bytes());
        screen.say(&mapping.table(&sample));
        if !arguments.yes {
            let asked = std::io::stdin().is_terminal();
            anyhow::ensure!(
                asked || arguments.map.is_some(),
                "nobody is there to confirm the columns; add --yes, or name them with --map"
            );
            anyhow::ensure!(!asked || screen.confirm()?, "nothing was imported");
        }
        Ok(Self {
            reader,
            sample,
            mapping,
            screen,
        })
    }
}

/// Sends the posts of a file to `target`.
pub async fn posts_into(
    opened: Opened,
    arguments: &ImportArguments,
    target: &mut PostTarget,
) -> anyhow::Result<Tally> {
    let Opened {
        reader,
        sample,
        mapping,
        mut screen,
    } = opened;
    let defaults = Defaults {
        channel: arguments.channel.clone(),
        publisher: None,
    };
    let mut rejected = Rejected::beside(&arguments.file);
    let mut batches = read_ahead(reader, sample, POSTS_PER_BATCH);
    let mut tally = Tally::default();
    while let Some(batch) = batches.recv().await {
        let mut ready = Vec::new();
        for line in batch? {
            tally.lines += 1;
            let post = match &line.record {
                Ok(record) => records::post_line(record, &mapping, &defaults)
                    .map_err(|why| ("record_not_a_post", why)),
                Err(why) => Err(("line_not_readable", why.clone())),
            };
            match post {
                Ok(post) => ready.push((line, post.to_string())),
                Err((reference, why)) => rejected.add(&line, reference, &why, &mut screen)?,
            }
        }
        let sent = target.send(&ready).await?;
        for (index, reference, why) in &sent.rejected {
            if let Some((line, _)) = ready.get(*index) {
                rejected.add(line, reference, why, &mut screen)?;
            }
        }
        tally.taken += sent.accepted;
        tally.known += sent.duplicates;
        tally.rejected = rejected.count();
        screen.progress(&tally);
    }
    rejected.finish()?;
    screen.finish(&tally, rejected.place());
    Ok(tally)
}

/// Puts the fact-checks of a file into `store`.
pub async fn checks_into(
    opened: Opened,
    arguments: &ImportArguments,
    store: &Store,
) -> anyhow::Result<Tally> {
    let Opened {
        reader,
        sample,
        mapping,
        mut screen,
    } = opened;
    let defaults = Defaults {
        channel: None,
        publisher: arguments.publisher.clone(),
    };
    let mut rejected = Rejected::beside(&arguments.file);
    let mut batches = read_ahead(reader, sample, CHECKS_PER_BATCH);
    let mut tally = Tally::default();
    let name = arguments
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    while let Some(batch) = batches.recv().await {
        let mut ready = Vec::new();
        for line in batch? {
            tally.lines += 1;
            let check = match &line.record {
                Ok(record) => {
                    records::fact_check(record, &mapping, &defaults, FactCheckId(clock::fresh_id()))
                        .map_err(|why| ("record_not_a_check", why))
                }
                Err(why) => Err(("line_not_readable", why.clone())),
            };
            match check {
                Ok(check) => ready.push(check),
                Err((reference, why)) => rejected.add(&line, reference, &why, &mut screen)?,
            }
        }
        let came = ready.len() as u64;
        let ready = records::last_of_each(ready);
        let repeated = came - ready.len() as u64;
        if !ready.is_empty() {
            let note = format!("{} checks of {name}", ready.len());
            let audit = open::by_machine(
                domain::audit::AuditKind::FactChecksImported,
                uuid::Uuid::nil(),
                note,
            );
            let count = store.import_fact_checks(&ready, &audit).await?;
            tally.taken += count.inserted + count.updated;
            tally.known += count.unchanged;
        }
        tally.known += repeated;
        tally.rejected = rejected.count();
        screen.progress(&tally);
    }
    rejected.finish()?;
    screen.finish(&tally, rejected.place());
    Ok(tally)
}

/// Reads in a thread of its own, a few batches ahead.
fn read_ahead(
    mut reader: Reader,
    sample: Vec<Line>,
    per_batch: usize,
) -> mpsc::Receiver<Result<Vec<Line>, std::io::Error>> {
    let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut sample = VecDeque::from(sample);
        loop {
            let mut batch = Vec::new();
            while batch.len() < per_batch {
                match sample
                    .pop_front()
                    .map_or_else(|| reader.next_line(), |line| Ok(Some(line)))
                {
                    Ok(Some(line)) => batch.push(line),
                    Ok(None) => break,
                    Err(fault) => {
                        // The receiver may have gone; then nobody wants to know.
                        let _ = sender.blocking_send(Ok(batch));
                        let _ = sender.blocking_send(Err(fault));
                        return;
                    }
                }
            }
            if batch.is_empty() || sender.blocking_send(Ok(batch)).is_err() {
                return;
            }
        }
    });
    batches
}

fn conclude(file: &Path, tally: Tally) -> anyhow::Result<()> {
    anyhow::ensure!(
        tally.rejected == 0 || tally.taken + tally.known > 0,
        "no line of {} could be taken; the reasons stand in {}",
        file.display(),
        rejected::place_of(file).display()
    );
    Ok(())
}

#[cfg(test)]
mod tests;
