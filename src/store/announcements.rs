//! What an institution tells its people, and what people are told: by their own institution, its courses and groups that
//! they teach or follow, their region and the ministry.

use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::{id, unchanged};
use super::{InstitutionStore, Store};
use crate::ids::{AnnouncementId, CourseId, GroupId, InstitutionId, PersonId, RegionId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// Whom an announcement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// All of the institution that announces.
    Institution,
    Region(RegionId),
    /// The whole country.
    Ministry,
    Course(CourseId),
    Group(GroupId),
}

impl Audience {
    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Institution => "institution",
            Self::Region(_) => "region",
            Self::Ministry => "ministry",
            Self::Course(_) => "course",
            Self::Group(_) => "group",
        }
    }

    pub(super) fn id(self, institution: InstitutionId) -> String {
        match self {
            Self::Institution | Self::Ministry => institution.to_string(),
            Self::Region(region) => region.to_string(),
            Self::Course(course) => course.to_string(),
            Self::Group(group) => group.to_string(),
        }
    }

    pub(super) fn parse(word: &str, target: &str) -> Result<Self, StoreError> {
        match word {
            "institution" => Ok(Self::Institution),
            "region" => id(target).map(Self::Region),
            "ministry" => Ok(Self::Ministry),
            "course" => id(target).map(Self::Course),
            "group" => id(target).map(Self::Group),
            _ => Err(StoreError::Unreadable(format!("the audience {word:?}"))),
        }
    }
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    pub id: AnnouncementId,
    /// Who announces it.
    pub institution: InstitutionId,
    pub institution_name: String,
    pub audience: Audience,
    /// The course's or group's name.
    pub audience_name: Option<String>,
    pub title: String,
    pub body: String,
    /// The id of the person or the key that wrote it.
    pub author: String,
    /// Where the author is somebody of the institution.
    pub author_name: Option<String>,
    /// The day that it is about, as 2026-11-30.
    pub day: Option<String>,
    pub by_mail: bool,
    pub published_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    pub version: i64,
}

/// An announcement as somebody is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub announcement: Announcement,
    pub is_unread: bool,
}

/// Whose announcements are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    pub person: PersonId,
    pub institution: InstitutionId,
    pub region: RegionId,
}

#[derive(FromRow)]
struct AnnouncementRow {
    id: String,
    institution: String,
    institution_name: String,
    audience: String,
    audience_id: String,
    audience_name: Option<String>,
    title: String,
    body: String,
    author: String,
    author_name: Option<String>,
    day: Option<String>,
    by_mail: bool,
    published_at: i64,
    expires_at: Option<i64>,
    withdrawn_at: Option<i64>,
    version: i64,
    is_read: bool,
}

impl TryFrom<AnnouncementRow> for Announcement {
    type Error = StoreError;

    fn try_from(row: AnnouncementRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            institution_name: row.institution_name,
            audience: Audience::parse(&row.audience, &row.audience_id)?,
            audience_name: row.audience_name,
            title: row.title,
            body: row.body,
            author: row.author,
            author_name: row.author_name,
            day: row.day,
            by_mail: row.by_mail,
            published_at: Timestamp(row.published_at),
            expires_at: row.expires_at.map(Timestamp),
            withdrawn_at: row.withdrawn_at.map(Timestamp),
            version: row.version,
        })
    }
}

impl TryFrom<AnnouncementRow> for Told {
    type Error = StoreError;

    fn try_from(row: AnnouncementRow) -> Result<Self, StoreError> {
        let is_unread = !row.is_read;
        Ok(Self { announcement: row.try_into()?, is_unread })
    }
}

/// Announcements with the names on them; `$read` tells whether somebody read one.
macro_rules! announcements {
    ($read:literal, $from:expr, $condition:literal) => {
        concat!(
            "SELECT announcement.id, announcement.institution, institution.name AS institution_name,
                    announcement.audience, announcement.audience_id,
                    COALESCE(course.title, course_group.name) AS audience_name, announcement.title,
                    announcement.body, announcement.author, person.name AS author_name, announcement.day,
                    announcement.by_mail, announcement.published_at, announcement.expires_at,
                    announcement.withdrawn_at, announcement.version, ",
            $read,
            " AS is_read ",
            $from,
            " JOIN institution ON institution.id = announcement.institution
             LEFT JOIN person ON person.institution = announcement.institution AND person.id = announcement.author
             LEFT JOIN course ON announcement.audience = 'course' AND course.id = announcement.audience_id
                 AND course.institution = announcement.institution
             LEFT JOIN course_group ON announcement.audience = 'group' AND course_group.id = announcement.audience_id
                 AND course_group.institution = announcement.institution ",
            $condition
        )
    };
}

/// What concerns somebody: `$1` is their institution, `$2` they themselves, `$3` their region, `$4` the time. A group's
/// announcements concern its course's trainers too. Only the ministry's and the region's come from elsewhere.
macro_rules! concerning {
    () => {
        "FROM (SELECT 'institution' AS audience, $1 AS target
              UNION ALL SELECT 'region', $3
              UNION ALL SELECT 'ministry', institution.id FROM institution
              WHERE institution.reach <> 'institution' AND institution.reach = 'ministry'
              UNION ALL
              SELECT 'course', course FROM course_trainer WHERE institution = $1 AND person = $2
              UNION
              SELECT 'course', course_group.course FROM group_member
              JOIN course_group ON course_group.institution = group_member.institution
                  AND course_group.id = group_member.course_group
              WHERE group_member.institution = $1 AND group_member.person = $2
              UNION
              SELECT 'group', course_group FROM group_member WHERE institution = $1 AND person = $2
              UNION
              SELECT 'group', course_group.id FROM course_trainer
              JOIN course_group ON course_group.institution = course_trainer.institution
                  AND course_group.course = course_trainer.course
              WHERE course_trainer.institution = $1 AND course_trainer.person = $2) AS concerned
        JOIN announcement ON announcement.audience = concerned.audience
            AND announcement.audience_id = concerned.target
            AND announcement.withdrawn_at IS NULL
            AND (announcement.expires_at IS NULL OR announcement.expires_at > $4)
            AND (announcement.institution = $1 OR announcement.audience IN ('region', 'ministry'))
        LEFT JOIN announcement_read ON announcement_read.institution = $1 AND announcement_read.person = $2
            AND announcement_read.announcement = announcement.id"
    };
}

impl Store {
    /// At most `limit` announcements that concern somebody now, the newest first, before the one of this time and id.
    pub async fn announcements_for(
        &self,
        listener: &Listener,
        now: Timestamp,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Told>, StoreError> {
        const SQL: &str = announcements!(
            "announcement_read.read_at IS NOT NULL",
            concerning!(),
            "WHERE (announcement.published_at, announcement.id) < ($5, $6)
             ORDER BY announcement.published_at DESC, announcement.id DESC LIMIT $7"
        );
        let (since, last) = before.unwrap_or((i64::MAX, String::new()));
        let rows: Vec<AnnouncementRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(listener.institution.to_string())
            .bind(listener.person.to_string())
            .bind(listener.region.to_string())
            .bind(now.micros())
            .bind(since)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Told::try_from).collect()
    }

    /// At most `limit` announcements that concern somebody now and are about one of these days (both included), in the
    /// order of days: what their calendar shows.
    pub async fn announced_days_for(
        &self,
        listener: &Listener,
        now: Timestamp,
        days: (&str, &str),
        limit: u32,
    ) -> Result<Vec<Announcement>, StoreError> {
        const SQL: &str = announcements!(
            "announcement_read.read_at IS NOT NULL",
            concerning!(),
            "WHERE announcement.day >= $5 AND announcement.day <= $6
             ORDER BY announcement.day, announcement.id LIMIT $7"
        );
        let rows: Vec<AnnouncementRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(listener.institution.to_string())
            .bind(listener.person.to_string())
            .bind(listener.region.to_string())
            .bind(now.micros())
            .bind(days.0)
            .bind(days.1)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Announcement::try_from).collect()
    }

    /// How many announcements somebody has not read.
    pub async fn unread_announcements(&self, listener: &Listener, now: Timestamp) -> Result<u64, StoreError> {
        const SQL: &str = concat!(
            "SELECT COUNT(DISTINCT announcement.id) ",
            concerning!(),
            " WHERE announcement_read.read_at IS NULL"
        );
        let unread: i64 = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(listener.institution.to_string())
            .bind(listener.person.to_string())
            .bind(listener.region.to_string())
            .bind(now.micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(unread).unwrap_or_default())
    }

    /// The announcement, where it concerns somebody now.
    pub async fn announcement_for(
        &self,
        listener: &Listener,
        now: Timestamp,
        announcement: AnnouncementId,
    ) -> Result<Option<Told>, StoreError> {
        const SQL: &str =
            announcements!("announcement_read.read_at IS NOT NULL", concerning!(), "WHERE announcement.id = $5");
        let row: Option<AnnouncementRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(listener.institution.to_string())
            .bind(listener.person.to_string())
            .bind(listener.region.to_string())
            .bind(now.micros())
            .bind(announcement.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Told::try_from).transpose()
    }
}

impl InstitutionStore {
    /// At most `limit` announcements of the institution, withdrawn and expired ones included, the newest first, before
    /// the one of this time and id; those of one author, where they are named.
    pub async fn announcements(
        &self,
        author: Option<PersonId>,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Announcement>, StoreError> {
        const SQL: &str = announcements!(
            "FALSE",
            "FROM announcement",
            "WHERE announcement.institution = $1 AND ($2 = '' OR announcement.author = $2)
               AND (announcement.published_at, announcement.id) < ($3, $4)
             ORDER BY announcement.published_at DESC, announcement.id DESC LIMIT $5"
        );
        let (since, last) = before.unwrap_or((i64::MAX, String::new()));
        let rows: Vec<AnnouncementRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(author.map(|author| author.to_string()).unwrap_or_default())
            .bind(since)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Announcement::try_from).collect()
    }

    pub async fn announcement(&self, announcement: AnnouncementId) -> Result<Option<Announcement>, StoreError> {
        const SQL: &str = announcements!(
            "FALSE",
            "FROM announcement",
            "WHERE announcement.institution = $1 AND announcement.id = $2"
        );
        let row: Option<AnnouncementRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(announcement.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Announcement::try_from).transpose()
    }

    /// Publishes an announcement; its version is 1 whatever it says.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where its course or group is not there.
    pub async fn announce(&self, announcement: &Announcement, by: &Change) -> Result<(), StoreError> {
        const THERE: &str = "SELECT (SELECT COUNT(*) FROM course WHERE institution = $1 AND id = $2)
                                  + (SELECT COUNT(*) FROM course_group WHERE institution = $1 AND id = $2)";
        const SQL: &str = "INSERT INTO announcement (id, institution, audience, audience_id, title, body, author, day,
                                                     by_mail, published_at, expires_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let target = announcement.audience.id(self.institution);
        changing!(self, by, tx => {
            if matches!(announcement.audience, Audience::Course(_) | Audience::Group(_)) {
                let there: i64 = sqlx::query_scalar(THERE)
                    .bind(self.institution.to_string())
                    .bind(&target)
                    .fetch_one(&mut *tx).await.map_err(failed)?;
                if there == 0 {
                    return Err(StoreError::Missing);
                }
            }
            sqlx::query(SQL)
                .bind(announcement.id.to_string())
                .bind(self.institution.to_string())
                .bind(announcement.audience.word())
                .bind(&target)
                .bind(&announcement.title)
                .bind(&announcement.body)
                .bind(&announcement.author)
                .bind(&announcement.day)
                .bind(announcement.by_mail)
                .bind(announcement.published_at.micros())
                .bind(announcement.expires_at.map(Timestamp::micros))
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Writes what `announcement` says over the version that it names: its texts, its day, until when it holds, and
    /// whether it is withdrawn. What went out by mail stays out.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_announcement(&self, announcement: &Announcement, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE announcement SET title = $1, body = $2, day = $3, expires_at = $4,
                               withdrawn_at = $5, version = version + 1
                           WHERE institution = $6 AND id = $7 AND version = $8";
        const VERSION: &str = "SELECT version FROM announcement WHERE institution = $1 AND id = $2";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&announcement.title)
                .bind(&announcement.body)
                .bind(&announcement.day)
                .bind(announcement.expires_at.map(Timestamp::micros))
                .bind(announcement.withdrawn_at.map(Timestamp::micros))
                .bind(self.institution.to_string())
                .bind(announcement.id.to_string())
                .bind(announcement.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .bind(announcement.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }

    /// Notes that somebody of this institution read an announcement, wherever it came from.
    pub async fn read_announcement(
        &self,
        person: PersonId,
        announcement: AnnouncementId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO announcement_read (institution, person, announcement, read_at)
                           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        writing!(self, on => sqlx::query(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(announcement.to_string())
            .bind(at.micros())
            .execute(on))?;
        Ok(())
    }
}
