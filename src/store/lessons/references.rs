//! What a lesson refers to, looked up in its own institution.

use crate::ids::{CourseId, GroupId, PersonId, UnitId};
use crate::schedule::Zone;
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::lessons::rows::zone;
use crate::store::records::StoreError;
use crate::store::rows::id;

/// How many people of one lesson are written to at most: more than any group has.
const CONTACTS_MAX: i64 = 1_000;

/// What planning needs to know of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFacts {
    pub course: CourseId,
    pub name: String,
}

/// Somebody who is concerned, and how they are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub person: PersonId,
    pub mail: String,
    /// The language they chose, else the institution's.
    pub language: String,
}

impl InstitutionStore {
    /// The institution's time zone and language.
    pub async fn zone_and_language(&self) -> Result<Option<(Zone, String)>, StoreError> {
        const SQL: &str = "SELECT time_zone, language FROM institution WHERE id = $1";
        let row: Option<(String, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_optional(on))
                .map_err(failed)?;
        row.map(|(name, language)| Ok((zone(&name)?, language))).transpose()
    }

    /// A group that is in use.
    pub async fn group_facts(&self, group: GroupId) -> Result<Option<GroupFacts>, StoreError> {
        const SQL: &str =
            "SELECT course, name FROM course_group WHERE institution = $1 AND id = $2 AND archived_at IS NULL";
        let row: Option<(String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(group.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(|(course, name)| Ok(GroupFacts { course: id(&course)?, name })).transpose()
    }

    /// Whether somebody is a trainer here whose account may be used.
    pub async fn is_trainer(&self, person: PersonId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT is_trainer FROM person WHERE institution = $1 AND id = $2 AND disabled_at IS NULL
                             AND erased_at IS NULL AND merged_into IS NULL";
        let row: Option<bool> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        Ok(row.unwrap_or(false))
    }

    /// The course whose programme a unit is of.
    pub async fn course_of_unit(&self, unit: UnitId) -> Result<Option<CourseId>, StoreError> {
        const SQL: &str = "SELECT course FROM course_unit WHERE institution = $1 AND id = $2";
        let row: Option<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(unit.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.as_deref().map(id).transpose()
    }

    /// The trainees of a group and a trainer, as far as they have an address.
    pub async fn contacts(&self, group: GroupId, trainer: PersonId) -> Result<Vec<Contact>, StoreError> {
        const SQL: &str = "
            SELECT person.id, person.mail, COALESCE(person.language, institution.language)
            FROM person JOIN institution ON institution.id = person.institution
            WHERE person.institution = $1 AND person.mail IS NOT NULL AND person.disabled_at IS NULL
              AND person.erased_at IS NULL AND person.merged_into IS NULL
              AND (person.id = $2 OR person.id IN (SELECT person FROM group_member
                                                   WHERE institution = $1 AND course_group = $3))
            ORDER BY person.id LIMIT $4";
        let rows: Vec<(String, String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(trainer.to_string())
            .bind(group.to_string())
            .bind(CONTACTS_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(|(person, mail, language)| Ok(Contact { person: id(&person)?, mail, language })).collect()
    }
}
