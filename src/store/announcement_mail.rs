//! Announcements on their way into the queue of mail: so many recipients at a time, and each once, whatever happens in
//! between.

use super::announcements::Audience;
use super::courses::language;
use super::fault::failed;
use super::mail::{MailQueue, NewMail};
use super::records::StoreError;
use super::rows::id;
use super::{InstitutionStore, Store};
use crate::ids::{AnnouncementId, InstitutionId, PersonId};
use crate::text::Language;
use crate::time::Timestamp;
use sqlx::FromRow;

/// An announcement that goes out by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailedAnnouncement {
    pub id: AnnouncementId,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub audience: Audience,
    pub title: String,
    pub body: String,
    /// The last person who was looked at.
    pub mailed_to: Option<PersonId>,
}

/// Somebody who gets one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub person: PersonId,
    pub mail: String,
    /// Theirs, or their institution's.
    pub language: Language,
}

#[derive(FromRow)]
struct MailedRow {
    id: String,
    institution: String,
    institution_name: String,
    audience: String,
    audience_id: String,
    title: String,
    body: String,
    mailed_to: Option<String>,
}

macro_rules! recipients {
    ($condition:literal) => {
        concat!(
            "SELECT person.id, person.mail, COALESCE(person.language, institution.language)
             FROM person JOIN institution ON institution.id = person.institution
             WHERE person.id > $1 AND person.mail IS NOT NULL AND person.disabled_at IS NULL
               AND person.erased_at IS NULL AND person.merged_into IS NULL AND institution.closed_at IS NULL AND ",
            $condition,
            " ORDER BY person.id LIMIT $4"
        )
    };
}

impl Store {
    /// The announcement that waits longest for its mail to be queued.
    pub async fn announcement_to_mail(&self) -> Result<Option<MailedAnnouncement>, StoreError> {
        const SQL: &str = "
            SELECT announcement.id, announcement.institution, institution.name AS institution_name,
                   announcement.audience, announcement.audience_id, announcement.title, announcement.body,
                   announcement.mailed_to
            FROM announcement JOIN institution ON institution.id = announcement.institution
            WHERE announcement.by_mail AND announcement.mailed_at IS NULL AND announcement.withdrawn_at IS NULL
            ORDER BY announcement.published_at, announcement.id LIMIT 1";
        let row: Option<MailedRow> = reading!(self, on => sqlx::query_as(SQL).fetch_optional(on)).map_err(failed)?;
        row.map(|row| {
            Ok(MailedAnnouncement {
                id: id(&row.id)?,
                institution: id(&row.institution)?,
                institution_name: row.institution_name,
                audience: Audience::parse(&row.audience, &row.audience_id)?,
                title: row.title,
                body: row.body,
                mailed_to: row.mailed_to.as_deref().map(id).transpose()?,
            })
        })
        .transpose()
    }

    /// At most `limit` people with an address whom an announcement is for, after the last one who was looked at.
    pub async fn recipients(
        &self,
        announcement: &MailedAnnouncement,
        limit: u32,
    ) -> Result<Vec<Recipient>, StoreError> {
        const OF_INSTITUTION: &str = recipients!("person.institution = $2 AND person.institution = $3");
        const OF_REGION: &str = recipients!("$2 <> '' AND institution.region = $3");
        const OF_ALL: &str = recipients!("$2 <> '' AND $3 <> ''");
        const OF_COURSE: &str = recipients!(
            "person.institution = $2 AND person.id IN (
                 SELECT person FROM course_trainer WHERE institution = $2 AND course = $3
                 UNION
                 SELECT group_member.person FROM course_group
                 JOIN group_member ON group_member.institution = course_group.institution
                     AND group_member.course_group = course_group.id
                 WHERE course_group.institution = $2 AND course_group.course = $3)"
        );
        const OF_GROUP: &str = recipients!(
            "person.institution = $2 AND person.id IN (
                 SELECT person FROM group_member WHERE institution = $2 AND course_group = $3
                 UNION
                 SELECT course_trainer.person FROM course_group
                 JOIN course_trainer ON course_trainer.institution = course_group.institution
                     AND course_trainer.course = course_group.course
                 WHERE course_group.institution = $2 AND course_group.id = $3)"
        );
        let sql = match announcement.audience {
            Audience::Institution => OF_INSTITUTION,
            Audience::Region(_) => OF_REGION,
            Audience::Ministry => OF_ALL,
            Audience::Course(_) => OF_COURSE,
            Audience::Group(_) => OF_GROUP,
        };
        let rows: Vec<(String, String, String)> = reading!(self, on => sqlx::query_as(sql)
            .bind(announcement.mailed_to.map(|person| person.to_string()).unwrap_or_default())
            .bind(announcement.institution.to_string())
            .bind(announcement.audience.id(announcement.institution))
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        let recipient = |(person, mail, tag): (String, String, String)| {
            Ok(Recipient { person: id(&person)?, mail, language: language(&tag)? })
        };
        rows.into_iter().map(recipient).collect()
    }
}

impl InstitutionStore {
    /// Queues some of an announcement's mails and notes how far it came: to `last`, or to its end where that is absent.
    pub async fn queue_announcement(
        &self,
        announcement: AnnouncementId,
        mails: &[NewMail],
        last: Option<PersonId>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE announcement SET mailed_to = COALESCE($1, mailed_to), mailed_at = $2
                           WHERE institution = $3 AND id = $4";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            for mail in mails {
                MailQueue::queue(&mut *tx, &institution, mail).await?;
            }
            sqlx::query(SQL)
                .bind(last.map(|person| person.to_string()))
                .bind(last.is_none().then_some(at.micros()))
                .bind(&institution)
                .bind(announcement.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }
}
