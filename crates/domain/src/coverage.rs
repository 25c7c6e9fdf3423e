//! Where an association has a chapter and where one is missing.
//!
//! A chapter and a province do not stand one to one: a chapter may cover some regencies, a whole
//! province or several, and its seat says nothing of what it covers.

use std::collections::BTreeSet;

use crate::date::Date;
use crate::directory::ChapterRegion;
use crate::ids::OrganisationId;
use crate::region::RegionCode;
use crate::region_history::RegionHistory;

/// How far a province is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// A chapter covers all of it.
    Whole,
    /// Chapters cover some of its regencies and cities, each of them named.
    Named(usize),
    /// A number of regencies and cities is stated; none is named.
    Stated(u16),
    /// A chapter has its seat there; which regencies it covers nobody wrote down.
    Seat,
    /// Nothing is known there.
    Missing,
}

impl Cover {
    /// The word used in addresses and classes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Named(_) => "named",
            Self::Stated(_) => "stated",
            Self::Seat => "seat",
            Self::Missing => "missing",
        }
    }
}

/// The chapters that cover `region`, or lie in it, on `day`.
pub fn chapters_in(
    regions: &[ChapterRegion],
    region: &RegionCode,
    day: Date,
    history: &RegionHistory,
) -> BTreeSet<OrganisationId> {
    let now = regions.iter().filter(|one| one.term.holds_on(day));
    now.filter(|one| {
        history.contains(&one.region, region, day) || history.contains(region, &one.region, day)
    })
    .map(|one| one.chapter)
    .collect()
}

/// The chapters that cover all of `region` on `day`.
pub fn chapters_over(
    regions: &[ChapterRegion],
    region: &RegionCode,
    day: Date,
    history: &RegionHistory,
) -> BTreeSet<OrganisationId> {
    let now = regions.iter().filter(|one| one.term.holds_on(day));
    now.filter(|one| history.contains(&one.region, region, day))
        .map(|one| one.chapter)
        .collect()
}

/// How far `province` with these `regencies` is covered on `day`. `stated` is the newest number
/// that somebody stated, `seated` whether a chapter has its seat there.
pub fn cover(
    regions: &[ChapterRegion],
    province: &RegionCode,
    regencies: &[RegionCode],
    stated: Option<u16>,
    seated: bool,
    day: Date,
    history: &RegionHistory,
) -> Cover {
    let over = |region| !chapters_over(regions, region, day, history).is_empty();
    if over(province) {
        return Cover::Whole;
    }
    let named = regencies.iter().filter(|regency| over(regency)).count();
    match (named, stated) {
        (0, Some(count)) => Cover::Stated(count),
        (0, None) if seated => Cover::Seat,
        (0, None) => Cover::Missing,
        (all, _) if all == regencies.len() => Cover::Whole,
        (some, _) => Cover::Named(some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Term;
    use uuid::Uuid;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a code")
    }

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    fn covers(chapter: u128, region: &str, until: Option<&str>) -> ChapterRegion {
        ChapterRegion {
            chapter: OrganisationId(Uuid::from_u128(chapter)),
            region: code(region),
            term: Term::new(Some(day("2020-01-01")), until.map(day)).expect("a term"),
            source: String::new(),
        }
    }

    #[track_caller]
    fn check(regions: &[ChapterRegion], stated: Option<u16>, seated: bool, wanted: Cover) {
        let regencies = ["15.01", "15.02", "15.71"].map(code);
        let found = cover(
            regions,
            &code("15"),
            &regencies,
            stated,
            seated,
            day("2026-11-26"),
            &RegionHistory::default(),
        );
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_province_is_covered_as_far_as_is_written_down() {
        check(&[], None, false, Cover::Missing);
        check(&[], None, true, Cover::Seat);
        check(&[], Some(8), true, Cover::Stated(8));
        check(&[covers(1, "15.01", None)], Some(8), true, Cover::Named(1));
        check(&[covers(1, "15", None)], None, false, Cover::Whole);
        let each = ["15.01", "15.02", "15.71"].map(|region| covers(1, region, None));
        check(&each, None, false, Cover::Whole);
    }

    #[test]
    fn a_chapter_that_ended_and_one_elsewhere_cover_nothing() {
        check(
            &[covers(1, "15.01", Some("2026-11-25"))],
            None,
            false,
            Cover::Missing,
        );
        check(&[covers(1, "14.01", None)], None, false, Cover::Missing);
    }

    #[test]
    fn one_province_may_have_several_chapters_and_one_chapter_several_provinces() {
        let regions = [
            covers(1, "15.01", None),
            covers(2, "15.02", None),
            covers(2, "14", None),
        ];
        let of = |region: &str| {
            chapters_in(
                &regions,
                &code(region),
                day("2026-11-26"),
                &RegionHistory::default(),
            )
            .len()
        };
        assert_eq!((of("15"), of("14"), of("14.01"), of("16")), (2, 1, 1, 0));
    }
}
