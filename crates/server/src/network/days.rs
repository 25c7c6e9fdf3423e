//! Civil days as readers write and read them.

use domain::member::Zone;
use domain::term::{Day, Term};

use crate::web::{Frame, moment};

/// The day on which the page is drawn, in the reader's zone.
pub(crate) fn today(frame: &Frame) -> Day {
    day_of(moment::civil(frame.zone, frame.now).date())
}

/// The day of a civil date; the first of all days for one outside the calendar of [`Day`].
fn day_of(date: jiff::civil::Date) -> Day {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    Day::new(date.year(), part(date.month()), part(date.day())).unwrap_or(Day::FIRST)
}

/// "1 Oktober 2024".
pub(crate) fn written(frame: &Frame, day: Day) -> String {
    let part = |value: u8| i8::try_from(value).unwrap_or(1);
    let noon = jiff::civil::Date::new(day.year(), part(day.month()), part(day.day()))
        .map(|date| date.at(5, 0, 0, 0))
        .and_then(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC));
    noon.map_or_else(
        |_| day.to_string(),
        |noon| {
            let at = domain::Timestamp(noon.timestamp().as_microsecond());
            moment::date(frame.language, Zone::Wib, at)
        },
    )
}

/// "1 Oktober 2024 – 30 September 2027", "sejak …", "sampai …"; empty where no day is known.
pub(crate) fn span(frame: &Frame, term: Term) -> String {
    match (term.from(), term.until()) {
        (None, None) => String::new(),
        (Some(from), None) => frame.t1("network-since", "day", written(frame, from)),
        (None, Some(until)) => frame.t1("network-until", "day", written(frame, until)),
        (Some(from), Some(until)) => {
            format!("{} – {}", written(frame, from), written(frame, until))
        }
    }
}

/// What stands in a field for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing.
    Blank,
    /// A day.
    Day(Day),
    /// Something that is none.
    Unreadable,
}

/// Reads `2024-10-01`, `1/10/2024` and `1-10-2024` (day first, as is usual here).
pub(crate) fn typed(text: &str) -> Typed {
    let text = text.trim();
    if text.is_empty() {
        return Typed::Blank;
    }
    let day = Day::parse(text).or_else(|| {
        let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
        match parts.as_slice() {
            [day, month, year] if year.len() == 4 => {
                Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
            }
            _ => None,
        }
    });
    day.map_or(Typed::Unreadable, Typed::Day)
}

/// The term of two fields, or the key of what is wrong with them.
pub(crate) fn term(from: &str, until: &str) -> Result<Term, &'static str> {
    let read = |text| match typed(text) {
        Typed::Blank => Ok(None),
        Typed::Day(day) => Ok(Some(day)),
        Typed::Unreadable => Err("network-fault-day"),
    };
    Term::new(read(from)?, read(until)?).map_err(|_| "network-fault-term")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let day = Day::parse("2024-10-01").expect("a day");
        for text in ["2024-10-01", " 1/10/2024 ", "01-10-2024", "1.10.2024"] {
            assert_eq!(typed(text), Typed::Day(day), "{text}");
        }
        assert_eq!(typed("  "), Typed::Blank);
        for text in ["2024", "31/02/2024", "Oktober", "1/10/24", "10/2024"] {
            assert_eq!(typed(text), Typed::Unreadable, "{text}");
        }
        assert_eq!(term("2/10/2024", "1/10/2024"), Err("network-fault-term"));
        assert_eq!(term("x", ""), Err("network-fault-day"));
        assert_eq!(term("", ""), Ok(Term::default()));
    }
}
