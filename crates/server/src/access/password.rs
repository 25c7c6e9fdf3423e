//! Passwords: Argon2id, off the request threads, a few at a time.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::limits;
use super::screening::normalised;

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Longer than [`domain::limits::PASSWORD_MAX_CHARS`], or empty.
    #[error("the password is empty or longer than anybody may set")]
    Unfit,
    /// Too many are waiting to be checked.
    #[error("too many sign-ins are waiting")]
    Busy,
    /// The hash function or its thread failed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// The hash for storage, as a PHC string, of a password that [`screening`] let pass. Takes about
/// 20 ms of one core; call it off the request threads or at a command line.
///
/// [`screening`]: super::screening
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let password = normalised(password);
    let chars = password.chars().count();
    if chars == 0 || chars > domain::limits::PASSWORD_MAX_CHARS {
        return Err(PasswordError::Unfit);
    }
    let hashed = hasher()?.hash_password(password.as_bytes());
    hashed
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

/// Checks passwords, a few at a time.
#[derive(Debug)]
pub struct Checker {
    running: Semaphore,
    waiting: Semaphore,
}

impl Checker {
    /// With the limits of this crate.
    pub fn new() -> Self {
        Self {
            running: Semaphore::new(limits::HASHES_AT_ONCE),
            waiting: Semaphore::new(limits::HASHES_WAITING),
        }
    }

    /// Whether `password` belongs to `hash`. Without a hash the same work is done for nothing, so
    /// that an unknown account cannot be told from a wrong password by the clock.
    pub async fn check(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| PasswordError::Busy)?;
        let _turn = self
            .running
            .acquire()
            .await
            .map_err(|_| PasswordError::Busy)?;
        let checked = tokio::task::spawn_blocking(move || verify(&password, hash.as_deref()));
        checked
            .await
            .map_err(|error| PasswordError::Hash(error.to_string()))
    }

    /// The hash of a new password, in its turn.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| PasswordError::Busy)?;
        let _turn = self
            .running
            .acquire()
            .await
            .map_err(|_| PasswordError::Busy)?;
        let hashed = tokio::task::spawn_blocking(move || hash(&password));
        hashed
            .await
            .map_err(|error| PasswordError::Hash(error.to_string()))?
    }
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

/// Longer than any password was ever allowed to be, in characters.
const LONGEST_TYPED_CHARS: usize = 256;

/// A hash of nothing anyone knows, made once.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let unknown = blake3::hash(&rand::random::<[u8; 32]>()).to_hex();
    hash(&unknown).unwrap_or_default()
});

fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.chars().count() > LONGEST_TYPED_CHARS {
        return false;
    }
    let known = hash.is_some();
    let hash = hash.unwrap_or(&NOBODY);
    let (Ok(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(hash)) else {
        return false;
    };
    let plain = normalised(password);
    let opens = hasher.verify_password(plain.as_bytes(), &parsed).is_ok()
        // Set before passwords were normalised.
        || (plain != password && hasher.verify_password(password.as_bytes(), &parsed).is_ok());
    opens && known
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(
        limits::HASH_MEMORY_KIB,
        limits::HASH_PASSES,
        limits::HASH_LANES,
        None,
    )
    .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_opens_to_its_password_alone() {
        let hashed = hash("kentongan bertalu-talu").expect("hash");
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
        assert!(verify("kentongan bertalu-talu", Some(&hashed)));
        assert!(!verify("kentongan bertalu talu", Some(&hashed)));
        assert_ne!(
            hashed,
            hash("kentongan bertalu-talu").expect("hash"),
            "the salt differs"
        );
    }

    #[test]
    fn nobody_and_nonsense_open_nothing() {
        assert!(!verify("kentongan bertalu-talu", None));
        assert!(!verify("", None));
        assert!(!verify("kentongan bertalu-talu", Some("")));
        assert!(!verify(
            "kentongan bertalu-talu",
            Some("$argon2id$v=19$m=1,t=1,p=1$x$y")
        ));
    }

    #[test]
    fn what_looks_the_same_opens_the_same() {
        let hashed = hash("kaf\u{e9} ﬁlm di sudut kota").expect("hash");
        assert!(verify("kafe\u{301} film di sudut kota", Some(&hashed)));
    }

    #[test]
    fn nothing_and_too_much_are_not_hashed() {
        for bad in [String::new(), "p".repeat(129)] {
            assert!(matches!(hash(&bad), Err(PasswordError::Unfit)));
        }
    }
}
