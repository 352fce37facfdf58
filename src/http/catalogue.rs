//! The public catalogue: what institutions offer, for anybody, signed in or not.

use super::Shared;
use super::extract::Id;
use super::problem::Refused;
use super::record::{Asked, Fields, Page, PageQuery};
use super::routes::{Access, Route};
use crate::ids::{CourseId, RegionId};
use crate::protocol::Problem;
use crate::store::{CatalogueFilter, CourseUnit, OfferedCourse};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// How many sectors and levels there are to choose from.
const CHOICES_MAX: u32 = 200;

/// How much of a description the list shows, in Unicode scalar values.
const EXCERPT_CHARS: usize = 240;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/catalogue", methods: &[("GET", Access::Anybody)], handler: get(list) },
        Route { path: "/api/catalogue/choices", methods: &[("GET", Access::Anybody)], handler: get(choices) },
        Route { path: "/api/catalogue/{course}", methods: &[("GET", Access::Anybody)], handler: get(one) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, choices, one))]
pub(super) struct Described;

/// A course that is offered.
#[derive(Serialize, ToSchema)]
pub struct OfferCard {
    id: String,
    title: String,
    /// The language it is taught in: `ar`, `fr` or `en`.
    #[schema(value_type = String)]
    language: &'static str,
    sector: String,
    level: String,
    /// In a list, its beginning.
    description: String,
    institution: String,
    institution_name: String,
    region: String,
    region_name: String,
    /// IANA name of the zone in which `apply_until` is shown.
    time_zone: String,
    /// In microseconds since 1970; without end where absent.
    apply_until: Option<i64>,
    /// How many it takes; as many as come where absent.
    capacity: Option<u32>,
    /// How many places are free; absent where as many as come have one. Who applies for none waits for one.
    places_left: Option<u32>,
}

/// A unit of an offered course.
#[derive(Serialize, ToSchema)]
pub struct OfferedUnit {
    title: String,
    planned_minutes: u32,
}

/// An offered course with its programme.
#[derive(Serialize, ToSchema)]
pub struct OfferPage {
    offer: OfferCard,
    units: Vec<OfferedUnit>,
}

/// A region to choose.
#[derive(Serialize, ToSchema)]
pub struct RegionChoice {
    id: String,
    name: String,
}

/// What the catalogue can be narrowed to.
#[derive(Serialize, ToSchema)]
pub struct CatalogueChoices {
    sectors: Vec<String>,
    levels: Vec<String>,
    regions: Vec<RegionChoice>,
}

/// What is looked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CatalogueQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many courses, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Beginnings of words of the course or its institution, however they are written.
    search: Option<String>,
    sector: Option<String>,
    level: Option<String>,
    /// A region's id.
    region: Option<String>,
    /// `ar`, `fr` or `en`.
    language: Option<String>,
}

pub(super) fn card(course: OfferedCourse) -> OfferCard {
    OfferCard {
        id: course.id.to_string(),
        title: course.title,
        language: course.language.tag(),
        sector: course.sector,
        level: course.level,
        description: course.description,
        institution: course.institution.to_string(),
        institution_name: course.institution_name,
        region: course.region.to_string(),
        region_name: course.region_name,
        time_zone: course.time_zone,
        apply_until: course.apply_until.map(Timestamp::micros),
        capacity: course.capacity,
        places_left: course.capacity.map(|capacity| capacity.saturating_sub(course.taken)),
    }
}

fn short_card(course: OfferedCourse) -> OfferCard {
    let mut card = card(course);
    if let Some((end, _)) = card.description.char_indices().nth(EXCERPT_CHARS) {
        card.description.truncate(end);
        card.description.push('…');
    }
    card
}

/// The courses that may be applied for now.
#[utoipa::path(
    get, path = "/api/catalogue", tag = "catalogue", params(CatalogueQuery),
    responses((status = 200, body = Page<OfferCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(
    State(shared): State<Shared>,
    Asked(query): Asked<CatalogueQuery>,
) -> Result<Json<Page<OfferCard>>, Refused> {
    let page = PageQuery { after: query.after, limit: query.limit, search: query.search };
    let limit = page.limit()?;
    let mut fields = Fields::default();
    let language = query.language.and_then(|tag| super::courses::language_of(&mut fields, &tag));
    let region = query.region.map(|region| region.parse::<RegionId>());
    if matches!(region, Some(Err(_))) {
        fields.fault("region", "unknown", "No region has this id.");
    }
    fields.done()?;
    let filter = CatalogueFilter {
        search: page.search.clone().unwrap_or_default(),
        sector: query.sector.unwrap_or_default(),
        level: query.level.unwrap_or_default(),
        language,
        region: region.and_then(Result::ok),
    };
    let now = shared.app.clock.now();
    let courses = shared.app.store.catalogue(&filter, now, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(courses, limit, |course| (course.title.clone(), course.id.to_string()), short_card)))
}

/// What the catalogue can be narrowed to.
#[utoipa::path(
    get, path = "/api/catalogue/choices", tag = "catalogue",
    responses((status = 200, body = CatalogueChoices), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn choices(State(shared): State<Shared>) -> Result<Json<CatalogueChoices>, Refused> {
    let (sectors, levels) = shared.app.store.catalogue_choices(shared.app.clock.now(), CHOICES_MAX).await?;
    let regions = shared.app.store.regions().await?;
    let regions = regions.into_iter().filter(|region| region.institutions > 0);
    let regions = regions.map(|region| RegionChoice { id: region.id.to_string(), name: region.name }).collect();
    Ok(Json(CatalogueChoices { sectors, levels, regions }))
}

/// A course that may be applied for now, with its programme.
#[utoipa::path(
    get, path = "/api/catalogue/{course}", tag = "catalogue", params(("course" = String, Path)),
    responses((status = 200, body = OfferPage), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(State(shared): State<Shared>, Id(course): Id<CourseId>) -> Result<Json<OfferPage>, Refused> {
    let course = offered(&shared, course).await?;
    let units = shared.app.store.of(course.institution).units_of(course.id).await?;
    let unit = |unit: CourseUnit| OfferedUnit { title: unit.title, planned_minutes: unit.planned_minutes };
    Ok(Json(OfferPage { units: units.into_iter().map(unit).collect(), offer: card(course) }))
}

pub(super) async fn offered(shared: &Shared, course: CourseId) -> Result<OfferedCourse, Refused> {
    let course = shared.app.store.offered_course(course, shared.app.clock.now()).await?;
    course.ok_or_else(Refused::no_record)
}
