//! Members: persons acting for one organisation in one fixed role.

use crate::ids::{MemberId, OrganisationId};

/// A fixed set of duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees the desk.
    Reader,
    /// Takes cases and writes checks; decides on no match.
    Reporter,
    /// Takes cases, writes checks, decides on matches.
    Editor,
    /// Does what an editor does and approves the checks of others.
    Reviewer,
    /// Answers for an authority.
    Officer,
    /// Keeps its organisation's entry of the directory: chapters, member media, offices.
    Coordinator,
    /// Reads the audit trail; never sees unpublished drafts.
    Auditor,
    /// Runs accounts, keys and feeds; never sees unpublished drafts.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Reader,
        Self::Reporter,
        Self::Editor,
        Self::Reviewer,
        Self::Officer,
        Self::Coordinator,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Reporter => "reporter",
            Self::Editor => "editor",
            Self::Reviewer => "reviewer",
            Self::Officer => "officer",
            Self::Coordinator => "coordinator",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == word)
    }
}

/// A zone of Indonesian civil time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Zone {
    /// Western, UTC+7.
    #[default]
    Wib,
    /// Central, UTC+8.
    Wita,
    /// Eastern, UTC+9.
    Wit,
}

impl Zone {
    /// Every zone, west to east.
    pub const ALL: &'static [Self] = &[Self::Wib, Self::Wita, Self::Wit];

    /// The abbreviation people write.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// Reads the abbreviation, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|zone| zone.as_str().eq_ignore_ascii_case(word))
    }

    /// Hours ahead of UTC; Indonesia keeps no summer time.
    pub fn hours_ahead(self) -> i8 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }
}

/// A person acting for one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their identity.
    pub id: MemberId,
    /// Whom they act for.
    pub organisation: OrganisationId,
    /// The name shown to colleagues.
    pub name: String,
    /// The address they sign in with, lower case.
    pub email: String,
    /// Their duties.
    pub role: Role,
    /// The zone times are shown in.
    pub zone: Zone,
    /// False once the account is closed.
    pub active: bool,
}

impl Member {
    /// Up to two letters for the round mark beside their work.
    pub fn initials(&self) -> String {
        let letters = self
            .name
            .split_whitespace()
            .filter_map(|word| word.chars().next());
        letters
            .filter(|c| c.is_alphanumeric())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn words_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
        }
        for zone in Zone::ALL {
            assert_eq!(Zone::parse(&zone.as_str().to_lowercase()), Some(*zone));
        }
    }

    #[test]
    fn initials_skip_signs() {
        let member = Member {
            id: MemberId(Uuid::nil()),
            organisation: OrganisationId(Uuid::nil()),
            name: "redaktur (B) kedua".into(),
            email: "b@example.id".into(),
            role: Role::Editor,
            zone: Zone::Wib,
            active: true,
        };
        assert_eq!(member.initials(), "RK");
    }
}
