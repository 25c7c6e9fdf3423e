//! Failed sign-ins in the ledger: the first of an account at once, the rest of a quarter of an hour
//! as one line with their number. Whoever tries ten thousand passwords fills neither memory nor
//! ledger.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use uuid::Uuid;

use super::limits::{FAILURE_WINDOW_US, FAILURES_NAMED};

#[derive(Debug, Default)]
struct Window {
    began_at: Timestamp,
    /// Failures not recorded yet, by account; nil for those that are nobody's and for the many.
    unrecorded: BTreeMap<Uuid, u64>,
}

/// What failed lately.
#[derive(Debug, Default)]
pub struct Failures(Mutex<Window>);

impl Failures {
    /// Counts a failure of `account` (nil for an address that is nobody's). Yields what to record
    /// now: the counts of the window that is over, and the first failure of an account.
    pub fn count(&self, account: Uuid, now: Timestamp) -> Vec<AuditEvent> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = turn(&mut window, now);
        if window.unrecorded.is_empty() {
            window.began_at = now;
        }
        let named = window.unrecorded.len() < FAILURES_NAMED;
        let key = if named || window.unrecorded.contains_key(&account) {
            account
        } else {
            Uuid::nil()
        };
        match window.unrecorded.get_mut(&key) {
            Some(count) => *count += 1,
            None => {
                window.unrecorded.insert(key, 0);
                due.push(event(key, now, String::new()));
            }
        }
        due
    }

    /// What to record because its window is over.
    pub fn due(&self, now: Timestamp) -> Vec<AuditEvent> {
        turn(
            &mut self.0.lock().unwrap_or_else(PoisonError::into_inner),
            now,
        )
    }

    /// What to record before the program ends.
    pub fn rest(&self, now: Timestamp) -> Vec<AuditEvent> {
        take(
            &mut self.0.lock().unwrap_or_else(PoisonError::into_inner),
            now,
        )
    }
}

fn turn(window: &mut Window, now: Timestamp) -> Vec<AuditEvent> {
    let age = now.since_us(window.began_at);
    // Requests that arrive together read the clock in another order than they are counted in; a clock
    // that stepped back by more ends the window too.
    if (-FAILURE_WINDOW_US..FAILURE_WINDOW_US).contains(&age) {
        return Vec::new();
    }
    take(window, now)
}

fn take(window: &mut Window, now: Timestamp) -> Vec<AuditEvent> {
    std::mem::take(&mut window.unrecorded)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(account, count)| event(account, now, format!("+{count}")))
        .collect()
}

fn event(subject: Uuid, at: Timestamp, note: String) -> AuditEvent {
    AuditEvent {
        at,
        actor: Actor::Public,
        kind: AuditKind::SignInFailed,
        subject,
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * Timestamp::SECOND_US)
    }

    #[test]
    fn ten_thousand_failures_of_one_account_are_two_lines() {
        let failures = Failures::default();
        let account = Uuid::from_u128(7);
        let mut lines: Vec<AuditEvent> = Vec::new();
        for _ in 0..10_000 {
            lines.extend(failures.count(account, at(100)));
        }
        assert_eq!(lines.len(), 1);
        assert!(failures.due(at(101)).is_empty());
        lines.extend(failures.due(at(100 + 15 * 60)));
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[1].subject, lines[1].note.as_str()),
            (account, "+9999")
        );
        assert!(failures.rest(at(9_000)).is_empty(), "nothing is told twice");
    }

    #[test]
    fn a_request_that_is_counted_late_opens_no_new_window() {
        let failures = Failures::default();
        let account = Uuid::from_u128(7);
        assert_eq!(failures.count(account, at(100)).len(), 1);
        assert!(failures.count(account, at(99)).is_empty());
        assert!(failures.count(account, at(100)).is_empty());
    }

    #[test]
    fn many_accounts_are_bounded_and_none_is_lost() {
        let failures = Failures::default();
        let mut lines = Vec::new();
        for account in 1..=10_000_u128 {
            lines.extend(failures.count(Uuid::from_u128(account), at(0)));
        }
        lines.extend(failures.rest(at(1)));
        assert!(lines.len() <= 2 * FAILURES_NAMED + 2, "{}", lines.len());
        let told: u64 = lines
            .iter()
            .map(|line| line.note.trim_start_matches('+').parse().unwrap_or(1))
            .sum();
        assert_eq!(told, 10_000);
    }
}
