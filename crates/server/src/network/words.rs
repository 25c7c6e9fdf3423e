//! The words that organisations carry on screens.

use domain::organisation::OrganisationKind;
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
