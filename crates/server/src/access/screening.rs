//! Which passwords are taken (NIST SP 800-63B-4, 3.1.1.2): long enough, not known to be guessed or
//! leaked, not made of the person's own name. No rule asks for digits or signs.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;
use std::sync::LazyLock;

use domain::limits::{
    PASSWORD_ALONE_MIN_CHARS, PASSWORD_BESIDE_MIN_CHARS, PASSWORD_MAX_CHARS as MAX_CHARS,
};
use sha1::{Digest, Sha1};
use unicode_normalization::UnicodeNormalization;

/// Passwords that people choose by the thousand; our own list.
const COMMON: &str = include_str!("../../../../reference/passwords/guessed-first.txt");
/// The name of the service.
const OWN_NAME: &str = "kentongan";
/// A part of a name that is too short says nothing, in characters.
const NAME_PART_CHARS_MIN: usize = 4;

static COMMON_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    COMMON
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
});

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Objection {
    /// Shorter than asked for.
    #[error("the password has fewer than {0} characters")]
    TooShort(usize),
    /// Longer than [`MAX_CHARS`].
    #[error("the password has more than {MAX_CHARS} characters")]
    TooLong,
    /// One that is guessed first.
    #[error("the password is one of those that are guessed first")]
    Common,
    /// Made of the person's own name, address or organisation.
    #[error("the password is made of the person's own name, address or organisation")]
    OwnName,
    /// It stands in the list of leaked passwords.
    #[error("the password has leaked elsewhere")]
    Breached,
    /// The list of leaked passwords cannot be read.
    #[error("the list of leaked passwords cannot be read: {0}")]
    List(#[from] std::io::Error),
}

/// The password as it is hashed: what looks the same is the same (NFKC).
pub fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Characters a password must have at least.
pub fn least_chars(beside_second_factor: bool) -> usize {
    if beside_second_factor {
        PASSWORD_BESIDE_MIN_CHARS
    } else {
        PASSWORD_ALONE_MIN_CHARS
    }
}

/// Looks a new password over. `own` are the names around it: the person's, their address, their
/// organisation's. `breached` is a file of SHA-1 digests in hexadecimal, one a line and in order,
/// whole or their beginnings, each with a `:` and a count behind it or not. Reads a few blocks of
/// that file; call it off the request threads.
pub fn screen(
    password: &str,
    least: usize,
    own: &[&str],
    breached: Option<&Path>,
) -> Result<(), Objection> {
    let password = normalised(password);
    let chars = password.chars().count();
    if chars < least {
        return Err(Objection::TooShort(least));
    }
    if chars > MAX_CHARS {
        return Err(Objection::TooLong);
    }
    let lower = password.to_lowercase();
    if is_common(&lower) {
        return Err(Objection::Common);
    }
    if is_own_name(&lower, own) {
        return Err(Objection::OwnName);
    }
    match breached {
        Some(path) if is_listed(path, &password)? => Err(Objection::Breached),
        _ => Ok(()),
    }
}

fn is_common(lower: &str) -> bool {
    let bare = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let core = bare.trim_start_matches(|c: char| !c.is_alphabetic());
    let once = repeated(lower);
    [lower, bare, core, once]
        .iter()
        .any(|text| COMMON_WORDS.contains(text))
        || once.chars().count() < 4
        || is_a_run(lower)
}

/// The shortest beginning of which `text` is nothing but repetitions.
fn repeated(text: &str) -> &str {
    text.char_indices()
        .skip(1)
        .map(|(at, _)| at)
        .find(|at| {
            let bytes = text.as_bytes();
            bytes.len().is_multiple_of(*at) && bytes[*at..] == bytes[..bytes.len() - at]
        })
        .map_or(text, |at| &text[..at])
}

/// Whether each character is the neighbour of the one before: 123456789, zyxwvuts.
fn is_a_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps = |by: i64| {
        codes.windows(2).all(|pair| {
            let step = pair[1] - pair[0];
            // 9 is followed by 0 on the keyboard.
            step == by || (pair[0], pair[1]) == (0x39, 0x30) || (pair[0], pair[1]) == (0x30, 0x39)
        })
    };
    steps(1) || steps(-1)
}

fn is_own_name(lower: &str, own: &[&str]) -> bool {
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.is_empty() {
        return false;
    }
    let mut rest = letters;
    let mut parts: Vec<String> = own
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphabetic()))
        .map(str::to_lowercase)
        .filter(|part| part.chars().count() >= NAME_PART_CHARS_MIN)
        .collect();
    parts.push(OWN_NAME.to_owned());
    parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.len()));
    for part in parts {
        rest = rest.replace(&part, "");
    }
    // What is left beside the names is too little to guess.
    rest.chars().count() < NAME_PART_CHARS_MIN
}

/// Whether the digest of `password` stands in the list at `path`, by halving the file.
fn is_listed(path: &Path, password: &str) -> Result<bool, std::io::Error> {
    let digest = Sha1::digest(password.as_bytes());
    let wanted: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    let file = File::open(path)?;
    let (mut low, mut high) = (0, file.metadata()?.len());
    let mut reader = BufReader::with_capacity(4096, file);
    let mut line = String::new();
    // The line sought, if it is there, begins in low..high.
    while low < high {
        let middle = low + (high - low) / 2;
        let begins = line_at(&mut reader, middle, &mut line)?;
        let text = line.split(':').next().unwrap_or_default().trim();
        if begins >= high || text.is_empty() {
            high = middle;
            continue;
        }
        let text = text.to_ascii_uppercase();
        if wanted.starts_with(&text) {
            return Ok(true);
        }
        if text < wanted {
            low = begins + line.len() as u64;
        } else {
            high = middle;
        }
    }
    Ok(false)
}

/// Reads the first line that begins at or after `at`; yields where it begins.
fn line_at(
    reader: &mut BufReader<File>,
    at: u64,
    line: &mut String,
) -> Result<u64, std::io::Error> {
    let mut begins = at;
    line.clear();
    if at == 0 {
        reader.seek(SeekFrom::Start(0))?;
    } else {
        // From one byte before: a line that begins just here is not skipped.
        reader.seek(SeekFrom::Start(at - 1))?;
        begins += reader.read_line(line)? as u64;
        begins -= 1;
        line.clear();
    }
    reader.read_line(line)?;
    Ok(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screened(password: &str) -> Result<(), Objection> {
        let own = [
            "Siti Rahmawati",
            "siti.r@redaksi.example",
            "Redaksi Batanghari",
        ];
        screen(password, PASSWORD_BESIDE_MIN_CHARS, &own, None)
    }

    #[test]
    fn length_counts_characters_as_people_see_them() {
        assert!(matches!(screened("pendek"), Err(Objection::TooShort(8))));
        assert!(matches!(
            screen("dua belas kt", least_chars(false), &[], None),
            Err(Objection::TooShort(15))
        ));
        assert!(screened("payung biru laut").is_ok());
        let long = "kuda nil mandi di telaga senja ".repeat(5);
        assert!(matches!(screened(&long), Err(Objection::TooLong)));
        // ﬁ is one character that is two.
        assert_eq!(normalised("ﬁlm é"), normalised("film e\u{301}"));
    }

    #[test]
    fn what_is_guessed_first_is_not_taken() {
        for bad in [
            "password",
            "Indonesia2024",
            "INDONESIA!!",
            "katasandi123",
            "1234567890",
            "9876543210",
            "abcdefghij",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "qwertyuiop",
            "bismillah99",
            "rahasiarahasia",
        ] {
            assert!(matches!(screened(bad), Err(Objection::Common)), "{bad}");
        }
    }

    #[test]
    fn own_names_are_not_taken() {
        for bad in [
            "sitirahmawati1990",
            "Batanghari#2024",
            "kentongan-siti",
            "redaksi rahmawati",
        ] {
            assert!(matches!(screened(bad), Err(Objection::OwnName)), "{bad}");
        }
        assert!(screened("rahmawati naik sepeda").is_ok());
    }

    #[test]
    fn a_leaked_password_is_found_wherever_it_stands() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("leaked.txt");
        let phrases: Vec<String> = (0..500).map(|n| format!("frasa bocor nomor {n}")).collect();
        let hex = |text: &str| -> String {
            let digest = Sha1::digest(text.as_bytes());
            digest.iter().map(|byte| format!("{byte:02X}")).collect()
        };
        let mut lines: Vec<String> = phrases
            .iter()
            .enumerate()
            .map(|(n, phrase)| match n % 3 {
                0 => hex(phrase),
                1 => format!("{}:{}", hex(phrase), n * 977),
                _ => hex(phrase)[..12].to_owned(),
            })
            .collect();
        lines.sort();
        for ending in ["\n", "\r\n"] {
            std::fs::write(&path, lines.join(ending) + ending).expect("writes");
            for phrase in &phrases {
                let found = screen(phrase, 8, &[], Some(&path));
                assert!(matches!(found, Err(Objection::Breached)), "{phrase}");
            }
            for n in 500..1_000 {
                let other = format!("frasa bocor nomor {n}");
                assert!(screen(&other, 8, &[], Some(&path)).is_ok(), "{other}");
            }
        }
        let missing = folder.path().join("none");
        assert!(matches!(
            screen("payung biru laut", 8, &[], Some(&missing)),
            Err(Objection::List(_))
        ));
    }
}
