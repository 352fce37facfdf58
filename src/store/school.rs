//! Regions, institutions, and what an institution teaches.

use super::accounts::Reach;
use super::fault::failed;
use super::records::{Course, Group, Institution, NewLesson, Person, Region, StoreError};
use super::rollup::uncount;
use super::rows::found;
use super::{InstitutionStore, Store, search};
use crate::ids::{InstitutionId, LessonId};
use crate::time::Timestamp;

/// Each `create_` fails with [`StoreError::Conflict`] where the id is there already, and with
/// [`StoreError::Missing`] where what it refers to is not.
impl Store {
    pub async fn create_region(&self, region: &Region) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO region (id, name) VALUES ($1, $2)";
        writing!(self, on => sqlx::query(SQL).bind(region.id.to_string()).bind(&region.name).execute(on))?;
        Ok(())
    }

    pub async fn create_institution(&self, institution: &Institution) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO institution (id, region, name, time_zone, search)
                           VALUES ($1, $2, $3, $4, $5)";
        writing!(self, on => sqlx::query(SQL)
            .bind(institution.id.to_string())
            .bind(institution.region.to_string())
            .bind(&institution.name)
            .bind(&institution.time_zone)
            .bind(search::key([institution.name.as_str()]))
            .execute(on))?;
        Ok(())
    }

    /// Says whose records an institution's administrators and committee may see.
    pub async fn set_reach(&self, institution: InstitutionId, reach: Reach) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE institution SET reach = $1 WHERE id = $2";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(reach.word())
            .bind(institution.to_string())
            .execute(on))?;
        found(changed)
    }
}

/// Each `create_` fails with [`StoreError::Conflict`] where the id is there already, and with
/// [`StoreError::Missing`] where what it refers to does not exist in this institution.
impl InstitutionStore {
    pub async fn create_person(&self, person: &Person) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO person (id, institution, name, search) VALUES ($1, $2, $3, $4)";
        writing!(self, on => sqlx::query(SQL)
            .bind(person.id.to_string())
            .bind(self.institution.to_string())
            .bind(&person.name)
            .bind(search::key([person.name.as_str()]))
            .execute(on))?;
        Ok(())
    }

    pub async fn create_course(&self, course: &Course) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO course (id, institution, title, language, search)
                           VALUES ($1, $2, $3, $4, $5)";
        writing!(self, on => sqlx::query(SQL)
            .bind(course.id.to_string())
            .bind(self.institution.to_string())
            .bind(&course.title)
            .bind(&course.language)
            .bind(search::key([course.title.as_str()]))
            .execute(on))?;
        Ok(())
    }

    pub async fn create_group(&self, group: &Group) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO course_group (id, institution, course, name, search)
                           VALUES ($1, $2, $3, $4, $5)";
        writing!(self, on => sqlx::query(SQL)
            .bind(group.id.to_string())
            .bind(self.institution.to_string())
            .bind(group.course.to_string())
            .bind(&group.name)
            .bind(search::key([group.name.as_str()]))
            .execute(on))?;
        Ok(())
    }

    /// Plans a lesson; its log is empty.
    pub async fn create_lesson(&self, lesson: &NewLesson) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO lesson
                               (id, institution, course_group, trainer, title, starts_at, ends_at, phase, phase_since,
                                last_seq)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', NULL, 0)";
        writing!(self, on => sqlx::query(SQL)
            .bind(lesson.id.to_string())
            .bind(self.institution.to_string())
            .bind(lesson.group.to_string())
            .bind(lesson.trainer.to_string())
            .bind(&lesson.title)
            .bind(lesson.starts_at.micros())
            .bind(lesson.ends_at.micros())
            .execute(on))?;
        Ok(())
    }

    /// Moves a lesson in the timetable.
    pub async fn reschedule_lesson(
        &self,
        lesson: LessonId,
        starts_at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE lesson SET starts_at = $1, ends_at = $2 WHERE institution = $3 AND id = $4";
        let of = self.institution.to_string();
        in_transaction!(self, tx => {
            let changed = sqlx::query(SQL)
                .bind(starts_at.micros())
                .bind(ends_at.micros())
                .bind(&of)
                .bind(lesson.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
            uncount(&mut *tx, &of, lesson).await?;
        })
    }
}
