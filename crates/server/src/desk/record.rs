//! Audit events of the desk: who did what to which record.

use domain::Timestamp;
use domain::audit::{AuditEvent, AuditKind};
use uuid::Uuid;

use crate::access::SignedIn;

/// The event of `who` doing `kind` to the record `subject`; `note` carries no personal data and
/// no content.
pub(crate) fn event(
    who: &SignedIn,
    kind: AuditKind,
    subject: Uuid,
    at: Timestamp,
    note: &str,
) -> AuditEvent {
    AuditEvent {
        at,
        actor: who.actor(),
        kind,
        subject,
        note: note.to_owned(),
    }
}
