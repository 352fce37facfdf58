//! The country's regions.

use super::Shared;
use super::acting::Acting;
use super::extract::{Id, JsonBody};
use super::problem::Refused;
use super::record::{Created, Fields, IfMatch, Page, Versioned};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::RegionId;
use crate::protocol::Problem;
use crate::store::{Reach, Region, RegionRecord, StoreError};
use crate::text::Title;
use axum::Json;
use axum::extract::State;
use axum::routing::{get, patch};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

const WRITE: Access = Access::AdministratorOf(Reach::Ministry);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/regions",
            methods: &[("GET", Access::Above), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route { path: "/api/regions/{region}", methods: &[("PATCH", WRITE)], handler: patch(change) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, change))]
pub(super) struct Described;

/// A region.
#[derive(Serialize, ToSchema)]
pub struct RegionCard {
    id: String,
    name: String,
    /// How many open institutions it has.
    institutions: u64,
    version: i64,
}

/// A region to be made, or its new name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedRegion {
    /// 1 to 160 characters.
    name: String,
}

fn card(region: RegionRecord) -> RegionCard {
    let RegionRecord { id, name, institutions, version } = region;
    RegionCard { id: id.to_string(), name, institutions, version }
}

/// Every region of the country, on one page.
#[utoipa::path(
    get, path = "/api/regions", tag = "institutions",
    responses((status = 200, body = Page<RegionCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(_: Acting, State(shared): State<Shared>) -> Result<Json<Page<RegionCard>>, Refused> {
    let regions = shared.app.store.regions().await?;
    Ok(Json(Page { items: regions.into_iter().map(card).collect(), next: None }))
}

/// Makes a region; for the ministry's administrators.
#[utoipa::path(
    post, path = "/api/regions", tag = "institutions", request_body = NamedRegion,
    responses((status = 201, body = RegionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<NamedRegion>) -> Result<Created<RegionCard>, Refused> {
    let name = name_of(&asked.name)?;
    let id = RegionId(new_id(acting.at)?);
    let by = acting.change("region.create", id, serde_json::json!({}));
    acting.store.add_region(&Region { id, name: name.clone() }, &by).await?;
    let record = card(RegionRecord { id, name, institutions: 0, version: 1 });
    Ok(Created { location: format!("/api/regions/{id}"), version: 1, record })
}

/// Names a region anew; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/regions/{region}", tag = "institutions",
    params(("region" = String, Path), ("If-Match" = String, Header)), request_body = NamedRegion,
    responses((status = 200, body = RegionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    State(shared): State<Shared>,
    Id(region): Id<RegionId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<NamedRegion>,
) -> Result<Versioned<RegionCard>, Refused> {
    let wanted = Region { id: region, name: name_of(&asked.name)? };
    let by = acting.change("region.change", region, serde_json::json!({}));
    let changed = acting.store.change_region(&wanted, version, &by).await;
    if !matches!(changed, Ok(()) | Err(StoreError::Stale)) {
        changed?;
        return Err(Refused::no_record());
    }
    let regions = shared.app.store.regions().await?;
    let now = regions.into_iter().find(|known| known.id == region).ok_or_else(Refused::no_record)?;
    match changed {
        Ok(()) => Ok(Versioned { version: now.version, record: card(now) }),
        Err(_) => Err(Refused::stale(card(now))),
    }
}

fn name_of(name: &str) -> Result<String, Refused> {
    let mut fields = Fields::default();
    let name = fields.take("name", Title::parse(name)).map(String::from).unwrap_or_default();
    fields.done().map(|()| name)
}
