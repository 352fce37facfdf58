//! Groups of trainees, and who is in them.

use super::fault::failed;
use super::records::{Change, Group, StoreError};
use super::rows::{found, id, unchanged};
use super::{InstitutionStore, search};
use crate::ids::{CourseId, GroupId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;
use std::collections::BTreeMap;

/// A group as its institution keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    pub id: GroupId,
    pub course: CourseId,
    pub course_title: String,
    pub name: String,
    /// How many members it takes; as many as come where it is absent.
    pub capacity: Option<u32>,
    pub members: u32,
    /// Whether its members count as minors; as the institution says where it is absent.
    pub minors: Option<bool>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
}

/// Which groups are asked for.
#[derive(Clone, Debug, Default)]
pub struct GroupFilter {
    pub course: Option<CourseId>,
    /// Those of one person only.
    pub member: Option<PersonId>,
    /// Archived ones, instead of the others.
    pub archived: bool,
    /// Words of the group's name or its course's title.
    pub search: String,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    pub person: PersonId,
    pub name: String,
    pub external_id: Option<String>,
    pub since: Timestamp,
}

macro_rules! groups {
    ($condition:literal) => {
        concat!(
            "SELECT course_group.id, course_group.course, course.title AS course_title, course_group.name,
                    course_group.capacity, course_group.minors, course_group.archived_at, course_group.version,
                    (SELECT COUNT(*) FROM group_member WHERE group_member.institution = course_group.institution
                         AND group_member.course_group = course_group.id) AS members
             FROM course_group JOIN course
                 ON course.institution = course_group.institution AND course.id = course_group.course ",
            $condition
        )
    };
}

#[derive(FromRow)]
struct GroupRow {
    id: String,
    course: String,
    course_title: String,
    name: String,
    capacity: Option<i64>,
    members: i64,
    minors: Option<bool>,
    archived_at: Option<i64>,
    version: i64,
}

impl TryFrom<GroupRow> for GroupRecord {
    type Error = StoreError;

    fn try_from(row: GroupRow) -> Result<Self, StoreError> {
        let unreadable = |_| StoreError::Unreadable("a group's capacity".into());
        Ok(Self {
            id: id(&row.id)?,
            course: id(&row.course)?,
            course_title: row.course_title,
            name: row.name,
            capacity: row.capacity.map(u32::try_from).transpose().map_err(unreadable)?,
            members: u32::try_from(row.members).map_err(unreadable)?,
            minors: row.minors,
            archived_at: row.archived_at.map(Timestamp),
            version: row.version,
        })
    }
}

#[derive(FromRow)]
struct MemberRow {
    person: String,
    name: String,
    external_id: Option<String>,
    since: i64,
}

impl TryFrom<MemberRow> for GroupMember {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        let MemberRow { person, name, external_id, since } = row;
        Ok(Self { person: id(&person)?, name, external_id, since: Timestamp(since) })
    }
}

impl InstitutionStore {
    /// The titles of the courses of all groups: of several courses, groups may be called alike.
    pub async fn courses_of_groups(&self) -> Result<BTreeMap<GroupId, String>, StoreError> {
        const SQL: &str = "SELECT course_group.id, course.title FROM course_group
                           JOIN course ON course.institution = course_group.institution AND course.id = course_group.course
                           WHERE course_group.institution = $1";
        let rows: Vec<(String, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on))
                .map_err(failed)?;
        rows.into_iter().map(|(group, course)| Ok((id(&group)?, course))).collect()
    }

    /// At most `limit` groups in the order of their names, after the one with this name and id.
    pub async fn groups(
        &self,
        filter: &GroupFilter,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<GroupRecord>, StoreError> {
        const SQL: &str = groups!(
            "WHERE course_group.institution = $1 AND (course_group.name, course_group.id) > ($2, $3)
               AND ($4 = '' OR course_group.course = $4)
               AND ($5 = '' OR EXISTS (SELECT 1 FROM group_member
                    WHERE group_member.institution = course_group.institution
                      AND group_member.course_group = course_group.id AND group_member.person = $5))
               AND $6 = (course_group.archived_at IS NOT NULL)
               AND ' ' || course_group.search || ' ' || course.search LIKE $7
               AND ' ' || course_group.search || ' ' || course.search LIKE $8
               AND ' ' || course_group.search || ' ' || course.search LIKE $9
               AND ' ' || course_group.search || ' ' || course.search LIKE $10
             ORDER BY course_group.name, course_group.id LIMIT $11"
        );
        let (name, last) = after.unwrap_or_default();
        let [first, second, third, fourth] = search::patterns(&filter.search);
        let rows: Vec<GroupRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(&name)
            .bind(&last)
            .bind(filter.course.map(|course| course.to_string()).unwrap_or_default())
            .bind(filter.member.map(|person| person.to_string()).unwrap_or_default())
            .bind(filter.archived)
            .bind(&first)
            .bind(&second)
            .bind(&third)
            .bind(&fourth)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(GroupRecord::try_from).collect()
    }

    /// The group, archived ones included.
    pub async fn group(&self, group: GroupId) -> Result<Option<GroupRecord>, StoreError> {
        const SQL: &str = groups!("WHERE course_group.institution = $1 AND course_group.id = $2");
        let row: Option<GroupRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(group.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(GroupRecord::try_from).transpose()
    }

    /// Makes a group of a course.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the institution has no such course that is still given.
    pub async fn add_group(&self, group: &Group, capacity: Option<u32>, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO course_group (id, institution, course, name, capacity, search)
                           SELECT CAST($1 AS TEXT), institution, id, CAST($4 AS TEXT), CAST($5 AS BIGINT),
                                  CAST($6 AS TEXT)
                           FROM course WHERE institution = $2 AND id = $3 AND archived_at IS NULL";
        changing!(self, by, tx => {
            let made = sqlx::query(SQL)
                .bind(group.id.to_string())
                .bind(self.institution.to_string())
                .bind(group.course.to_string())
                .bind(&group.name)
                .bind(capacity.map(i64::from))
                .bind(search::key([group.name.as_str()]))
                .execute(&mut *tx).await.map_err(failed)?;
            found(made.rows_affected())?;
        })
    }

    /// Writes name, capacity, minors and whether it is archived over the version that `wanted` names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there;
    /// [`StoreError::Full`] where it has more members than it is to take.
    pub async fn change_group(&self, wanted: &GroupRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE course_group SET name = $1, capacity = $2, archived_at = $3, search = $4,
                               minors = $5, version = version + 1
                           WHERE institution = $6 AND id = $7 AND version = $8";
        const VERSION: &str = "SELECT version FROM course_group WHERE institution = $1 AND id = $2";
        let (institution, group) = (self.institution.to_string(), wanted.id.to_string());
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&wanted.name)
                .bind(wanted.capacity.map(i64::from))
                .bind(wanted.archived_at.map(Timestamp::micros))
                .bind(search::key([wanted.name.as_str()]))
                .bind(wanted.minors)
                .bind(&institution)
                .bind(&group)
                .bind(wanted.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(&institution)
                    .bind(&group)
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            let members: i64 = sqlx::query_scalar(MEMBERS)
                .bind(&institution)
                .bind(&group)
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if wanted.capacity.is_some_and(|capacity| members > i64::from(capacity)) {
                return Err(StoreError::Full);
            }
        })
    }

    /// At most `limit` members in the order of their names, after the one with this name and id.
    pub async fn members(
        &self,
        group: GroupId,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<GroupMember>, StoreError> {
        const SQL: &str = "
            SELECT person.id AS person, person.name, person.external_id, group_member.since
            FROM group_member JOIN person
                ON person.institution = group_member.institution AND person.id = group_member.person
            WHERE group_member.institution = $1 AND group_member.course_group = $2
              AND (person.name, person.id) > ($3, $4)
            ORDER BY person.name, person.id LIMIT $5";
        let (name, last) = after.unwrap_or_default();
        let rows: Vec<MemberRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(group.to_string())
            .bind(&name)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(GroupMember::try_from).collect()
    }

    /// Whether somebody is in a group.
    pub async fn is_member(&self, group: GroupId, person: PersonId) -> Result<bool, StoreError> {
        const SQL: &str =
            "SELECT COUNT(*) FROM group_member WHERE institution = $1 AND course_group = $2 AND person = $3";
        let count: i64 = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(group.to_string())
            .bind(person.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(count > 0)
    }

    /// Puts somebody into a group; who is in it already stays, since the first time.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the group is archived or not there, or the person has no account there that could
    /// be used; [`StoreError::Full`] where it takes nobody more.
    pub async fn add_member(&self, group: GroupId, person: PersonId, by: &Change) -> Result<(), StoreError> {
        const PERSON: &str = "SELECT COUNT(*) FROM person WHERE institution = $1 AND id = $2 AND erased_at IS NULL
                              AND merged_into IS NULL";
        const CAPACITY: &str =
            "SELECT capacity FROM course_group WHERE institution = $1 AND id = $2 AND archived_at IS NULL";
        if self.is_member(group, person).await? {
            return Ok(());
        }
        let (institution, group, person) = (self.institution.to_string(), group.to_string(), person.to_string());
        changing!(self, by, tx => {
            let known: i64 = sqlx::query_scalar(PERSON)
                .bind(&institution)
                .bind(&person)
                .fetch_one(&mut *tx).await.map_err(failed)?;
            let capacity: Option<Option<i64>> = sqlx::query_scalar(CAPACITY)
                .bind(&institution)
                .bind(&group)
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let (1, Some(capacity)) = (known, capacity) else { return Err(StoreError::Missing) };
            sqlx::query(JOIN)
                .bind(&institution)
                .bind(&group)
                .bind(&person)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            let members: i64 = sqlx::query_scalar(MEMBERS)
                .bind(&institution)
                .bind(&group)
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if capacity.is_some_and(|capacity| members > capacity) {
                return Err(StoreError::Full);
            }
        })
    }

    /// Takes somebody out of a group, which frees a place: who waits for one moves up from here.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where they are not in it.
    pub async fn remove_member(&self, group: GroupId, person: PersonId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM group_member WHERE institution = $1 AND course_group = $2 AND person = $3";
        changing!(self, by, tx => {
            let removed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(group.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(removed.rows_affected())?;
        })
    }

    /// The courses in whose groups somebody is.
    pub async fn courses_followed(&self, person: PersonId) -> Result<Vec<CourseId>, StoreError> {
        const SQL: &str = "
            SELECT DISTINCT course_group.course FROM group_member
            JOIN course_group ON course_group.institution = group_member.institution
                AND course_group.id = group_member.course_group
            WHERE group_member.institution = $1 AND group_member.person = $2";
        let rows: Vec<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.iter().map(|course| id(course)).collect()
    }
}

pub(super) const MEMBERS: &str = "SELECT COUNT(*) FROM group_member WHERE institution = $1 AND course_group = $2";

pub(super) const JOIN: &str = "INSERT INTO group_member (institution, course_group, person, since)
                               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
