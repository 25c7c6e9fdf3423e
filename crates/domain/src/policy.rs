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
        }
    }
}

/// Whether a member of a `kind` of organisation in `role` may do `action`. Default deny.
///
/// An authority never authors or reviews a rating: its members see the desk, nothing of drafts.
/// Nor does it move the thresholds from which on a check of a claim about itself is shown.
/// An administrator administers and does not see unpublished drafts. The operator of the
/// installation runs it and takes no part in the work.
pub fn allows(kind: OrganisationKind, role: Role, action: Action) -> bool {
    if kind.is_authority() {
        return match action {
            Action::SeeDesk => role != Role::Administrator,
            Action::Administer => role == Role::Administrator,
            _ => false,
        };
    }
    if kind == OrganisationKind::Operator {
        return matches!(
            (action, role),
            (
                Action::SeeDesk | Action::Administer | Action::TuneAnswers,
                Role::Administrator
            )
        );
    }
    match action {
        Action::SeeDesk => true,
        Action::DecideMatch
        | Action::OpenCase
        | Action::WriteCase
        | Action::SeeDraft
        | Action::SeeTips => {
            matches!(role, Role::Editor | Role::Reviewer)
        }
        Action::ReviewCase => role == Role::Reviewer,
        Action::Administer | Action::TuneAnswers => role == Role::Administrator,
    }
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
        for kind in [OrganisationKind::Kpu, OrganisationKind::Bawaslu] {
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
    fn an_administrator_sees_no_draft() {
        for kind in OrganisationKind::ALL {
            assert!(!allows(*kind, Role::Administrator, Action::SeeDraft));
        }
    }

    #[test]
    fn the_table_is_the_reviewed_one() {
        assert_eq!(table(), include_str!("../../../docs/access-table.txt"));
    }
}
