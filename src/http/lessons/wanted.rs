//! Lessons as requests ask for them, looked at field by field.

use super::days::wall;
use super::laying_out::{Wanted, lay_out};
use super::refusals::closed_day;
use crate::auth::new_id;
use crate::http::acting::Acting;
use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::ids::{CourseId, GroupId, LessonId, PersonId, UnitId, VenueId};
use crate::schedule::series::SeriesDraft;
use crate::schedule::{Rule, Series, Span, Zone};
use crate::store::{ClosedDays, MINUTES_MAX, PlannedLesson};
use crate::text::Line;
use jiff::ToSpan;
use jiff::civil::DateTime;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;
use utoipa::ToSchema;

/// The longest title, in Unicode scalar values.
pub const TITLE_CHARS_MAX: usize = 200;

/// How often a lesson comes again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// An RRULE (RFC 5545 §3.3.10) that ends, such as `FREQ=WEEKLY;INTERVAL=2;UNTIL=20270630`.
    rule: String,
    /// Starts to leave out, as 2026-12-07T08:30.
    #[serde(default)]
    exceptions: Vec<String>,
    /// Starts to add.
    #[serde(default)]
    additions: Vec<String>,
}

/// Lessons to be planned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLessons {
    pub group: String,
    pub trainer: String,
    /// 1 to 200 characters.
    pub title: String,
    pub venue: Option<String>,
    /// A unit of the programme of the group's course.
    pub unit: Option<String>,
    /// When the first lesson starts by the wall clock, as 2026-11-30T08:30.
    pub starts: String,
    /// 1 to 720.
    pub minutes: u32,
    /// IANA name of the zone of the wall clock; the institution's unless said.
    pub time_zone: Option<String>,
    pub repeat: Option<Repeat>,
}

/// What a lesson refers to, once it was found.
struct References {
    group: Option<GroupId>,
    trainer: Option<PersonId>,
    venue: Option<VenueId>,
    unit: Option<UnitId>,
}

impl NewLessons {
    /// The plan that is asked for.
    ///
    /// # Errors
    /// With every field that can't be used.
    pub async fn read(&self, acting: &Acting) -> Result<Wanted, Refused> {
        let mut fields = Fields::default();
        let title = title(&mut fields, &self.title);
        let references = self.references(&mut fields, acting).await?;
        let zone = zone(&mut fields, acting, self.time_zone.as_deref()).await?;
        let starts = wall(&mut fields, "starts", &self.starts);
        let length = minutes(&mut fields, self.minutes);
        let series = match (starts, length, zone) {
            (Some(starts), Some(length), Some(zone)) => self.dates(&mut fields, starts, length, zone),
            _ => None,
        };
        let (Some(group), Some(trainer), Some(title), Some(series)) =
            (references.group, references.trainer, title, series)
        else {
            fields.done()?;
            return Err(Refused::no_record());
        };
        let closed = closed_during(acting, &series).await?;
        let first = PlannedLesson {
            id: LessonId(new_id(acting.at)?),
            group,
            trainer,
            title,
            venue: references.venue,
            unit: references.unit,
            span: Span { starts_at: acting.at, ends_at: acting.at },
            zone: series.draft().zone.clone(),
            series: None,
            series_start: None,
        };
        let wanted = lay_out(first, series, self.repeat.is_some(), &closed, acting.at)?;
        if let Some(name) = &wanted.shut {
            closed_day(&mut fields, name);
        }
        fields.done()?;
        Ok(wanted)
    }

    fn dates(&self, fields: &mut Fields, starts: DateTime, length: Duration, zone: Zone) -> Option<Series> {
        let (rule, exceptions, extras) = match &self.repeat {
            None => (Some(Rule::once()), BTreeSet::new(), BTreeSet::new()),
            Some(repeat) => (
                fields.take("repeat.rule", Rule::parse(&repeat.rule)),
                walls(fields, "repeat.exceptions", &repeat.exceptions),
                walls(fields, "repeat.additions", &repeat.additions),
            ),
        };
        let draft = SeriesDraft { start: starts, length, zone, rule: rule?, exceptions, extras };
        fields.take("repeat.rule", Series::new(draft))
    }

    async fn references(&self, fields: &mut Fields, acting: &Acting) -> Result<References, Refused> {
        let group = id::<GroupId>(fields, "group", Some(&self.group));
        let course = match group {
            Some(group) => group_course(fields, acting, group).await?,
            None => None,
        };
        let trainer = id(fields, "trainer", Some(&self.trainer));
        let venue = id(fields, "venue", self.venue.as_deref());
        let unit = id(fields, "unit", self.unit.as_deref());
        Ok(References {
            group: group.filter(|_| course.is_some()),
            trainer: known_trainer(fields, acting, trainer).await?,
            venue: known_venue(fields, acting, venue).await?,
            unit: known_unit(fields, acting, unit, course).await?,
        })
    }
}

/// An id in a field; what is no id is nobody's.
pub fn id<T: FromStr>(fields: &mut Fields, field: &str, text: Option<&str>) -> Option<T> {
    let text = text?;
    if text.is_empty() {
        fields.fault(field, "missing", "Choose one.");
        return None;
    }
    let parsed = text.parse().ok();
    if parsed.is_none() {
        unknown(fields, field);
    }
    parsed
}

fn unknown(fields: &mut Fields, field: &str) {
    fields.fault(field, "unknown", "There is no such record at this institution; choose another.");
}

pub fn title(fields: &mut Fields, text: &str) -> Option<String> {
    fields.take("title", Line::<TITLE_CHARS_MAX>::parse(text)).map(String::from)
}

/// A lesson's length.
pub fn minutes(fields: &mut Fields, minutes: u32) -> Option<Duration> {
    if (1..=MINUTES_MAX).contains(&minutes) {
        return Some(Duration::from_secs(u64::from(minutes) * 60));
    }
    fields.fault("minutes", "out_of_range", "A lesson ends after it starts, and at most 12 hours later.");
    None
}

async fn zone(fields: &mut Fields, acting: &Acting, name: Option<&str>) -> Result<Option<Zone>, Refused> {
    match name {
        None => super::zone_of(acting).await.map(Some),
        Some(name) => {
            let parsed = Zone::parse(name);
            if let Err(fault) = &parsed {
                fields.fault("time_zone", fault.word(), fault.to_string());
            }
            Ok(parsed.ok())
        }
    }
}

fn walls(fields: &mut Fields, field: &str, texts: &[String]) -> BTreeSet<DateTime> {
    texts.iter().filter_map(|text| wall(fields, field, text)).collect()
}

async fn group_course(fields: &mut Fields, acting: &Acting, group: GroupId) -> Result<Option<CourseId>, Refused> {
    let facts = acting.store.group_facts(group).await?;
    if facts.is_none() {
        unknown(fields, "group");
    }
    Ok(facts.map(|facts| facts.course))
}

/// The trainer, where they are one here.
pub async fn known_trainer(
    fields: &mut Fields,
    acting: &Acting,
    trainer: Option<PersonId>,
) -> Result<Option<PersonId>, Refused> {
    let Some(trainer) = trainer else { return Ok(None) };
    if acting.store.is_trainer(trainer).await? {
        return Ok(Some(trainer));
    }
    unknown(fields, "trainer");
    Ok(None)
}

/// The venue, where it is in use here.
pub async fn known_venue(
    fields: &mut Fields,
    acting: &Acting,
    venue: Option<VenueId>,
) -> Result<Option<VenueId>, Refused> {
    let Some(venue) = venue else { return Ok(None) };
    if acting.store.venue(venue).await?.is_some() {
        return Ok(Some(venue));
    }
    unknown(fields, "venue");
    Ok(None)
}

/// The unit, where it is of that course.
pub async fn known_unit(
    fields: &mut Fields,
    acting: &Acting,
    unit: Option<UnitId>,
    course: Option<CourseId>,
) -> Result<Option<UnitId>, Refused> {
    let Some(unit) = unit else { return Ok(None) };
    let of = acting.store.course_of_unit(unit).await?;
    if of.is_some() && (course.is_none() || of == course) {
        return Ok(Some(unit));
    }
    unknown(fields, "unit");
    Ok(None)
}

/// The days without lessons around a series: free times are looked for two weeks about each lesson.
async fn closed_during(acting: &Acting, dates: &Series) -> Result<Vec<ClosedDays>, Refused> {
    let originals = dates.originals();
    let first = originals.first().copied().unwrap_or(dates.draft().start).date();
    let last = originals.last().copied().unwrap_or(dates.draft().start).date();
    Ok(acting.store.closed_days(first.saturating_sub(15.days()), last.saturating_add(15.days())).await?)
}
