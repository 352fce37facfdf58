//! Which trainees may be lost: the rule, which every answer that names one gives out with it.

use crate::units::percent;
use std::ops::RangeInclusive;

/// How many weeks are looked at, up to the day that is asked for; they are compared with as many before.
pub const WEEKS: u32 = 4;

/// Who was there for less than this share of the lessons' time, in percent.
pub const BELOW_PERCENT: f64 = 60.0;

/// Whose share fell by this many points against the weeks before.
pub const FALLS_BY_POINTS: f64 = 20.0;

/// Who missed this many lessons in a row, the last one among them.
pub const MISSED_IN_A_ROW: u32 = 3;

/// Nothing is said of who was expected in fewer lessons than this, in those weeks or, for what fell, in the weeks before.
pub const LESSONS_AT_LEAST: u32 = 3;

const WEEK_DAYS: i32 = 7;

/// What a trainee's lessons in one group come to: those that were given, and in which they were expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub recent: Stretch,
    /// The same of as many weeks before.
    pub before: Stretch,
    /// How many of the last lessons in `recent` they did not come to at all, one after the other.
    pub missed_in_a_row: u32,
}

/// Some weeks of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    pub lessons: u32,
    /// For how long they were expected, and for how long of it they were there, in microseconds.
    pub expected_us: u64,
    pub present_us: u64,
}

/// Why somebody may be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// They are there too little.
    Low,
    /// They are there much less than before.
    Falling,
    /// They have not come at all lately.
    Missing,
}

impl Reason {
    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Falling => "falling",
            Self::Missing => "missing",
        }
    }
}

impl Stretch {
    /// The share of the time for which they were there, in percent; `None` where nothing can be said.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        if self.lessons < LESSONS_AT_LEAST { None } else { percent(self.present_us, self.expected_us) }
    }
}

impl Record {
    /// Why this trainee may be lost; nothing where they are not.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        let Some(percent) = self.recent.percent() else { return Vec::new() };
        let fell = self.before.percent().is_some_and(|before| before - percent >= FALLS_BY_POINTS);
        let found = [
            (percent < BELOW_PERCENT, Reason::Low),
            (fell, Reason::Falling),
            (self.missed_in_a_row >= MISSED_IN_A_ROW, Reason::Missing),
        ];
        found.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
    }
}

/// The days that are looked at up to one, it included: the weeks, and those before them.
#[must_use]
pub fn days(to: i32) -> (RangeInclusive<i32>, RangeInclusive<i32>) {
    let length = WEEK_DAYS.saturating_mul(i32::try_from(WEEKS).unwrap_or(i32::MAX));
    let middle = to.saturating_sub(length);
    (middle.saturating_add(1)..=to, middle.saturating_sub(length).saturating_add(1)..=middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: u64 = 3_600_000_000;

    fn stretch(lessons: u32, percent: u64) -> Stretch {
        let expected_us = u64::from(lessons) * HOUR_US;
        Stretch { lessons, expected_us, present_us: expected_us / 100 * percent }
    }

    fn reasons(recent: Stretch, before: Stretch, missed_in_a_row: u32) -> Vec<Reason> {
        Record { recent, before, missed_in_a_row }.reasons()
    }

    #[test]
    fn who_is_there_too_little_is_at_risk() {
        assert_eq!(reasons(stretch(4, 59), Stretch::default(), 0), [Reason::Low]);
        assert_eq!(reasons(stretch(4, 60), Stretch::default(), 0), []);
    }

    #[test]
    fn who_is_there_much_less_than_before_is_at_risk() {
        assert_eq!(reasons(stretch(4, 75), stretch(5, 95), 0), [Reason::Falling]);
        assert_eq!(reasons(stretch(4, 76), stretch(5, 95), 0), []);
        assert_eq!(reasons(stretch(4, 95), stretch(5, 75), 0), [], "who is there more than before is not");
    }

    #[test]
    fn who_does_not_come_any_more_is_at_risk() {
        assert_eq!(reasons(stretch(12, 75), stretch(12, 80), 3), [Reason::Missing]);
        assert_eq!(reasons(stretch(12, 75), stretch(12, 80), 2), []);
        assert_eq!(reasons(stretch(4, 10), stretch(4, 90), 4), [Reason::Low, Reason::Falling, Reason::Missing]);
    }

    #[test]
    fn of_few_lessons_nothing_is_said() {
        assert_eq!(reasons(stretch(2, 0), stretch(20, 100), 2), []);
        assert_eq!(reasons(stretch(3, 61), stretch(2, 100), 0), [], "nor of few before");
        assert_eq!(Stretch { present_us: 9 * HOUR_US, ..stretch(3, 0) }.percent(), Some(100.0));
    }

    #[test]
    fn four_weeks_are_compared_with_the_four_before() {
        let (recent, before) = days(100);
        assert_eq!((recent, before), (73..=100, 45..=72));
    }
}
