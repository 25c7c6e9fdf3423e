//! The demonstration network and its replayed posts.
//!
//! [`load`] creates the network of `reference/demo` in the store, as often as it is called with
//! the same result; [`replay`] sends its posts through intake like any others, at a pace a person
//! can follow. The script of the replay is pure and follows from a seed, so a demonstration can
//! be repeated.

mod agreements;
mod dice;
mod directory;
mod network;
mod script;
pub mod witness;

use std::net::SocketAddr;
use std::time::Duration;

use domain::Timestamp;
use domain::post::Post;
use tokio_util::sync::CancellationToken;

pub use self::network::{DemoData, DemoFault, Loaded, load_into};
pub use self::script::Script;

use crate::app::App;
use crate::clock;
use crate::intake::IntakeError;

/// What the replay's chance begins with.
const SEED: u64 = 0x6b65_6e74_6f6e_6761;
/// Time between two portions of posts, in milliseconds.
const TICK_MS: u64 = 250;
/// Posts of one batch while the past is filled in.
const WARM_UP_BATCH_POSTS: usize = 500;

/// The demonstration was asked for on an address that others can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the demonstration lets anyone sign in with one click, so it runs on a loopback address only, \
     and {0} is none; set KENTONGAN_LISTEN=127.0.0.1:8080, or leave --demo out"
)]
pub struct NotLoopback(pub SocketAddr);

/// Refuses an address that other machines can reach.
pub fn refuse_public(listen: SocketAddr) -> Result<(), NotLoopback> {
    if listen.ip().is_loopback() {
        Ok(())
    } else {
        Err(NotLoopback(listen))
    }
}

/// Creates the demonstration network; what is there already stays as it is.
pub async fn load(app: &App) -> Result<Loaded, DemoFault> {
    refuse_public(app.config.listen)?;
    let loaded = load_into(&app.store, clock::now()).await?;
    app.agreed_access.renew(&app.store).await?;
    // The first posts find their checks at once.
    app.answers.refresh().await?;
    Ok(loaded)
}

/// Fills in the past six hours and then sends posts until `stop`, or until intake ends.
pub async fn replay(app: App, stop: CancellationToken) {
    if let Err(refused) = refuse_public(app.config.listen) {
        tracing::error!("{refused}");
        return;
    }
    let data = match DemoData::read() {
        Ok(data) => data,
        Err(fault) => {
            tracing::error!(error = %fault, "the demonstration's posts cannot be read");
            return;
        }
    };
    let start = clock::now();
    let mut script = Script::new(&data.posts, app.author_key, SEED, start);
    tokio::select! {
        () = stop.cancelled() => {}
        ended = play(&app, &mut script, start) => {
            if let Err(fault) = ended {
                tracing::error!(error = %fault, "the demonstration's replay ended");
            }
        }
    }
}

async fn play(app: &App, script: &mut Script, start: Timestamp) -> Result<(), IntakeError> {
    let past = script.warm_up();
    for batch in past.chunks(WARM_UP_BATCH_POSTS) {
        submit(app, batch.to_vec()).await?;
    }
    let mut ticks = tokio::time::interval(Duration::from_millis(TICK_MS));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut before = start;
    loop {
        ticks.tick().await;
        let now = clock::now();
        let posts = script.between(before, now);
        before = now;
        if !posts.is_empty() {
            submit(app, posts).await?;
        }
    }
}

/// Waits while intake is full, as any sender should.
async fn submit(app: &App, posts: Vec<Post>) -> Result<(), IntakeError> {
    loop {
        match app.intake.submit(posts.clone()).await {
            Ok(_) => return Ok(()),
            Err(IntakeError::Overloaded { retry_after_s }) => {
                tokio::time::sleep(Duration::from_secs(u64::from(retry_after_s))).await;
            }
            Err(fault) => return Err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_address_will_do() {
        for near in ["127.0.0.1:8080", "127.8.8.8:0", "[::1]:80"] {
            assert_eq!(refuse_public(near.parse().expect("address")), Ok(()));
        }
        for far in [
            "0.0.0.0:8080",
            "[::]:8080",
            "10.0.0.1:80",
            "192.168.1.2:80",
            "8.8.8.8:80",
        ] {
            let refused = refuse_public(far.parse().expect("address")).expect_err(far);
            assert!(
                refused.to_string().contains("KENTONGAN_LISTEN"),
                "{refused}"
            );
        }
    }
}
