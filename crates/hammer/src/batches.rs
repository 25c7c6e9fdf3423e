//! Posts by number, and batches of them as NDJSON.

use std::fmt::Write;

use crate::words::{Dice, claim, everyday, passed_on};

/// Originals that are being passed on at one time.
const ORIGINALS_ALIVE: usize = 400;
/// Posts after which other originals are passed on.
const EPOCH_POSTS: u64 = 200_000;
/// One original in this many repeats the claim of a fact-check.
const CLAIMS_ONE_IN: u64 = 2;
/// Claims that originals repeat.
const CLAIMS: u64 = 100_000;

/// What a run sends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    /// All posts follow from it.
    pub seed: u64,
    /// Share of posts that are copies, 0 to 1.
    pub copies: f64,
    /// When the first post was published, in seconds since 1970.
    pub since_s: u64,
}

impl Recipe {
    /// The text of post `number`.
    pub(crate) fn text(&self, number: u64) -> String {
        let mut dice = Dice::of(self.seed, number);
        if dice.unit() >= self.copies {
            return everyday(self.seed, number);
        }
        let epoch = number / EPOCH_POSTS;
        let popular = dice.unit();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 400"
        )]
        let place = (popular * popular * ORIGINALS_ALIVE as f64) as u64;
        let original = self.original(epoch * ORIGINALS_ALIVE as u64 + place);
        if dice.below(100) < 60 {
            original
        } else {
            passed_on(&original, &mut dice)
        }
    }

    fn original(&self, number: u64) -> String {
        if number.is_multiple_of(CLAIMS_ONE_IN) {
            claim(Dice::of(self.seed, number).roll() % CLAIMS)
        } else {
            everyday(self.seed ^ 0xff, number)
        }
    }

    /// Appends post `number` as one line.
    pub(crate) fn line(&self, number: u64, out: &mut String) {
        let mut dice = Dice::of(self.seed ^ 0x11, number);
        let kind = ["x", "facebook", "tiktok", "instagram", "telegram"][dice.below(5)];
        let reach = dice.below(20_000);
        let region = ["11", "15", "31", "32.73", "33", "35.78", "51", "91"][dice.below(8)];
        let account = dice.below(50_000);
        let second = self.since_s + number / 4_000;
        let text = self.text(number);
        let _infallible = write!(
            out,
            r#"{{"channel":{{"kind":"{kind}","account":"akun{account}"}},"external_id":"{seed}-{number}","published_at":"{at}","region":"{region}","reach":{reach},"text":"{text}"}}"#,
            seed = self.seed,
            at = rfc3339(second),
        );
        out.push('\n');
    }

    /// Posts `from` to `from + count` as one request body.
    pub(crate) fn batch(&self, from: u64, count: u64) -> String {
        let mut body = String::with_capacity(usize::try_from(count).unwrap_or_default() * 360);
        for number in from..from + count {
            self.line(number, &mut body);
        }
        body
    }
}

/// Now, in seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "load is published when it is sent"
)]
pub(crate) fn now_s() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Seconds since 1970 as RFC 3339 (days by Howard Hinnant's civil-from-days).
pub(crate) fn rfc3339(second: u64) -> String {
    let days = second / 86_400 + 719_468;
    let era = days / 146_097;
    let of_era = days - era * 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600 % 24, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(rfc3339(1_795_305_600), "2026-11-22T00:00:00Z");
    }

    #[test]
    fn a_batch_is_lines_of_json_and_follows_from_the_seed() {
        let recipe = Recipe {
            seed: 3,
            copies: 0.9,
            since_s: 1_795_305_600,
        };
        let body = recipe.batch(0, 500);
        assert_eq!(body, recipe.batch(0, 500));
        for line in body.lines() {
            let post: serde_json::Value = serde_json::from_str(line).expect("json");
            assert!(post["text"].as_str().is_some_and(|text| text.len() > 10));
        }
        assert_eq!(body.lines().count(), 500);
    }

    #[test]
    fn the_share_of_copies_is_the_one_asked_for() {
        let recipe = Recipe {
            seed: 3,
            copies: 0.9,
            since_s: 0,
        };
        let unique = (0..20_000)
            .filter(|number| recipe.text(*number) == everyday(3, *number))
            .count();
        assert!(
            (1_800..2_200).contains(&unique),
            "{unique} of 20000 are unique"
        );
    }
}
