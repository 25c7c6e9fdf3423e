//! `hammer`: load from outside that also checks the answers.
//!
//! Knows nothing of the server but its HTTP interface. Every post is a pure function of a seed
//! and a number, so a run can be sent again, and what was acknowledged can be counted.

mod acked;
mod batches;
mod check;
mod fact_checks;
mod figures;
mod http;
mod lateness;
mod lookups;
mod posts;
mod print;
mod words;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "hammer", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send posts at a rate, or as fast as they are acknowledged.
    Posts(posts::Plan),
    /// Compare what was acknowledged with what the server counted; exit code 1 when they differ.
    Check(check::Plan),
    /// Look texts up at a rate.
    Lookups(lookups::Plan),
    /// Write distinct fact-checks for `import fact-checks`.
    FactChecks(fact_checks::Plan),
    /// Write the texts of posts, for other programs to be given the same.
    Print(print::Plan),
    /// Send marked pairs under load and watch how late a reader of the radar sees them.
    Lateness(lateness::Plan),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Posts(plan) => posts::run(plan).await,
        Command::Check(plan) => check::run(plan).await,
        Command::Lookups(plan) => lookups::run(plan).await,
        Command::FactChecks(plan) => fact_checks::run(&plan),
        Command::Print(plan) => print::run(&plan),
        Command::Lateness(plan) => lateness::run(plan).await,
    }
}
