//! A course's programme, unit by unit, and who teaches and follows it.

use super::InstitutionStore;
use super::courses::capacity;
use super::fault::failed;
use super::lessons::Named;
use super::records::{Change, Person, StoreError};
use super::rows::{found, id, unchanged};
use crate::ids::{CourseId, GroupId, PersonId, UnitId};
use sqlx::FromRow;

/// A unit of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseUnit {
    pub id: UnitId,
    pub title: String,
    pub planned_minutes: u32,
}

/// A group as its course shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfCourse {
    pub id: GroupId,
    pub name: String,
    /// How many it takes.
    pub capacity: Option<u32>,
    /// How many are in it.
    pub members: u32,
}

#[derive(FromRow)]
struct UnitRow {
    id: String,
    title: String,
    planned_minutes: i64,
}

impl TryFrom<UnitRow> for CourseUnit {
    type Error = StoreError;

    fn try_from(row: UnitRow) -> Result<Self, StoreError> {
        let planned_minutes =
            u32::try_from(row.planned_minutes).map_err(|_| StoreError::Unreadable("a unit's planned time".into()))?;
        Ok(Self { id: id(&row.id)?, title: row.title, planned_minutes })
    }
}

#[derive(FromRow)]
pub(super) struct GroupRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) capacity: Option<i64>,
    pub(super) members: i64,
}

impl TryFrom<GroupRow> for GroupOfCourse {
    type Error = StoreError;

    fn try_from(row: GroupRow) -> Result<Self, StoreError> {
        let members = u32::try_from(row.members).unwrap_or(u32::MAX);
        Ok(Self { id: id(&row.id)?, name: row.name, capacity: capacity(row.capacity)?, members })
    }
}

/// The groups of a course that are not archived, each with the number of its members.
pub(super) const GROUPS_OF_COURSE: &str = "
    SELECT course_group.id, course_group.name, course_group.capacity,
           (SELECT COUNT(*) FROM group_member
            WHERE group_member.institution = course_group.institution
              AND group_member.course_group = course_group.id) AS members
    FROM course_group
    WHERE course_group.institution = $1 AND course_group.course = $2 AND course_group.archived_at IS NULL
    ORDER BY course_group.name, course_group.id";

impl InstitutionStore {
    /// A course's programme in its order.
    pub async fn units_of(&self, course: CourseId) -> Result<Vec<CourseUnit>, StoreError> {
        const SQL: &str = "SELECT id, title, planned_minutes FROM course_unit
                           WHERE institution = $1 AND course = $2 ORDER BY position, id";
        let rows: Vec<UnitRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(CourseUnit::try_from).collect()
    }

    /// Every unit of the institution, with its course.
    pub async fn all_units(&self) -> Result<Vec<(CourseId, Named<UnitId>)>, StoreError> {
        const SQL: &str = "SELECT course, id, title FROM course_unit WHERE institution = $1 ORDER BY course, position";
        let rows: Vec<(String, String, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on))
                .map_err(failed)?;
        rows.into_iter().map(|(course, unit, name)| Ok((id(&course)?, Named { id: id(&unit)?, name }))).collect()
    }

    /// Who teaches a course, in the order of names.
    pub async fn trainers_of(&self, course: CourseId) -> Result<Vec<Person>, StoreError> {
        const SQL: &str = "
            SELECT person.id, person.name FROM course_trainer
            JOIN person ON person.institution = course_trainer.institution AND person.id = course_trainer.person
            WHERE course_trainer.institution = $1 AND course_trainer.course = $2 ORDER BY person.name, person.id";
        let rows: Vec<(String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(|(person, name)| Ok(Person { id: id(&person)?, name })).collect()
    }

    /// The groups that follow a course, in the order of names.
    pub async fn groups_of(&self, course: CourseId) -> Result<Vec<GroupOfCourse>, StoreError> {
        let rows: Vec<GroupRow> = reading!(self, on => sqlx::query_as(GROUPS_OF_COURSE)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(GroupOfCourse::try_from).collect()
    }

    /// Writes a course's whole programme over what was there in this version of the course. Units that stay keep their
    /// ids: lessons refer to them.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the course has another version by now; [`StoreError::Missing`] where it is not there;
    /// [`StoreError::Conflict`] where a unit is another course's.
    pub async fn replace_units(
        &self,
        course: CourseId,
        version: i64,
        units: &[CourseUnit],
        by: &Change,
    ) -> Result<(), StoreError> {
        const TOUCH: &str =
            "UPDATE course SET version = version + 1 WHERE institution = $1 AND id = $2 AND version = $3";
        const THERE: &str = "SELECT version FROM course WHERE institution = $1 AND id = $2";
        const CLEAR: &str = "DELETE FROM course_unit WHERE institution = $1 AND course = $2";
        const INSERT: &str = "INSERT INTO course_unit (id, institution, course, position, title, planned_minutes)
                              VALUES ($1, $2, $3, $4, $5, $6)";
        changing!(self, by, tx => {
            let touched = sqlx::query(TOUCH)
                .bind(self.institution.to_string())
                .bind(course.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if touched.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(THERE)
                    .bind(self.institution.to_string())
                    .bind(course.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            sqlx::query(CLEAR)
                .bind(self.institution.to_string())
                .bind(course.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            for (position, unit) in (1_i64..).zip(units) {
                sqlx::query(INSERT)
                    .bind(unit.id.to_string())
                    .bind(self.institution.to_string())
                    .bind(course.to_string())
                    .bind(position)
                    .bind(&unit.title)
                    .bind(i64::from(unit.planned_minutes))
                    .execute(&mut *tx).await.map_err(failed)?;
            }
        })
    }

    /// Has somebody teach a course; it is all the same where they do already.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the course is not there, or the person is no trainer of this institution.
    pub async fn add_course_trainer(&self, course: CourseId, trainer: PersonId, by: &Change) -> Result<(), StoreError> {
        const TRAINER: &str = "SELECT id FROM person
                               WHERE institution = $1 AND id = $2 AND is_trainer AND disabled_at IS NULL
                                 AND erased_at IS NULL AND merged_into IS NULL";
        const INSERT: &str = "INSERT INTO course_trainer (institution, course, person) VALUES ($1, $2, $3)
                              ON CONFLICT DO NOTHING";
        changing!(self, by, tx => {
            let trains: Option<String> = sqlx::query_scalar(TRAINER)
                .bind(self.institution.to_string())
                .bind(trainer.to_string())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            if trains.is_none() {
                return Err(StoreError::Missing);
            }
            sqlx::query(INSERT)
                .bind(self.institution.to_string())
                .bind(course.to_string())
                .bind(trainer.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Has somebody teach a course no longer; lessons that they give stay theirs.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where they do not teach it.
    pub async fn remove_course_trainer(
        &self,
        course: CourseId,
        trainer: PersonId,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM course_trainer WHERE institution = $1 AND course = $2 AND person = $3";
        changing!(self, by, tx => {
            let removed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(course.to_string())
                .bind(trainer.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(removed.rows_affected())?;
        })
    }

    /// Whether somebody teaches a course.
    pub async fn is_course_trainer(&self, person: PersonId, course: CourseId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT EXISTS (SELECT 1 FROM course_trainer
                                          WHERE institution = $1 AND course = $2 AND person = $3)";
        reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .bind(person.to_string())
            .fetch_one(on))
        .map_err(failed)
    }
}
