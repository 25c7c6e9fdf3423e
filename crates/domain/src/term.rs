//! Civil days and the span of days in which something holds.

use std::fmt;

/// A civil day of the Gregorian calendar, without a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i16,
    month: u8,
    of_month: u8,
}

impl Day {
    /// The first day of the calendar.
    pub const FIRST: Self = Self {
        year: 1,
        month: 1,
        of_month: 1,
    };

    /// The day of this date; `None` where the calendar has none.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let in_month = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        in_month.then_some(Self {
            year,
            month,
            of_month: day,
        })
    }

    /// Reads `2022-07-25`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if text.len() != 10 || !digits {
            return None;
        }
        Self::new(
            text[..4].parse().ok()?,
            text[5..7].parse().ok()?,
            text[8..].parse().ok()?,
        )
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Its month, from 1.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Its day of the month, from 1.
    pub fn day(self) -> u8 {
        self.of_month
    }
}

impl Day {
    /// The same day of the year before; 28 February for a leap day.
    pub fn year_before(self) -> Self {
        Self {
            year: (self.year - 1).max(1),
            of_month: self.of_month.min(days_in(self.year - 1, self.month)),
            ..self
        }
    }
}

fn days_in(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

/// The end lies before the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the term ends on {until}, before it begins on {from}")]
pub struct EndsBeforeItBegins {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
}

/// A span of days, both ends included; an end nobody wrote down is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Term {
    from: Option<Day>,
    until: Option<Day>,
}

impl Term {
    /// From the first day to the last; refused when the last comes first.
    pub fn new(from: Option<Day>, until: Option<Day>) -> Result<Self, EndsBeforeItBegins> {
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err(EndsBeforeItBegins { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// The first day; none where nobody knows it.
    pub fn from(self) -> Option<Day> {
        self.from
    }

    /// The last day; none while it goes on.
    pub fn until(self) -> Option<Day> {
        self.until
    }

    /// Whether it holds on `day`.
    pub fn holds_on(self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The same term, ended with `last` as its last day.
    pub fn ended(self, last: Day) -> Result<Self, EndsBeforeItBegins> {
        Self::new(self.from, Some(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn days_read_back_and_those_of_no_calendar_are_refused() {
        for good in ["2022-07-25", "2024-02-29", "2000-02-29", "1999-12-31"] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "",
            "2022-7-25",
            "2023-02-29",
            "1900-02-29",
            "2022-13-01",
            "2022-00-10",
            "2022-04-31",
            "2022-01-00",
            "0000-01-01",
            "25/07/2022",
            "2022-07-25T",
            "२०२२-०७",
        ] {
            assert_eq!(Day::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_year_before_a_leap_day_is_the_last_of_february() {
        assert_eq!(day("2024-02-29").year_before(), day("2023-02-28"));
        assert_eq!(day("2026-11-26").year_before(), day("2025-11-26"));
    }

    #[test]
    fn a_term_holds_on_both_its_ends_and_not_beside_them() {
        let term = Term::new(Some(day("2024-10-01")), Some(day("2027-09-30"))).expect("a term");
        for (when, holds) in [
            ("2024-09-30", false),
            ("2024-10-01", true),
            ("2027-09-30", true),
            ("2027-10-01", false),
        ] {
            assert_eq!(term.holds_on(day(when)), holds, "{when}");
        }
        assert!(Term::default().holds_on(day("1999-01-01")));
        assert!(Term::new(Some(day("2024-10-01")), Some(day("2024-09-30"))).is_err());
        assert!(term.ended(day("2024-09-01")).is_err());
    }
}
