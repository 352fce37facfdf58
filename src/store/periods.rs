//! Days with a name: holidays, on which no lesson is given, and periods that people plan by.

use super::InstitutionStore;
use super::fault::failed;
use super::lessons::{Named, Timetable, TimetableLesson};
use super::records::{Change, StoreError};
use super::rollup::{Counting, recount};
use super::rows::{id, unchanged};
use crate::ids::{InstitutionId, LessonId, PeriodId};
use crate::schedule::{Holiday, Span};
use jiff::civil::Date;
use sqlx::FromRow;

/// How many periods are looked at when lessons are planned: more than five years have.
const CLOSED_MAX: i64 = 1_000;

/// Days with a name, the first and the last included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub id: PeriodId,
    pub name: String,
    pub first_day: Date,
    pub last_day: Date,
    /// Whether no lesson is given on them.
    pub stops_lessons: bool,
    /// From 1 up, one more with each change.
    pub version: i64,
}

/// A period, and whose it is: those of an institution that reaches further hold for all that it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPeriod {
    pub period: Period,
    pub institution: Named<InstitutionId>,
}

/// Days without lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDays {
    pub days: Holiday,
    /// What they are called.
    pub name: String,
}

/// What falls on a new period's days, and whether it is called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallingOn {
    Stay,
    /// With the period's name as the reason.
    Cancel,
}

#[derive(FromRow)]
struct PeriodRow {
    id: String,
    name: String,
    first_day: String,
    last_day: String,
    stops_lessons: bool,
    version: i64,
    institution: String,
    institution_name: String,
}

impl TryFrom<PeriodRow> for HeldPeriod {
    type Error = StoreError;

    fn try_from(row: PeriodRow) -> Result<Self, StoreError> {
        let period = Period {
            id: id(&row.id)?,
            name: row.name,
            first_day: day(&row.first_day)?,
            last_day: day(&row.last_day)?,
            stops_lessons: row.stops_lessons,
            version: row.version,
        };
        Ok(Self { period, institution: Named { id: id(&row.institution)?, name: row.institution_name } })
    }
}

fn day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable(format!("the day {text:?}")))
}

/// Periods of an institution ($1) and of those that reach it, under a condition.
macro_rules! held {
    ($condition:literal) => {
        concat!(
            "SELECT calendar_period.id, calendar_period.name, calendar_period.first_day, calendar_period.last_day,
                    calendar_period.stops_lessons, calendar_period.version, calendar_period.institution,
                    institution.name AS institution_name
             FROM calendar_period JOIN institution ON institution.id = calendar_period.institution
             WHERE calendar_period.institution IN
                   (SELECT id FROM institution WHERE id = $1
                    UNION
                    SELECT id FROM institution WHERE reach <> 'institution' AND reach = 'ministry'
                    UNION
                    SELECT id FROM institution
                    WHERE reach <> 'institution' AND reach = 'region'
                      AND region = (SELECT region FROM institution WHERE id = $1)) ",
            $condition
        )
    };
}

impl InstitutionStore {
    /// At most `limit` periods with a day from `from` to `to`, its own and those that hold for it, by their first
    /// days, after the one with this first day and id.
    pub async fn periods(
        &self,
        from: Date,
        to: Date,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<HeldPeriod>, StoreError> {
        const SQL: &str = held!(
            "AND calendar_period.last_day >= $2 AND calendar_period.first_day <= $3
             AND (calendar_period.first_day, calendar_period.id) > ($4, $5)
             ORDER BY calendar_period.first_day, calendar_period.id LIMIT $6"
        );
        let (first, last) = after.unwrap_or_default();
        // Other institutions' rows: what reaches this one is told by the statement.
        let rows: Vec<PeriodRow> = reading!(&self.store, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(from.to_string())
            .bind(to.to_string())
            .bind(&first)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(HeldPeriod::try_from).collect()
    }

    /// The days from `from` to `to` on which no lesson is given here.
    pub async fn closed_days(&self, from: Date, to: Date) -> Result<Vec<ClosedDays>, StoreError> {
        const SQL: &str = held!(
            "AND calendar_period.last_day >= $2 AND calendar_period.first_day <= $3 AND calendar_period.stops_lessons
             ORDER BY calendar_period.first_day, calendar_period.id LIMIT $4"
        );
        let rows: Vec<PeriodRow> = reading!(&self.store, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(from.to_string())
            .bind(to.to_string())
            .bind(CLOSED_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        let closed = |row: PeriodRow| {
            let HeldPeriod { period, .. } = HeldPeriod::try_from(row)?;
            let days = Holiday { from: period.first_day, until: period.last_day };
            Ok(ClosedDays { days, name: period.name })
        };
        rows.into_iter().map(closed).collect()
    }

    /// A period of its own.
    pub async fn period(&self, period: PeriodId) -> Result<Option<Period>, StoreError> {
        const SQL: &str = "
            SELECT calendar_period.id, calendar_period.name, first_day, last_day, stops_lessons,
                   calendar_period.version, institution, institution.name AS institution_name
            FROM calendar_period JOIN institution ON institution.id = calendar_period.institution
            WHERE institution = $1 AND calendar_period.id = $2";
        let row: Option<PeriodRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(period.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        Ok(row.map(HeldPeriod::try_from).transpose()?.map(|held| held.period))
    }

    /// Makes a period; gives the planned lessons that begin within `span`, which is its days in the institution's zone,
    /// as they were, where it stops lessons.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is there already.
    pub async fn create_period(
        &self,
        period: &Period,
        span: Span,
        falling: FallingOn,
        by: &Change,
    ) -> Result<Vec<TimetableLesson>, StoreError> {
        const SQL: &str = "INSERT INTO calendar_period (id, institution, name, first_day, last_day, stops_lessons)
                           VALUES ($1, $2, $3, $4, $5, $6)";
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(period.id.to_string())
                .bind(&of)
                .bind(&period.name)
                .bind(period.first_day.to_string())
                .bind(period.last_day.to_string())
                .bind(period.stops_lessons)
                .execute(&mut *tx).await.map_err(failed)?;
            on_closed_days(&mut *tx, &of, period, span, falling, by).await?
        })
    }

    /// Writes what `period` says over the version that it names; gives what [`InstitutionStore::create_period`] does.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_period(
        &self,
        period: &Period,
        span: Span,
        falling: FallingOn,
        by: &Change,
    ) -> Result<Vec<TimetableLesson>, StoreError> {
        const SQL: &str = "UPDATE calendar_period SET name = $1, first_day = $2, last_day = $3, stops_lessons = $4,
                                                      version = version + 1
                           WHERE institution = $5 AND id = $6 AND version = $7";
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&period.name)
                .bind(period.first_day.to_string())
                .bind(period.last_day.to_string())
                .bind(period.stops_lessons)
                .bind(&of)
                .bind(period.id.to_string())
                .bind(period.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(&of)
                    .bind(period.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            on_closed_days(&mut *tx, &of, period, span, falling, by).await?
        })
    }

    /// Takes a period away; lessons that it called off stay so.
    ///
    /// # Errors
    /// As [`InstitutionStore::change_period`].
    pub async fn remove_period(&self, period: PeriodId, version: i64, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM calendar_period WHERE institution = $1 AND id = $2 AND version = $3";
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let removed = sqlx::query(SQL)
                .bind(&of)
                .bind(period.to_string())
                .bind(version)
                .execute(&mut *tx).await.map_err(failed)?;
            if removed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(&of)
                    .bind(period.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }
}

const VERSION: &str = "SELECT version FROM calendar_period WHERE institution = $1 AND id = $2";

async fn on_closed_days(
    tx: &mut (impl Timetable + Counting),
    of: &str,
    period: &Period,
    span: Span,
    falling: FallingOn,
    by: &Change,
) -> Result<Vec<TimetableLesson>, StoreError> {
    if !period.stops_lessons {
        return Ok(Vec::new());
    }
    let lessons = tx.planned_within(of, span).await?;
    if falling == FallingOn::Cancel {
        for lesson in &lessons {
            let mut lesson = lesson.clone();
            lesson.cancelled_at = Some(by.at);
            lesson.cancel_reason = Some(period.name.clone());
            tx.write_lesson(of, &lesson, by.at).await?;
        }
        let changed: Vec<LessonId> = lessons.iter().map(|lesson| lesson.id).collect();
        recount(tx, of, &changed, by.at).await?;
    }
    Ok(lessons)
}
