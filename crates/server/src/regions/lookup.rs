//! Finding a region by the name people type.
//!
//! All spellings of all regions are folded once; a look-up goes through them in order, and where
//! none fits through those that are a slip of the finger away. For the thousand and more there are,
//! that takes a part of a millisecond (`examples/region_pace.rs`).

use std::sync::LazyLock;

use domain::region::RegionCode;

use super::{REGIONS, Region};

/// Letters of a query that are looked at.
const QUERY_CHARS_MAX: usize = 80;
/// Letters from which on one of them may be wrong, and two.
const ONE_SLIP_FROM_CHARS: usize = 5;
const TWO_SLIPS_FROM_CHARS: usize = 9;
/// The rank of what was only nearly typed; each slip adds one.
const NEARLY: u8 = 20;

/// What a person's words may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The region.
    pub region: &'static Region,
    /// How well it fits: 0 for the whole official name or code, larger for worse.
    rank: u8,
}

/// What a typed region turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// Exactly this one.
    One(RegionCode),
    /// One of these; a person has to say which.
    Several(Vec<&'static Region>),
    /// None we know.
    Unknown,
}

/// One folded spelling of a region.
struct Spelling {
    text: String,
    kind: Option<Kind>,
    region: &'static Region,
}

/// What stands before the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Province,
    Regency,
    City,
}

static SPELLINGS: LazyLock<Vec<Spelling>> = LazyLock::new(|| {
    let mut spellings = Vec::new();
    for region in REGIONS.values() {
        let (own, _) = folded(&region.name);
        let own = if region.code.contains('.') {
            own
        } else {
            Some(Kind::Province)
        };
        let mut texts: Vec<String> = Vec::new();
        let names = [&region.name, &region.short_name].into_iter();
        for name in names.chain(&region.aliases) {
            let (_, text) = folded(name);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        spellings.extend(texts.into_iter().map(|text| Spelling {
            text,
            kind: own,
            region,
        }));
    }
    spellings
});

/// `Kab. Muaro Jambi` as what stands before the name and the name: lower case, without signs.
fn folded(name: &str) -> (Option<Kind>, String) {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().take(QUERY_CHARS_MAX) {
        if letter.is_alphanumeric() {
            plain.extend(letter.to_lowercase());
        } else if letter != '\'' && letter != '’' {
            plain.push(' ');
        }
    }
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    let kind = match words.first().copied() {
        Some("kab" | "kabupaten") => Some(Kind::Regency),
        Some("kota" | "kotamadya" | "kodya" | "kot") => Some(Kind::City),
        Some("prov" | "provinsi" | "propinsi" | "prop") => Some(Kind::Province),
        _ => None,
    };
    if kind.is_some() && words.len() > 1 {
        words.remove(0);
        if matches!(
            words.first().copied(),
            Some("adm" | "administrasi" | "admin")
        ) && words.len() > 1
        {
            words.remove(0);
        }
    }
    let words = words.into_iter().map(|word| match word {
        "kep" | "kepul" => "kepulauan",
        "jogja" | "yogya" | "jogjakarta" | "djogja" | "jogyakarta" => "yogyakarta",
        "sumatra" => "sumatera",
        "tj" | "tjg" => "tanjung",
        "gn" => "gunung",
        "bkt" => "bukit",
        other => other,
    });
    (kind, words.collect::<Vec<_>>().join(" "))
}

/// Regions that `text` may stand for, the best first, at most `limit`.
pub fn look_up(text: &str, limit: usize) -> Vec<Found> {
    let text = text.trim();
    if let Ok(code) = RegionCode::parse(text) {
        // A code of before a split is answered with the region of today.
        let now = super::now(&code).and_then(|now| super::exact(now.as_str()));
        return now
            .map(|region| Found { region, rank: 0 })
            .into_iter()
            .collect();
    }
    let (kind, query) = folded(text);
    if query.is_empty() {
        return Vec::new();
    }
    let mut found = by_spelling(kind, |spelling| fit(spelling, &query));
    if found.is_empty() {
        let slips = slips_allowed(&query);
        found = by_spelling(kind, |spelling| {
            let slips = slips_between(spelling, &query, slips)?;
            Some(NEARLY.saturating_add(u8::try_from(slips).unwrap_or(u8::MAX)))
        });
    }
    found.sort_by(|one, other| {
        let key = |found: &Found| (found.rank, found.region.code.contains('.'));
        let names = || one.region.short_name.cmp(&other.region.short_name);
        key(one).cmp(&key(other)).then_with(names)
    });
    found.truncate(limit);
    found
}

/// The regions of which a spelling is ranked, each with its best rank; those of another kind than
/// the one that was typed stand behind.
fn by_spelling(kind: Option<Kind>, rank: impl Fn(&str) -> Option<u8>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for spelling in &*SPELLINGS {
        let Some(rank) = rank(&spelling.text) else {
            continue;
        };
        let other_kind = kind.is_some() && kind != spelling.kind;
        let rank = rank + if other_kind { 5 } else { 0 };
        let region = spelling.region;
        // The spellings of one region follow one another.
        match found.last_mut() {
            Some(known) if known.region.code == region.code => known.rank = known.rank.min(rank),
            _ => found.push(Found { region, rank }),
        }
    }
    found
}

/// How many letters of a query may be wrong.
fn slips_allowed(query: &str) -> usize {
    match query.chars().count() {
        TWO_SLIPS_FROM_CHARS.. => 2,
        ONE_SLIP_FROM_CHARS.. => 1,
        _ => 0,
    }
}

/// Letters left out, put in, mistaken or swapped with their neighbour between two words (Damerau and
/// Levenshtein, each place once); none where it takes more than `most`.
fn slips_between(one: &str, other: &str, most: usize) -> Option<usize> {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if most == 0 || one.len().abs_diff(other.len()) > most {
        return None;
    }
    let width = other.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    let mut row = vec![0; width];
    for (at, letter) in one.iter().enumerate() {
        row[0] = at + 1;
        let mut least = row[0];
        for (across, theirs) in other.iter().enumerate() {
            let mistaken = above[across] + usize::from(letter != theirs);
            let mut slips = mistaken.min(above[across + 1] + 1).min(row[across] + 1);
            let swapped =
                at > 0 && across > 0 && *letter == other[across - 1] && one[at - 1] == *theirs;
            if swapped {
                slips = slips.min(before[across - 1] + 1);
            }
            row[across + 1] = slips;
            least = least.min(slips);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    let slips = above[other.len()];
    (slips <= most).then_some(slips)
}

/// How well `query` fits a spelling: all of it, its beginning, the beginning of a word, a part.
fn fit(spelling: &str, query: &str) -> Option<u8> {
    let at = spelling.find(query)?;
    if spelling.len() == query.len() {
        Some(0)
    } else if at == 0 {
        Some(1)
    } else if spelling[..at].ends_with(' ') {
        Some(2)
    } else {
        Some(3)
    }
}

/// The one region that `text` names: by code, by its whole name, or by the only name it fits.
pub fn resolve(text: &str) -> Resolved {
    /// Choices offered to a person.
    const OFFERED_MAX: usize = 6;
    let found = look_up(text, OFFERED_MAX);
    let best: Vec<&Found> = match found.first() {
        None => return Resolved::Unknown,
        Some(first) => found.iter().filter(|one| one.rank == first.rank).collect(),
    };
    let code = |region: &Region| RegionCode::parse(&region.code).ok();
    match best.as_slice() {
        // What was only nearly typed is offered and not guessed.
        [one] if one.rank == 0 || (found.len() == 1 && one.rank < NEARLY) => {
            code(one.region).map_or(Resolved::Unknown, Resolved::One)
        }
        // "Jambi" is the province to most people, and the city is called "Kota Jambi".
        [one, ..] if one.rank == 0 && !one.region.code.contains('.') => {
            code(one.region).map_or(Resolved::Unknown, Resolved::One)
        }
        _ => Resolved::Several(found.iter().map(|one| one.region).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        assert_eq!(
            resolve(text),
            Resolved::One(RegionCode::parse(wanted).expect("code")),
            "{text}"
        );
    }

    #[test]
    fn usual_spellings_are_understood() {
        check("Kab. Muaro Jambi", "15.05");
        check("kabupaten muaro jambi", "15.05");
        check("KOTA JAMBI", "15.71");
        check("Jambi", "15");
        check("Prov. Jambi", "15");
        check("15.05", "15.05");
        check("DKI", "31");
        check("dkj", "31");
        check("Kota Adm. Jakarta Pusat", "31.71");
        check("Jakarta Pusat", "31.71");
        check("Jakpus", "31.71");
        check("Jogja", "34");
        check("D.I. Yogyakarta", "34");
        check("Kota Jogja", "34.71");
        check("Kep. Seribu", "31.01");
        check("Kab Kepulauan Seribu", "31.01");
        check("Sumatra Utara", "12");
        check("Papua Barat Daya", "96");
        check("Kota Bandung", "32.73");
        check("91.01", "93.01");
    }

    #[test]
    fn what_could_be_two_is_not_guessed() {
        let Resolved::Several(choices) = resolve("Bandung") else {
            panic!("{:?}", resolve("Bandung"));
        };
        let names: Vec<&str> = choices.iter().map(|region| region.name.as_str()).collect();
        assert!(names.contains(&"Kota Bandung") && names.contains(&"Kabupaten Bandung"));
        assert_eq!(resolve("Wakanda"), Resolved::Unknown);
        assert_eq!(resolve(""), Resolved::Unknown);
        assert_eq!(resolve("99"), Resolved::Unknown);
        assert_eq!(resolve("'.-"), Resolved::Unknown);
    }

    #[test]
    fn a_slip_of_the_finger_is_offered_and_not_guessed() {
        for (typed, meant) in [
            ("Muaro Jamby", "15.05"),
            ("Kab. Muaro Jmabi", "15.05"),
            ("Surabya", "35.78"),
            ("Banyuangi", "35.10"),
            ("Palembnag", "16.71"),
            ("Kota Tasikmlaya", "32.78"),
            ("Sumatera Utarra", "12"),
        ] {
            let Resolved::Several(choices) = resolve(typed) else {
                panic!("{typed}: {:?}", resolve(typed));
            };
            let codes: Vec<&str> = choices.iter().map(|region| region.code.as_str()).collect();
            assert!(codes.contains(&meant), "{typed}: {codes:?}");
        }
        for nothing in ["Wakanda", "xyz", "zzzzzzzzzz", "Bali Utara Selatan"] {
            assert_eq!(resolve(nothing), Resolved::Unknown, "{nothing}");
        }
    }

    #[test]
    fn slips_are_counted_each_once() {
        for (one, other, slips) in [
            ("jambi", "jambi", Some(0)),
            ("jambi", "jmabi", Some(1)),
            ("jambi", "jamb", Some(1)),
            ("jambi", "jambii", Some(1)),
            ("jambi", "jombi", Some(1)),
            ("jambi", "jomba", Some(2)),
            ("jambi", "bjami", Some(2)),
            ("jambi", "bali", None),
            ("jambi", "jambiabc", None),
        ] {
            assert_eq!(slips_between(one, other, 2), slips, "{one} {other}");
            assert_eq!(slips_between(other, one, 2), slips, "{other} {one}");
        }
        assert_eq!(slips_between("jambi", "jambi", 0), None);
    }

    #[test]
    fn every_official_name_names_its_region() {
        let mut unclear = Vec::new();
        for region in REGIONS.values() {
            if resolve(&region.name)
                != Resolved::One(RegionCode::parse(&region.code).expect("code"))
            {
                unclear.push(region.name.as_str());
            }
        }
        assert!(unclear.is_empty(), "{unclear:?}");
    }

    #[test]
    fn the_beginning_of_a_name_comes_before_its_middle() {
        let found = look_up("tangerang", 5);
        let names: Vec<&str> = found.iter().map(|one| one.region.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Kabupaten Tangerang",
                "Kota Tangerang",
                "Kota Tangerang Selatan"
            ]
        );
    }
}
