//! The public catalogue: courses that institutions offer, for people without an account.

use super::Store;
use super::courses::{capacity, language};
use super::fault::failed;
use super::records::StoreError;
use super::rows::id;
use super::search;
use crate::ids::{CourseId, InstitutionId, RegionId};
use crate::text::{Language, fold};
use crate::time::Timestamp;
use sqlx::FromRow;

/// A course that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedCourse {
    pub id: CourseId,
    pub title: String,
    pub language: Language,
    pub sector: String,
    pub level: String,
    pub description: String,
    pub apply_until: Option<Timestamp>,
    pub capacity: Option<u32>,
    /// How many follow it.
    pub taken: u32,
    pub institution: InstitutionId,
    pub institution_name: String,
    /// IANA name.
    pub time_zone: String,
    pub region: RegionId,
    pub region_name: String,
}

/// Which are asked for; what is empty or absent excludes none.
#[derive(Clone, Debug, Default)]
pub struct CatalogueFilter {
    pub search: String,
    pub sector: String,
    pub level: String,
    pub language: Option<Language>,
    pub region: Option<RegionId>,
}

#[derive(FromRow)]
struct OfferedRow {
    id: String,
    title: String,
    language: String,
    sector: String,
    level: String,
    description: String,
    apply_until: Option<i64>,
    capacity: Option<i64>,
    taken: i64,
    institution: String,
    institution_name: String,
    time_zone: String,
    region: String,
    region_name: String,
}

impl TryFrom<OfferedRow> for OfferedCourse {
    type Error = StoreError;

    fn try_from(row: OfferedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            title: row.title,
            language: language(&row.language)?,
            sector: row.sector,
            level: row.level,
            description: row.description,
            apply_until: row.apply_until.map(Timestamp),
            capacity: capacity(row.capacity)?,
            taken: u32::try_from(row.taken).unwrap_or(u32::MAX),
            institution: id(&row.institution)?,
            institution_name: row.institution_name,
            time_zone: row.time_zone,
            region: id(&row.region)?,
            region_name: row.region_name,
        })
    }
}

/// Courses that are offered at the time `$1`.
macro_rules! offered {
    ($condition:literal) => {
        concat!(
            "SELECT course.id, course.title, course.language, course.sector, course.level, course.description,
                    course.apply_until, course.capacity, course.institution, institution.name AS institution_name,
                    institution.time_zone, institution.region, region.name AS region_name,
                    (SELECT COUNT(DISTINCT group_member.person) FROM course_group
                     JOIN group_member ON group_member.institution = course_group.institution
                         AND group_member.course_group = course_group.id
                     WHERE course_group.institution = course.institution AND course_group.course = course.id
                       AND course_group.archived_at IS NULL) AS taken
             FROM course
             JOIN institution ON institution.id = course.institution
             JOIN region ON region.id = institution.region
             WHERE course.offered AND course.archived_at IS NULL AND institution.closed_at IS NULL
               AND (course.apply_until IS NULL OR course.apply_until > $1) ",
            $condition
        )
    };
}

/// What a column of the courses that are offered at the time `$1` says, without repetition and from its index alone:
/// after each value, the next larger one is looked for.
macro_rules! offered_values {
    ($column:literal) => {
        concat!(
            "WITH RECURSIVE found (value) AS (
                 SELECT MIN(",
            $column,
            ") FROM course
                 WHERE offered AND archived_at IS NULL AND (apply_until IS NULL OR apply_until > $1)
                   AND ",
            $column,
            " > ''
                 UNION ALL
                 SELECT (SELECT MIN(",
            $column,
            ") FROM course
                         WHERE offered AND archived_at IS NULL AND (apply_until IS NULL OR apply_until > $1)
                           AND ",
            $column,
            " > found.value)
                 FROM found WHERE found.value IS NOT NULL)
             SELECT value FROM found WHERE value IS NOT NULL ORDER BY value LIMIT $2"
        )
    };
}

/// A word of the question, as the range of words that begin with it and as a pattern for institutions' names.
struct Asked {
    from: Vec<u8>,
    to: Vec<u8>,
    pattern: String,
}

/// How many words of a question count, as in [`search::patterns`].
const WORDS_MAX: usize = 4;

fn asked_words(question: &str) -> [Asked; WORDS_MAX] {
    let folded = fold(question);
    let patterns = search::patterns(question);
    let mut words = folded.split(' ').filter(|word| !word.is_empty());
    patterns.map(|pattern| {
        let from = words.next().unwrap_or_default().as_bytes().to_vec();
        // No byte of UTF-8 is 0xFF: every word with this beginning is before it.
        let to = [from.as_slice(), &[0xFF]].concat();
        Asked { from, to, pattern }
    })
}

impl Store {
    /// At most `limit` courses that are offered now, in the order of titles, after the one with this title and id. Each
    /// word of the question is the beginning of one of the course's words, or of its institution's name.
    pub async fn catalogue(
        &self,
        filter: &CatalogueFilter,
        now: Timestamp,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<OfferedCourse>, StoreError> {
        const BROWSE: &str = offered!(
            "  AND (course.title, course.id) > ($2, $3) AND ($4 = '' OR course.sector = $4)
               AND ($5 = '' OR course.level = $5) AND ($6 = '' OR course.language = $6)
               AND ($7 = '' OR institution.region = $7)
             ORDER BY course.title, course.id LIMIT $8"
        );
        const FIND: &str = offered!(
            "  AND (course.title, course.id) > ($2, $3) AND ($4 = '' OR course.sector = $4)
               AND ($5 = '' OR course.level = $5) AND ($6 = '' OR course.language = $6)
               AND ($7 = '' OR institution.region = $7)
               AND (course.id IN (SELECT course FROM course_word WHERE word >= $9 AND word < $10)
                    OR ' ' || institution.search LIKE $11)
               AND ($14 = '%' OR course.id IN (SELECT course FROM course_word WHERE word >= $12 AND word < $13)
                    OR ' ' || institution.search LIKE $14)
               AND ($17 = '%' OR course.id IN (SELECT course FROM course_word WHERE word >= $15 AND word < $16)
                    OR ' ' || institution.search LIKE $17)
               AND ($20 = '%' OR course.id IN (SELECT course FROM course_word WHERE word >= $18 AND word < $19)
                    OR ' ' || institution.search LIKE $20)
             ORDER BY course.title, course.id LIMIT $8"
        );
        let (title, last) = after.unwrap_or_default();
        let words = asked_words(&filter.search);
        let has_question = words.first().is_some_and(|word| !word.from.is_empty());
        let rows: Vec<OfferedRow> = reading!(self, on => {
            let mut query = sqlx::query_as(if has_question { FIND } else { BROWSE })
                .bind(now.micros())
                .bind(&title)
                .bind(&last)
                .bind(&filter.sector)
                .bind(&filter.level)
                .bind(filter.language.map_or("", Language::tag))
                .bind(filter.region.map(|region| region.to_string()).unwrap_or_default())
                .bind(i64::from(limit));
            if has_question {
                for word in &words {
                    query = query.bind(&word.from).bind(&word.to).bind(&word.pattern);
                }
            }
            query.fetch_all(on)
        })
        .map_err(failed)?;
        rows.into_iter().map(OfferedCourse::try_from).collect()
    }

    /// The course, where it is offered now.
    pub async fn offered_course(&self, course: CourseId, now: Timestamp) -> Result<Option<OfferedCourse>, StoreError> {
        const SQL: &str = offered!("AND course.id = $2");
        let row: Option<OfferedRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(now.micros())
            .bind(course.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(OfferedCourse::try_from).transpose()
    }

    /// The sectors, and the levels, of what is offered now: what one may choose from.
    pub async fn catalogue_choices(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<(Vec<String>, Vec<String>), StoreError> {
        const SECTORS: &str = offered_values!("sector");
        const LEVELS: &str = offered_values!("level");
        let sectors = reading!(self, on => sqlx::query_scalar(SECTORS)
            .bind(now.micros()).bind(i64::from(limit)).fetch_all(on))
        .map_err(failed)?;
        let levels = reading!(self, on => sqlx::query_scalar(LEVELS)
            .bind(now.micros()).bind(i64::from(limit)).fetch_all(on))
        .map_err(failed)?;
        Ok((sectors, levels))
    }
}
