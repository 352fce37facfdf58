//! What a transaction that changes the timetable reads and writes, one statement each.

use super::LONGEST_US;
use super::planning::PlannedLesson;
use super::rows::{TimetableLesson, TimetableRow, timetable, wall_column};
use super::series::{self, LessonSeries, SeriesRow, walls_column};
use crate::ids::{LessonId, PersonId, SeriesId, VenueId};
use crate::schedule::{Busy, Resource, Span};
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;
use sqlx::{PgConnection, Postgres, QueryBuilder, Sqlite, SqliteConnection};

/// A connection within a transaction that changes the timetable. Each call is about one institution's rows.
pub(in crate::store) trait Timetable {
    async fn lesson(&mut self, of: &str, lesson: LessonId) -> Result<Option<TimetableLesson>, StoreError>;
    /// By their starts.
    async fn lessons_of(&mut self, of: &str, series: SeriesId) -> Result<Vec<TimetableLesson>, StoreError>;
    /// Planned lessons, not cancelled, that begin within a span.
    async fn planned_within(&mut self, of: &str, span: Span) -> Result<Vec<TimetableLesson>, StoreError>;
    async fn series(&mut self, of: &str, series: SeriesId) -> Result<Option<LessonSeries>, StoreError>;
    async fn insert_lessons(&mut self, of: &str, lessons: &[PlannedLesson], at: Timestamp) -> Result<(), StoreError>;
    async fn insert_series(&mut self, of: &str, series: &LessonSeries, at: Timestamp) -> Result<(), StoreError>;
    /// Writes what can be changed of a lesson over the version that it names.
    async fn write_lesson(&mut self, of: &str, lesson: &TimetableLesson, at: Timestamp) -> Result<(), StoreError>;
    async fn write_series(&mut self, of: &str, series: &LessonSeries) -> Result<(), StoreError>;
    /// When somebody is in a lesson within a span.
    async fn taken(&mut self, of: &str, who: Resource, within: Span) -> Result<Vec<Busy>, StoreError>;
    /// How many trainees a group has.
    async fn size_of(&mut self, of: &str, group: &str) -> Result<i64, StoreError>;
    /// A venue's name and seats.
    async fn seats(&mut self, of: &str, venue: VenueId) -> Result<Option<(String, i64)>, StoreError>;
    /// The institution's zone, and its opening hours as they are kept.
    async fn hours(&mut self, of: &str) -> Result<Option<(String, Option<String>)>, StoreError>;
    /// Somebody no longer comes into a lesson as its trainer.
    async fn turn_away(&mut self, of: &str, lesson: LessonId, who: PersonId, at: Timestamp) -> Result<(), StoreError>;
}

const LESSON: &str = timetable!("WHERE lesson.institution = $1 AND lesson.id = $2");
const OF_SERIES: &str =
    timetable!("WHERE lesson.institution = $1 AND lesson.series = $2 ORDER BY lesson.starts_at, lesson.id");
const PLANNED: &str = timetable!(
    "WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3
       AND lesson.phase = 'planned' AND lesson.cancelled_at IS NULL
     ORDER BY lesson.starts_at, lesson.id"
);

const INSERT_LESSONS: &str = "
    INSERT INTO lesson (id, institution, course_group, trainer, title, starts_at, ends_at, phase, phase_since, last_seq,
                        series, series_start, venue, unit, time_zone, changed_at) ";

/// How many lessons one statement inserts: 16 parameters each, and SQLite takes at most 32,766 in a statement.
const LESSONS_PER_STATEMENT: usize = 500;

const _: () = assert!(LESSONS_PER_STATEMENT * 16 <= 32_766);

const INSERT_SERIES: &str = "
    INSERT INTO lesson_series (id, institution, course_group, trainer, venue, unit, title, starts_local, minutes,
                               time_zone, rule, exceptions, additions, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

const WRITE_LESSON: &str = "
    UPDATE lesson SET title = $1, trainer = $2, planned_trainer = $3, venue = $4, unit = $5, starts_at = $6,
                      ends_at = $7, series = $8, series_start = $9, cancelled_at = $10, cancel_reason = $11,
                      changed_at = $12, version = version + 1
    WHERE institution = $13 AND id = $14 AND version = $15";

const WRITE_SERIES: &str = "
    UPDATE lesson_series SET trainer = $1, venue = $2, unit = $3, title = $4, starts_local = $5, minutes = $6, rule = $7,
                             exceptions = $8, additions = $9, version = version + 1
    WHERE institution = $10 AND id = $11";

const OF_TRAINER: &str = "SELECT id, starts_at, ends_at FROM lesson
                          WHERE institution = $1 AND trainer = $2 AND starts_at > $3 AND starts_at < $4 AND ends_at > $5
                            AND cancelled_at IS NULL AND phase <> 'ended'";
const OF_GROUP: &str = "SELECT id, starts_at, ends_at FROM lesson
                        WHERE institution = $1 AND course_group = $2 AND starts_at > $3 AND starts_at < $4
                          AND ends_at > $5 AND cancelled_at IS NULL AND phase <> 'ended'";
const AT_VENUE: &str = "SELECT id, starts_at, ends_at FROM lesson
                        WHERE institution = $1 AND venue = $2 AND starts_at > $3 AND starts_at < $4 AND ends_at > $5
                          AND cancelled_at IS NULL AND phase <> 'ended'";

const SIZE: &str = "SELECT COUNT(*) FROM group_member WHERE institution = $1 AND course_group = $2";
const SEATS: &str = "SELECT name, capacity FROM venue WHERE institution = $1 AND id = $2";
const HOURS: &str = "SELECT time_zone, opening_hours FROM institution WHERE id = $1";
const TURN_AWAY: &str = "UPDATE invitation SET revoked_at = COALESCE(revoked_at, $1)
                         WHERE institution = $2 AND lesson = $3 AND person = $4 AND role = 'trainer'";

fn text<I: ToString>(id: Option<I>) -> Option<String> {
    id.map(|id| id.to_string())
}

fn minutes(series: &LessonSeries) -> i64 {
    i64::try_from(series.dates.draft().length.as_secs() / 60).unwrap_or(i64::MAX)
}

fn busy(who: Resource, rows: &[(String, i64, i64)]) -> Result<Vec<Busy>, StoreError> {
    rows.iter()
        .map(|(lesson, starts_at, ends_at)| {
            let span = Span { starts_at: Timestamp(*starts_at), ends_at: Timestamp(*ends_at) };
            Ok(Busy { who, span, lesson: id(lesson)? })
        })
        .collect()
}

macro_rules! timetable_connection {
    ($connection:ty, $database:ty) => {
        impl Timetable for $connection {
            async fn lesson(&mut self, of: &str, lesson: LessonId) -> Result<Option<TimetableLesson>, StoreError> {
                let query = sqlx::query_as(LESSON).bind(of).bind(lesson.to_string());
                let row: Option<TimetableRow> = query.fetch_optional(self).await.map_err(failed)?;
                row.map(TimetableLesson::try_from).transpose()
            }

            async fn lessons_of(&mut self, of: &str, series: SeriesId) -> Result<Vec<TimetableLesson>, StoreError> {
                let query = sqlx::query_as(OF_SERIES).bind(of).bind(series.to_string());
                let rows: Vec<TimetableRow> = query.fetch_all(self).await.map_err(failed)?;
                rows.into_iter().map(TimetableLesson::try_from).collect()
            }

            async fn planned_within(&mut self, of: &str, span: Span) -> Result<Vec<TimetableLesson>, StoreError> {
                let query = sqlx::query_as(PLANNED).bind(of).bind(span.starts_at.micros()).bind(span.ends_at.micros());
                let rows: Vec<TimetableRow> = query.fetch_all(self).await.map_err(failed)?;
                rows.into_iter().map(TimetableLesson::try_from).collect()
            }

            async fn series(&mut self, of: &str, series: SeriesId) -> Result<Option<LessonSeries>, StoreError> {
                let query = sqlx::query_as(series::SELECT).bind(of).bind(series.to_string());
                let row: Option<SeriesRow> = query.fetch_optional(self).await.map_err(failed)?;
                row.map(LessonSeries::try_from).transpose()
            }

            async fn insert_lessons(
                &mut self,
                of: &str,
                lessons: &[PlannedLesson],
                at: Timestamp,
            ) -> Result<(), StoreError> {
                for chunk in lessons.chunks(LESSONS_PER_STATEMENT) {
                    let mut insert = QueryBuilder::<$database>::new(INSERT_LESSONS);
                    insert.push_values(chunk, |mut row, lesson| {
                        row.push_bind(lesson.id.to_string()).push_bind(of);
                        row.push_bind(lesson.group.to_string()).push_bind(lesson.trainer.to_string());
                        row.push_bind(&lesson.title);
                        row.push_bind(lesson.span.starts_at.micros()).push_bind(lesson.span.ends_at.micros());
                        row.push_bind("planned").push_bind(None::<i64>).push_bind(0_i64);
                        row.push_bind(text(lesson.series)).push_bind(lesson.series_start.map(wall_column));
                        row.push_bind(text(lesson.venue)).push_bind(text(lesson.unit));
                        row.push_bind(lesson.zone.name()).push_bind(at.micros());
                    });
                    insert.build().execute(&mut *self).await.map_err(failed)?;
                }
                Ok(())
            }

            async fn insert_series(
                &mut self,
                of: &str,
                series: &LessonSeries,
                at: Timestamp,
            ) -> Result<(), StoreError> {
                let draft = series.dates.draft();
                let query = sqlx::query(INSERT_SERIES)
                    .bind(series.id.to_string())
                    .bind(of)
                    .bind(series.group.to_string())
                    .bind(series.trainer.to_string())
                    .bind(text(series.venue))
                    .bind(text(series.unit))
                    .bind(&series.title)
                    .bind(wall_column(draft.start))
                    .bind(minutes(series))
                    .bind(draft.zone.name())
                    .bind(draft.rule.to_string())
                    .bind(walls_column(&draft.exceptions))
                    .bind(walls_column(&draft.extras))
                    .bind(at.micros());
                query.execute(self).await.map_err(failed)?;
                Ok(())
            }

            async fn write_lesson(
                &mut self,
                of: &str,
                lesson: &TimetableLesson,
                at: Timestamp,
            ) -> Result<(), StoreError> {
                let query = sqlx::query(WRITE_LESSON)
                    .bind(&lesson.title)
                    .bind(lesson.trainer.id.to_string())
                    .bind(text(lesson.planned_trainer.as_ref().map(|planned| planned.id)))
                    .bind(text(lesson.venue.as_ref().map(|venue| venue.id)))
                    .bind(text(lesson.unit.as_ref().map(|unit| unit.id)))
                    .bind(lesson.span.starts_at.micros())
                    .bind(lesson.span.ends_at.micros())
                    .bind(text(lesson.series))
                    .bind(lesson.series_start.map(wall_column))
                    .bind(lesson.cancelled_at.map(Timestamp::micros))
                    .bind(&lesson.cancel_reason)
                    .bind(at.micros())
                    .bind(of)
                    .bind(lesson.id.to_string())
                    .bind(lesson.version);
                let written = query.execute(self).await.map_err(failed)?;
                // It was read in this transaction; what came between is a room's log, which changes other columns.
                if written.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
            }

            async fn write_series(&mut self, of: &str, series: &LessonSeries) -> Result<(), StoreError> {
                let draft = series.dates.draft();
                let query = sqlx::query(WRITE_SERIES)
                    .bind(series.trainer.to_string())
                    .bind(text(series.venue))
                    .bind(text(series.unit))
                    .bind(&series.title)
                    .bind(wall_column(draft.start))
                    .bind(minutes(series))
                    .bind(draft.rule.to_string())
                    .bind(walls_column(&draft.exceptions))
                    .bind(walls_column(&draft.extras))
                    .bind(of)
                    .bind(series.id.to_string());
                query.execute(self).await.map_err(failed)?;
                Ok(())
            }

            async fn taken(&mut self, of: &str, who: Resource, within: Span) -> Result<Vec<Busy>, StoreError> {
                let (sql, whose) = match who {
                    Resource::Trainer(trainer) => (OF_TRAINER, trainer.to_string()),
                    Resource::Group(group) => (OF_GROUP, group.to_string()),
                    Resource::Venue(venue) => (AT_VENUE, venue.to_string()),
                };
                let query = sqlx::query_as(sql)
                    .bind(of)
                    .bind(whose)
                    .bind(within.starts_at.micros().saturating_sub(LONGEST_US))
                    .bind(within.ends_at.micros())
                    .bind(within.starts_at.micros());
                let rows: Vec<(String, i64, i64)> = query.fetch_all(self).await.map_err(failed)?;
                busy(who, &rows)
            }

            async fn size_of(&mut self, of: &str, group: &str) -> Result<i64, StoreError> {
                sqlx::query_scalar(SIZE).bind(of).bind(group).fetch_one(self).await.map_err(failed)
            }

            async fn seats(&mut self, of: &str, venue: VenueId) -> Result<Option<(String, i64)>, StoreError> {
                let query = sqlx::query_as(SEATS).bind(of).bind(venue.to_string());
                query.fetch_optional(self).await.map_err(failed)
            }

            async fn hours(&mut self, of: &str) -> Result<Option<(String, Option<String>)>, StoreError> {
                sqlx::query_as(HOURS).bind(of).fetch_optional(self).await.map_err(failed)
            }

            async fn turn_away(
                &mut self,
                of: &str,
                lesson: LessonId,
                who: PersonId,
                at: Timestamp,
            ) -> Result<(), StoreError> {
                let query =
                    sqlx::query(TURN_AWAY).bind(at.micros()).bind(of).bind(lesson.to_string()).bind(who.to_string());
                query.execute(self).await.map_err(failed)?;
                Ok(())
            }
        }
    };
}

timetable_connection!(SqliteConnection, Sqlite);
timetable_connection!(PgConnection, Postgres);
