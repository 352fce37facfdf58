//! Deleting the records of lessons that are over.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::StoreError;
use super::{Retention, count_gone};
use crate::ids::LessonId;
use crate::retention::Kind;
use crate::time::Timestamp;

/// How many lessons are marked at once.
const MARKED_AT_ONCE: i64 = 200;

/// How many lessons' records are deleted in one step, and about how many rows.
const LESSONS_AT_ONCE: i64 = 20;
const EVENTS_AT_ONCE: i64 = 1_000;

/// Since when which records of a lesson are deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LessonDeleted {
    pub room: Option<Timestamp>,
    pub attendance: Option<Timestamp>,
    pub quality: Option<Timestamp>,
}

/// The lessons whose records of this kind are older than they are kept: $2 for minors', $3 for others', which ends no
/// later. One that is on air, whose attendance is not written down, or that the sums do not have yet, keeps all.
macro_rules! due {
    ($select:literal, $mark:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM lesson
              JOIN course_group
                  ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
              WHERE lesson.institution = $1 AND lesson.ends_at < $2 AND lesson.",
            $mark,
            " IS NULL
                AND lesson.ends_at < CASE WHEN COALESCE(course_group.minors, $4) THEN $2 ELSE $3 END
                AND (lesson.phase = 'planned' OR (lesson.phase = 'ended'
                     AND (lesson.last_seq = 0 OR lesson.settled_at IS NOT NULL)))
                AND lesson.counted ",
            $rest
        )
    };
}

macro_rules! statements {
    ($mark:literal, $kind:literal, $has_some:literal) => {
        Statements {
            due: due!("lesson.id", $mark, "ORDER BY lesson.ends_at LIMIT $5"),
            count: due!("COUNT(*)", $mark, "AND lesson.last_seq > 0"),
            mark: concat!("UPDATE lesson SET ", $mark, " = $1 WHERE institution = $2 AND id = $3"),
            enqueue: concat!(
                "INSERT INTO retention_task (institution, kind, lesson)
                 SELECT institution, '",
                $kind,
                "', id FROM lesson WHERE institution = $1 AND id = $2 AND (",
                $has_some,
                ")"
            ),
        }
    };
}

struct Statements {
    due: &'static str,
    count: &'static str,
    mark: &'static str,
    /// Only lessons that have such records need work.
    enqueue: &'static str,
}

const ROOM: Statements = statements!(
    "room_deleted_at",
    "room",
    "last_seq > 0 OR EXISTS (SELECT 1 FROM invitation WHERE invitation.institution = lesson.institution
                             AND invitation.lesson = lesson.id)"
);
const ATTENDANCE: Statements = statements!("attendance_deleted_at", "attendance", "last_seq > 0");
const QUALITY: Statements = statements!("quality_deleted_at", "quality", "last_seq > 0");

fn statements(kind: Kind) -> &'static Statements {
    match kind {
        Kind::Attendance => &ATTENDANCE,
        Kind::Quality => &QUALITY,
        _ => &ROOM,
    }
}

/// What goes of one lesson in one statement each, in this order; the events of its log go before, a piece at a time.
fn deletions(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Attendance => &[
            "DELETE FROM attendance WHERE institution = $1 AND lesson = $2",
            // The seal stays, so that whoever holds the ledger or a report on paper can have it verified.
            "UPDATE ledger SET text = '' WHERE institution = $1 AND lesson = $2 AND text <> ''",
        ],
        Kind::Quality => &["DELETE FROM quality_minute WHERE institution = $1 AND lesson = $2"],
        _ => &[
            "DELETE FROM place WHERE institution = $1 AND lesson = $2",
            "DELETE FROM invitation WHERE institution = $1 AND lesson = $2",
        ],
    }
}

impl InstitutionStore {
    /// Since when which of a lesson's records are deleted; all absent where there is no such lesson.
    pub async fn lesson_deleted(&self, lesson: LessonId) -> Result<LessonDeleted, StoreError> {
        const SQL: &str = "SELECT room_deleted_at, attendance_deleted_at, quality_deleted_at FROM lesson
                           WHERE institution = $1 AND id = $2";
        let row: Option<(Option<i64>, Option<i64>, Option<i64>)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        let (room, attendance, quality) = row.unwrap_or_default();
        let at = |micros: Option<i64>| micros.map(Timestamp);
        Ok(LessonDeleted { room: at(room), attendance: at(attendance), quality: at(quality) })
    }

    pub(super) async fn lessons_due(&self, kind: Kind, by: &Retention, now: Timestamp) -> Result<u64, StoreError> {
        let period = by.periods.of(kind);
        let count: i64 = reading!(self, on => sqlx::query_scalar(statements(kind).count)
            .bind(self.institution.to_string())
            .bind(period.cutoff(true, now).micros())
            .bind(period.cutoff(false, now).micros())
            .bind(by.minors)
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Deletes records of lessons that are marked; where none is, marks more.
    pub(super) async fn delete_of_lessons(
        &self,
        kind: Kind,
        by: &Retention,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.delete_of_marked(kind).await? || self.mark_lessons(kind, by, now).await?)
    }

    /// Marks the oldest; what the sums have of them stays as it is from now on.
    async fn mark_lessons(&self, kind: Kind, by: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        const SUMS: &str = "UPDATE lesson_facts SET kept = TRUE WHERE institution = $1 AND lesson = $2 AND NOT kept";
        let (institution, period, sql) = (self.institution.to_string(), by.periods.of(kind), statements(kind));
        in_transaction!(self, tx => {
            let due: Vec<String> = sqlx::query_scalar(sql.due)
                .bind(&institution)
                .bind(period.cutoff(true, now).micros())
                .bind(period.cutoff(false, now).micros())
                .bind(by.minors)
                .bind(MARKED_AT_ONCE)
                .fetch_all(&mut *tx).await.map_err(failed)?;
            for lesson in &due {
                for sql in [sql.enqueue, SUMS] {
                    sqlx::query(sql)
                        .bind(&institution)
                        .bind(lesson)
                        .execute(&mut *tx).await.map_err(failed)?;
                }
                sqlx::query(sql.mark)
                    .bind(now.micros())
                    .bind(&institution)
                    .bind(lesson)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            !due.is_empty()
        })
    }

    async fn delete_of_marked(&self, kind: Kind) -> Result<bool, StoreError> {
        const TASKS: &str = "SELECT lesson FROM retention_task WHERE institution = $1 AND kind = $2
                             ORDER BY lesson LIMIT $3";
        const DONE: &str = "DELETE FROM retention_task WHERE institution = $1 AND kind = $2 AND lesson = $3";
        // The event before which the piece ends.
        const BOUND: &str = "SELECT seq FROM room_event WHERE institution = $1 AND lesson = $2
                             ORDER BY seq LIMIT 1 OFFSET $3";
        const EVENTS: &str = "DELETE FROM room_event WHERE institution = $1 AND lesson = $2 AND seq < $3";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            let tasks: Vec<String> = sqlx::query_scalar(TASKS)
                .bind(&institution)
                .bind(kind.word())
                .bind(LESSONS_AT_ONCE)
                .fetch_all(&mut *tx).await.map_err(failed)?;
            let (mut gone, mut events) = (0_u64, 0_u64);
            for lesson in &tasks {
                if kind == Kind::Room {
                    let left = EVENTS_AT_ONCE.saturating_sub(i64::try_from(events).unwrap_or(i64::MAX));
                    let bound: Option<i64> = sqlx::query_scalar(BOUND)
                        .bind(&institution)
                        .bind(lesson)
                        .bind(left.max(0))
                        .fetch_optional(&mut *tx).await.map_err(failed)?;
                    let deleted = sqlx::query(EVENTS)
                        .bind(&institution)
                        .bind(lesson)
                        .bind(bound.unwrap_or(i64::MAX))
                        .execute(&mut *tx).await.map_err(failed)?;
                    events = events.saturating_add(deleted.rows_affected());
                    if bound.is_some() {
                        break;
                    }
                }
                for sql in deletions(kind) {
                    let deleted = sqlx::query(*sql)
                        .bind(&institution)
                        .bind(lesson)
                        .execute(&mut *tx).await.map_err(failed)?;
                    gone = gone.saturating_add(deleted.rows_affected());
                }
                sqlx::query(DONE)
                    .bind(&institution)
                    .bind(kind.word())
                    .bind(lesson)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
            let rows = gone.saturating_add(events);
            count_gone!(tx, &institution, kind, rows);
            !tasks.is_empty()
        })
    }
}
