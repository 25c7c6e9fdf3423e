//! `hammer check`: what was acknowledged against what the stream counted.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::acked;
use crate::http::{Connection, Target, figure};

/// How often the server is asked.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// What to compare.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// Address of the server.
    #[arg(long)]
    url: Target,
    /// The file of acknowledged batches.
    #[arg(long)]
    acked: PathBuf,
    /// Posts that were in the stream before.
    #[arg(long, default_value_t = 0)]
    before: u64,
    /// How long the stream may take to catch up, in seconds.
    #[arg(long, default_value_t = 120)]
    within: u64,
}

/// Waits for the stream and compares.
pub(crate) async fn run(plan: Plan) -> anyhow::Result<()> {
    let expected = plan.before + acked::distinct(acked::read(&plan.acked)?);
    let started = Instant::now();
    let mut connection = Connection::to(&plan.url).await?;
    let mut counted = counted_by(&mut connection).await?;
    while counted < expected && started.elapsed().as_secs() < plan.within {
        sleep(ASK_EVERY).await;
        counted = counted_by(&mut connection).await?;
    }
    let caught_up = started.elapsed().as_secs_f64();
    // A post counted twice would show a moment later.
    sleep(ASK_EVERY * 4).await;
    counted = counted_by(&mut connection).await?;
    println!(
        "{}",
        json!({ "acknowledged": expected, "counted": counted, "caught_up_seconds": caught_up })
    );
    anyhow::ensure!(
        counted == expected,
        "{expected} posts were acknowledged, {counted} are counted"
    );
    Ok(())
}

/// Posts the stream has counted.
pub(crate) async fn counted_by(connection: &mut Connection) -> anyhow::Result<u64> {
    let answer = connection.get("/metrics", "").await?;
    let metrics = String::from_utf8_lossy(&answer.body);
    let counted = figure(&metrics, "kentongan_stream_posts")
        .context("/metrics has no kentongan_stream_posts yet")?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count below 2^53"
    )]
    let counted = counted as u64;
    Ok(counted)
}
