//! Courses as an institution keeps them: what is taught, by whom, to which groups, and unit by unit.

use super::InstitutionStore;
use super::fault::failed;
use super::records::{Change, StoreError};
use super::rows::{id, unchanged};
use super::search;
use crate::ids::{CourseId, PersonId};
use crate::text::Language;
use crate::time::Timestamp;
use sqlx::FromRow;

/// How many words go into the catalogue's index with one statement.
const WORDS_PER_STATEMENT: usize = 200;

/// How many different words of a course the catalogue knows: a long description's last ones are not found.
const WORDS_MAX: usize = 600;

/// A course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseRecord {
    pub id: CourseId,
    pub title: String,
    /// The language it is taught in.
    pub language: Language,
    /// Empty where nobody said.
    pub sector: String,
    pub level: String,
    pub description: String,
    /// Whether the public catalogue offers it.
    pub offered: bool,
    /// Until when people may apply; without end where absent.
    pub apply_until: Option<Timestamp>,
    /// How many trainees it takes; as many as come where absent.
    pub capacity: Option<u32>,
    pub archived_at: Option<Timestamp>,
    pub version: i64,
}

/// Which courses are asked for; what is empty or absent excludes none.
#[derive(Clone, Debug, Default)]
pub struct CourseFilter {
    pub search: String,
    pub sector: String,
    pub level: String,
    pub language: Option<Language>,
    /// Those that are archived, instead of those that are not.
    pub archived: bool,
    /// Only those that this person teaches or follows.
    pub of: Option<PersonId>,
}

#[derive(FromRow)]
pub(super) struct CourseRow {
    id: String,
    title: String,
    language: String,
    sector: String,
    level: String,
    description: String,
    offered: bool,
    apply_until: Option<i64>,
    capacity: Option<i64>,
    archived_at: Option<i64>,
    version: i64,
}

impl TryFrom<CourseRow> for CourseRecord {
    type Error = StoreError;

    fn try_from(row: CourseRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            title: row.title,
            language: language(&row.language)?,
            sector: row.sector,
            level: row.level,
            description: row.description,
            offered: row.offered,
            apply_until: row.apply_until.map(Timestamp),
            capacity: capacity(row.capacity)?,
            archived_at: row.archived_at.map(Timestamp),
            version: row.version,
        })
    }
}

pub(super) fn language(tag: &str) -> Result<Language, StoreError> {
    Language::parse(tag).map_err(|_| StoreError::Unreadable(format!("the language {tag:?}")))
}

pub(super) fn capacity(column: Option<i64>) -> Result<Option<u32>, StoreError> {
    let capacity = column.map(u32::try_from).transpose();
    capacity.map_err(|_| StoreError::Unreadable("how many a course or group takes".into()))
}

/// The courses that somebody teaches or follows; `$1` is the institution, `$2` the person.
macro_rules! courses_of_person {
    () => {
        "(SELECT course FROM course_trainer WHERE institution = $1 AND person = $2
          UNION
          SELECT course_group.course FROM group_member
          JOIN course_group ON course_group.institution = group_member.institution
              AND course_group.id = group_member.course_group
          WHERE group_member.institution = $1 AND group_member.person = $2)"
    };
}

const VERSION: &str = "SELECT version FROM course WHERE institution = $1 AND id = $2";

impl InstitutionStore {
    /// At most `limit` courses in the order of their titles, after the one with this title and id.
    pub async fn courses(
        &self,
        filter: &CourseFilter,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<CourseRecord>, StoreError> {
        const SQL: &str = concat!(
            "SELECT id, title, language, sector, level, description, offered, apply_until, capacity, archived_at,
                    version
             FROM course
             WHERE institution = $1 AND ($2 = '' OR id IN ",
            courses_of_person!(),
            ") AND (title, id) > ($3, $4) AND (archived_at IS NOT NULL) = $5
               AND ($6 = '' OR sector = $6) AND ($7 = '' OR level = $7) AND ($8 = '' OR language = $8)
               AND ' ' || search LIKE $9 AND ' ' || search LIKE $10 AND ' ' || search LIKE $11
               AND ' ' || search LIKE $12
             ORDER BY title, id LIMIT $13"
        );
        let (title, last) = after.unwrap_or_default();
        let [first, second, third, fourth] = search::patterns(&filter.search);
        let rows: Vec<CourseRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(filter.of.map(|person| person.to_string()).unwrap_or_default())
            .bind(&title)
            .bind(&last)
            .bind(filter.archived)
            .bind(&filter.sector)
            .bind(&filter.level)
            .bind(filter.language.map_or("", Language::tag))
            .bind(&first)
            .bind(&second)
            .bind(&third)
            .bind(&fourth)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(CourseRecord::try_from).collect()
    }

    /// The course, archived or not.
    pub async fn course(&self, course: CourseId) -> Result<Option<CourseRecord>, StoreError> {
        const SQL: &str = "SELECT id, title, language, sector, level, description, offered, apply_until, capacity,
                                  archived_at, version
                           FROM course WHERE institution = $1 AND id = $2";
        let row: Option<CourseRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(course.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(CourseRecord::try_from).transpose()
    }

    /// Whether somebody teaches or follows a course.
    pub async fn is_of_course(&self, person: PersonId, course: CourseId) -> Result<bool, StoreError> {
        const SQL: &str = concat!("SELECT $3 IN ", courses_of_person!());
        reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(course.to_string())
            .fetch_one(on))
        .map_err(failed)
    }

    /// Makes a course; its version is 1 whatever `course` says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id is there already.
    pub async fn add_course(&self, course: &CourseRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO course
                               (id, institution, title, language, sector, level, description, offered, apply_until,
                                capacity, search, created_at, archived_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(course.id.to_string())
                .bind(self.institution.to_string())
                .bind(&course.title)
                .bind(course.language.tag())
                .bind(&course.sector)
                .bind(&course.level)
                .bind(&course.description)
                .bind(course.offered)
                .bind(course.apply_until.map(Timestamp::micros))
                .bind(course.capacity.map(i64::from))
                .bind(search_key(course))
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            for words in catalogue_words(course).chunks(WORDS_PER_STATEMENT) {
                let mut insert = sqlx::QueryBuilder::<Db>::new("INSERT INTO course_word (word, institution, course) ");
                insert.push_values(words, |mut row, word| {
                    row.push_bind(word.as_bytes()).push_bind(self.institution.to_string());
                    row.push_bind(course.id.to_string());
                });
                insert.build().execute(&mut *tx).await.map_err(failed)?;
            }
        })
    }

    /// Writes what `course` says over the version that it names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_course(&self, course: &CourseRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE course SET title = $1, language = $2, sector = $3, level = $4, description = $5,
                               offered = $6, apply_until = $7, capacity = $8, search = $9, archived_at = $10,
                               version = version + 1
                           WHERE institution = $11 AND id = $12 AND version = $13";
        const FORGET: &str = "DELETE FROM course_word WHERE institution = $1 AND course = $2";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&course.title)
                .bind(course.language.tag())
                .bind(&course.sector)
                .bind(&course.level)
                .bind(&course.description)
                .bind(course.offered)
                .bind(course.apply_until.map(Timestamp::micros))
                .bind(course.capacity.map(i64::from))
                .bind(search_key(course))
                .bind(course.archived_at.map(Timestamp::micros))
                .bind(self.institution.to_string())
                .bind(course.id.to_string())
                .bind(course.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .bind(course.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            sqlx::query(FORGET)
                .bind(self.institution.to_string())
                .bind(course.id.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            for words in catalogue_words(course).chunks(WORDS_PER_STATEMENT) {
                let mut insert = sqlx::QueryBuilder::<Db>::new("INSERT INTO course_word (word, institution, course) ");
                insert.push_values(words, |mut row, word| {
                    row.push_bind(word.as_bytes()).push_bind(self.institution.to_string());
                    row.push_bind(course.id.to_string());
                });
                insert.build().execute(&mut *tx).await.map_err(failed)?;
            }
        })
    }
}

fn search_key(course: &CourseRecord) -> String {
    search::key([course.title.as_str(), &course.sector, &course.level, &course.description])
}

/// What the catalogue finds a course by: nothing where it does not offer it.
fn catalogue_words(course: &CourseRecord) -> Vec<String> {
    if !course.offered || course.archived_at.is_some() {
        return Vec::new();
    }
    let mut words = std::collections::BTreeSet::new();
    for word in search_key(course).split(' ').filter(|word| !word.is_empty()) {
        if words.len() == WORDS_MAX {
            break;
        }
        words.insert(word.to_owned());
    }
    words.into_iter().collect()
}
