//! Trainees who may be lost, by a rule that the answer gives out.

use super::{Reader, looked};
use crate::http::acting::Acting;
use crate::http::lessons::{day, zone_of};
use crate::http::problem::Refused;
use crate::http::record::{Asked, Fields};
use crate::ids::{CourseId, GroupId, PersonId};
use crate::protocol::Problem;
use crate::rollup::calendar::{day_number, day_of};
use crate::rollup::risk::{self, Reason};
use crate::schedule::{Zone, week};
use crate::store::{RiskFilter, TraineeRecord};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many trainees are listed at most.
const LISTED_MAX: usize = 200;

/// Whose trainees are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RiskQuery {
    /// The last of the days that are looked at, as 2026-11-30; today at the institution unless said.
    to: Option<String>,
    /// Only trainees of this course.
    course: Option<String>,
    /// Only trainees of this group.
    group: Option<String>,
    /// Another last day: how many were at risk then is told, and not who.
    compare_to: Option<String>,
}

/// The rule by which trainees are found.
#[derive(Serialize, ToSchema)]
pub struct RiskRule {
    /// How many weeks are looked at; they are compared with as many before.
    weeks: u32,
    /// Who was there for less of the time, in percent: `low`.
    below_percent: f64,
    /// Whose share fell by so many points: `falling`.
    falls_by_points: f64,
    /// Who missed the last so many lessons: `missing`.
    missed_in_a_row: u32,
    /// Of who was expected in fewer lessons, nothing is said.
    lessons_at_least: u32,
}

/// A group of trainees.
#[derive(Serialize, ToSchema)]
pub struct RiskGroup {
    id: String,
    name: String,
}

/// A trainee who may be lost.
#[derive(Serialize, ToSchema)]
pub struct TraineeAtRisk {
    /// Absent, as the name, for those who see no names.
    person: Option<String>,
    name: Option<String>,
    group: RiskGroup,
    /// In how many lessons they were expected.
    lessons: u32,
    /// For which share of their time they were there.
    attendance_percent: f64,
    /// The same of the weeks before; absent where they had too few lessons then.
    before_percent: Option<f64>,
    /// How many of the last lessons they missed, one after the other.
    missed_in_a_row: u32,
    /// `low`, `falling` and `missing`: why they are listed.
    #[schema(value_type = Vec<String>)]
    reasons: Vec<&'static str>,
}

/// The trainees of an institution who may be lost.
#[derive(Serialize, ToSchema)]
pub struct TraineesAtRisk {
    rule: RiskRule,
    /// Whether people have names here.
    named: bool,
    /// How many there are.
    count: usize,
    /// How many there were on the other day that was asked for.
    before_count: Option<usize>,
    /// Who is there least comes first; 200 at most.
    trainees: Vec<TraineeAtRisk>,
    /// There are more than are listed.
    more: bool,
}

/// Somebody who was found.
struct Found {
    trainee: TraineeRecord,
    percent: f64,
    reasons: Vec<Reason>,
}

/// Trainees who may be lost: they are there too little, much less than before, or not at all any more. A trainer is told of
/// their own lessons.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/reports/at-risk", tag = "reports",
    params(("institution" = String, Path), RiskQuery),
    responses((status = 200, body = TraineesAtRisk), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn at_risk(acting: Acting, Asked(query): Asked<RiskQuery>) -> Result<Json<TraineesAtRisk>, Refused> {
    let reader = Reader::of(&acting)?;
    let mut fields = Fields::default();
    let to = query.to.as_deref().map(|text| day(&mut fields, "to", text));
    let compare_to = query.compare_to.as_deref().map(|text| day(&mut fields, "compare_to", text));
    let course = query.course.as_deref().map(|text| fields.word("course", text, text.parse().ok(), "unknown"));
    let group = query.group.as_deref().map(|text| fields.word("group", text, text.parse().ok(), "unknown"));
    fields.done()?;
    let zone = zone_of(&acting).await?;
    let today = week::day(&zone, acting.at);
    let filter = |to| filter(&zone, to, course.flatten(), group.flatten(), reader.only);
    let mut found = found(&acting, &filter(day_number(to.flatten().unwrap_or(today)))).await?;
    let before_count = match compare_to.flatten() {
        Some(day) => Some(self::found(&acting, &filter(day_number(day))).await?.len()),
        None => None,
    };
    let count = found.len();
    found.truncate(LISTED_MAX);
    if reader.named && count > 0 {
        looked(&acting, "at-risk").await?;
    }
    Ok(Json(TraineesAtRisk {
        rule: rule(),
        named: reader.named,
        count,
        before_count,
        trainees: found.into_iter().map(|found| card(found, reader.named)).collect(),
        more: count > LISTED_MAX,
    }))
}

fn rule() -> RiskRule {
    RiskRule {
        weeks: risk::WEEKS,
        below_percent: risk::BELOW_PERCENT,
        falls_by_points: risk::FALLS_BY_POINTS,
        missed_in_a_row: risk::MISSED_IN_A_ROW,
        lessons_at_least: risk::LESSONS_AT_LEAST,
    }
}

fn filter(
    zone: &Zone,
    to: i32,
    course: Option<CourseId>,
    group: Option<GroupId>,
    trainer: Option<PersonId>,
) -> RiskFilter {
    let begins = |day: i32| week::day_span(zone, day_of(day)).starts_at;
    let (recent, before) = risk::days(to);
    RiskFilter {
        from: begins(*before.start()),
        middle: begins(*recent.start()),
        to: week::day_span(zone, day_of(to)).ends_at,
        course,
        group,
        trainer,
    }
}

/// Who is at risk, those who are there least before the others.
async fn found(acting: &Acting, filter: &RiskFilter) -> Result<Vec<Found>, Refused> {
    let records = acting.store.trainee_records(filter).await?;
    let judged = records.into_iter().filter_map(|trainee| {
        let reasons = trainee.record.reasons();
        let percent = trainee.record.recent.percent().filter(|_| !reasons.is_empty())?;
        Some(Found { trainee, percent, reasons })
    });
    let mut found: Vec<Found> = judged.collect();
    // Then by their ids, which say nothing of their names.
    let last = |found: &Found| (std::cmp::Reverse(found.trainee.record.missed_in_a_row), found.trainee.person);
    found.sort_by(|one, other| one.percent.total_cmp(&other.percent).then_with(|| last(one).cmp(&last(other))));
    Ok(found)
}

fn card(found: Found, named: bool) -> TraineeAtRisk {
    let Found { trainee, percent, reasons } = found;
    TraineeAtRisk {
        person: named.then(|| trainee.person.to_string()),
        name: named.then_some(trainee.name),
        group: RiskGroup { id: trainee.group.id.to_string(), name: trainee.group.name },
        lessons: trainee.record.recent.lessons,
        attendance_percent: percent,
        before_percent: trainee.record.before.percent(),
        missed_in_a_row: trainee.record.missed_in_a_row,
        reasons: reasons.into_iter().map(Reason::word).collect(),
    }
}
