//! `witness`: what another party's cron job runs, and who may co-sign here.

use std::path::{Path, PathBuf};

use ::ledger::{KeyKind, VerifyingKey};
use anyhow::Context;
use clap::{Args, Subcommand};
use domain::WitnessId;
use domain::audit::AuditKind;
use store::WitnessRow;

use super::open;
use crate::clock;
use crate::config::Config;
use crate::ledger::key_file;
use crate::ledger::limits::WITNESS_NAME_CHARS;
use crate::ledger::witness::Round;

/// The arguments of `witness`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Witness {
    #[command(subcommand)]
    registry: Option<Registry>,
    #[command(flatten)]
    round: Option<RoundArguments>,
}

/// One round: look, check that the ledger only grew, co-sign.
#[derive(Args)]
pub struct RoundArguments {
    /// Address of the server that keeps the ledger, such as `https://pemilu.example`.
    #[arg(long, value_name = "URL")]
    of: String,
    /// File of your secret key, made by `witness key`.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to remember what was seen; the same file at each round.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Public key of the ledger, where you have it from elsewhere; otherwise the one the server
    /// names at the first round holds from then on.
    #[arg(long, value_name = "VKEY")]
    vkey: Option<String>,
}

#[derive(Subcommand)]
enum Registry {
    /// Make a witness's key; prints the public half, which the ledger's administrator registers.
    Key {
        /// Name of the key, such as warta.example/saksi: no spaces, no plus.
        #[arg(long)]
        name: String,
        /// The file to make; it must not exist.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Register another party's public key, so that its cosignatures are kept here.
    Add {
        /// Who it is, for people.
        #[arg(long)]
        name: String,
        /// The public key, as `witness key` printed it.
        #[arg(long)]
        vkey: String,
    },
    /// List the registered witnesses and what they co-signed last.
    List,
}

/// Runs what was asked.
pub async fn run(asked: Witness) -> anyhow::Result<()> {
    match (asked.registry, asked.round) {
        (Some(Registry::Key { name, key }), _) => make_key(&name, &key),
        (Some(Registry::Add { name, vkey }), _) => add(&Config::read(false)?, &name, &vkey).await,
        (Some(Registry::List), _) => list(&Config::read(false)?).await,
        (None, Some(round)) => go(&round).await,
        (None, None) => anyhow::bail!("say --of, --key and --state, or a command; see --help"),
    }
}

async fn go(asked: &RoundArguments) -> anyhow::Result<()> {
    let key = key_file::read(&asked.key)?;
    anyhow::ensure!(
        key.kind() == KeyKind::Witness,
        "{} is no key of a witness; make one with `kentongan witness key`",
        asked.key.display()
    );
    let ledger_key = asked.vkey.as_deref().map(VerifyingKey::parse).transpose();
    let ledger_key = ledger_key.context("--vkey")?;
    let round = Round {
        of: &asked.of,
        key: &key,
        state: &asked.state,
        ledger_key: ledger_key.as_ref(),
    };
    let done = round.go(clock::now()).await?;
    match done.before {
        Some(before) => println!(
            "co-signed {} entries; the {before} seen before are the beginning",
            done.size
        ),
        None => println!("co-signed {} entries, the first seen", done.size),
    }
    Ok(())
}

fn make_key(name: &str, path: &Path) -> anyhow::Result<()> {
    let key = key_file::make(path, name, KeyKind::Witness)?;
    println!("{}", key.verifying_key());
    Ok(())
}

/// A witness as it is registered; an error where the key is none of a witness.
pub fn registered(name: &str, vkey: &str) -> anyhow::Result<WitnessRow> {
    let name = name.trim();
    anyhow::ensure!(
        !name.is_empty() && name.chars().count() <= WITNESS_NAME_CHARS,
        "the name is empty or longer than {WITNESS_NAME_CHARS} characters"
    );
    let key = VerifyingKey::parse(vkey.trim())?;
    anyhow::ensure!(
        key.kind() == KeyKind::Witness,
        "this is the key of a ledger, not of a witness"
    );
    Ok(WitnessRow {
        id: WitnessId(clock::fresh_id()),
        name: name.to_owned(),
        vkey: key.to_string(),
        added_at: clock::now(),
        removed_at: None,
        last: None,
    })
}

async fn add(config: &Config, name: &str, vkey: &str) -> anyhow::Result<()> {
    let row = registered(name, vkey)?;
    let store = open::store(config).await?;
    let act = open::by_machine(AuditKind::WitnessAdded, row.id.0, "");
    let added = store.add_witness(&row, &act).await;
    store.close().await;
    added.context("the witness could not be registered; is its key registered already?")?;
    println!("{} is registered as {}", row.name, row.vkey);
    Ok(())
}

async fn list(config: &Config) -> anyhow::Result<()> {
    let store = open::store(config).await?;
    let witnesses = store.witnesses().await;
    store.close().await;
    for witness in witnesses? {
        let last = match (witness.removed_at, witness.last) {
            (Some(_), _) => "struck off".to_owned(),
            (None, Some((size, at))) => {
                format!("{size} entries at {}", crate::web::moment::machine(at))
            }
            (None, None) => "nothing yet".to_owned(),
        };
        println!("{}\t{}\t{last}", witness.name, witness.vkey);
    }
    Ok(())
}
