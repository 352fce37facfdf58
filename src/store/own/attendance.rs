//! How long people were in lessons that are over.

use crate::ids::{InstitutionId, LessonId, ParticipantId, PersonId};
use crate::store::fault::failed;
use crate::store::ledgers::{Sealing, seal_lesson};
use crate::store::records::StoreError;
use crate::store::rollup::count;
use crate::store::rows::id;
use crate::store::webhooks::{WebhookEvent, WebhookQueue};
use crate::store::{InstitutionStore, Store};
use crate::time::Timestamp;

/// How many lessons are looked for at once that have no attendance yet.
const UNSETTLED_MAX: i64 = 1_000;

/// Somebody's presence over a span: what was planned, and how long of it they were there, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    pub planned_us: i64,
    pub present_us: i64,
}

/// How somebody was in a lesson that is over; lengths in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attended {
    pub present_us: i64,
    /// Connected, with the page hidden.
    pub away_us: i64,
    /// Not connected any more, and not gone yet.
    pub dropped_us: i64,
    /// When they were first there; absent where they never were.
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
}

/// A lesson that is over and whose attendance was not worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsettled {
    pub institution: InstitutionId,
    pub lesson: LessonId,
}

impl Store {
    /// Lessons that ended here without their attendance, at most a thousand.
    pub async fn unsettled_lessons(&self) -> Result<Vec<Unsettled>, StoreError> {
        const SQL: &str = "SELECT institution, id FROM lesson
                           WHERE phase = 'ended' AND settled_at IS NULL AND last_seq > 0
                           ORDER BY phase_since LIMIT $1";
        let rows: Vec<(String, String)> =
            reading!(self, on => sqlx::query_as(SQL).bind(UNSETTLED_MAX).fetch_all(on)).map_err(failed)?;
        rows.iter().map(|(of, lesson)| Ok(Unsettled { institution: id(of)?, lesson: id(lesson)? })).collect()
    }
}

impl InstitutionStore {
    /// Whose places in a lesson are whose, of those with an account here.
    pub async fn people_of_places(&self, lesson: LessonId) -> Result<Vec<(ParticipantId, PersonId)>, StoreError> {
        // A committee's observer may be of another institution, and is not counted anyway.
        const SQL: &str = "SELECT place.participant, place.person FROM place
                           JOIN person ON person.institution = place.institution AND person.id = place.person
                           WHERE place.institution = $1 AND place.lesson = $2 AND place.role <> 'committee'";
        let rows: Vec<(String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.iter().map(|(place, person)| Ok((id(place)?, id(person)?))).collect()
    }

    /// Writes down how people were in a lesson, and that this is all there is to say, which webhooks are told; and seals
    /// its ledger, and counts it for reports, once. Saying it again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where this institution has no such lesson.
    pub async fn settle_attendance(
        &self,
        lesson: LessonId,
        attended: &[(PersonId, Attended)],
        sealing: &Sealing,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        const ROW: &str = "INSERT INTO attendance (institution, lesson, person, present_us, away_us, dropped_us,
                                                  first_at, last_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                           ON CONFLICT (institution, lesson, person) DO UPDATE SET
                               present_us = excluded.present_us, away_us = excluded.away_us,
                               dropped_us = excluded.dropped_us, first_at = excluded.first_at,
                               last_at = excluded.last_at";
        const DONE: &str =
            "UPDATE lesson SET settled_at = $1 WHERE institution = $2 AND id = $3 AND settled_at IS NULL";
        const THERE: &str = "SELECT last_seq FROM lesson WHERE institution = $1 AND id = $2";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            let done = sqlx::query(DONE)
                .bind(at.micros())
                .bind(&institution)
                .bind(lesson.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            if done.rows_affected() == 0 {
                let there: Option<i64> = sqlx::query_scalar(THERE)
                    .bind(&institution)
                    .bind(lesson.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?;
                there.ok_or(StoreError::Missing)?;
            }
            // What was sealed stays, and what was put right since.
            if done.rows_affected() > 0 {
                for (person, attended) in attended {
                    sqlx::query(ROW)
                        .bind(&institution)
                        .bind(lesson.to_string())
                        .bind(person.to_string())
                        .bind(attended.present_us)
                        .bind(attended.away_us)
                        .bind(attended.dropped_us)
                        .bind(attended.first_at.map(Timestamp::micros))
                        .bind(attended.last_at.map(Timestamp::micros))
                        .execute(&mut *tx).await.map_err(failed)?;
                }
                seal_lesson(&mut *tx, &institution, lesson, sealing, at).await?;
                WebhookQueue::tell(&mut *tx, &institution, WebhookEvent::AttendanceReady, &lesson.to_string(), at).await?;
                count(&mut *tx, &institution, &[lesson], at).await?;
            }
        })
    }

    /// Somebody's attendance at what their groups were given within [`from`, `to`), since they belong to them. More
    /// than was planned counts as all of it; whether being away counts is the institution's rule.
    pub async fn presence(&self, person: PersonId, from: Timestamp, to: Timestamp) -> Result<Presence, StoreError> {
        const SQL: &str = "
            SELECT CAST(COALESCE(SUM(lesson.ends_at - lesson.starts_at), 0) AS BIGINT),
                   CAST(COALESCE(SUM(CASE
                       WHEN attendance.present_us + CASE WHEN institution.away_counts THEN attendance.away_us ELSE 0 END
                            > lesson.ends_at - lesson.starts_at
                       THEN lesson.ends_at - lesson.starts_at
                       ELSE attendance.present_us
                            + CASE WHEN institution.away_counts THEN attendance.away_us ELSE 0 END
                       END), 0) AS BIGINT)
            FROM group_member CROSS JOIN lesson
            JOIN institution ON institution.id = lesson.institution
            LEFT JOIN attendance ON attendance.institution = lesson.institution AND attendance.lesson = lesson.id
                                AND attendance.person = group_member.person
            WHERE group_member.institution = $1 AND group_member.person = $2
              AND lesson.institution = $1 AND lesson.course_group = group_member.course_group
              AND lesson.starts_at >= $3 AND lesson.starts_at < $4
              AND lesson.starts_at >= group_member.since AND lesson.phase = 'ended' AND lesson.cancelled_at IS NULL";
        let (planned_us, present_us): (i64, i64) = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(Presence { planned_us, present_us })
    }
}
