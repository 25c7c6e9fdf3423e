//! Inviting people, and taking an invitation back.

use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::InvitationId;
use domain::audit::AuditKind;
use store::StoreError;

use super::members::{MembersPage, Outcome, Wanted, confined, page};
use crate::access::token::Token;
use crate::access::{May, letters, permission::Administer};
use crate::app::App;
use crate::desk::event;
use crate::error::Failure;
use crate::web::{Fields, Frame, Html};

/// `POST /admin/invitations`
pub(super) async fn invite(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Fields(wanted): Fields<Wanted>,
) -> Result<Html<MembersPage>, Failure> {
    let organisation = match wanted.body(&app, &frame, &who).await? {
        Ok(organisation) => organisation,
        Err(fault) => return page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await,
    };
    let asked = wanted.invitation(organisation.id, who.member(), frame.now);
    let Some(invitation) = asked else {
        let fault = frame.t("admin-member-incomplete");
        return page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await;
    };
    let Some(site) = letters::site(&app, &frame) else {
        let fault = frame.t("admin-invitation-no-origin");
        return page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await;
    };
    let token = Token::fresh();
    let name = &organisation.name;
    let mail = letters::invitation(&frame, &site, &invitation, name, token.as_str());
    let (id, role) = (invitation.id.0, invitation.role.as_str());
    let act = event(&who, AuditKind::InvitationSent, id, frame.now, role);
    let kept = app
        .store
        .insert_invitation(&invitation, token.own_digest(), &mail, &act)
        .await;
    match kept {
        Ok(()) => {
            app.mail.ring();
            let outcome = Outcome::Invited(invitation.email);
            page(&app, frame, &who, 1, Wanted::default(), outcome).await
        }
        Err(StoreError::Conflict) => {
            let fault = frame.t("admin-member-exists");
            page(&app, frame, &who, 1, wanted, Outcome::Fault(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/invitations/{id}/withdraw`
pub(super) async fn withdraw(
    who: May<Administer>,
    frame: Frame,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let id = InvitationId::parse(&id).ok_or(Failure::NotFound)?;
    let organisation = app.store.organisation_of_invitation(id).await?;
    if confined(&who).is_some_and(|own| own != organisation) {
        return Err(Failure::NotFound);
    }
    let act = event(&who, AuditKind::InvitationWithdrawn, id.0, frame.now, "");
    app.store
        .withdraw_invitation(id, organisation, &act)
        .await?;
    Ok(Redirect::to("/admin/members"))
}
