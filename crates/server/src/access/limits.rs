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

/// Codes of one account that may be tried at once.
pub const CODES_PER_ACCOUNT: u32 = 5;
/// After those, one more for each such span, in microseconds.
pub const CODE_PER_ACCOUNT_EVERY_US: i64 = 2 * Timestamp::MINUTE_US;
/// Time steps of 30 seconds by which a device's clock may be off either way.
pub const CODE_SKEW_STEPS: i64 = 1;
/// Time steps up to which a device's clock is told to be off, rather than the code to be wrong.
pub const CODE_SKEW_NAMED_STEPS: i64 = 20;
/// Recovery codes handed out at once.
pub const RECOVERY_CODES: usize = 10;
/// A half-opened session, which waits for the second proof, lives this long, in microseconds.
pub const HALF_SESSION_LIFE_US: i64 = 15 * Timestamp::MINUTE_US;
/// A device is remembered this long after it was last used, in microseconds.
pub const DEVICE_LIFE_US: i64 = 180 * Timestamp::DAY_US;

/// A link that sets a new password works this long, in microseconds.
pub const RESET_LIFE_US: i64 = 30 * Timestamp::MINUTE_US;
/// Links for one account that may be asked for at once.
pub const RESETS_PER_ACCOUNT: u32 = 3;
/// After those, one more for each such span, in microseconds.
pub const RESET_PER_ACCOUNT_EVERY_US: i64 = 20 * Timestamp::MINUTE_US;

/// Failed sign-ins are recorded with their number once in such a span, in microseconds.
pub const FAILURE_WINDOW_US: i64 = 15 * Timestamp::MINUTE_US;
/// Accounts of which the failures are counted apart within a span; the rest are counted together.
pub const FAILURES_NAMED: usize = 200;

/// A challenge to a passkey must be answered within this time, in microseconds: as long as a sign-in
/// at a provider, so that of too many at once the one that began first makes room, whatever it is.
pub const PASSKEY_WAIT_US: i64 = PROVIDER_WAIT_US;

/// A sign-in at an identity provider must come back within this time, in microseconds.
pub const PROVIDER_WAIT_US: i64 = 10 * Timestamp::MINUTE_US;
