//! A person's lessons: those of their groups, those that they give, and those that somebody gives in their place.

use crate::ids::{CourseId, GroupId, LessonId, PersonId};
use crate::protocol::Phase;
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::{id, phase};
use crate::time::Timestamp;
use sqlx::FromRow;

/// How many lessons one look gives at most; six weeks of a full timetable have a third of it, and more are left out.
const LESSONS_MAX: u32 = 1_000;

/// How many of an institution's lessons one look gives at most.
pub const OVERVIEW_MAX: u32 = 60;

/// What somebody has to do with a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// They give it.
    Trainer,
    /// They follow it with their group.
    Trainee,
    /// They were to give it, and somebody stands in.
    Replaced,
    /// They look after the institution.
    Onlooker,
}

impl Part {
    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Trainer => "trainer",
            Self::Trainee => "trainee",
            Self::Replaced => "replaced",
            Self::Onlooker => "onlooker",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Trainer, Self::Trainee, Self::Replaced, Self::Onlooker]
            .into_iter()
            .find(|part| part.word() == text)
            .ok_or_else(|| StoreError::Unreadable(format!("the part {text:?}")))
    }
}

/// A lesson as somebody finds it in their own timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLesson {
    pub id: LessonId,
    pub part: Part,
    pub title: String,
    pub course: CourseId,
    pub course_title: String,
    /// BCP 47 tag.
    pub language: String,
    pub group: GroupId,
    pub group_name: String,
    pub trainer: PersonId,
    pub trainer_name: String,
    /// Who was to give it, where somebody stands in.
    pub planned_trainer: Option<String>,
    pub venue: Option<String>,
    pub unit: Option<String>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub phase: Phase,
    pub cancelled_at: Option<Timestamp>,
    pub cancel_reason: Option<String>,
    pub improvised: bool,
    pub changed_at: Timestamp,
    pub version: i64,
    /// How long they were there, once it is over: by the institution's rule, also while their page was hidden.
    pub present_us: Option<i64>,
}

#[derive(FromRow)]
struct OwnLessonRow {
    id: String,
    part: String,
    title: String,
    course: String,
    course_title: String,
    language: String,
    course_group: String,
    group_name: String,
    trainer: String,
    trainer_name: String,
    planned_trainer: Option<String>,
    venue: Option<String>,
    unit: Option<String>,
    starts_at: i64,
    ends_at: i64,
    phase: String,
    phase_since: Option<i64>,
    cancelled_at: Option<i64>,
    cancel_reason: Option<String>,
    improvised: bool,
    changed_at: i64,
    version: i64,
    present_us: Option<i64>,
}

impl TryFrom<OwnLessonRow> for OwnLesson {
    type Error = StoreError;

    fn try_from(row: OwnLessonRow) -> Result<Self, StoreError> {
        Ok(Self {
            part: Part::parse(&row.part)?,
            phase: phase(&row.id, &row.phase, row.phase_since)?,
            id: id(&row.id)?,
            title: row.title,
            course: id(&row.course)?,
            course_title: row.course_title,
            language: row.language,
            group: id(&row.course_group)?,
            group_name: row.group_name,
            trainer: id(&row.trainer)?,
            trainer_name: row.trainer_name,
            planned_trainer: row.planned_trainer,
            venue: row.venue,
            unit: row.unit,
            starts_at: Timestamp(row.starts_at),
            ends_at: Timestamp(row.ends_at),
            cancelled_at: row.cancelled_at.map(Timestamp),
            cancel_reason: row.cancel_reason,
            improvised: row.improvised,
            changed_at: Timestamp(row.changed_at),
            version: row.version,
            present_us: row.present_us,
        })
    }
}

/// Lessons with all that is shown of them; `$mine` gives their ids and parts ($1 the institution, $2 the person), each
/// branch from an index by the start, so that no lesson outside the span is touched. `CROSS JOIN` tells SQLite to begin
/// with the few groups of one person, not with all lessons of the institution.
macro_rules! own_lessons {
    ($mine:literal, $rest:literal) => {
        concat!(
            "SELECT lesson.id, mine.part, lesson.title, lesson.starts_at, lesson.ends_at, lesson.phase,
                    lesson.phase_since, lesson.cancelled_at, lesson.cancel_reason, lesson.improvised,
                    lesson.changed_at, lesson.version, lesson.course_group, lesson.trainer,
                    course_group.name AS group_name, course.id AS course, course.title AS course_title,
                    course.language, trainer.name AS trainer_name, planned.name AS planned_trainer,
                    venue.name AS venue, course_unit.title AS unit,
                    attendance.present_us + CASE WHEN institution.away_counts THEN attendance.away_us ELSE 0 END
                        AS present_us
             FROM (",
            $mine,
            ") AS mine
             JOIN lesson ON lesson.institution = $1 AND lesson.id = mine.id
             JOIN institution ON institution.id = $1
             JOIN course_group ON course_group.institution = $1 AND course_group.id = lesson.course_group
             JOIN course ON course.institution = $1 AND course.id = course_group.course
             JOIN person AS trainer ON trainer.institution = $1 AND trainer.id = lesson.trainer
             LEFT JOIN person AS planned ON planned.institution = $1 AND planned.id = lesson.planned_trainer
                                        AND planned.id <> lesson.trainer
             LEFT JOIN venue ON venue.institution = $1 AND venue.id = lesson.venue
             LEFT JOIN course_unit ON course_unit.institution = $1 AND course_unit.id = lesson.unit
             LEFT JOIN attendance ON attendance.institution = $1 AND attendance.lesson = lesson.id
                                 AND attendance.person = $2 ",
            $rest
        )
    };
}

const OWN: &str = own_lessons!(
    "SELECT lesson.id, 'trainee' AS part FROM group_member CROSS JOIN lesson
     WHERE group_member.institution = $1 AND group_member.person = $2
       AND lesson.institution = $1 AND lesson.course_group = group_member.course_group
       AND lesson.starts_at >= $3 AND lesson.starts_at < $4
     UNION ALL
     SELECT id, 'trainer' AS part FROM lesson
     WHERE institution = $1 AND trainer = $2 AND starts_at >= $3 AND starts_at < $4
     UNION ALL
     SELECT id, 'replaced' AS part FROM lesson
     WHERE institution = $1 AND planned_trainer = $2 AND trainer <> $2 AND starts_at >= $3 AND starts_at < $4",
    "ORDER BY lesson.starts_at, lesson.id LIMIT $5"
);

const NEXT: &str = own_lessons!(
    "SELECT lesson.id, 'trainee' AS part FROM group_member CROSS JOIN lesson
     WHERE group_member.institution = $1 AND group_member.person = $2
       AND lesson.institution = $1 AND lesson.course_group = group_member.course_group
       AND lesson.starts_at >= $3 AND lesson.starts_at < $4
     UNION ALL
     SELECT id, 'trainer' AS part FROM lesson
     WHERE institution = $1 AND trainer = $2 AND starts_at >= $3 AND starts_at < $4",
    "WHERE lesson.cancelled_at IS NULL AND lesson.phase <> 'ended'
       AND (lesson.ends_at > $5 OR lesson.phase = 'live')
     ORDER BY CASE WHEN lesson.phase = 'live' THEN 0 ELSE 1 END, lesson.starts_at, mine.part DESC, lesson.id LIMIT 1"
);

const OVERVIEW: &str = own_lessons!(
    "SELECT id, 'onlooker' AS part FROM lesson
     WHERE institution = $1 AND starts_at >= $3 AND starts_at < $4",
    "ORDER BY CASE WHEN lesson.phase = 'live' THEN 0 ELSE 1 END, lesson.starts_at, lesson.id LIMIT $5"
);

impl InstitutionStore {
    /// Somebody's lessons that start within [`from`, `to`), in order; what they both give and follow stands once.
    pub async fn own_lessons(
        &self,
        person: PersonId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<OwnLesson>, StoreError> {
        let rows: Vec<OwnLessonRow> = reading!(self, on => sqlx::query_as(OWN)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .bind(i64::from(LESSONS_MAX))
            .fetch_all(on))
        .map_err(failed)?;
        let lessons: Result<Vec<OwnLesson>, StoreError> = rows.into_iter().map(OwnLesson::try_from).collect();
        let mut lessons = lessons?;
        lessons.sort_by_key(|lesson| (lesson.starts_at, lesson.id, lesson.part));
        lessons.dedup_by_key(|lesson| lesson.id);
        Ok(lessons)
    }

    /// The lesson that somebody should be in now, or goes to next: of those that start within [`from`, `to`).
    pub async fn next_lesson(
        &self,
        person: PersonId,
        now: Timestamp,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Option<OwnLesson>, StoreError> {
        let row: Option<OwnLessonRow> = reading!(self, on => sqlx::query_as(NEXT)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .bind(now.micros())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(OwnLesson::try_from).transpose()
    }

    /// The institution's lessons that start within [`from`, `to`), at most [`OVERVIEW_MAX`], those on air first.
    pub async fn lessons_overview(
        &self,
        person: PersonId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<OwnLesson>, StoreError> {
        let rows: Vec<OwnLessonRow> = reading!(self, on => sqlx::query_as(OVERVIEW)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .bind(i64::from(OVERVIEW_MAX))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(OwnLesson::try_from).collect()
    }

    /// How many lessons of the institution start within [`from`, `to`): all, on air, and called off.
    pub async fn lessons_count(&self, from: Timestamp, to: Timestamp) -> Result<[u32; 3], StoreError> {
        const SQL: &str = "
            SELECT COUNT(*), COUNT(CASE WHEN phase = 'live' THEN 1 END), COUNT(cancelled_at)
            FROM lesson WHERE institution = $1 AND starts_at >= $2 AND starts_at < $3";
        let (all, live, cancelled): (i64, i64, i64) = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(from.micros())
            .bind(to.micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok([all, live, cancelled].map(|count| u32::try_from(count).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use sqlx::{Connection, Row, SqliteConnection};

    /// How SQLite carries a statement out, as one line for each step.
    async fn plan(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let mut query = sqlx::query(explain);
        for _ in 0..5 {
            query = query.bind(1_i64);
        }
        let steps = query.fetch_all(connection).await.expect("a plan");
        steps.iter().map(|step| step.get::<String, _>("detail")).collect()
    }

    #[tokio::test]
    async fn lessons_are_found_by_their_start_and_none_is_looked_through() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("qism.db");
        Store::open(&format!("sqlite:{}", path.display())).await.expect("a store").close().await;
        let mut connection = SqliteConnection::connect(&path.display().to_string()).await.expect("the file");
        for (sql, indexes) in [
            (
                OWN,
                vec![
                    "lesson_of_group (institution=? AND course_group=? AND starts_at>? AND starts_at<?)",
                    "lesson_of_trainer (institution=? AND trainer=? AND starts_at>? AND starts_at<?)",
                    "lesson_of_replaced (institution=? AND planned_trainer=? AND starts_at>? AND starts_at<?)",
                ],
            ),
            (
                NEXT,
                vec![
                    "lesson_of_group (institution=? AND course_group=? AND starts_at>? AND starts_at<?)",
                    "lesson_of_trainer (institution=? AND trainer=? AND starts_at>? AND starts_at<?)",
                ],
            ),
            (OVERVIEW, vec!["lesson_by_start (institution=? AND starts_at>? AND starts_at<?)"]),
        ] {
            let plan = plan(&mut connection, sql).await;
            for index in indexes {
                assert!(plan.iter().any(|step| step.contains(index)), "{index} in {plan:#?}");
            }
            let scans: Vec<&String> =
                plan.iter().filter(|step| step.starts_with("SCAN") && !step.contains("mine")).collect();
            assert!(scans.is_empty(), "{plan:#?}");
        }
    }
}
