//! An institution's timetable: lessons once and again and again, moved, called off, given by somebody else.

mod cancel;
mod cards;
mod change;
mod days;
mod laying_out;
mod notices;
mod plan;
mod quality;
mod refusals;
mod wanted;

pub(super) use cards::{TimetableItem, item};
pub(super) use days::{DAYS, day, wall_text, zone_of};
pub(super) use laying_out::{Wanted, lay_out};

use super::acting::{Acting, Duty, Scope, Who};
use super::extract::Ids;
use super::problem::Refused;
use super::record::{Asked, Fields, Page, Versioned};
use super::routes::{Access, Route};
use crate::ids::{InstitutionId, LessonId};
use crate::protocol::Problem;
use crate::schedule::{Span, week};
use crate::store::{LessonFilter, Outcome, TimetableLesson};
use crate::time::Timestamp;
use axum::Json;
use axum::routing::{get, post};
use cards::{LessonChoices, LessonWithSeries};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, OpenApi};

/// How many days one answer is about at most: six weeks.
const DAYS_ASKED_MAX: i64 = 42;

/// How many lessons an answer has at most.
const LESSONS_MAX: u32 = 500;

const READ: Access = Access::Within(Duty::Anyone, Some(Scope::ReadTimetable));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WriteTimetable));

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/lessons",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(plan::create),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/choices",
            methods: &[("GET", READ)],
            handler: get(choices),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/check",
            methods: &[("POST", WRITE)],
            handler: post(plan::check),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}",
            methods: &[("GET", READ), ("PATCH", WRITE), ("DELETE", WRITE)],
            handler: get(one).patch(change::change).delete(cancel::remove),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/cancel",
            methods: &[("POST", WRITE)],
            handler: post(cancel::cancel),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/restore",
            methods: &[("POST", WRITE)],
            handler: post(cancel::restore),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/quality",
            // Who neither watches over lessons nor gives this one finds none.
            methods: &[("GET", Access::Within(Duty::Anyone, None))],
            handler: get(quality::quality),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/substitute",
            methods: &[("POST", WRITE)],
            handler: post(change::substitute),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(
    list,
    choices,
    one,
    plan::create,
    plan::check,
    change::change,
    change::substitute,
    cancel::cancel,
    cancel::remove,
    cancel::restore,
    quality::quality
))]
pub(super) struct Described;

/// Which lessons.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LessonsQuery {
    /// The first day in the institution's zone, as 2026-11-30.
    from: String,
    /// The last day; at most six weeks in all.
    to: String,
    trainer: Option<String>,
    group: Option<String>,
    venue: Option<String>,
    course: Option<String>,
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many lessons, 1 to 500; 500 unless said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// The institution's lessons over some days, by their starts; those that were called off too.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons", tag = "timetable",
    params(("institution" = String, Path), LessonsQuery),
    responses((status = 200, body = Page<TimetableItem>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<LessonsQuery>) -> Result<Json<Page<TimetableItem>>, Refused> {
    let mut fields = Fields::default();
    let (from, to) = (day(&mut fields, "from", &query.from), day(&mut fields, "to", &query.to));
    if let (Some(from), Some(to)) = (from, to) {
        let days = to.duration_since(from).as_hours() / 24 + 1;
        if !(1..=DAYS_ASKED_MAX).contains(&days) {
            fields.fault("to", "out_of_range", "Ask for one day to six weeks: the last day is not before the first.");
        }
    }
    let limit = query.limit.unwrap_or(LESSONS_MAX);
    if !(1..=LESSONS_MAX).contains(&limit) {
        fields.fault("limit", "out_of_range", format!("A page has 1 to {LESSONS_MAX} lessons."));
    }
    let zone = zone_of(&acting).await?;
    let span = from.zip(to).map(|(from, to)| Span {
        starts_at: week::day_span(&zone, from).starts_at,
        ends_at: week::day_span(&zone, to).ends_at,
    });
    let nothing = Span { starts_at: Timestamp(0), ends_at: Timestamp(0) };
    let Span { starts_at: from, ends_at: to } = span.unwrap_or(nothing);
    let filter = LessonFilter {
        from,
        to,
        trainer: wanted::id(&mut fields, "trainer", query.trainer.as_deref()),
        group: wanted::id(&mut fields, "group", query.group.as_deref()),
        venue: wanted::id(&mut fields, "venue", query.venue.as_deref()),
        course: wanted::id(&mut fields, "course", query.course.as_deref()),
    };
    fields.done()?;
    let page = super::record::PageQuery { after: query.after, limit: None, search: None };
    let lessons = acting.store.timetable(&filter, page.after()?, limit.saturating_add(1)).await?;
    let outcomes = outcomes(&acting, &lessons).await?;
    let keys = |lesson: &TimetableLesson| (lesson.span.starts_at.micros(), lesson.id.to_string());
    let card = |lesson: TimetableLesson| {
        let outcome = outcomes.get(&lesson.id).copied();
        item(lesson).with(outcome)
    };
    Ok(Json(Page::of(lessons, limit, keys, card)))
}

/// How lessons went that are over, for those who may read their records: a trainer's are of their own.
async fn outcomes(acting: &Acting, lessons: &[TimetableLesson]) -> Result<BTreeMap<LessonId, Outcome>, Refused> {
    let (Who::Person(member), [first, .., last] | [first @ last]) = (&acting.who, lessons) else {
        return Ok(BTreeMap::new());
    };
    let is_own = member.institution == acting.institution;
    let trainer = match Duty::Oversight.allows(member.roles, is_own) {
        true => None,
        false if is_own && member.roles.trainer => Some(member.person),
        false => return Ok(BTreeMap::new()),
    };
    Ok(acting.store.lesson_outcomes(first.span.starts_at, last.span.starts_at, trainer).await?)
}

/// Whose timetables there are, and what lessons are planned with.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/choices", tag = "timetable",
    params(("institution" = String, Path)),
    responses((status = 200, body = LessonChoices), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn choices(acting: Acting) -> Result<Json<LessonChoices>, Refused> {
    Ok(Json(acting.store.lesson_choices(acting.person()).await?.into()))
}

/// One lesson, and the series that it is of.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path)),
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    with_series(&acting, lesson).await
}

async fn with_series(acting: &Acting, lesson: LessonId) -> Result<Versioned<LessonWithSeries>, Refused> {
    let lesson = there(acting, lesson).await?;
    let series = match lesson.series {
        Some(series) => acting.store.lesson_series(series).await?,
        None => None,
    };
    Ok(Versioned { version: lesson.version, record: LessonWithSeries::new(lesson, series) })
}

async fn there(acting: &Acting, lesson: LessonId) -> Result<TimetableLesson, Refused> {
    acting.store.timetable_lesson(lesson).await?.ok_or_else(Refused::no_record)
}
