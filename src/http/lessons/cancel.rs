//! Lessons that are called off, with a word to all concerned, and given after all.

use super::cards::LessonWithSeries;
use super::change::{ChangeScope, answer};
use super::notices::told_of;
use super::there;
use crate::http::Shared;
use crate::http::acting::Acting;
use crate::http::extract::{Ids, JsonBody};
use crate::http::problem::Refused;
use crate::http::record::{Fields, IfMatch, Versioned};
use crate::ids::{InstitutionId, LessonId};
use crate::protocol::Problem;
use crate::store::{Cancelling, EditScope};
use crate::text::Line;
use axum::extract::State;
use jiff::ToSpan;
use serde::Deserialize;
use utoipa::ToSchema;

/// The longest reason, in Unicode scalar values.
const REASON_CHARS_MAX: usize = 300;

/// What is called off, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCancellation {
    scope: ChangeScope,
    /// Told to the trainees and the trainer; up to 300 characters.
    reason: Option<String>,
}

/// Calls lessons off: they stay in the timetable, struck out; the group and the trainer are told. `If-Match` names the
/// lesson's version.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/{lesson}/cancel", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path), ("If-Match" = String, Header)),
    request_body = NewCancellation,
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn cancel(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<NewCancellation>,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    there(&acting, lesson).await?;
    let mut fields = Fields::default();
    let reason = asked.reason.filter(|reason| !reason.trim().is_empty());
    let reason = reason.and_then(|reason| fields.take("reason", Line::<REASON_CHARS_MAX>::parse(&reason)));
    fields.done()?;
    call_off(&acting, &shared, lesson, version, (asked.scope.into(), reason.map(String::from))).await
}

/// Calls one lesson off without giving a reason; `If-Match` names the version.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/lessons/{lesson}", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn remove(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    call_off(&acting, &shared, lesson, version, (EditScope::This, None)).await
}

/// Puts a lesson back that was called off, where its slot is still free; `If-Match` names the version.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/{lesson}/restore", tag = "timetable",
    params(("institution" = String, Path), ("lesson" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = LessonWithSeries), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn restore(
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<LessonWithSeries>, Refused> {
    let day = there(&acting, lesson).await?.wall().date();
    let closed = acting.store.closed_days(day.saturating_sub(15.days()), day.saturating_add(15.days())).await?;
    let by = acting.change("lesson.restore", lesson, serde_json::json!({}));
    let changed = acting.store.restore_lesson(lesson, version, &closed, &by).await;
    answer(&acting, lesson, changed).await
}

async fn call_off(
    acting: &Acting,
    shared: &Shared,
    lesson: LessonId,
    version: i64,
    (scope, reason): (EditScope, Option<String>),
) -> Result<Versioned<LessonWithSeries>, Refused> {
    let concerned = acting.store.lessons_within(lesson, scope, acting.at).await?;
    let mut concerned: Vec<_> = concerned.into_iter().filter(|lesson| lesson.cancelled_at.is_none()).collect();
    if concerned.is_empty() {
        // Called off already: it is said of the lesson itself.
        concerned.push(there(acting, lesson).await?);
    }
    let told = told_of(acting, shared, &concerned, reason.as_deref()).await?;
    let detail = serde_json::json!({ "lessons": concerned.len() });
    let by = acting.change("lesson.cancel", lesson, detail);
    let author = acting.person().map(|person| person.to_string()).unwrap_or_default();
    let wanted = Cancelling { scope, version, reason, told };
    let changed = acting.store.cancel_lessons(lesson, &wanted, &author, &by).await;
    answer(acting, lesson, changed).await
}
