//! Subcommands of the one binary.

pub mod clusters;
pub mod eval;
pub mod export;
pub mod figures_page;
pub mod key;
pub mod labelled;
pub mod open;
pub mod serve;
pub mod train;
pub mod user;
pub mod verify;
pub mod witness;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::intake::import;
use crate::lexicon;

/// Election information: takes in posts, recognises copies and answered claims, warns the desk,
/// carries answers to the public.
#[derive(Parser)]
#[command(name = "kentongan", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve everything on one machine.
    Serve {
        /// Load the demonstration network and replay its posts; loopback addresses only.
        #[arg(long)]
        demo: bool,
    },
    /// Bring files in.
    #[command(subcommand)]
    Import(Import),
    /// Measure answers and copy detection on labelled files; JSON on standard output.
    #[command(subcommand)]
    Eval(Eval),
    /// Take data out, in the files that other commands read.
    #[command(subcommand)]
    Export(Export),
    /// Make the weights of the answers anew from labelled files.
    #[command(subcommand)]
    Train(Train),
    /// Service keys.
    #[command(subcommand)]
    Key(Key),
    /// Accounts.
    #[command(subcommand)]
    User(User),
    /// Bring the database to this version's schema.
    Migrate,
    /// Check the audit log of the data folder, of a copy of it, or of an exported bundle; names the
    /// first bad entry; exit code 0 only when no entry was changed.
    VerifyLog {
        /// A bundle (folder or .json), a copied data folder, or a copied database (.db); without it
        /// the data folder in use.
        place: Option<PathBuf>,
        /// Another bundle of the same log: names the first entry in which the two differ.
        #[arg(long, value_name = "BUNDLE")]
        against: Option<PathBuf>,
        /// A public key known from elsewhere, the ledger's or a witness's; may be given several
        /// times. Without any, the keys inside the bundle count.
        #[arg(long = "vkey", value_name = "VKEY")]
        vkeys: Vec<String>,
    },
    /// Co-sign another installation's audit log, as a cron job; or say who may co-sign this one.
    Witness(witness::Witness),
    /// Check settings, folders, database and log; exit code 0 only when all is well.
    Doctor,
}

#[derive(Subcommand)]
enum Import {
    /// Posts, as JSON Lines or CSV.
    Posts(import::ImportArguments),
    /// Fact-checks, as JSON Lines or CSV.
    FactChecks(import::ImportArguments),
    /// Organisations of the directory, as CSV or JSON Lines.
    Organisations(import::OrganisationArguments),
}

/// Labelled files.
#[derive(clap::Args)]
struct Labelled {
    /// Fact-checks, JSON Lines.
    #[arg(long)]
    corpus: PathBuf,
    /// Texts, JSON Lines.
    #[arg(long)]
    queries: PathBuf,
    /// Which fact-checks answer which text, tab-separated.
    #[arg(long)]
    qrels: PathBuf,
}

#[derive(Subcommand)]
enum Train {
    /// Ranking, probability, thresholds and, where the sentence model is installed, the map of
    /// meaning; prints the cross-validated figures and what each feature gives.
    Ranker {
        #[command(flatten)]
        files: Labelled,
        /// Folder for `weights.tsv` and `head.tsv`.
        #[arg(long)]
        to: PathBuf,
    },
}

#[derive(Subcommand)]
enum Eval {
    /// Quality and latency of answers.
    Lookup {
        #[command(flatten)]
        files: Labelled,
        /// Search the claims alone, without explanations.
        #[arg(long)]
        claims_only: bool,
        /// Leave out texts that a check's explanation quotes: there the search would find itself.
        #[arg(long)]
        unquoted: bool,
        /// Also write a page with diagrams and the wrong answers, in one HTML file without script.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// Show the texts in the table of wrong answers; they may not be handed on.
        #[arg(long, requires = "report")]
        with_texts: bool,
        /// Also write the figures alone, as JSON without any text, for the methodology page.
        #[arg(long, value_name = "FILE")]
        figures: Option<PathBuf>,
    },
    /// Precision, recall and F1 of copy detection.
    Copies {
        /// Pairs, tab-separated: pair, text_a, text_b, same, kind.
        #[arg(long)]
        pairs: PathBuf,
    },
    /// Quality of clusters (adjusted Rand index, B-cubed) on edited posts, short and long.
    Clusters {
        /// Posts with a text each, JSON Lines, plain or with the ending .gz.
        #[arg(long)]
        posts: PathBuf,
        /// Texts of each kind that are edited.
        #[arg(long, default_value_t = clusters::GROUPS)]
        groups: usize,
    },
}

#[derive(Subcommand)]
enum Export {
    /// Texts that members have judged in a month, for `eval lookup`: corpus.jsonl, queries.jsonl,
    /// qrels.tsv and the conflicts. Telephone and identity numbers and e-mail addresses are
    /// replaced; who judged is left out.
    Gold {
        /// Which month (UTC), like 2026-11.
        #[arg(long)]
        month: String,
        /// The folder to write into; it is made where it is missing.
        folder: PathBuf,
    },
    /// The audit log up to its newest signed checkpoint: entries, hashes, signatures and the
    /// verifier page, for `verify-log` and for anybody with a browser.
    Log {
        /// A folder, or a file whose name ends in .json.
        #[arg(long, value_name = "DIR|FILE")]
        to: PathBuf,
    },
}

#[derive(Subcommand)]
enum Key {
    /// Make a key and print it once, as the last word on standard output.
    Add {
        /// For whom or what.
        #[arg(long)]
        name: String,
        /// What it may do.
        #[arg(long, default_value = "posts:write")]
        scope: String,
        /// Posts it may send in a second.
        #[arg(long, default_value_t = 5_000)]
        posts_per_second: u32,
        /// Posts it may send in a day (UTC).
        #[arg(long, default_value_t = 400_000_000)]
        posts_per_day: u64,
        /// Whose it is, by name; without it the installation's own.
        #[arg(long)]
        organisation: Option<String>,
        /// Days it works, at most 366.
        #[arg(long, default_value_t = 365)]
        days: u16,
    },
}

#[derive(Subcommand)]
enum User {
    /// Make an account; the password is read from standard input.
    Add {
        /// Address to sign in with.
        #[arg(long)]
        email: String,
        /// Name shown to colleagues.
        #[arg(long)]
        name: String,
        /// `reader`, `reporter`, `editor`, `reviewer`, `officer`, `coordinator`, `auditor` or `administrator`.
        #[arg(long)]
        role: String,
        /// Name of the organisation; it is made when there is none of this name.
        #[arg(long)]
        organisation: String,
        /// Kind of a new organisation: `newsroom`, `media_association`, `kpu`, `bawaslu`,
        /// `operator`, and the others of `docs/network.md`.
        #[arg(long, default_value = "newsroom")]
        kind: String,
    },
}

/// Reads the arguments and runs the named command.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a cryptography provider was installed already");
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("the runtime cannot start")),
    };
    match runtime.block_on(dispatch(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

/// The settings of a command that reads texts, with the operator's word lists in use.
fn reading(demo: bool) -> anyhow::Result<Config> {
    let config = Config::read(demo)?;
    lexicon::install(config.lexicon.as_deref())?;
    Ok(config)
}

fn evaluate(asked: Eval) -> anyhow::Result<()> {
    let config = reading(false)?;
    match asked {
        Eval::Lookup {
            files,
            claims_only,
            unquoted,
            report,
            with_texts,
            figures,
        } => {
            let asked = eval::LookUp {
                corpus: files.corpus,
                queries: files.queries,
                qrels: files.qrels,
                claims_only,
                unquoted,
                page: report,
                with_texts,
                figures,
            };
            eval::lookup(&asked, open::reader(&config)?.as_ref())
        }
        Eval::Copies { pairs } => eval::copies(&pairs),
        Eval::Clusters { posts, groups } => clusters::run(&posts, groups),
    }
}

async fn take_out(asked: Export) -> anyhow::Result<()> {
    let config = Config::read(false)?;
    match asked {
        Export::Gold { month, folder } => export::gold(&config, &month, &folder).await,
        Export::Log { to } => export::log(&config, &to).await,
    }
}

async fn bring_in(asked: Import) -> anyhow::Result<()> {
    let config = reading(false)?;
    match asked {
        Import::Posts(arguments) => import::import_posts(&config, arguments).await,
        Import::FactChecks(arguments) => import::import_fact_checks(&config, arguments).await,
        Import::Organisations(arguments) => import::import_organisations(&config, arguments).await,
    }
}

async fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve { demo } => serve::serve(reading(demo)?).await,
        Command::Import(asked) => bring_in(asked).await,
        Command::Eval(asked) => evaluate(asked),
        Command::Train(Train::Ranker { files, to }) => {
            let asked = train::Ranker {
                corpus: files.corpus,
                queries: files.queries,
                qrels: files.qrels,
                folder: to,
            };
            train::ranker(&asked, open::reader(&reading(false)?)?.as_ref())
        }
        Command::Export(asked) => take_out(asked).await,
        Command::Key(Key::Add {
            name,
            scope,
            posts_per_second,
            posts_per_day,
            organisation,
            days,
        }) => {
            key::add(
                &Config::read(false)?,
                name,
                scope,
                posts_per_second,
                posts_per_day,
                key::Holder { organisation, days },
            )
            .await
        }
        Command::User(User::Add {
            email,
            name,
            role,
            organisation,
            kind,
        }) => {
            let account = user::Account {
                email,
                name,
                role,
                organisation,
                kind,
            };
            user::add(&Config::read(false)?, account).await
        }
        Command::Migrate => open::store(&Config::read(false)?).await.map(|_| ()),
        Command::VerifyLog {
            place,
            against,
            vkeys,
        } => {
            let asked = verify::Asked {
                place,
                against,
                vkeys,
            };
            verify::log(&asked).await
        }
        Command::Witness(asked) => witness::run(asked).await,
        Command::Doctor => verify::doctor(&Config::read(false)?).await,
    }
}

fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter =
        EnvFilter::try_from_env("KENTONGAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::env::var("KENTONGAN_LOG_FORMAT").as_deref() == Ok("json") {
        builder.json().init();
    } else {
        builder.compact().init();
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the one place where a command says why it failed"
)]
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("kentongan: {error:#}");
    ExitCode::FAILURE
}
