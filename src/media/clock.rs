use crate::rtp::NtpTime;
use std::time::{Duration, Instant};

/// A moment of a room's life, in microseconds on a clock of its own that starts with the room: half the size of an
/// `Instant`, and what RTCP's times are made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoomTime(u64);

/// Where a room's clock starts: late enough that a moment minus any duration used here does not underflow.
const START_MICROS: u64 = 3_600_000_000;

/// Added to a room's clock for RTCP: an arbitrary zero, so that a report's middle 32 bits are hardly ever 0, which
/// would mean 'none'.
const NTP_ZERO_MICROS: u64 = 3_000_000_000_000_000;

impl RoomTime {
    pub(super) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)))
    }

    /// How long after `earlier` this is; zero where it is not after it.
    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    pub(super) fn micros(self) -> i64 {
        self.0.cast_signed()
    }

    /// On the timebase that all of a room's sender reports share.
    pub(super) fn ntp(self) -> NtpTime {
        NtpTime::from_micros(self.0 + NTP_ZERO_MICROS)
    }

    /// As the abs-send-time extension carries it: 6.18 fixed point seconds in 24 bits.
    pub(super) fn abs_send_time(self) -> u32 {
        let seconds = (self.0 / 1_000_000) & 0x3f;
        let fraction = ((self.0 % 1_000_000) << 18) / 1_000_000;
        ((seconds << 18) | fraction) as u32
    }
}

/// Ties a room's own time to the caller's.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoomClock {
    start: Instant,
}

impl RoomClock {
    pub(super) fn new(now: Instant) -> Self {
        Self { start: now }
    }

    pub(super) fn at(&self, now: Instant) -> RoomTime {
        RoomTime(START_MICROS).plus(now.saturating_duration_since(self.start))
    }

    pub(super) fn instant(&self, time: RoomTime) -> Instant {
        self.start + time.since(RoomTime(START_MICROS))
    }
}

/// A span of time in ticks of an RTP clock; negative spans too.
pub(super) fn ticks(micros: i64, clock_rate: u32) -> i64 {
    micros.saturating_mul(i64::from(clock_rate)) / 1_000_000
}
