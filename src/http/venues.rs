//! Venues: where lessons take place that are not only at a distance.

use super::acting::{Acting, Duty, Scope};
use super::extract::{Ids, JsonBody};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{InstitutionId, VenueId};
use crate::protocol::Problem;
use crate::store::{StoreError, Venue};
use crate::text::Line;
use axum::Json;
use axum::http::StatusCode;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The longest name, in Unicode scalar values.
const NAME_CHARS_MAX: usize = 120;

/// More than any hall holds.
const CAPACITY_MAX: u32 = 10_000;

const READ: Access = Access::Within(Duty::Anyone, Some(Scope::ReadTimetable));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WriteTimetable));

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/venues",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/venues/{venue}",
            methods: &[("GET", READ), ("PATCH", WRITE), ("DELETE", WRITE)],
            handler: get(one).patch(change).delete(archive),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change, archive))]
pub(super) struct Described;

/// A venue.
#[derive(Serialize, ToSchema)]
pub struct VenueCard {
    id: String,
    name: String,
    /// How many people it holds.
    capacity: u32,
}

/// A venue to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVenue {
    /// 1 to 120 characters.
    name: String,
    /// 1 to 10 000.
    capacity: u32,
}

/// What is to be changed of a venue; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VenueChange {
    name: Option<String>,
    capacity: Option<u32>,
}

impl From<Venue> for Versioned<VenueCard> {
    fn from(venue: Venue) -> Self {
        Self { version: venue.version, record: card(venue) }
    }
}

fn card(venue: Venue) -> VenueCard {
    VenueCard { id: venue.id.to_string(), name: venue.name, capacity: venue.capacity }
}

/// The institution's venues.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/venues", tag = "timetable",
    params(("institution" = String, Path), PageQuery),
    responses((status = 200, body = Page<VenueCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<PageQuery>) -> Result<Json<Page<VenueCard>>, Refused> {
    let limit = query.limit()?;
    let venues = acting.store.venues(query.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(venues, limit, |venue| (venue.name.clone(), venue.id.to_string()), card)))
}

/// Makes a venue.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/venues", tag = "timetable",
    params(("institution" = String, Path)), request_body = NewVenue,
    responses((status = 201, body = VenueCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<NewVenue>) -> Result<Created<VenueCard>, Refused> {
    let mut fields = Fields::default();
    let name = name_of(&mut fields, &asked.name);
    let capacity = capacity_of(&mut fields, asked.capacity);
    fields.done()?;
    let id = VenueId(new_id(acting.at)?);
    let venue = Venue { id, name: name.unwrap_or_default(), capacity, version: 1 };
    let by = acting.change("venue.create", id, serde_json::json!({ "capacity": capacity }));
    acting.store.create_venue(&venue, &by).await?;
    let location = format!("/api/institutions/{}/venues/{id}", acting.institution);
    Ok(Created { location, version: venue.version, record: card(venue) })
}

/// One venue.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/venues/{venue}", tag = "timetable",
    params(("institution" = String, Path), ("venue" = String, Path)),
    responses((status = 200, body = VenueCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting, Ids(_, venue): Ids<InstitutionId, VenueId>) -> Result<Versioned<VenueCard>, Refused> {
    Ok(there(&acting, venue).await?.into())
}

/// Changes a venue; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/venues/{venue}", tag = "timetable",
    params(("institution" = String, Path), ("venue" = String, Path), ("If-Match" = String, Header)),
    request_body = VenueChange,
    responses((status = 200, body = VenueCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    Ids(_, venue): Ids<InstitutionId, VenueId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<VenueChange>,
) -> Result<Versioned<VenueCard>, Refused> {
    let before = there(&acting, venue).await?;
    let mut fields = Fields::default();
    let name = asked.name.map_or(Some(before.name), |name| name_of(&mut fields, &name));
    let capacity = asked.capacity.map_or(before.capacity, |capacity| capacity_of(&mut fields, capacity));
    fields.done()?;
    let wanted = Venue { id: venue, name: name.unwrap_or_default(), capacity, version };
    let by = acting.change("venue.change", venue, serde_json::json!({ "capacity": capacity }));
    match acting.store.change_venue(&wanted, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, venue).await?))),
        changed => changed
            .map(|()| Versioned::from(Venue { version: version.saturating_add(1), ..wanted }))
            .map_err(Into::into),
    }
}

/// Takes a venue out of use; `If-Match` names the version.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/venues/{venue}", tag = "timetable",
    params(("institution" = String, Path), ("venue" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "It is out of use"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn archive(
    acting: Acting,
    Ids(_, venue): Ids<InstitutionId, VenueId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Refused> {
    let by = acting.change("venue.archive", venue, serde_json::json!({}));
    match acting.store.archive_venue(venue, version, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, venue).await?))),
        archived => archived.map(|()| StatusCode::NO_CONTENT).map_err(Into::into),
    }
}

async fn there(acting: &Acting, venue: VenueId) -> Result<Venue, Refused> {
    acting.store.venue(venue).await?.ok_or_else(Refused::no_record)
}

fn name_of(fields: &mut Fields, name: &str) -> Option<String> {
    fields.take("name", Line::<NAME_CHARS_MAX>::parse(name)).map(String::from)
}

fn capacity_of(fields: &mut Fields, capacity: u32) -> u32 {
    if !(1..=CAPACITY_MAX).contains(&capacity) {
        fields.fault("capacity", "out_of_range", format!("A venue holds 1 to {CAPACITY_MAX} people."));
    }
    capacity
}
