//! `serve`: everything on one machine.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use bus::{LogError, LogOptions, Position, Reader};
use domain::Timestamp;
use matching::copies::CopyLimits;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::open;
use crate::access::agreed_access::{self, AgreedAccess};
use crate::access::epoch::AccessEpoch;
use crate::access::provider_client::Provider;
use crate::access::relying_party;
use crate::access::sign_in_guard::SignInGuard;
use crate::answers::{self, Answers};
use crate::app::{App, Parts};
use crate::clock;
use crate::config::Config;
use crate::intake::committer::{self, Retention, RunningLog};
use crate::intake::keys::Keys;
use crate::ledger::Keeper;
use crate::mail::MailBell;
use crate::stream::archive::{Archive, ArchivePlace, ArchiveSettings};
use crate::stream::checkpoint;
use crate::stream::engine::Engine;
use crate::stream::look_back::LookBack;
use crate::stream::runner::{Runner, Shared};
use crate::stream::{Command, LiveFigures, StreamHandle, archiving, radar_writer};
use crate::{access, admin, demo, intake, learning, mail, network, router};

/// How often slow duties are looked after, in seconds.
const DUTIES_EVERY_S: u64 = 5;
/// How often the spread of scores is written down and looked at, in rounds of duties.
const SCORES_EVERY_ROUNDS: u64 = 12;
/// Clusters without case or decision leave the database this long after their end, in microseconds.
const FORGET_CLUSTERS_US: i64 = 30 * Timestamp::DAY_US;

/// Serves until SIGINT or SIGTERM.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("{} cannot be listened on; choose another with KENTONGAN_LISTEN (port 0 picks a free one)", config.listen)
    })?;
    let address = listener.local_addr()?;
    let server = Server::start(config).await?;
    println!("Kentongan listens on http://{address}");
    if server.app.config.demo {
        println!("Demonstration mode: sign in with one click at http://{address}/masuk");
        server.tasks.spawn(demo::witness::run(
            server.app.clone(),
            format!("http://{address}"),
            server.stop.clone(),
        ));
    }
    let service = router::router(server.app.clone())
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    let stopping = server.stop.clone();
    let closing = server.app.closing.clone();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            stopped_from_outside(stopping).await;
            closing.cancel();
        })
        .await?;
    server.finish().await
}

/// A running server without its listener.
pub struct Server {
    /// What handlers reach.
    pub app: App,
    /// Ends everything when cancelled.
    pub stop: CancellationToken,
    tasks: TaskTracker,
    shared: Arc<Shared>,
    stream: JoinHandle<Result<(), LogError>>,
    writer: JoinHandle<()>,
}

/// What the stream is made of while the server starts.
struct StreamParts {
    runner: Runner,
    updates: mpsc::Receiver<crate::stream::runner::Update>,
}

impl Server {
    /// Opens everything and starts the threads and tasks.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let store = open::store(&config).await?;
        let author_key = open::secret(&store, "author_key").await?;
        let id_key = open::secret(&store, "post_id_key").await?;
        let log = start_log(&config, id_key)?;
        report(&log);
        let answers = Answers::new(store.clone());
        answers.refresh().await?;
        answers.refresh_thresholds().await?;
        let (stream_handle, commands) = StreamHandle::new();
        let shared = Arc::new(Shared {
            radar_is_free: AtomicBool::new(true),
            ..Shared::default()
        });
        let parts = stream_parts(
            &config,
            &store,
            &answers,
            &log,
            commands,
            Arc::clone(&shared),
        )
        .await?;
        let stop = CancellationToken::new();
        let (figures, live) = watch::channel(LiveFigures::default());
        let keys = Keys::new(store.clone());
        keys.load().await?;
        let ledger = Keeper::open(&config, &store).await?;
        relying_party::warn_where_unfit(&config.identity);
        let app = App::new(Parts {
            provider: Provider::of(&config)?,
            config,
            store: store.clone(),
            intake: log.intake.clone(),
            keys,
            stream: stream_handle,
            answers,
            closing: stop.child_token(),
            live,
            totals: crate::desk::Totals::default(),
            agreed_access: AgreedAccess::load(&store).await?,
            sign_in_guard: SignInGuard::new(),
            epoch: AccessEpoch::new(),
            mail: MailBell::default(),
            author_key,
            ledger,
            metrics: recorder()?,
        });
        let tasks = TaskTracker::new();
        tasks.spawn(radar_writer::run(
            store,
            parts.updates,
            Arc::clone(&shared),
            log.intake.clone(),
            figures,
        ));
        start_archive(&app, &log, &shared, &tasks, &stop).await?;
        start_duties(&app, &tasks, &stop).await?;
        let runner = parts.runner;
        let thread = std::thread::Builder::new().name("stream".into());
        let stream = thread.spawn(move || runner.run())?;
        Ok(Self {
            app,
            stop,
            tasks,
            shared,
            stream,
            writer: log.writer,
        })
    }

    /// Ends everything in order: no more requests, then the stream, then the log.
    pub async fn finish(self) -> anyhow::Result<()> {
        let Self {
            app,
            stop,
            tasks,
            shared,
            stream,
            writer,
        } = self;
        stop.cancel();
        app.keys.save().await?;
        app.sign_in_guard
            .record_due(&app.store, clock::now(), true)
            .await?;
        learning::drift::write_down(&app, clock::now()).await;
        shared.stop.store(true, Ordering::Release);
        let ended = tokio::task::spawn_blocking(move || stream.join()).await?;
        tasks.close();
        if tokio::time::timeout(Duration::from_secs(20), tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some tasks did not end in time");
        }
        let store = app.store.clone();
        drop(app);
        store.close().await;
        until_finished(&writer).await;
        match ended {
            Ok(result) => result.context("the stream ended early"),
            Err(_) => anyhow::bail!("the stream's thread panicked"),
        }
    }
}

/// Waits for the log's writer to let go of the log; the last sender is gone by now.
async fn until_finished(writer: &JoinHandle<()>) {
    for _ in 0..500 {
        if writer.is_finished() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tracing::warn!("the log's writer did not end in time; the end of the process closes the log");
}

fn start_log(config: &Config, id_key: [u8; 32]) -> anyhow::Result<RunningLog> {
    let retention = Retention {
        age_us: i64::from(config.log_days) * Timestamp::DAY_US,
        bytes: u64::from(config.log_gib) << 30,
    };
    committer::start(&config.data, LogOptions::default(), retention, id_key)
        .context("the intake log cannot be opened")
}

fn report(log: &RunningLog) {
    let recovery = &log.recovery;
    if recovery.torn_bytes_cut > 0 {
        tracing::warn!(
            bytes = recovery.torn_bytes_cut,
            "an unfinished write was cut off the end of the log"
        );
    }
    for damage in &recovery.quarantined {
        tracing::error!(%damage, "a damaged part of the log was set aside");
    }
}

fn recorder() -> anyhow::Result<metrics_exporter_prometheus::PrometheusHandle> {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new()
        .set_buckets(&[
            0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0,
        ])?
        .build_recorder();
    let handle = recorder.handle();
    // Several servers in one process, as in tests, share the first one's recorder.
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::debug!("metrics of this process are recorded already");
    }
    Ok(handle)
}

/// The engine from its checkpoint, or a fresh one that reads the log from its beginning.
async fn stream_parts(
    config: &Config,
    store: &Store,
    answers: &Answers,
    log: &RunningLog,
    commands: mpsc::UnboundedReceiver<Command>,
    shared: Arc<Shared>,
) -> anyhow::Result<StreamParts> {
    let folder = config.data.join("stream");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let path = folder.join("checkpoint.bin");
    let confirmed = store.confirmed_matches().await?;
    let answered = confirmed.into_iter().map(|(cluster, _)| cluster).collect();
    let fresh_from = log.recovery.next.sequence;
    let known = match checkpoint::load(&path) {
        Ok(known) => known.filter(|(_, bookmark)| bookmark.position.sequence <= fresh_from),
        Err(error) => {
            tracing::error!(%error, "the stream starts from the beginning of the log");
            None
        }
    };
    let checks = answers.shared_checks();
    let (mut engine, position, revision) = match known {
        Some((mut engine, bookmark)) => {
            let checks = checks.read().unwrap_or_else(PoisonError::into_inner);
            let number = |doc: u32| checks.number(*bookmark.checks.get(doc as usize)?);
            engine.renew(number, &answered);
            (engine, bookmark.position, bookmark.revision)
        }
        None => (
            Engine::new(CopyLimits::default()),
            Position::OLDEST,
            i64::MAX,
        ),
    };
    engine.expect_answered(answered);
    let changed = checks
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .changed_after(revision);
    let look_back = (!changed.is_empty()).then(|| LookBack::new(&checks, &changed));
    let reader = Reader::follow(&log.folder, position, log.durable.clone())?;
    shared
        .checkpointed
        .store(position.sequence, Ordering::Release);
    let (sender, updates) = mpsc::channel(1);
    let runner = Runner {
        engine,
        reader,
        checks,
        commands,
        updates: sender,
        rung: Arc::clone(&log.rung),
        shared,
        intake: log.intake.clone(),
        fresh_from,
        checkpoint: path,
        look_back,
    };
    Ok(StreamParts { runner, updates })
}

async fn start_archive(
    app: &App,
    log: &RunningLog,
    shared: &Arc<Shared>,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let place = ArchivePlace::parse(&app.config.archive)?;
    let archive = Archive::open(ArchiveSettings::at(place), log.recovery.next.sequence).await?;
    let through = Arc::new(AtomicU64::new(archive.archived_through()));
    let from = archiving::start_at(archive.archived_through());
    let reader = Reader::follow(&log.folder, from, log.durable.clone())?;
    tasks.spawn(archiving::run(
        archive,
        reader,
        Arc::clone(&through),
        stop.clone(),
    ));
    let keep_from = log.keep_from.clone();
    let shared = Arc::clone(shared);
    let stop = stop.clone();
    tasks.spawn(async move {
        while pause(&stop, DUTIES_EVERY_S).await {
            let archived = through.load(Ordering::Acquire) + 1;
            let needed = archived.min(shared.checkpointed.load(Ordering::Acquire));
            keep_from.set(Position {
                sequence: needed,
                segment: 0,
                offset: 0,
            });
        }
    });
    Ok(())
}

async fn start_duties(
    app: &App,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    tasks.spawn(renew_checks(app.clone(), stop.clone()));
    tasks.spawn(agreed_access::watch(app.clone(), stop.clone()));
    tasks.spawn(network::agreements::calendar::run(
        app.clone(),
        stop.clone(),
    ));
    tasks.spawn(admin::key_end::run(app.clone(), stop.clone()));
    tasks.spawn(slow_duties(app.clone(), stop.clone()));
    tasks.spawn(crate::ledger::keep_signing(app.clone(), stop.clone()));
    tasks.spawn(answers::meanings::run(app.clone(), stop.clone()));
    let identity = &app.config.identity;
    let sender = mail::Sender::new(&identity.mail, &identity.mail_from)?;
    tasks.spawn(mail::run(app.clone(), sender, stop.clone()));
    if app.config.demo {
        demo::load(app).await?;
        tasks.spawn(demo::replay(app.clone(), stop.clone()));
    }
    if app.config.feeds {
        tasks.spawn(intake::feeds::run(app.clone(), stop.clone()));
    }
    Ok(())
}

/// Takes in new and changed fact-checks, and sends them back over the live clusters.
async fn renew_checks(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.answers.due() => {}
        }
        match app.answers.refresh().await {
            Ok(changed) if changed.is_empty() => {}
            Ok(changed) => app.stream.tell(Command::Checks(changed)),
            Err(error) => tracing::error!(%error, "fact-checks could not be read again"),
        }
        if let Err(error) = learning::renew_thresholds(&app).await {
            tracing::error!(%error, "the thresholds could not be read again");
        }
    }
}

async fn slow_duties(app: App, stop: CancellationToken) {
    let mut round = 0_u64;
    while pause(&stop, DUTIES_EVERY_S).await {
        let now = clock::now();
        if let Err(error) = app.keys.save().await {
            tracing::error!(%error, "the use of keys could not be written");
        }
        if let Err(error) = app.sign_in_guard.record_due(&app.store, now, false).await {
            tracing::error!(%error, "failed sign-ins could not be recorded");
        }
        if round.is_multiple_of(SCORES_EVERY_ROUNDS) {
            learning::drift::write_down(&app, now).await;
        }
        if round.is_multiple_of(720) {
            let forgotten = app
                .store
                .forget_clusters(now.plus_us(-FORGET_CLUSTERS_US))
                .await;
            let unseen_since = now.plus_us(-access::limits::DEVICE_LIFE_US);
            let purged = app.store.purge_sessions(now, unseen_since).await;
            let resets = app.store.purge_resets(now).await;
            if let Some(error) = forgotten.err().or(purged.err()).or(resets.err()) {
                tracing::error!(%error, "old clusters and sessions could not be removed");
            }
        }
        app.metrics.run_upkeep();
        round += 1;
    }
}

/// Waits; false when it is time to end.
async fn pause(stop: &CancellationToken, seconds: u64) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(Duration::from_secs(seconds)) => true,
    }
}

async fn stopped_from_outside(stop: CancellationToken) {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _interrupted = tokio::signal::ctrl_c() => {}
        () = terminated => {}
        () = stop.cancelled() => {}
    }
    stop.cancel();
}
