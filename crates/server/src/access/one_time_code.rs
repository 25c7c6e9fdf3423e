//! One-time codes by time (RFC 6238): six digits, thirty seconds, HMAC-SHA-1, as every
//! authenticator app computes them.

use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::limits::{CODE_SKEW_NAMED_STEPS, CODE_SKEW_STEPS};

/// Bytes of a shared secret (RFC 4226 asks for 20).
pub const SECRET_BYTES: usize = 20;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Seconds of one time step.
const STEP_S: i64 = 30;
/// One more than the largest code.
const CODES: u32 = 1_000_000;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What a typed code turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    /// The code of this time step, which must now be used up.
    Right(i64),
    /// A code of a time too far away: the device's clock is off by about so many seconds.
    ClockOff(i64),
    /// No code of ours.
    Wrong,
}

/// Compares `typed` with the codes of `secret` around `now`.
pub fn check(secret: &[u8], typed: &str, now: Timestamp) -> CodeCheck {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let strange = typed
        .chars()
        .any(|c| !c.is_ascii_digit() && !c.is_whitespace() && c != '-');
    let Some(code) = digits
        .parse::<u32>()
        .ok()
        .filter(|_| digits.len() == DIGITS && !strange)
    else {
        return CodeCheck::Wrong;
    };
    let step = now.0.div_euclid(STEP_S * Timestamp::SECOND_US);
    let mut found = CodeCheck::Wrong;
    // Every step is computed, so that the time taken says nothing.
    for away in -CODE_SKEW_NAMED_STEPS..=CODE_SKEW_NAMED_STEPS {
        if code_of(secret, step + away) != Some(code) {
            continue;
        }
        if away.abs() <= CODE_SKEW_STEPS {
            found = CodeCheck::Right(step + away);
        } else if found == CodeCheck::Wrong {
            found = CodeCheck::ClockOff(away * STEP_S);
        }
    }
    found
}

/// The code of one time step (RFC 4226, 5.3).
fn code_of(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest.last()? & 0xf);
    let four: [u8; 4] = digest.get(at..at + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(four) & 0x7fff_ffff) % CODES)
}

/// The code an honest device shows at `now`; for tests and tools that play one.
pub fn shown(secret: &[u8], now: Timestamp) -> String {
    let step = now.0.div_euclid(STEP_S * Timestamp::SECOND_US);
    format!(
        "{:0width$}",
        code_of(secret, step).unwrap_or_default(),
        width = DIGITS
    )
}

/// A fresh secret.
pub fn fresh_secret() -> [u8; SECRET_BYTES] {
    rand::random()
}

/// The secret as people type it: base 32 without padding (RFC 4648).
pub fn base32(secret: &[u8]) -> String {
    let mut text = String::with_capacity(secret.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in secret {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

fn letter(five_bits: u32) -> char {
    char::from(BASE32[(five_bits & 31) as usize])
}

/// The address that an authenticator app reads from the picture.
pub fn address(secret: &[u8], email: &str) -> String {
    let account: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!(
        "otpauth://totp/Kentongan:{account}?secret={}&issuer=Kentongan",
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * Timestamp::SECOND_US)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in VECTORS {
            assert_eq!(shown(SECRET, at(seconds)), code);
            let typed = format!(" {} {} ", &code[..3], &code[3..]);
            assert_eq!(
                check(SECRET, &typed, at(seconds)),
                CodeCheck::Right(seconds / 30)
            );
        }
    }

    #[test]
    fn one_step_of_skew_passes_and_more_is_named() {
        let code = shown(SECRET, at(3_000));
        for seconds in [2_970, 3_000, 3_030, 3_059] {
            assert_eq!(check(SECRET, &code, at(seconds)), CodeCheck::Right(100));
        }
        assert_eq!(
            check(SECRET, &code, at(3_060)),
            CodeCheck::ClockOff(-60),
            "the device is slow"
        );
        assert_eq!(check(SECRET, &code, at(2_880)), CodeCheck::ClockOff(120));
        assert_eq!(check(SECRET, &code, at(9_000)), CodeCheck::Wrong);
    }

    #[test]
    fn what_is_no_code_is_wrong() {
        for typed in ["", "28708", "2870821", "28708a", "287082x", "२८७०८२"] {
            assert_eq!(check(SECRET, typed, at(59)), CodeCheck::Wrong, "{typed:?}");
        }
        assert_eq!(check(b"another secret", "287082", at(59)), CodeCheck::Wrong);
    }

    #[test]
    fn a_secret_is_written_as_the_standard_says() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(
            address(b"foobar", "a+b@x.example"),
            "otpauth://totp/Kentongan:a%2Bb%40x.example?secret=MZXW6YTBOI&issuer=Kentongan"
        );
    }
}
