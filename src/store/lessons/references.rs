//! What a lesson refers to, looked up in its own institution.

use super::Named;
use crate::ids::{CourseId, GroupId, PersonId, UnitId, VenueId};
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

/// How many of each kind one may choose from: more than an institution has.
const CHOICES_MAX: i64 = 500;

/// What lessons are planned with, each in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    pub trainers: Vec<Named<PersonId>>,
    /// Groups, and the title of each one's course.
    pub groups: Vec<(Named<GroupId>, String)>,
    pub venues: Vec<Named<VenueId>>,
    /// The groups that who asks belongs to.
    pub own_groups: Vec<GroupId>,
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

    /// What one may plan with, or look at; `person` is who asks.
    pub async fn lesson_choices(&self, person: Option<PersonId>) -> Result<Choices, StoreError> {
        const TRAINERS: &str = "SELECT id, name FROM person
                                WHERE institution = $1 AND is_trainer AND disabled_at IS NULL AND erased_at IS NULL
                                  AND merged_into IS NULL
                                ORDER BY name, id LIMIT $2";
        const GROUPS: &str = "SELECT course_group.id, course_group.name, course.title FROM course_group
                              JOIN course ON course.institution = course_group.institution
                                         AND course.id = course_group.course
                              WHERE course_group.institution = $1 AND course_group.archived_at IS NULL
                              ORDER BY course_group.name, course_group.id LIMIT $2";
        const VENUES: &str = "SELECT id, name FROM venue WHERE institution = $1 AND archived_at IS NULL
                              ORDER BY name, id LIMIT $2";
        const OWN: &str = "SELECT course_group FROM group_member WHERE institution = $1 AND person = $2";
        let of = self.institution.to_string();
        let trainers: Vec<(String, String)> =
            reading!(self, on => sqlx::query_as(TRAINERS).bind(&of).bind(CHOICES_MAX).fetch_all(on)).map_err(failed)?;
        let groups: Vec<(String, String, String)> =
            reading!(self, on => sqlx::query_as(GROUPS).bind(&of).bind(CHOICES_MAX).fetch_all(on)).map_err(failed)?;
        let venues: Vec<(String, String)> =
            reading!(self, on => sqlx::query_as(VENUES).bind(&of).bind(CHOICES_MAX).fetch_all(on)).map_err(failed)?;
        let own: Vec<String> = match person {
            Some(person) => reading!(self, on => sqlx::query_scalar(OWN)
                .bind(&of)
                .bind(person.to_string())
                .fetch_all(on))
            .map_err(failed)?,
            None => Vec::new(),
        };
        Ok(Choices {
            trainers: trainers.into_iter().map(named).collect::<Result<_, _>>()?,
            groups: groups
                .into_iter()
                .map(|(group, name, course)| Ok((named((group, name))?, course)))
                .collect::<Result<_, StoreError>>()?,
            venues: venues.into_iter().map(named).collect::<Result<_, _>>()?,
            own_groups: own.iter().map(|group| id(group)).collect::<Result<_, _>>()?,
        })
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

fn named<I: std::str::FromStr>((of, name): (String, String)) -> Result<Named<I>, StoreError> {
    Ok(Named { id: id(&of)?, name })
}
