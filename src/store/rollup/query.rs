//! What sums say of a branch, over some days.

use super::rows::{SumsRow, summed};
use crate::ids::{CourseId, GroupId, PersonId};
use crate::rollup::calendar::{day_number, day_of};
use crate::rollup::{Per, Sums};
use crate::store::database::Scoped;
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::{Branch, InstitutionStore, Named, Store};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What a report has lines of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportBy {
    /// All together.
    Total,
    Region,
    Institution,
    Course,
    Group,
    Trainer,
}

/// What is asked of sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportQuery {
    pub branch: Branch,
    /// In days since 1970-01-01, both included: of lessons' planned starts in their own time zones.
    pub days: RangeInclusive<i32>,
    /// By course, group or trainer only for one institution.
    pub by: ReportBy,
    /// A line for each of these, or one for all days.
    pub per: Option<Per>,
    /// Only lessons of these; only for one institution.
    pub course: Option<CourseId>,
    pub group: Option<GroupId>,
    pub trainer: Option<PersonId>,
}

impl ReportQuery {
    /// All lessons of a branch together.
    #[must_use]
    pub fn total(branch: Branch, days: RangeInclusive<i32>) -> Self {
        Self { branch, days, by: ReportBy::Total, per: None, course: None, group: None, trainer: None }
    }
}

/// What the lessons of one subject come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// Its id and name; absent where all lessons are together.
    pub subject: Option<Named<String>>,
    /// The day on which its day, week or month begins; the first day that was asked for where they are together.
    pub from_day: i32,
    pub sums: Sums,
}

/// Where sums are read from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Lessons,
    Institutions,
    Regions,
}

/// Days that one statement adds up: rows of days, or of whole months.
struct Stretch {
    span: &'static str,
    days: RangeInclusive<i32>,
}

impl Store {
    /// What a branch's lessons came to, subject by subject and for each from the oldest on; nothing is said of what had
    /// no lessons.
    pub async fn report_sums(&self, query: &ReportQuery) -> Result<Vec<ReportLine>, StoreError> {
        read(self, query).await
    }
}

impl InstitutionStore {
    /// What this institution's lessons came to, as [`Store::report_sums`]; the query's branch does not matter.
    pub async fn report_sums(&self, query: &ReportQuery) -> Result<Vec<ReportLine>, StoreError> {
        read(self, &ReportQuery { branch: Branch::Institution(self.institution), ..query.clone() }).await
    }
}

async fn read(scoped: &impl Scoped, query: &ReportQuery) -> Result<Vec<ReportLine>, StoreError> {
    let mut found = Vec::new();
    for Stretch { span, days } in query.stretches() {
        // Words of this program only.
        let sql = query.sql(span);
        let rows: Vec<SumsRow> = reading!(scoped, on => sqlx::query_as(AssertSqlSafe(sql.as_str()))
            .bind(i64::from(*days.start()))
            .bind(i64::from(*days.end()))
            .bind(query.of())
            .bind(text(query.course))
            .bind(text(query.group))
            .bind(text(query.trainer))
            .fetch_all(on))
        .map_err(failed)?;
        found.extend(rows);
    }
    Ok(query.lines(found))
}

fn text<I: ToString>(id: Option<I>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

impl ReportQuery {
    fn level(&self) -> Level {
        let is_narrowed = self.course.is_some() || self.group.is_some() || self.trainer.is_some();
        match (self.by, self.branch) {
            (ReportBy::Course | ReportBy::Group | ReportBy::Trainer, _) => Level::Lessons,
            _ if is_narrowed => Level::Lessons,
            (ReportBy::Institution, _) | (_, Branch::Institution(_)) => Level::Institutions,
            _ => Level::Regions,
        }
    }

    /// Whose sums are asked for.
    fn of(&self) -> String {
        match self.branch {
            Branch::Institution(institution) => institution.to_string(),
            Branch::Region(region) => region.to_string(),
            Branch::Country => String::new(),
        }
    }

    /// The days in the fewest rows: whole months as such, where nobody asks for less.
    fn stretches(&self) -> Vec<Stretch> {
        let (first, last) = (*self.days.start(), *self.days.end());
        let of_days = |days| Stretch { span: "day", days };
        let is_coarse = self.level() != Level::Lessons && matches!(self.per, None | Some(Per::Month));
        let Some((begin, end)) = whole_months(first, last).filter(|_| is_coarse) else {
            return vec![of_days(first..=last)];
        };
        let all = [
            of_days(first..=begin.saturating_sub(1)),
            Stretch { span: "month", days: begin..=end },
            of_days(end.saturating_add(1)..=last),
        ];
        all.into_iter().filter(|stretch| !stretch.days.is_empty()).collect()
    }

    /// The statement for rows of one span. Its parameters are the first and the last day, whose sums, and the course,
    /// group and trainer that they are narrowed to, or nothing.
    fn sql(&self, span: &str) -> String {
        let (table, whose) = match self.level() {
            Level::Lessons => ("lesson_sum", "sums.institution"),
            Level::Institutions => ("institution_sum", "sums.institution"),
            Level::Regions => ("region_sum", "sums.region"),
        };
        let (id, name, join) = match self.by {
            ReportBy::Total => ("''", "''", ""),
            ReportBy::Region if table == "region_sum" => {
                ("region.id", "region.name", "JOIN region ON region.id = sums.region")
            }
            ReportBy::Region => (
                "region.id",
                "region.name",
                "JOIN institution ON institution.id = sums.institution JOIN region ON region.id = institution.region",
            ),
            ReportBy::Institution => ("institution.id", "institution.name", ""),
            ReportBy::Course => (
                "course.id",
                "course.title",
                "JOIN course ON course.institution = sums.institution AND course.id = sums.course",
            ),
            ReportBy::Group => (
                "course_group.id",
                "course_group.name",
                "JOIN course_group ON course_group.institution = sums.institution AND course_group.id = sums.course_group",
            ),
            ReportBy::Trainer => (
                "person.id",
                "person.name",
                "JOIN person ON person.institution = sums.institution AND person.id = sums.trainer",
            ),
        };
        let branch = match (self.branch, self.level()) {
            // By parts of institutions, and for a country or a region: there is none of these.
            (Branch::Country, Level::Lessons) | (Branch::Institution(_), _) => format!("{whose} = $3"),
            (Branch::Region(_), Level::Regions) => "sums.region = $3".to_owned(),
            (Branch::Region(_), Level::Institutions) => "institution.region = $3".to_owned(),
            (Branch::Region(_), Level::Lessons) => {
                "sums.institution IN (SELECT id FROM institution WHERE institution.region = $3)".to_owned()
            }
            (Branch::Country, _) => "$3 = ''".to_owned(),
        };
        let narrowed = match self.level() {
            Level::Lessons => {
                "($4 = '' OR sums.course = $4) AND ($5 = '' OR sums.course_group = $5) AND ($6 = '' OR sums.trainer = $6)"
                    .to_owned()
            }
            _ => format!("sums.span = '{span}' AND $4 = '' AND $5 = '' AND $6 = ''"),
        };
        let (day, group) = match (self.per, self.by) {
            (Some(_), ReportBy::Total) => ("sums.day", "GROUP BY sums.day".to_owned()),
            (Some(_), _) => ("sums.day", format!("GROUP BY {id}, sums.day")),
            (None, ReportBy::Total) => ("CAST($1 AS BIGINT)", String::new()),
            (None, _) => ("CAST($1 AS BIGINT)", format!("GROUP BY {id}")),
        };
        // Institutions in the order of their key, so that what each comes to needs no sorting (SQLite keeps to the order of
        // a CROSS JOIN): there are as many lines as institutions anyway.
        let (from, joined) = match self.by {
            ReportBy::Institution => ("institution CROSS JOIN ", "sums.institution = institution.id AND "),
            _ => ("", ""),
        };
        let columns = summed("sums");
        format!(
            "SELECT {id} AS id, {name} AS name, {day} AS day, {columns} FROM {from}{table} AS sums {join} \
             WHERE {joined}{branch} AND sums.day >= $1 AND sums.day <= $2 AND {narrowed} {group}"
        )
    }

    fn lines(&self, rows: Vec<SumsRow>) -> Vec<ReportLine> {
        let mut lines: BTreeMap<(String, i32), ReportLine> = BTreeMap::new();
        // Without a group, a database adds up nothing to one row of zeros.
        for SumsRow { id, name, day, sums } in rows.into_iter().filter(|row| row.sums != Sums::default()) {
            let from_day = self.per.map_or(*self.days.start(), |per| per.begin(day));
            let subject = (self.by != ReportBy::Total).then(|| Named { id: id.clone(), name });
            let line = ReportLine { subject, from_day, sums: Sums::default() };
            lines.entry((id, from_day)).or_insert(line).sums.add(&sums);
        }
        lines.into_values().collect()
    }
}

/// The first days of the first and of the last month that lie whole within some days, and the last day of that one.
fn whole_months(first: i32, last: i32) -> Option<(i32, i32)> {
    let begins = Per::Month.begin(first);
    let begin = if begins == first { first } else { next_month(begins) };
    let of_last = Per::Month.begin(last);
    let end = if next_month(of_last).saturating_sub(1) == last { last } else { of_last.saturating_sub(1) };
    (begin < end).then_some((begin, end))
}

/// The first day of the month after one that begins on this day.
fn next_month(begin: i32) -> i32 {
    day_number(day_of(begin).last_of_month()).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn day(month: i8, day: i8) -> i32 {
        day_number(date(2026, month, day))
    }

    fn stretches(first: i32, last: i32) -> Vec<(&'static str, i32, i32)> {
        let query = ReportQuery::total(Branch::Country, first..=last);
        let spans = |stretch: &Stretch| (stretch.span, *stretch.days.start(), *stretch.days.end());
        query.stretches().iter().map(spans).collect()
    }

    #[test]
    fn whole_months_are_read_as_such_and_no_day_twice() {
        assert_eq!(stretches(day(10, 1), day(10, 31)), [("month", day(10, 1), day(10, 31))]);
        assert_eq!(stretches(day(10, 2), day(10, 31)), [("day", day(10, 2), day(10, 31))]);
        assert_eq!(stretches(day(10, 1), day(10, 30)), [("day", day(10, 1), day(10, 30))]);
        assert_eq!(
            stretches(day(1, 31), day(4, 1)),
            [("day", day(1, 31), day(1, 31)), ("month", day(2, 1), day(3, 31)), ("day", day(4, 1), day(4, 1))]
        );
        for (first, last) in [(day(1, 1), day(12, 31)), (day(1, 15), day(11, 3)), (day(3, 3), day(3, 3))] {
            let mut next = first;
            for (_, from, to) in stretches(first, last) {
                assert_eq!(from, next);
                next = to + 1;
            }
            assert_eq!(next, last + 1);
        }
    }
}
