use crate::time::Timestamp;
use std::time::Duration;

/// How much slower than time itself a difference from the wall clock is made good: one part in ten thousand, so that an
/// hour in a lesson is an hour to a third of a second, whatever the wall clock does.
const SLEW_SHARE: i64 = 10_000;

/// For how long one measure of the difference holds, in microseconds.
const MEASURED_EVERY_US: i64 = 1_000_000;

/// The time in rooms: as long as people are in them it passes as the monotonic clock does. It starts at the wall clock's
/// time and follows it slowly; where somebody sets the wall clock, nobody has been there for longer or shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonTime {
    at: Timestamp,
    /// The monotonic clock's reading at `at`.
    running: Duration,
    /// How far the wall clock was ahead of `at`, in microseconds.
    behind_us: i64,
}

impl LessonTime {
    /// Starts at `at`, when the monotonic clock reads `running`.
    #[must_use]
    pub fn starting(at: Timestamp, running: Duration) -> Self {
        Self { at, running, behind_us: 0 }
    }

    /// The time now, by the readings of both clocks. Never earlier than it said before.
    pub fn now(&mut self, wall: Timestamp, running: Duration) -> Timestamp {
        let passed = running.saturating_sub(self.running);
        let passed_us = i64::try_from(passed.as_micros()).unwrap_or(i64::MAX);
        let most = passed_us / SLEW_SHARE;
        let made_good = self.behind_us.clamp(-most, most);
        let at = Timestamp(self.at.micros().saturating_add(passed_us).saturating_add(made_good));
        if passed_us >= MEASURED_EVERY_US {
            *self = Self { at, running, behind_us: wall.micros().saturating_sub(at.micros()) };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_800_000_000_000_000);

    /// What an hour in rooms is, in microseconds, where the wall clock is `ahead` of the truth, each second.
    fn an_hour(ahead: impl Fn(u64) -> i64) -> i64 {
        let mut time = LessonTime::starting(START, Duration::ZERO);
        let mut before = START;
        for second in 1..=3_600 {
            let running = Duration::from_secs(second);
            let now = time.now(Timestamp(START.plus(running).micros() + ahead(second)), running);
            assert!(now > before, "time never goes back");
            before = now;
        }
        before.micros() - START.micros()
    }

    #[test]
    fn a_clock_that_is_set_lengthens_and_shortens_nothing() {
        const HOUR_US: i64 = 3_600_000_000;
        for jump in [1_000_000, -1_000_000, 3_600_000_000, -86_400_000_000, i64::from(i32::MAX) * 1_000_000] {
            let length = an_hour(|second| if second < 600 { 0 } else { jump });
            assert!((length - HOUR_US).abs() <= 400_000, "{jump}: {length}");
        }
    }

    #[test]
    fn a_small_difference_is_made_good() {
        let length = an_hour(|second| if second < 600 { 0 } else { 200_000 });
        assert!((length - 3_600_200_000).abs() < 1_000, "{length}");
    }
}
