//! What somebody looks at in the reports: the words behind `?` of the page's address, as they are saved under a name.

use super::calendar::{day_number, day_of, length};
use crate::ids::{CourseId, GroupId, InstitutionId, PersonId, RegionId};
use jiff::civil::Date;
use std::fmt::Write;
use std::ops::RangeInclusive;

/// The longest query, in bytes: an address is ASCII.
pub const QUERY_BYTES_MAX: usize = 500;

/// The longest period of a report, in days: a school year with its holidays, and some weeks more.
pub const DAYS_MAX: i32 = 400;

/// How many subjects can be shown side by side.
const SIDE_BY_SIDE_MAX: usize = 4;

/// How many words a query has at most: more than the page knows.
const PARAMETERS_MAX: usize = 16;

const PERIODS: [&str; 5] = ["week", "last-week", "month", "last-month", "year"];
const COMPARED: [&str; 2] = ["year", "none"];
const MEASURES: [&str; 4] = ["attendance", "hours", "punctual", "speech"];

/// What a report puts side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    Region,
    Institution,
    Course,
    Group,
    Trainer,
}

impl Grouping {
    const ALL: [Self; 5] = [Self::Region, Self::Institution, Self::Course, Self::Group, Self::Trainer];

    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Institution => "institution",
            Self::Course => "course",
            Self::Group => "group",
            Self::Trainer => "trainer",
        }
    }

    /// What a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grouping| grouping.word() == word)
    }

    /// Whether it is of what happens within one institution.
    #[must_use]
    pub fn is_within_institution(self) -> bool {
        matches!(self, Self::Course | Self::Group | Self::Trainer)
    }
}

/// What somebody looks at: of which part of a branch or an institution, and how it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    pub by: Option<Grouping>,
    pub region: Option<RegionId>,
    pub course: Option<CourseId>,
    pub group: Option<GroupId>,
    pub trainer: Option<PersonId>,
    /// All but the period, as they were written.
    rest: Vec<(String, String)>,
}

/// Why a query is none of the reports' page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewFault {
    #[error("it has more than {QUERY_BYTES_MAX} bytes or {PARAMETERS_MAX} parameters")]
    TooLong,
    #[error("its parameter number {0} is none of the page's, or comes twice")]
    Unknown(usize),
    #[error("`{0}` can't be read")]
    Unreadable(&'static str),
    #[error(transparent)]
    Days(#[from] DaysFault),
}

/// Why two days are no period of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaysFault {
    #[error("write both days as 2026-11-30, of a year from 2000 to 2100")]
    Unreadable,
    #[error("the last day is before the first")]
    Backwards,
    #[error("a report is of {DAYS_MAX} days at most")]
    TooLong,
}

impl DaysFault {
    /// The stable word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "report_period_unreadable",
            Self::Backwards => "report_period_backwards",
            Self::TooLong => "report_period_too_long",
        }
    }
}

/// The days from one to another, both written as 2026-11-30 and both included.
///
/// # Errors
/// Where they are no days, not in order, or too many.
pub fn days(from: &str, to: &str) -> Result<RangeInclusive<i32>, DaysFault> {
    let day = |text: &str| {
        // The length first: other ways of writing a date are not taken.
        let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        day.filter(|day| (2_000..=2_100).contains(&day.year())).ok_or(DaysFault::Unreadable)
    };
    let days = day_number(day(from)?)..=day_number(day(to)?);
    match length(&days) {
        0 => Err(DaysFault::Backwards),
        1..=DAYS_MAX => Ok(days),
        _ => Err(DaysFault::TooLong),
    }
}

impl View {
    /// Reads a query without its `?`.
    ///
    /// # Errors
    /// Where it is none of the reports' page.
    pub fn parse(query: &str) -> Result<Self, ViewFault> {
        if query.len() > QUERY_BYTES_MAX || query.split('&').count() > PARAMETERS_MAX {
            return Err(ViewFault::TooLong);
        }
        let mut view = Self::default();
        let (mut period, mut from, mut to) = (None, None, None);
        let mut seen = Vec::new();
        for (number, pair) in (1..).zip(query.split('&').filter(|pair| !pair.is_empty())) {
            let (name, value) = pair.split_once('=').ok_or(ViewFault::Unknown(number))?;
            // Commas alone are written in another way by browsers, of all that a value may have.
            let value = value.replace("%2C", ",").replace("%2c", ",");
            if seen.contains(&name) {
                return Err(ViewFault::Unknown(number));
            }
            seen.push(name);
            match name {
                "period" => {
                    is_one_of("period", &PERIODS, &value)?;
                    period = Some(value);
                }
                "from" => from = Some(value),
                "to" => to = Some(value),
                _ => view.take(name, value, number)?,
            }
        }
        match (period, from, to) {
            (_, None, None) => {}
            (None, Some(from), Some(to)) => {
                days(&from, &to)?;
            }
            _ => return Err(ViewFault::Unreadable("period")),
        }
        Ok(view)
    }

    /// The query that shows the same of these days.
    #[must_use]
    pub fn query_of(&self, days: &RangeInclusive<i32>) -> String {
        let mut query = format!("from={}&to={}", day_of(*days.start()), day_of(*days.end()));
        for (name, value) in &self.rest {
            let _ = write!(query, "&{name}={value}");
        }
        query
    }

    fn take(&mut self, name: &str, value: String, number: usize) -> Result<(), ViewFault> {
        match name {
            "by" => self.by = Some(Grouping::parse(&value).ok_or(ViewFault::Unreadable("by"))?),
            "region" => self.region = Some(id("region", &value)?),
            "course" => self.course = Some(id("course", &value)?),
            "group" => self.group = Some(id("group", &value)?),
            "trainer" => self.trainer = Some(id("trainer", &value)?),
            "compare" => is_one_of("compare", &COMPARED, &value)?,
            "measure" => is_one_of("measure", &MEASURES, &value)?,
            "view" => is_one_of("view", &["table"], &value)?,
            "with" => side_by_side(&value)?,
            "sort" => column(&value)?,
            _ => return Err(ViewFault::Unknown(number)),
        }
        self.rest.push((name.to_owned(), value));
        Ok(())
    }
}

fn is_one_of(name: &'static str, known: &[&str], value: &str) -> Result<(), ViewFault> {
    known.contains(&value).then_some(()).ok_or(ViewFault::Unreadable(name))
}

fn id<I: std::str::FromStr>(name: &'static str, value: &str) -> Result<I, ViewFault> {
    value.parse().map_err(|_| ViewFault::Unreadable(name))
}

fn side_by_side(value: &str) -> Result<(), ViewFault> {
    let are_ids = value.split(',').all(|one| one.parse::<InstitutionId>().is_ok());
    let few = value.split(',').count() <= SIDE_BY_SIDE_MAX;
    (are_ids && few).then_some(()).ok_or(ViewFault::Unreadable("with"))
}

/// The page knows its columns; what is written here can be no more than the name of one.
fn column(value: &str) -> Result<(), ViewFault> {
    let name = value.strip_prefix('-').unwrap_or(value);
    let is_name = (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_name.then_some(()).ok_or(ViewFault::Unreadable("sort"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_view_is_what_the_pages_address_says() {
        let region = RegionId(Uuid::from_u128(7));
        let view =
            View::parse(&format!("period=last-month&by=institution&region={region}&compare=year&sort=-given_us"))
                .expect("a view");
        assert_eq!((view.by, view.region, view.trainer), (Some(Grouping::Institution), Some(region), None));
        assert_eq!(
            view.query_of(&(20_783..=20_789)),
            format!("from=2026-11-26&to=2026-12-02&by=institution&region={region}&compare=year&sort=-given_us")
        );
        assert_eq!(View::parse(""), Ok(View::default()));
        assert_eq!(View::parse("from=2026-10-01&to=2026-10-31").expect("a view").rest, []);
    }

    #[test]
    fn what_the_page_does_not_know_is_refused() {
        let id = Uuid::from_u128(7);
        let many = [id.to_string(), id.to_string(), id.to_string(), id.to_string(), id.to_string()].join("%2C");
        for (query, fault) in [
            ("period=decade".into(), ViewFault::Unreadable("period")),
            ("period=week&from=2026-10-01&to=2026-10-31".into(), ViewFault::Unreadable("period")),
            ("from=2026-10-01".into(), ViewFault::Unreadable("period")),
            ("from=2026-10-02&to=2026-10-01".into(), ViewFault::Days(DaysFault::Backwards)),
            ("from=2025-10-02&to=2026-11-06".into(), ViewFault::Days(DaysFault::TooLong)),
            ("by=week".into(), ViewFault::Unreadable("by")),
            ("region=../..".into(), ViewFault::Unreadable("region")),
            ("by=course&by=group".into(), ViewFault::Unknown(2)),
            ("next=https://elsewhere.example".into(), ViewFault::Unknown(1)),
            ("period".into(), ViewFault::Unknown(1)),
            ("sort=Given us".into(), ViewFault::Unreadable("sort")),
            (format!("with={many}"), ViewFault::Unreadable("with")),
            ("a".repeat(501), ViewFault::TooLong),
        ] {
            assert_eq!(View::parse(&query), Err(fault), "{query}");
        }
        assert!(View::parse(&format!("with={}", &many[..many.len() - 39])).is_ok(), "four can be");
    }

    #[test]
    fn a_report_is_of_four_hundred_days_at_most() {
        assert_eq!(days("2026-01-01", "2027-02-04").map(|days| length(&days)), Ok(400));
        assert_eq!(days("2026-01-01", "2027-02-05"), Err(DaysFault::TooLong));
        assert_eq!(days("2026-01-01", "2026-01-01").map(|days| length(&days)), Ok(1));
        for wrong in ["", "2026-02-30", "20260101", "2026-1-1", "1999-12-31", "2026-01-01T00:00"] {
            assert_eq!(days("2026-01-01", wrong), Err(DaysFault::Unreadable), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_is_linked_to(query in "(period=week|by=course|view=table|sort=-?[a-z_]{1,9}|&|=|%|%2C|[a-z0-9-]{1,3}){0,12}") {
            if let Ok(view) = View::parse(&query) {
                let again = View::parse(&view.query_of(&(20_000..=20_010)));
                prop_assert_eq!(again, Ok(view));
            }
        }
    }
}
