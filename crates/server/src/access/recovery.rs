//! Recovery codes: ten, each works once, for whoever lost the device that gives codes.

use domain::MemberId;

use super::limits::RECOVERY_CODES;

/// Letters without look-alikes; 31 of them.
const LETTERS: &[u8; 31] = b"abcdefghijkmnpqrstuvwxyz2345678";
/// Letters of a code: about 49 bits, and attempts are few.
const CODE_LETTERS: usize = 10;
/// Letters of one group as it is shown.
const GROUP: usize = 5;

/// Fresh codes as they are shown, once.
pub fn fresh() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

/// What the store knows of a code of `member`.
pub fn digest(member: MemberId, typed: &str) -> [u8; 32] {
    let plain: String = typed
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let mut hasher = blake3::Hasher::new();
    hasher.update(member.0.as_bytes());
    hasher.update(plain.as_bytes());
    *hasher.finalize().as_bytes()
}

/// Whether `typed` is as long as a recovery code, rather than a device's six digits.
pub fn looks_like_one(typed: &str) -> bool {
    typed.chars().filter(char::is_ascii_alphanumeric).count() == CODE_LETTERS
}

fn one() -> String {
    let mut code = String::with_capacity(CODE_LETTERS + 1);
    while code.len() < CODE_LETTERS + 1 {
        if code.len() == GROUP {
            code.push('-');
        }
        let byte: u8 = rand::random();
        // 248 is the largest multiple of 31 in a byte: every letter is equally likely.
        if byte < 248 {
            code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn codes_differ_and_are_read_as_people_type_them() {
        let codes = fresh();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let member = MemberId(Uuid::from_u128(1));
        let digests: std::collections::BTreeSet<[u8; 32]> =
            codes.iter().map(|code| digest(member, code)).collect();
        assert_eq!(digests.len(), RECOVERY_CODES);
        for code in &codes {
            assert!(code.len() == 11 && looks_like_one(code), "{code}");
            let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
            assert_eq!(digest(member, &typed), digest(member, code));
            assert_ne!(
                digest(MemberId(Uuid::from_u128(2)), code),
                digest(member, code)
            );
        }
        assert!(!looks_like_one("123 456"));
    }
}
