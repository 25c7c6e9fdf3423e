//! Organisations: the legal persons of the network.

use crate::ids::OrganisationId;
use crate::region::{Level, RegionCode};

macro_rules! organisation_kinds {
    ($($(#[$doc:meta])* $variant:ident => $word:literal,)+) => {
        /// What kind of body an organisation is; a closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OrganisationKind { $($(#[$doc])* $variant,)+ }

        impl OrganisationKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

organisation_kinds! {
    /// Election commission, at any level.
    Kpu => "kpu",
    /// Election supervisor, at any level; Panwascam and Panwaslih are its lower ones.
    Bawaslu => "bawaslu",
    /// The honour council of the election bodies.
    Dkpp => "dkpp",
    /// Police, at any level.
    Police => "police",
    /// Public prosecution, at any level.
    Prosecution => "prosecution",
    /// The ministry of communication and digital affairs, or a region's office for it.
    Komdigi => "komdigi",
    /// The press council.
    DewanPers => "dewan_pers",
    /// The broadcasting commission, at any level.
    Kpi => "kpi",
    /// A media or journalists' association.
    MediaAssociation => "media_association",
    /// A chapter of such an association; it covers the regions it says, not always one province.
    AssociationChapter => "association_chapter",
    /// A newsroom that publishes.
    Newsroom => "newsroom",
    /// A university or school.
    Campus => "campus",
    /// A students' or youth organisation.
    StudentBody => "student_body",
    /// A mass or civil society organisation.
    MassOrganisation => "mass_organisation",
    /// A body that checks facts and is no newsroom.
    FactCheckBody => "fact_check_body",
    /// A political party or a campaign team.
    Party => "party",
    /// The operator of this installation.
    Operator => "operator",
    /// A body of none of these kinds.
    Other => "other",
}

impl OrganisationKind {
    /// Authorities answer and decide; they never author or review a rating.
    pub fn is_authority(self) -> bool {
        matches!(
            self,
            Self::Kpu
                | Self::Bawaslu
                | Self::Dkpp
                | Self::Police
                | Self::Prosecution
                | Self::Komdigi
                | Self::DewanPers
                | Self::Kpi
        )
    }

    /// Those who check claims: associations and their chapters, newsrooms, fact-check bodies.
    pub fn checks_claims(self) -> bool {
        matches!(
            self,
            Self::MediaAssociation
                | Self::AssociationChapter
                | Self::Newsroom
                | Self::FactCheckBody
        )
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
    /// The body it is a part of: a province's KPU of the KPU, a chapter of its association.
    pub parent: Option<OrganisationId>,
    /// False once it left the network; its members can no longer sign in.
    pub active: bool,
}

impl Organisation {
    /// The level it stands at, from its region.
    pub fn level(&self) -> Level {
        Level::of(self.region.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for kind in OrganisationKind::ALL {
            assert_eq!(OrganisationKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(OrganisationKind::parse("media daring"), None);
    }

    #[test]
    fn no_authority_checks_claims() {
        for kind in OrganisationKind::ALL {
            assert!(!(kind.is_authority() && kind.checks_claims()), "{kind:?}");
        }
    }
}
