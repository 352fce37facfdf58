use super::clock::{RoomTime, ticks};
use crate::rtp::NtpTime;

/// Ties an encoding's RTP timestamps to its publisher's clock, by its sender reports (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    /// Microseconds of the publisher's clock at which the media clock showed `timestamp`.
    ntp_micros: i64,
    timestamp: u32,
    clock_rate: u32,
}

impl Timeline {
    pub(super) fn new(ntp: NtpTime, timestamp: u32, clock_rate: u32) -> Self {
        Self { ntp_micros: ntp.micros().cast_signed(), timestamp, clock_rate }
    }

    /// The timestamp at a time of the publisher's clock.
    pub(super) fn timestamp_at(&self, ntp_micros: i64) -> u32 {
        let ahead = ticks(ntp_micros.saturating_sub(self.ntp_micros), self.clock_rate);
        // The low 32 bits are what wraps on the wire.
        self.timestamp.wrapping_add(ahead as u32)
    }

    /// The time of the publisher's clock at a timestamp not more than half a wrap (6 hours of video) away.
    pub(super) fn micros_at(&self, timestamp: u32) -> i64 {
        let ahead = i64::from(timestamp.wrapping_sub(self.timestamp).cast_signed());
        self.ntp_micros.saturating_add(ahead * 1_000_000 / i64::from(self.clock_rate.max(1)))
    }
}

/// What to add to a publisher's clock to get the room's: one for all of a publisher's media, so that what it sent in
/// sync stays in sync.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClockOffset {
    micros: Option<i64>,
}

/// How much of a growing offset is taken over with each report: a publisher's clock may drift, a late report should
/// not count.
const DRIFT_SHARE: i64 = 64;

/// A clock that leaps this far, in microseconds, was set anew.
const LEAP_MICROS: i64 = 1_000_000;

impl ClockOffset {
    /// Takes a sender report's arrival into account. The report that travelled fastest tells best.
    pub(super) fn note(&mut self, now: RoomTime, ntp: NtpTime) {
        let measured = now.micros().saturating_sub(ntp.micros().cast_signed());
        self.micros = Some(match self.micros {
            Some(known) if measured >= known && measured - known < LEAP_MICROS => {
                known + (measured - known) / DRIFT_SHARE
            }
            _ => measured,
        });
    }

    /// The publisher's clock at a moment of the room.
    pub(super) fn publisher_micros(&self, at: RoomTime) -> Option<i64> {
        self.micros.map(|offset| at.micros().saturating_sub(offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn timestamps_and_times_convert_both_ways_across_the_wrap() {
        let timeline = Timeline::new(NtpTime::from_micros(5_000_000), u32::MAX - 10, 90_000);
        assert_eq!(timeline.timestamp_at(6_000_000), 90_000 - 11);
        assert_eq!(timeline.micros_at(90_000 - 11), 6_000_000);
        assert_eq!(timeline.micros_at(u32::MAX - 10 - 9_000), 4_900_000);
    }

    #[test]
    fn a_late_report_hardly_moves_the_offset_and_an_early_one_sets_it() {
        let mut offset = ClockOffset::default();
        let at = |millis| RoomTime::default().plus(Duration::from_millis(millis));
        offset.note(at(1_050), NtpTime::from_micros(1_000_000));
        offset.note(at(2_114), NtpTime::from_micros(2_000_000));
        assert_eq!(offset.publisher_micros(at(3_051)), Some(3_000_000));
        offset.note(at(4_010), NtpTime::from_micros(4_000_000));
        assert_eq!(offset.publisher_micros(at(5_010)), Some(5_000_000));
    }
}
