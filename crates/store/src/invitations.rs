//! Invitations, found by the digest of the token in their mail.

use std::slice;

use domain::audit::AuditEvent;
use domain::invitation::{Invitation, InvitationState};
use domain::member::{Member, Role, Zone};
use domain::{InvitationId, MemberId, OrganisationId, Timestamp};

use crate::db::{Columns, Store, read_all, read_first};
use crate::error::StoreError;
use crate::limits::PAGE_ROWS_MAX;
use crate::outbox::Mail;

macro_rules! invitation_columns {
    () => {
        "id, organisation, name, email, role, zone, invited_by, invited_at, state"
    };
}

statements! {
    TAKEN = "SELECT id FROM member WHERE email = $1";
    CLEAR = "UPDATE invitation SET state = 'withdrawn' WHERE email = $1 AND state = 'open' AND expires_at <= $2";
    INSERT = "INSERT INTO invitation (id, organisation, name, email, role, zone, invited_by, invited_at, state, digest, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)";
    BY_DIGEST = concat!("SELECT ", invitation_columns!(), " FROM invitation WHERE digest = $1");
    OPEN = concat!("SELECT ", invitation_columns!(), " FROM invitation WHERE state = 'open' \
        ORDER BY invited_at DESC, id DESC LIMIT $1");
    OPEN_OF = concat!("SELECT ", invitation_columns!(), " FROM invitation WHERE state = 'open' AND organisation = $2 \
        ORDER BY invited_at DESC, id DESC LIMIT $1");
    WITHDRAW = "UPDATE invitation SET state = 'withdrawn' WHERE id = $1 AND state = 'open' AND organisation = $2";
    ORGANISATION = "SELECT organisation FROM invitation WHERE id = $1";
    ACCEPT = "UPDATE invitation SET state = 'accepted', member = $2 WHERE id = $1 AND state = 'open' AND expires_at > $3";
}

impl Store {
    /// Keeps an invitation together with its mail. [`StoreError::Conflict`] when somebody with this
    /// address is a member or is invited already.
    pub async fn insert_invitation(
        &self,
        invitation: &Invitation,
        digest: [u8; 32],
        mail: &Mail,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if !tx.rows(TAKEN, values![&invitation.email]).await?.is_empty() {
            return Err(StoreError::Conflict);
        }
        let now = invitation.invited_at;
        tx.execute(CLEAR, values![&invitation.email, now]).await?;
        let values = values![
            invitation.id.0,
            invitation.organisation.0,
            &invitation.name,
            &invitation.email,
            invitation.role.as_str(),
            invitation.zone.as_str(),
            invitation.invited_by.0,
            now,
            digest,
            invitation.expires_at(),
        ];
        tx.execute(INSERT, values).await?;
        tx.post(mail, now).await?;
        tx.record(audit).await?;
        tx.commit().await
    }

    /// The invitation whose token has this digest, whatever its state.
    pub async fn invitation(&self, digest: &[u8; 32]) -> Result<Option<Invitation>, StoreError> {
        let rows = self.rows(BY_DIGEST, values![*digest]).await?;
        read_first(&rows, read_invitation)
    }

    /// Invitations that wait, of one organisation or of all, newest first, at most a page.
    pub async fn open_invitations(
        &self,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let limit = i64::from(PAGE_ROWS_MAX);
        let rows = match organisation {
            None => self.rows(OPEN, values![limit]).await?,
            Some(one) => self.rows(OPEN_OF, values![limit, one.0]).await?,
        };
        read_all(&rows, read_invitation)
    }

    /// For whom an invitation is.
    pub async fn organisation_of_invitation(
        &self,
        id: InvitationId,
    ) -> Result<OrganisationId, StoreError> {
        let rows = self.rows(ORGANISATION, values![id.0]).await?;
        read_first(&rows, |c| c.id().map(OrganisationId))?.ok_or(StoreError::NotFound)
    }

    /// Takes a waiting invitation of this organisation back.
    pub async fn withdraw_invitation(
        &self,
        id: InvitationId,
        organisation: OrganisationId,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let values = values![id.0, organisation.0];
        if tx.execute(WITHDRAW, values).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.record(audit).await?;
        tx.commit().await
    }

    /// Makes `member` of an invitation that waits at `now`; [`StoreError::Conflict`] when it does
    /// not wait any more or the address has been taken meanwhile.
    pub async fn accept_invitation(
        &self,
        id: InvitationId,
        member: &Member,
        password_hash: &str,
        now: Timestamp,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.insert_members(slice::from_ref(member), password_hash)
            .await?;
        if tx.execute(ACCEPT, values![id.0, member.id.0, now]).await? == 0 {
            return Err(StoreError::Conflict);
        }
        tx.record(audit).await?;
        tx.commit().await
    }
}

fn read_invitation(c: &mut Columns<'_>) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: InvitationId(c.id()?),
        organisation: OrganisationId(c.id()?),
        name: c.text()?,
        email: c.text()?,
        role: c.word("role", Role::parse)?,
        zone: c.word("zone", Zone::parse)?,
        invited_by: MemberId(c.id()?),
        invited_at: c.time()?,
        state: c.word("invitation state", InvitationState::parse)?,
    })
}
