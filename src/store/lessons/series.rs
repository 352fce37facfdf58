//! A series as it is kept: what made its lessons, and what their next change goes by.

use super::rows::{wall, wall_column, zone};
use crate::ids::{GroupId, PersonId, SeriesId, UnitId, VenueId};
use crate::schedule::series::SeriesDraft;
use crate::schedule::{Rule, Series, SeriesFault};
use crate::store::records::StoreError;
use crate::store::rows::id;
use jiff::civil::DateTime;
use sqlx::FromRow;
use std::collections::BTreeSet;
use std::time::Duration;

/// What makes lessons again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonSeries {
    pub id: SeriesId,
    pub group: GroupId,
    pub trainer: PersonId,
    pub venue: Option<VenueId>,
    pub unit: Option<UnitId>,
    pub title: String,
    /// When its lessons are.
    pub dates: Series,
    pub version: i64,
}

/// Series under a condition.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, course_group, trainer, venue, unit, title, starts_local, minutes, time_zone, rule, exceptions,
                    additions, version
             FROM lesson_series ",
            $condition
        )
    };
}
pub(super) use select;

pub(super) const SELECT: &str = select!("WHERE institution = $1 AND id = $2");

#[derive(FromRow)]
pub(super) struct SeriesRow {
    id: String,
    course_group: String,
    trainer: String,
    venue: Option<String>,
    unit: Option<String>,
    title: String,
    starts_local: String,
    minutes: i64,
    time_zone: String,
    rule: String,
    exceptions: String,
    additions: String,
    version: i64,
}

impl TryFrom<SeriesRow> for LessonSeries {
    type Error = StoreError;

    fn try_from(row: SeriesRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::Unreadable(format!("the series {}", row.id));
        let minutes = u64::try_from(row.minutes).map_err(|_| unreadable())?;
        let draft = SeriesDraft {
            start: wall(&row.starts_local)?,
            length: Duration::from_secs(minutes.saturating_mul(60)),
            zone: zone(&row.time_zone)?,
            rule: Rule::parse(&row.rule).map_err(|_| unreadable())?,
            exceptions: walls(&row.exceptions)?,
            extras: walls(&row.additions)?,
        };
        Ok(Self {
            group: id(&row.course_group)?,
            trainer: id(&row.trainer)?,
            venue: row.venue.as_deref().map(id).transpose()?,
            unit: row.unit.as_deref().map(id).transpose()?,
            dates: Series::new(draft).map_err(|_| unreadable())?,
            title: row.title,
            version: row.version,
            id: id(&row.id)?,
        })
    }
}

fn walls(json: &str) -> Result<BTreeSet<DateTime>, StoreError> {
    let texts: Vec<String> =
        serde_json::from_str(json).map_err(|_| StoreError::Unreadable("a series' list of times".into()))?;
    texts.iter().map(|text| wall(text)).collect()
}

/// Wall times as a JSON list.
pub(super) fn walls_column(walls: &BTreeSet<DateTime>) -> String {
    let texts: Vec<String> = walls.iter().copied().map(wall_column).collect();
    serde_json::to_string(&texts).unwrap_or_else(|_| "[]".into())
}

/// The same dates, all moved by as much of the wall clock, for lessons of another length.
///
/// The rule is moved along where a rule can say the same (a week's days move to other days); what no rule says of the
/// new days is listed date by date.
pub(super) fn moved(series: &Series, by: jiff::SignedDuration, length: Duration) -> Result<Series, SeriesFault> {
    let wanted: BTreeSet<DateTime> = series.originals().into_iter().filter_map(|at| at.checked_add(by).ok()).collect();
    let draft = SeriesDraft { length, ..series.draft().clone() };
    if by.is_zero() {
        return Series::new(draft);
    }
    let along = |walls: &BTreeSet<DateTime>| walls.iter().filter_map(|at| at.checked_add(by).ok()).collect();
    let ruled = draft.start.checked_add(by).ok().and_then(|start| {
        let days = start.date().duration_since(draft.start.date()).as_hours() / 24;
        let rule = moved_rule(&draft.rule, by, days)?;
        let (exceptions, extras) = (along(&draft.exceptions), along(&draft.extras));
        Series::new(SeriesDraft { start, rule, exceptions, extras, ..draft.clone() }).ok()
    });
    match ruled {
        Some(ruled) if ruled.originals() == wanted => Ok(ruled),
        _ => listed(&wanted, draft),
    }
}

/// A series of these dates and no others.
pub(super) fn listed(dates: &BTreeSet<DateTime>, like: SeriesDraft) -> Result<Series, SeriesFault> {
    let mut extras = dates.clone();
    let start = extras.pop_first().ok_or(SeriesFault::NoSuchLesson)?;
    Series::new(SeriesDraft { start, rule: Rule::once(), exceptions: BTreeSet::new(), extras, ..like })
}

/// A rule whose days of the week and whose end are moved along; whoever uses it looks whether it says the same dates.
fn moved_rule(rule: &Rule, by: jiff::SignedDuration, days: i64) -> Option<Rule> {
    use crate::schedule::rule::End;
    const WEEK: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let end = match rule.end() {
        End::UntilDate(day) => End::UntilDate(day.checked_add(jiff::Span::new().days(days)).ok()?),
        End::UntilWall(wall) => End::UntilWall(wall.checked_add(by).ok()?),
        // An instant moves as its wall time does, but for changes of clocks; dates near those are listed.
        End::UntilInstant(at) => {
            End::UntilInstant(crate::time::Timestamp(at.micros().checked_add(i64::try_from(by.as_micros()).ok()?)?))
        }
        count @ End::Count(_) => count,
    };
    let moved_day = |day: &str| {
        let place = i64::try_from(WEEK.iter().position(|known| *known == day)?).ok()?;
        WEEK.get(usize::try_from((place + days).rem_euclid(7)).ok()?).copied()
    };
    let text = rule.ending(end).to_string();
    let parts: Option<Vec<String>> = text
        .split(';')
        .map(|part| match part.strip_prefix("BYDAY=") {
            Some(list) => {
                let moved: Option<Vec<&str>> = list.split(',').map(moved_day).collect();
                moved.map(|days| format!("BYDAY={}", days.join(",")))
            }
            None => Some(part.to_owned()),
        })
        .collect();
    Rule::parse(&parts?.join(";")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Zone;
    use jiff::SignedDuration;
    use jiff::civil::date;

    fn series(rule: &str) -> Series {
        let draft = SeriesDraft {
            start: date(2026, 11, 30).at(8, 30, 0, 0),
            length: Duration::from_mins(90),
            zone: Zone::parse("Africa/Casablanca").expect("a zone"),
            rule: Rule::parse(rule).expect("a rule"),
            exceptions: BTreeSet::from([date(2026, 12, 7).at(8, 30, 0, 0)]),
            extras: BTreeSet::new(),
        };
        Series::new(draft).expect("a series")
    }

    fn dates_moved(rule: &str, by: SignedDuration) -> Series {
        let before = series(rule);
        let after = moved(&before, by, Duration::from_mins(60)).expect("a series");
        let wanted: BTreeSet<DateTime> = before.originals().into_iter().map(|at| at + by).collect();
        assert_eq!(after.originals(), wanted, "{rule}");
        assert_eq!(after.draft().length, Duration::from_mins(60));
        after
    }

    #[test]
    fn a_weekly_rule_moves_to_another_day_and_stays_a_rule() {
        let moved = dates_moved("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270129", SignedDuration::from_hours(26));
        assert_eq!(moved.draft().rule.to_string(), "FREQ=WEEKLY;UNTIL=20270130;BYDAY=TU,FR");
        let moved = dates_moved("FREQ=WEEKLY;INTERVAL=2;COUNT=8", SignedDuration::from_hours(-24));
        assert_eq!(moved.draft().rule.to_string(), "FREQ=WEEKLY;INTERVAL=2;COUNT=8");
    }

    #[test]
    fn what_no_rule_says_of_the_new_days_is_listed() {
        for rule in ["FREQ=MONTHLY;BYDAY=1MO,-1MO;COUNT=6", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=6"] {
            let moved = dates_moved(rule, SignedDuration::from_hours(24));
            assert_eq!(moved.draft().rule, Rule::once(), "{rule}");
        }
    }
}
