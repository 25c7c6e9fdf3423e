//! Times as exports write them. A time without a zone is read in WIB (UTC+7).

use domain::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// Hours ahead of UTC where a time names no zone.
const WIB: Offset = Offset::constant(7);
/// Unix times from here on are taken for milliseconds (as seconds it would be the year 5138).
const MILLISECONDS_FROM: i64 = 100_000_000_000;
/// Unix times below this are taken for something else, such as an id (it is the year 2001).
const SECONDS_FROM: i64 = 1_000_000_000;

/// Formats with a zone.
const ZONED: [&str; 4] = [
    "%Y-%m-%d %H:%M:%S%:z",
    "%Y-%m-%d %H:%M:%S %z",
    "%a %b %d %H:%M:%S %z %Y",
    "%a, %d %b %Y %H:%M:%S %z",
];
/// Formats of a day and a time of day.
const TIMED: [&str; 10] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
];
/// Formats of a day.
const DATED: [&str; 7] = [
    "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y%m%d",
];
/// Indonesian months that differ from the English ones, full names before their short forms.
const MONTHS: [(&str, &str); 13] = [
    ("januari", "January"),
    ("februari", "February"),
    ("pebruari", "February"),
    ("maret", "March"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("agustus", "August"),
    ("oktober", "October"),
    ("desember", "December"),
    ("agu", "Aug"),
    ("okt", "Oct"),
    ("des", "Dec"),
];

/// Reads a time; `None` when it is none of the forms we know.
pub(super) fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>()
        && text.len() != 8
    {
        return match number {
            MILLISECONDS_FROM.. => Some(Timestamp(number.checked_mul(1_000)?)),
            SECONDS_FROM.. => Some(Timestamp(number * Timestamp::SECOND_US)),
            _ => None,
        };
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_microsecond()));
    }
    let plain = without_zone_word(&with_english_month(text));
    let zoned = ZONED
        .iter()
        .find_map(|format| jiff::Timestamp::strptime(format, &plain.0).ok());
    if let Some(instant) = zoned {
        return Some(Timestamp(instant.as_microsecond()));
    }
    let timed = TIMED
        .iter()
        .find_map(|format| DateTime::strptime(format, &plain.0).ok());
    let dated = || {
        DATED
            .iter()
            .find_map(|format| Date::strptime(format, &plain.0).ok())
    };
    let civil = timed.or_else(|| dated().map(|day| day.at(0, 0, 0, 0)))?;
    let instant = civil.to_zoned(TimeZone::fixed(plain.1)).ok()?.timestamp();
    Some(Timestamp(instant.as_microsecond()))
}

fn with_english_month(text: &str) -> String {
    let words = text.split(' ').filter(|word| !word.is_empty()).map(|word| {
        let lower = word.to_lowercase();
        let known = MONTHS.iter().find(|(indonesian, _)| *indonesian == lower);
        known.map_or(word, |(_, english)| english)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `14-02-2024 08:00 WITA` as the part before the zone and the zone's offset.
fn without_zone_word(text: &str) -> (String, Offset) {
    for (word, hours) in [
        (" WITA", 8),
        (" WIT", 9),
        (" WIB", 7),
        (" UTC", 0),
        (" GMT", 0),
    ] {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest.to_owned(), Offset::constant(hours));
        }
    }
    (text.to_owned(), WIB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_same_moment() {
        for text in [
            "2024-02-14T01:30:00Z",
            "2024-02-14T08:30:00+07:00",
            "2024-02-14 08:30:00",
            "2024-02-14 08:30",
            "2024-02-14 01:30:00+00:00",
            "2024-02-14 01:30:00 UTC",
            "14/02/2024 08:30",
            "14-02-2024 09:30 WITA",
            "14 Februari 2024 08:30",
            "14 feb 2024 08:30".trim_end_matches(" 08:30"),
            "Wed Feb 14 01:30:00 +0000 2024",
            "Wed, 14 Feb 2024 01:30:00 +0000",
            "1707874200",
            "1707874200000",
        ] {
            let at = read_time(text).unwrap_or_else(|| panic!("{text:?} is not read"));
            let moment = Timestamp(1_707_874_200_000_000);
            let midnight = Timestamp(1_707_843_600_000_000);
            let wanted = if text.contains(':') || text.starts_with('1') && !text.contains(' ') {
                moment
            } else {
                midnight
            };
            assert_eq!(at, wanted, "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_jakarta() {
        for text in [
            "2024-02-14",
            "14/02/2024",
            "14 Februari 2024",
            "20240214",
            "14 Feb 2024",
        ] {
            assert_eq!(
                read_time(text),
                Some(Timestamp(1_707_843_600_000_000)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "kemarin",
            "123",
            "2024-13-40",
            "31/02/2024",
            "halo 2024",
            "99999999999999999999",
        ] {
            assert_eq!(read_time(text), None, "{text:?}");
        }
    }
}
