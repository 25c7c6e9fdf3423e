//! The directory: what is known of an organisation, each fact with its days and its source.

use crate::date::Date;
use crate::ids::{DatedFactId, OrganisationId};
use crate::organisation::Organisation;
use crate::region::RegionCode;
use crate::term::Term;

/// An organisation as the directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The organisation.
    pub organisation: Organisation,
    /// What people call it: "AMSI", "KPU Jambi"; empty where the name is short already.
    pub short_name: String,
    /// The year its work began, as it says itself.
    pub since_year: Option<i16>,
    /// Its name in the list it was imported from, so that importing again finds it.
    pub external_id: Option<String>,
}

/// What a dated fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// Who holds an office.
    Office,
    /// Whom partners turn to.
    Liaison,
    /// Where it is.
    Address,
}

impl FactKind {
    /// Every kind, in the order of the page.
    pub const ALL: &'static [Self] = &[Self::Office, Self::Liaison, Self::Address];

    /// The word used in files and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Liaison => "liaison",
            Self::Address => "address",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

/// A fact that holds for a while: an office and who holds it, a liaison, an address.
///
/// A person's name stands here only where the organisation typed it itself or made it public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedFact {
    /// Its identity.
    pub id: DatedFactId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is about.
    pub kind: FactKind,
    /// The office, what the liaison is for, or which address: "Ketua", "MoU", "Kantor".
    pub title: String,
    /// The holder, the contact, or the address itself; empty for an office that is vacant or
    /// whose holder is not named.
    pub text: String,
    /// Where this is written.
    pub source: String,
    /// From when to when.
    pub term: Term,
}

/// A newsroom's membership of an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliation {
    /// The association.
    pub association: OrganisationId,
    /// The member.
    pub media: OrganisationId,
    /// From when to when. Where nobody knows the first day, it counts from the day on which it was
    /// written down: a list of members says who they are now and nothing of earlier years.
    pub term: Term,
    /// Where this is written.
    pub source: String,
}

/// A region that a chapter covers; a chapter may cover several, and a province may have several
/// chapters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterRegion {
    /// The chapter.
    pub chapter: OrganisationId,
    /// The region, by its code of today.
    pub region: RegionCode,
    /// From when to when.
    pub term: Term,
    /// Where this is written.
    pub source: String,
}

/// A number of chapters that somebody stated without naming them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageClaim {
    /// Whose chapters.
    pub association: OrganisationId,
    /// In which province.
    pub region: RegionCode,
    /// In how many of its regencies and cities.
    pub count: u16,
    /// As of when.
    pub on: Date,
    /// Where this is written.
    pub source: String,
}

/// A newsroom's word that it makes news without hoaxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pledge {
    /// Who gave it.
    pub organisation: OrganisationId,
    /// When it was signed.
    pub signed_on: Date,
    /// When it was taken back; none while it holds.
    pub withdrawn_on: Option<Date>,
    /// Where this is written.
    pub source: String,
}
