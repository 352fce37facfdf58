//! What administrators put right.

use super::cards::ReportCard;
use super::facts::Facts;
use super::ledger::not_sealed;
use crate::attendance::ledger::{Corrected, REASON_CHARS_MAX};
use crate::auth::ledger_seed;
use crate::http::acting::{Acting, SignedIn};
use crate::http::extract::{Ids, JsonBody};
use crate::http::problem::Refused;
use crate::http::record::Fields;
use crate::ids::{InstitutionId, LessonId, PersonId};
use crate::protocol::Problem;
use crate::text::Line;
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// What is to be put right of somebody's attendance.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// Who: somebody of the lesson with an account.
    person: String,
    /// What counts for them from now on, in microseconds: from nothing to as long as the lesson was planned or given.
    present_us: i64,
    /// Why, in 1 to 500 characters; it stands in the ledger for good, so it names nobody.
    reason: String,
}

/// Puts somebody's attendance right: what was sealed stays, and the correction is added below it with its author and its
/// reason, and sealed too.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/{lesson}/attendance/corrections", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path)), request_body = NewCorrection,
    responses((status = 201, body = ReportCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn correct(
    acting: Acting,
    SignedIn(member): SignedIn,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    JsonBody(asked): JsonBody<NewCorrection>,
) -> Result<(StatusCode, Json<ReportCard>), Refused> {
    let facts = Facts::whole(&acting, lesson).await?;
    if facts.sealed.is_none() {
        return Err(not_sealed());
    }
    let mut fields = Fields::default();
    let parsed: Option<PersonId> = asked.person.parse().ok();
    let there = parsed.filter(|person| facts.people.iter().any(|one| one.listed.person == Some(*person)));
    let person = fields.word("person", &asked.person, there, "unknown_person");
    let longest = facts.given_us().max(facts.planned.length_us());
    if !(0..=longest).contains(&asked.present_us) {
        let detail = format!("Give from 0 to {longest} microseconds: as long as the lesson was planned, or given.");
        fields.fault("present_us", "out_of_range", detail);
    }
    let reason = fields.take("reason", Line::<REASON_CHARS_MAX>::parse(&asked.reason)).map(String::from);
    fields.done()?;
    let (Some(person), Some(reason)) = (person, reason) else { return Err(Refused::no_record()) };
    let detail = json!({ "person": person.to_string(), "present_us": asked.present_us });
    let by = acting.change("attendance.correct", lesson, detail);
    let wanted = Corrected { at: acting.at, author: member.person, person, counted_us: asked.present_us, reason };
    acting.store.correct_attendance(lesson, wanted, &ledger_seed()?, &by).await?;
    let facts = Facts::read(&acting, lesson).await?;
    Ok((StatusCode::CREATED, Json(ReportCard::of(facts, acting.at))))
}
