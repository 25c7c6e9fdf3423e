//! "This is not the message I meant": kept as a weak label, without the message and without anybody.

use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::{LabelId, Timestamp};
use matching::answer::Answer;
use serde_json::json;
use store::NotMeant;

use super::{limits, tip};
use crate::access::attempts::Attempts;
use crate::answers::api::answer_word;
use crate::answers::reason::Disagreement;
use crate::answers::{LookupHit, LookupResult, model_digest};
use crate::app::App;
use crate::web::Client;

/// What the digest of a message is made for; another purpose gives another digest.
const PURPOSE: &str = "kentongan 2026-11 digest of a message that a reader did not mean";

/// Slows down whoever floods us with such words.
#[derive(Debug)]
pub struct Gate(Attempts);

impl Gate {
    /// With the limits of this folder.
    pub fn new() -> Self {
        let every = limits::NOT_MEANT_PER_ADDRESS_EVERY_US;
        let burst = limits::NOT_MEANT_PER_ADDRESS;
        Self(Attempts::new(burst, every, limits::GATE_KEYS))
    }

    /// Whether one more word from this address is kept.
    pub fn lets_through(&self, client: Client, now: Timestamp) -> bool {
        tip::pass(&self.0, client, now).is_ok()
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps that the first result of `result` is not about `message`. The reader gets their page
/// whether or not it can be kept.
pub async fn keep(app: &App, message: &str, result: &LookupResult, now: Timestamp) {
    let Some(first) = result.results.first() else {
        return;
    };
    // What was not shown was not refused.
    if result.answer == Answer::NotYetChecked {
        return;
    }
    let said = NotMeant {
        id: LabelId(crate::clock::fresh_id()),
        fact_check: first.fact_check.id,
        text_digest: digest(&app.author_key, message),
        probability: first.probability,
        answer: answer_word(result.answer),
        reason: reason(first),
        model: model_digest().to_owned(),
    };
    let act = AuditEvent {
        at: now,
        actor: Actor::Public,
        kind: AuditKind::MatchNotMeant,
        subject: first.fact_check.id.0,
        note: String::new(),
    };
    if let Err(error) = app.store.label_not_meant(&said, &act).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a reader's word could not be kept"
        );
    }
}

/// A digest that nobody without this installation's key can compare a guess with.
fn digest(secret: &[u8; 32], message: &str) -> [u8; 32] {
    let key = blake3::derive_key(PURPOSE, secret);
    *blake3::keyed_hash(&key, message.trim().as_bytes()).as_bytes()
}

/// The kinds of contradiction, without a word of the message.
fn reason(hit: &LookupHit) -> String {
    let kinds = hit
        .contradictions
        .iter()
        .map(|one| Disagreement::of(one).kind);
    let kinds: Vec<_> = kinds.map(|kind| json!({ "kind": kind })).collect();
    json!({ "contradictions": kinds }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_belongs_to_one_installation_and_one_message() {
        let one = digest(&[1; 32], "surat suara");
        assert_eq!(one, digest(&[1; 32], " surat suara\n"));
        assert_ne!(one, digest(&[1; 32], "surat suara tercoblos"));
        assert_ne!(one, digest(&[2; 32], "surat suara"));
    }

    #[test]
    fn a_flood_is_not_kept() {
        let gate = Gate::new();
        let client = Client::at("203.0.113.7");
        let now = Timestamp(1_795_000_000_000_000);
        for _ in 0..limits::NOT_MEANT_PER_ADDRESS {
            assert!(gate.lets_through(client, now));
        }
        assert!(!gate.lets_through(client, now));
        assert!(gate.lets_through(Client::at("203.0.113.8"), now));
    }
}
