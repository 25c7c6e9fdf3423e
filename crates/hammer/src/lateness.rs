//! `hammer lateness`: how long after it was sent a reader of the radar sees a growing message.
//!
//! Sends a marked pair of copies now and then, far-reaching enough to stand on top of the radar,
//! and reads the radar as a person's browser does until the mark is there. Load is made by
//! `hammer posts` beside it.

use std::time::Duration;

use clap::Args;
use hyper::StatusCode;
use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until};

use crate::batches::{now_s, rfc3339};
use crate::figures::Latencies;
use crate::http::{Connection, Target};
use crate::words::everyday;

/// Reach of a marked post: it has to stand before everything else.
const MARK_REACH: u64 = 900_000_000;
/// A mark that is not there after this long is missing.
const MISSING_AFTER: Duration = Duration::from_secs(20);

/// What to watch.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// Address of the server.
    #[arg(long)]
    url: Target,
    /// A key with the scope posts:write.
    #[arg(long)]
    key: String,
    /// The cookie of a signed-in reader.
    #[arg(long)]
    cookie: String,
    /// The page that is read.
    #[arg(long, default_value = "/desk/rows")]
    page: String,
    /// Length of the run.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Milliseconds between two marks.
    #[arg(long, default_value_t = 1_000)]
    every_ms: u64,
    /// Milliseconds between two readings of the page.
    #[arg(long, default_value_t = 50)]
    read_every_ms: u64,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Watches and prints one JSON object.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    let mut sender = Connection::to(&plan.url).await?;
    let mut reader = Connection::to(&plan.url).await?;
    let mut latencies = Latencies::default();
    let mut readings = Latencies::default();
    let mut missing = 0_u64;
    let started = Instant::now();
    for number in 0.. {
        let due = started + Duration::from_millis(number * plan.every_ms);
        if (due - started).as_secs() >= plan.seconds {
            break;
        }
        sleep_until(due).await;
        let mark = format!("tanda{}x{number}z", plan.seed);
        let sent = Instant::now();
        send_pair(&mut sender, &plan, &mark, number).await?;
        if wait_for(&mut reader, &plan, &mark, &mut readings).await? {
            latencies.add(sent.elapsed());
        } else {
            missing += 1;
        }
    }
    println!(
        "{}",
        json!({ "lateness": latencies.summary(), "missing": missing, "reading": readings.summary() })
    );
    anyhow::ensure!(missing == 0, "{missing} marks never reached the radar");
    Ok(())
}

async fn send_pair(
    sender: &mut Connection,
    plan: &Plan,
    mark: &str,
    number: u64,
) -> anyhow::Result<()> {
    let text = format!("{mark} {}", everyday(plan.seed ^ 0x7461_6e64, number));
    let line = |copy: u64| {
        json!({
            "channel": { "kind": "x", "account": format!("tanda{copy}") },
            "external_id": format!("{mark}-{copy}"),
            "text": text,
            "published_at": rfc3339(now_s()),
            "reach": MARK_REACH,
        })
    };
    let body = format!("{}\n{}\n", line(1), line(2));
    loop {
        let answer = sender.send_posts(&plan.key, body.clone().into()).await?;
        match answer.code {
            StatusCode::OK => return Ok(()),
            StatusCode::TOO_MANY_REQUESTS => {
                sleep(answer.retry_after.unwrap_or(Duration::from_secs(1))).await;
            }
            code => anyhow::bail!("the server answered {code}"),
        }
    }
}

async fn wait_for(
    reader: &mut Connection,
    plan: &Plan,
    mark: &str,
    readings: &mut Latencies,
) -> anyhow::Result<bool> {
    let started = Instant::now();
    while started.elapsed() < MISSING_AFTER {
        let asked = Instant::now();
        let answer = reader.get(&plan.page, &plan.cookie).await?;
        readings.add(asked.elapsed());
        anyhow::ensure!(
            answer.code == StatusCode::OK,
            "{} answers {}",
            plan.page,
            answer.code
        );
        if answer
            .body
            .windows(mark.len())
            .any(|part| part == mark.as_bytes())
        {
            return Ok(true);
        }
        sleep(Duration::from_millis(plan.read_every_ms)).await;
    }
    Ok(false)
}
