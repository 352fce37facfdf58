//! Days and wall times, as requests write them.

use crate::http::acting::Acting;
use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::schedule::Zone;
use jiff::civil::{Date, DateTime};
use std::ops::RangeInclusive;

/// The years in which lessons and holidays are planned: what is outside is a slip of the pen.
const YEARS: RangeInclusive<i16> = 2_000..=2_100;

/// The first and the last day that can be named.
pub const DAYS: (Date, Date) = (jiff::civil::date(2_000, 1, 1), jiff::civil::date(2_100, 12, 31));

/// A day as 2026-11-30.
pub fn day(fields: &mut Fields, field: &str, text: &str) -> Option<Date> {
    // The length first: other ways of writing a date are not taken.
    match text.parse::<Date>() {
        Ok(day) if text.len() == 10 && YEARS.contains(&day.year()) => Some(day),
        Ok(_) if text.len() == 10 => {
            fields.fault(field, "year_out_of_range", "Give a year from 2000 to 2100.");
            None
        }
        _ => {
            fields.fault(field, "not_a_day", "Write a day as 2026-11-30.");
            None
        }
    }
}

/// A wall time as 2026-11-30T08:30.
pub fn wall(fields: &mut Fields, field: &str, text: &str) -> Option<DateTime> {
    let readable = matches!(text.len(), 16 | 19) && text.as_bytes().get(10) == Some(&b'T');
    match text.parse::<DateTime>() {
        Ok(wall) if readable && wall.second() == 0 && YEARS.contains(&wall.year()) => Some(wall),
        Ok(wall) if readable && wall.second() == 0 => {
            fields.fault(field, "year_out_of_range", "Give a year from 2000 to 2100.");
            None
        }
        _ => {
            fields.fault(field, "not_a_wall_time", "Write a day and a time as 2026-11-30T08:30.");
            None
        }
    }
}

/// A wall time as answers have it.
pub fn wall_text(wall: DateTime) -> String {
    wall.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The institution's zone.
pub async fn zone_of(acting: &Acting) -> Result<Zone, Refused> {
    let found = acting.store.zone_and_language().await?;
    found.map(|(zone, _)| zone).ok_or_else(Refused::no_record)
}
