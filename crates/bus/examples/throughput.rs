//! Prints how fast this machine keeps records: durable group commits and reading back.
//!
//! `cargo run --release -p bus --example throughput [records] [folder]`
//!
//! Records are 300 bytes of made-up JSON: the column "stored" shows how far they shrink. The batches
//! are made beforehand and are not part of the figures; writer and reader are one thread.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bus::{LogOptions, Position, Reader, SegmentLog};

const RECORD_BYTES: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let records: usize = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "{records} records of {RECORD_BYTES} bytes in {}",
        folder.display()
    );
    println!(
        "| batch | durable records/s | commits/s | commit p50 / p99 | CPU-s per million | stored |"
    );
    println!("|---|---|---|---|---|---|");
    for batch_records in [100, 1000, 5000] {
        let dir = tempfile::tempdir_in(&folder)?;
        write(dir.path(), records, batch_records)?;
        if batch_records == 5000 {
            read(dir.path())?;
        }
    }
    Ok(())
}

/// Made-up posts: words drawn from 4,000, few of them often, and a random identifier each.
fn batch(records: usize, dice: &mut u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(records * RECORD_BYTES);
    for _ in 0..records {
        let start = out.len();
        out.extend_from_slice(format!("{{\"id\":\"{:016x}\",\"text\":\"", roll(dice)).as_bytes());
        while out.len() - start < RECORD_BYTES - 2 {
            let draw = roll(dice) % 4000;
            push_word(draw * (roll(dice) % 4000) / 4000, &mut out);
        }
        out.truncate(start + RECORD_BYTES - 2);
        out.extend_from_slice(b"\"}");
    }
    out
}

/// Word number `word` of a vocabulary of syllables.
fn push_word(word: u64, out: &mut Vec<u8>) {
    const SYLLABLES: [&str; 16] = [
        "ke", "pe", "mi", "lu", "an", "sua", "ra", "ber", "ti", "kan", "me", "nya", "di", "ang",
        "pu", "ta",
    ];
    let mut rest = word * 7919 + 17;
    for _ in 0..2 + word % 3 {
        out.extend_from_slice(SYLLABLES[usize::try_from(rest % 16).unwrap_or(0)].as_bytes());
        rest /= 16;
    }
    out.push(b' ');
}

fn roll(dice: &mut u64) -> u64 {
    *dice = dice
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *dice >> 20
}

fn write(dir: &Path, records: usize, batch_records: usize) -> Result<(), Box<dyn Error>> {
    let mut seed = 1;
    let batches: Vec<Vec<u8>> = (0..16).map(|_| batch(batch_records, &mut seed)).collect();
    let (mut log, _) = SegmentLog::open(dir, LogOptions::default())?;
    let mut commits = Vec::new();
    let (started, cpu) = (Instant::now(), cpu_seconds()?);
    for number in 0..records / batch_records {
        let before = Instant::now();
        log.append(
            &batches[number % batches.len()],
            u32::try_from(batch_records)?,
            0,
        )?;
        log.sync()?;
        commits.push(before.elapsed());
    }
    let (wall, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    let done = commits.len() * batch_records;
    commits.sort_unstable();
    println!(
        "| {batch_records} | {:.0} | {:.0} | {:.1} / {:.1} ms | {:.2} | {:.0} % |",
        done as f64 / wall,
        commits.len() as f64 / wall,
        milliseconds(&commits, 50),
        milliseconds(&commits, 99),
        cpu / (done as f64 / 1e6),
        100.0 * log.bytes() as f64 / (done * RECORD_BYTES) as f64,
    );
    Ok(())
}

fn read(dir: &Path) -> Result<(), Box<dyn Error>> {
    let (started, cpu) = (Instant::now(), cpu_seconds()?);
    let mut reader = Reader::open(dir, Position::OLDEST)?;
    let opened = started.elapsed();
    let (mut records, mut bytes) = (0_u64, 0);
    while let Some(frame) = reader.next()? {
        records += u64::from(frame.records);
        bytes += frame.payload.len();
    }
    let (wall, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    println!(
        "read, verified and decompressed: {:.0} records/s, {:.0} MB/s, {:.2} CPU-s per million \
         (of which finding the end of the log: {:.0} ms)",
        records as f64 / wall,
        bytes as f64 / wall / 1e6,
        cpu / (records as f64 / 1e6),
        opened.as_secs_f64() * 1e3,
    );
    Ok(())
}

fn milliseconds(sorted: &[Duration], percentile: usize) -> f64 {
    let at = (sorted.len() * percentile / 100).min(sorted.len().saturating_sub(1));
    sorted
        .get(at)
        .map_or(0.0, |duration| duration.as_secs_f64() * 1e3)
}

/// User and system time of this process, from the kernel's own account (Linux).
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let account = fs::read_to_string("/proc/self/stat")?;
    let after_name = account.rsplit(')').next().unwrap_or_default();
    let field = |at: usize| {
        after_name
            .split_whitespace()
            .nth(at)
            .unwrap_or("0")
            .parse::<f64>()
    };
    Ok((field(11)? + field(12)?) / TICKS_PER_SECOND)
}
