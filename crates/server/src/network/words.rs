//! The words that organisations carry on screens.

use domain::organisation::{Organisation, OrganisationKind};
use domain::region::Level;

use crate::web::Frame;

/// The name of a kind of organisation.
pub fn kind_name(frame: &Frame, kind: OrganisationKind) -> String {
    frame.t(&format!("network-kind-{}", kind.as_str()))
}

/// The name of a level: pusat, provinsi, kabupaten/kota, kecamatan.
pub fn level_name(frame: &Frame, level: Level) -> String {
    frame.t(&format!("network-level-{}", level.as_str()))
}

/// Where an organisation works, as people say it: "Jambi, Kabupaten Muaro Jambi", "Pusat".
pub fn where_name(frame: &Frame, organisation: &Organisation) -> String {
    match &organisation.region {
        Some(region) => crate::regions::place(region.as_str()),
        None => level_name(frame, Level::National),
    }
}

/// One entry of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The value that is sent.
    pub value: String,
    /// What the reader sees.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// All kinds of organisations, with the one called `chosen` marked.
pub(crate) fn kind_choices(frame: &Frame, chosen: &str) -> Vec<Choice> {
    let choices = OrganisationKind::ALL.iter().map(|kind| Choice {
        value: kind.as_str().to_owned(),
        text: kind_name(frame, *kind),
        chosen: kind.as_str() == chosen,
    });
    choices.collect()
}
