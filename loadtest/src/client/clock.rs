//! The one clock of senders and receivers: what makes a hop between two clients of one process measurable.

use std::time::Instant;

/// The instant from which a process counts its microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Epoch(Instant);

/// A point in time, in both forms that are needed.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: Instant,
    /// Microseconds since the epoch.
    pub us: u64,
}

impl Default for Epoch {
    fn default() -> Self {
        Self(now())
    }
}

impl Epoch {
    #[must_use]
    pub fn now(&self) -> Moment {
        self.moment(now())
    }

    #[must_use]
    pub fn moment(&self, at: Instant) -> Moment {
        Moment { at, us: u64::try_from(at.saturating_duration_since(self.0).as_micros()).unwrap_or(u64::MAX) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the load test's one place that asks for the time")]
fn now() -> Instant {
    Instant::now()
}
