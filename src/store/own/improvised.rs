//! Lessons that a trainer gives without having planned them.

use crate::ids::{CourseId, GroupId, LessonId, PersonId};
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::{Change, StoreError};
use crate::store::rows::id;
use crate::time::Timestamp;

/// How many groups one trainer's list has at most.
const GROUPS_MAX: i64 = 200;

/// How many lessons that are in the way are told.
const IN_THE_WAY_MAX: i64 = 10;

/// The longest lesson that is looked for: one that began before may still be under way.
const LOOK_BACK_US: i64 = 12 * 3_600 * 1_000_000;

/// A group that somebody trains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnGroup {
    pub id: GroupId,
    pub name: String,
    pub course: CourseId,
    pub course_title: String,
}

/// A lesson to be given at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvised {
    pub id: LessonId,
    pub group: GroupId,
    pub trainer: PersonId,
    pub title: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

impl InstitutionStore {
    /// The groups whose course somebody trains, by name.
    pub async fn trained_groups(&self, person: PersonId) -> Result<Vec<OwnGroup>, StoreError> {
        const SQL: &str = "
            SELECT course_group.id, course_group.name, course.id, course.title
            FROM course_trainer
            JOIN course ON course.institution = course_trainer.institution AND course.id = course_trainer.course
            JOIN course_group ON course_group.institution = course.institution AND course_group.course = course.id
            WHERE course_trainer.institution = $1 AND course_trainer.person = $2
              AND course.archived_at IS NULL AND course_group.archived_at IS NULL
            ORDER BY course_group.name, course_group.id LIMIT $3";
        let rows: Vec<(String, String, String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(GROUPS_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter()
            .map(|(group, name, course, course_title)| {
                Ok(OwnGroup { id: id(&group)?, name, course: id(&course)?, course_title })
            })
            .collect()
    }

    /// Makes a lesson that starts now.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the group or the trainer is not this institution's.
    pub async fn create_improvised(&self, lesson: &Improvised, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO lesson (id, institution, course_group, trainer, title, starts_at, ends_at, phase, phase_since,
                                last_seq, improvised, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', NULL, 0, $8, $9)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(lesson.id.to_string())
                .bind(self.institution.to_string())
                .bind(lesson.group.to_string())
                .bind(lesson.trainer.to_string())
                .bind(&lesson.title)
                .bind(lesson.starts_at.micros())
                .bind(lesson.ends_at.micros())
                .bind(true)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Other lessons of the trainer or the group at the same time: their ids, titles and times.
    pub async fn in_the_way_of(
        &self,
        lesson: &Improvised,
    ) -> Result<Vec<(LessonId, String, Timestamp, Timestamp)>, StoreError> {
        const SQL: &str = "
            SELECT id, title, starts_at, ends_at FROM lesson
            WHERE institution = $1 AND trainer = $2 AND starts_at > $4 AND starts_at < $5 AND ends_at > $6
              AND cancelled_at IS NULL AND phase <> 'ended' AND id <> $7
            UNION
            SELECT id, title, starts_at, ends_at FROM lesson
            WHERE institution = $1 AND course_group = $3 AND starts_at > $4 AND starts_at < $5 AND ends_at > $6
              AND cancelled_at IS NULL AND phase <> 'ended' AND id <> $7
            ORDER BY 3, 1 LIMIT $8";
        let rows: Vec<(String, String, i64, i64)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.trainer.to_string())
            .bind(lesson.group.to_string())
            .bind(lesson.starts_at.micros().saturating_sub(LOOK_BACK_US))
            .bind(lesson.ends_at.micros())
            .bind(lesson.starts_at.micros())
            .bind(lesson.id.to_string())
            .bind(IN_THE_WAY_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter()
            .map(|(lesson, title, starts_at, ends_at)| {
                Ok((id(&lesson)?, title, Timestamp(starts_at), Timestamp(ends_at)))
            })
            .collect()
    }
}
