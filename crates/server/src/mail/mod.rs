//! Mail on its way out: rows of the outbox, handed over one after the other, at least once.
//!
//! A mail is written in the transaction of the change it tells of, so neither is there without the
//! other. When a hand-over fails it is tried again, later each time; after two days it is given up
//! and its text removed.

mod address;
mod in_turn;
mod transport;

use std::time::Duration;

use domain::Timestamp;
use store::DueMail;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use address::{addresses_in, is_address};
pub(crate) use in_turn::in_turn;
pub use transport::{MailFault, MailPlace, Sender};

use crate::app::App;
use crate::clock;

/// Mails taken at once.
const BATCH: u32 = 20;
/// Whoever takes a mail has it for so long before another may, in microseconds.
const LEASE_US: i64 = 5 * Timestamp::MINUTE_US;
/// The first wait after a failure, in microseconds; each further one is twice as long.
const FIRST_WAIT_US: i64 = 15 * Timestamp::SECOND_US;
/// The longest wait, in microseconds.
const LONGEST_WAIT_US: i64 = 6 * Timestamp::HOUR_US;
/// Tries until a mail is given up: two days with these waits.
const TRIES_MAX: i64 = 18;
/// The outbox is looked into this often without being told, in seconds.
const LOOK_EVERY_S: u64 = 5;
/// A reason kept with a mail, in bytes.
const FAULT_BYTES: usize = 300;

/// Tells the sender that there is mail.
#[derive(Debug, Default)]
pub struct MailBell(Notify);

impl MailBell {
    /// There is mail.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Hands mail over until `stop`.
pub async fn run(app: App, sender: Sender, stop: CancellationToken) {
    loop {
        match hand_over(&app, &sender).await {
            // More may be waiting than one batch.
            Ok(taken) if taken == BATCH as usize => continue,
            Ok(_) => {}
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the outbox could not be read"
            ),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.mail.0.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(LOOK_EVERY_S)) => {}
        }
    }
}

async fn hand_over(app: &App, sender: &Sender) -> Result<usize, store::StoreError> {
    let now = clock::now();
    let due = app
        .store
        .claim_mail(now, now.plus_us(LEASE_US), BATCH)
        .await?;
    for due in &due {
        match sender.send(&due.mail).await {
            Ok(()) => app.store.mail_sent(due.mail.id).await?,
            Err(fault) => put_back(app, due, &fault).await?,
        }
    }
    Ok(due.len())
}

async fn put_back(app: &App, due: &DueMail, fault: &MailFault) -> Result<(), store::StoreError> {
    let text = fault.to_string();
    let text = &text[..text.floor_char_boundary(FAULT_BYTES)];
    tracing::warn!(mail = %due.mail.id, tries = due.tries, %fault, "a mail could not be handed over");
    if due.tries >= TRIES_MAX || fault.is_final() {
        return app.store.give_mail_up(due.mail.id, text).await;
    }
    let again = clock::now().plus_us(wait_us(due.tries));
    app.store.mail_failed(due.mail.id, again, text).await
}

/// The wait after the `tries`th failure, in microseconds.
fn wait_us(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 20) - 1).unwrap_or_default();
    (FIRST_WAIT_US << doublings).min(LONGEST_WAIT_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_after_two_days() {
        assert_eq!(wait_us(1), FIRST_WAIT_US);
        assert_eq!(wait_us(2), 2 * FIRST_WAIT_US);
        assert_eq!(wait_us(40), LONGEST_WAIT_US);
        let all: i64 = (1..TRIES_MAX).map(wait_us).sum();
        assert!(all > 40 * Timestamp::HOUR_US && all < 72 * Timestamp::HOUR_US);
    }
}
