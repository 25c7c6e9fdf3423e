//! Every limit of signing in, with its unit in its name.

use domain::Timestamp;

/// A session ends after this long without a request, in microseconds.
pub const SESSION_IDLE_US: i64 = 8 * Timestamp::HOUR_US;
/// A session ends after this long in any case, in microseconds.
pub const SESSION_LIFE_US: i64 = 7 * Timestamp::DAY_US;
/// A session's last request is written down at most this often, in microseconds.
pub const SESSION_TOUCH_EVERY_US: i64 = Timestamp::MINUTE_US;

/// Sign-ins to one account that may follow one another at once.
pub const ATTEMPTS_PER_ACCOUNT: u32 = 5;
/// After those, one more for each such span, in microseconds.
pub const ATTEMPT_PER_ACCOUNT_EVERY_US: i64 = 2 * Timestamp::MINUTE_US;
/// Sign-ins from one address that may follow one another at once; an office shares one address.
pub const ATTEMPTS_PER_ADDRESS: u32 = 30;
/// After those, one more for each such span, in microseconds.
pub const ATTEMPT_PER_ADDRESS_EVERY_US: i64 = 10 * Timestamp::SECOND_US;
/// Accounts or addresses whose attempts are remembered; 32 bytes each.
pub const ATTEMPT_KEYS: usize = 65_536;

/// Memory of one password hash, in KiB (OWASP: Argon2id with 19 MiB and two passes).
pub const HASH_MEMORY_KIB: u32 = 19_456;
/// Passes of one password hash.
pub const HASH_PASSES: u32 = 2;
/// Lanes of one password hash.
pub const HASH_LANES: u32 = 1;
/// Password hashes computed at once; the next one waits.
pub const HASHES_AT_ONCE: usize = 2;
/// Password hashes that may wait; beyond that a sign-in is refused with a wait.
pub const HASHES_WAITING: usize = 32;
