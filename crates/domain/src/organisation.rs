//! Organisations: the legal persons of the network.

use crate::ids::OrganisationId;
use crate::region::RegionCode;

/// What kind of body an organisation is; the closed list grows with the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganisationKind {
    /// Election commission, at any level.
    Kpu,
    /// Election supervisor, at any level.
    Bawaslu,
    /// A media association or one of its chapters.
    MediaAssociation,
    /// A newsroom that publishes.
    Newsroom,
    /// The operator of this installation.
    Operator,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Kpu,
        Self::Bawaslu,
        Self::MediaAssociation,
        Self::Newsroom,
        Self::Operator,
    ];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kpu => "kpu",
            Self::Bawaslu => "bawaslu",
            Self::MediaAssociation => "media_association",
            Self::Newsroom => "newsroom",
            Self::Operator => "operator",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// Authorities answer and decide; they never author or review a rating.
    pub fn is_authority(self) -> bool {
        matches!(self, Self::Kpu | Self::Bawaslu)
    }
}

/// A legal person of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its identity.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name as readers know it.
    pub name: String,
    /// The region it works in; none for the whole country.
    pub region: Option<RegionCode>,
    /// Its own home page.
    pub homepage: Option<String>,
}
