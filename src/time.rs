//! Wall-clock time as it is stored and sent: whole microseconds since 1970-01-01 UTC.
//!
//! Nothing here reads a clock; whoever needs the time is told it. Monotonic time is `std::time::Instant`.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// An instant of wall-clock time, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Timestamp(#[cfg_attr(test, ts(type = "number"))] pub i64);

impl Timestamp {
    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved later; stops at the largest representable instant.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero where it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Where the outer layers get the time from; one is handed to whoever needs it, so that tests can hold the time.
pub trait Clock: Send + Sync {
    /// The time now, by the clock on the wall: somebody may set it.
    fn now(&self) -> Timestamp;

    /// How long the process has been running, by a clock that nobody sets; the zero is the implementation's choice. A
    /// clock that only ever goes on tells it by its own time.
    fn running(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.now().0).unwrap_or(0))
    }
}
