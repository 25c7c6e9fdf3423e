//! Dates in one form: "14 Feb 2024", "14/2/2024", "14-02-24", "2024-02-14".

use crate::words::Word;

/// A day that a text names, as far as it names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Year, where it is written.
    pub year: Option<u16>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, where it is written.
    pub day: Option<u8>,
}

/// A date with what it took of the text.
pub(crate) struct Found {
    pub(crate) date: Date,
    /// Words that it takes.
    pub(crate) length: usize,
    /// Which of those words holds the day, the month and the year; one word may hold all.
    pub(crate) day_at: Option<usize>,
    pub(crate) month_at: usize,
    pub(crate) year_at: Option<usize>,
}

const MONTHS: [(&str, &[&str]); 12] = [
    ("januari", &["jan", "january"]),
    ("februari", &["feb", "peb", "february", "pebruari"]),
    ("maret", &["mar", "mrt", "march"]),
    ("april", &["apr"]),
    ("mei", &["may"]),
    ("juni", &["jun", "june"]),
    ("juli", &["jul", "july"]),
    (
        "agustus",
        &["agu", "agt", "agst", "ags", "agus", "aug", "august"],
    ),
    ("september", &["sep", "sept"]),
    ("oktober", &["okt", "oct", "october"]),
    ("november", &["nov", "nop", "nopember"]),
    ("desember", &["des", "dec", "december"]),
];

/// The name of a month, 1 to 12.
pub(crate) fn month_name(month: u8) -> &'static str {
    MONTHS[usize::from(month.clamp(1, 12)) - 1].0
}

/// Names of days of the week, which say nothing beside a full date.
pub(crate) fn is_weekday(word: &str) -> bool {
    matches!(
        word,
        "senin" | "selasa" | "rabu" | "kamis" | "jumat" | "jum'at" | "sabtu" | "minggu" | "ahad"
    )
}

impl Date {
    /// `2024-02-14`, `2024-02` or `02-14`.
    pub(crate) fn text(self) -> String {
        match (self.year, self.day) {
            (Some(year), Some(day)) => format!("{year}-{:02}-{day:02}", self.month),
            (Some(year), None) => format!("{year}-{:02}", self.month),
            (None, Some(day)) => format!("{:02}-{day:02}", self.month),
            (None, None) => format!("{:02}", self.month),
        }
    }
}

/// The date that begins at the first word.
pub(crate) fn date_at(words: &[Word]) -> Option<Found> {
    let first = &words.first()?.text;
    if first.as_bytes()[0].is_ascii_digit() {
        dotted(first)
            .or_else(|| in_figures(words))
            .or_else(|| day_first(words))
    } else {
        month_first(words)
    }
}

/// "14.02.2024", which stands as one word.
fn dotted(word: &str) -> Option<Found> {
    let mut parts = word.split('.');
    let three = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() || three[2].len() == 3 {
        return None;
    }
    Some(Found {
        date: of_figures(three)?,
        length: 1,
        day_at: Some(0),
        month_at: 0,
        year_at: Some(0),
    })
}

/// "14/2/2024", "2024-02-14": three numbers tied by one sign.
fn in_figures(words: &[Word]) -> Option<Found> {
    let [one, two, three, ..] = words else {
        return None;
    };
    let tie = two.tie.filter(|tie| matches!(tie, '/' | '-' | '.'))?;
    let goes_on = words.get(3).is_some_and(|next| next.tie == Some(tie));
    if three.tie != Some(tie) || goes_on {
        return None;
    }
    let is_year_first = one.text.len() == 4;
    Some(Found {
        date: of_figures([&one.text, &two.text, &three.text])?,
        length: 3,
        day_at: Some(if is_year_first { 2 } else { 0 }),
        month_at: 1,
        year_at: Some(if is_year_first { 0 } else { 2 }),
    })
}

fn of_figures(parts: [&str; 3]) -> Option<Date> {
    let number = |part: &str| -> Option<u16> {
        let fits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse().ok()).flatten()
    };
    let [a, b, c] = [number(parts[0])?, number(parts[1])?, number(parts[2])?];
    if parts[0].len() == 4 {
        return date(Some(a), b, Some(c));
    }
    if parts[1].len() > 2 || !matches!(parts[2].len(), 2 | 4) {
        return None;
    }
    let year = if parts[2].len() == 2 { 2000 + c } else { c };
    // Day before month as written here; the other order only where it cannot be a month.
    date(Some(year), b, Some(a)).or_else(|| date(Some(year), a, Some(b)))
}

fn date(year: Option<u16>, month: u16, day: Option<u16>) -> Option<Date> {
    let fits = (1..=12).contains(&month)
        && day.is_none_or(|day| (1..=31).contains(&day))
        && year.is_none_or(|year| (1900..2100).contains(&year));
    fits.then(|| Date {
        year,
        month: u8::try_from(month).unwrap_or_default(),
        day: day.and_then(|day| u8::try_from(day).ok()),
    })
}

/// "14 Februari 2024", "14 Feb".
fn day_first(words: &[Word]) -> Option<Found> {
    let day = day(&words.first()?.text)?;
    let month = month(&words.get(1)?.text)?;
    let year = words.get(2).and_then(year);
    Some(Found {
        date: date(year, month, Some(day))?,
        length: 2 + usize::from(year.is_some()),
        day_at: Some(0),
        month_at: 1,
        year_at: year.map(|_| 2),
    })
}

/// "Februari 2024", "February 14, 2024".
fn month_first(words: &[Word]) -> Option<Found> {
    let month = month(&words.first()?.text)?;
    if let Some(year) = words.get(1).and_then(year) {
        return Some(Found {
            date: date(Some(year), month, None)?,
            length: 2,
            day_at: None,
            month_at: 0,
            year_at: Some(1),
        });
    }
    let day = day(&words.get(1)?.text)?;
    let year = words.get(2).and_then(year)?;
    Some(Found {
        date: date(Some(year), month, Some(day))?,
        length: 3,
        day_at: Some(1),
        month_at: 0,
        year_at: Some(2),
    })
}

fn day(word: &str) -> Option<u16> {
    let fits = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let value: u16 = fits.then(|| word.parse().ok()).flatten()?;
    (1..=31).contains(&value).then_some(value)
}

fn year(word: &Word) -> Option<u16> {
    let fits = word.text.len() == 4 && word.text.bytes().all(|b| b.is_ascii_digit());
    let value: u16 = fits.then(|| word.text.parse().ok()).flatten()?;
    (1900..2100).contains(&value).then_some(value)
}

fn month(word: &str) -> Option<u16> {
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    let at = MONTHS
        .iter()
        .position(|(name, short)| *name == word || short.contains(&word))?;
    u16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::words::read;

    fn found(text: &str) -> Option<String> {
        date_at(&read(Lexicon::built_in(), text, 20)).map(|found| found.date.text())
    }

    #[test]
    fn every_way_to_write_a_day_gives_one_date() {
        for text in [
            "14 Februari 2024",
            "14 Feb 2024",
            "14 Pebruari 2024",
            "14/2/2024",
            "14/02/24",
            "14-02-24",
            "14-2-2024",
            "14.02.2024",
            "2024-02-14",
            "2024/02/14",
            "February 14, 2024",
            "2/14/2024",
        ] {
            assert_eq!(found(text).as_deref(), Some("2024-02-14"), "{text}");
        }
        assert_eq!(found("Februari 2024").as_deref(), Some("2024-02"));
        assert_eq!(found("14 Februari").as_deref(), Some("02-14"));
    }

    #[test]
    fn other_figures_are_no_dates() {
        for text in [
            "14 orang",
            "1/2",
            "32/2/2024",
            "14/13/2099/1",
            "0812-3456-7890",
            "1.000.000",
            "13.13.2024",
            "10-20-30-40",
            "Mei",
            "192.168.1.1",
            "3-2",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
