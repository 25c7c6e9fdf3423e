//! Days of the civil calendar: agreements, memberships and regions begin and end on days, not at
//! instants.

use std::fmt;

use crate::member::Zone;
use crate::timestamp::Timestamp;

/// The years a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
const DAYS_OF_ERA: i64 = 146_097;
/// From 0000-03-01, where eras begin, to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;

/// A day of the Gregorian calendar, from 1900 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first day of the known years.
    pub const FIRST: Self = Self(-25_567);
    /// The last one.
    pub const LAST: Self = Self(84_005);

    /// The day, or nothing when the calendar has none of this name.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let known = YEARS.contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        known.then(|| Self(days_from_civil(year, month, day)))
    }

    /// Reads `2024-10-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let shape = (year.len(), month.len(), day.len()) == (4, 2, 2) && parts.next().is_none();
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !shape || !digits {
            return None;
        }
        Self::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day it is at `at` in `zone`; the first or last known day beyond the known years.
    pub fn of(at: Timestamp, zone: Zone) -> Self {
        let local = at.plus_us(i64::from(zone.hours_ahead()) * Timestamp::HOUR_US);
        let days = local.0.div_euclid(Timestamp::DAY_US);
        let first = i64::from(days_from_civil(*YEARS.start(), 1, 1));
        let last = i64::from(days_from_civil(*YEARS.end(), 12, 31));
        Self(i32::try_from(days.clamp(first, last)).unwrap_or_default())
    }

    /// The day with this number, see [`Self::days`]; nothing outside the known years.
    pub fn from_days(days: i64) -> Option<Self> {
        let date = Self(i32::try_from(days).ok()?);
        let (year, ..) = date.ymd();
        YEARS.contains(&year).then_some(date)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        i64::from(self.0)
    }

    /// Year, month from 1, day from 1.
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// The same day of the year before, 28 February for a leap day; the first known day has none
    /// before it.
    pub fn year_before(self) -> Self {
        let (year, month, day) = self.ymd();
        let day = day.min(days_in(year - 1, month));
        Self::from_ymd(year - 1, month, day).unwrap_or(Self::FIRST)
    }

    /// Days from `earlier` to `self`; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.days() - earlier.days()
    }

    /// This day moved by `days`; nothing outside the known years.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::from_days(self.days().checked_add(days)?)
    }

    /// The last day of a term of whole months that begins on this day: a year from 1 October ends
    /// on 30 September; one from 29 February ends on 28 February.
    pub fn last_of_term(self, months: u32) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let ahead = i64::from(month - 1) + i64::from(months);
        let year = i32::try_from(i64::from(year) + ahead / 12).ok()?;
        let month = u32::try_from(ahead % 12).ok()? + 1;
        let last = days_in(year, month);
        if day > last {
            return Self::from_ymd(year, month, last);
        }
        Self::from_ymd(year, month, day)?.plus_days(-1)
    }

    /// The instant this day begins in `zone`.
    pub fn begins(self, zone: Zone) -> Timestamp {
        let hours = i64::from(zone.hours_ahead());
        Timestamp(self.days() * Timestamp::DAY_US - hours * Timestamp::HOUR_US)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

fn is_leap(year: i32) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Years begin in March here, so that the leap day is the last of its year.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * i64::from((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    i32::try_from(era * DAYS_OF_ERA + days - DAYS_TO_EPOCH).unwrap_or_default()
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = i64::from(days) + DAYS_TO_EPOCH;
    let era = days.div_euclid(DAYS_OF_ERA);
    let day_of_era = days.rem_euclid(DAYS_OF_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (
        i32::try_from(year).unwrap_or_default(),
        u32::try_from(month).unwrap_or_default(),
        u32::try_from(day).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).expect("date")
    }

    /// The oracle walks the calendar day by day with nothing but the lengths of the months.
    #[test]
    fn every_day_follows_the_one_before() {
        let mut days = date("1900-01-01").days();
        for year in 1900..=2199 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    let this = Date::from_ymd(year, month, day).expect("a day");
                    assert_eq!(this.days(), days);
                    assert_eq!(this.ymd(), (year, month, day));
                    assert_eq!(Date::parse(&this.to_string()), Some(this));
                    days += 1;
                }
            }
        }
        assert_eq!(Date::FIRST, date("1900-01-01"));
        assert_eq!(Date::LAST, date("2199-12-31"));
        assert_eq!(date("1970-01-01").days(), 0);
        assert_eq!(date("2024-10-01").days(), 19_997);
    }

    #[test]
    fn a_term_of_years_ends_on_the_day_before() {
        for (from, months, last) in [
            ("2024-10-01", 36, "2027-09-30"),
            ("2024-01-17", 36, "2027-01-16"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-03-01", 12, "2025-02-28"),
            ("2024-12-31", 6, "2025-06-30"),
        ] {
            assert_eq!(
                date(from).last_of_term(months),
                Some(date(last)),
                "{from} + {months}"
            );
        }
        assert_eq!(date("2199-01-01").last_of_term(13), None);
    }

    #[test]
    fn a_year_before_a_leap_day_is_the_last_of_february() {
        assert_eq!(date("2024-02-29").year_before(), date("2023-02-28"));
        assert_eq!(date("2026-11-26").year_before(), date("2025-11-26"));
        assert_eq!(date("1900-05-01").year_before(), Date::FIRST);
    }

    #[test]
    fn days_that_are_none_are_refused() {
        for bad in [
            "2023-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-1-01",
            "24-01-01",
            "2024-01-01-1",
            "+024-01-01",
            "1899-12-31",
            "2200-01-01",
            "",
            "besok",
            "2024-01-00",
            "25/07/2022",
            "२०२२-०७",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_begins_earlier_in_the_east() {
        let day = date("2027-01-17");
        let wib = day.begins(Zone::Wib);
        assert_eq!(wib.since_us(day.begins(Zone::Wit)), 2 * Timestamp::HOUR_US);
        assert_eq!(Date::of(wib, Zone::Wib), day);
        assert_eq!(Date::of(wib.plus_us(-1), Zone::Wib), date("2027-01-16"));
        assert_eq!(Date::of(wib.plus_us(-1), Zone::Wit), day);
    }
}
