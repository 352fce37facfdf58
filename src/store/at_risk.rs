//! What trainees' lessons of some weeks come to, by group: who may be lost is told from that.

use super::fault::failed;
use super::records::StoreError;
use super::rows::id;
use super::{InstitutionStore, Named};
use crate::ids::{CourseId, GroupId, PersonId};
use crate::rollup::risk::{Record, Stretch};
use crate::time::Timestamp;
use sqlx::FromRow;
use std::collections::BTreeMap;

/// Which lessons are looked at: those that were to begin in [`from`, `to`), and of which groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskFilter {
    pub from: Timestamp,
    /// Those from here on are the recent ones; those before are what they are compared with.
    pub middle: Timestamp,
    pub to: Timestamp,
    pub course: Option<CourseId>,
    pub group: Option<GroupId>,
    /// Only lessons of this trainer.
    pub trainer: Option<PersonId>,
}

/// A trainee in a group, and what their lessons there come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraineeRecord {
    pub person: PersonId,
    pub name: String,
    pub group: Named<GroupId>,
    pub record: Record,
}

#[derive(FromRow)]
struct RecordRow {
    person: String,
    name: String,
    course_group: String,
    group_name: String,
    since: i64,
    recent_lessons: i64,
    recent_planned_us: i64,
    recent_present_us: i64,
    earlier_lessons: i64,
    earlier_planned_us: i64,
    earlier_present_us: i64,
    last_came_at: Option<i64>,
}

/// What of a lesson counts for a trainee: no more than was planned, and time with the page hidden by the institution's rule.
macro_rules! counted {
    () => {
        "CASE WHEN attendance.lesson IS NULL THEN 0
              WHEN attendance.present_us + CASE WHEN institution.away_counts THEN attendance.away_us ELSE 0 END
                   > lesson.ends_at - lesson.starts_at
              THEN lesson.ends_at - lesson.starts_at
              ELSE attendance.present_us + CASE WHEN institution.away_counts THEN attendance.away_us ELSE 0 END END"
    };
}

/// The lessons that are looked at: those that were given and whose attendance is known.
macro_rules! lessons {
    () => {
        "lesson.institution = $1 AND lesson.starts_at >= $2 AND lesson.starts_at < $3
         AND lesson.phase = 'ended' AND lesson.settled_at IS NOT NULL AND lesson.cancelled_at IS NULL
         AND ($4 = '' OR lesson.course_group = $4) AND ($5 = '' OR lesson.trainer = $5)
         AND ($6 = '' OR course_group.course = $6)"
    };
}

impl InstitutionStore {
    /// Every trainee's record in each of their groups that had lessons; of accounts that are in use, and of the lessons
    /// since they belong to the group.
    pub async fn trainee_records(&self, filter: &RiskFilter) -> Result<Vec<TraineeRecord>, StoreError> {
        const SQL: &str = concat!(
            "SELECT person.id AS person, person.name, group_member.course_group, course_group.name AS group_name,
                    group_member.since,
                    SUM(CASE WHEN lesson.starts_at >= $7 THEN 1 ELSE 0 END) AS recent_lessons,
                    CAST(SUM(CASE WHEN lesson.starts_at >= $7 THEN lesson.ends_at - lesson.starts_at ELSE 0 END) AS BIGINT)
                        AS recent_planned_us,
                    CAST(SUM(CASE WHEN lesson.starts_at >= $7 THEN ",
            counted!(),
            " ELSE 0 END) AS BIGINT) AS recent_present_us,
                    SUM(CASE WHEN lesson.starts_at < $7 THEN 1 ELSE 0 END) AS earlier_lessons,
                    CAST(SUM(CASE WHEN lesson.starts_at < $7 THEN lesson.ends_at - lesson.starts_at ELSE 0 END) AS BIGINT)
                        AS earlier_planned_us,
                    CAST(SUM(CASE WHEN lesson.starts_at < $7 THEN ",
            counted!(),
            " ELSE 0 END) AS BIGINT) AS earlier_present_us,
                    MAX(CASE WHEN attendance.present_us + attendance.away_us > 0 THEN lesson.starts_at END) AS last_came_at
             FROM lesson
             JOIN institution ON institution.id = lesson.institution
             JOIN course_group
                 ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
             JOIN group_member ON group_member.institution = lesson.institution
                 AND group_member.course_group = lesson.course_group AND group_member.since <= lesson.starts_at
             JOIN person ON person.institution = group_member.institution AND person.id = group_member.person
                 AND person.disabled_at IS NULL AND person.erased_at IS NULL AND person.merged_into IS NULL
             LEFT JOIN attendance ON attendance.institution = lesson.institution AND attendance.lesson = lesson.id
                 AND attendance.person = group_member.person
             WHERE ",
            lessons!(),
            " GROUP BY person.id, person.name, group_member.course_group, course_group.name, group_member.since
              ORDER BY person.name, person.id, group_member.course_group"
        );
        let rows: Vec<RecordRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(filter.from.micros())
            .bind(filter.to.micros())
            .bind(filter.group.map(|group| group.to_string()).unwrap_or_default())
            .bind(filter.trainer.map(|trainer| trainer.to_string()).unwrap_or_default())
            .bind(filter.course.map(|course| course.to_string()).unwrap_or_default())
            .bind(filter.middle.micros())
            .fetch_all(on))
        .map_err(failed)?;
        let starts = self.recent_starts(filter).await?;
        rows.into_iter().map(|row| record(row, &starts)).collect()
    }

    /// When the recent lessons of each group began, by its id.
    async fn recent_starts(&self, filter: &RiskFilter) -> Result<BTreeMap<String, Vec<i64>>, StoreError> {
        const SQL: &str = concat!(
            "SELECT lesson.course_group, lesson.starts_at FROM lesson
             JOIN course_group
                 ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
             WHERE ",
            lessons!()
        );
        let rows: Vec<(String, i64)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(filter.middle.micros())
            .bind(filter.to.micros())
            .bind(filter.group.map(|group| group.to_string()).unwrap_or_default())
            .bind(filter.trainer.map(|trainer| trainer.to_string()).unwrap_or_default())
            .bind(filter.course.map(|course| course.to_string()).unwrap_or_default())
            .fetch_all(on))
        .map_err(failed)?;
        let mut starts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        rows.into_iter().for_each(|(group, start)| starts.entry(group).or_default().push(start));
        Ok(starts)
    }
}

fn record(row: RecordRow, starts: &BTreeMap<String, Vec<i64>>) -> Result<TraineeRecord, StoreError> {
    let last_came_at = row.last_came_at.unwrap_or(i64::MIN);
    let missed = starts
        .get(&row.course_group)
        .map_or(0, |starts| starts.iter().filter(|start| **start > last_came_at && **start >= row.since).count());
    let stretch = |lessons, expected_us, present_us| Stretch {
        lessons: u32::try_from(lessons).unwrap_or(u32::MAX),
        expected_us: u64::try_from(expected_us).unwrap_or(0),
        present_us: u64::try_from(present_us).unwrap_or(0),
    };
    Ok(TraineeRecord {
        person: id(&row.person)?,
        name: row.name,
        group: Named { id: id(&row.course_group)?, name: row.group_name },
        record: Record {
            recent: stretch(row.recent_lessons, row.recent_planned_us, row.recent_present_us),
            before: stretch(row.earlier_lessons, row.earlier_planned_us, row.earlier_present_us),
            missed_in_a_row: u32::try_from(missed).unwrap_or(u32::MAX),
        },
    })
}
