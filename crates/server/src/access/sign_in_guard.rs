//! What guards the way in: few tries, few hashes at once, failures counted rather than listed.

use domain::Timestamp;
use domain::member::Member;
use store::{Store, StoreError};
use uuid::Uuid;

use super::attempts::Attempts;
use super::failures::Failures;
use super::limits;
use super::password::Checker;
use crate::web::Client;

/// The guard.
#[derive(Debug)]
pub struct SignInGuard {
    /// Hashes passwords, a few at a time.
    pub checker: Checker,
    /// Failures that are not in the ledger yet.
    pub failures: Failures,
    accounts: Attempts,
    addresses: Attempts,
    codes: Attempts,
    passkeys: Attempts,
    resets: Attempts,
}

impl SignInGuard {
    /// With the limits of this folder.
    pub fn new() -> Self {
        let keys = limits::ATTEMPT_KEYS;
        let bucket = |burst, every_us| Attempts::new(burst, every_us, keys);
        Self {
            checker: Checker::new(),
            failures: Failures::default(),
            accounts: bucket(
                limits::ATTEMPTS_PER_ACCOUNT,
                limits::ATTEMPT_PER_ACCOUNT_EVERY_US,
            ),
            addresses: bucket(
                limits::ATTEMPTS_PER_ADDRESS,
                limits::ATTEMPT_PER_ADDRESS_EVERY_US,
            ),
            codes: bucket(limits::CODES_PER_ACCOUNT, limits::CODE_PER_ACCOUNT_EVERY_US),
            // Apart from passwords: whoever guesses those keeps nobody from their passkey.
            passkeys: bucket(
                limits::ATTEMPTS_PER_ACCOUNT,
                limits::ATTEMPT_PER_ACCOUNT_EVERY_US,
            ),
            resets: bucket(
                limits::RESETS_PER_ACCOUNT,
                limits::RESET_PER_ACCOUNT_EVERY_US,
            ),
        }
    }

    /// Takes one attempt of this account and of this address, or says how long to wait in seconds.
    pub fn knock(&self, email: &str, client: Client, now: Timestamp) -> Result<(), u64> {
        self.addresses.take(&client.network(), now)?;
        self.accounts.take(email.as_bytes(), now)
    }

    /// Takes one attempt of this address, before it is known whose account is meant, or says how long
    /// to wait in seconds.
    pub fn approach(&self, client: Client, now: Timestamp) -> Result<(), u64> {
        self.addresses.take(&client.network(), now)
    }

    /// Takes one attempt at coming in with a passkey of `member`, or says how long to wait in seconds.
    pub fn try_passkey(&self, member: &Member, now: Timestamp) -> Result<(), u64> {
        self.passkeys.take(member.id.0.as_bytes(), now)
    }

    /// A right passkey gives its attempts back.
    pub fn forgive_passkey(&self, member: &Member) {
        self.passkeys.forgive(member.id.0.as_bytes());
    }

    /// Whoever proved who they are is not kept waiting.
    pub fn forgive(&self, email: &str) {
        self.accounts.forgive(email.as_bytes());
    }

    /// Takes one attempt at a code of `member`, or says how long to wait in seconds.
    pub fn try_code(&self, member: &Member, now: Timestamp) -> Result<(), u64> {
        self.codes.take(member.id.0.as_bytes(), now)
    }

    /// A right code gives its attempts back.
    pub fn forgive_codes(&self, member: &Member) {
        self.codes.forgive(member.id.0.as_bytes());
    }

    /// Takes one request for a new password of this address and this client, or says how long to wait
    /// in seconds.
    pub fn ask_reset(&self, email: &str, client: Client, now: Timestamp) -> Result<(), u64> {
        self.addresses.take(&client.network(), now)?;
        self.resets.take(email.as_bytes(), now)
    }

    /// Records that a sign-in failed, of `account` where there is one.
    pub async fn record_failure(
        &self,
        store: &Store,
        account: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for event in self.failures.count(account.unwrap_or_default(), now) {
            store.record_audit(&event).await?;
        }
        Ok(())
    }

    /// Records what is due of earlier failures; all of it when the program `ends`.
    pub async fn record_due(
        &self,
        store: &Store,
        now: Timestamp,
        ends: bool,
    ) -> Result<(), StoreError> {
        let due = if ends {
            self.failures.rest(now)
        } else {
            self.failures.due(now)
        };
        for event in due {
            store.record_audit(&event).await?;
        }
        Ok(())
    }
}

impl Default for SignInGuard {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_and_one_address_are_slowed_apart() {
        let guard = SignInGuard::new();
        let client = |last| Client::at(&format!("10.0.0.{last}"));
        for _ in 0..limits::ATTEMPTS_PER_ACCOUNT {
            assert_eq!(guard.knock("a@x.example", client(1), Timestamp(0)), Ok(()));
        }
        assert!(
            guard.knock("a@x.example", client(2), Timestamp(0)).is_err(),
            "the account is slowed everywhere"
        );
        for n in limits::ATTEMPTS_PER_ACCOUNT..limits::ATTEMPTS_PER_ADDRESS {
            assert_eq!(
                guard.knock(&format!("{n}@x.example"), client(1), Timestamp(0)),
                Ok(())
            );
        }
        assert!(
            guard
                .knock("new@x.example", client(1), Timestamp(0))
                .is_err(),
            "the address is slowed for all"
        );
    }
}
