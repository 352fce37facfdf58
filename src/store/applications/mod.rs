//! People who want to follow a course that is offered, and what an institution decides about them.
//!
//! `new` becomes `accepted`, `refused` or `waiting`; who waits is accepted in turn as places come free
//! ([`InstitutionStore::move_up`]); whoever applied may withdraw at any time.

/// Applications with their courses' titles.
macro_rules! applications {
    ($condition:literal) => {
        concat!(
            "SELECT application.id, application.institution, application.course, course.title AS course_title,
                    application.person, application.name, application.mail, application.phone, application.message,
                    application.language, application.status, application.reason, application.course_group,
                    application.created_at, application.decided_at, application.version
             FROM application
             JOIN course ON course.institution = application.institution AND course.id = application.course ",
            $condition
        )
    };
}

mod admission;

use super::courses::language;
use super::fault::failed;
use super::records::{Change, SecretHash, StoreError};
use super::rows::{hex, id};
use super::{InstitutionStore, Store};
use crate::ids::{ApplicationId, CourseId, GroupId, InstitutionId, PersonId};
use crate::text::Language;
use crate::time::Timestamp;
use sqlx::FromRow;

/// How many applications of one course may be undecided; more is somebody who applies without end.
pub const UNDECIDED_MAX: u32 = 5_000;

/// What became of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApplicationStatus {
    New,
    Waiting,
    Accepted,
    Refused,
    Withdrawn,
}

impl ApplicationStatus {
    pub const ALL: [Self; 5] = [Self::New, Self::Waiting, Self::Accepted, Self::Refused, Self::Withdrawn];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status that this word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: ApplicationId,
    pub institution: InstitutionId,
    pub course: CourseId,
    pub course_title: String,
    /// Whose it is, where they have an account there, or got one by being accepted.
    pub person: Option<PersonId>,
    pub name: String,
    pub mail: Option<String>,
    pub phone: Option<String>,
    pub message: String,
    /// The language in which they applied.
    pub language: Language,
    pub status: ApplicationStatus,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The group that they are in, or wait for.
    pub group: Option<GroupId>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub version: i64,
}

/// An application to be made; it is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApplication {
    pub id: ApplicationId,
    pub course: CourseId,
    pub person: Option<PersonId>,
    pub name: String,
    pub mail: Option<String>,
    pub phone: Option<String>,
    pub message: String,
    pub language: Language,
}

#[derive(FromRow)]
struct ApplicationRow {
    id: String,
    institution: String,
    course: String,
    course_title: String,
    person: Option<String>,
    name: String,
    mail: Option<String>,
    phone: Option<String>,
    message: String,
    language: String,
    status: String,
    reason: Option<String>,
    course_group: Option<String>,
    created_at: i64,
    decided_at: Option<i64>,
    version: i64,
}

impl TryFrom<ApplicationRow> for Application {
    type Error = StoreError;

    fn try_from(row: ApplicationRow) -> Result<Self, StoreError> {
        let status = ApplicationStatus::parse(&row.status)
            .ok_or_else(|| StoreError::Unreadable(format!("application {} has no known status", row.id)))?;
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            course: id(&row.course)?,
            course_title: row.course_title,
            person: row.person.as_deref().map(id).transpose()?,
            name: row.name,
            mail: row.mail,
            phone: row.phone,
            message: row.message,
            language: language(&row.language)?,
            status,
            reason: row.reason,
            group: row.course_group.as_deref().map(id).transpose()?,
            created_at: Timestamp(row.created_at),
            decided_at: row.decided_at.map(Timestamp),
            version: row.version,
        })
    }
}

impl Store {
    /// The application with this secret.
    pub async fn application_by_secret(&self, secret: &SecretHash) -> Result<Option<Application>, StoreError> {
        const SQL: &str = applications!("WHERE application.secret_hash = $1");
        let row: Option<ApplicationRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(hex(secret)).fetch_optional(on)).map_err(failed)?;
        row.map(Application::try_from).transpose()
    }
}

impl InstitutionStore {
    /// At most `limit` applications, the oldest first, after the one of this time and id; of one status or one course
    /// where it is named.
    pub async fn applications(
        &self,
        status: Option<ApplicationStatus>,
        course: Option<CourseId>,
        after: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Application>, StoreError> {
        const SQL: &str = applications!(
            "WHERE application.institution = $1 AND ($2 = '' OR application.status = $2)
               AND ($3 = '' OR application.course = $3) AND (application.created_at, application.id) > ($4, $5)
             ORDER BY application.created_at, application.id LIMIT $6"
        );
        let (since, last) = after.unwrap_or((i64::MIN, String::new()));
        let rows: Vec<ApplicationRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(status.map_or("", ApplicationStatus::word))
            .bind(course.map(|course| course.to_string()).unwrap_or_default())
            .bind(since)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Application::try_from).collect()
    }

    pub async fn application(&self, application: ApplicationId) -> Result<Option<Application>, StoreError> {
        const SQL: &str = applications!("WHERE application.institution = $1 AND application.id = $2");
        let row: Option<ApplicationRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(application.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Application::try_from).transpose()
    }

    /// Writes an application; `secret` is what its applicant looks after it with.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the same account has one for this course that is not over;
    /// [`StoreError::Full`] where [`UNDECIDED_MAX`] wait for a decision.
    pub async fn apply(
        &self,
        application: &NewApplication,
        secret: &SecretHash,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SAME: &str = "SELECT COUNT(*) FROM application
                            WHERE institution = $1 AND person = $2 AND course = $3
                              AND status IN ('new', 'waiting', 'accepted')";
        const UNDECIDED: &str =
            "SELECT COUNT(*) FROM application WHERE institution = $1 AND course = $2 AND status = 'new'";
        const INSERT: &str = "INSERT INTO application (id, institution, course, person, name, mail, phone, message,
                                                       language, status, secret_hash, created_at)
                              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', $10, $11)";
        let person = application.person.map(|person| person.to_string());
        changing!(self, by, tx => {
            let same: i64 = sqlx::query_scalar(SAME)
                .bind(self.institution.to_string())
                .bind(&person)
                .bind(application.course.to_string())
                .fetch_one(&mut *tx).await.map_err(failed)?;
            let undecided: i64 = sqlx::query_scalar(UNDECIDED)
                .bind(self.institution.to_string())
                .bind(application.course.to_string())
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if same > 0 {
                return Err(StoreError::Conflict);
            }
            if undecided >= i64::from(UNDECIDED_MAX) {
                return Err(StoreError::Full);
            }
            sqlx::query(INSERT)
                .bind(application.id.to_string())
                .bind(self.institution.to_string())
                .bind(application.course.to_string())
                .bind(&person)
                .bind(&application.name)
                .bind(&application.mail)
                .bind(&application.phone)
                .bind(&application.message)
                .bind(application.language.tag())
                .bind(hex(secret))
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Puts an application on the waiting list: for one group, or for any of the course's.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Conflict`] where it is decided already;
    /// [`StoreError::Missing`] where it, or the group as one of its course, is not there.
    pub async fn put_on_waiting_list(
        &self,
        application: ApplicationId,
        version: i64,
        group: Option<GroupId>,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE application SET status = 'waiting', course_group = $1, decided_at = $2, version = version + 1
            WHERE institution = $3 AND id = $4 AND version = $5 AND status IN ('new', 'waiting')
              AND ($1 IS NULL OR EXISTS (
                  SELECT 1 FROM course_group
                  WHERE course_group.institution = application.institution AND course_group.id = $1
                    AND course_group.course = application.course AND course_group.archived_at IS NULL))";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(group.map(|group| group.to_string()))
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(application.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(undecidable(sqlx::query_as(STATE)
                    .bind(self.institution.to_string())
                    .bind(application.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?, version));
            }
        })
    }

    /// Refuses an application that is new or waits, and says why.
    ///
    /// # Errors
    /// As [`InstitutionStore::put_on_waiting_list`].
    pub async fn refuse_application(
        &self,
        application: ApplicationId,
        version: i64,
        reason: &str,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE application SET status = 'refused', reason = $1, decided_at = $2,
                               version = version + 1
                           WHERE institution = $3 AND id = $4 AND version = $5 AND status IN ('new', 'waiting')";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(reason)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(application.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(undecidable(sqlx::query_as(STATE)
                    .bind(self.institution.to_string())
                    .bind(application.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?, version));
            }
        })
    }

    /// Withdraws an application that is not over; who was accepted leaves the group, which frees a place.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none that is not over.
    pub async fn withdraw_application(&self, application: ApplicationId, by: &Change) -> Result<(), StoreError> {
        const LEAVE: &str = "
            DELETE FROM group_member WHERE institution = $1 AND EXISTS (
                SELECT 1 FROM application
                WHERE application.institution = $1 AND application.id = $2 AND application.status = 'accepted'
                  AND application.course_group = group_member.course_group
                  AND application.person = group_member.person)";
        const SQL: &str = "UPDATE application SET status = 'withdrawn', decided_at = $1, version = version + 1
                           WHERE institution = $2 AND id = $3 AND status IN ('new', 'waiting', 'accepted')";
        changing!(self, by, tx => {
            sqlx::query(LEAVE)
                .bind(self.institution.to_string())
                .bind(application.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            let changed = sqlx::query(SQL)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(application.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            super::rows::found(changed.rows_affected())?;
        })
    }
}

/// What tells why an application could not be decided.
const STATE: &str = "SELECT version, status FROM application WHERE institution = $1 AND id = $2";

/// Why a decision about this version changed nothing; the state is as [`STATE`] reads it.
fn undecidable(state: Option<(i64, String)>, version: i64) -> StoreError {
    match state {
        None => StoreError::Missing,
        Some((there, _)) if there != version => StoreError::Stale,
        Some((_, status)) if status != "new" && status != "waiting" => StoreError::Conflict,
        // It is as it was read: what it refers to is not there.
        Some(_) => StoreError::Missing,
    }
}
