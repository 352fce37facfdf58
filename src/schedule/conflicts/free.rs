//! The nearest times at which a lesson would fit.

use super::{Busy, Resource};
use crate::ids::LessonId;
use crate::schedule::{Holiday, Span, Zone, week};
use crate::time::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use std::time::Duration;

/// How far apart the starts are that are tried, from a window's opening on.
pub const STEP: Duration = Duration::from_mins(15);

/// How far from the wanted start it is looked, each way.
pub const DISTANCE_MAX: Duration = Duration::from_hours(14 * 24);

/// The most free times that are found at once; who asks for more gets these.
pub const FREE_MAX: usize = 50;

/// The most windows of one weekday that are looked at; the rest of them is passed over.
pub const WINDOWS_MAX: usize = 12;

/// A time of a weekday at which an institution is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The weekday on which it opens.
    pub weekday: Weekday,
    /// The wall time at which it opens.
    pub opens: Time,
    /// The wall time at which it closes. Midnight is the end of the day; before `opens`, it is never open.
    pub closes: Time,
}

/// When an institution is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningHours {
    /// Where its clocks are.
    pub zone: Zone,
    /// When it is open, in any order.
    pub windows: Vec<Window>,
}

/// What a free time is looked for.
#[derive(Clone, Copy, Debug)]
pub struct FreeSearch<'a> {
    /// Busy times, of whomever.
    pub busy: &'a [Busy],
    /// Who has to be free.
    pub who: &'a [Resource],
    /// The lesson that is moved: it is not in its own way.
    pub lesson: Option<LessonId>,
    /// Where the lesson was wanted, and how long it is.
    pub wanted: Span,
    /// When the institution is open: a lesson begins and ends within one window.
    pub hours: &'a OpeningHours,
    /// Days on which no lesson begins.
    pub holidays: &'a [Holiday],
    /// Nothing is found before this.
    pub now: Timestamp,
    /// How many are wanted, up to [`FREE_MAX`].
    pub at_most: usize,
}

/// The free times that are nearest to where a lesson was wanted, nearest first; of two as near, the earlier.
///
/// Starts are tried every [`STEP`] from each window's opening, at most [`DISTANCE_MAX`] away.
#[must_use]
pub fn nearest_free(search: &FreeSearch<'_>) -> Vec<Span> {
    if search.wanted.is_empty() {
        return Vec::new();
    }
    let taken = taken(search);
    let mut free: Vec<Span> = starts(search)
        .into_iter()
        .map(|start| Span::lasting(start, search.wanted.length()))
        .filter(|span| is_free(&taken, *span))
        .collect();
    free.sort_by_key(|span| (distance(span.starts_at, search.wanted.starts_at), span.starts_at));
    free.dedup();
    free.truncate(search.at_most.min(FREE_MAX));
    free
}

/// When one or another of those who have to be free is not: in order, apart from each other.
fn taken(search: &FreeSearch<'_>) -> Vec<Span> {
    let own = search.busy.iter().filter(|busy| search.who.contains(&busy.who));
    let others = own.filter(|busy| search.lesson != Some(busy.lesson) && !busy.span.is_empty());
    let mut spans: Vec<Span> = others.map(|busy| busy.span).collect();
    spans.sort_unstable();
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(span.ends_at),
            _ => apart.push(span),
        }
    }
    apart
}

fn is_free(taken: &[Span], span: Span) -> bool {
    let next = taken.partition_point(|busy| busy.ends_at <= span.starts_at);
    taken.get(next).is_none_or(|busy| !busy.overlaps(span))
}

/// Every start at which the institution is open long enough, near enough and not past.
fn starts(search: &FreeSearch<'_>) -> Vec<Timestamp> {
    let (wanted, zone) = (search.wanted, &search.hours.zone);
    let earliest = Timestamp(wanted.starts_at.micros().saturating_sub(micros(DISTANCE_MAX)));
    let latest = wanted.starts_at.plus(DISTANCE_MAX);
    let days = week::days(zone, Span { starts_at: earliest, ends_at: latest.plus(Duration::from_micros(1)) });
    let mut starts = Vec::new();
    for day in days.into_iter().filter(|day| !search.holidays.iter().any(|holiday| holiday.contains(*day))) {
        for window in search.hours.windows.iter().filter(|window| window.weekday == day.weekday()).take(WINDOWS_MAX) {
            let open = open(zone, day, *window);
            let mut start = open.starts_at;
            while start.plus(wanted.length()) <= open.ends_at {
                // Where the clocks go back over the opening, the hour before it comes once more.
                let is_open = zone.wall(start).time() >= window.opens;
                if is_open && (earliest..=latest).contains(&start) && start >= search.now {
                    starts.push(start);
                }
                start = start.plus(STEP);
            }
        }
    }
    starts
}

fn open(zone: &Zone, day: Date, window: Window) -> Span {
    let closes = match window.closes {
        midnight if midnight == Time::midnight() => day.saturating_add(jiff::Span::new().days(1)).to_datetime(midnight),
        closes => day.to_datetime(closes),
    };
    Span { starts_at: zone.instant(day.to_datetime(window.opens)), ends_at: zone.instant(closes) }
}

fn distance(a: Timestamp, b: Timestamp) -> u64 {
    a.micros().abs_diff(b.micros())
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
