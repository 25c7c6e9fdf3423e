//! The two languages of the screens.

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Bahasa Indonesia, the leading one.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// Both, the leading one first.
    pub const ALL: [Self; 2] = [Self::Indonesian, Self::English];

    /// The code for `lang` attributes, cookies and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// Reads the code back.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Indonesian => Self::English,
            Self::English => Self::Indonesian,
        }
    }

    /// Its name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Indonesian => "Indonesia",
            Self::English => "English",
        }
    }

    /// The first language of ours in an `Accept-Language` header, by its weights.
    pub fn preferred(header: &str) -> Self {
        let mut best = (0_u16, Self::Indonesian);
        for part in header.split(',').take(20) {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let language = match tag.split('-').next().unwrap_or_default() {
                // "in" is the code of Indonesian before 1989; Android still sends it.
                "id" | "in" => Self::Indonesian,
                "en" => Self::English,
                _ => continue,
            };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .and_then(|weight| weight.parse::<f32>().ok())
                .map_or(1000, weight_in_thousandths);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=1000 first"
)]
fn weight_in_thousandths(weight: f32) -> u16 {
    (weight.clamp(0.0, 1.0) * 1000.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_browsers_send() {
        for (header, language) in [
            ("", Language::Indonesian),
            ("id-ID,id;q=0.9,en-US;q=0.8", Language::Indonesian),
            ("en-GB,en;q=0.9,id;q=0.5", Language::English),
            ("id;q=0.3, en;q=0.7", Language::English),
            ("in-ID", Language::Indonesian),
            ("fr, en;q=0.2", Language::English),
            ("ja,zh;q=0.5", Language::Indonesian),
            ("en;q=0", Language::Indonesian),
            ("en;q=NaN", Language::Indonesian),
        ] {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }
}
