//! How much data people spend in lessons.

use crate::ids::{LessonId, ParticipantId, PersonId};
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::{Change, StoreError};
use crate::store::rollup::count_figures;
use crate::store::rows::{found, id};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// What a place was sent and what it sent, since it was last written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// To the participant, in bytes.
    pub down: u64,
    /// From the participant, in bytes.
    pub up: u64,
}

/// What somebody spent, and how much they want to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    /// In both directions, in bytes.
    pub bytes: u64,
    /// In a week, in bytes; absent where they chose none.
    pub limit: Option<u64>,
}

impl InstitutionStore {
    /// Adds to what places have spent, all or nothing. Places that are not there are passed over.
    pub async fn add_spending(&self, spent: &[(ParticipantId, Spent)]) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE place SET bytes_down = bytes_down + $1, bytes_up = bytes_up + $2
                           WHERE institution = $3 AND participant = $4 RETURNING lesson";
        if spent.is_empty() {
            return Ok(());
        }
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            let mut lessons: BTreeSet<LessonId> = BTreeSet::new();
            for (participant, Spent { down, up }) in spent {
                let lesson: Option<String> = sqlx::query_scalar(SQL)
                    .bind(i64::try_from(*down).unwrap_or(i64::MAX))
                    .bind(i64::try_from(*up).unwrap_or(i64::MAX))
                    .bind(&institution)
                    .bind(participant.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?;
                lessons.extend(lesson.as_deref().map(id::<LessonId>).transpose()?);
            }
            // What was spent last may come when the lesson is settled already; until then, nothing is counted.
            let lessons: Vec<LessonId> = lessons.into_iter().collect();
            count_figures(&mut *tx, &institution, &lessons).await?;
        })
    }

    /// What somebody spent in the lessons that start within [`from`, `to`), and their limit.
    pub async fn spending(&self, person: PersonId, from: Timestamp, to: Timestamp) -> Result<Spending, StoreError> {
        const SQL: &str = "
            SELECT CAST(COALESCE((SELECT SUM(place.bytes_down + place.bytes_up) FROM place
                                  JOIN lesson ON lesson.institution = place.institution AND lesson.id = place.lesson
                                  WHERE place.institution = $1 AND place.person = $2
                                    AND lesson.starts_at >= $3 AND lesson.starts_at < $4), 0) AS BIGINT),
                   person.data_limit
            FROM person WHERE person.institution = $1 AND person.id = $2";
        let row: Option<(i64, Option<i64>)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .fetch_optional(on))
        .map_err(failed)?;
        let (bytes, limit) = row.unwrap_or_default();
        let limit = limit.and_then(|limit| u64::try_from(limit).ok());
        Ok(Spending { bytes: u64::try_from(bytes).unwrap_or_default(), limit })
    }

    /// Says how much somebody wants to spend in a week, in bytes.
    pub async fn set_data_limit(&self, person: PersonId, limit: Option<u64>, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE person SET data_limit = $1 WHERE institution = $2 AND id = $3";
        let limit = limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(limit)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }
}
