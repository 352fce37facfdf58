//! Recurrence rules that end (RFC 5545 §3.3.10): `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270630`.
//!
//! A rule is reckoned in wall time; which instants its dates are is the zone's affair. It refuses what never ends, what
//! is more than a timetable can hold, what recurs within a day, and contradictions. `BYHOUR`, `BYMINUTE`, `BYSECOND`,
//! `BYYEARDAY` and `BYWEEKNO` are refused too: a timetable has no use for them.

mod expand;
mod parse;
#[cfg(test)]
mod tests;

use crate::time::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

/// The most dates that one rule or series may have; with more it is refused.
pub const OCCURRENCES_MAX: usize = 500;

/// The longest that a rule or series may last, in years; what lasts longer is refused.
pub const YEARS_MAX: i16 = 5;

/// The longest text of a rule, in bytes; longer text is refused unread.
pub const TEXT_MAX: usize = 500;

/// How often a rule's periods come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

/// Where a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After so many dates.
    Count(NonZeroU16),
    /// With this day, which is still in it.
    UntilDate(Date),
    /// With this wall time, which is still in it.
    UntilWall(DateTime),
    /// With this instant, which is still in it.
    UntilInstant(Timestamp),
}

/// A weekday of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RuleDay {
    /// Which of them in the month or year, from the end where it is negative; zero is every one.
    ordinal: i8,
    weekday: Weekday,
}

/// A recurrence rule that ends.
///
/// `Display` writes it in one canonical way, which [`Rule::parse`] reads back to an equal rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    frequency: Frequency,
    interval: NonZeroU16,
    end: End,
    week_start: Weekday,
    months: Vec<i8>,
    month_days: Vec<i8>,
    days: Vec<RuleDay>,
    positions: Vec<i16>,
}

/// Why a rule is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// More than [`TEXT_MAX`] bytes.
    #[error("the rule is longer than {TEXT_MAX} characters: shorten it")]
    TextTooLong,
    /// A part that no rule has, or with a value that it cannot have.
    #[error("`{0}` cannot be read: write a rule such as FREQ=WEEKLY;BYDAY=MO;COUNT=10")]
    Malformed(String),
    /// A part that stands twice.
    #[error("{0} is given twice: give it once")]
    Repeated(&'static str),
    /// No `FREQ`.
    #[error("the rule does not say how often: add FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    NoFrequency,
    /// More often than once a day.
    #[error("lessons recur daily at the most: use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")]
    WithinADay,
    /// A part of RFC 5545 that is not offered.
    #[error("{0} is not supported: use BYDAY, BYMONTHDAY, BYMONTH or BYSETPOS")]
    Unsupported(&'static str),
    /// Parts that cannot stand together.
    #[error("{0}")]
    Contradiction(&'static str),
    /// Neither `COUNT` nor `UNTIL`.
    #[error("the rule has no end: add COUNT or UNTIL")]
    NoEnd,
    /// Both `COUNT` and `UNTIL`.
    #[error("the rule has two ends: give either COUNT or UNTIL")]
    TwoEnds,
    /// More than [`OCCURRENCES_MAX`] dates.
    #[error("the rule has more than {OCCURRENCES_MAX} dates: end it earlier")]
    TooMany,
    /// It lasts longer than [`YEARS_MAX`] years.
    #[error("the rule lasts longer than {YEARS_MAX} years: end it earlier")]
    TooFar,
    /// No date fits it.
    #[error("no date fits the rule: look at its end, and at the days that it names")]
    NeverOccurs,
}

impl RuleFault {
    /// The stable word for this fault.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::TextTooLong => "rule_text_too_long",
            Self::Malformed(_) => "rule_malformed",
            Self::Repeated(_) => "rule_part_repeated",
            Self::NoFrequency => "rule_without_frequency",
            Self::WithinADay => "rule_within_a_day",
            Self::Unsupported(_) => "rule_part_unsupported",
            Self::Contradiction(_) => "rule_contradiction",
            Self::NoEnd => "rule_without_end",
            Self::TwoEnds => "rule_with_two_ends",
            Self::TooMany => "rule_too_many_dates",
            Self::TooFar => "rule_too_long",
            Self::NeverOccurs => "rule_never_occurs",
        }
    }
}

impl Rule {
    /// Reads the value of an `RRULE` property; the property's name before it is allowed, and letter case does not matter.
    ///
    /// # Errors
    ///
    /// When it is no rule, or one that is refused whatever it starts with. What depends on the start is found by
    /// [`Rule::dates`].
    pub fn parse(text: &str) -> Result<Self, RuleFault> {
        parse::rule(text)
    }

    /// A rule with a single date: its start.
    #[must_use]
    pub fn once() -> Self {
        Self {
            frequency: Frequency::Daily,
            interval: NonZeroU16::MIN,
            end: End::Count(NonZeroU16::MIN),
            week_start: Weekday::Monday,
            months: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
        }
    }

    /// How often its periods come.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// Every how many periods it applies.
    #[must_use]
    pub fn interval(&self) -> u16 {
        self.interval.get()
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> End {
        self.end
    }

    /// The same rule with another end.
    #[must_use]
    pub fn ending(&self, end: End) -> Self {
        Self { end, ..self.clone() }
    }
}

impl FromStr for Rule {
    type Err = RuleFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency.word())?;
        if self.interval.get() > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.end {
            End::Count(count) => write!(f, ";COUNT={count}")?,
            End::UntilDate(date) => write!(f, ";UNTIL={}", date.strftime("%Y%m%d"))?,
            End::UntilWall(wall) => write!(f, ";UNTIL={}", wall.strftime("%Y%m%dT%H%M%S"))?,
            End::UntilInstant(at) => {
                let wall = super::Zone::utc().wall(at);
                write!(f, ";UNTIL={}", wall.strftime("%Y%m%dT%H%M%SZ"))?;
            }
        }
        write_list(f, "BYMONTH", &self.months)?;
        write_list(f, "BYMONTHDAY", &self.month_days)?;
        write_list(f, "BYDAY", &self.days)?;
        write_list(f, "BYSETPOS", &self.positions)?;
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", weekday_word(self.week_start))?;
        }
        Ok(())
    }
}

impl Frequency {
    fn word(self) -> &'static str {
        match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        }
    }
}

impl fmt::Display for RuleDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ordinal != 0 {
            write!(f, "{}", self.ordinal)?;
        }
        f.write_str(weekday_word(self.weekday))
    }
}

fn weekday_word(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

fn write_list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, values: &[T]) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        match index {
            0 => write!(f, ";{name}={value}")?,
            _ => write!(f, ",{value}")?,
        }
    }
    Ok(())
}
