//! A person's own attendance, month by month.

use super::card::{OwnLessonCard, day, zone};
use super::today::{MonthSum, month_span, sum_of};
use crate::http::acting::{Acting, SignedIn};
use crate::http::problem::Refused;
use crate::http::record::{Asked, Fields};
use crate::protocol::{Phase, Problem};
use crate::schedule::week;
use crate::store::Part;
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which month.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MonthQuery {
    /// As 2026-11; this month at the institution unless said.
    month: Option<String>,
}

/// Somebody's attendance over a month, with each lesson that is over.
#[derive(Serialize, ToSchema)]
pub struct MonthOfAttendance {
    #[serde(flatten)]
    sum: MonthSum,
    time_zone: String,
    lessons: Vec<OwnLessonCard>,
}

/// How long somebody was in the lessons of a month that are over.
#[utoipa::path(
    get, path = "/api/me/attendance", tag = "own", params(MonthQuery),
    responses((status = 200, body = MonthOfAttendance), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn month(
    acting: Acting,
    SignedIn(member): SignedIn,
    Asked(query): Asked<MonthQuery>,
) -> Result<Json<MonthOfAttendance>, Refused> {
    let zone = zone(&member.time_zone)?;
    let asked = match query.month {
        None => week::day(&zone, acting.at),
        Some(month) => {
            let mut fields = Fields::default();
            let parsed = day(&mut fields, "month", &format!("{month}-01"));
            if parsed.is_none() {
                let mut fields = Fields::default();
                fields.fault("month", "not_a_month", "Write a month as 2026-11.");
                fields.done()?;
            }
            parsed.unwrap_or_default()
        }
    };
    let span = month_span(&zone, asked);
    let presence = acting.store.presence(member.person, span.starts_at, span.ends_at).await?;
    let lessons = acting.store.own_lessons(member.person, span.starts_at, span.ends_at).await?;
    let over = lessons.into_iter().filter(|lesson| {
        lesson.cancelled_at.is_none() && matches!(lesson.phase, Phase::Ended { .. }) && lesson.part != Part::Replaced
    });
    Ok(Json(MonthOfAttendance {
        sum: sum_of(asked, presence),
        time_zone: member.time_zone.clone(),
        lessons: over.map(Into::into).collect(),
    }))
}
