//! From a rule's text to a rule: every part once, every value in its range, and nothing that contradicts itself.

use super::{End, Frequency, OCCURRENCES_MAX, Rule, RuleDay, RuleFault, TEXT_MAX};
use crate::schedule::Zone;
use jiff::civil::{Date, DateTime, Weekday, date};
use std::num::NonZeroU16;

/// How much of what cannot be read is said back, in characters.
const QUOTED_MAX: usize = 40;

/// The parts as they stand, before anything is said about how they fit.
#[derive(Default)]
struct Parts {
    frequency: Option<Frequency>,
    interval: Option<NonZeroU16>,
    count: Option<NonZeroU16>,
    until: Option<End>,
    week_start: Option<Weekday>,
    months: Option<Vec<i8>>,
    month_days: Option<Vec<i8>>,
    days: Option<Vec<RuleDay>>,
    positions: Option<Vec<i16>>,
}

pub(super) fn rule(text: &str) -> Result<Rule, RuleFault> {
    if text.len() > TEXT_MAX {
        return Err(RuleFault::TextTooLong);
    }
    let text = text.trim().to_ascii_uppercase();
    let mut parts = Parts::default();
    for part in text.strip_prefix("RRULE:").unwrap_or(&text).split(';') {
        read(&mut parts, part)?;
    }
    let rule = fit(parts)?;
    check(&rule)?;
    Ok(rule)
}

fn read(parts: &mut Parts, part: &str) -> Result<(), RuleFault> {
    let malformed = || RuleFault::Malformed(part.chars().take(QUOTED_MAX).collect());
    let (name, value) = part.split_once('=').ok_or_else(malformed)?;
    match name {
        "FREQ" => {
            let frequency = match value {
                "DAILY" => Frequency::Daily,
                "WEEKLY" => Frequency::Weekly,
                "MONTHLY" => Frequency::Monthly,
                "YEARLY" => Frequency::Yearly,
                "SECONDLY" | "MINUTELY" | "HOURLY" => return Err(RuleFault::WithinADay),
                _ => return Err(malformed()),
            };
            once(&mut parts.frequency, frequency, "FREQ")
        }
        "INTERVAL" => once(&mut parts.interval, natural(value).ok_or_else(malformed)?, "INTERVAL"),
        "COUNT" => {
            // A count beyond what a number holds is too many, not unreadable.
            let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            let count = natural(value).or((digits && value.len() > 4).then_some(NonZeroU16::MAX));
            once(&mut parts.count, count.ok_or_else(malformed)?, "COUNT")
        }
        "UNTIL" => once(&mut parts.until, until(value).ok_or_else(malformed)?, "UNTIL"),
        "WKST" => once(&mut parts.week_start, weekday(value).ok_or_else(malformed)?, "WKST"),
        "BYMONTH" => {
            let months = list(value, |item| number(item, 1, 12).filter(|month| *month > 0));
            once(&mut parts.months, months.ok_or_else(malformed)?, "BYMONTH")
        }
        "BYMONTHDAY" => {
            let days = list(value, |item| number(item, 1, 31));
            once(&mut parts.month_days, days.ok_or_else(malformed)?, "BYMONTHDAY")
        }
        "BYDAY" => once(&mut parts.days, list(value, rule_day).ok_or_else(malformed)?, "BYDAY"),
        "BYSETPOS" => {
            let positions = list(value, |item| number(item, 1, 366));
            once(&mut parts.positions, positions.ok_or_else(malformed)?, "BYSETPOS")
        }
        "BYHOUR" => Err(RuleFault::Unsupported("BYHOUR")),
        "BYMINUTE" => Err(RuleFault::Unsupported("BYMINUTE")),
        "BYSECOND" => Err(RuleFault::Unsupported("BYSECOND")),
        "BYYEARDAY" => Err(RuleFault::Unsupported("BYYEARDAY")),
        "BYWEEKNO" => Err(RuleFault::Unsupported("BYWEEKNO")),
        _ => Err(malformed()),
    }
}

fn once<T>(place: &mut Option<T>, value: T, name: &'static str) -> Result<(), RuleFault> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(RuleFault::Repeated(name)),
    }
}

fn fit(parts: Parts) -> Result<Rule, RuleFault> {
    let frequency = parts.frequency.ok_or(RuleFault::NoFrequency)?;
    let end = match (parts.count, parts.until) {
        (Some(_), Some(_)) => return Err(RuleFault::TwoEnds),
        (None, None) => return Err(RuleFault::NoEnd),
        (Some(count), None) if usize::from(count.get()) > OCCURRENCES_MAX => return Err(RuleFault::TooMany),
        (Some(count), None) => End::Count(count),
        (None, Some(until)) => until,
    };
    let mut days = parts.days.unwrap_or_default();
    days.sort_by_key(|day| (day.weekday.to_monday_zero_offset(), day.ordinal));
    days.dedup();
    Ok(Rule {
        frequency,
        interval: parts.interval.unwrap_or(NonZeroU16::MIN),
        end,
        week_start: parts.week_start.unwrap_or(Weekday::Monday),
        months: sorted(parts.months),
        month_days: sorted(parts.month_days),
        days,
        positions: sorted(parts.positions),
    })
}

/// What RFC 5545 §3.3.10 forbids to stand together.
fn check(rule: &Rule) -> Result<(), RuleFault> {
    let numbered = rule.days.iter().any(|day| day.ordinal != 0);
    let far = rule.days.iter().any(|day| day.ordinal.unsigned_abs() > 5);
    match rule.frequency {
        Frequency::Daily | Frequency::Weekly if numbered => Err(RuleFault::Contradiction(
            "BYDAY with a number, such as 1MO, needs FREQ=MONTHLY or YEARLY: leave the number out",
        )),
        Frequency::Weekly if !rule.month_days.is_empty() => {
            Err(RuleFault::Contradiction("BYMONTHDAY does not go with FREQ=WEEKLY: use FREQ=MONTHLY"))
        }
        Frequency::Monthly if far => {
            Err(RuleFault::Contradiction("no month has more than 5 of a weekday: number BYDAY from -5 to 5"))
        }
        _ if !rule.positions.is_empty()
            && rule.months.is_empty()
            && rule.month_days.is_empty()
            && rule.days.is_empty() =>
        {
            Err(RuleFault::Contradiction("BYSETPOS chooses among days: add BYDAY or BYMONTHDAY"))
        }
        _ => Ok(()),
    }
}

fn sorted<T: Ord>(values: Option<Vec<T>>) -> Vec<T> {
    let mut values = values.unwrap_or_default();
    values.sort_unstable();
    values.dedup();
    values
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').map(read).collect()
}

fn natural(value: &str) -> Option<NonZeroU16> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok())?
}

/// A number whose size is from `least` to `most`; a sign may stand before it.
fn number<T: TryFrom<i16>>(value: &str, least: i16, most: i16) -> Option<T> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let size = i16::try_from(natural(digits)?.get()).ok().filter(|size| (least..=most).contains(size))?;
    T::try_from(if value.starts_with('-') { -size } else { size }).ok()
}

fn rule_day(item: &str) -> Option<RuleDay> {
    let (ordinal, name) = item.split_at_checked(item.len().checked_sub(2)?)?;
    let ordinal = if ordinal.is_empty() { 0 } else { number(ordinal, 1, 53)? };
    Some(RuleDay { ordinal, weekday: weekday(name)? })
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

/// A date, a wall time, or an instant: `20270630`, `20270630T170000`, `20270630T160000Z`.
fn until(value: &str) -> Option<End> {
    let Some((day, time)) = value.split_once('T') else {
        return Some(End::UntilDate(calendar_date(value)?));
    };
    let day = calendar_date(day)?;
    let (time, utc) = match time.strip_suffix('Z') {
        Some(time) => (time, true),
        None => (time, false),
    };
    let wall = wall_time(day, time)?;
    Some(if utc { End::UntilInstant(Zone::utc().instant(wall)) } else { End::UntilWall(wall) })
}

fn calendar_date(value: &str) -> Option<Date> {
    if value.len() != 8 {
        return None;
    }
    let (year, month, day) = (digits(value, 0, 4)?, digits(value, 4, 6)?, digits(value, 6, 8)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|found| *found >= date(1, 1, 1))
}

fn wall_time(day: Date, value: &str) -> Option<DateTime> {
    if value.len() != 6 {
        return None;
    }
    let part = |from, to| i8::try_from(digits(value, from, to)?).ok();
    let time = jiff::civil::Time::new(part(0, 2)?, part(2, 4)?, part(4, 6)?, 0).ok()?;
    Some(day.to_datetime(time))
}

fn digits(value: &str, from: usize, to: usize) -> Option<i16> {
    let digits = value.get(from..to)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}
