//! `key add`: a new service key, printed once.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::audit::AuditKind;
use domain::limits::KEY_LIFE_MAX_US;
use domain::{KeyId, Timestamp};
use rand::RngExt;
use store::KeyRow;

use super::open;
use crate::clock;
use crate::config::Config;
use crate::intake::keys::digest_of;

/// Whose a key is and how long it works.
pub struct Holder {
    /// Name of an organisation; none for the installation itself.
    pub organisation: Option<String>,
    /// Days.
    pub days: u16,
}

/// Makes a key; only its digest is stored.
pub async fn add(
    config: &Config,
    name: String,
    scopes: String,
    posts_per_second: u32,
    posts_per_day: u64,
    holder: Holder,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        scopes == "posts:write",
        "scope {scopes:?} is not known; the only one is posts:write"
    );
    let life_us = i64::from(holder.days) * Timestamp::DAY_US;
    anyhow::ensure!(
        (1..=KEY_LIFE_MAX_US).contains(&life_us),
        "a key works for 1 to {} days, not for {}",
        KEY_LIFE_MAX_US / Timestamp::DAY_US,
        holder.days
    );
    let store = open::store(config).await?;
    let organisation = match &holder.organisation {
        None => None,
        Some(name) => {
            let known = store.organisations().await?;
            let found = known.into_iter().find(|known| known.name == *name);
            Some(
                found
                    .with_context(|| format!("no organisation is called {name:?}"))?
                    .id,
            )
        }
    };
    let now = clock::now();
    let random: [u8; 32] = rand::rng().random();
    let key = format!("kt_{}", URL_SAFE_NO_PAD.encode(random));
    let row = KeyRow {
        id: KeyId(clock::fresh_id()),
        name: name.clone(),
        digest: digest_of(&key),
        scopes,
        posts_per_second,
        posts_per_day,
        created_at: now,
        revoked_at: None,
        organisation,
        expires_at: Some(now.plus_us(life_us)),
        last_used_at: None,
    };
    store
        .insert_key(&row, &open::by_machine(AuditKind::KeyAdded, row.id.0, ""))
        .await?;
    store.close().await;
    println!("Key for {name}, shown once: {key}");
    Ok(())
}
