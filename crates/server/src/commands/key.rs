//! `key add`: a new service key, printed once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::KeyId;
use domain::audit::AuditKind;
use rand::RngExt;
use store::KeyRow;

use super::open;
use crate::clock;
use crate::config::Config;
use crate::intake::keys::digest_of;

/// Makes a key; only its digest is stored.
pub async fn add(
    config: &Config,
    name: String,
    scopes: String,
    posts_per_second: u32,
    posts_per_day: u64,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        scopes == "posts:write",
        "scope {scopes:?} is not known; the only one is posts:write"
    );
    let store = open::store(config).await?;
    let random: [u8; 32] = rand::rng().random();
    let key = format!("kt_{}", URL_SAFE_NO_PAD.encode(random));
    let row = KeyRow {
        id: KeyId(clock::fresh_id()),
        name: name.clone(),
        digest: digest_of(&key),
        scopes,
        posts_per_second,
        posts_per_day,
        created_at: clock::now(),
        revoked_at: None,
    };
    store
        .insert_key(&row, &open::by_machine(AuditKind::KeyAdded, row.id.0, ""))
        .await?;
    store.close().await;
    println!("Key for {name}, shown once: {key}");
    Ok(())
}
