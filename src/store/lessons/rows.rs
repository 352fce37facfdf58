//! A lesson's row with the names of all that it refers to.

use crate::ids::{CourseId, GroupId, LessonId, PersonId, SeriesId, UnitId, VenueId};
use crate::protocol::Phase;
use crate::schedule::{Span, Zone};
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;
use jiff::civil::DateTime;
use sqlx::FromRow;
use std::str::FromStr;

/// A record that another refers to: its id, and the name that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<I> {
    pub id: I,
    pub name: String,
}

/// A lesson as the timetable shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimetableLesson {
    pub id: LessonId,
    pub title: String,
    pub course: Named<CourseId>,
    /// BCP 47 tag of the language that the course is taught in.
    pub language: String,
    pub group: Named<GroupId>,
    pub trainer: Named<PersonId>,
    /// Who was to give it, where somebody stands in.
    pub planned_trainer: Option<Named<PersonId>>,
    pub venue: Option<Named<VenueId>>,
    pub unit: Option<Named<UnitId>>,
    pub span: Span,
    /// The zone whose wall clock it was planned by.
    pub zone: Zone,
    pub series: Option<SeriesId>,
    /// Which of the series' starts it stands for, by the wall clock.
    pub series_start: Option<DateTime>,
    pub phase: Phase,
    pub improvised: bool,
    pub cancelled_at: Option<Timestamp>,
    pub cancel_reason: Option<String>,
    /// From 1 up, one more with each change.
    pub version: i64,
}

impl TimetableLesson {
    /// When it starts by the wall clock of its zone.
    #[must_use]
    pub fn wall(&self) -> DateTime {
        self.zone.wall(self.span.starts_at)
    }

    /// Whether it was moved away from the start that its series has for it.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        // By instants: where clocks skip an hour, the wall shows another time than the series says.
        self.series_start.is_some_and(|start| self.zone.instant(start) != self.span.starts_at)
    }
}

/// A timetable's lessons under a condition, with all that [`TimetableRow`] has.
macro_rules! timetable {
    ($condition:literal) => {
        concat!(
            "SELECT lesson.id, lesson.title, course_group.course, course.title AS course_title, course.language,
                    lesson.course_group, course_group.name AS group_name, lesson.trainer,
                    person.name AS trainer_name, lesson.planned_trainer, planned.name AS planned_name,
                    lesson.venue, venue.name AS venue_name, lesson.unit, course_unit.title AS unit_title,
                    lesson.starts_at, lesson.ends_at, COALESCE(lesson.time_zone, institution.time_zone) AS time_zone,
                    lesson.series, lesson.series_start, lesson.phase, lesson.phase_since, lesson.improvised,
                    lesson.cancelled_at, lesson.cancel_reason, lesson.version
             FROM lesson
             JOIN institution ON institution.id = lesson.institution
             JOIN person ON person.institution = lesson.institution AND person.id = lesson.trainer
             JOIN course_group
                 ON course_group.institution = lesson.institution AND course_group.id = lesson.course_group
             JOIN course ON course.institution = lesson.institution AND course.id = course_group.course
             LEFT JOIN person AS planned
                 ON planned.institution = lesson.institution AND planned.id = lesson.planned_trainer
             LEFT JOIN venue ON venue.institution = lesson.institution AND venue.id = lesson.venue
             LEFT JOIN course_unit ON course_unit.institution = lesson.institution AND course_unit.id = lesson.unit ",
            $condition
        )
    };
}
pub(super) use timetable;

#[derive(FromRow)]
pub(in crate::store) struct TimetableRow {
    id: String,
    title: String,
    course: String,
    course_title: String,
    language: String,
    course_group: String,
    group_name: String,
    trainer: String,
    trainer_name: String,
    planned_trainer: Option<String>,
    planned_name: Option<String>,
    venue: Option<String>,
    venue_name: Option<String>,
    unit: Option<String>,
    unit_title: Option<String>,
    starts_at: i64,
    ends_at: i64,
    time_zone: String,
    series: Option<String>,
    series_start: Option<String>,
    phase: String,
    phase_since: Option<i64>,
    improvised: bool,
    cancelled_at: Option<i64>,
    cancel_reason: Option<String>,
    version: i64,
}

impl TryFrom<TimetableRow> for TimetableLesson {
    type Error = StoreError;

    fn try_from(row: TimetableRow) -> Result<Self, StoreError> {
        let phase = match (row.phase.as_str(), row.phase_since.map(Timestamp)) {
            ("planned", None) => Phase::Planned,
            ("live", Some(since)) => Phase::Live { since },
            ("ended", Some(since)) => Phase::Ended { since },
            _ => return Err(StoreError::Unreadable(format!("lesson {} is in no known phase", row.id))),
        };
        Ok(Self {
            phase,
            title: row.title,
            course: Named { id: id(&row.course)?, name: row.course_title },
            language: row.language,
            group: Named { id: id(&row.course_group)?, name: row.group_name },
            trainer: Named { id: id(&row.trainer)?, name: row.trainer_name },
            planned_trainer: named(row.planned_trainer, row.planned_name)?,
            venue: named(row.venue, row.venue_name)?,
            unit: named(row.unit, row.unit_title)?,
            span: Span { starts_at: Timestamp(row.starts_at), ends_at: Timestamp(row.ends_at) },
            zone: zone(&row.time_zone)?,
            series: row.series.as_deref().map(id).transpose()?,
            series_start: row.series_start.as_deref().map(wall).transpose()?,
            improvised: row.improvised,
            cancelled_at: row.cancelled_at.map(Timestamp),
            cancel_reason: row.cancel_reason,
            version: row.version,
            id: id(&row.id)?,
        })
    }
}

/// A reference that may be absent; one to what was taken away is none.
fn named<I: FromStr>(reference: Option<String>, name: Option<String>) -> Result<Option<Named<I>>, StoreError> {
    reference.zip(name).map(|(reference, name)| Ok(Named { id: id(&reference)?, name })).transpose()
}

pub(super) fn zone(name: &str) -> Result<Zone, StoreError> {
    Zone::parse(name).map_err(|_| StoreError::Unreadable(format!("the time zone {name:?}")))
}

/// A wall time as the databases keep it: 2026-11-30T08:30.
pub(super) fn wall_column(wall: DateTime) -> String {
    wall.strftime("%Y-%m-%dT%H:%M").to_string()
}

pub(super) fn wall(text: &str) -> Result<DateTime, StoreError> {
    text.parse().map_err(|_| StoreError::Unreadable(format!("the wall time {text:?}")))
}
