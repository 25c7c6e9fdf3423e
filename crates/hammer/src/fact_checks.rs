//! `hammer fact-checks`: distinct claims for load, in the form `import fact-checks` reads.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use crate::batches::rfc3339;
use crate::words::claim;

/// When the first was published: 2019-01-01.
const SINCE_S: u64 = 1_546_300_800;
/// Seconds between two: 100,000 in about six years.
const EVERY_S: u64 = 1_900;

/// What to write.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// How many.
    #[arg(long, default_value_t = 100_000)]
    count: u64,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the file.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<()> {
    let file = std::fs::File::create(&plan.out)
        .with_context(|| format!("{} cannot be written", plan.out.display()))?;
    let mut out = BufWriter::new(file);
    for number in 0..plan.count {
        let at = rfc3339(SINCE_S + number * EVERY_S);
        let line = json!({
            "doc_id": format!("beban-{number}"),
            "org": "Uji beban",
            "claim": claim(number),
            "verdict": "SALAH",
            "tag": "SALAH",
            "date": at[..10],
            "url": format!("https://beban.example/{number}"),
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}
