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

    /// The province this region lies in, as its two-digit code.
    pub fn province(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
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
    fn names_its_province() {
        assert_eq!(RegionCode::parse("15.05").expect("code").province(), "15");
    }
}
