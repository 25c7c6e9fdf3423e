//! Reads the meaning of every check in the background, and of the hottest clusters that words
//! alone leave unanswered. Until it is through, and where no model is installed, words decide.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::ClusterId;
use domain::cluster::ClusterAnswer;
use domain::fact_check::FactCheck;
use matching::meaning::{Meaning, Sentence};
use store::RadarFilter;
use tokio_util::sync::CancellationToken;

use super::index;
use crate::app::App;
use crate::clock;
use crate::meaning::kept::Kept;
use crate::meaning::{self, Reader};
use crate::stream::Command;
use crate::stream::group::Doc;

/// Checks whose meaning is read between two looks at whether to end; about a third of a second.
const CHECKS_AT_ONCE: usize = 32;
/// How often new checks and clusters are looked for, in milliseconds.
const LOOK_EVERY_MS: u64 = 2_000;
/// Hottest unanswered clusters that are looked up by meaning, each once for each state of the
/// checks; about a second of one core.
const CLUSTERS_AT_ONCE: u32 = 50;
/// Clusters remembered as looked up; when there are more, all are looked up once again.
const CLUSTERS_REMEMBERED: usize = 20_000;
/// How often progress is told, in seconds.
const TELL_EVERY_S: u64 = 30;

/// Runs until `stop`; returns at once where no model is installed.
pub async fn run(app: App, stop: CancellationToken) {
    let Some(path) = meaning::find(app.config.model.as_deref(), &app.config.data) else {
        tracing::info!(
            "no sentence model is installed: texts are compared by words alone (make model)"
        );
        return;
    };
    let data = app.config.data.clone();
    let open = move || -> anyhow::Result<(Reader, Kept)> {
        Ok((Reader::open(&path)?, Kept::open(&data)?))
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(Ok((reader, kept))) => {
            let reader = Arc::new(reader);
            app.answers.read_by(Arc::clone(&reader));
            follow(app, reader, kept, stop).await;
        }
        Ok(Err(error)) => {
            tracing::error!("{error:#}; texts are compared by words alone");
        }
        Err(_) => tracing::error!("the sentence model could not be opened"),
    }
}

async fn follow(app: App, reader: Arc<Reader>, mut kept: Kept, stop: CancellationToken) {
    let mut looked_up: HashMap<ClusterId, i64> = HashMap::new();
    let mut told = Instant::now();
    loop {
        let unread = index::unread(app.answers.checks(), CHECKS_AT_ONCE);
        if unread.is_empty() {
            kept.forget();
            look_up_clusters(&app, &mut looked_up).await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(LOOK_EVERY_MS)) => {}
            }
            continue;
        }
        if told.elapsed() > Duration::from_secs(TELL_EVERY_S) {
            told = Instant::now();
            let left = index::unread_len(app.answers.checks());
            tracing::info!(left, "reading the meaning of fact-checks");
        }
        let reader = Arc::clone(&reader);
        let work = move || {
            let read = read(&reader, &mut kept, &unread);
            (kept, read)
        };
        let Ok((back, read)) = tokio::task::spawn_blocking(work).await else {
            tracing::error!("the meaning of a check could not be read");
            return;
        };
        kept = back;
        index::set_meanings(app.answers.checks(), read);
        if stop.is_cancelled() {
            return;
        }
    }
}

/// A check with the meanings of its claim and of the text it quotes.
pub type Read = (Doc, Meaning, Option<Meaning>);

fn read(reader: &Reader, kept: &mut Kept, checks: &[(Doc, Arc<FactCheck>)]) -> Vec<Read> {
    let mut fresh: Vec<(&str, Sentence)> = Vec::new();
    let mut of = |text| {
        let sentence = kept.get(text).unwrap_or_else(|| {
            let sentence = reader.sentence(text);
            fresh.push((text, sentence));
            sentence
        });
        Meaning::new(&sentence)
    };
    let mut out = Vec::with_capacity(checks.len());
    for (doc, check) in checks {
        let claim = of(check.claim.as_str());
        let narrative = check.narrative.as_deref().map(&mut of);
        out.push((*doc, claim, narrative));
    }
    if let Err(error) = kept.add(&fresh) {
        tracing::warn!("{error:#}; they are read again after a restart");
    }
    out
}

/// Looks the hottest clusters without an answer up by meaning and tells the stream what was found.
async fn look_up_clusters(app: &App, looked_up: &mut HashMap<ClusterId, i64>) {
    let filter = RadarFilter {
        answer: Some(ClusterAnswer::None),
        limit: CLUSTERS_AT_ONCE,
        ..RadarFilter::default()
    };
    let rows = match app.store.radar(&filter, clock::now()).await {
        Ok(rows) => rows,
        Err(error) => {
            tracing::error!(%error, "unanswered clusters cannot be read");
            return;
        }
    };
    let revision = index::revision(app.answers.checks());
    if looked_up.len() > CLUSTERS_REMEMBERED {
        looked_up.clear();
    }
    for row in rows {
        if looked_up.insert(row.id, revision) == Some(revision) {
            continue;
        }
        let answers = app.answers.clone();
        let work = move || answers.suggest_by_meaning(&row.text);
        if let Ok(Some((best, suggestions))) = tokio::task::spawn_blocking(work).await {
            app.stream.tell(Command::FoundByMeaning {
                cluster: row.id,
                best,
                suggestions,
            });
        }
    }
}
