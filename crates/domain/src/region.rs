//! Regions by official code (Kemendagri): `11`, `11.01`, `11.01.02`, `11.01.02.2001`.

use std::fmt;

/// An official region code of a province, regency or city, district or village.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(String);

/// The code does not have the official shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("region code {0:?} is not of the form 11, 11.01, 11.01.02 or 11.01.02.2001")]
pub struct BadRegionCode(pub String);

impl RegionCode {
    /// Reads an official code; dots separate the levels.
    pub fn parse(text: &str) -> Result<Self, BadRegionCode> {
        let widths = [2, 2, 2, 4];
        let parts: Vec<&str> = text.split('.').collect();
        let shape_ok = parts.len() <= widths.len()
            && parts.iter().zip(widths).all(|(part, width)| {
                part.len() == width && part.bytes().all(|b| b.is_ascii_digit())
            });
        if shape_ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadRegionCode(text.chars().take(40).collect()))
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this region or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The province this region lies in, as its two-digit code.
    pub fn province(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

/// How large a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole country.
    National,
    /// A province.
    Province,
    /// A regency or a city.
    Regency,
    /// A district or a village in it.
    District,
}

impl Level {
    /// Every level, largest first.
    pub const ALL: &'static [Self] = &[
        Self::National,
        Self::Province,
        Self::Regency,
        Self::District,
    ];

    /// The word used in files and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Province => "province",
            Self::Regency => "regency",
            Self::District => "district",
        }
    }

    /// The level of a region; the whole country where there is none.
    pub fn of(region: Option<&RegionCode>) -> Self {
        match region.map_or(0, |code| code.0.split('.').count()) {
            0 => Self::National,
            1 => Self::Province,
            2 => Self::Regency,
            _ => Self::District,
        }
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_level_and_refuses_other_shapes() {
        for good in ["11", "11.01", "11.01.02", "11.01.02.2001"] {
            assert_eq!(
                RegionCode::parse(good)
                    .map(|c| c.as_str().to_owned())
                    .as_deref(),
                Ok(good)
            );
        }
        for bad in [
            "",
            "1",
            "1101",
            "11.1",
            "11.01.02.01",
            "aa",
            "11.",
            "11.01.02.2001.1",
        ] {
            assert!(RegionCode::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_level_follows_from_the_code() {
        let levels = ["15", "15.05", "15.05.01", "15.05.01.2001"]
            .map(|code| Level::of(Some(&RegionCode::parse(code).expect("code"))));
        assert_eq!(
            levels,
            [
                Level::Province,
                Level::Regency,
                Level::District,
                Level::District
            ]
        );
        assert_eq!(Level::of(None), Level::National);
    }

    #[test]
    fn names_its_province() {
        assert_eq!(RegionCode::parse("15.05").expect("code").province(), "15");
    }
}
