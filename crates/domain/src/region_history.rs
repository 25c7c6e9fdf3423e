//! Regions by date: codes and parents change when a province is split.
//!
//! A regency keeps its land and gets another code and another parent. All that is needed to answer
//! for any day is the list of these moves; what the codes of today are called is the server's.

use crate::date::Date;
use crate::region::RegionCode;

/// One regency or city that went over to another province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The code before.
    pub old: RegionCode,
    /// The code from that day on.
    pub new: RegionCode,
    /// The first day of the new code.
    pub on: Date,
}

/// Every move there was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionHistory {
    moves: Vec<Move>,
}

impl RegionHistory {
    /// The history made of these moves, in any order.
    pub fn new(mut moves: Vec<Move>) -> Self {
        moves.sort_by_key(|one| one.on);
        Self { moves }
    }

    /// The code under which the land of `code` stood on `day`: a code of any time may be asked
    /// for. `None` for a province that was not there on that day.
    pub fn code_on(&self, code: &RegionCode, day: Date) -> Option<RegionCode> {
        let Some((regency, rest)) = split_at_regency(code.as_str()) else {
            return self.exists_on(code, day).then(|| code.clone());
        };
        let mut regency = regency.to_owned();
        for one in &self.moves {
            if one.on <= day && one.old.as_str() == regency {
                one.new.as_str().clone_into(&mut regency);
            }
        }
        for one in self.moves.iter().rev() {
            if one.on > day && one.new.as_str() == regency {
                one.old.as_str().clone_into(&mut regency);
            }
        }
        RegionCode::parse(&format!("{regency}{rest}")).ok()
    }

    /// The region that held `code` on `day`; `None` for a province, and for what was not there.
    pub fn parent_on(&self, code: &RegionCode, day: Date) -> Option<RegionCode> {
        let then = self.code_on(code, day)?;
        let (parent, _) = then.as_str().rsplit_once('.')?;
        RegionCode::parse(parent).ok()
    }

    /// Whether `inner` lay in `outer`, or was the same, on `day`.
    pub fn contains(&self, outer: &RegionCode, inner: &RegionCode, day: Date) -> bool {
        let (Some(outer), Some(inner)) = (self.code_on(outer, day), self.code_on(inner, day))
        else {
            return false;
        };
        let rest = inner.as_str().strip_prefix(outer.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Whether a province of this code was there on `day`. A province that gave regencies away
    /// goes on with the rest.
    pub fn exists_on(&self, province: &RegionCode, day: Date) -> bool {
        self.founded(province).is_none_or(|first| first <= day)
    }

    /// What stands on `later` where `code` stood on `earlier`: of a split province itself and
    /// those made out of it, of a regency its code then.
    pub fn became(&self, code: &RegionCode, earlier: Date, later: Date) -> Vec<RegionCode> {
        if split_at_regency(code.as_str()).is_some() {
            return self.code_on(code, later).into_iter().collect();
        }
        if !self.exists_on(code, earlier) {
            return Vec::new();
        }
        let mut now = vec![code.clone()];
        for one in &self.moves {
            let left = one.old.province() == code.as_str() && one.on > earlier && one.on <= later;
            if left && let Ok(heir) = RegionCode::parse(one.new.province()) {
                now.push(heir);
            }
        }
        now.sort();
        now.dedup();
        now
    }

    /// The first day of a province that was made out of others.
    fn founded(&self, province: &RegionCode) -> Option<Date> {
        let gained = self
            .moves
            .iter()
            .filter(|one| one.new.province() == province.as_str());
        gained.map(|one| one.on).min()
    }
}

/// `15.05.01` as `15.05` and `.01`; `None` for a province.
fn split_at_regency(code: &str) -> Option<(&str, &str)> {
    (code.len() >= 5).then(|| code.split_at(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a code")
    }

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    /// Merauke and Sorong, as they were and are.
    fn history() -> RegionHistory {
        let moved = |old, new, on| Move {
            old: code(old),
            new: code(new),
            on: day(on),
        };
        RegionHistory::new(vec![
            moved("92.01", "96.01", "2022-12-08"),
            moved("91.01", "93.01", "2022-07-25"),
            moved("91.04", "94.01", "2022-07-25"),
        ])
    }

    #[track_caller]
    fn check(asked: &str, on: &str, then: Option<&str>, parent: Option<&str>) {
        let history = history();
        let found = history.code_on(&code(asked), day(on));
        assert_eq!(found.as_ref().map(RegionCode::as_str), then);
        let found = history.parent_on(&code(asked), day(on));
        assert_eq!(found.as_ref().map(RegionCode::as_str), parent);
    }

    #[test]
    fn a_regency_has_the_code_and_the_parent_of_its_day() {
        for asked in ["91.01", "93.01"] {
            check(asked, "2022-07-24", Some("91.01"), Some("91"));
            check(asked, "2022-07-25", Some("93.01"), Some("93"));
            check(asked, "2026-11-26", Some("93.01"), Some("93"));
        }
        check("91.01.02", "2026-01-01", Some("93.01.02"), Some("93.01"));
        check("96.01", "2022-12-07", Some("92.01"), Some("92"));
        check("15.05", "2001-01-01", Some("15.05"), Some("15"));
        check("93", "2022-07-24", None, None);
        check("93", "2022-07-25", Some("93"), None);
    }

    #[test]
    fn what_lay_in_a_province_depends_on_the_day() {
        let history = history();
        let lies = |outer: &str, inner: &str, on: &str| {
            history.contains(&code(outer), &code(inner), day(on))
        };
        assert!(lies("91", "93.01", "2022-07-24"));
        assert!(!lies("91", "93.01", "2022-07-25"));
        assert!(lies("93", "91.01", "2026-01-01"));
        assert!(!lies("93", "93.01", "2022-07-24"), "not founded yet");
        assert!(lies("15.05", "15.05.01", "2026-01-01"));
        assert!(lies("15", "15", "2026-01-01"));
        assert!(!lies("15.05", "15", "2026-01-01"));
    }

    #[test]
    fn a_split_province_became_itself_and_its_heirs() {
        let history = history();
        let became = |asked: &str, earlier: &str, later: &str| -> Vec<String> {
            let now = history.became(&code(asked), day(earlier), day(later));
            now.iter().map(ToString::to_string).collect()
        };
        assert_eq!(became("91", "2022-01-01", "2026-01-01"), ["91", "93", "94"]);
        assert_eq!(became("91", "2022-01-01", "2022-07-24"), ["91"]);
        assert_eq!(became("91", "2022-07-25", "2026-01-01"), ["91"]);
        assert_eq!(became("92", "2022-08-01", "2026-01-01"), ["92", "96"]);
        assert_eq!(became("91.01", "2022-01-01", "2026-01-01"), ["93.01"]);
        assert!(became("96", "2022-01-01", "2026-01-01").is_empty());
    }
}
