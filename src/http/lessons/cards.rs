//! Lessons and series as answers have them.

use super::days::wall_text;
use crate::ids::GroupId;
use crate::protocol::Phase;
use crate::schedule::{Resource, Span};
use crate::store::{Choices, Clash, Clashes, LessonSeries, Named, Outcome, TimetableLesson};
use crate::units::percent;
use serde::Serialize;
use utoipa::ToSchema;

/// A record that a lesson refers to.
#[derive(Serialize, ToSchema)]
pub struct LessonReference {
    id: String,
    name: String,
}

/// A lesson in a timetable.
#[derive(Serialize, ToSchema)]
pub struct TimetableItem {
    id: String,
    title: String,
    course: LessonReference,
    group: LessonReference,
    trainer: LessonReference,
    /// Who was to give it, where somebody stands in.
    planned_trainer: Option<LessonReference>,
    venue: Option<LessonReference>,
    unit: Option<LessonReference>,
    /// BCP 47 tag of the language it is given in.
    language: String,
    /// Microseconds since 1970-01-01T00:00:00Z.
    starts_at: i64,
    ends_at: i64,
    /// When it starts by the wall clock of its zone, as 2026-11-30T08:30.
    starts: String,
    minutes: i64,
    /// IANA name.
    time_zone: String,
    series: Option<String>,
    /// Whether it was moved away from the time that its series has for it.
    moved: bool,
    improvised: bool,
    /// `planned`, `live` or `ended`.
    #[schema(value_type = String)]
    phase: &'static str,
    /// Since when it is on air, or over.
    phase_since: Option<i64>,
    cancelled_at: Option<i64>,
    cancel_reason: Option<String>,
    /// How much later than planned it began, in microseconds, and the rate of attendance of those who were expected, in
    /// percent: in lists, of lessons that are over and settled, for those who may read their records.
    late_us: Option<i64>,
    attendance_percent: Option<f64>,
    /// What `If-Match` says of it, in quotation marks.
    version: i64,
}

/// What lessons are planned with, each in the order of their names.
#[derive(Serialize, ToSchema)]
pub struct LessonChoices {
    trainers: Vec<LessonReference>,
    groups: Vec<GroupChoice>,
    venues: Vec<LessonReference>,
    /// The groups that who asks belongs to.
    own_groups: Vec<String>,
}

/// A group to plan for.
#[derive(Serialize, ToSchema)]
pub struct GroupChoice {
    id: String,
    name: String,
    course_title: String,
}

impl From<Choices> for LessonChoices {
    fn from(choices: Choices) -> Self {
        let group = |(group, course_title): (Named<GroupId>, String)| GroupChoice {
            id: group.id.to_string(),
            name: group.name,
            course_title,
        };
        Self {
            trainers: choices.trainers.into_iter().map(reference).collect(),
            groups: choices.groups.into_iter().map(group).collect(),
            venues: choices.venues.into_iter().map(reference).collect(),
            own_groups: choices.own_groups.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What makes lessons again and again.
#[derive(Serialize, ToSchema)]
pub struct SeriesCard {
    id: String,
    /// An RRULE (RFC 5545 §3.3.10).
    rule: String,
    /// Its first start by the wall clock.
    starts: String,
    /// Its last one.
    last: String,
    time_zone: String,
    minutes: u64,
    /// Starts that are left out.
    exceptions: Vec<String>,
    /// Starts that were added.
    additions: Vec<String>,
    /// How many lessons it has that were not called off.
    lessons: i64,
}

/// A lesson, and the series that it is of.
#[derive(Serialize, ToSchema)]
pub struct LessonWithSeries {
    lesson: TimetableItem,
    series_card: Option<SeriesCard>,
}

/// Lessons that were planned.
#[derive(Serialize, ToSchema)]
pub struct PlannedCard {
    /// The first of them.
    pub lesson: TimetableItem,
    /// How many there are.
    pub lessons: usize,
    /// Starts of the series on which no lesson is given: holidays.
    pub skipped: Vec<String>,
}

/// A stretch of time, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Serialize, ToSchema)]
pub struct FreeSpan {
    starts_at: i64,
    ends_at: i64,
}

/// A lesson in the way.
#[derive(Serialize, ToSchema)]
pub struct ConflictCard {
    lesson: String,
    title: String,
    starts_at: i64,
    ends_at: i64,
    /// Who is in both: `trainer`, `group`, `venue`.
    #[schema(value_type = Vec<String>)]
    who: Vec<&'static str>,
    trainer: Option<LessonReference>,
    group: Option<LessonReference>,
    venue: Option<LessonReference>,
    /// The wanted time that it is in the way of.
    wanted: FreeSpan,
}

/// A venue with fewer seats than the group has trainees.
#[derive(Serialize, ToSchema)]
pub struct TooSmallCard {
    venue: String,
    capacity: u32,
    size: u32,
}

/// What is in the way of a plan: the `current` of a refusal with the code `timetable_conflict`, and of a check.
#[derive(Serialize, ToSchema)]
pub struct ConflictsCard {
    pub conflicts: Vec<ConflictCard>,
    pub too_small: Option<TooSmallCard>,
    /// The nearest times at which the first lesson in difficulty would fit, nearest first.
    pub free: Vec<FreeSpan>,
}

impl LessonWithSeries {
    pub fn new(lesson: TimetableLesson, series: Option<(LessonSeries, i64)>) -> Self {
        Self { lesson: item(lesson), series_card: series.map(|(series, lessons)| series_card(&series, lessons)) }
    }
}

impl From<Clashes> for ConflictsCard {
    fn from(clashes: Clashes) -> Self {
        Self {
            conflicts: clashes.lessons.into_iter().map(conflict).collect(),
            too_small: clashes.too_small.map(|small| TooSmallCard {
                venue: small.venue,
                capacity: small.capacity,
                size: small.size,
            }),
            free: clashes.free.into_iter().map(free_span).collect(),
        }
    }
}

fn reference<I: ToString>(named: Named<I>) -> LessonReference {
    LessonReference { id: named.id.to_string(), name: named.name }
}

pub fn item(lesson: TimetableLesson) -> TimetableItem {
    let (phase, phase_since) = match lesson.phase {
        Phase::Planned => ("planned", None),
        Phase::Live { since } => ("live", Some(since.micros())),
        Phase::Ended { since } => ("ended", Some(since.micros())),
    };
    TimetableItem {
        id: lesson.id.to_string(),
        starts: wall_text(lesson.wall()),
        moved: lesson.is_moved(),
        minutes: i64::try_from(lesson.span.length().as_secs() / 60).unwrap_or(i64::MAX),
        time_zone: lesson.zone.name().to_owned(),
        title: lesson.title,
        course: reference(lesson.course),
        group: reference(lesson.group),
        trainer: reference(lesson.trainer),
        planned_trainer: lesson.planned_trainer.map(reference),
        venue: lesson.venue.map(reference),
        unit: lesson.unit.map(reference),
        language: lesson.language,
        starts_at: lesson.span.starts_at.micros(),
        ends_at: lesson.span.ends_at.micros(),
        series: lesson.series.map(|series| series.to_string()),
        improvised: lesson.improvised,
        phase,
        phase_since,
        cancelled_at: lesson.cancelled_at.map(crate::time::Timestamp::micros),
        cancel_reason: lesson.cancel_reason,
        late_us: None,
        attendance_percent: None,
        version: lesson.version,
    }
}

impl TimetableItem {
    /// The same with how it went.
    pub fn with(self, outcome: Option<Outcome>) -> Self {
        let attendance_percent = outcome.and_then(|outcome| percent(outcome.counted_us, outcome.expected_us));
        Self { late_us: outcome.map(|outcome| outcome.late_us), attendance_percent, ..self }
    }
}

fn series_card(series: &LessonSeries, lessons: i64) -> SeriesCard {
    let draft = series.dates.draft();
    SeriesCard {
        id: series.id.to_string(),
        rule: draft.rule.to_string(),
        starts: wall_text(draft.start),
        last: wall_text(series.dates.originals().last().copied().unwrap_or(draft.start)),
        time_zone: draft.zone.name().to_owned(),
        minutes: draft.length.as_secs() / 60,
        exceptions: draft.exceptions.iter().copied().map(wall_text).collect(),
        additions: draft.extras.iter().copied().map(wall_text).collect(),
        lessons,
    }
}

fn free_span(span: Span) -> FreeSpan {
    FreeSpan { starts_at: span.starts_at.micros(), ends_at: span.ends_at.micros() }
}

fn conflict(clash: Clash) -> ConflictCard {
    let who = clash.who.iter().map(|who| match who {
        Resource::Trainer(_) => "trainer",
        Resource::Group(_) => "group",
        Resource::Venue(_) => "venue",
    });
    let who = who.collect();
    let (trainer, group, venue) = match clash.details {
        Some(details) => (Some(details.trainer), Some(details.group), details.venue),
        None => (None, None, None),
    };
    ConflictCard {
        lesson: clash.lesson.to_string(),
        title: clash.title,
        starts_at: clash.span.starts_at.micros(),
        ends_at: clash.span.ends_at.micros(),
        who,
        trainer: trainer.map(reference),
        group: group.map(reference),
        venue: venue.map(reference),
        wanted: free_span(clash.wanted),
    }
}
