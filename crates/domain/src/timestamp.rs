//! Points in time: integer microseconds since 1970-01-01 UTC.

/// A point in time in microseconds UTC. Shown to people in WIB, WITA or WIT, never stored so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Microseconds in one second.
    pub const SECOND_US: i64 = 1_000_000;
    /// Microseconds in one minute.
    pub const MINUTE_US: i64 = 60 * Self::SECOND_US;
    /// Microseconds in one hour.
    pub const HOUR_US: i64 = 60 * Self::MINUTE_US;
    /// Microseconds in one day.
    pub const DAY_US: i64 = 24 * Self::HOUR_US;

    /// Microseconds from `earlier` to `self`; negative when `earlier` is later.
    pub fn since_us(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This point moved by `us` microseconds, saturating at the ends of time.
    pub fn plus_us(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }
}
