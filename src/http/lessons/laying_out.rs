//! Dates as lessons: whoever plans some, one by one or as a table, plans them here.

use crate::auth::new_id;
use crate::http::problem::Refused;
use crate::ids::{LessonId, SeriesId};
use crate::schedule::Series;
use crate::store::{ClosedDays, LessonPlan, LessonSeries, PlannedLesson};
use crate::time::Timestamp;
use jiff::civil::DateTime;

/// A plan that can be written, and what holidays took from it.
pub struct Wanted {
    pub plan: LessonPlan,
    pub skipped: Vec<DateTime>,
    /// What the days are called that took all of it.
    pub shut: Option<String>,
}

/// Lays lessons that are like one out over dates, except on days without lessons. Those of more than one date that were
/// asked for as such are of a series.
///
/// # Errors
/// Where the system gives no randomness.
pub fn lay_out(
    like: PlannedLesson,
    dates: Series,
    repeated: bool,
    closed: &[ClosedDays],
    at: Timestamp,
) -> Result<Wanted, Refused> {
    let holidays: Vec<_> = closed.iter().map(|closed| closed.days).collect();
    let given = dates.expand(&holidays);
    let shut = |wall: &DateTime| closed.iter().find(|closed| closed.days.contains(wall.date()));
    let skipped: Vec<DateTime> = dates.originals().into_iter().filter(|wall| shut(wall).is_some()).collect();
    let shut = skipped.first().and_then(shut).filter(|_| given.is_empty()).map(|closed| closed.name.clone());
    let series = if repeated {
        Some(LessonSeries {
            id: SeriesId(new_id(at)?),
            group: like.group,
            trainer: like.trainer,
            venue: like.venue,
            unit: like.unit,
            title: like.title.clone(),
            dates,
            version: 1,
        })
    } else {
        None
    };
    let mut lessons = Vec::with_capacity(given.len());
    for occurrence in given {
        lessons.push(PlannedLesson {
            id: LessonId(new_id(at)?),
            span: occurrence.span(),
            series: series.as_ref().map(|series| series.id),
            series_start: series.as_ref().map(|_| occurrence.original),
            ..like.clone()
        });
    }
    Ok(Wanted { plan: LessonPlan { series, lessons, holidays }, skipped, shut })
}
