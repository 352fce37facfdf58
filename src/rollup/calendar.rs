//! The days of a report, and how they are put together to be drawn over time.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::ops::RangeInclusive;

/// Day 0.
const EPOCH: Date = date(1970, 1, 1);

/// 1970-01-01 was a Thursday: the Monday before it is so many days earlier.
const MONDAY_BEFORE_EPOCH: i32 = 3;

/// Up to so many days are drawn day by day, and up to so many week by week: more points than that say less.
const BY_DAY_MAX: i32 = 31;
const BY_WEEK_MAX: i32 = 26 * 7;

/// For how long together the lessons of a report are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    Day,
    /// Monday to Sunday (ISO 8601).
    Week,
    /// Of the calendar.
    Month,
}

impl Per {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// What suits so many days.
    #[must_use]
    pub fn of(days: &RangeInclusive<i32>) -> Self {
        match length(days) {
            length if length <= BY_DAY_MAX => Self::Day,
            length if length <= BY_WEEK_MAX => Self::Week,
            _ => Self::Month,
        }
    }

    /// The first day of the day, week or month in which a day is.
    #[must_use]
    pub fn begin(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => day.saturating_sub(day.saturating_add(MONDAY_BEFORE_EPOCH).rem_euclid(7)),
            Self::Month => day_number(day_of(day).first_of_month()),
        }
    }

    /// The last day of it.
    #[must_use]
    pub fn end(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => self.begin(day).saturating_add(6),
            Self::Month => day_number(day_of(day).last_of_month()),
        }
    }

    /// The days, weeks or months of a stretch of days, in order, the first and the last cut to what is in it.
    #[must_use]
    pub fn parts(self, days: &RangeInclusive<i32>) -> Vec<RangeInclusive<i32>> {
        let mut parts = Vec::new();
        let mut from = *days.start();
        while from <= *days.end() {
            let to = self.end(from).min(*days.end());
            parts.push(from..=to);
            // Past the last day that can be named, the end of a month is before its day.
            from = to.max(from).saturating_add(1);
        }
        parts
    }
}

/// How many days they are.
#[must_use]
pub fn length(days: &RangeInclusive<i32>) -> i32 {
    days.end().saturating_sub(*days.start()).saturating_add(1).max(0)
}

/// A day's number, from 1970-01-01.
#[must_use]
pub fn day_number(day: Date) -> i32 {
    day.duration_since(EPOCH).as_hours().div_euclid(24).try_into().unwrap_or(0)
}

/// The day that has a number; the nearest that can be named.
#[must_use]
pub fn day_of(number: i32) -> Date {
    EPOCH.saturating_add(i64::from(number).days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_number(date(1970, 1, 1)), 0);
        assert_eq!(day_number(date(2026, 11, 26)), 20_783);
        assert_eq!(day_of(20_783), date(2026, 11, 26));
        assert_eq!(day_number(date(1969, 12, 31)), -1);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let thursday = day_number(date(2026, 11, 26));
        assert_eq!(day_of(Per::Week.begin(thursday)), date(2026, 11, 23));
        assert_eq!(day_of(Per::Week.end(thursday)), date(2026, 11, 29));
        assert_eq!(day_of(Per::Month.begin(thursday)), date(2026, 11, 1));
        assert_eq!(day_of(Per::Month.end(thursday)), date(2026, 11, 30));
        assert_eq!(Per::Week.begin(day_number(date(2026, 11, 23))), day_number(date(2026, 11, 23)));
        assert_eq!(day_of(Per::Week.begin(-1)), date(1969, 12, 29));
    }

    #[test]
    fn a_month_is_drawn_by_days_half_a_year_by_weeks_and_more_by_months() {
        assert_eq!(Per::of(&(0..=30)), Per::Day);
        assert_eq!(Per::of(&(0..=31)), Per::Week);
        assert_eq!(Per::of(&(0..=181)), Per::Week);
        assert_eq!(Per::of(&(0..=182)), Per::Month);
    }

    #[test]
    fn the_first_and_the_last_part_are_cut_to_what_is_asked_for() {
        let days = day_number(date(2026, 10, 15))..=day_number(date(2026, 12, 2));
        let parts: Vec<(Date, Date)> =
            Per::Month.parts(&days).iter().map(|part| (day_of(*part.start()), day_of(*part.end()))).collect();
        assert_eq!(
            parts,
            [
                (date(2026, 10, 15), date(2026, 10, 31)),
                (date(2026, 11, 1), date(2026, 11, 30)),
                (date(2026, 12, 1), date(2026, 12, 2))
            ]
        );
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is tried")]
        let nothing = 5..=4;
        assert_eq!(Per::Day.parts(&nothing), Vec::<RangeInclusive<i32>>::new());
    }

    proptest! {
        #[test]
        fn parts_have_every_day_once(from in 0_i32..40_000, more in 0_i32..400, per in 0_usize..3) {
            let days = from..=from + more;
            let of: Vec<i32> = Per::ALL[per].parts(&days).into_iter().flatten().collect();
            prop_assert_eq!(of, days.collect::<Vec<i32>>());
        }
    }
}
