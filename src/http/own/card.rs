//! A lesson as its people see it in their own timetable, and the days that are asked for.

use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::protocol::Phase;
use crate::schedule::Zone;
use crate::store::{OwnLesson, StoreError};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// A lesson in somebody's own timetable. Times are microseconds since 1970-01-01T00:00:00Z.
#[derive(Serialize, ToSchema)]
pub struct OwnLessonCard {
    id: String,
    /// What they have to do with it: `trainer`, `trainee`, `replaced` (somebody gives it in their place) or `onlooker`.
    #[schema(value_type = String)]
    part: &'static str,
    title: String,
    course: String,
    course_title: String,
    /// BCP 47 tag of the language it is given in.
    language: String,
    group: String,
    group_name: String,
    trainer: String,
    trainer_name: String,
    /// Who was to give it, where somebody stands in.
    planned_trainer: Option<String>,
    venue: Option<String>,
    /// The unit of the course's programme.
    unit: Option<String>,
    starts_at: i64,
    ends_at: i64,
    /// `planned`, `live` or `ended`.
    #[schema(value_type = String)]
    phase: &'static str,
    /// Since when it is on air, or over.
    phase_since: Option<i64>,
    cancelled: bool,
    cancel_reason: Option<String>,
    improvised: bool,
    /// How long they were there, in seconds, once it is over.
    present_s: Option<i64>,
}

impl From<OwnLesson> for OwnLessonCard {
    fn from(lesson: OwnLesson) -> Self {
        let (phase, phase_since) = match lesson.phase {
            Phase::Planned => ("planned", None),
            Phase::Live { since } => ("live", Some(since.micros())),
            Phase::Ended { since } => ("ended", Some(since.micros())),
        };
        Self {
            id: lesson.id.to_string(),
            part: lesson.part.word(),
            title: lesson.title,
            course: lesson.course.to_string(),
            course_title: lesson.course_title,
            language: lesson.language,
            group: lesson.group.to_string(),
            group_name: lesson.group_name,
            trainer: lesson.trainer.to_string(),
            trainer_name: lesson.trainer_name,
            planned_trainer: lesson.planned_trainer,
            venue: lesson.venue,
            unit: lesson.unit,
            starts_at: lesson.starts_at.micros(),
            ends_at: lesson.ends_at.micros(),
            phase,
            phase_since,
            cancelled: lesson.cancelled_at.is_some(),
            cancel_reason: lesson.cancel_reason,
            improvised: lesson.improvised,
            present_s: lesson.present_us.map(|micros| micros / 1_000_000),
        }
    }
}

/// The institution's zone, by which its days are told.
pub(super) fn zone(name: &str) -> Result<Zone, Refused> {
    let unreadable = |_| StoreError::Unreadable(format!("the time zone {name:?}"));
    Zone::parse(name).map_err(|error| unreadable(error).into())
}

/// A day of a query, such as 2026-11-30.
pub(super) fn day(fields: &mut Fields, field: &str, text: &str) -> Option<Date> {
    // Strict, and within what a calendar is for: years of four digits.
    let parsed = Date::strptime("%Y-%m-%d", text).ok().filter(|day| (1970..=9_000).contains(&day.year()));
    if parsed.is_none() || text.len() != "2026-11-30".len() {
        fields.fault(field, "not_a_day", "Write a day as 2026-11-30.");
        return None;
    }
    parsed
}
