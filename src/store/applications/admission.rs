//! Acceptance: a place in a group, and an account for those who have none.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::programme::{GROUPS_OF_COURSE, GroupRow};
use super::super::records::{Change, StoreError};
use super::super::search;
use super::{Application, ApplicationRow, ApplicationStatus, STATE, undecidable};
use crate::ids::{ApplicationId, CourseId, GroupId, PersonId};
use crate::text::SignInName;
use sqlx::{PgConnection, SqliteConnection};

/// A connection within a transaction that gives people places.
trait Admission {
    /// The group in which there is a place: the wanted one, or the first of the course's that takes somebody more.
    async fn free_group(
        &mut self,
        institution: &str,
        course: &str,
        wanted: Option<&str>,
    ) -> Result<Option<String>, StoreError>;

    /// Puts the applicant into the group; where they have no account, `fresh` becomes theirs.
    async fn admit(
        &mut self,
        institution: &str,
        application: &Application,
        group: &str,
        fresh: PersonId,
        by: &Change,
    ) -> Result<(), StoreError>;

    async fn make_account(
        &mut self,
        institution: &str,
        application: &Application,
        fresh: PersonId,
        by: &Change,
    ) -> Result<(), StoreError>;
}

const TAKEN: &str = "
    SELECT COUNT(DISTINCT group_member.person) FROM course_group
    JOIN group_member ON group_member.institution = course_group.institution
        AND group_member.course_group = course_group.id
    WHERE course_group.institution = $1 AND course_group.course = $2 AND course_group.archived_at IS NULL";

const CAPACITY: &str = "SELECT capacity FROM course WHERE institution = $1 AND id = $2 AND archived_at IS NULL";

const JOIN: &str = "INSERT INTO group_member (institution, course_group, person, since) VALUES ($1, $2, $3, $4)
                    ON CONFLICT DO NOTHING";

const ACCEPT: &str = "UPDATE application SET status = 'accepted', person = $1, course_group = $2, decided_at = $3,
                          reason = NULL, version = version + 1
                      WHERE institution = $4 AND id = $5";

const FOLLOWS: &str = "UPDATE person SET is_trainee = TRUE WHERE institution = $1 AND id = $2";

/// Another institution may have the sign-in name: then this writes nothing.
const PERSON: &str =
    "INSERT INTO person (id, institution, name, sign_in, mail, language, is_trainee, search, created_at)
                      VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7, $8) ON CONFLICT DO NOTHING";

const CREDENTIAL: &str = "INSERT INTO credential (person, institution) VALUES ($1, $2)";

macro_rules! admission {
    ($connection:ty) => {
        impl Admission for $connection {
            async fn free_group(
                &mut self,
                institution: &str,
                course: &str,
                wanted: Option<&str>,
            ) -> Result<Option<String>, StoreError> {
                let capacity: Option<Option<i64>> = sqlx::query_scalar(CAPACITY)
                    .bind(institution)
                    .bind(course)
                    .fetch_optional(&mut *self)
                    .await
                    .map_err(failed)?;
                let capacity = capacity.ok_or(StoreError::Missing)?;
                let taken: i64 = sqlx::query_scalar(TAKEN)
                    .bind(institution)
                    .bind(course)
                    .fetch_one(&mut *self)
                    .await
                    .map_err(failed)?;
                let groups: Vec<GroupRow> = sqlx::query_as(GROUPS_OF_COURSE)
                    .bind(institution)
                    .bind(course)
                    .fetch_all(&mut *self)
                    .await
                    .map_err(failed)?;
                if wanted.is_some_and(|wanted| groups.iter().all(|group| group.id != wanted)) {
                    return Err(StoreError::Missing);
                }
                if capacity.is_some_and(|capacity| taken >= capacity) {
                    return Ok(None);
                }
                let mut eligible = groups.into_iter().filter(|group| wanted.is_none_or(|wanted| group.id == wanted));
                Ok(eligible.find(|group| group.capacity.is_none_or(|most| group.members < most)).map(|group| group.id))
            }

            async fn admit(
                &mut self,
                institution: &str,
                application: &Application,
                group: &str,
                fresh: PersonId,
                by: &Change,
            ) -> Result<(), StoreError> {
                let person = application.person.unwrap_or(fresh).to_string();
                if application.person.is_some() {
                    let follows = sqlx::query(FOLLOWS).bind(institution).bind(&person);
                    follows.execute(&mut *self).await.map_err(failed)?;
                } else {
                    self.make_account(institution, application, fresh, by).await?;
                }
                let join = sqlx::query(JOIN).bind(institution).bind(group).bind(&person).bind(by.at.micros());
                join.execute(&mut *self).await.map_err(failed)?;
                let accept = sqlx::query(ACCEPT)
                    .bind(&person)
                    .bind(group)
                    .bind(by.at.micros())
                    .bind(institution)
                    .bind(application.id.to_string());
                accept.execute(&mut *self).await.map_err(failed)?;
                Ok(())
            }

            async fn make_account(
                &mut self,
                institution: &str,
                application: &Application,
                fresh: PersonId,
                by: &Change,
            ) -> Result<(), StoreError> {
                for sign_in in sign_ins(application, fresh) {
                    let made = sqlx::query(PERSON)
                        .bind(fresh.to_string())
                        .bind(institution)
                        .bind(&application.name)
                        .bind(&sign_in)
                        .bind(&application.mail)
                        .bind(application.language.tag())
                        .bind(search::key([application.name.as_str()]))
                        .bind(by.at.micros())
                        .execute(&mut *self)
                        .await
                        .map_err(failed)?;
                    if made.rows_affected() == 1 {
                        let credential = sqlx::query(CREDENTIAL).bind(fresh.to_string()).bind(institution);
                        credential.execute(&mut *self).await.map_err(failed)?;
                        return Ok(());
                    }
                }
                Err(StoreError::Conflict)
            }
        }
    };
}

admission!(SqliteConnection);
admission!(PgConnection);

/// What a new trainee may sign in with: their mail address, or where somebody has it already, a name made of the id.
fn sign_ins(application: &Application, fresh: PersonId) -> Vec<String> {
    let own = application.mail.as_deref().and_then(|mail| SignInName::parse(mail).ok()).map(String::from);
    // The last characters of an id are its random ones.
    let id = fresh.0.simple().to_string();
    let made = format!("trainee-{}", id.get(22..).unwrap_or(&id));
    own.into_iter().chain([made]).collect()
}

impl InstitutionStore {
    /// Accepts an application that is new or waits, into a group of its course. Where the applicant has no account,
    /// `fresh` becomes theirs.
    ///
    /// # Errors
    /// [`StoreError::Full`] where the course or the group takes nobody more; else as
    /// [`InstitutionStore::put_on_waiting_list`].
    pub async fn accept_application(
        &self,
        application: ApplicationId,
        version: i64,
        group: GroupId,
        fresh: PersonId,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = applications!("WHERE application.institution = $1 AND application.id = $2");
        let (institution, wanted) = (self.institution.to_string(), group.to_string());
        changing!(self, by, tx => {
            let row: Option<ApplicationRow> = sqlx::query_as(SQL)
                .bind(&institution)
                .bind(application.to_string())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let there = Application::try_from(row.ok_or(StoreError::Missing)?)?;
            let undecided = matches!(there.status, ApplicationStatus::New | ApplicationStatus::Waiting);
            if there.version != version || !undecided {
                return Err(undecidable(sqlx::query_as(STATE)
                    .bind(&institution)
                    .bind(application.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?, version));
            }
            let free = Admission::free_group(&mut *tx, &institution, &there.course.to_string(), Some(&wanted)).await?;
            let free = free.ok_or(StoreError::Full)?;
            Admission::admit(&mut *tx, &institution, &there, &free, fresh, by).await?;
        })
    }

    /// Accepts whoever waits longest for a place in a course, where there is one that they wait for; gives their
    /// application as it was, which is what the audit log's entry is about. Call it again until it gives none.
    pub async fn move_up(
        &self,
        course: CourseId,
        fresh: PersonId,
        by: &Change,
    ) -> Result<Option<Application>, StoreError> {
        // Those who wait for one group may have to be passed over; nobody looks through more of them.
        const SQL: &str = applications!(
            "WHERE application.institution = $1 AND application.course = $2 AND application.status = 'waiting'
             ORDER BY application.created_at, application.id LIMIT 200"
        );
        let institution = self.institution.to_string();
        let mut entry = by.clone();
        changing!(self, &entry, tx => {
            let rows: Vec<ApplicationRow> = sqlx::query_as(SQL)
                .bind(&institution)
                .bind(course.to_string())
                .fetch_all(&mut *tx).await.map_err(failed)?;
            let mut moved = None;
            for row in rows {
                let waiting = Application::try_from(row)?;
                let wanted = waiting.group.map(|group| group.to_string());
                let found =
                    Admission::free_group(&mut *tx, &institution, &course.to_string(), wanted.as_deref()).await;
                match found {
                    Ok(Some(group)) => {
                        Admission::admit(&mut *tx, &institution, &waiting, &group, fresh, by).await?;
                        entry.subject = Some(waiting.id.to_string());
                        moved = Some(waiting);
                        break;
                    }
                    // The group that they wait for is full, or archived.
                    Ok(None) | Err(StoreError::Missing) => {}
                    Err(error) => return Err(error),
                }
            }
            if moved.is_none() {
                return Ok(None);
            }
            moved
        })
    }
}
