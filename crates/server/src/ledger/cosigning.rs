//! `POST /api/v1/ledger/cosignatures`: what a registered witness signed over a checkpoint of ours.

use std::sync::Arc;

use ::ledger::{Checkpoint, Note, VerifyingKey};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::Timestamp;
use domain::audit::{Actor, AuditEvent, AuditKind};
use serde::Serialize;
use store::{Cosignature, StoreError, WitnessRow};

use super::{Gate, limits};
use crate::app::App;
use crate::clock;
use crate::error::{Failure, Problem};
use crate::web::Client;

/// Whose cosignatures were kept.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Kept {
    /// Entries of the ledger that was co-signed.
    size: u64,
    /// Names of the keys.
    witnesses: Vec<String>,
}

/// Why a note was not kept.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Unreadable,
    OtherOrigin,
    UnknownKey,
    WrongSignature,
    TimeAhead,
    NotOurs,
}

impl Refusal {
    fn problem(&self) -> Problem {
        let (code, reference, title, detail) = match self {
            Self::Unreadable => (
                StatusCode::BAD_REQUEST,
                "note_unreadable",
                "No signed note",
                "send a checkpoint of this ledger with your cosignature below it, as text (c2sp.org/signed-note)",
            ),
            Self::OtherOrigin => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "origin_other",
                "Checkpoint of another ledger",
                "the first line must be the name of this ledger, see /ledger/checkpoint",
            ),
            Self::UnknownKey => (
                StatusCode::FORBIDDEN,
                "witness_unknown",
                "No registered witness",
                "none of the signatures is of a key that is registered here; ask an administrator to register your vkey",
            ),
            Self::WrongSignature => (
                StatusCode::FORBIDDEN,
                "signature_wrong",
                "Wrong signature",
                "a signature of a registered key does not fit the text; sign \"cosignature/v1\", the time and the checkpoint",
            ),
            Self::TimeAhead => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "time_ahead",
                "Time in the future",
                "the time of the cosignature lies more than five minutes ahead; set your clock",
            ),
            Self::NotOurs => (
                StatusCode::CONFLICT,
                "root_not_ours",
                "Not a checkpoint of this ledger",
                "this ledger never had that root at that size; keep your copy: it may show that the ledger was rewritten",
            ),
        };
        Problem::new(code, reference, title, detail)
    }
}

/// Takes the cosignatures of registered witnesses on a checkpoint.
#[utoipa::path(post, path = "/api/v1/ledger/cosignatures", tag = "ledger",
    request_body(content = String, content_type = "text/plain", description = "A checkpoint of this ledger with cosignatures (c2sp.org/tlog-cosignature, version 1) below it"),
    responses((status = 200, body = Kept), (status = 400, description = "No signed note"),
        (status = 403, description = "No registered key, or a wrong signature"),
        (status = 409, description = "The ledger never had this root at this size"),
        (status = 413, description = "Larger than 64 KiB"),
        (status = 422, description = "Another ledger, or a time ahead"),
        (status = 429, description = "Too many requests")))]
pub async fn take(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Gate>>,
    client: Client,
    body: String,
) -> Result<Response, Failure> {
    gate.cosign(client)?;
    let now = clock::now();
    let witnesses = app.store.witnesses().await?;
    let read = read(&body, app.ledger.vkey().name(), &witnesses, now);
    let (checkpoint, cosignatures) = match read {
        Ok(read) => read,
        Err(refusal) => return Ok(refusal.problem().into_response()),
    };
    let known = checkpoint.size > 0 && is_ours(&app, &checkpoint).await?;
    if !known {
        return Ok(Refusal::NotOurs.problem().into_response());
    }
    let mut names = Vec::new();
    for (name, cosignature) in cosignatures {
        let act = AuditEvent {
            at: now,
            actor: Actor::Machine,
            kind: AuditKind::CosignatureKept,
            subject: cosignature.witness.0,
            note: format!("{} entries", cosignature.size),
        };
        app.store.keep_cosignature(&cosignature, &act).await?;
        names.push(name);
    }
    let size = checkpoint.size;
    let kept = Kept {
        size,
        witnesses: names,
    };
    Ok(Json(kept).into_response())
}

async fn is_ours(app: &App, checkpoint: &Checkpoint) -> Result<bool, Failure> {
    match app.store.ledger_root_at(checkpoint.size).await {
        Ok(root) => Ok(root == checkpoint.root),
        Err(StoreError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The checkpoint and every cosignature of a registered witness on it, with the key's name.
fn read(
    body: &str,
    origin: &str,
    witnesses: &[WitnessRow],
    now: Timestamp,
) -> Result<(Checkpoint, Vec<(String, Cosignature)>), Refusal> {
    let note = Note::parse(body).map_err(|_| Refusal::Unreadable)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| Refusal::Unreadable)?;
    if checkpoint.origin != origin {
        return Err(Refusal::OtherOrigin);
    }
    // An extension line would be signed too, and our checkpoints have none.
    if checkpoint.to_text() != note.text() {
        return Err(Refusal::NotOurs);
    }
    let mut found = Vec::new();
    for witness in witnesses
        .iter()
        .filter(|witness| witness.removed_at.is_none())
    {
        let Ok(key) = VerifyingKey::parse(&witness.vkey) else {
            continue;
        };
        let mut lines = note.signatures().iter();
        let line = lines.find(|line| line.name == key.name() && line.key_id == key.id());
        let Some(line) = line else { continue };
        let time = key.verify_line(note.text(), line);
        let time_s = time.ok().flatten().ok_or(Refusal::WrongSignature)?;
        found.push((
            key.name().to_owned(),
            Cosignature {
                witness: witness.id,
                size: checkpoint.size,
                root: checkpoint.root,
                signed_at: moment(time_s, now)?,
                received_at: now,
                line: line.to_string(),
            },
        ));
    }
    if found.is_empty() {
        return Err(Refusal::UnknownKey);
    }
    Ok((checkpoint, found))
}

/// The moment a witness names, unless it lies ahead.
fn moment(time_s: u64, now: Timestamp) -> Result<Timestamp, Refusal> {
    let latest_s =
        u64::try_from(now.0 / Timestamp::SECOND_US).unwrap_or_default() + limits::CLOCK_AHEAD_S;
    if time_s > latest_s {
        return Err(Refusal::TimeAhead);
    }
    let seconds = i64::try_from(time_s).map_err(|_| Refusal::TimeAhead)?;
    Ok(Timestamp(seconds.saturating_mul(Timestamp::SECOND_US)))
}

#[cfg(test)]
mod tests {
    use ::ledger::{KeyKind, SigningKey};
    use domain::WitnessId;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp(1_764_115_200 * Timestamp::SECOND_US);
    const ORIGIN: &str = "pemilu.example/ledger";

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("warta.example/saksi", KeyKind::Witness, [seed; 32]).expect("key")
    }

    fn registered(removed: bool) -> Vec<WitnessRow> {
        vec![WitnessRow {
            id: WitnessId(Uuid::from_u128(1)),
            name: "Warta".into(),
            vkey: key(1).verifying_key().to_string(),
            added_at: Timestamp(0),
            removed_at: removed.then_some(Timestamp(1)),
            last: None,
        }]
    }

    fn note(origin: &str, signer: &SigningKey, time_s: u64) -> Note {
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: 7,
            root: [3; 32],
        };
        let mut note = Note::unsigned(checkpoint.to_text()).expect("note");
        note.add(signer.sign(note.text(), time_s));
        note
    }

    #[test]
    fn a_registered_witness_is_heard_and_nobody_else() {
        let asked = |note: &Note, removed| {
            let read = read(&note.to_string(), ORIGIN, &registered(removed), NOW);
            read.map(|(checkpoint, found)| (checkpoint.size, found.len()))
        };
        let good = note(ORIGIN, &key(1), 1_764_115_200);
        assert_eq!(asked(&good, false), Ok((7, 1)));
        assert_eq!(
            asked(&good, true),
            Err(Refusal::UnknownKey),
            "a removed witness"
        );
        assert_eq!(
            asked(&note(ORIGIN, &key(2), 1), false),
            Err(Refusal::UnknownKey)
        );
        let elsewhere = note("other.example", &key(1), 1);
        assert_eq!(asked(&elsewhere, false), Err(Refusal::OtherOrigin));
        let ahead = note(ORIGIN, &key(1), 1_764_115_200 + 301);
        assert_eq!(asked(&ahead, false), Err(Refusal::TimeAhead));
        let moved = good.to_string().replace("\n7\n", "\n8\n");
        let refused = read(&moved, ORIGIN, &registered(false), NOW);
        assert_eq!(refused.err(), Some(Refusal::WrongSignature));
        assert_eq!(
            read("nonsense", ORIGIN, &registered(false), NOW).err(),
            Some(Refusal::Unreadable)
        );
    }
}
