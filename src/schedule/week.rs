//! The pages of a calendar: days and weeks of a zone, and the instants that they span.

use super::{Span, Zone};
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

/// The most days that [`days`] lists; of a longer span, the first.
pub const DAYS_MAX: usize = 400;

/// Seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its days, in order.
    pub days: [Date; 7],
    /// From the first one's beginning to the last one's end.
    pub span: Span,
}

/// The day that it is in a zone at an instant.
#[must_use]
pub fn day(zone: &Zone, at: Timestamp) -> Date {
    zone.wall(at).date()
}

/// From a day's first instant to the next one's; 23 or 25 hours where clocks change, and empty where the zone never had
/// that day.
#[must_use]
pub fn day_span(zone: &Zone, day: Date) -> Span {
    Span { starts_at: beginning(zone, day), ends_at: beginning(zone, day.saturating_add(1.day())) }
}

/// The week around an instant in a zone, beginning with the weekday that the reader's calendar begins with.
#[must_use]
pub fn week(zone: &Zone, at: Timestamp, first: Weekday) -> Week {
    week_of(zone, day(zone, at), first)
}

/// The week in which a day is.
#[must_use]
pub fn week_of(zone: &Zone, day: Date, first: Weekday) -> Week {
    let into_week = i64::from(day.weekday().since(first));
    let begins = day.saturating_sub(into_week.days());
    let mut days = [begins; 7];
    for (ordinal, day) in (0_i64..).zip(&mut days) {
        *day = begins.saturating_add(ordinal.days());
    }
    let ends = begins.saturating_add(7.days());
    Week { days, span: Span { starts_at: beginning(zone, begins), ends_at: beginning(zone, ends) } }
}

/// The days of a zone that have an instant in a span, in order, at most [`DAYS_MAX`].
#[must_use]
pub fn days(zone: &Zone, span: Span) -> Vec<Date> {
    if span.is_empty() {
        return Vec::new();
    }
    let last = day(zone, Timestamp(span.ends_at.micros().saturating_sub(1)));
    let days = day(zone, span.starts_at).series(1.day()).take_while(|day| *day <= last);
    days.filter(|day| !day_span(zone, *day).is_empty()).take(DAYS_MAX).collect()
}

fn beginning(zone: &Zone, day: Date) -> Timestamp {
    zone.instant(day.to_datetime(Time::midnight()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const HOUR: i64 = 3_600_000_000;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).expect("a zone")
    }

    fn hours(span: Span) -> i64 {
        (span.ends_at.micros() - span.starts_at.micros()) / HOUR
    }

    #[test]
    fn a_day_is_as_long_as_its_clocks_say() {
        let paris = zone("Europe/Paris");
        assert_eq!(hours(day_span(&paris, date(2026, 6, 1))), 24);
        assert_eq!(hours(day_span(&paris, date(2026, 3, 29))), 23);
        assert_eq!(hours(day_span(&paris, date(2026, 10, 25))), 25);
        assert_eq!(hours(day_span(&zone("Africa/Casablanca"), date(2026, 2, 15))), 25);
    }

    #[test]
    fn a_day_that_a_zone_never_had_is_empty() {
        let apia = zone("Pacific/Apia");
        assert!(day_span(&apia, date(2011, 12, 30)).is_empty());
        let around =
            Span { starts_at: beginning(&apia, date(2011, 12, 29)), ends_at: beginning(&apia, date(2012, 1, 1)) };
        assert_eq!(days(&apia, around), [date(2011, 12, 29), date(2011, 12, 31)]);
    }

    #[test]
    fn where_clocks_skip_midnight_the_day_begins_after_it() {
        let cairo = zone("Africa/Cairo");
        let span = day_span(&cairo, date(2026, 4, 24));
        assert_eq!((cairo.wall(span.starts_at), hours(span)), (date(2026, 4, 24).at(1, 0, 0, 0), 23));
        assert_eq!(day(&cairo, span.starts_at), date(2026, 4, 24));
        assert_eq!(day(&cairo, Timestamp(span.starts_at.micros() - 1)), date(2026, 4, 23));
    }

    #[test]
    fn a_week_begins_with_the_readers_weekday() {
        let casablanca = zone("Africa/Casablanca");
        let at = casablanca.instant(date(2026, 6, 10).at(0, 30, 0, 0));
        let monday = week(&casablanca, at, Weekday::Monday);
        assert_eq!((monday.days[0], monday.days[6]), (date(2026, 6, 8), date(2026, 6, 14)));
        let sunday = week(&casablanca, at, Weekday::Sunday);
        assert_eq!((sunday.days[0], sunday.days[6]), (date(2026, 6, 7), date(2026, 6, 13)));
        // Half past midnight in Casablanca is still the day before in universal time.
        assert_eq!(day(&Zone::utc(), at), date(2026, 6, 9));
    }

    #[test]
    fn the_weekday_that_begins_a_week_is_in_it() {
        let utc = Zone::utc();
        for first in [Weekday::Monday, Weekday::Saturday, Weekday::Sunday] {
            for ordinal in 0..7 {
                let day = date(2026, 11, 23).saturating_add(i64::from(ordinal).days());
                let week = week_of(&utc, day, first);
                assert_eq!(week.days[0].weekday(), first);
                assert!(week.days.contains(&day));
                assert_eq!(hours(week.span), 7 * 24);
            }
        }
    }

    #[test]
    fn the_week_in_which_clocks_change_has_an_hour_more_or_less() {
        let casablanca = zone("Africa/Casablanca");
        assert_eq!(hours(week_of(&casablanca, date(2026, 2, 15), Weekday::Monday).span), 169);
        assert_eq!(hours(week_of(&casablanca, date(2026, 3, 22), Weekday::Monday).span), 167);
    }

    #[test]
    fn days_are_those_with_an_instant_in_the_span() {
        let utc = Zone::utc();
        let span = Span { starts_at: beginning(&utc, date(2026, 1, 1)), ends_at: beginning(&utc, date(2026, 1, 3)) };
        assert_eq!(days(&utc, span), [date(2026, 1, 1), date(2026, 1, 2)]);
        assert_eq!(days(&utc, Span { ends_at: span.starts_at, ..span }), []);
        assert_eq!(days(&utc, Span { starts_at: Timestamp(i64::MIN), ends_at: Timestamp(i64::MAX) }).len(), DAYS_MAX);
    }
}
