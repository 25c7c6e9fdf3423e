//! `user add`: an account made on the server's own terminal.

use anyhow::Context;
use domain::audit::AuditKind;
use domain::member::{Member, Role, Zone};
use domain::organisation::{Organisation, OrganisationKind};
use domain::proof::second_factor_is_wanted;
use domain::{MemberId, OrganisationId};
use store::{Store, StoreError};

use super::open;
use crate::access::{password, screening};
use crate::clock;
use crate::config::Config;

/// What the arguments say.
pub struct Account {
    /// Address to sign in with.
    pub email: String,
    /// Name.
    pub name: String,
    /// Role word.
    pub role: String,
    /// Organisation's name.
    pub organisation: String,
    /// Kind word of a new organisation.
    pub kind: String,
}

/// Makes the account; the password comes on standard input, one line.
pub async fn add(config: &Config, account: Account) -> anyhow::Result<()> {
    let role = Role::parse(&account.role).with_context(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("role {:?} is not one of {}", account.role, known.join(", "))
    })?;
    let mut secret = String::new();
    std::io::stdin()
        .read_line(&mut secret)
        .context("the password is read from standard input")?;
    let secret = secret.trim_end_matches(['\r', '\n']);
    let kind = OrganisationKind::parse(&account.kind);
    let beside = kind.is_some_and(|kind| second_factor_is_wanted(kind, role));
    let own = [
        account.name.as_str(),
        account.email.as_str(),
        account.organisation.as_str(),
    ];
    let breached = config.identity.breached.as_deref();
    screening::screen(secret, screening::least_chars(beside), &own, breached)?;
    let hash = password::hash(secret)?;
    let store = open::store(config).await?;
    let organisation = organisation(&store, &account).await?;
    let member = Member {
        id: MemberId(clock::fresh_id()),
        organisation,
        name: account.name,
        email: account.email.trim().to_lowercase(),
        role,
        zone: Zone::Wib,
        active: true,
    };
    let event = open::by_machine(AuditKind::MemberAdded, member.id.0, role.as_str());
    match store.insert_member(&member, &hash, &event).await {
        Err(StoreError::Conflict) => anyhow::bail!("{} has an account already", member.email),
        result => result?,
    }
    store.close().await;
    println!("Account {} made.", member.email);
    Ok(())
}

async fn organisation(store: &Store, account: &Account) -> anyhow::Result<OrganisationId> {
    let named = store.entries_named(&account.organisation, 2).await?;
    anyhow::ensure!(
        named.len() < 2,
        "more than one organisation is called {:?}; use its full name",
        account.organisation
    );
    if let Some(found) = named.first() {
        return Ok(found.organisation.id);
    }
    let kind = OrganisationKind::parse(&account.kind).with_context(|| {
        let known: Vec<&str> = OrganisationKind::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect();
        format!("kind {:?} is not one of {}", account.kind, known.join(", "))
    })?;
    let organisation = Organisation {
        id: OrganisationId(clock::fresh_id()),
        kind,
        name: account.organisation.clone(),
        region: None,
        homepage: None,
        parent: None,
        active: true,
    };
    let event = open::by_machine(
        AuditKind::OrganisationAdded,
        organisation.id.0,
        kind.as_str(),
    );
    store.insert_organisation(&organisation, &event).await?;
    Ok(organisation.id)
}
