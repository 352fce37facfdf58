//! What a transaction reads and writes to count lessons, one statement each.

use super::facts::Kept;
use super::levels::Level;
use super::rows::SumsRow;
use crate::ids::LessonId;
use crate::rollup::{Facts, Given, Reception, Tools};
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, SqliteConnection};

/// What a lesson's record says.
#[derive(FromRow)]
pub(in crate::store) struct RecordRow {
    pub starts_at: i64,
    pub ends_at: i64,
    pub time_zone: String,
    pub course: String,
    pub course_group: String,
    pub trainer: String,
    pub is_cancelled: bool,
    pub phase: String,
    pub phase_since: Option<i64>,
    pub last_seq: i64,
    pub settled_at: Option<i64>,
    pub counted: bool,
    pub region: String,
}

/// What was sent in a lesson, and how it was received.
#[derive(FromRow)]
pub(in crate::store) struct FiguresRow {
    pub bytes: i64,
    pub speech_minutes: i64,
    pub speech_tenths: i64,
    pub picture_minutes: i64,
    pub picture_tenths: i64,
}

/// How the trainees of a group were in a lesson.
#[derive(FromRow)]
pub(in crate::store) struct AttendedRow {
    pub expected: i64,
    pub came: i64,
    pub present_us: i64,
}

#[derive(FromRow)]
pub(in crate::store) struct FactsRow {
    lesson: String,
    day: i64,
    course: String,
    course_group: String,
    trainer: String,
    cancelled: bool,
    planned_us: i64,
    given: bool,
    given_us: i64,
    late_us: i64,
    expected: i64,
    came: i64,
    present_us: i64,
    bytes: i64,
    speech_minutes: i64,
    speech_tenths: i64,
    picture_minutes: i64,
    picture_tenths: i64,
    tools: i64,
    kept: bool,
}

impl TryFrom<FactsRow> for Kept {
    type Error = StoreError;

    fn try_from(row: FactsRow) -> Result<Self, StoreError> {
        let whole = |number: i64| u64::try_from(number).unwrap_or_default();
        let few = |number: i64| u32::try_from(number).unwrap_or_default();
        let given = Given {
            us: whole(row.given_us),
            late_us: whole(row.late_us),
            expected: few(row.expected),
            came: few(row.came),
            present_us: whole(row.present_us),
            bytes: whole(row.bytes),
            speech: Reception { minutes: few(row.speech_minutes), tenths: whole(row.speech_tenths) },
            picture: Reception { minutes: few(row.picture_minutes), tenths: whole(row.picture_tenths) },
            tools: Tools::from_bits(u8::try_from(row.tools).unwrap_or_default()),
        };
        let facts = Facts {
            lesson: id(&row.lesson)?,
            day: i32::try_from(row.day).unwrap_or_default(),
            course: id(&row.course)?,
            group: id(&row.course_group)?,
            trainer: id(&row.trainer)?,
            is_cancelled: row.cancelled,
            planned_us: whole(row.planned_us),
            given: row.given.then_some(given),
        };
        Ok(Self { facts, for_good: row.kept })
    }
}

/// A connection within a transaction that counts lessons. Each call is about one institution's rows, but for sums of regions.
pub(in crate::store) trait Counting {
    /// Keeps others who would count a lesson, or change its record, waiting until the transaction ends; and who would
    /// move its institution to another region.
    async fn lock(&mut self, of: &str, lesson: &str) -> Result<(), StoreError>;
    async fn record(&mut self, of: &str, lesson: &str) -> Result<Option<RecordRow>, StoreError>;
    async fn figures(&mut self, of: &str, lesson: &str) -> Result<FiguresRow, StoreError>;
    /// Which tools its log knows.
    async fn tools(&mut self, of: &str, lesson: &str) -> Result<Tools, StoreError>;
    /// The parts of its ledger, in order.
    async fn ledger(&mut self, of: &str, lesson: &str) -> Result<Vec<String>, StoreError>;
    /// When it began (`true`) and ended, by its log.
    async fn turns(&mut self, of: &str, lesson: &str) -> Result<Vec<(i64, bool)>, StoreError>;
    /// How the trainees of its group were in it, as the institution's rule counts it.
    async fn attended(&mut self, of: &str, lesson: &str, record: &RecordRow) -> Result<AttendedRow, StoreError>;
    async fn kept(&mut self, of: &str, lesson: &str) -> Result<Option<Kept>, StoreError>;
    /// The same of all lessons.
    async fn all_kept(&mut self, of: &str) -> Result<Vec<Kept>, StoreError>;
    /// The lessons that may count by now.
    async fn over(&mut self, of: &str, now: Timestamp) -> Result<Vec<LessonId>, StoreError>;
    /// The sums that a statement gives.
    async fn sums(&mut self, sql: &str, of: &str) -> Result<Vec<SumsRow>, StoreError>;
    async fn keep(&mut self, of: &str, facts: &Facts) -> Result<(), StoreError>;
    async fn forget(&mut self, of: &str, lesson: LessonId) -> Result<(), StoreError>;
    /// Says whether the sums have a lesson as it is.
    async fn mark(&mut self, of: &str, lesson: LessonId, counted: bool) -> Result<(), StoreError>;
    /// Adds to the sums of one key, or takes off.
    async fn add(&mut self, level: Level, key: &[String], day: i32, by: &[i64]) -> Result<(), StoreError>;
}

const RECORD: &str = "
    SELECT lesson.starts_at, lesson.ends_at, COALESCE(lesson.time_zone, institution.time_zone) AS time_zone,
           course_group.course, lesson.course_group, lesson.trainer, lesson.cancelled_at IS NOT NULL AS is_cancelled,
           lesson.phase, lesson.phase_since, lesson.last_seq, lesson.settled_at, lesson.counted, institution.region
    FROM lesson
    JOIN institution ON institution.id = lesson.institution
    JOIN course_group ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
    WHERE lesson.institution = $1 AND lesson.id = $2";

const FIGURES: &str = "
    SELECT (SELECT CAST(COALESCE(SUM(bytes_down + bytes_up), 0) AS BIGINT) FROM place
            WHERE institution = $1 AND lesson = $2) AS bytes,
           COUNT(speech) AS speech_minutes, CAST(COALESCE(SUM(speech), 0) AS BIGINT) AS speech_tenths,
           COUNT(picture) AS picture_minutes, CAST(COALESCE(SUM(picture), 0) AS BIGINT) AS picture_tenths
    FROM quality_minute WHERE institution = $1 AND lesson = $2";

/// Events begin with their kind: nobody's words stand there.
const TOOLS: &str = r#"
    SELECT CAST(COALESCE(MAX(CASE WHEN event LIKE '{"type":"publication_started"%"source":"camera"%' THEN 1 ELSE 0 END)
                         + MAX(CASE WHEN event LIKE '{"type":"publication_started"%"source":"screen"%' THEN 2 ELSE 0 END)
                         + MAX(CASE WHEN event LIKE '{"type":"said"%' THEN 4 ELSE 0 END)
                         + MAX(CASE WHEN event LIKE '{"type":"hand_raised"%' THEN 8 ELSE 0 END)
                         + MAX(CASE WHEN event LIKE '{"type":"floor_given"%' THEN 16 ELSE 0 END), 0) AS BIGINT)
    FROM room_event WHERE institution = $1 AND lesson = $2"#;

const LEDGER: &str = "SELECT text FROM ledger WHERE institution = $1 AND lesson = $2 ORDER BY number";

const TURNS: &str = r#"
    SELECT at, event LIKE '{"type":"lesson_started"%' FROM room_event
    WHERE institution = $1 AND lesson = $2
      AND (event LIKE '{"type":"lesson_started"%' OR event LIKE '{"type":"lesson_ended"%')
    ORDER BY seq"#;

const ATTENDED: &str = "
    SELECT COUNT(*) AS expected, COUNT(CASE WHEN whole.counted_us > 0 THEN 1 END) AS came,
           CAST(COALESCE(SUM(CASE WHEN whole.counted_us > $6 THEN $6 ELSE whole.counted_us END), 0) AS BIGINT) AS present_us
    FROM (SELECT COALESCE(attendance.present_us, 0)
                 + CASE WHEN institution.away_counts THEN COALESCE(attendance.away_us, 0) ELSE 0 END AS counted_us
          FROM group_member
          JOIN institution ON institution.id = group_member.institution
          LEFT JOIN attendance ON attendance.institution = group_member.institution AND attendance.lesson = $2
                              AND attendance.person = group_member.person
          WHERE group_member.institution = $1 AND group_member.course_group = $3 AND group_member.since <= $4
            AND group_member.person <> $5) AS whole";

/// All that is kept of lessons.
macro_rules! facts {
    ($condition:literal) => {
        concat!(
            "SELECT lesson, day, course, course_group, trainer, cancelled, planned_us, given, given_us, late_us, expected,
                    came, present_us, bytes, speech_minutes, speech_tenths, picture_minutes, picture_tenths, tools, kept
             FROM lesson_facts ",
            $condition
        )
    };
}

const KEPT: &str = facts!("WHERE institution = $1 AND lesson = $2");

const ALL_KEPT: &str = facts!("WHERE institution = $1");

const OVER: &str = "SELECT id FROM lesson WHERE institution = $1 AND (ends_at <= $2 OR settled_at IS NOT NULL)
                    ORDER BY starts_at, id";

const KEEP: &str = "
    INSERT INTO lesson_facts (institution, lesson, day, course, course_group, trainer, cancelled, planned_us, given,
                              given_us, late_us, expected, came, present_us, bytes, speech_minutes, speech_tenths,
                              picture_minutes, picture_tenths, tools)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
    ON CONFLICT (institution, lesson) DO UPDATE SET
        day = excluded.day, course = excluded.course, course_group = excluded.course_group, trainer = excluded.trainer,
        cancelled = excluded.cancelled, planned_us = excluded.planned_us, given = excluded.given,
        given_us = excluded.given_us, late_us = excluded.late_us, expected = excluded.expected, came = excluded.came,
        present_us = excluded.present_us, bytes = excluded.bytes, speech_minutes = excluded.speech_minutes,
        speech_tenths = excluded.speech_tenths, picture_minutes = excluded.picture_minutes,
        picture_tenths = excluded.picture_tenths, tools = excluded.tools";

const FORGET: &str = "DELETE FROM lesson_facts WHERE institution = $1 AND lesson = $2";
const MARK: &str = "UPDATE lesson SET counted = $1 WHERE institution = $2 AND id = $3 AND counted <> $1";

/// A number of the program's as the databases have it.
pub(super) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

macro_rules! counting {
    ($connection:ty, lock $lock:block with $this:ident, $of:ident, $lesson:ident) => {
        impl Counting for $connection {
            async fn lock(&mut self, $of: &str, $lesson: &str) -> Result<(), StoreError> {
                let $this = self;
                $lock
            }

            async fn record(&mut self, of: &str, lesson: &str) -> Result<Option<RecordRow>, StoreError> {
                sqlx::query_as(RECORD).bind(of).bind(lesson).fetch_optional(self).await.map_err(failed)
            }

            async fn figures(&mut self, of: &str, lesson: &str) -> Result<FiguresRow, StoreError> {
                sqlx::query_as(FIGURES).bind(of).bind(lesson).fetch_one(self).await.map_err(failed)
            }

            async fn tools(&mut self, of: &str, lesson: &str) -> Result<Tools, StoreError> {
                let bits: i64 =
                    sqlx::query_scalar(TOOLS).bind(of).bind(lesson).fetch_one(self).await.map_err(failed)?;
                Ok(Tools::from_bits(u8::try_from(bits).unwrap_or_default()))
            }

            async fn ledger(&mut self, of: &str, lesson: &str) -> Result<Vec<String>, StoreError> {
                sqlx::query_scalar(LEDGER).bind(of).bind(lesson).fetch_all(self).await.map_err(failed)
            }

            async fn turns(&mut self, of: &str, lesson: &str) -> Result<Vec<(i64, bool)>, StoreError> {
                sqlx::query_as(TURNS).bind(of).bind(lesson).fetch_all(self).await.map_err(failed)
            }

            async fn attended(
                &mut self,
                of: &str,
                lesson: &str,
                record: &RecordRow,
            ) -> Result<AttendedRow, StoreError> {
                let query = sqlx::query_as(ATTENDED)
                    .bind(of)
                    .bind(lesson)
                    .bind(&record.course_group)
                    .bind(record.starts_at)
                    .bind(&record.trainer)
                    .bind(record.ends_at.saturating_sub(record.starts_at));
                query.fetch_one(self).await.map_err(failed)
            }

            async fn kept(&mut self, of: &str, lesson: &str) -> Result<Option<Kept>, StoreError> {
                let query = sqlx::query_as(KEPT).bind(of).bind(lesson);
                let row: Option<FactsRow> = query.fetch_optional(self).await.map_err(failed)?;
                row.map(Kept::try_from).transpose()
            }

            async fn all_kept(&mut self, of: &str) -> Result<Vec<Kept>, StoreError> {
                let rows: Vec<FactsRow> = sqlx::query_as(ALL_KEPT).bind(of).fetch_all(self).await.map_err(failed)?;
                rows.into_iter().map(Kept::try_from).collect()
            }

            async fn over(&mut self, of: &str, now: Timestamp) -> Result<Vec<LessonId>, StoreError> {
                let query = sqlx::query_scalar(OVER).bind(of).bind(now.micros());
                let found: Vec<String> = query.fetch_all(self).await.map_err(failed)?;
                found.iter().map(|lesson| id(lesson)).collect()
            }

            async fn sums(&mut self, sql: &str, of: &str) -> Result<Vec<SumsRow>, StoreError> {
                sqlx::query_as(AssertSqlSafe(sql)).bind(of).fetch_all(self).await.map_err(failed)
            }

            async fn keep(&mut self, of: &str, facts: &Facts) -> Result<(), StoreError> {
                let given = facts.given.unwrap_or_default();
                let query = sqlx::query(KEEP)
                    .bind(of)
                    .bind(facts.lesson.to_string())
                    .bind(i64::from(facts.day))
                    .bind(facts.course.to_string())
                    .bind(facts.group.to_string())
                    .bind(facts.trainer.to_string())
                    .bind(facts.is_cancelled)
                    .bind(column(facts.planned_us))
                    .bind(facts.given.is_some())
                    .bind(column(given.us))
                    .bind(column(given.late_us))
                    .bind(i64::from(given.expected))
                    .bind(i64::from(given.came))
                    .bind(column(given.present_us))
                    .bind(column(given.bytes))
                    .bind(i64::from(given.speech.minutes))
                    .bind(column(given.speech.tenths))
                    .bind(i64::from(given.picture.minutes))
                    .bind(column(given.picture.tenths))
                    .bind(i64::from(given.tools.bits()));
                query.execute(self).await.map(|_| ()).map_err(failed)
            }

            async fn forget(&mut self, of: &str, lesson: LessonId) -> Result<(), StoreError> {
                let query = sqlx::query(FORGET).bind(of).bind(lesson.to_string());
                query.execute(self).await.map(|_| ()).map_err(failed)
            }

            async fn mark(&mut self, of: &str, lesson: LessonId, counted: bool) -> Result<(), StoreError> {
                let query = sqlx::query(MARK).bind(counted).bind(of).bind(lesson.to_string());
                query.execute(self).await.map(|_| ()).map_err(failed)
            }

            async fn add(&mut self, level: Level, key: &[String], day: i32, by: &[i64]) -> Result<(), StoreError> {
                // Words of this program only.
                let mut query = sqlx::query(AssertSqlSafe(level.add())).bind(i64::from(day));
                for word in key {
                    query = query.bind(word);
                }
                for number in by {
                    query = query.bind(*number);
                }
                query.execute(&mut *self).await.map_err(failed)?;
                if by.iter().any(|number| *number < 0) {
                    let mut query = sqlx::query(AssertSqlSafe(level.forget_empty())).bind(i64::from(day));
                    for word in key {
                        query = query.bind(word);
                    }
                    query.execute(&mut *self).await.map_err(failed)?;
                }
                Ok(())
            }
        }
    };
}

// SQLite has one writer at a time anyway.
counting!(SqliteConnection, lock { let _ = (this, of, lesson); Ok(()) } with this, of, lesson);
counting!(PgConnection, lock {
    let place = sqlx::query("SELECT id FROM institution WHERE id = $1 FOR SHARE").bind(of);
    place.execute(&mut *this).await.map_err(failed)?;
    let record =
        sqlx::query("SELECT id FROM lesson WHERE institution = $1 AND id = $2 FOR NO KEY UPDATE").bind(of).bind(lesson);
    record.execute(&mut *this).await.map(|_| ()).map_err(failed)
} with this, of, lesson);
