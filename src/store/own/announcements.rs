//! What somebody is told: by their institution, its region, the ministry, and about their courses and groups.

use crate::ids::{AnnouncementId, InstitutionId, PersonId, RegionId};
use crate::store::Store;
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;
use sqlx::FromRow;

/// An announcement as its reader finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: AnnouncementId,
    pub title: String,
    pub body: String,
    /// The day that it is about, as 2026-11-30.
    pub day: Option<String>,
    pub published_at: Timestamp,
    pub version: i64,
    /// Whether they have read it.
    pub is_read: bool,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub person: PersonId,
    pub institution: InstitutionId,
    pub region: RegionId,
}

#[derive(FromRow)]
struct NoticeRow {
    id: String,
    title: String,
    body: String,
    day: Option<String>,
    published_at: i64,
    version: i64,
    is_read: bool,
}

impl Store {
    /// The newest announcements to somebody, at most `limit`, that were published after `since` and hold now. Those of
    /// a region or the ministry are another institution's.
    pub async fn notices(
        &self,
        reader: Reader,
        since: Timestamp,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Notice>, StoreError> {
        const SQL: &str = "
            SELECT announcement.id, announcement.title, announcement.body, announcement.day,
                   announcement.published_at, announcement.version,
                   EXISTS (SELECT 1 FROM announcement_read
                           WHERE announcement_read.institution = $1 AND announcement_read.person = $2
                             AND announcement_read.announcement = announcement.id) AS is_read
            FROM (SELECT id FROM announcement
                  WHERE audience = 'institution' AND audience_id = $1 AND published_at > $4
                  UNION
                  SELECT id FROM announcement
                  WHERE audience = 'region' AND audience_id = $3 AND published_at > $4
                  UNION
                  SELECT id FROM announcement WHERE audience = 'ministry' AND published_at > $4
                  UNION
                  SELECT announcement.id FROM group_member
                  JOIN announcement ON announcement.audience = 'group'
                                   AND announcement.audience_id = group_member.course_group
                  WHERE group_member.institution = $1 AND group_member.person = $2
                    AND announcement.published_at > $4
                  UNION
                  SELECT announcement.id FROM group_member
                  JOIN course_group ON course_group.institution = group_member.institution
                                   AND course_group.id = group_member.course_group
                  JOIN announcement ON announcement.audience = 'course'
                                   AND announcement.audience_id = course_group.course
                  WHERE group_member.institution = $1 AND group_member.person = $2
                    AND announcement.published_at > $4
                  UNION
                  SELECT announcement.id FROM course_trainer
                  JOIN announcement ON announcement.audience = 'course'
                                   AND announcement.audience_id = course_trainer.course
                  WHERE course_trainer.institution = $1 AND course_trainer.person = $2
                    AND announcement.published_at > $4
                 ) AS theirs
            JOIN announcement ON announcement.id = theirs.id
            WHERE announcement.withdrawn_at IS NULL AND announcement.published_at <= $5
              AND (announcement.expires_at IS NULL OR announcement.expires_at > $5)
            ORDER BY announcement.published_at DESC, announcement.id DESC LIMIT $6";
        let rows: Vec<NoticeRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(reader.institution.to_string())
            .bind(reader.person.to_string())
            .bind(reader.region.to_string())
            .bind(since.micros())
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter()
            .map(|row| {
                Ok(Notice {
                    id: id(&row.id)?,
                    title: row.title,
                    body: row.body,
                    day: row.day,
                    published_at: Timestamp(row.published_at),
                    version: row.version,
                    is_read: row.is_read,
                })
            })
            .collect()
    }
}
