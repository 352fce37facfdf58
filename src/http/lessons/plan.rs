//! New lessons, and whether they would fit.

use super::cards::{ConflictsCard, FreeSpan, PlannedCard, item};
use super::days::wall_text;
use super::laying_out::Wanted;
use super::refusals::conflict;
use super::there;
use super::wanted::NewLessons;
use crate::http::acting::Acting;
use crate::http::extract::JsonBody;
use crate::http::problem::Refused;
use crate::http::record::Created;
use crate::protocol::Problem;
use axum::Json;

/// Plans a lesson, or all lessons of a series at once, except on days without lessons. Where the trainer, the group or
/// the venue is not free for all of them, nothing is planned: 409 `timetable_conflict`, with what is in the way and the
/// nearest free times.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons", tag = "timetable",
    params(("institution" = String, Path)), request_body = NewLessons,
    responses((status = 201, body = PlannedCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn create(acting: Acting, JsonBody(asked): JsonBody<NewLessons>) -> Result<Created<PlannedCard>, Refused> {
    let Wanted { plan, skipped, .. } = asked.read(&acting).await?;
    let Some(first) = plan.lessons.first().map(|lesson| lesson.id) else { return Err(Refused::no_record()) };
    let series = plan.series.as_ref().map(|series| series.id.to_string());
    let detail = serde_json::json!({ "lessons": plan.lessons.len(), "series": series });
    acting.store.plan_lessons(&plan, &acting.change("lesson.plan", first, detail)).await?.map_err(conflict)?;
    let lesson = there(&acting, first).await?;
    let location = format!("/api/institutions/{}/lessons/{first}", acting.institution);
    let record = PlannedCard {
        lessons: plan.lessons.len(),
        skipped: skipped.into_iter().map(wall_text).collect(),
        lesson: item(lesson),
    };
    Ok(Created { location, version: 1, record })
}

/// What a plan would come to.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct CheckCard {
    /// How many lessons it has.
    lessons: usize,
    /// Starts on which no lesson is given: holidays.
    skipped: Vec<String>,
    #[serde(flatten)]
    found: ConflictsCard,
}

/// Looks whether lessons would fit; plans nothing.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/check", tag = "timetable",
    params(("institution" = String, Path)), request_body = NewLessons,
    responses((status = 200, body = CheckCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn check(acting: Acting, JsonBody(asked): JsonBody<NewLessons>) -> Result<Json<CheckCard>, Refused> {
    let Wanted { plan, skipped, .. } = asked.read(&acting).await?;
    let clashes = acting.store.check_lessons(&plan, acting.at).await?;
    let nothing = ConflictsCard { conflicts: Vec::new(), too_small: None, free: Vec::<FreeSpan>::new() };
    Ok(Json(CheckCard {
        lessons: plan.lessons.len(),
        skipped: skipped.into_iter().map(wall_text).collect(),
        found: clashes.map_or(nothing, ConflictsCard::from),
    }))
}
