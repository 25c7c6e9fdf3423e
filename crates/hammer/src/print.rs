//! `hammer print`: the texts that a run would send, for other programs to be given the same.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use crate::batches::Recipe;

/// What to write.
#[derive(Args, Debug, Clone)]
pub(crate) struct Plan {
    /// How many.
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// Share of posts that are copies.
    #[arg(long, default_value_t = 0.9)]
    copies: f64,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
}

/// Writes JSON Lines with `text`.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<()> {
    let recipe = Recipe {
        seed: plan.seed,
        copies: plan.copies,
        since_s: 0,
    };
    let file = std::fs::File::create(&plan.out)
        .with_context(|| format!("{} cannot be written", plan.out.display()))?;
    let mut out = BufWriter::new(file);
    for number in 0..plan.count {
        writeln!(out, "{}", json!({ "text": recipe.text(number) }))?;
    }
    out.flush()?;
    Ok(())
}
