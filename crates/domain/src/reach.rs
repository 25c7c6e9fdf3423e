//! Reach: what the agreements in force open between organisations, decided in memory.
//!
//! Built anew whenever an agreement, a membership or an organisation changes; asked at every
//! request. A door is open on a day and not before: expiry needs no job.

use std::collections::{BTreeSet, HashMap};

use crate::agreement::verbs::is_unpublished;
use crate::agreement::{
    AGREEMENT_ZONE, Agreement, AgreementState, Form, Opening, Purpose, Regions, Stage, Stages,
};
use crate::date::Date;
use crate::ids::{AgreementId, OrganisationId};
use crate::organisation::OrganisationKind;
use crate::region::RegionCode;

/// An organisation through which another one takes: its member or chapter, and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The member or chapter.
    pub organisation: OrganisationId,
    /// The first day on which it counts; none where it always was one.
    pub from: Option<Date>,
    /// The first day on which it is none any more.
    pub until: Option<Date>,
}

/// One scope of one agreement, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenScope {
    /// The agreement that opens.
    pub agreement: AgreementId,
    /// Where.
    pub regions: Regions,
    /// When in an election.
    pub stages: Stages,
    /// What for.
    pub purpose: Purpose,
    opens: u32,
}

impl OpenScope {
    /// Whether it opens this.
    pub fn opens(&self, opening: Opening) -> bool {
        self.opens & bit(opening) != 0
    }
}

/// A scope between two organisations, from its first to its last day.
#[derive(Debug, Clone, Copy)]
struct Door {
    scope: u32,
    first: Date,
    last: Date,
}

/// What a record is about, for the question whether it is opened.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Who wants to.
    pub taker: OrganisationId,
    /// Whose record it is.
    pub giver: OrganisationId,
    /// What they want to do with what kind of record.
    pub opening: Opening,
    /// The record's region.
    pub region: Option<&'a RegionCode>,
    /// The stage of the election there, where it is known.
    pub stage: Option<Stage>,
    /// The day on which they ask.
    pub day: Date,
}

/// One line of a readable access table: what is open to somebody, by whom and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDoor<'a> {
    /// Who may.
    pub taker: OrganisationId,
    /// Whose records.
    pub giver: OrganisationId,
    /// What, where, when and what for.
    pub scope: &'a OpenScope,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

/// What agreements open, by who takes and who gives: those that are not over, or those that are.
#[derive(Debug, Default)]
pub struct Reach {
    doors: HashMap<(OrganisationId, OrganisationId), Vec<Door>>,
    scopes: Vec<OpenScope>,
}

impl Reach {
    /// What the agreements that are not over open, from all of them, the branches of organisations and
    /// their kinds.
    pub fn new(
        agreements: &[Agreement],
        branches: &HashMap<OrganisationId, Vec<Branch>>,
        kind: impl Fn(OrganisationId) -> OrganisationKind,
    ) -> Self {
        Self::of(agreements, |one| !is_over(one), branches, kind)
    }

    /// What those that are over opened while they held: to be read, never to be asked at a request.
    pub fn past(
        agreements: &[Agreement],
        branches: &HashMap<OrganisationId, Vec<Branch>>,
        kind: impl Fn(OrganisationId) -> OrganisationKind,
    ) -> Self {
        Self::of(agreements, is_over, branches, kind)
    }

    fn of(
        agreements: &[Agreement],
        wanted: impl Fn(&Agreement) -> bool,
        branches: &HashMap<OrganisationId, Vec<Branch>>,
        kind: impl Fn(OrganisationId) -> OrganisationKind,
    ) -> Self {
        let by_id: HashMap<AgreementId, &Agreement> = agreements
            .iter()
            .map(|agreement| (agreement.id, agreement))
            .collect();
        let mut reach = Self::default();
        for agreement in agreements.iter().filter(|one| wanted(one)) {
            if let Some(window) = window(agreement, &by_id) {
                reach.open(agreement, window, branches, &kind);
            }
        }
        reach
    }

    fn open(
        &mut self,
        agreement: &Agreement,
        window: (Date, Date),
        branches: &HashMap<OrganisationId, Vec<Branch>>,
        kind: &impl Fn(OrganisationId) -> OrganisationKind,
    ) {
        for scope in &agreement.terms.scopes {
            let number = u32::try_from(self.scopes.len()).unwrap_or(u32::MAX);
            self.scopes.push(OpenScope {
                agreement: agreement.id,
                regions: scope.regions.clone(),
                stages: scope.stages.clone(),
                purpose: scope.purpose,
                opens: scope
                    .opens
                    .iter()
                    .fold(0, |bits, opening| bits | bit(*opening)),
            });
            let unpublished = scope.opens.iter().any(|opening| is_unpublished(*opening));
            let parties = || agreement.terms.parties.iter();
            for taker in parties().filter(|party| scope.takes.has(party.organisation)) {
                let mut takers = vec![Branch {
                    organisation: taker.organisation,
                    from: None,
                    until: taker.left,
                }];
                if scope.with_members {
                    let below = branches.get(&taker.organisation).into_iter().flatten();
                    takers.extend(below.map(|branch| Branch {
                        until: earlier(branch.until, taker.left),
                        ..*branch
                    }));
                }
                for giver in parties().filter(|party| scope.gives.has(party.organisation)) {
                    for taker in &takers {
                        let campaigns =
                            unpublished && kind(taker.organisation) == OrganisationKind::Party;
                        if taker.organisation == giver.organisation || campaigns {
                            continue;
                        }
                        let until = earlier(taker.until, giver.left);
                        self.add(taker, giver.organisation, number, window, until);
                    }
                }
            }
        }
    }

    fn add(
        &mut self,
        taker: &Branch,
        giver: OrganisationId,
        scope: u32,
        (first, last): (Date, Date),
        until: Option<Date>,
    ) {
        let first = taker.from.map_or(first, |from| from.max(first));
        // A day that no calendar has before it is no last day.
        let last = match until.map(|until| until.plus_days(-1)) {
            None => last,
            Some(Some(day)) => day.min(last),
            Some(None) => return,
        };
        if first <= last {
            let doors = self.doors.entry((taker.organisation, giver)).or_default();
            doors.push(Door { scope, first, last });
        }
    }

    /// The agreement by which this is open; none where it is closed. Default deny.
    pub fn opened(&self, question: &Question<'_>) -> Option<AgreementId> {
        let doors = self.doors.get(&(question.taker, question.giver))?;
        let open = doors
            .iter()
            .filter(|door| door.first <= question.day && question.day <= door.last);
        let mut scopes = open.filter_map(|door| self.scopes.get(door.scope as usize));
        let fits = scopes.find(|scope| {
            scope.opens(question.opening)
                && scope.stages.cover(question.stage)
                && scope.regions.cover(question.region)
        })?;
        Some(fits.agreement)
    }

    /// Organisations that open `opening` to `taker` on `day` somewhere, at this stage of an election
    /// where it is known, in order of their ids.
    pub fn givers(
        &self,
        taker: OrganisationId,
        opening: Opening,
        stage: Option<Stage>,
        day: Date,
    ) -> Vec<OrganisationId> {
        let mut givers: Vec<OrganisationId> = self
            .lines(day)
            .filter(|line| line.taker == taker && line.scope.opens(opening))
            .filter(|line| line.scope.stages.cover(stage))
            .map(|line| line.giver)
            .collect();
        givers.sort_unstable();
        givers.dedup();
        givers
    }

    /// Every open door on `day`, in no order.
    pub fn lines(&self, day: Date) -> impl Iterator<Item = OpenDoor<'_>> {
        self.doors.iter().flat_map(move |((taker, giver), doors)| {
            let open = doors
                .iter()
                .filter(move |door| door.first <= day && day <= door.last);
            open.filter_map(move |door| {
                Some(OpenDoor {
                    taker: *taker,
                    giver: *giver,
                    scope: self.scopes.get(door.scope as usize)?,
                    first: door.first,
                    last: door.last,
                })
            })
        })
    }

    /// Doors in all, open or not.
    pub fn doors(&self) -> usize {
        self.doors.values().map(Vec::len).sum()
    }
}

fn is_over(agreement: &Agreement) -> bool {
    let state = &agreement.state;
    matches!(
        state,
        AgreementState::Lapsed { .. } | AgreementState::Revoked { .. }
    )
}

fn bit(opening: Opening) -> u32 {
    1 << (opening as u32)
}

fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The days on which an agreement opens anything: its own, within those of its memorandum, which
/// goes on in the one that renews it.
fn window(agreement: &Agreement, by_id: &HashMap<AgreementId, &Agreement>) -> Option<(Date, Date)> {
    let own = signed_days(agreement)?;
    if agreement.terms.form == Form::Mou {
        return Some(own);
    }
    let parent = *by_id.get(&agreement.terms.parent?)?;
    let (first, mut last) = signed_days(parent)?;
    let mut seen = BTreeSet::from([parent.id]);
    let mut link = parent;
    while let AgreementState::Renewed { by, .. } = &link.state {
        let Some(next) = by_id.get(by).filter(|next| seen.insert(next.id)) else {
            break;
        };
        let Some((next_first, next_last)) = signed_days(next) else {
            break;
        };
        if last.plus_days(1).is_none_or(|day| day < next_first) {
            break;
        }
        last = last.max(next_last);
        link = next;
    }
    let (first, last) = (own.0.max(first), own.1.min(last));
    (first <= last).then_some((first, last))
}

/// Of one that is over too: what it opened then can still be read. The day on which it was ended, or
/// its end recorded, is none of its days: it is shut from that hour on.
fn signed_days(agreement: &Agreement) -> Option<(Date, Date)> {
    let (first, last) = (agreement.terms.starts, agreement.terms.ends()?);
    let shut = match &agreement.state {
        AgreementState::InForce { .. }
        | AgreementState::Ending { .. }
        | AgreementState::Renewed { .. } => return Some((first, last)),
        AgreementState::Lapsed { at } => *at,
        AgreementState::Revoked { pair, .. } => pair.second().at,
        AgreementState::Proposed
        | AgreementState::Discussed
        | AgreementState::Agreed
        | AgreementState::Signing { .. }
        | AgreementState::Withdrawn { .. } => return None,
    };
    let last = last.min(Date::of(shut, AGREEMENT_ZONE).plus_days(-1)?);
    (first <= last).then_some((first, last))
}
