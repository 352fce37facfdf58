//! From a rule to its dates.
//!
//! Each day of each period is asked whether it fits: at most [`YEARS_MAX`] years of days, whatever the rule says.

use super::{End, Frequency, OCCURRENCES_MAX, Rule, RuleDay, RuleFault, YEARS_MAX};
use crate::schedule::Zone;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// The days of one period that are asked, from the first up to and with the last.
type Period = (Date, Date);

impl Rule {
    /// The wall times of its dates, in order, all at the time of day of `start`. The first is the first day from `start`
    /// on that fits: a start on a day that the rule does not name is no date of it. Only an end that is given as an
    /// instant asks the zone.
    ///
    /// # Errors
    ///
    /// When no date fits, or the dates are more, or go further, than is allowed.
    pub fn dates(&self, start: DateTime, zone: &Zone) -> Result<Vec<DateTime>, RuleFault> {
        let first = start.date();
        let horizon = first.checked_add(YEARS_MAX.years()).map_err(|_| RuleFault::TooFar)?;
        if self.last_day(zone).is_some_and(|last| last > horizon) {
            return Err(RuleFault::TooFar);
        }
        let mut dates = Vec::new();
        let mut next = Some(self.first_period(first));
        while let Some(period) = next.filter(|period| period.0 <= horizon) {
            for day in self.days_of(period, first) {
                let wall = day.to_datetime(start.time());
                if day < first {
                    continue;
                }
                if self.is_past(wall, zone) || day > horizon {
                    break;
                }
                dates.push(wall);
                if matches!(self.end, End::Count(count) if dates.len() >= usize::from(count.get())) {
                    return Ok(dates);
                }
                if dates.len() > OCCURRENCES_MAX {
                    return Err(RuleFault::TooMany);
                }
            }
            next = self.period_after(period);
        }
        match self.end {
            _ if dates.is_empty() => Err(RuleFault::NeverOccurs),
            End::Count(_) => Err(RuleFault::TooFar),
            _ => Ok(dates),
        }
    }

    fn last_day(&self, zone: &Zone) -> Option<Date> {
        match self.end {
            End::Count(_) => None,
            End::UntilDate(day) => Some(day),
            End::UntilWall(wall) => Some(wall.date()),
            End::UntilInstant(at) => Some(zone.wall(at).date()),
        }
    }

    fn is_past(&self, wall: DateTime, zone: &Zone) -> bool {
        match self.end {
            End::Count(_) => false,
            End::UntilDate(day) => wall.date() > day,
            End::UntilWall(last) => wall > last,
            End::UntilInstant(at) => zone.instant(wall) > at,
        }
    }

    fn first_period(&self, first: Date) -> Period {
        let begins = match self.frequency {
            Frequency::Daily => first,
            Frequency::Weekly => {
                let into_week = i64::from(first.weekday().since(self.week_start));
                first.saturating_sub(into_week.days())
            }
            Frequency::Monthly => first.first_of_month(),
            Frequency::Yearly => first.first_of_year(),
        };
        (begins, self.last_of(begins))
    }

    /// `None` where the calendar ends.
    fn period_after(&self, period: Period) -> Option<Period> {
        let steps = i64::from(self.interval.get());
        let step = match self.frequency {
            Frequency::Daily => steps.days(),
            Frequency::Weekly => (7 * steps).days(),
            Frequency::Monthly => steps.months(),
            Frequency::Yearly => jiff::Span::new().try_years(steps).ok()?,
        };
        let begins = period.0.checked_add(step).ok()?;
        Some((begins, self.last_of(begins)))
    }

    fn last_of(&self, begins: Date) -> Date {
        match self.frequency {
            Frequency::Daily => begins,
            Frequency::Weekly => begins.saturating_add(6.days()),
            Frequency::Monthly => begins.last_of_month(),
            Frequency::Yearly => begins.last_of_year(),
        }
    }

    /// The days of a period that fit, in order. Positions count from the period's first day, even where that is before
    /// the series starts.
    fn days_of(&self, (begins, ends): Period, first: Date) -> Vec<Date> {
        let days = begins.series(1.day()).take_while(|day| *day <= ends);
        let fitting: Vec<Date> = days.filter(|day| self.fits(*day, first)).collect();
        if self.positions.is_empty() {
            return fitting;
        }
        let chosen = self.positions.iter().filter_map(|position| {
            let nth = usize::from(position.unsigned_abs());
            let index = if *position > 0 { nth.checked_sub(1) } else { fitting.len().checked_sub(nth) };
            fitting.get(index?).copied()
        });
        let mut chosen: Vec<Date> = chosen.collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// The table of RFC 5545 §3.3.10, read day by day: a part that expands and one that limits both say of a day whether
    /// it belongs. Where no part names a day, the start does.
    fn fits(&self, day: Date, first: Date) -> bool {
        if !self.months.is_empty() && !self.months.contains(&day.month()) {
            return false;
        }
        if self.days.is_empty() && self.month_days.is_empty() {
            return match self.frequency {
                Frequency::Daily => true,
                Frequency::Weekly => day.weekday() == first.weekday(),
                Frequency::Monthly => day.day() == first.day(),
                Frequency::Yearly => {
                    day.day() == first.day() && (!self.months.is_empty() || day.month() == first.month())
                }
            };
        }
        let from_end = day.day() - day.days_in_month() - 1;
        let month_day = self.month_days.is_empty()
            || self.month_days.iter().any(|wanted| *wanted == day.day() || *wanted == from_end);
        month_day && (self.days.is_empty() || self.days.iter().any(|wanted| self.is_weekday(day, *wanted)))
    }

    /// Whether a day is that weekday: of a year where the rule is yearly and names no month, else of a month.
    fn is_weekday(&self, day: Date, wanted: RuleDay) -> bool {
        if day.weekday() != wanted.weekday {
            return false;
        }
        let of_year = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (place, length) = if of_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        match i16::from(wanted.ordinal) {
            0 => true,
            ordinal if ordinal > 0 => (place - 1) / 7 + 1 == ordinal,
            ordinal => (length - place) / 7 + 1 == -ordinal,
        }
    }
}
