//! A course's programme, and who teaches it.

use super::super::acting::Acting;
use super::super::extract::{Ids, JsonBody, ThreeIds};
use super::super::problem::Refused;
use super::super::record::{Fields, IfMatch, Versioned};
use super::{card, there};
use crate::auth::new_id;
use crate::ids::{CourseId, InstitutionId, PersonId, UnitId};
use crate::protocol::Problem;
use crate::store::{CourseUnit, GroupOfCourse, Person, StoreError};
use crate::text::Title;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// How many units a programme has at most.
const UNITS_MAX: usize = 200;

/// The longest unit: two thousand hours.
const MINUTES_MAX: u32 = 120_000;

/// A unit of a programme.
#[derive(Serialize, ToSchema)]
pub struct UnitCard {
    id: String,
    title: String,
    planned_minutes: u32,
}

impl From<CourseUnit> for UnitCard {
    fn from(unit: CourseUnit) -> Self {
        Self { id: unit.id.to_string(), title: unit.title, planned_minutes: unit.planned_minutes }
    }
}

/// Somebody who teaches a course.
#[derive(Serialize, ToSchema)]
pub struct TrainerCard {
    id: String,
    name: String,
}

impl From<Person> for TrainerCard {
    fn from(person: Person) -> Self {
        Self { id: person.id.to_string(), name: person.name }
    }
}

/// A group that follows a course.
#[derive(Serialize, ToSchema)]
pub struct GroupOfCourseCard {
    id: String,
    name: String,
    /// How many it takes; as many as come where absent.
    capacity: Option<u32>,
    /// How many are in it.
    members: u32,
}

impl From<GroupOfCourse> for GroupOfCourseCard {
    fn from(group: GroupOfCourse) -> Self {
        Self { id: group.id.to_string(), name: group.name, capacity: group.capacity, members: group.members }
    }
}

/// A whole programme, in its order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// At most 200.
    units: Vec<UnitWanted>,
}

/// A unit of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitWanted {
    /// The unit that it is already; absent for a new one.
    id: Option<String>,
    /// 1 to 160 characters.
    title: String,
    /// 1 to 120 000.
    planned_minutes: u32,
}

/// The programme as it is now.
#[derive(Serialize, ToSchema)]
pub struct ProgrammeCard {
    units: Vec<UnitCard>,
}

/// Writes a course's whole programme; `If-Match` names the course's version.
#[utoipa::path(
    put, path = "/api/institutions/{institution}/courses/{course}/units", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("If-Match" = String, Header)),
    request_body = Programme,
    responses((status = 200, body = ProgrammeCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn replace(
    acting: Acting,
    Ids(_, course): Ids<InstitutionId, CourseId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<Programme>,
) -> Result<Versioned<ProgrammeCard>, Refused> {
    there(&acting, course).await?;
    let known = acting.store.units_of(course).await?.into_iter().map(|unit| unit.id).collect();
    let units = units_of(&acting, &known, asked)?;
    let by = acting.change("course.programme", course, serde_json::json!({ "units": units.len() }));
    match acting.store.replace_units(course, version, &units, &by).await {
        Err(StoreError::Stale) => return Err(Refused::stale(card(there(&acting, course).await?))),
        written => written?,
    }
    let units = units.into_iter().map(Into::into).collect();
    Ok(Versioned { version: version.saturating_add(1), record: ProgrammeCard { units } })
}

fn units_of(acting: &Acting, known: &BTreeSet<UnitId>, asked: Programme) -> Result<Vec<CourseUnit>, Refused> {
    let mut fields = Fields::default();
    if asked.units.len() > UNITS_MAX {
        fields.fault("units", "too_many", format!("A programme has at most {UNITS_MAX} units."));
        fields.done()?;
        return Ok(Vec::new());
    }
    let mut units = Vec::new();
    let mut kept = BTreeSet::new();
    for (index, unit) in asked.units.into_iter().enumerate() {
        let title = fields.take(&format!("units.{index}.title"), Title::parse(&unit.title));
        if !(1..=MINUTES_MAX).contains(&unit.planned_minutes) {
            let detail = format!("A unit takes 1 to {MINUTES_MAX} minutes.");
            fields.fault(&format!("units.{index}.planned_minutes"), "out_of_range", detail);
        }
        let id = match unit.id.map(|id| id.parse::<UnitId>()) {
            None => UnitId(new_id(acting.at)?),
            Some(Ok(id)) if known.contains(&id) && kept.insert(id) => id,
            Some(_) => {
                fields.fault(&format!("units.{index}.id"), "unknown", "This course has no such unit.");
                continue;
            }
        };
        let title = title.map(String::from).unwrap_or_default();
        units.push(CourseUnit { id, title, planned_minutes: unit.planned_minutes });
    }
    fields.done()?;
    Ok(units)
}

/// Has a trainer of the institution teach a course.
#[utoipa::path(
    put, path = "/api/institutions/{institution}/courses/{course}/trainers/{person}", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("person" = String, Path)),
    responses((status = 204, description = "They teach it"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn add_trainer(
    acting: Acting,
    ThreeIds(_, course, person): ThreeIds<InstitutionId, CourseId, PersonId>,
) -> Result<StatusCode, Refused> {
    let by = acting.change("course.add_trainer", course, serde_json::json!({ "person": person.to_string() }));
    acting.store.add_course_trainer(course, person, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has somebody teach a course no longer; lessons that are planned with them stay theirs.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/courses/{course}/trainers/{person}", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("person" = String, Path)),
    responses((status = 204, description = "They teach it no longer"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub(super) async fn remove_trainer(
    acting: Acting,
    ThreeIds(_, course, person): ThreeIds<InstitutionId, CourseId, PersonId>,
) -> Result<StatusCode, Refused> {
    let by = acting.change("course.remove_trainer", course, serde_json::json!({ "person": person.to_string() }));
    acting.store.remove_course_trainer(course, person, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}
