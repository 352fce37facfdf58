//! The timetable: lessons as an institution plans and changes them.
//!
//! Every change of a slot is made in one transaction with the search for what is in its way: of two people who want the
//! same slot, one gets it. What a lesson was in its room is the log's (`store/log.rs`).

mod busy;
mod cancelling;
mod connection;
mod editing;
mod importing;
mod outcomes;
mod planning;
mod references;
mod rows;
mod series;

pub use busy::{Clash, Clashes, VenueTooSmall};
pub use cancelling::{Cancelling, ToldOf};
pub use editing::{EditScope, Edited, LessonEdit, Substitution};
pub use importing::{BroughtLessons, KnownLine, SlotFault};
pub use outcomes::Outcome;
pub use planning::{LessonPlan, PlannedLesson};
pub use references::{Choices, Contact, GroupFacts};
pub use rows::{Named, TimetableLesson};
pub use series::LessonSeries;

pub(in crate::store) use connection::Timetable;

use super::InstitutionStore;
use super::fault::failed;
use super::records::StoreError;
use crate::ids::{CourseId, GroupId, LessonId, PersonId, SeriesId, VenueId};
use crate::time::Timestamp;
use rows::{TimetableRow, timetable};

/// The longest lesson, in minutes: what began longer ago than that is over.
pub const MINUTES_MAX: u32 = 12 * 60;

/// [`MINUTES_MAX`] in microseconds.
const LONGEST_US: i64 = 12 * 3_600 * 1_000_000;

/// Which lessons are asked for: those with an instant in [`from`, `to`), of one trainer, group, venue or course where
/// it is named.
#[derive(Clone, Copy, Debug)]
pub struct LessonFilter {
    pub from: Timestamp,
    pub to: Timestamp,
    pub trainer: Option<PersonId>,
    pub group: Option<GroupId>,
    pub venue: Option<VenueId>,
    pub course: Option<CourseId>,
}

impl InstitutionStore {
    /// At most `limit` lessons by their starts, after the one with this start and id; cancelled ones too.
    pub async fn timetable(
        &self,
        filter: &LessonFilter,
        after: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<TimetableLesson>, StoreError> {
        // One statement for each way of asking, so that each goes by its index.
        const SPAN: &str = timetable!(
            "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3 AND lesson.ends_at > $4
               AND (lesson.starts_at, lesson.id) > ($5, $6) AND ($7 = '' OR course_group.course = $7)
             ORDER BY lesson.starts_at, lesson.id LIMIT $8"
        );
        const TRAINER: &str = timetable!(
            "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3 AND lesson.ends_at > $4
               AND (lesson.starts_at, lesson.id) > ($5, $6) AND ($7 = '' OR course_group.course = $7)
               AND lesson.trainer = $9 AND ($10 = '' OR lesson.course_group = $10) AND ($11 = '' OR lesson.venue = $11)
             ORDER BY lesson.starts_at, lesson.id LIMIT $8"
        );
        const GROUP: &str = timetable!(
            "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3 AND lesson.ends_at > $4
               AND (lesson.starts_at, lesson.id) > ($5, $6) AND ($7 = '' OR course_group.course = $7)
               AND lesson.course_group = $9 AND ($10 = '' OR lesson.venue = $10)
             ORDER BY lesson.starts_at, lesson.id LIMIT $8"
        );
        const VENUE: &str = timetable!(
            "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3 AND lesson.ends_at > $4
               AND (lesson.starts_at, lesson.id) > ($5, $6) AND ($7 = '' OR course_group.course = $7)
               AND lesson.venue = $9
             ORDER BY lesson.starts_at, lesson.id LIMIT $8"
        );
        let text = |id: Option<String>| id.unwrap_or_default();
        let (trainer, group, venue) = (
            filter.trainer.map(|id| id.to_string()),
            filter.group.map(|id| id.to_string()),
            filter.venue.map(|id| id.to_string()),
        );
        let (sql, narrowed) = match (trainer, group, venue) {
            (Some(trainer), group, venue) => (TRAINER, vec![trainer, text(group), text(venue)]),
            (None, Some(group), venue) => (GROUP, vec![group, text(venue)]),
            (None, None, Some(venue)) => (VENUE, vec![venue]),
            (None, None, None) => (SPAN, vec![]),
        };
        let earliest = filter.from.micros().saturating_sub(LONGEST_US);
        // Where a page begins is what the index is entered by: the first one begins with the span, not with time itself.
        let (start, last) = after.unwrap_or((earliest.saturating_sub(1), String::new()));
        let rows: Vec<TimetableRow> = reading!(self, on => {
            let mut query = sqlx::query_as(sql)
                .bind(self.institution.to_string())
                .bind(earliest)
                .bind(filter.to.micros())
                .bind(filter.from.micros())
                .bind(start)
                .bind(&last)
                .bind(filter.course.map(|id| id.to_string()).unwrap_or_default())
                .bind(i64::from(limit));
            for id in &narrowed {
                query = query.bind(id);
            }
            query.fetch_all(on)
        })
        .map_err(failed)?;
        rows.into_iter().map(TimetableLesson::try_from).collect()
    }

    /// A lesson as the timetable shows it.
    pub async fn timetable_lesson(&self, lesson: LessonId) -> Result<Option<TimetableLesson>, StoreError> {
        const SQL: &str = timetable!("WHERE lesson.institution = $1 AND lesson.id = $2");
        let row: Option<TimetableRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(TimetableLesson::try_from).transpose()
    }

    /// A series, and how many lessons it has that were not cancelled.
    pub async fn lesson_series(&self, series: SeriesId) -> Result<Option<(LessonSeries, i64)>, StoreError> {
        const COUNT: &str =
            "SELECT COUNT(*) FROM lesson WHERE institution = $1 AND series = $2 AND cancelled_at IS NULL";
        let row: Option<series::SeriesRow> = reading!(self, on => sqlx::query_as(series::SELECT)
            .bind(self.institution.to_string())
            .bind(series.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let count: i64 = reading!(self, on => sqlx::query_scalar(COUNT)
            .bind(self.institution.to_string())
            .bind(series.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(Some((LessonSeries::try_from(row)?, count)))
    }
}
