//! Names of regions by official code, compiled in from `reference/regions`: as they are now, as
//! they were on any day, and as people spell them.

pub mod api;
mod lookup;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::date::Date;
use domain::region::RegionCode;
use domain::region_history::{Move, RegionHistory};

pub use self::lookup::{Found, Resolved, look_up, resolve};

/// One province, regency or city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Official code: `15` or `15.05`.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// The name as people say it, without "Kabupaten" or "Kota".
    pub short_name: String,
    /// Other spellings, as people write them.
    pub aliases: Vec<String>,
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
                aliases: field(5)
                    .split('|')
                    .filter(|alias| !alias.is_empty())
                    .map(str::to_owned)
                    .collect(),
            };
            regions.insert(region.code.clone(), region);
        }
    }
    regions
});

static HISTORY: LazyLock<RegionHistory> = LazyLock::new(|| {
    let file = include_str!("../../../reference/regions/moves.csv");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let read = |record: &csv::StringRecord| {
        Some(Move {
            old: RegionCode::parse(record.get(0)?).ok()?,
            new: RegionCode::parse(record.get(1)?).ok()?,
            on: Date::parse(record.get(2)?)?,
        })
    };
    let moves = reader.records().flatten();
    RegionHistory::new(moves.filter_map(|record| read(&record)).collect())
});

/// Which code a region had when, and in which province it lay.
pub fn history() -> &'static RegionHistory {
    &HISTORY
}

/// The region of exactly this code.
pub fn exact(code: &str) -> Option<&'static Region> {
    REGIONS.get(code)
}

/// The region that stood under `code` on any day, as it is called now.
pub fn now(code: &RegionCode) -> Option<RegionCode> {
    // The codes of today are those after the last move.
    HISTORY.code_on(code, Date::LAST).filter(is_known)
}

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

/// The provinces there were on `day`, in order of their codes.
pub fn provinces_on(day: Date) -> impl Iterator<Item = &'static Region> {
    provinces().filter(move |region| {
        RegionCode::parse(&region.code).is_ok_and(|code| HISTORY.exists_on(&code, day))
    })
}

/// The regencies and cities of a province as they are now, in order of their codes.
pub fn regencies(province: &str) -> impl Iterator<Item = &'static Region> + use<'_> {
    REGIONS.values().filter(move |region| {
        region
            .code
            .strip_prefix(province)
            .is_some_and(|rest| rest.len() == 3)
    })
}

/// The regencies and cities that lay in a province on `day`, by the codes of today.
pub fn regencies_on(province: &RegionCode, day: Date) -> Vec<&'static Region> {
    let all = REGIONS.values().filter(|region| region.code.contains('.'));
    all.filter(|region| {
        RegionCode::parse(&region.code).is_ok_and(|code| HISTORY.contains(province, &code, day))
    })
    .collect()
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
    fn the_sets_of_each_day_count_as_written_down() {
        let file = include_str!("../../../reference/regions/sets.csv");
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let mut sets = 0;
        for record in reader.records() {
            let record = record.expect("a record");
            let day = Date::parse(&record[1]).expect("a day");
            let count: usize = record[2].parse().expect("a count");
            let provinces: Vec<_> = provinces_on(day).collect();
            assert_eq!(provinces.len(), count, "on {day}");
            let regencies: usize = provinces
                .iter()
                .map(|region| {
                    let code = RegionCode::parse(&region.code).expect("code");
                    regencies_on(&code, day).len()
                })
                .sum();
            assert_eq!(regencies, 514, "each in one province on {day}");
            sets += 1;
        }
        assert_eq!(sets, 3);
    }

    #[test]
    fn papua_was_split() {
        let papua = RegionCode::parse("91").expect("code");
        let of = |day: &str| regencies_on(&papua, Date::parse(day).expect("day")).len();
        assert_eq!((of("2022-07-24"), of("2022-07-25")), (29, 9));
        let merauke = RegionCode::parse("91.01").expect("code");
        let today = now(&merauke).expect("there");
        assert_eq!(place(today.as_str()), "Papua Selatan, Kabupaten Merauke");
        let (then, since) = ("2022-07-24", "2023-12-01");
        let day = |text| Date::parse(text).expect("day");
        let heirs = history().became(&papua, day(then), day(since));
        let heirs: Vec<&str> = heirs.iter().map(RegionCode::as_str).collect();
        assert_eq!(heirs, ["91", "93", "94", "95"]);
    }

    #[test]
    fn every_move_leads_to_a_region_of_today() {
        let file = include_str!("../../../reference/regions/moves.csv");
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let mut moves = 0;
        for record in reader.records() {
            let record = record.expect("a record");
            let old = RegionCode::parse(&record[0]).expect("code");
            assert_eq!(now(&old).expect("known").as_str(), &record[1]);
            moves += 1;
        }
        assert_eq!(moves, 26);
    }

    #[test]
    fn a_place_reads_from_large_to_small() {
        assert_eq!(place("15.05"), "Jambi, Kabupaten Muaro Jambi");
        assert_eq!(place("15.05.01"), "Jambi, Kabupaten Muaro Jambi");
        assert_eq!(place("15"), "Jambi");
        assert_eq!(place("99"), "99");
    }
}
