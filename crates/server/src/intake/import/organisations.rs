//! `import organisations`: a list of organisations into the directory.

use std::path::PathBuf;

use anyhow::Context;
use domain::audit::AuditKind;
use domain::organisation::OrganisationKind;
use store::Store;
use uuid::Uuid;

use super::mapping::Subject;
use super::rejected::Rejected;
use super::{ImportArguments, Opened, Tally, conclude};
use crate::commands::open;
use crate::config::Config;
use crate::network::{Change, Known, Planner, Scope};

/// What `import organisations` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct OrganisationArguments {
    /// JSON Lines or CSV; gzip and zstd are unpacked.
    pub file: PathBuf,
    /// Columns said by hand, for example `name=nama,region=kota`.
    #[arg(long)]
    pub map: Option<String>,
    /// Take the guessed columns without asking.
    #[arg(long)]
    pub yes: bool,
    /// Say what would change and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Name or short name of the association whose members the media are, where no column says it.
    #[arg(long)]
    pub association: Option<String>,
}

/// `import organisations`: into the store, all readable lines in one transaction.
pub async fn import_organisations(
    config: &Config,
    arguments: OrganisationArguments,
) -> anyhow::Result<()> {
    let asked = ImportArguments {
        file: arguments.file.clone(),
        map: arguments.map.clone(),
        yes: arguments.yes || arguments.dry_run,
        channel: None,
        publisher: None,
        server: None,
        key: None,
    };
    let opened = Opened::open(Subject::Organisations, &asked)?;
    let store = open::store(config).await?;
    let tally = into(opened, &arguments, &store).await;
    store.close().await;
    conclude(&arguments.file, tally?)
}

async fn into(
    opened: Opened,
    arguments: &OrganisationArguments,
    store: &Store,
) -> anyhow::Result<Tally> {
    let Opened {
        mut reader,
        sample,
        mapping,
        mut screen,
    } = opened;
    let scope = Scope {
        own: None,
        association: match &arguments.association {
            None => None,
            Some(name) => Some(association(store, name).await?),
        },
    };
    let known = Known {
        entries: store.all_entries().await?,
        affiliations: store.open_affiliations().await?,
    };
    let mut planner = Planner::new(&mapping, &scope, known);
    let mut lines = sample;
    while let Some(line) = reader.next_line()? {
        lines.push(line);
    }
    for line in &lines {
        planner.line(line);
    }
    let plan = planner.done();
    let mut tally = Tally::default();
    let mut rejected = Rejected::beside(&arguments.file);
    for (line, planned) in lines.iter().zip(&plan.lines) {
        tally.lines += 1;
        match &planned.change {
            Change::New => tally.taken += 1,
            Change::Changed(fields) => {
                tally.taken += 1;
                let fields = fields.join(", ");
                screen.say(&format!(
                    "line {}: {} changes {fields}\n",
                    line.number, planned.name
                ));
            }
            Change::Same => tally.known += 1,
            Change::Refused(reason) => {
                rejected.add(line, reason.reference(), &reason.to_string(), &mut screen)?;
            }
        }
    }
    tally.rejected = rejected.count();
    rejected.finish()?;
    if arguments.dry_run {
        screen.say("nothing was stored: this was a dry run\n");
    } else if !plan.entries.is_empty() {
        let note = format!("{} organisations", plan.entries.len());
        let audit = open::by_machine(AuditKind::OrganisationsImported, Uuid::nil(), note);
        store.import_entries(&plan.entries, &audit).await?;
    }
    screen.finish(&tally, rejected.place());
    Ok(tally)
}

async fn association(store: &Store, name: &str) -> anyhow::Result<domain::OrganisationId> {
    let named = store.entries_named(name, 10).await?.into_iter();
    let mut named = named.filter(|one| one.organisation.kind == OrganisationKind::MediaAssociation);
    let one = named
        .next()
        .with_context(|| format!("no association is called {name:?}; add it first"))?;
    anyhow::ensure!(
        named.next().is_none(),
        "more than one association is called {name:?}; name it in a column by its external id"
    );
    Ok(one.organisation.id)
}
