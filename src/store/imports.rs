//! Whole tables of people and groups, written at once or not at all.

use super::accounts::NewAccount;
use super::fault::failed;
use super::groups::{GroupRecord, JOIN, MEMBERS};
use super::people::PersonRecord;
use super::records::{Change, Group, StoreError};
use super::{InstitutionStore, search};
use crate::ids::{GroupId, PersonId};

/// What a table of people comes to.
#[derive(Clone, Debug, Default)]
pub struct PeopleImport {
    pub create: Vec<NewAccount>,
    /// Each as it is to be, with the version that it was seen in.
    pub change: Vec<PersonRecord>,
    /// Who comes into which group besides.
    pub join: Vec<(GroupId, PersonId)>,
}

/// What a table of groups comes to.
#[derive(Clone, Debug, Default)]
pub struct GroupsImport {
    pub create: Vec<(Group, Option<u32>)>,
    /// Each as it is to be, with the version that it was seen in.
    pub change: Vec<GroupRecord>,
}

impl InstitutionStore {
    /// Writes a table of people.
    ///
    /// # Errors
    /// Nothing is written then: [`StoreError::Stale`] where one was changed since it was seen, [`StoreError::Conflict`]
    /// where a sign-in name or a number was taken since, [`StoreError::Full`] where a group takes not so many.
    pub async fn import_people(&self, import: &PeopleImport, by: &Change) -> Result<(), StoreError> {
        const PERSON: &str = "
            INSERT INTO person (id, institution, name, sign_in, mail, language, external_id, is_trainer, is_trainee,
                                is_committee, is_administrator, search, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        const CREDENTIAL: &str = "INSERT INTO credential (person, institution) VALUES ($1, $2)";
        const CHANGE: &str = "
            UPDATE person SET name = $1, sign_in = $2, mail = $3, language = $4, external_id = $5, is_trainer = $6,
                is_trainee = $7, is_committee = $8, is_administrator = $9, search = $10, version = version + 1
            WHERE institution = $11 AND id = $12 AND version = $13 AND erased_at IS NULL AND merged_into IS NULL";
        const CAPACITY: &str = "SELECT capacity FROM course_group WHERE institution = $1 AND id = $2";
        let institution = self.institution.to_string();
        changing!(self, by, tx => {
            // Changes first: they may free a name that a new account gets.
            for person in &import.change {
                let changed = sqlx::query(CHANGE)
                    .bind(&person.name)
                    .bind(&person.sign_in)
                    .bind(&person.mail)
                    .bind(&person.language)
                    .bind(&person.external_id)
                    .bind(person.roles.trainer)
                    .bind(person.roles.trainee)
                    .bind(person.roles.committee)
                    .bind(person.roles.administrator)
                    .bind(person.search())
                    .bind(&institution)
                    .bind(person.id.to_string())
                    .bind(person.version)
                    .execute(&mut *tx).await.map_err(failed)?;
                if changed.rows_affected() == 0 {
                    return Err(StoreError::Stale);
                }
            }
            for account in &import.create {
                let id = account.id.to_string();
                sqlx::query(PERSON)
                    .bind(&id)
                    .bind(&institution)
                    .bind(&account.name)
                    .bind(&account.sign_in)
                    .bind(&account.mail)
                    .bind(&account.language)
                    .bind(&account.external_id)
                    .bind(account.roles.trainer)
                    .bind(account.roles.trainee)
                    .bind(account.roles.committee)
                    .bind(account.roles.administrator)
                    .bind(&account.search)
                    .bind(by.at.micros())
                    .execute(&mut *tx).await.map_err(failed)?;
                sqlx::query(CREDENTIAL).bind(&id).bind(&institution).execute(&mut *tx).await.map_err(failed)?;
            }
            let mut joined: Vec<GroupId> = import.join.iter().map(|(group, _)| *group).collect();
            for (group, person) in &import.join {
                sqlx::query(JOIN)
                    .bind(&institution)
                    .bind(group.to_string())
                    .bind(person.to_string())
                    .bind(by.at.micros())
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            joined.sort_unstable();
            joined.dedup();
            for group in joined {
                let capacity: Option<i64> = sqlx::query_scalar(CAPACITY)
                    .bind(&institution)
                    .bind(group.to_string())
                    .fetch_one(&mut *tx).await.map_err(failed)?;
                let members: i64 = sqlx::query_scalar(MEMBERS)
                    .bind(&institution)
                    .bind(group.to_string())
                    .fetch_one(&mut *tx).await.map_err(failed)?;
                if capacity.is_some_and(|capacity| members > capacity) {
                    return Err(StoreError::Full);
                }
            }
        })
    }

    /// Writes a table of groups.
    ///
    /// # Errors
    /// Nothing is written then: [`StoreError::Stale`] where one was changed since it was seen, [`StoreError::Missing`]
    /// where a course is not there.
    pub async fn import_groups(&self, import: &GroupsImport, by: &Change) -> Result<(), StoreError> {
        const GROUP: &str = "INSERT INTO course_group (id, institution, course, name, capacity, search)
                             VALUES ($1, $2, $3, $4, $5, $6)";
        const CHANGE: &str = "UPDATE course_group SET capacity = $1, version = version + 1
                              WHERE institution = $2 AND id = $3 AND version = $4";
        let institution = self.institution.to_string();
        changing!(self, by, tx => {
            for (group, capacity) in &import.create {
                sqlx::query(GROUP)
                    .bind(group.id.to_string())
                    .bind(&institution)
                    .bind(group.course.to_string())
                    .bind(&group.name)
                    .bind(capacity.map(i64::from))
                    .bind(search::key([group.name.as_str()]))
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            for group in &import.change {
                let changed = sqlx::query(CHANGE)
                    .bind(group.capacity.map(i64::from))
                    .bind(&institution)
                    .bind(group.id.to_string())
                    .bind(group.version)
                    .execute(&mut *tx).await.map_err(failed)?;
                if changed.rows_affected() == 0 {
                    return Err(StoreError::Stale);
                }
            }
        })
    }

    /// Every course of the institution that is still given, by its title.
    pub async fn course_titles(&self) -> Result<Vec<(String, String)>, StoreError> {
        const SQL: &str = "SELECT id, title FROM course WHERE institution = $1 AND archived_at IS NULL";
        reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on)).map_err(failed)
    }

    /// Everybody's memberships.
    pub async fn memberships(&self) -> Result<Vec<(String, String)>, StoreError> {
        const SQL: &str = "SELECT course_group, person FROM group_member WHERE institution = $1";
        reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on)).map_err(failed)
    }
}
