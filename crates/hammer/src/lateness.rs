//! `hammer lateness`: how long after it was sent a reader of the radar sees a growing message.
//!
//! Sends a marked pair of copies now and then, in provinces that the load leaves out, and reads
//! the radar of that province as a person's browser does until the mark is there. Load is made
//! by `hammer posts` beside it.

use std::time::Duration;

use clap::Args;
use hyper::StatusCode;
use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until};

use crate::batches::{now_s, rfc3339};
use crate::figures::Latencies;
use crate::http::{Connection, Target};
use crate::words::everyday;

/// Provinces the load leaves out. A mark is one of few clusters there, so the ranking cannot hide
/// it behind the load.
const PROVINCES: [&str; 31] = [
    "12", "13", "14", "16", "17", "18", "19", "21", "34", "36", "52", "53", "61", "62", "63", "64",
    "65", "71", "72", "73", "74", "75", "76", "81", "82", "92", "93", "94", "95", "96", "97",
];
/// Marks of one run: few enough that each province's first page shows all of its own.
const MARKS_MOST: u64 = 31 * 40;
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
    /// The page that is read; the province is added to it.
    #[arg(long, default_value = "/desk/rows?wilayah=")]
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
    for number in 0..MARKS_MOST {
        let due = started + Duration::from_millis(number * plan.every_ms);
        if (due - started).as_secs() >= plan.seconds {
            break;
        }
        sleep_until(due).await;
        let mark = format!("tanda{}x{number}z", plan.seed);
        let sent = Instant::now();
        let place = usize::try_from(number).unwrap_or_default() % PROVINCES.len();
        let province = PROVINCES[place];
        send_pair(&mut sender, &plan, (&mark, province), number).await?;
        let page = format!("{}{province}", plan.page);
        if wait_for(&mut reader, &plan, (&page, &mark), &mut readings).await? {
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
    (mark, province): (&str, &str),
    number: u64,
) -> anyhow::Result<()> {
    let text = format!("{mark} {}", everyday(plan.seed ^ 0x7461_6e64, number));
    let line = |copy: u64| {
        json!({
            "channel": { "kind": "x", "account": format!("tanda{copy}") },
            "external_id": format!("{mark}-{copy}"),
            "text": text,
            "published_at": rfc3339(now_s()),
            "region": province,
            "reach": 1_000,
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
    (page, mark): (&str, &str),
    readings: &mut Latencies,
) -> anyhow::Result<bool> {
    let started = Instant::now();
    while started.elapsed() < MISSING_AFTER {
        let asked = Instant::now();
        let answer = reader.get(page, &plan.cookie).await?;
        readings.add(asked.elapsed());
        anyhow::ensure!(
            answer.code == StatusCode::OK,
            "{page} answers {}",
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
