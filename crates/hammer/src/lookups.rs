//! `hammer lookups`: texts looked up at a rate, latency counted from when each was due.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use clap::Args;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use crate::figures::Latencies;
use crate::http::{Connection, Target};
use crate::words::{Dice, claim, everyday, passed_on};

/// Texts made when no file is given.
const TEXTS: u64 = 5_000;
/// One made text in this many is about no claim.
const UNKNOWN_ONE_IN: u64 = 4;

/// What to ask.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// Address of the server.
    #[arg(long)]
    url: Target,
    /// Look-ups a second.
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// Length of the run.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// JSON Lines with `text`; made from the fact-checks of `hammer fact-checks` when absent.
    #[arg(long)]
    queries: Option<PathBuf>,
    /// Connections kept open.
    #[arg(long, default_value_t = 32)]
    connections: usize,
}

struct Race {
    plan: Plan,
    bodies: Vec<Bytes>,
    next: AtomicU64,
    started: Instant,
}

/// Asks and prints one JSON object.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    anyhow::ensure!(plan.rate > 0, "--rate is above 0");
    let bodies = match &plan.queries {
        Some(path) => read_queries(path)?,
        None => (0..TEXTS)
            .map(|number| body_of(&made_text(number)))
            .collect(),
    };
    anyhow::ensure!(!bodies.is_empty(), "there is nothing to look up");
    let connections = plan.connections.max(1);
    let race = Arc::new(Race {
        plan,
        bodies,
        next: AtomicU64::new(0),
        started: Instant::now(),
    });
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        tasks.spawn(one_connection(Arc::clone(&race)));
    }
    let mut latencies = Latencies::default();
    let mut answers = [0_u64; 3];
    while let Some(done) = tasks.join_next().await {
        let (more, told) = done??;
        latencies.absorb(more);
        for (sum, count) in answers.iter_mut().zip(told) {
            *sum += count;
        }
    }
    let seconds = race.started.elapsed().as_secs_f64();
    let asked = answers.iter().sum::<u64>();
    println!(
        "{}",
        json!({
            "lookups": asked,
            "seconds": seconds,
            "lookups_per_second": asked as f64 / seconds,
            "answers": { "match": answers[0], "probable": answers[1], "not_yet_checked": answers[2] },
            "latency": latencies.summary(),
        })
    );
    Ok(())
}

fn made_text(number: u64) -> String {
    if number.is_multiple_of(UNKNOWN_ONE_IN) {
        everyday(9, number)
    } else {
        let mut dice = Dice::of(9, number);
        let text = claim(dice.roll() % 100_000);
        passed_on(&text, &mut dice)
    }
}

fn body_of(text: &str) -> Bytes {
    json!({ "text": text }).to_string().into()
}

fn read_queries(path: &std::path::Path) -> anyhow::Result<Vec<Bytes>> {
    let lines = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    lines
        .lines()
        .map(|line| {
            let query: Value = serde_json::from_str(line)?;
            Ok(body_of(
                query["text"].as_str().context("a query without `text`")?,
            ))
        })
        .collect()
}

async fn one_connection(race: Arc<Race>) -> anyhow::Result<(Latencies, [u64; 3])> {
    let mut connection = Connection::to(&race.plan.url).await?;
    let mut latencies = Latencies::default();
    let mut answers = [0; 3];
    let all = u64::from(race.plan.rate) * u64::from(race.plan.seconds);
    loop {
        let index = race.next.fetch_add(1, Ordering::Relaxed);
        if index >= all {
            return Ok((latencies, answers));
        }
        let offset = Duration::from_micros(index * 1_000_000 / u64::from(race.plan.rate));
        let due = race.started + offset;
        let place = usize::try_from(index).unwrap_or_default() % race.bodies.len();
        sleep_until(due).await;
        let headers = [(CONTENT_TYPE.as_str(), "application/json")];
        let body = race.bodies[place].clone();
        let answer = connection
            .ask(Method::POST, "/api/v1/lookup", &headers, body)
            .await?;
        latencies.add(due.elapsed());
        anyhow::ensure!(
            answer.code == StatusCode::OK,
            "the server answered {}",
            answer.code
        );
        let found: Value = serde_json::from_slice(&answer.body)?;
        let which = ["match", "probable", "not_yet_checked"];
        let place = which.iter().position(|word| found["answer"] == **word);
        answers[place.context("an answer of an unknown kind")?] += 1;
    }
}
