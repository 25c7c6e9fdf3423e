//! The span of days in which something holds.

use crate::date::Date;

/// The end lies before the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the term ends on {until}, before it begins on {from}")]
pub struct EndsBeforeItBegins {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// A span of days, both ends included; an end nobody wrote down is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Term {
    from: Option<Date>,
    until: Option<Date>,
}

impl Term {
    /// From the first day to the last; refused when the last comes first.
    pub fn new(from: Option<Date>, until: Option<Date>) -> Result<Self, EndsBeforeItBegins> {
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err(EndsBeforeItBegins { from, until }),
            _ => Ok(Self { from, until }),
        }
    }

    /// The first day; none where nobody knows it.
    pub fn from(self) -> Option<Date> {
        self.from
    }

    /// The last day; none while it goes on.
    pub fn until(self) -> Option<Date> {
        self.until
    }

    /// Whether it holds on `day`.
    pub fn holds_on(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The same term, ended with `last` as its last day.
    pub fn ended(self, last: Date) -> Result<Self, EndsBeforeItBegins> {
        Self::new(self.from, Some(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
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
