//! Prints how fast acts are recorded, proved and verified through the database: SQLite in a folder,
//! every transaction synced to the disk.
//!
//! `cargo run --release -p store --example ledger_pace [entries [single acts]]`
//!
//! Beside the acts that come one to a transaction stands what bounds them: the same transaction with
//! one plain insert into a table without an index, and no ledger.
//!
//! Rates are by the clock and by the processor time of this process, in which the database runs. The
//! last line is the same as JSON, for `scripts/bench`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use store::Store;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let entries: u64 = std::env::args()
        .nth(1)
        .map_or(Ok(200_000), |text| text.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let singles: u64 = std::env::args()
        .nth(2)
        .map_or(Ok(10_000), |text| text.parse())?;
    runtime.block_on(measure(entries, singles))
}

fn act(number: u64) -> AuditEvent {
    AuditEvent {
        at: Timestamp(1_764_000_000_000_000),
        actor: Actor::Machine,
        kind: AuditKind::CasePublished,
        subject: Uuid::from_u128(u128::from(number)),
        note: "catatan".into(),
    }
}

async fn measure(entries: u64, singles: u64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("kentongan.db").display());
    let store = Store::open(&url).await?;
    let mut rates = Vec::new();
    for (batch, total) in [(1, singles), (100, 20_000), (1_000, entries)] {
        let (started, cpu) = (Instant::now(), cpu_seconds()?);
        for first in (0..total).step_by(usize::try_from(batch)?) {
            let acts: Vec<AuditEvent> = (first..first + batch).map(act).collect();
            store.record_audits(&acts).await?;
        }
        let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
        println!(
            "record {batch} to a transaction: {:.0} a second, {:.0} a core-second",
            total as f64 / seconds,
            total as f64 / cpu
        );
        rates.push(format!("{:.0}", total as f64 / cpu));
    }
    let bare = bare_inserts(folder.path(), singles).await?;
    let head = store.ledger_head().await?;
    let mut times_us = Vec::new();
    let cpu = cpu_seconds()?;
    for number in 0..2_000_u64 {
        let started = Instant::now();
        let index = number * 2_654_435_761 % head.size;
        store.prove_inclusion(index, head.size).await?;
        times_us.push(started.elapsed().as_micros());
    }
    let proof_cpu_us = (cpu_seconds()? - cpu) * 1e6 / times_us.len() as f64;
    times_us.sort_unstable();
    let at = |share: usize| times_us[(times_us.len() - 1) * share / 100];
    println!(
        "inclusion proof in {} entries: {proof_cpu_us:.0} µs of processor, p50 {} µs, p99 {} µs",
        head.size,
        at(50),
        at(99)
    );
    let (started, cpu) = (Instant::now(), cpu_seconds()?);
    let checked = store.verify_audit().await?;
    let (seconds, verify_cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    println!(
        "verify {} entries in the database: {seconds:.2} s, {verify_cpu:.2} s of processor, found {:?}",
        checked.entries, checked.first_bad
    );
    println!(
        "{{\"entries\":{},\"recorded_per_core_second\":[{}],\"bare_per_core_second\":{bare:.0},\"proof_p50_us\":{},\"proof_p99_us\":{},\
         \"proof_cpu_us\":{proof_cpu_us:.0},\"verify_seconds\":{seconds:.3},\"verify_cpu_seconds\":{verify_cpu:.2},\"sound\":{}}}",
        head.size,
        rates.join(","),
        at(50),
        at(99),
        checked.first_bad.is_none()
    );
    store.close().await;
    Ok(())
}

/// One row without index or ledger to a synced transaction, for comparison: how many a core-second.
async fn bare_inserts(folder: &Path, rows: u64) -> Result<f64, Box<dyn Error>> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    sqlx::query(
        "CREATE TABLE bare (number INTEGER NOT NULL PRIMARY KEY, note TEXT NOT NULL) STRICT",
    )
    .execute(&pool)
    .await?;
    let (started, cpu) = (Instant::now(), cpu_seconds()?);
    for number in 0..rows {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO bare (number, note) VALUES ($1, $2)")
            .bind(i64::try_from(number)?)
            .bind("catatan")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    let rate = rows as f64 / cpu;
    println!(
        "the same without ledger or index: {:.0} a second, {rate:.0} a core-second",
        rows as f64 / seconds
    );
    pool.close().await;
    Ok(rate)
}

/// Processor time of this process, user and system, in seconds; Linux only.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = text.rsplit_once(')').ok_or("no fields")?;
    let ticks: Vec<f64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
