//! Points in time as readers in WIB, WITA and WIT write them.

use domain::Timestamp;
use domain::member::Zone;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::language::Language;
use super::markup::Markup;

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Older than this a moment is shown as a date, in microseconds.
const RELATIVE_MAX_US: i64 = 7 * Timestamp::DAY_US;

/// The civil date and time of `at` in `zone`.
pub fn civil(zone: Zone, at: Timestamp) -> DateTime {
    let utc = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    utc.to_zoned(TimeZone::fixed(Offset::constant(zone.hours_ahead())))
        .datetime()
}

/// "22 November 2026".
pub fn date(language: Language, zone: Zone, at: Timestamp) -> String {
    let day = civil(zone, at);
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    let month = match language {
        Language::Indonesian => MONTHS_ID[month],
        Language::English => MONTHS_EN[month],
    };
    format!("{} {month} {}", day.day(), day.year())
}

/// "08.05" in Indonesian, "08:05" in English.
pub fn clock(language: Language, zone: Zone, at: Timestamp) -> String {
    let time = civil(zone, at);
    let separator = match language {
        Language::Indonesian => '.',
        Language::English => ':',
    };
    format!("{:02}{separator}{:02}", time.hour(), time.minute())
}

/// "22 November 2026 08.05 WIB".
pub fn exact(language: Language, zone: Zone, at: Timestamp) -> String {
    format!(
        "{} {} {}",
        date(language, zone, at),
        clock(language, zone, at),
        zone.as_str()
    )
}

/// "12 mnt lalu"; the date once it is more than a week ago. A moment ahead of `now` is "just now":
/// clocks differ by seconds, and nobody is helped by "in 3 seconds".
pub fn relative(language: Language, zone: Zone, now: Timestamp, at: Timestamp) -> String {
    let age = now.since_us(at);
    if age >= RELATIVE_MAX_US {
        return date(language, zone, at);
    }
    let span = span(language, age);
    match language {
        _ if age < Timestamp::MINUTE_US => match language {
            Language::Indonesian => "baru saja".to_owned(),
            Language::English => "just now".to_owned(),
        },
        Language::Indonesian => format!("{span} lalu"),
        Language::English => format!("{span} ago"),
    }
}

/// A length of time in its largest unit: "41 mnt", "2 jam", "3 hari".
pub fn span(language: Language, us: i64) -> String {
    let (count, id, en) = if us < Timestamp::HOUR_US {
        ((us / Timestamp::MINUTE_US).max(1), "mnt", "min")
    } else if us < Timestamp::DAY_US {
        (
            us / Timestamp::HOUR_US,
            "jam",
            if us < 2 * Timestamp::HOUR_US {
                "hour"
            } else {
                "hours"
            },
        )
    } else {
        (
            us / Timestamp::DAY_US,
            "hari",
            if us < 2 * Timestamp::DAY_US {
                "day"
            } else {
                "days"
            },
        )
    };
    match language {
        Language::Indonesian => format!("{count} {id}"),
        Language::English => format!("{count} {en}"),
    }
}

/// The machine form in UTC, as `datetime` attributes, feeds and JSON want it.
pub fn machine(at: Timestamp) -> String {
    let utc = civil_utc(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        utc.year(),
        utc.month(),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

/// The form of HTTP headers and RSS: "Sun, 22 Nov 2026 01:05:00 GMT".
pub fn http(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let utc = civil_utc(at);
    let day = usize::try_from(utc.weekday().to_sunday_zero_offset()).unwrap_or_default();
    let month = usize::try_from(utc.month() - 1).unwrap_or_default();
    format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        DAYS[day],
        utc.day(),
        &MONTHS_EN[month][..3],
        utc.year(),
        utc.hour(),
        utc.minute(),
        utc.second()
    )
}

/// `<time>` with the relative form to read and the exact one on hover and for screen readers.
pub fn ago(language: Language, zone: Zone, now: Timestamp, at: Timestamp) -> Markup {
    let exact = exact(language, zone, at);
    Markup::from_safe(format!(
        r#"<time datetime="{}" title="{exact}">{}<span class="sr"> ({exact})</span></time>"#,
        machine(at),
        relative(language, zone, now, at)
    ))
}

/// `<time>` with the date to read and the exact moment on hover. The epoch stands for a date
/// that the source does not tell, as archives that hold only titles do.
pub fn day(language: Language, zone: Zone, at: Timestamp) -> Markup {
    if at == Timestamp(0) {
        return Markup::from_safe(match language {
            Language::Indonesian => "tanpa tanggal",
            Language::English => "undated",
        });
    }
    Markup::from_safe(format!(
        r#"<time datetime="{}" title="{}">{}</time>"#,
        machine(at),
        exact(language, zone, at),
        date(language, zone, at)
    ))
}

fn civil_utc(at: Timestamp) -> DateTime {
    jiff::Timestamp::from_microsecond(at.0)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .datetime()
}

#[cfg(test)]
mod tests {
    use super::Language::{English, Indonesian};
    use super::*;

    #[test]
    fn what_has_no_date_is_not_of_1970() {
        assert_eq!(
            day(Indonesian, Zone::Wib, Timestamp(0)).as_str(),
            "tanpa tanggal"
        );
        assert_eq!(day(English, Zone::Wit, Timestamp(0)).as_str(), "undated");
    }

    /// 2026-11-22 01:05:00 UTC.
    const AT: Timestamp = Timestamp(1_795_309_500_000_000);

    #[test]
    fn each_zone_has_its_own_hour() {
        assert_eq!(
            exact(Indonesian, Zone::Wib, AT),
            "22 November 2026 08.05 WIB"
        );
        assert_eq!(
            exact(Indonesian, Zone::Wita, AT),
            "22 November 2026 09.05 WITA"
        );
        assert_eq!(exact(English, Zone::Wit, AT), "22 November 2026 10:05 WIT");
        let late = AT.plus_us(16 * Timestamp::HOUR_US);
        assert_eq!(date(Indonesian, Zone::Wib, late), "23 November 2026");
    }

    #[test]
    fn months_are_named_in_both_languages() {
        let may = Timestamp(1_777_600_000_000_000);
        assert_eq!(date(Indonesian, Zone::Wib, may), "1 Mei 2026");
        assert_eq!(date(English, Zone::Wib, may), "1 May 2026");
    }

    #[test]
    fn age_is_told_in_its_largest_unit() {
        let ago = |us: i64| relative(Indonesian, Zone::Wib, AT, AT.plus_us(-us));
        assert_eq!(ago(-5 * Timestamp::SECOND_US), "baru saja");
        assert_eq!(ago(59 * Timestamp::SECOND_US), "baru saja");
        assert_eq!(ago(12 * Timestamp::MINUTE_US), "12 mnt lalu");
        assert_eq!(ago(119 * Timestamp::MINUTE_US), "1 jam lalu");
        assert_eq!(ago(3 * Timestamp::DAY_US), "3 hari lalu");
        assert_eq!(ago(7 * Timestamp::DAY_US), "15 November 2026");
        let en = |us: i64| relative(English, Zone::Wib, AT, AT.plus_us(-us));
        assert_eq!(en(Timestamp::HOUR_US), "1 hour ago");
        assert_eq!(en(2 * Timestamp::HOUR_US), "2 hours ago");
        assert_eq!(en(Timestamp::DAY_US), "1 day ago");
        assert_eq!(en(0), "just now");
    }

    #[test]
    fn machines_read_utc() {
        assert_eq!(machine(AT), "2026-11-22T01:05:00Z");
        assert_eq!(http(AT), "Sun, 22 Nov 2026 01:05:00 GMT");
        assert_eq!(machine(Timestamp(i64::MAX)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn the_tag_carries_all_three_forms() {
        assert_eq!(
            ago(Indonesian, Zone::Wib, AT.plus_us(Timestamp::HOUR_US), AT).as_str(),
            "<time datetime=\"2026-11-22T01:05:00Z\" title=\"22 November 2026 08.05 WIB\">1 jam lalu\
             <span class=\"sr\"> (22 November 2026 08.05 WIB)</span></time>"
        );
    }
}
