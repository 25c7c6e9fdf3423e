//! Civil days as readers write and read them.

use domain::date::Date;
use domain::member::Zone;
use domain::term::Term;

use crate::web::{Frame, moment};

/// The day on which the page is drawn, in the reader's zone.
pub(crate) fn today(frame: &Frame) -> Date {
    Date::of(frame.now, frame.zone)
}

/// "1 Oktober 2024".
pub(crate) fn written(frame: &Frame, day: Date) -> String {
    moment::date(frame.language, Zone::Wib, day.begins(Zone::Wib))
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
    Day(Date),
    /// Something that is none.
    Unreadable,
}

/// Reads `2024-10-01`, `1/10/2024` and `1-10-2024` (day first, as is usual here).
pub(crate) fn typed(text: &str) -> Typed {
    let text = text.trim();
    if text.is_empty() {
        return Typed::Blank;
    }
    let day = Date::parse(text).or_else(|| {
        let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
        match parts.as_slice() {
            [day, month, year] if year.len() == 4 => {
                Date::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
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
        let day = Date::parse("2024-10-01").expect("a day");
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
