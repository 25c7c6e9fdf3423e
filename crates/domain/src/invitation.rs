//! Invitations: how a person becomes a member. Nobody joins uninvited, and an invitation works
//! once.
//!
//! ```text
//! open ──accept──► accepted
//!   ├──withdraw──► withdrawn
//!   └──time──────► expired
//! ```

use crate::ids::{InvitationId, MemberId, OrganisationId};
use crate::limits::INVITATION_LIFE_US;
use crate::member::{Member, Role, Zone};
use crate::timestamp::Timestamp;

/// Where an invitation stands; whether its time has run out is a question of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Waiting for the person.
    Open,
    /// The person has joined.
    Accepted,
    /// Taken back.
    Withdrawn,
}

impl InvitationState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Accepted, Self::Withdrawn];

    /// The word used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == word)
    }
}

/// Why an invitation makes nobody a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationRefusal {
    /// It was used already.
    Used,
    /// It was taken back.
    Withdrawn,
    /// It has run out.
    Expired,
}

/// A person asked to act for an organisation in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// Whom the person will act for.
    pub organisation: OrganisationId,
    /// The person's name.
    pub name: String,
    /// The address it is sent to and the person will sign in with, lower case.
    pub email: String,
    /// The duties.
    pub role: Role,
    /// The zone the person reads times in.
    pub zone: Zone,
    /// Who asks.
    pub invited_by: MemberId,
    /// When.
    pub invited_at: Timestamp,
    /// Where it stands.
    pub state: InvitationState,
}

impl Invitation {
    /// When it runs out.
    pub fn expires_at(&self) -> Timestamp {
        self.invited_at.plus_us(INVITATION_LIFE_US)
    }

    /// The member it makes, under `id`, when it is accepted at `now`.
    pub fn accept(&self, id: MemberId, now: Timestamp) -> Result<Member, InvitationRefusal> {
        match self.state {
            InvitationState::Accepted => return Err(InvitationRefusal::Used),
            InvitationState::Withdrawn => return Err(InvitationRefusal::Withdrawn),
            InvitationState::Open => {}
        }
        if now >= self.expires_at() {
            return Err(InvitationRefusal::Expired);
        }
        Ok(Member {
            id,
            organisation: self.organisation,
            name: self.name.clone(),
            email: self.email.clone(),
            role: self.role,
            zone: self.zone,
            active: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn invitation(state: InvitationState) -> Invitation {
        Invitation {
            id: InvitationId(Uuid::from_u128(1)),
            organisation: OrganisationId(Uuid::from_u128(2)),
            name: "Redaktur C".into(),
            email: "c@redaksi.example".into(),
            role: Role::Editor,
            zone: Zone::Wit,
            invited_by: MemberId(Uuid::from_u128(3)),
            invited_at: Timestamp(1_000),
            state,
        }
    }

    #[test]
    fn an_open_invitation_makes_the_member_it_names_until_it_runs_out() {
        let id = MemberId(Uuid::from_u128(4));
        let open = invitation(InvitationState::Open);
        let last = open.expires_at().plus_us(-1);
        let member = open.accept(id, last).expect("a member");
        assert_eq!(
            (member.id, member.role, member.zone, member.active),
            (id, Role::Editor, Zone::Wit, true)
        );
        assert_eq!(
            open.accept(id, open.expires_at()),
            Err(InvitationRefusal::Expired)
        );
    }

    #[test]
    fn a_used_or_withdrawn_invitation_makes_nobody() {
        let id = MemberId(Uuid::from_u128(4));
        for (state, refusal) in [
            (InvitationState::Accepted, InvitationRefusal::Used),
            (InvitationState::Withdrawn, InvitationRefusal::Withdrawn),
        ] {
            let refused = invitation(state).accept(id, Timestamp(2_000));
            assert_eq!(refused, Err(refusal));
            assert_eq!(InvitationState::parse(state.as_str()), Some(state));
        }
    }
}
