//! How well lessons were received, minute by minute.

use super::InstitutionStore;
use super::fault::failed;
use super::records::StoreError;
use super::rollup::count_figures;
use crate::ids::LessonId;
use crate::quality::{self, Minute, Score};

/// How many minutes of one lesson are read: two days' worth, of which no lesson has more.
const MINUTES_MAX: i64 = 2_880;

impl InstitutionStore {
    /// Adds to what is kept of one minute of a lesson: a room that closed and opened again within it wrote the first
    /// part already.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where this institution has no such lesson.
    pub async fn add_quality_minute(&self, lesson: LessonId, minute: Minute) -> Result<(), StoreError> {
        const KEPT: &str = "SELECT figures FROM quality_minute WHERE institution = $1 AND lesson = $2 AND minute = $3";
        const KEEP: &str = "
            INSERT INTO quality_minute (institution, lesson, minute, figures, speech, picture)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (institution, lesson, minute) DO UPDATE
            SET figures = excluded.figures, speech = excluded.speech, picture = excluded.picture";
        let (id, institution, lesson) = (lesson, self.institution.to_string(), lesson.to_string());
        in_transaction!(self, tx => {
            let kept: Option<String> = sqlx::query_scalar(KEPT)
                .bind(&institution)
                .bind(&lesson)
                .bind(minute.at.micros())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let mut whole = minute;
            if let Some(kept) = kept {
                let later = std::mem::replace(&mut whole, read(&kept)?);
                whole.absorb(later);
            }
            let figures = serde_json::to_string(&whole).map_err(|error| StoreError::Unreadable(error.to_string()))?;
            let review = quality::minute(&whole);
            sqlx::query(KEEP)
                .bind(&institution)
                .bind(&lesson)
                .bind(whole.at.micros())
                .bind(figures)
                .bind(tenths(review.speech))
                .bind(tenths(review.picture))
                .execute(&mut *tx).await.map_err(failed)?;
            // The last minute may come when the lesson is settled already.
            count_figures(&mut *tx, &institution, &[id]).await?;
        })
    }

    /// What is kept of a lesson's minutes, in order; none where this institution has no such lesson.
    pub async fn quality_minutes(&self, lesson: LessonId) -> Result<Vec<Minute>, StoreError> {
        const SQL: &str = "SELECT figures FROM quality_minute WHERE institution = $1 AND lesson = $2
                           ORDER BY minute LIMIT $3";
        let rows: Vec<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .bind(MINUTES_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        rows.iter().map(|figures| read(figures)).collect()
    }
}

fn read(figures: &str) -> Result<Minute, StoreError> {
    serde_json::from_str(figures).map_err(|_| StoreError::Unreadable("a minute's figures".into()))
}

fn tenths(score: Option<Score>) -> Option<i64> {
    score.map(|score| i64::from(score.tenths()))
}
