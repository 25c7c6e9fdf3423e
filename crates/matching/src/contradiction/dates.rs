//! Days, months, years and weekdays.

use super::reading::{Place, Reading, SaidWords};
use super::{Contradiction, FACTS_MAX};

const MONTHS: [&[&str]; 12] = [
    &["januari", "jan", "january"],
    &["februari", "feb", "pebruari", "february"],
    &["maret", "mar", "march"],
    &["april", "apr"],
    &["mei", "may"],
    &["juni", "jun", "june"],
    &["juli", "jul", "july"],
    &["agustus", "agu", "agt", "ags", "agust", "august"],
    &["september", "sep", "sept"],
    &["oktober", "okt", "october"],
    &["november", "nov", "nop", "nopember"],
    &["desember", "des", "december"],
];
const WEEKDAYS: [&[&str]; 7] = [
    &["senin"],
    &["selasa"],
    &["rabu"],
    &["kamis"],
    &["jumat"],
    &["sabtu"],
    &["minggu", "ahad"],
];

/// A day as far as a text names it; 0 where it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Date {
    day: u8,
    month: u8,
    year: u16,
    weekday: u8,
    written: Box<str>,
    place: Place,
}

/// The days of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dates(Vec<Date>);

/// How two dates stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// They name nothing that could be compared.
    Apart,
    Same,
    OtherYear,
    OtherDay,
}

/// Days, months and years that stand at one word, and how many words they take.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    days: (u8, u8),
    month: u8,
    year: u16,
    weekday: u8,
    length: usize,
}

impl Dates {
    /// Reads the dates and marks the words that they take.
    pub(super) fn read(reading: &Reading<'_>, places: &[Place], taken: &mut [bool]) -> Self {
        let mut dates = Vec::new();
        let mut at = 0;
        while at < reading.tokens.len() && dates.len() < FACTS_MAX {
            let Some(found) = date_at(reading, at) else {
                at += 1;
                continue;
            };
            let end = at + found.length;
            for part in &mut taken[at..end] {
                *part = true;
            }
            let date = |day: u8| Date {
                day,
                month: found.month,
                year: found.year,
                weekday: found.weekday,
                written: reading.written(at, end - 1).to_lowercase().into(),
                place: places[at],
            };
            dates.push(date(found.days.0));
            if found.days.1 > 0 {
                dates.push(date(found.days.1));
            }
            at = end;
        }
        Self(dates)
    }

    pub(super) fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|date| size_of::<Date>() + date.written.len())
            .sum()
    }

    /// A date of the claim that the text puts elsewhere.
    pub(super) fn contradiction(
        &self,
        said: &SaidWords,
        claim: &Self,
        claimed: &SaidWords,
    ) -> Option<Contradiction> {
        for date in &claim.0 {
            if self.0.iter().any(|ours| ours.fit(date) == Fit::Same) {
                continue;
            }
            let other = self.0.iter().find(|ours| {
                let agrees = || said.agree(ours.place, claimed, date.place) > 0;
                match ours.fit(date) {
                    Fit::Apart | Fit::Same => false,
                    Fit::OtherYear => ours.is_year_alone() == date.is_year_alone() || agrees(),
                    Fit::OtherDay => agrees(),
                }
            })?;
            let (query, claim) = (other.written.to_string(), date.written.to_string());
            return Some(if other.fit(date) == Fit::OtherYear {
                Contradiction::Year {
                    query: other.year.to_string(),
                    claim: date.year.to_string(),
                }
            } else {
                Contradiction::Date { query, claim }
            });
        }
        None
    }
}

impl Date {
    fn is_year_alone(&self) -> bool {
        self.month == 0 && self.day == 0 && self.weekday == 0
    }

    fn fit(&self, other: &Self) -> Fit {
        let both = |a: u16, b: u16| (a > 0 && b > 0).then_some(a == b);
        let day = both(self.day.into(), other.day.into());
        let month = both(self.month.into(), other.month.into());
        let year = both(self.year, other.year);
        let weekday = both(self.weekday.into(), other.weekday.into());
        if day == Some(false) || month == Some(false) {
            return Fit::OtherDay;
        }
        if year == Some(false) {
            return Fit::OtherYear;
        }
        if day.is_some() || month.is_some() || year.is_some() {
            return Fit::Same;
        }
        match weekday {
            Some(true) => Fit::Same,
            Some(false) => Fit::OtherDay,
            None => Fit::Apart,
        }
    }
}

fn named(list: &[&[&str]], word: &str) -> u8 {
    let at = list.iter().position(|names| names.contains(&word));
    at.map_or(0, |at| at as u8 + 1)
}

fn month_at(reading: &Reading<'_>, at: usize) -> u8 {
    reading.words.get(at).map_or(0, |word| named(&MONTHS, word))
}

/// A whole number at a word, inside its bounds.
fn whole(reading: &Reading<'_>, at: usize, most: f64) -> Option<u16> {
    let value = reading.tokens.get(at)?.number?;
    ((1.0..=most).contains(&value) && value.fract() == 0.0).then_some(value as u16)
}

fn year_at(reading: &Reading<'_>, at: usize) -> Option<u16> {
    let token = reading.tokens.get(at)?;
    token.is_year.then_some(token.number? as u16)
}

fn date_at(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let word = reading.words[at];
    let before = at.checked_sub(1).map_or("", |i| reading.words[i]);
    if let Some(found) = weekday_at(reading, at, before) {
        return Some(found);
    }
    if let Some(found) = in_figures(reading, at) {
        return Some(found);
    }
    if let Some(day) = whole(reading, at, 31.0) {
        return with_day(reading, at, day as u8, before);
    }
    let month = named(&MONTHS, word);
    if month > 0 {
        let year = year_at(reading, at + 1);
        return Some(Found {
            month,
            year: year.unwrap_or(0),
            length: 1 + usize::from(year.is_some()),
            ..Found::default()
        });
    }
    if let Some(year) = year_at(reading, at) {
        return Some(Found {
            year,
            length: 1,
            ..Found::default()
        });
    }
    if word == "tahun"
        && let Some(short) = whole(reading, at + 1, 99.0)
        && reading.words[at + 1].len() == 2
        && short >= 45
    {
        return Some(Found {
            year: 1900 + short,
            length: 2,
            ..Found::default()
        });
    }
    if word == "bulan"
        && let Some(month) = whole(reading, at + 1, 12.0)
    {
        return Some(Found {
            month: month as u8,
            length: 2,
            ..Found::default()
        });
    }
    None
}

/// "Senin", and "Minggu" where it is no week.
fn weekday_at(reading: &Reading<'_>, at: usize, before: &str) -> Option<Found> {
    let word = reading.words[at];
    let weekday = named(&WEEKDAYS, word);
    let next = reading.words.get(at + 1).copied().unwrap_or("");
    let is_day = word != "minggu"
        || matches!(before, "hari" | "malam")
        || matches!(next, "pagi" | "siang" | "sore" | "malam");
    if weekday == 0 || !is_day {
        return None;
    }
    let dated = (at + 1..at + 3).find_map(|next| {
        let found = in_figures(reading, next).or_else(|| {
            let day = whole(reading, next, 31.0)?;
            with_day(reading, next, day as u8, reading.words[next - 1])
        })?;
        Some((next, found))
    });
    Some(match dated {
        Some((next, found)) => Found {
            weekday,
            length: next - at + found.length,
            ..found
        },
        None => Found {
            weekday,
            length: 1,
            ..Found::default()
        },
    })
}

/// "20/3/2024", "14-02-24", "27/7".
fn in_figures(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let mark = reading.between(at);
    if !matches!(mark, "/" | "-") {
        return None;
    }
    let day = whole(reading, at, 31.0)? as u8;
    let month = whole(reading, at + 1, 12.0)? as u8;
    let year = if reading.between(at + 1) == mark {
        year_at(reading, at + 2).or_else(|| whole(reading, at + 2, 99.0).map(|short| 2000 + short))
    } else {
        None
    };
    if year.is_none() && mark == "-" {
        return None;
    }
    Some(Found {
        days: (day, 0),
        month,
        year: year.unwrap_or(0),
        length: 2 + usize::from(year.is_some()),
        ..Found::default()
    })
}

/// "14 Februari 2024", "3 dan 4 Juli", "tanggal 5", "15 bulan 4".
fn with_day(reading: &Reading<'_>, at: usize, day: u8, before: &str) -> Option<Found> {
    let mut next = at + 1;
    let mut second = 0;
    let joined = reading.between(at) == "-" || reading.between(at) == "–";
    let linked = reading
        .words
        .get(next)
        .is_some_and(|word| matches!(*word, "dan" | "sampai" | "hingga" | "sama"));
    let other = next + usize::from(linked);
    if (joined || linked)
        && let Some(last) = whole(reading, other, 31.0)
        && month_at(reading, other + 1) > 0
    {
        second = last as u8;
        next = other + 1;
    }
    let mut month = month_at(reading, next);
    if month > 0 {
        next += 1;
    } else if reading.words.get(next) == Some(&"bulan")
        && let Some(number) = whole(reading, next + 1, 12.0)
    {
        month = number as u8;
        next += 2;
    }
    let year = if month > 0 {
        year_at(reading, next)
    } else {
        None
    };
    if month == 0 && before != "tanggal" {
        return None;
    }
    Some(Found {
        days: (day, second),
        month,
        year: year.unwrap_or(0),
        length: next - at + usize::from(year.is_some()),
        ..Found::default()
    })
}
