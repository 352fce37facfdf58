//! The report itself: what lessons come to, over time and side by side, and beside another period.

use super::asked::Periods;
use super::figures::Figures;
use crate::http::problem::Refused;
use crate::ids::{CourseId, GroupId, PersonId};
use crate::rollup::calendar::day_of;
use crate::rollup::view::Grouping;
use crate::rollup::{Per, Sums};
use crate::store::{Branch, InstitutionStore, Named, ReportBy, ReportLine, ReportQuery, Store, StoreError};
use crate::text::words as search_words;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use utoipa::ToSchema;

/// How many subjects a report puts side by side at most: a country has fewer institutions.
const ROWS_MAX: usize = 1_500;

/// Where the sums are read from: of an institution, or of several.
pub enum Source<'a> {
    Institution(&'a InstitutionStore),
    Branch(&'a Store),
}

/// What is asked for.
pub struct Wanted {
    pub periods: Periods,
    pub branch: Branch,
    pub by: Grouping,
    pub course: Option<CourseId>,
    pub group: Option<GroupId>,
    pub trainer: Option<PersonId>,
    /// Trainers have names.
    pub named: bool,
}

/// What lessons come to.
pub struct Report {
    pub wanted: Wanted,
    pub now: Part,
    pub before: Option<Part>,
    /// In the order of names, where they have any.
    pub rows: Vec<Row>,
    /// There are more than are listed.
    pub more: bool,
}

/// Of one of the two periods.
pub struct Part {
    pub total: Sums,
    pub series: Vec<(RangeInclusive<i32>, Sums)>,
}

/// One of what is put side by side.
pub struct Row {
    pub id: String,
    pub name: String,
    /// What it is a part of, where several of them may be called alike.
    pub within: Option<String>,
    pub now: Sums,
    pub before: Sums,
}

impl Report {
    /// Reads the sums and puts them together.
    pub async fn read(source: Source<'_>, wanted: Wanted) -> Result<Self, Refused> {
        let Periods { days, compare, per } = &wanted.periods;
        let now = Part::read(&source, &wanted, days, *per).await?;
        let before = match compare {
            Some(compare) => Some(Part::read(&source, &wanted, compare, *per).await?),
            None => None,
        };
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for line in source.sums(&wanted.query(days, wanted.by(), None)).await? {
            add(&mut rows, line, |row| &mut row.now);
        }
        if let Some(compare) = compare {
            for line in source.sums(&wanted.query(compare, wanted.by(), None)).await? {
                add(&mut rows, line, |row| &mut row.before);
            }
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        if has_names(&wanted) {
            rows.sort_by_cached_key(|row| (search_words(&row.name).collect::<Vec<String>>(), row.id.clone()));
        } else {
            // The order of names says something of them.
            rows.sort_by_key(|row| std::cmp::Reverse((row.now.planned, row.now.planned_us)));
        }
        let more = rows.len() > ROWS_MAX;
        rows.truncate(ROWS_MAX);
        let within = source.within(&wanted).await?;
        rows.iter_mut().for_each(|row| row.within = within.get(&row.id).cloned());
        Ok(Self { wanted, now, before, rows, more })
    }

    /// Whether rows say who or what they are of.
    pub fn has_names(&self) -> bool {
        has_names(&self.wanted)
    }
}

/// Only trainers are people.
fn has_names(wanted: &Wanted) -> bool {
    wanted.named || wanted.by != Grouping::Trainer
}

fn add(rows: &mut BTreeMap<String, Row>, line: ReportLine, part: impl Fn(&mut Row) -> &mut Sums) {
    let Some(Named { id, name }) = line.subject else { return };
    let row = rows.entry(id.clone()).or_insert_with(|| Row {
        id,
        name,
        within: None,
        now: Sums::default(),
        before: Sums::default(),
    });
    part(row).add(&line.sums);
}

impl Part {
    async fn read(source: &Source<'_>, wanted: &Wanted, days: &RangeInclusive<i32>, per: Per) -> Result<Self, Refused> {
        let mut series: Vec<(RangeInclusive<i32>, Sums)> =
            per.parts(days).into_iter().map(|part| (part, Sums::default())).collect();
        let mut total = Sums::default();
        for line in source.sums(&wanted.query(days, ReportBy::Total, Some(per))).await? {
            total.add(&line.sums);
            // A week or month may have begun before the first day that is asked for.
            let day = line.from_day.max(*days.start());
            if let Some((_, sums)) = series.iter_mut().find(|(part, _)| part.contains(&day)) {
                sums.add(&line.sums);
            }
        }
        Ok(Self { total, series })
    }
}

impl Wanted {
    fn by(&self) -> ReportBy {
        match self.by {
            Grouping::Region => ReportBy::Region,
            Grouping::Institution => ReportBy::Institution,
            Grouping::Course => ReportBy::Course,
            Grouping::Group => ReportBy::Group,
            Grouping::Trainer => ReportBy::Trainer,
        }
    }

    fn query(&self, days: &RangeInclusive<i32>, by: ReportBy, per: Option<Per>) -> ReportQuery {
        let Self { branch, course, group, trainer, .. } = *self;
        ReportQuery { branch, days: days.clone(), by, per, course, group, trainer }
    }
}

impl Source<'_> {
    /// What rows are parts of, by their ids: groups are of courses, and the country's institutions of regions.
    async fn within(&self, wanted: &Wanted) -> Result<BTreeMap<String, String>, StoreError> {
        match (self, wanted.by, wanted.branch) {
            (Self::Institution(store), Grouping::Group, _) => {
                let courses = store.courses_of_groups().await?;
                Ok(courses.into_iter().map(|(group, course)| (group.to_string(), course)).collect())
            }
            (Self::Branch(store), Grouping::Institution, Branch::Country) => {
                let places = store.board_places().await?;
                Ok(places.into_iter().map(|place| (place.institution.to_string(), place.region_name)).collect())
            }
            _ => Ok(BTreeMap::new()),
        }
    }

    async fn sums(&self, query: &ReportQuery) -> Result<Vec<ReportLine>, StoreError> {
        match self {
            Self::Institution(store) => store.report_sums(query).await,
            Self::Branch(store) => store.report_sums(query).await,
        }
    }
}

/// Days, both included, as 2026-11-30.
#[derive(Serialize, ToSchema)]
pub struct ReportPeriod {
    from: String,
    to: String,
}

/// A point of a series.
#[derive(Serialize, ToSchema)]
pub struct ReportPoint {
    from: String,
    to: String,
    figures: Figures,
}

/// One of what is put side by side.
#[derive(Serialize, ToSchema)]
pub struct ReportRow {
    /// Of the region, institution, course, group or trainer; absent, as the name, of trainers for those who see no names.
    id: Option<String>,
    name: Option<String>,
    /// The title of a group's course; the name of an institution's region, where they are all of the country's.
    within: Option<String>,
    figures: Figures,
    /// In the period that it is compared with; absent where there is none.
    before: Option<Figures>,
}

/// What the lessons of some days come to. Lessons count once they are over.
#[derive(Serialize, ToSchema)]
pub struct CommitteeReport {
    #[serde(flatten)]
    period: ReportPeriod,
    /// What it is compared with.
    compare: Option<ReportPeriod>,
    /// What a point of the series is of: `day`, `week` (from Monday) or `month`.
    #[schema(value_type = String)]
    per: &'static str,
    /// What is put side by side: `region`, `institution`, `course`, `group` or `trainer`.
    #[schema(value_type = String)]
    by: &'static str,
    /// Whether people have names here.
    named: bool,
    total: Figures,
    before: Option<Figures>,
    /// Every day, week or month in order; those at the ends are cut to the period.
    series: Vec<ReportPoint>,
    before_series: Option<Vec<ReportPoint>>,
    /// What had any lesson in one of the two periods, in the order of names where they have any; 1,500 at most.
    rows: Vec<ReportRow>,
    /// There are more.
    more: bool,
}

impl From<Report> for CommitteeReport {
    fn from(report: Report) -> Self {
        let has_names = report.has_names();
        let Report { wanted, now, before, rows, more } = report;
        let is_compared = before.is_some();
        let row = |row: Row| ReportRow {
            id: has_names.then_some(row.id),
            name: has_names.then_some(row.name),
            within: row.within,
            figures: (&row.now).into(),
            before: is_compared.then(|| (&row.before).into()),
        };
        Self {
            period: period(&wanted.periods.days),
            compare: wanted.periods.compare.as_ref().map(period),
            per: wanted.periods.per.word(),
            by: wanted.by.word(),
            named: wanted.named,
            total: (&now.total).into(),
            before: before.as_ref().map(|part| (&part.total).into()),
            series: points(&now),
            before_series: before.as_ref().map(points),
            rows: rows.into_iter().map(row).collect(),
            more,
        }
    }
}

fn points(part: &Part) -> Vec<ReportPoint> {
    let point = |(days, sums): &(RangeInclusive<i32>, Sums)| {
        let ReportPeriod { from, to } = period(days);
        ReportPoint { from, to, figures: sums.into() }
    };
    part.series.iter().map(point).collect()
}

fn period(days: &RangeInclusive<i32>) -> ReportPeriod {
    ReportPeriod { from: day_of(*days.start()).to_string(), to: day_of(*days.end()).to_string() }
}
