//! What the calendar does by itself: it records that terms are over and reminds, by mail, of those
//! that soon will be.

use std::time::Duration;

use domain::agreement::{Agreement, REMINDER_DAYS};
use domain::audit::{Actor, AuditEvent, AuditKind};
use domain::date::Date;
use store::{AgreementRow, StoreError};
use tokio_util::sync::CancellationToken;

use super::reminder;
use crate::access::agreed_access::today;
use crate::app::App;
use crate::clock;
use crate::mail::in_turn;

/// The calendar is looked at this often, in seconds.
const LOOK_EVERY_S: u64 = 300;

/// Looks at once and then every few minutes, until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        let now = clock::now();
        if let Err(error) = look(&app, today(now)).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the calendar of agreements could not be looked at"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(LOOK_EVERY_S)) => {}
        }
    }
}

/// What is due on `day`.
pub async fn look(app: &App, day: Date) -> Result<(), StoreError> {
    lapse(app, day).await?;
    let Some(far) = day.plus_days(REMINDER_DAYS[0]) else {
        return Ok(());
    };
    let expiring = app.store.expiring_agreements(day, far).await?;
    let each = expiring
        .into_iter()
        .map(|row| (row.agreement.id.0, remind(app, row, day)));
    in_turn("nobody could be reminded of an agreement", each).await;
    Ok(())
}

async fn lapse(app: &App, day: Date) -> Result<(), StoreError> {
    let now = clock::now();
    let over = app.store.agreements_to_lapse(day).await?;
    let any = !over.is_empty();
    let each = over
        .into_iter()
        .filter_map(|agreement| agreement.lapse(day, now).ok())
        .map(|lapsed| (lapsed.id.0, keep_lapsed(app, lapsed)));
    in_turn("the end of an agreement could not be recorded", each).await;
    if any {
        app.agreed_access.renew(&app.store).await?;
        app.access_changed();
    }
    Ok(())
}

async fn keep_lapsed(app: &App, lapsed: Agreement) -> Result<(), StoreError> {
    let event = machine(AuditKind::AgreementLapsed, &lapsed, String::new());
    match app.store.update_agreements(&[(&lapsed, event)]).await {
        // A person was first: the next look sees what it has become.
        Ok(()) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reminds once for the nearest mark that has been passed; marks before it are not caught up on.
async fn remind(app: &App, row: AgreementRow, day: Date) -> Result<(), StoreError> {
    let Some(last) = row.agreement.terms.ends() else {
        return Ok(());
    };
    let left = last.since(day);
    let Some(mark) = REMINDER_DAYS.into_iter().filter(|mark| left <= *mark).min() else {
        return Ok(());
    };
    let id = row.agreement.id;
    if app.store.was_reminded(id, mark).await? {
        return Ok(());
    }
    let mails = reminder::mails(app, &row, day).await?;
    if mails.is_empty() {
        // The mark is not spent: somebody may be there at the next look. Said quietly, at each look.
        tracing::debug!(agreement = %id, "an agreement expires soon, and there is nobody to remind");
        return Ok(());
    }
    let note = format!("{mark} days, {} mails", mails.len());
    let event = machine(AuditKind::ReminderSent, &row.agreement, note);
    if app.store.note_reminder(id, mark, &mails, &event).await? {
        tracing::info!(agreement = %id, days_left = left, mails = mails.len(), "an agreement expires soon");
        app.mail.ring();
    }
    Ok(())
}

fn machine(kind: AuditKind, agreement: &Agreement, note: String) -> AuditEvent {
    AuditEvent {
        at: clock::now(),
        actor: Actor::Machine,
        kind,
        subject: agreement.id.0,
        note,
    }
}
