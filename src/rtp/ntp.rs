use std::time::Duration;

/// A time of a sender's clock as RTCP carries it: seconds in the upper 32 bits, fractions in the lower
/// (RFC 3550 §4). The clock need not show the time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NtpTime(pub u64);

impl NtpTime {
    /// The time `micros` microseconds after the clock's zero; wraps after 136 years.
    #[must_use]
    pub fn from_micros(micros: u64) -> Self {
        let seconds = micros / 1_000_000;
        let fraction = ((micros % 1_000_000) << 32) / 1_000_000;
        Self(seconds.wrapping_shl(32) | fraction)
    }

    /// Microseconds since the clock's zero, rounded to the nearest.
    #[must_use]
    pub fn micros(self) -> u64 {
        let fraction = ((self.0 & 0xffff_ffff) * 1_000_000 + 0x8000_0000) >> 32;
        (self.0 >> 32) * 1_000_000 + fraction
    }

    /// The middle 32 bits, as reports refer to it (LSR).
    #[must_use]
    pub fn middle(self) -> u32 {
        ((self.0 >> 16) & 0xffff_ffff) as u32
    }
}

/// A duration in units of 1/65,536 s, as DLSR carries it; stops at the largest.
#[must_use]
pub fn short_ntp(duration: Duration) -> u32 {
    u32::try_from((duration.as_micros() << 16) / 1_000_000).unwrap_or(u32::MAX)
}

/// The duration of a number of 1/65,536 s.
#[must_use]
pub fn from_short_ntp(units: u32) -> Duration {
    Duration::from_micros((u64::from(units) * 1_000_000) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_survive_the_way_there_and_back() {
        for micros in [0, 1, 999_999, 1_000_000, 86_400_000_001, 4_000_000_000_123_457] {
            assert_eq!(NtpTime::from_micros(micros).micros(), micros);
        }
        assert_eq!(short_ntp(Duration::from_millis(1_500)), 0x1_8000);
        assert_eq!(from_short_ntp(0x1_8000), Duration::from_millis(1_500));
    }
}
