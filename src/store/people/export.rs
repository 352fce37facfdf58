//! All that is stored about a person, for themselves or who they ask.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::StoreError;
use crate::ids::PersonId;
use serde_json::Value;

/// One table of what is stored about a person.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportPart {
    /// A word for it, in English: the name of its file.
    pub name: &'static str,
    /// Those that end in `_at` are microseconds since 1970 in UTC.
    pub columns: &'static [&'static str],
    /// As many values in each as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// Reads one part: the columns with their types in Rust, and where they come from. `$1` is the institution, `$2` the
/// person.
macro_rules! part {
    ($store:expr, $person:expr, $name:literal, [$($column:literal: $type:ty = $sql:literal),+], $from:literal) => {{
        const SQL: &str = concat!("SELECT ", part!(@list $($sql),+), " ", $from);
        let rows: Vec<($($type,)+)> = reading!($store, on => sqlx::query_as(SQL)
            .bind($store.institution.to_string())
            .bind($person)
            .fetch_all(on))
        .map_err(failed)?;
        ExportPart { name: $name, columns: &[$($column),+], rows: rows.into_iter().map(values).collect() }
    }};
    (@list $first:literal $(, $rest:literal)*) => { concat!($first $(, ", ", $rest)*) };
}

/// A row of any number of columns as values.
fn values(row: impl serde::Serialize) -> Vec<Value> {
    match serde_json::to_value(row) {
        Ok(Value::Array(values)) => values,
        _ => Vec::new(),
    }
}

type Text = Option<String>;
type Number = Option<i64>;

impl InstitutionStore {
    /// All that is stored about a person: what they are, did, were part of, said, and were sent. Secrets are not among
    /// it, nor what others said.
    pub async fn person_export(&self, person: PersonId) -> Result<Vec<ExportPart>, StoreError> {
        let person = person.to_string();
        let mut parts = self.export_of_the_account(&person).await?;
        parts.extend(self.export_of_learning(&person).await?);
        parts.extend(self.export_of_lessons(&person).await?);
        parts.extend(self.export_of_messages(&person).await?);
        Ok(parts)
    }

    async fn export_of_the_account(&self, person: &str) -> Result<Vec<ExportPart>, StoreError> {
        Ok(vec![
            part!(self, person, "account",
                ["id": Text = "id", "name": Text = "name", "sign_in": Text = "sign_in", "mail": Text = "mail",
                 "language": Text = "language", "external_id": Text = "external_id", "trainer": bool = "is_trainer",
                 "trainee": bool = "is_trainee", "committee": bool = "is_committee",
                 "administrator": bool = "is_administrator", "data_limit_bytes": Number = "data_limit",
                 "created_at": Number = "created_at", "disabled_at": Number = "disabled_at"],
                "FROM person WHERE institution = $1 AND id = $2"),
            part!(self, person, "identities",
                ["issuer": Text = "issuer", "subject": Text = "subject", "linked_at": Number = "linked_at"],
                "FROM identity WHERE institution = $1 AND person = $2 ORDER BY issuer, subject"),
            part!(self, person, "sessions",
                ["created_at": Number = "created_at", "last_seen_at": Number = "last_seen_at",
                 "expires_at": Number = "expires_at", "revoked_at": Number = "revoked_at",
                 "second_factor_at": Number = "second_factor_at", "browser": Text = "browser"],
                "FROM session WHERE institution = $1 AND person = $2 ORDER BY created_at, id"),
            part!(self, person, "account_links",
                ["created_at": Number = "created_at", "expires_at": Number = "expires_at",
                 "used_at": Number = "used_at"],
                "FROM account_link WHERE institution = $1 AND person = $2 ORDER BY created_at, id"),
            part!(self, person, "calendar_feeds",
                ["created_at": Number = "created_at", "revoked_at": Number = "revoked_at"],
                "FROM calendar_feed WHERE institution = $1 AND person = $2 ORDER BY created_at, id"),
            part!(self, person, "report_views",
                ["name": Text = "name", "institution": Text = "subject", "query": Text = "query", "mail": Text = "mail",
                 "created_at": Number = "created_at"],
                "FROM report_view WHERE institution = $1 AND person = $2 ORDER BY created_at, id"),
        ])
    }

    async fn export_of_learning(&self, person: &str) -> Result<Vec<ExportPart>, StoreError> {
        Ok(vec![
            part!(self, person, "groups",
                ["group": Text = "course_group.name", "course": Text = "course.title",
                 "since_at": Number = "group_member.since"],
                "FROM group_member
                 JOIN course_group ON course_group.institution = group_member.institution
                     AND course_group.id = group_member.course_group
                 JOIN course ON course.institution = course_group.institution AND course.id = course_group.course
                 WHERE group_member.institution = $1 AND group_member.person = $2
                 ORDER BY group_member.since, course_group.id"),
            part!(self, person, "courses_taught",
                ["course": Text = "course.title"],
                "FROM course_trainer
                 JOIN course ON course.institution = course_trainer.institution AND course.id = course_trainer.course
                 WHERE course_trainer.institution = $1 AND course_trainer.person = $2
                 ORDER BY course.title, course.id"),
            part!(self, person, "applications",
                ["course": Text = "course.title", "name": Text = "application.name", "mail": Text = "application.mail",
                 "phone": Text = "application.phone", "message": Text = "application.message",
                 "status": Text = "application.status", "reason": Text = "application.reason",
                 "created_at": Number = "application.created_at", "decided_at": Number = "application.decided_at"],
                "FROM application
                 JOIN course ON course.institution = application.institution AND course.id = application.course
                 WHERE application.institution = $1 AND application.person = $2
                 ORDER BY application.created_at, application.id"),
        ])
    }

    async fn export_of_lessons(&self, person: &str) -> Result<Vec<ExportPart>, StoreError> {
        Ok(vec![
            part!(self, person, "lessons_given",
                ["title": Text = "title", "starts_at": Number = "starts_at", "ends_at": Number = "ends_at",
                 "cancelled_at": Number = "cancelled_at"],
                "FROM lesson WHERE institution = $1 AND trainer = $2 ORDER BY starts_at, id"),
            part!(self, person, "attendance",
                ["lesson": Text = "lesson.title", "starts_at": Number = "lesson.starts_at",
                 "present_microseconds": Number = "attendance.present_us",
                 "away_microseconds": Number = "attendance.away_us",
                 "dropped_microseconds": Number = "attendance.dropped_us",
                 "first_at": Number = "attendance.first_at", "last_at": Number = "attendance.last_at"],
                "FROM attendance
                 JOIN lesson ON lesson.institution = attendance.institution AND lesson.id = attendance.lesson
                 WHERE attendance.institution = $1 AND attendance.person = $2
                 ORDER BY lesson.starts_at, lesson.id"),
            part!(self, person, "places_in_lessons",
                ["lesson": Text = "lesson.title", "starts_at": Number = "lesson.starts_at", "name": Text = "place.name",
                 "role": Text = "place.role", "bytes_received": Number = "place.bytes_down",
                 "bytes_sent": Number = "place.bytes_up", "barred_at": Number = "place.barred_at"],
                "FROM place JOIN lesson ON lesson.institution = place.institution AND lesson.id = place.lesson
                 WHERE place.institution = $1 AND place.person = $2 ORDER BY lesson.starts_at, place.participant"),
            part!(self, person, "events_in_lessons",
                ["lesson": Text = "room_event.lesson", "seq": Number = "room_event.seq",
                 "happened_at": Number = "room_event.at", "event": Text = "room_event.event"],
                "FROM place JOIN room_event ON room_event.institution = place.institution
                     AND room_event.lesson = place.lesson
                     AND room_event.event LIKE '%\"participant\":\"' || place.participant || '%'
                 WHERE place.institution = $1 AND place.person = $2
                 ORDER BY room_event.lesson, room_event.seq"),
        ])
    }

    async fn export_of_messages(&self, person: &str) -> Result<Vec<ExportPart>, StoreError> {
        Ok(vec![
            part!(self, person, "announcements_written",
                ["title": Text = "title", "body": Text = "body", "published_at": Number = "published_at"],
                "FROM announcement WHERE institution = $1 AND author = $2 ORDER BY published_at, id"),
            part!(self, person, "announcements_read",
                ["title": Text = "announcement.title", "read_at": Number = "announcement_read.read_at"],
                "FROM announcement_read
                 JOIN announcement ON announcement.institution = announcement_read.institution
                     AND announcement.id = announcement_read.announcement
                 WHERE announcement_read.institution = $1 AND announcement_read.person = $2
                 ORDER BY announcement_read.read_at, announcement.id"),
            part!(self, person, "comments_on_alarms",
                ["alarm": Text = "alarm", "commented_at": Number = "at", "body": Text = "body"],
                "FROM alarm_comment WHERE institution = $1 AND author = $2 ORDER BY at, id"),
            part!(self, person, "mail",
                ["recipient": Text = "recipient", "subject": Text = "subject", "created_at": Number = "created_at",
                 "sent_at": Number = "sent_at", "failed_at": Number = "failed_at"],
                "FROM mail WHERE institution = $1 AND person = $2 ORDER BY created_at, id"),
            part!(self, person, "changes_made_or_undergone",
                ["happened_at": Number = "at", "action": Text = "action", "subject": Text = "subject",
                 "by_themself": bool = "COALESCE(actor = $2, FALSE)"],
                "FROM audit_entry WHERE institution = $1 AND (actor = $2 OR subject = $2) ORDER BY seq"),
        ])
    }
}
