//! Calendar periods: holidays, on which no lesson is given, and days with a name that people plan by.

use super::acting::{Acting, Duty, Scope};
use super::extract::{Ids, JsonBody};
use super::lessons::{DAYS, TimetableItem, day, item, zone_of};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{InstitutionId, PeriodId};
use crate::protocol::Problem;
use crate::schedule::{Span, week};
use crate::store::{FallingOn, HeldPeriod, Period, StoreError, TimetableLesson};
use crate::text::Line;
use axum::Json;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// The longest name, in Unicode scalar values.
const NAME_CHARS_MAX: usize = 120;

/// The longest period, in days: a school year.
const DAYS_MAX: i64 = 366;

const READ: Access = Access::Within(Duty::Anyone, Some(Scope::ReadTimetable));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WriteTimetable));

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/periods",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/periods/{period}",
            methods: &[("GET", READ), ("PATCH", WRITE), ("DELETE", WRITE)],
            handler: get(one).patch(change).delete(remove),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change, remove))]
pub(super) struct Described;

/// Days with a name.
#[derive(Serialize, ToSchema)]
pub struct PeriodCard {
    id: String,
    name: String,
    /// As 2026-11-30.
    first_day: String,
    /// Included.
    last_day: String,
    /// Whether no lesson is given on them.
    stops_lessons: bool,
    /// Whose it is, where another institution's holds here too; only that one changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_by: Option<PeriodHolder>,
    /// What `If-Match` says of it, in quotation marks.
    version: i64,
}

/// The institution whose period it is.
#[derive(Serialize, ToSchema)]
pub struct PeriodHolder {
    id: String,
    name: String,
}

/// A period that was written, and what falls on it.
#[derive(Serialize, ToSchema)]
pub struct WrittenPeriod {
    period: PeriodCard,
    /// The institution's lessons that were planned for these days, where it stops lessons, as they were.
    falling: Vec<TimetableItem>,
    /// Whether they were called off.
    cancelled: bool,
}

/// A period to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPeriod {
    /// 1 to 120 characters.
    name: String,
    /// As 2026-11-30.
    first_day: String,
    /// Included; at most a year later.
    last_day: String,
    stops_lessons: bool,
    /// Whether lessons that fall on it are called off, where it stops lessons; they stay unless said.
    #[serde(default)]
    cancel: bool,
}

/// What is to be changed of a period; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodChange {
    name: Option<String>,
    first_day: Option<String>,
    last_day: Option<String>,
    stops_lessons: Option<bool>,
    #[serde(default)]
    cancel: bool,
}

/// Which periods.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeriodsQuery {
    /// Only periods with a day from this one on, as 2026-11-30.
    from: Option<String>,
    /// Only periods with a day up to this one.
    to: Option<String>,
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// The institution's periods, and those of its region and the ministry, by their first days.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/periods", tag = "timetable",
    params(("institution" = String, Path), PeriodsQuery),
    responses((status = 200, body = Page<PeriodCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<PeriodsQuery>) -> Result<Json<Page<PeriodCard>>, Refused> {
    let mut fields = Fields::default();
    let from = query.from.as_deref().map_or(Some(DAYS.0), |text| day(&mut fields, "from", text));
    let to = query.to.as_deref().map_or(Some(DAYS.1), |text| day(&mut fields, "to", text));
    fields.done()?;
    let page = PageQuery { after: query.after, limit: query.limit, search: None };
    let limit = page.limit()?;
    let (from, to) = (from.unwrap_or(DAYS.0), to.unwrap_or(DAYS.1));
    let periods = acting.store.periods(from, to, page.after()?, limit.saturating_add(1)).await?;
    let keys = |held: &HeldPeriod| (held.period.first_day.to_string(), held.period.id.to_string());
    Ok(Json(Page::of(periods, limit, keys, |held| held_card(held, acting.institution))))
}

/// Makes a period. Where it stops lessons, the answer says which lessons were planned for its days.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/periods", tag = "timetable",
    params(("institution" = String, Path)), request_body = NewPeriod,
    responses((status = 201, body = WrittenPeriod), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<NewPeriod>) -> Result<Created<WrittenPeriod>, Refused> {
    let mut fields = Fields::default();
    let name = name_of(&mut fields, &asked.name);
    let days = days_of(&mut fields, &asked.first_day, &asked.last_day);
    fields.done()?;
    let (Some(name), Some((first_day, last_day))) = (name, days) else { return Err(Refused::no_record()) };
    let id = PeriodId(new_id(acting.at)?);
    let period = Period { id, name, first_day, last_day, stops_lessons: asked.stops_lessons, version: 1 };
    let by = acting.change("period.create", id, detail(&period, asked.cancel));
    let span = span_of(&acting, &period).await?;
    let falling = acting.store.create_period(&period, span, falling_on(asked.cancel), &by).await?;
    let location = format!("/api/institutions/{}/periods/{id}", acting.institution);
    Ok(Created { location, version: 1, record: written(period, falling, asked.cancel) })
}

/// One period of the institution's own.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/periods/{period}", tag = "timetable",
    params(("institution" = String, Path), ("period" = String, Path)),
    responses((status = 200, body = PeriodCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting, Ids(_, period): Ids<InstitutionId, PeriodId>) -> Result<Versioned<PeriodCard>, Refused> {
    let period = there(&acting, period).await?;
    Ok(Versioned { version: period.version, record: card(period) })
}

/// Changes a period; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/periods/{period}", tag = "timetable",
    params(("institution" = String, Path), ("period" = String, Path), ("If-Match" = String, Header)),
    request_body = PeriodChange,
    responses((status = 200, body = WrittenPeriod), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    Ids(_, period): Ids<InstitutionId, PeriodId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<PeriodChange>,
) -> Result<Versioned<WrittenPeriod>, Refused> {
    let before = there(&acting, period).await?;
    let mut fields = Fields::default();
    let name = asked.name.map_or(Some(before.name), |name| name_of(&mut fields, &name));
    let first_day = asked.first_day.unwrap_or_else(|| before.first_day.to_string());
    let last_day = asked.last_day.unwrap_or_else(|| before.last_day.to_string());
    let days = days_of(&mut fields, &first_day, &last_day);
    fields.done()?;
    let (Some(name), Some((first_day, last_day))) = (name, days) else { return Err(Refused::no_record()) };
    let stops_lessons = asked.stops_lessons.unwrap_or(before.stops_lessons);
    let wanted = Period { id: period, name, first_day, last_day, stops_lessons, version };
    let by = acting.change("period.change", period, detail(&wanted, asked.cancel));
    let span = span_of(&acting, &wanted).await?;
    match acting.store.change_period(&wanted, span, falling_on(asked.cancel), &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, period).await?))),
        Err(other) => Err(other.into()),
        Ok(falling) => {
            let version = version.saturating_add(1);
            let record = written(Period { version, ..wanted }, falling, asked.cancel);
            Ok(Versioned { version, record })
        }
    }
}

/// Takes a period away; lessons that it called off stay so. `If-Match` names the version.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/periods/{period}", tag = "timetable",
    params(("institution" = String, Path), ("period" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "It is gone"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn remove(
    acting: Acting,
    Ids(_, period): Ids<InstitutionId, PeriodId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Refused> {
    let by = acting.change("period.remove", period, serde_json::json!({}));
    match acting.store.remove_period(period, version, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, period).await?))),
        removed => removed.map(|()| StatusCode::NO_CONTENT).map_err(Into::into),
    }
}

async fn there(acting: &Acting, period: PeriodId) -> Result<Period, Refused> {
    acting.store.period(period).await?.ok_or_else(Refused::no_record)
}

/// The period's days in the institution's zone.
async fn span_of(acting: &Acting, period: &Period) -> Result<Span, Refused> {
    let zone = zone_of(acting).await?;
    let starts_at = week::day_span(&zone, period.first_day).starts_at;
    Ok(Span { starts_at, ends_at: week::day_span(&zone, period.last_day).ends_at })
}

fn falling_on(cancel: bool) -> FallingOn {
    if cancel { FallingOn::Cancel } else { FallingOn::Stay }
}

fn detail(period: &Period, cancel: bool) -> serde_json::Value {
    serde_json::json!({
        "first_day": period.first_day.to_string(),
        "last_day": period.last_day.to_string(),
        "stops_lessons": period.stops_lessons,
        "cancel": cancel,
    })
}

fn written(period: Period, falling: Vec<TimetableLesson>, cancel: bool) -> WrittenPeriod {
    let cancelled = cancel && period.stops_lessons;
    WrittenPeriod { period: card(period), falling: falling.into_iter().map(item).collect(), cancelled }
}

fn card(period: Period) -> PeriodCard {
    PeriodCard {
        id: period.id.to_string(),
        name: period.name,
        first_day: period.first_day.to_string(),
        last_day: period.last_day.to_string(),
        stops_lessons: period.stops_lessons,
        held_by: None,
        version: period.version,
    }
}

fn held_card(held: HeldPeriod, here: InstitutionId) -> PeriodCard {
    let holder = PeriodHolder { id: held.institution.id.to_string(), name: held.institution.name };
    PeriodCard { held_by: (held.institution.id != here).then_some(holder), ..card(held.period) }
}

fn name_of(fields: &mut Fields, name: &str) -> Option<String> {
    fields.take("name", Line::<NAME_CHARS_MAX>::parse(name)).map(String::from)
}

fn days_of(fields: &mut Fields, first: &str, last: &str) -> Option<(Date, Date)> {
    let days = (day(fields, "first_day", first), day(fields, "last_day", last));
    let (first, last) = days.0.zip(days.1)?;
    if last < first {
        fields.fault("last_day", "before_first_day", "The last day is before the first.");
    } else if last.duration_since(first).as_hours() / 24 >= DAYS_MAX {
        fields.fault("last_day", "out_of_range", "A period lasts a year at most.");
    }
    Some((first, last))
}
