//! How lessons went that are over, in two figures, for lists of them.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::StoreError;
use super::super::rows::id;
use crate::ids::{LessonId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;
use std::collections::BTreeMap;

/// How a lesson went that was given. Lengths are in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How much later than planned it began.
    pub late_us: i64,
    /// For how long its trainees were expected together, and for how long of that they were there.
    pub expected_us: u64,
    pub counted_us: u64,
}

#[derive(FromRow)]
struct OutcomeRow {
    lesson: String,
    late_us: i64,
    planned_us: i64,
    expected: i64,
    present_us: i64,
}

impl InstitutionStore {
    /// How the lessons went that were to start from one time to another, both included, and were given and settled; those
    /// of one trainer, or of all.
    pub async fn lesson_outcomes(
        &self,
        from: Timestamp,
        to: Timestamp,
        trainer: Option<PersonId>,
    ) -> Result<BTreeMap<LessonId, Outcome>, StoreError> {
        const SQL: &str = "
            SELECT lesson_facts.lesson, lesson_facts.late_us, lesson_facts.planned_us, lesson_facts.expected,
                   lesson_facts.present_us
            FROM lesson JOIN lesson_facts
                ON lesson_facts.institution = lesson.institution AND lesson_facts.lesson = lesson.id
            WHERE lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at <= $3
              AND ($4 = '' OR lesson.trainer = $4) AND lesson_facts.given";
        let rows: Vec<OutcomeRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .bind(trainer.map(|trainer| trainer.to_string()).unwrap_or_default())
            .fetch_all(on))
        .map_err(failed)?;
        let whole = |column: i64| u64::try_from(column).unwrap_or(0);
        let outcome = |row: OutcomeRow| {
            let expected_us = whole(row.expected).saturating_mul(whole(row.planned_us));
            Ok((id(&row.lesson)?, Outcome { late_us: row.late_us, expected_us, counted_us: whole(row.present_us) }))
        };
        rows.into_iter().map(outcome).collect()
    }
}
