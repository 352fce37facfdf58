//! What a committees' board shows that rooms don't know: the country's institutions, and the lessons that are planned
//! around now.

use super::Store;
use super::fault::failed;
use super::records::StoreError;
use super::rows::{id, phase};
use crate::ids::{InstitutionId, LessonId, RegionId};
use crate::protocol::Phase;
use crate::time::Timestamp;
use sqlx::FromRow;

/// An open institution and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardPlace {
    pub institution: InstitutionId,
    pub name: String,
    pub region: RegionId,
    pub region_name: String,
}

/// A lesson as it was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardPlan {
    pub lesson: LessonId,
    pub institution: InstitutionId,
    pub title: String,
    pub course: String,
    pub group: String,
    pub trainer: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// As the store has it; rooms know it first.
    pub phase: Phase,
    /// How many members its group has.
    pub expected: u32,
}

/// Which lessons are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardWindow {
    /// Lessons on air are there whenever they were to start; others are where they start between these.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Those that ended, or were to end without having begun, after this.
    pub over_after: Timestamp,
}

#[derive(FromRow)]
struct PlaceRow {
    institution: String,
    name: String,
    region: String,
    region_name: String,
}

#[derive(FromRow)]
struct PlanRow {
    id: String,
    institution: String,
    title: String,
    course: String,
    group_name: String,
    trainer: String,
    starts_at: i64,
    ends_at: i64,
    phase: String,
    phase_since: Option<i64>,
    expected: i64,
}

impl TryFrom<PlanRow> for BoardPlan {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        Ok(Self {
            lesson: id(&row.id)?,
            institution: id(&row.institution)?,
            phase: phase(&row.id, &row.phase, row.phase_since)?,
            title: row.title,
            course: row.course,
            group: row.group_name,
            trainer: row.trainer,
            starts_at: Timestamp(row.starts_at),
            ends_at: Timestamp(row.ends_at),
            expected: u32::try_from(row.expected).unwrap_or(u32::MAX),
        })
    }
}

/// Lessons with their names, the first to start first.
macro_rules! plans {
    ($condition:literal) => {
        concat!(
            "SELECT lesson.id, lesson.institution, lesson.title, course.title AS course,
                    course_group.name AS group_name, person.name AS trainer, lesson.starts_at, lesson.ends_at,
                    lesson.phase, lesson.phase_since,
                    (SELECT COUNT(*) FROM group_member WHERE group_member.institution = lesson.institution
                         AND group_member.course_group = lesson.course_group) AS expected
             FROM lesson
             JOIN person ON person.institution = lesson.institution AND person.id = lesson.trainer
             JOIN course_group
                 ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
             JOIN course ON course.institution = lesson.institution AND course.id = course_group.course ",
            $condition
        )
    };
}

impl Store {
    /// Every institution that is not closed, those of one region beside each other.
    pub async fn board_places(&self) -> Result<Vec<BoardPlace>, StoreError> {
        const SQL: &str = "
            SELECT institution.id AS institution, institution.name, institution.region, region.name AS region_name
            FROM institution JOIN region ON region.id = institution.region
            WHERE institution.closed_at IS NULL
            ORDER BY region.name, region.id, institution.name, institution.id";
        let rows: Vec<PlaceRow> = reading!(self, on => sqlx::query_as(SQL).fetch_all(on)).map_err(failed)?;
        let place = |row: PlaceRow| {
            Ok(BoardPlace {
                institution: id(&row.institution)?,
                name: row.name,
                region: id(&row.region)?,
                region_name: row.region_name,
            })
        };
        rows.into_iter().map(place).collect()
    }

    /// At most `limit` lessons of all institutions that matter in a window and were not called off.
    pub async fn board_plans(&self, window: BoardWindow, limit: u32) -> Result<Vec<BoardPlan>, StoreError> {
        const AROUND: &str = plans!(
            "WHERE lesson.starts_at >= $1 AND lesson.starts_at <= $2 AND lesson.cancelled_at IS NULL
               AND (lesson.phase = 'live' OR CASE lesson.phase WHEN 'ended' THEN lesson.phase_since
                                                  ELSE lesson.ends_at END > $3)
             ORDER BY lesson.starts_at, lesson.id LIMIT $4"
        );
        const OLDER: &str = plans!(
            "WHERE lesson.phase = 'live' AND lesson.starts_at < $1
             ORDER BY lesson.starts_at, lesson.id LIMIT $2"
        );
        let mut rows: Vec<PlanRow> = reading!(self, on => sqlx::query_as(OLDER)
            .bind(window.from.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        let around: Vec<PlanRow> = reading!(self, on => sqlx::query_as(AROUND)
            .bind(window.from.micros())
            .bind(window.to.micros())
            .bind(window.over_after.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.extend(around);
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        rows.into_iter().map(BoardPlan::try_from).collect()
    }
}
