//! `hammer posts`: batches at a fixed rate, or as fast as they are acknowledged.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use clap::Args;
use hyper::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use crate::acked::{self, Acked};
use crate::batches::{Recipe, now_s};
use crate::figures::Latencies;
use crate::http::{Connection, Target};

/// A run lasts at most this many seconds.
const RUN_MOST_S: u64 = 3_600;
/// Pause after a 429 that names none.
const PAUSE: Duration = Duration::from_secs(1);

/// What to send.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// Address of the server, for example <http://127.0.0.1:8080>.
    #[arg(long)]
    url: Target,
    /// A key with the scope posts:write.
    #[arg(long)]
    key: String,
    /// Posts a second, or `max`.
    #[arg(long, default_value = "max")]
    rate: Rate,
    /// Length of the run.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Posts at most.
    #[arg(long, default_value_t = 100_000_000)]
    count: u64,
    /// Number of the first post.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Share of posts that are copies.
    #[arg(long, default_value_t = 0.9)]
    copies: f64,
    /// Connections kept open.
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Posts of one request.
    #[arg(long, default_value_t = 500)]
    batch: u64,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File that every acknowledged batch is added to.
    #[arg(long)]
    acked: Option<PathBuf>,
    /// Make the bodies before the clock starts, so that the generator's work is not in the figure.
    #[arg(long)]
    prepared: bool,
}

/// How fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rate {
    /// The next batch when the last is answered.
    Max,
    /// Posts a second, whatever the answers do.
    PerSecond(f64),
}

impl std::str::FromStr for Rate {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.parse() {
            _ if word == "max" => Ok(Self::Max),
            Ok(rate) if rate > 0.0 => Ok(Self::PerSecond(rate)),
            _ => Err(format!("{word:?} is neither a rate above 0 nor `max`")),
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    accepted: u64,
    duplicates: u64,
    rejected: u64,
    told_to_wait: u64,
    latencies: Latencies,
    acked: Vec<Acked>,
}

impl Outcome {
    fn absorb(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.duplicates += other.duplicates;
        self.rejected += other.rejected;
        self.told_to_wait += other.told_to_wait;
        self.latencies.absorb(other.latencies);
        self.acked.extend(other.acked);
    }
}

/// What the connections share.
struct Race {
    plan: Plan,
    recipe: Recipe,
    prepared: Vec<Bytes>,
    next_batch: AtomicU64,
    started: Instant,
}

impl Race {
    /// The next batch: its first post and its size; `None` when the run is over.
    fn draw(&self) -> Option<(u64, u64, u64)> {
        let index = self.next_batch.fetch_add(1, Ordering::Relaxed);
        let offset = index * self.plan.batch;
        let count = self.plan.batch.min(self.plan.count.saturating_sub(offset));
        let over = match self.plan.rate {
            Rate::Max => self.started.elapsed().as_secs() >= self.plan.seconds,
            Rate::PerSecond(rate) => offset as f64 >= rate * self.plan.seconds as f64,
        };
        (count > 0 && !over).then_some((index, self.plan.from + offset, count))
    }

    fn body(&self, index: u64, from: u64, count: u64) -> Bytes {
        let prepared = usize::try_from(index)
            .ok()
            .and_then(|index| self.prepared.get(index));
        prepared
            .cloned()
            .unwrap_or_else(|| self.recipe.batch(from, count).into())
    }

    /// When this batch is due: what comes later is late, whoever is to blame.
    fn due(&self, index: u64) -> Instant {
        match self.plan.rate {
            Rate::Max => Instant::now(),
            Rate::PerSecond(rate) => {
                let seconds = (index * self.plan.batch) as f64 / rate;
                self.started + Duration::try_from_secs_f64(seconds).unwrap_or_default()
            }
        }
    }
}

/// Sends and prints one JSON object.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    let path = plan.acked.clone();
    let (outcome, report) = send_all(plan).await?;
    if let Some(path) = path {
        acked::append(&path, &outcome.acked)?;
    }
    println!("{report}");
    Ok(())
}

/// Sends everything; yields what came of it and the figures.
pub(crate) async fn send_all(plan: Plan) -> anyhow::Result<(Outcome, Value)> {
    anyhow::ensure!(
        (0.0..=1.0).contains(&plan.copies),
        "--copies is a share between 0 and 1"
    );
    anyhow::ensure!(
        (1..=10_000).contains(&plan.batch),
        "--batch is 1 to 10,000 posts"
    );
    anyhow::ensure!(
        plan.seconds <= RUN_MOST_S,
        "--seconds is at most {RUN_MOST_S}"
    );
    let recipe = Recipe {
        seed: plan.seed,
        copies: plan.copies,
        since_s: now_s(),
    };
    let prepared = if plan.prepared {
        prepare(&plan, &recipe)
    } else {
        Vec::new()
    };
    let connections = plan.connections.max(1);
    let race = Race {
        plan,
        recipe,
        prepared,
        next_batch: AtomicU64::new(0),
        started: Instant::now(),
    };
    let race = Arc::new(race);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        tasks.spawn(one_connection(Arc::clone(&race)));
    }
    let mut outcome = Outcome::default();
    while let Some(done) = tasks.join_next().await {
        outcome.absorb(done??);
    }
    let seconds = race.started.elapsed().as_secs_f64();
    let posts = outcome.accepted + outcome.duplicates;
    let report = json!({
        "posts": posts,
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "rejected": outcome.rejected,
        "told_to_wait": outcome.told_to_wait,
        "seconds": seconds,
        "posts_per_second": posts as f64 / seconds,
        "acknowledgement": outcome.latencies.summary(),
    });
    Ok((outcome, report))
}

/// The bodies of a whole run, at most those of `count` posts.
fn prepare(plan: &Plan, recipe: &Recipe) -> Vec<Bytes> {
    let batches = plan.count.div_ceil(plan.batch);
    let body = |index| {
        let offset = index * plan.batch;
        recipe
            .batch(plan.from + offset, plan.batch.min(plan.count - offset))
            .into()
    };
    (0..batches).map(body).collect()
}

async fn one_connection(race: Arc<Race>) -> anyhow::Result<Outcome> {
    let mut connection = Connection::to(&race.plan.url).await?;
    let mut outcome = Outcome::default();
    while let Some((index, from, count)) = race.draw() {
        let body = race.body(index, from, count);
        let due = race.due(index);
        sleep_until(due).await;
        send_batch(&mut connection, &race, &mut outcome, (from, count), body).await?;
        outcome.latencies.add(due.elapsed());
    }
    Ok(outcome)
}

/// Sends one batch until it is taken.
async fn send_batch(
    connection: &mut Connection,
    race: &Race,
    outcome: &mut Outcome,
    (from, count): (u64, u64),
    body: Bytes,
) -> anyhow::Result<()> {
    loop {
        let answer = connection.send_posts(&race.plan.key, body.clone()).await?;
        match answer.code {
            StatusCode::OK => {
                let taken: Value = serde_json::from_slice(&answer.body)?;
                let number = |name: &str| taken[name].as_u64().context("an answer without counts");
                let (accepted, duplicates) = (number("accepted")?, number("duplicates")?);
                outcome.accepted += accepted;
                outcome.duplicates += duplicates;
                outcome.rejected += count - accepted - duplicates;
                outcome.acked.push(Acked {
                    seed: race.recipe.seed,
                    from,
                    count,
                });
                return Ok(());
            }
            StatusCode::TOO_MANY_REQUESTS => {
                outcome.told_to_wait += 1;
                sleep(answer.retry_after.unwrap_or(PAUSE)).await;
            }
            code => {
                let said = String::from_utf8_lossy(&answer.body);
                anyhow::bail!("the server answered {code}: {said}");
            }
        }
    }
}
