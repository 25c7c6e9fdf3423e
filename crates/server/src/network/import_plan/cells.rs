//! What the cells of a file say, however they are written.

use domain::organisation::OrganisationKind;

pub(super) fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// `amsi.or.id` of `https://www.amsi.or.id/tentang`.
pub(super) fn host_of(homepage: &str) -> Option<String> {
    let url = url::Url::parse(homepage).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// A kind by our word or by one that lists use.
pub(super) fn kind_of(word: &str) -> Option<OrganisationKind> {
    let word = folded(word);
    OrganisationKind::parse(&word.replace([' ', '-'], "_")).or(match word.as_str() {
        "media" | "media daring" | "media online" | "media siber" | "portal" | "redaksi" => {
            Some(OrganisationKind::Newsroom)
        }
        "asosiasi" | "asosiasi media" | "organisasi pers" => {
            Some(OrganisationKind::MediaAssociation)
        }
        "cabang" | "cabang asosiasi" | "wilayah" | "pengda" | "pengurus daerah" => {
            Some(OrganisationKind::AssociationChapter)
        }
        "polri" | "polisi" | "polda" | "polres" => Some(OrganisationKind::Police),
        "kejaksaan" => Some(OrganisationKind::Prosecution),
        "kominfo" | "dinas kominfo" | "diskominfo" => Some(OrganisationKind::Komdigi),
        "kpid" => Some(OrganisationKind::Kpi),
        "panwascam" | "panwaslih" | "panwaslu" => Some(OrganisationKind::Bawaslu),
        "kip" => Some(OrganisationKind::Kpu),
        "kampus" | "universitas" | "perguruan tinggi" => Some(OrganisationKind::Campus),
        "mahasiswa" | "organisasi mahasiswa" | "okp" | "bem" => Some(OrganisationKind::StudentBody),
        "ormas" | "organisasi masyarakat" => Some(OrganisationKind::MassOrganisation),
        "cek fakta" | "lembaga cek fakta" => Some(OrganisationKind::FactCheckBody),
        "partai" | "tim kampanye" => Some(OrganisationKind::Party),
        "lainnya" | "lain" => Some(OrganisationKind::Other),
        _ => None,
    })
}
