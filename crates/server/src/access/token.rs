//! Random tokens: 256 bits that a browser or a mail carries and we know by their digest alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A fresh token.
#[derive(Debug)]
pub struct Token(String);

impl Token {
    /// 256 random bits.
    pub fn fresh() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// As it is handed out.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the store knows of it.
    pub fn own_digest(&self) -> [u8; 32] {
        digest_of(&self.0).unwrap_or_default()
    }
}

/// What the store knows of the token in `text`; nothing where it cannot be one.
pub fn digest_of(text: &str) -> Option<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    (bytes.len() == 32).then(|| *blake3::hash(&bytes).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_only_their_digest_is_known() {
        let (one, two) = (Token::fresh(), Token::fresh());
        assert_ne!(one.as_str(), two.as_str());
        assert_eq!(one.as_str().len(), 43);
        assert_ne!(one.own_digest(), two.own_digest());
        assert_eq!(digest_of(one.as_str()), Some(one.own_digest()));
        for bad in ["", "x", "a b", &"A".repeat(42), &"A".repeat(44)] {
            assert_eq!(digest_of(bad), None, "{bad:?}");
        }
    }
}
