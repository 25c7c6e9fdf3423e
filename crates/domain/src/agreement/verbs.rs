//! What can be done with an agreement; each verb consumes it and names what it refuses.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Agreement, AgreementState, Form, Opening, PARTIES_MAX, Refused, Regions, SCOPES_MAX, Scope,
    Side, Signature, Stages, TERM_MONTHS_MAX, Term, Terms,
};
use crate::date::Date;
use crate::ids::{AgreementId, MemberId, OrganisationId};
use crate::limits;
use crate::organisation::OrganisationKind;
use crate::pair::First;
use crate::timestamp::Timestamp;

const TITLE_CHARS: usize = 200;

/// What the rest of the network says about the organisations and the memorandum of a text.
pub struct Surroundings<'a> {
    /// The kind of an organisation.
    pub kind: &'a dyn Fn(OrganisationId) -> OrganisationKind,
    /// Whether the first is the second or one of its branches.
    pub kin: &'a dyn Fn(OrganisationId, OrganisationId) -> bool,
    /// The memorandum named as parent, where there is one of that identity.
    pub parent: Option<&'a Agreement>,
    /// Other agreements that are signed or in force.
    pub others: &'a [Agreement],
}

impl Terms {
    /// Every fault of a text by itself, in the order of the form.
    fn faults(&self) -> Vec<Refused> {
        let mut faults = Vec::new();
        let title = self.title.trim().chars().count();
        if title == 0 || title > TITLE_CHARS {
            faults.push(Refused::TitleMissing);
        }
        let parties: BTreeSet<_> = self
            .parties
            .iter()
            .map(|party| party.organisation)
            .collect();
        if parties.len() != self.parties.len() || !(2..=PARTIES_MAX).contains(&parties.len()) {
            faults.push(Refused::Parties);
        }
        match (self.term, self.ends()) {
            (Term::Months(months), _) if !(1..=TERM_MONTHS_MAX).contains(&months) => {
                faults.push(Refused::TermLength);
            }
            (_, None) => faults.push(Refused::TermLength),
            (_, Some(last)) if last < self.starts => faults.push(Refused::EndBeforeStart {
                first: self.starts,
                last,
            }),
            _ => {}
        }
        if !(1..=SCOPES_MAX).contains(&self.scopes.len()) || self.scopes.iter().any(is_void) {
            faults.push(Refused::Scopes);
        }
        for (number, scope) in (1..).zip(&self.scopes) {
            let named = |side: Side| match side {
                Side::Every => true,
                Side::One(one) => parties.contains(&one),
            };
            if !named(scope.gives) || !named(scope.takes) {
                faults.push(Refused::SideNotAParty { scope: number });
            }
        }
        faults
    }

    /// Every reason why this text cannot be agreed on; none where it can.
    pub fn check(&self, around: &Surroundings<'_>) -> Vec<Refused> {
        let mut faults = self.faults();
        for (number, scope) in (1..).zip(&self.scopes) {
            let campaigns = self.parties.iter().any(|party| {
                scope.takes.has(party.organisation)
                    && (around.kind)(party.organisation) == OrganisationKind::Party
            });
            if campaigns && scope.opens.iter().any(|opening| is_unpublished(*opening)) {
                faults.push(Refused::NotForCampaigns { scope: number });
            }
        }
        match (self.form, self.parent, around.parent) {
            (Form::Mou, None, _) => {}
            (Form::Pks, None, _) => faults.push(Refused::ParentMissing),
            (Form::Pks, Some(_), Some(parent)) => faults.extend(self.beyond(parent, around)),
            _ => faults.push(Refused::ParentUnfit),
        }
        faults
    }

    /// What this text has that its memorandum has not.
    fn beyond(&self, parent: &Agreement, around: &Surroundings<'_>) -> Vec<Refused> {
        if parent.terms.form != Form::Mou || !parent.standing(self.starts).holds() {
            return vec![Refused::ParentUnfit];
        }
        let mut faults = Vec::new();
        for party in &self.parties {
            let belongs = parent.terms.parties.iter().any(|theirs| {
                (around.kin)(party.organisation, theirs.organisation)
                    && theirs.left.is_none_or(|left| self.starts < left)
            });
            if !belongs {
                faults.push(Refused::PartyOutsideParent {
                    organisation: party.organisation,
                });
            }
        }
        for (number, scope) in (1..).zip(&self.scopes) {
            let wider = &parent.terms.scopes;
            if !wider
                .iter()
                .any(|wider| scope.lies_within(wider, around.kin))
            {
                faults.push(Refused::WiderThanParent { scope: number });
            }
        }
        if let (Some(ours), Some(last)) = (self.ends(), parent.terms.ends())
            && ours > last
        {
            faults.push(Refused::LongerThanParent { last });
        }
        faults
    }
}

/// Unpublished work, which no political party and no campaign team ever sees.
pub(crate) fn is_unpublished(opening: Opening) -> bool {
    matches!(
        opening,
        Opening::SeeCases
            | Opening::SeeDrafts
            | Opening::SeeTips
            | Opening::SeeEvidence
            | Opening::SeeStatements
            | Opening::SeeOutcomes
    )
}

fn is_void(scope: &Scope) -> bool {
    let nowhere = matches!(&scope.regions, Regions::Only(codes) if codes.is_empty());
    let never = matches!(&scope.stages, Stages::Only(stages) if stages.is_empty());
    scope.opens.is_empty() || nowhere || never
}

impl Agreement {
    /// A fresh proposal; only its own faults are refused, the rest when it is agreed on.
    pub fn propose(id: AgreementId, terms: Terms, by: OrganisationId, now: Timestamp) -> Self {
        Self {
            id,
            terms,
            renews: None,
            proposed_by: by,
            proposed_at: now,
            state: AgreementState::Proposed,
            version: 1,
        }
    }

    /// Its text goes into discussion, or back into it before anybody signed.
    pub fn discuss(self) -> Result<Self, Refused> {
        match self.state {
            AgreementState::Proposed | AgreementState::Agreed => {
                Ok(self.moved(AgreementState::Discussed))
            }
            _ => Err(self.not_now()),
        }
    }

    /// Changes the text while it is discussed.
    pub fn amend(mut self, terms: Terms) -> Result<Self, Refused> {
        match self.state {
            AgreementState::Discussed => {
                self.terms = terms;
                Ok(self.moved(AgreementState::Discussed))
            }
            _ => Err(self.not_now()),
        }
    }

    /// Settles the text, where nothing speaks against it.
    pub fn agree(self, around: &Surroundings<'_>) -> Result<Self, Vec<Refused>> {
        if !matches!(
            self.state,
            AgreementState::Proposed | AgreementState::Discussed
        ) {
            return Err(vec![self.not_now()]);
        }
        let mut faults = self.terms.check(around);
        let others = around.others.iter();
        let overlapping = others.filter(|other| self.overlaps(other));
        faults.extend(overlapping.map(|other| Refused::Overlaps { other: other.id }));
        if faults.is_empty() {
            Ok(self.moved(AgreementState::Agreed))
        } else {
            Err(faults)
        }
    }

    /// Signs for a party that has read `version`; with the last signature it is in force.
    pub fn sign(
        self,
        organisation: OrganisationId,
        by: MemberId,
        read: i64,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let mut signatures = match &self.state {
            AgreementState::Agreed => BTreeMap::new(),
            AgreementState::Signing { signatures } => signatures.clone(),
            _ => return Err(self.not_now()),
        };
        let parties = self.terms.parties.iter().map(|party| party.organisation);
        let parties: BTreeSet<_> = parties.collect();
        if !parties.contains(&organisation) {
            return Err(Refused::NotAParty);
        }
        if signatures.contains_key(&organisation) {
            return Err(Refused::SignedAlready);
        }
        // Signing does not change the text; going back to discussion and agreeing again does.
        let agreed_at = self.version - i64::try_from(signatures.len()).unwrap_or(i64::MAX);
        if read < agreed_at {
            return Err(Refused::TextChanged);
        }
        signatures.insert(organisation, Signature { by, at: now });
        let all = signatures.len() == parties.len();
        Ok(self.moved(if all {
            AgreementState::InForce { signatures }
        } else {
            AgreementState::Signing { signatures }
        }))
    }

    /// Gives it up before all have signed.
    pub fn withdraw(self, by: MemberId, reason: &str, now: Timestamp) -> Result<Self, Refused> {
        let reason = reason_of(reason)?;
        match self.state {
            AgreementState::Proposed
            | AgreementState::Discussed
            | AgreementState::Agreed
            | AgreementState::Signing { .. } => Ok(self.moved(AgreementState::Withdrawn {
                by,
                reason,
                at: now,
            })),
            _ => Err(self.not_now()),
        }
    }

    /// A party leaves from `day` on; the others stay bound.
    pub fn leave(mut self, organisation: OrganisationId, day: Date) -> Result<Self, Refused> {
        if !matches!(self.state, AgreementState::InForce { .. }) {
            return Err(self.not_now());
        }
        let within = day >= self.terms.starts && self.terms.ends().is_some_and(|last| day <= last);
        if !within {
            return Err(Refused::OutsideTerm);
        }
        let remaining = self
            .terms
            .parties
            .iter()
            .filter(|party| party.left.is_none());
        let remaining = remaining.count();
        let mut parties = self.terms.parties.iter_mut();
        let Some(party) = parties.find(|party| party.organisation == organisation) else {
            return Err(Refused::NotAParty);
        };
        if party.left.is_some() {
            return Err(Refused::LeftAlready);
        }
        if remaining <= 2 {
            return Err(Refused::TooFewRemain);
        }
        party.left = Some(day);
        let state = self.state.clone();
        Ok(self.moved(state))
    }

    /// The first person wants it ended, or the second agrees and it is.
    pub fn revoke(self, by: MemberId, reason: &str, now: Timestamp) -> Result<Self, Refused> {
        match self.state.clone() {
            AgreementState::InForce { signatures } => {
                let (first, reason) = (First::new(by, now), reason_of(reason)?);
                Ok(self.moved(AgreementState::Ending {
                    signatures,
                    first,
                    reason,
                }))
            }
            AgreementState::Ending { first, reason, .. } => {
                let pair = first.joined_by(by, now).map_err(|_| Refused::SamePerson)?;
                Ok(self.moved(AgreementState::Revoked { pair, reason }))
            }
            _ => Err(self.not_now()),
        }
    }

    /// Takes the wish to revoke it back.
    pub fn keep(self) -> Result<Self, Refused> {
        match self.state.clone() {
            AgreementState::Ending { signatures, .. } => {
                Ok(self.moved(AgreementState::InForce { signatures }))
            }
            _ => Err(self.not_now()),
        }
    }

    /// A proposal with the same parties and terms that begins on the day after this one ends.
    pub fn next(
        &self,
        id: AgreementId,
        by: OrganisationId,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let known = matches!(
            self.state,
            AgreementState::InForce { .. }
                | AgreementState::Ending { .. }
                | AgreementState::Lapsed { .. }
        );
        if !known {
            return Err(self.not_now());
        }
        let last = self.terms.ends().ok_or(Refused::TermLength)?;
        let starts = last.plus_days(1).ok_or(Refused::TermLength)?;
        let mut terms = self.terms.clone();
        terms.parties.retain(|party| party.left.is_none());
        terms.starts = starts;
        terms.document = None;
        if let Term::Until(_) = terms.term {
            let days = last.since(self.terms.starts);
            terms.term = Term::Until(starts.plus_days(days).ok_or(Refused::TermLength)?);
        }
        let mut next = Self::propose(id, terms, by, now);
        next.renews = Some(self.id);
        Ok(next)
    }

    /// The agreement that renews it is in force; until its own last day it still holds.
    pub fn renew(self, by: &Self, now: Timestamp) -> Result<Self, Refused> {
        let ready =
            by.renews == Some(self.id) && matches!(by.state, AgreementState::InForce { .. });
        match &self.state {
            AgreementState::InForce { .. } | AgreementState::Ending { .. } if ready => {
                let state = AgreementState::Renewed { by: by.id, at: now };
                Ok(self.moved(state))
            }
            _ => Err(self.not_now()),
        }
    }

    /// Records that its term is over.
    pub fn lapse(self, today: Date, now: Timestamp) -> Result<Self, Refused> {
        let over = self.terms.ends().is_none_or(|last| last < today);
        match &self.state {
            AgreementState::InForce { .. } | AgreementState::Ending { .. } if over => {
                Ok(self.moved(AgreementState::Lapsed { at: now }))
            }
            _ => Err(self.not_now()),
        }
    }

    fn not_now(&self) -> Refused {
        Refused::NotNow(self.state.as_str())
    }

    fn moved(mut self, state: AgreementState) -> Self {
        self.state = state;
        self.version += 1;
        self
    }
}

fn reason_of(reason: &str) -> Result<String, Refused> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > limits::NOTE_CHARS {
        return Err(Refused::ReasonMissing);
    }
    Ok(reason.to_owned())
}
