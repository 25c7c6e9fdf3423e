//! Every limit of the public pages, with its unit in its name.

use domain::Timestamp;

/// A message that is looked up, in characters.
pub const MESSAGE_CHARS: usize = 10_000;
/// A message that fits into a link to its answer, in characters.
pub const LINKED_MESSAGE_CHARS: usize = 500;
/// A message as it is shown again beside its answer, in characters.
pub const SHOWN_MESSAGE_CHARS: usize = 1_200;
/// The explanation as it stands on an answer card, in characters; the check page has all of it.
pub const CARD_EXPLANATION_CHARS: usize = 420;
/// Other checks named below an answer.
pub const OTHER_RESULTS: usize = 3;
/// Differences named on a card.
pub const DIFFERENCES: usize = 4;
/// Checks on the front page.
pub const HOME_ROWS: u32 = 8;
/// Checks on one page of the list.
pub const LIST_ROWS: u32 = 20;
/// Checks in one feed.
pub const FEED_ROWS: u32 = 50;
/// Evidence links shown on a check page.
pub const EVIDENCE_SHOWN: usize = 50;

/// Tips from one address that may follow one another at once.
pub const TIPS_PER_ADDRESS: u32 = 10;
/// After those, one more for each such span, in microseconds.
pub const TIP_PER_ADDRESS_EVERY_US: i64 = Timestamp::MINUTE_US;
/// Codes that may be looked up from one address at once; guessing must not pay.
pub const CODES_PER_ADDRESS: u32 = 30;
/// After those, one more for each such span, in microseconds.
pub const CODE_PER_ADDRESS_EVERY_US: i64 = 10 * Timestamp::SECOND_US;
/// Words "not my message" from one address that are kept at once; more are answered, not kept.
pub const NOT_MEANT_PER_ADDRESS: u32 = 10;
/// After those, one more for each such span, in microseconds.
pub const NOT_MEANT_PER_ADDRESS_EVERY_US: i64 = Timestamp::MINUTE_US;
/// Addresses whose tips and look-ups are remembered; 32 bytes each.
pub const GATE_KEYS: usize = 65_536;
