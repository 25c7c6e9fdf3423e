//! Names of regions by official code, compiled in from `reference/regions`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::region::RegionCode;

/// One province, regency or city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Official code: `15` or `15.05`.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// The name as people say it, without "Kabupaten" or "Kota".
    pub short_name: String,
}

static REGIONS: LazyLock<BTreeMap<String, Region>> = LazyLock::new(|| {
    let files = [
        include_str!("../../../reference/regions/provinces.csv"),
        include_str!("../../../reference/regions/regencies.csv"),
    ];
    let mut regions = BTreeMap::new();
    for file in files {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        for record in reader.records().flatten() {
            let field = |index: usize| record.get(index).unwrap_or_default().to_owned();
            let region = Region {
                code: field(0),
                name: field(2),
                short_name: field(4),
            };
            regions.insert(region.code.clone(), region);
        }
    }
    regions
});

/// The region of this code, or of the nearest level above it that has a name.
pub fn find(code: &str) -> Option<&'static Region> {
    let mut code = code;
    loop {
        if let Some(region) = REGIONS.get(code) {
            return Some(region);
        }
        code = &code[..code.rfind('.')?];
    }
}

/// "Jambi, Kabupaten Muaro Jambi" for `15.05`, "Jambi" for `15`; the bare code when unknown.
pub fn place(code: &str) -> String {
    let Some(region) = find(code) else {
        return code.to_owned();
    };
    match find(region.code.split('.').next().unwrap_or_default()) {
        Some(province) if province.code != region.code => {
            format!("{}, {}", province.short_name, region.name)
        }
        _ => region.short_name.clone(),
    }
}

/// All provinces in order of their codes.
pub fn provinces() -> impl Iterator<Item = &'static Region> {
    REGIONS.values().filter(|region| !region.code.contains('.'))
}

/// Whether the code names a province, regency or city we know.
pub fn is_known(code: &RegionCode) -> bool {
    REGIONS.contains_key(code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_areas_are_there_and_named() {
        assert_eq!(provinces().count(), 38);
        assert_eq!(REGIONS.len(), 38 + 514);
        assert!(
            REGIONS
                .values()
                .all(|region| RegionCode::parse(&region.code).is_ok())
        );
    }

    #[test]
    fn a_place_reads_from_large_to_small() {
        assert_eq!(place("15.05"), "Jambi, Kabupaten Muaro Jambi");
        assert_eq!(place("15.05.01"), "Jambi, Kabupaten Muaro Jambi");
        assert_eq!(place("15"), "Jambi");
        assert_eq!(place("99"), "99");
    }
}
