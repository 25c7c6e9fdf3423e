//! Who may do what: actor × action, as data. The network's agreements widen this table later.

use crate::member::Role;
use crate::organisation::OrganisationKind;

/// Everything a member can do, named as what is literally done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See the radar, clusters and their matches.
    SeeDesk,
    /// Confirm or reject a suggested match.
    DecideMatch,
    /// Open a case on a cluster.
    OpenCase,
    /// Take, write and submit a case.
    WriteCase,
    /// See an unpublished draft.
    SeeDraft,
    /// Approve or return another person's check.
    ReviewCase,
    /// See citizens' tips.
    SeeTips,
    /// Make accounts, keys and feeds.
    Administer,
    /// Propose and approve thresholds of the answers, see drift, export labels.
    TuneAnswers,
    /// Read the audit trail.
    Audit,
    /// Say who may co-sign the ledger.
    KeepWitnesses,
    /// Keep one's organisation's entry of the directory.
    Coordinate,
}

impl Action {
    /// Every action, in the order of the printed table.
    pub const ALL: &'static [Self] = &[
        Self::SeeDesk,
        Self::DecideMatch,
        Self::OpenCase,
        Self::WriteCase,
        Self::SeeDraft,
        Self::ReviewCase,
        Self::SeeTips,
        Self::Administer,
        Self::TuneAnswers,
        Self::Audit,
        Self::KeepWitnesses,
        Self::Coordinate,
    ];

    /// The words of the printed table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeeDesk => "see the desk",
            Self::DecideMatch => "confirm or reject a match",
            Self::OpenCase => "open a case",
            Self::WriteCase => "write a check",
            Self::SeeDraft => "see a draft",
            Self::ReviewCase => "approve or return a check",
            Self::SeeTips => "see citizens' tips",
            Self::Administer => "administer",
            Self::TuneAnswers => "tune the answers",
            Self::Audit => "read the audit trail",
            Self::KeepWitnesses => "keep the witnesses",
            Self::Coordinate => "keep the directory entry",
        }
    }
}

/// Whether a member of a `kind` of organisation in `role` may do `action`. Default deny.
///
/// An authority never authors or reviews a rating: its members see the desk, nothing of drafts.
/// Nor does it move the thresholds from which on a check of a claim about itself is shown.
/// An administrator administers and does not see unpublished drafts. The operator of the
/// installation runs it and takes no part in the work. A campus, a students' or mass organisation
/// keeps its own entry; the desk is not open to it. To a party or a campaign team nothing is open
/// but what is public.
pub fn allows(kind: OrganisationKind, role: Role, action: Action) -> bool {
    match kind {
        OrganisationKind::Party => false,
        OrganisationKind::Operator => operator_may(role, action),
        OrganisationKind::Campus
        | OrganisationKind::StudentBody
        | OrganisationKind::MassOrganisation
        | OrganisationKind::Other => action == Action::Coordinate && keeps_entry(role),
        kind if kind.is_authority() => authority_may(role, action),
        OrganisationKind::MediaAssociation => {
            newsroom_may(role, action) || (serves_all(action) && role == Role::Administrator)
        }
        _ => newsroom_may(role, action),
    }
}

fn operator_may(role: Role, action: Action) -> bool {
    match action {
        Action::SeeDesk
        | Action::Administer
        | Action::TuneAnswers
        | Action::KeepWitnesses
        | Action::Coordinate => role == Role::Administrator,
        Action::Audit => reads_trail(role),
        _ => false,
    }
}

fn authority_may(role: Role, action: Action) -> bool {
    match action {
        Action::SeeDesk => role != Role::Administrator,
        Action::Administer => role == Role::Administrator,
        Action::Audit => reads_trail(role),
        Action::Coordinate => keeps_entry(role),
        _ => false,
    }
}

fn newsroom_may(role: Role, action: Action) -> bool {
    match action {
        Action::SeeDesk => true,
        Action::DecideMatch | Action::SeeTips => matches!(role, Role::Editor | Role::Reviewer),
        Action::OpenCase | Action::WriteCase | Action::SeeDraft => {
            matches!(role, Role::Reporter | Role::Editor | Role::Reviewer)
        }
        Action::ReviewCase => role == Role::Reviewer,
        Action::Administer => role == Role::Administrator,
        Action::Audit => reads_trail(role),
        Action::Coordinate => keeps_entry(role),
        Action::TuneAnswers | Action::KeepWitnesses => false,
    }
}

/// What holds for every body of the network at once, so that no single newsroom decides it.
fn serves_all(action: Action) -> bool {
    matches!(action, Action::TuneAnswers | Action::KeepWitnesses)
}

fn reads_trail(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Administrator)
}

fn keeps_entry(role: Role) -> bool {
    matches!(role, Role::Coordinator | Role::Administrator)
}

/// The whole table as text, one line per organisation kind and role, for people who review it.
pub fn table() -> String {
    let mut lines = String::new();
    for kind in OrganisationKind::ALL {
        for role in Role::ALL {
            let may: Vec<&str> = Action::ALL
                .iter()
                .filter(|action| allows(*kind, *role, **action))
                .map(|action| action.as_str())
                .collect();
            let may = if may.is_empty() {
                "nothing".to_owned()
            } else {
                may.join(", ")
            };
            lines.push_str(kind.as_str());
            lines.push_str(" · ");
            lines.push_str(role.as_str());
            lines.push_str(": ");
            lines.push_str(&may);
            lines.push('\n');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_never_rates() {
        let kinds = OrganisationKind::ALL.iter().copied();
        for kind in kinds.filter(|kind| kind.is_authority()) {
            for role in Role::ALL {
                for action in [
                    Action::WriteCase,
                    Action::ReviewCase,
                    Action::DecideMatch,
                    Action::SeeDraft,
                    Action::TuneAnswers,
                ] {
                    assert!(
                        !allows(kind, *role, action),
                        "{kind:?} {role:?} may {action:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_administrator_or_auditor_sees_no_draft() {
        for kind in OrganisationKind::ALL {
            for role in [Role::Administrator, Role::Auditor, Role::Coordinator] {
                for action in [Action::SeeDraft, Action::WriteCase, Action::ReviewCase] {
                    assert!(!allows(*kind, role, action), "{kind:?} {role:?} {action:?}");
                }
            }
        }
    }

    #[test]
    fn what_holds_for_all_is_decided_by_the_operator_and_associations() {
        for kind in OrganisationKind::ALL {
            let serves = [
                OrganisationKind::Operator,
                OrganisationKind::MediaAssociation,
            ];
            for role in Role::ALL {
                let may = serves.contains(kind) && *role == Role::Administrator;
                for action in [Action::TuneAnswers, Action::KeepWitnesses] {
                    assert_eq!(allows(*kind, *role, action), may, "{kind:?} {role:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_open_to_a_party() {
        for role in Role::ALL {
            for action in Action::ALL {
                assert!(!allows(OrganisationKind::Party, *role, *action));
            }
        }
    }

    #[test]
    fn only_those_who_check_claims_see_drafts() {
        for kind in OrganisationKind::ALL {
            let sees = Role::ALL
                .iter()
                .any(|role| allows(*kind, *role, Action::SeeDraft));
            assert_eq!(sees, kind.checks_claims(), "{kind:?}");
        }
    }

    #[test]
    fn the_table_is_the_reviewed_one() {
        assert_eq!(table(), include_str!("../../../docs/access-table.txt"));
    }
}
