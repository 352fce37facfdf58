//! Dates and times of day as people write them in a table; in which zone they are is the institution's matter.

use super::fault::Trouble;
use crate::text::ascii_digits;
use std::fmt;

/// The years a timetable may have.
const YEARS: std::ops::RangeInclusive<u16> = 2000..=2100;

/// A day of the calendar that exists, in the years 2000 to 2100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A time of day, 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl Date {
    /// The day, where it exists.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (YEARS.contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The year, 2000 to 2100.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1 up.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// `2026-11-30`, `30/11/2026`, `30-11-2026` or `30.11.2026`, in any digits: the day comes first where the year does
    /// not.
    pub(super) fn parse(text: &str) -> Result<Self, Trouble> {
        let text = ascii_digits(text);
        let read = ['-', '/', '.'].into_iter().find_map(|separator| {
            let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
            match parts.as_slice() {
                [year, month, day] if year.len() == 4 => Self::new(number(year)?, number(month)?, number(day)?),
                [day, month, year] if year.len() == 4 => Self::new(number(year)?, number(month)?, number(day)?),
                _ => None,
            }
        });
        read.ok_or_else(|| {
            Trouble::new("date", "write a date that exists as 2026-11-30 or as 30/11/2026, the day first")
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl TimeOfDay {
    /// The time, where it exists.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// Minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> u16 {
        u16::from(self.hour) * 60 + u16::from(self.minute)
    }

    /// `8:30`, `08:30`, `8h30`, `8h`, or with the `:00` that spreadsheets add for seconds; in any digits, of 24 hours.
    pub(super) fn parse(text: &str) -> Result<Self, Trouble> {
        let text = ascii_digits(text).to_ascii_lowercase();
        let parts: Vec<&str> = text.split([':', 'h']).map(str::trim).collect();
        let read = match parts.as_slice() {
            [hour, ""] if text.ends_with('h') => number(hour).and_then(|hour| Self::new(hour, 0)),
            [hour, minute] | [hour, minute, "00"] if minute.len() == 2 => {
                number(hour).zip(number(minute)).and_then(|(hour, minute)| Self::new(hour, minute))
            }
            _ => None,
        };
        read.ok_or_else(|| Trouble::new("time", "write a time of 24 hours as 8:30, 08:30 or 8h30"))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// A number of digits only: signs are none.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    (text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in
            ["2026-11-30", "30/11/2026", "30-11-2026", "30.11.2026", "2026/11/30", "٣٠/١١/٢٠٢٦", "30 / 11 / 2026"]
        {
            assert_eq!(Date::parse(text).ok(), Date::new(2026, 11, 30), "{text}");
        }
        assert_eq!(Date::parse("1/2/2026").ok(), Date::new(2026, 2, 1));
        assert_eq!(Date::parse("29/2/2028").ok(), Date::new(2028, 2, 29));
        for text in [
            "31/11/2026",
            "29/02/2026",
            "29/02/2100",
            "11/30/2026",
            "30/11/26",
            "1999-01-01",
            "46356",
            "-1-1-2026",
            "2026-11",
            "+1/1/2026",
            "",
        ] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for text in ["8:30", "08:30", "8h30", "8H30", "08:30:00", "٨:٣٠", "8 h 30"] {
            assert_eq!(TimeOfDay::parse(text).ok(), TimeOfDay::new(8, 30), "{text}");
        }
        assert_eq!(TimeOfDay::parse("14h").ok(), TimeOfDay::new(14, 0));
        for text in ["24:00", "8:60", "8", "830", "8:3", "8:30 pm", "-8:30", "8:", ":30", "h", "8:30:15", ""] {
            assert!(TimeOfDay::parse(text).is_err(), "{text}");
        }
    }
}
