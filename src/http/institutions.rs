//! Institutions: founded and closed from above, and kept by their own administrators.

use super::Shared;
use super::acting::{Acting, Duty, Who};
use super::extract::JsonBody;
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{InstitutionId, RegionId};
use crate::protocol::Problem;
use crate::store::{InstitutionFilter, InstitutionKind, InstitutionRecord, Reach, StoreError};
use crate::text::{Language, Title};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// A day's end, in minutes.
const DAY_MINUTES: u16 = 24 * 60;

const WEEKDAYS: usize = 7;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions",
            methods: &[("GET", Access::Above), ("POST", Access::AdministratorOf(Reach::Region))],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}",
            methods: &[
                ("GET", Access::Within(Duty::Anyone, None)),
                ("PATCH", Access::Within(Duty::Administrator, None)),
            ],
            handler: get(one).patch(change),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change))]
pub(super) struct Described;

/// When lessons may be given on one weekday, in minutes since midnight by the clock on the wall.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    #[schema(minimum = 0, maximum = 1439)]
    first: u16,
    #[schema(minimum = 1, maximum = 1440)]
    last: u16,
}

/// An institution.
#[derive(Serialize, ToSchema)]
pub struct InstitutionCard {
    id: String,
    region: String,
    name: String,
    /// `public`, `private` or `partner`.
    #[schema(value_type = String)]
    kind: &'static str,
    /// Whose records its administrators and committee may see: `institution`, `region` or `ministry`.
    #[schema(value_type = String)]
    reach: &'static str,
    language: String,
    /// IANA name.
    time_zone: String,
    /// Seven weekdays from Monday, null where no lesson is given; absent where nothing is said of it.
    opening_hours: Option<Vec<Option<Opening>>>,
    /// Whether who is in a lesson with the page hidden counts as present.
    away_counts: bool,
    closed_at: Option<i64>,
}

/// An institution to be founded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInstitution {
    /// 1 to 160 characters.
    name: String,
    /// The region's own where an administrator of a region founds it.
    region: Option<String>,
    /// `public`, `private` or `partner`; `public` unless said.
    kind: Option<String>,
    /// `ar`, `fr` or `en`; `ar` unless said.
    language: Option<String>,
    /// IANA name; that of who founds it unless said.
    time_zone: Option<String>,
    opening_hours: Option<Vec<Option<Opening>>>,
    /// Whether who is in a lesson with the page hidden counts as present; they do unless said.
    away_counts: Option<bool>,
    /// For the ministry's administrators: `institution` unless said.
    reach: Option<String>,
}

/// What is to be changed of an institution; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionChange {
    name: Option<String>,
    /// For the ministry's administrators.
    region: Option<String>,
    kind: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    /// An empty list says nothing of it again.
    opening_hours: Option<Vec<Option<Opening>>>,
    /// Whether who is in a lesson with the page hidden counts as present: for rates already made, too.
    away_counts: Option<bool>,
    /// For the ministry's administrators.
    reach: Option<String>,
    /// For administrators of the region or the ministry: nobody signs in at a closed institution.
    closed: Option<bool>,
}

/// Which institutions are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InstitutionQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those whose names have these words, however they are written.
    search: Option<String>,
    region: Option<String>,
    /// `public`, `private` or `partner`.
    kind: Option<String>,
    /// Only closed ones, or only open ones.
    closed: Option<bool>,
}

fn card(institution: InstitutionRecord) -> InstitutionCard {
    let hours = institution
        .opening_hours
        .map(|days| days.into_iter().map(|day| day.map(|(first, last)| Opening { first, last })).collect::<Vec<_>>());
    InstitutionCard {
        id: institution.id.to_string(),
        region: institution.region.to_string(),
        name: institution.name,
        kind: institution.kind.word(),
        reach: institution.reach.word(),
        language: institution.language,
        time_zone: institution.time_zone,
        opening_hours: hours,
        away_counts: institution.away_counts,
        closed_at: institution.closed_at.map(Timestamp::micros),
    }
}

impl From<InstitutionRecord> for Versioned<InstitutionCard> {
    fn from(institution: InstitutionRecord) -> Self {
        Self { version: institution.version, record: card(institution) }
    }
}

/// The institutions that who asks sees: the region's, or all.
#[utoipa::path(
    get, path = "/api/institutions", tag = "institutions", params(InstitutionQuery),
    responses((status = 200, body = Page<InstitutionCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(
    acting: Acting,
    State(shared): State<Shared>,
    Asked(query): Asked<InstitutionQuery>,
) -> Result<Json<Page<InstitutionCard>>, Refused> {
    let page = PageQuery { after: query.after, limit: query.limit, search: query.search };
    let limit = page.limit()?;
    let mut fields = Fields::default();
    let asked = query.region.map(|region| region_of(&mut fields, &region)).unwrap_or_default();
    let kind = query.kind.and_then(|kind| kind_of(&mut fields, &kind));
    fields.done()?;
    let (reach, region) = branch(&acting)?;
    let region = if reach == Reach::Ministry { asked } else { Some(region) };
    let filter =
        InstitutionFilter { region, kind, closed: query.closed, search: page.search.clone().unwrap_or_default() };
    let institutions = shared.app.store.institutions(&filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(institutions, limit, |one| (one.name.clone(), one.id.to_string()), card)))
}

/// Founds an institution: in one's own region, or in any for the ministry's administrators.
#[utoipa::path(
    post, path = "/api/institutions", tag = "institutions", request_body = NewInstitution,
    responses((status = 201, body = InstitutionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(
    acting: Acting,
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<NewInstitution>,
) -> Result<Created<InstitutionCard>, Refused> {
    let Who::Person(founder) = &acting.who else { return Err(Refused::forbidden()) };
    let (id, now) = (InstitutionId(new_id(acting.at)?), acting.at);
    let blank = InstitutionRecord {
        id,
        region: founder.region,
        name: String::new(),
        kind: InstitutionKind::Public,
        reach: Reach::Institution,
        language: "ar".into(),
        time_zone: founder.time_zone.clone(),
        opening_hours: None,
        away_counts: true,
        closed_at: None,
        version: 1,
    };
    let change = InstitutionChange {
        name: Some(asked.name),
        region: asked.region,
        kind: asked.kind,
        language: asked.language,
        time_zone: asked.time_zone,
        opening_hours: asked.opening_hours,
        away_counts: asked.away_counts,
        reach: asked.reach,
        closed: None,
    };
    let wanted = changed(blank, change, founder.reach, now)?;
    let detail = serde_json::json!({ "kind": wanted.kind.word(), "reach": wanted.reach.word() });
    let by = acting.change("institution.create", id, detail);
    match shared.app.store.of(id).found(&wanted, &by).await {
        Err(StoreError::Missing) => return Err(unknown_region()),
        founded => founded?,
    }
    Ok(Created { location: format!("/api/institutions/{id}"), version: 1, record: card(wanted) })
}

/// One institution.
#[utoipa::path(
    get, path = "/api/institutions/{institution}", tag = "institutions",
    params(("institution" = String, Path)),
    responses((status = 200, body = InstitutionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting) -> Result<Versioned<InstitutionCard>, Refused> {
    Ok(there(&acting).await?.into())
}

/// Changes an institution; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}", tag = "institutions",
    params(("institution" = String, Path), ("If-Match" = String, Header)), request_body = InstitutionChange,
    responses((status = 200, body = InstitutionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<InstitutionChange>,
) -> Result<Versioned<InstitutionCard>, Refused> {
    let Who::Person(member) = &acting.who else { return Err(Refused::forbidden()) };
    let own = member.institution == acting.institution;
    // Nobody closes the house that they stand in, or takes its reach from it.
    let own_standing = own && (asked.closed.is_some() || asked.reach.is_some());
    if own_standing || (asked.closed.is_some() && member.reach == Reach::Institution) {
        return Err(Refused::forbidden());
    }
    let before = there(&acting).await?;
    let detail = serde_json::json!({ "closed": asked.closed, "reach": asked.reach, "time_zone": asked.time_zone });
    let wanted = InstitutionRecord { version, ..changed(before, asked, member.reach, acting.at)? };
    let by = acting.change("institution.change", acting.institution, detail);
    match acting.store.change_itself(&wanted, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting).await?))),
        Err(StoreError::Missing) => Err(unknown_region()),
        changed => changed
            .map(|()| InstitutionRecord { version: version.saturating_add(1), ..wanted }.into())
            .map_err(Into::into),
    }
}

async fn there(acting: &Acting) -> Result<InstitutionRecord, Refused> {
    acting.store.itself().await?.ok_or_else(Refused::no_record)
}

/// What who asks may see of the country.
fn branch(acting: &Acting) -> Result<(Reach, RegionId), Refused> {
    match &acting.who {
        Who::Person(member) => Ok((member.reach, member.region)),
        Who::Key(_) => Err(Refused::forbidden()),
    }
}

/// The institution as it will be; `by` is the reach of who changes it.
fn changed(
    before: InstitutionRecord,
    asked: InstitutionChange,
    by: Reach,
    now: Timestamp,
) -> Result<InstitutionRecord, Refused> {
    let mut fields = Fields::default();
    let mut wanted = before;
    if let Some(name) = asked.name {
        wanted.name = fields.take("name", Title::parse(&name)).map(String::from).unwrap_or_default();
    }
    if let Some(region) = asked.region.and_then(|region| region_of(&mut fields, &region)) {
        if region != wanted.region && by != Reach::Ministry {
            return Err(Refused::forbidden());
        }
        wanted.region = region;
    }
    if let Some(kind) = asked.kind.and_then(|kind| kind_of(&mut fields, &kind)) {
        wanted.kind = kind;
    }
    if let Some(language) = asked.language {
        wanted.language = language_of(&mut fields, &language);
    }
    if let Some(zone) = asked.time_zone {
        wanted.time_zone = zone_of(&mut fields, zone);
    }
    if let Some(hours) = asked.opening_hours {
        wanted.opening_hours = hours_of(&mut fields, &hours);
    }
    wanted.away_counts = asked.away_counts.unwrap_or(wanted.away_counts);
    if let Some(reach) = asked.reach {
        let reach = reach_of(&mut fields, &reach).unwrap_or(wanted.reach);
        if reach != wanted.reach && by != Reach::Ministry {
            return Err(Refused::forbidden());
        }
        wanted.reach = reach;
    }
    if let Some(closed) = asked.closed {
        wanted.closed_at = if closed { wanted.closed_at.or(Some(now)) } else { None };
    }
    fields.done().map(|()| wanted)
}

fn region_of(fields: &mut Fields, region: &str) -> Option<RegionId> {
    let parsed = region.parse().ok();
    if parsed.is_none() {
        fields.fault("region", "unknown_region", UNKNOWN_REGION);
    }
    parsed
}

const UNKNOWN_REGION: &str = "No region has this id.";

fn unknown_region() -> Refused {
    let mut fields = Fields::default();
    fields.fault("region", "unknown_region", UNKNOWN_REGION);
    fields.done().err().unwrap_or_else(Refused::no_record)
}

fn kind_of(fields: &mut Fields, kind: &str) -> Option<InstitutionKind> {
    let parsed = InstitutionKind::parse(kind);
    if parsed.is_none() {
        fields.fault("kind", "unknown_kind", "An institution is public, private or partner.");
    }
    parsed
}

fn reach_of(fields: &mut Fields, reach: &str) -> Option<Reach> {
    let parsed = Reach::ALL.into_iter().find(|known| known.word() == reach);
    if parsed.is_none() {
        fields.fault("reach", "unknown_reach", "An institution's reach is institution, region or ministry.");
    }
    parsed
}

fn language_of(fields: &mut Fields, language: &str) -> String {
    match Language::parse(language) {
        Ok(language) => language.tag().into(),
        Err(error) => {
            fields.fault("language", "unknown_language", error.to_string());
            String::new()
        }
    }
}

fn zone_of(fields: &mut Fields, zone: String) -> String {
    match jiff::tz::TimeZone::get(&zone) {
        // As the zone itself is written: `africa/casablanca` is the same one.
        Ok(known) => known.iana_name().map_or(zone, str::to_owned),
        Err(_) => {
            fields.fault("time_zone", "unknown_zone", "Name a zone of the IANA database, such as Africa/Casablanca.");
            String::new()
        }
    }
}

fn hours_of(fields: &mut Fields, days: &[Option<Opening>]) -> Option<[Option<(u16, u16)>; WEEKDAYS]> {
    if days.is_empty() {
        return None;
    }
    let minutes: Vec<_> = days.iter().map(|day| day.map(|Opening { first, last }| (first, last))).collect();
    for (index, day) in minutes.iter().enumerate() {
        if day.is_some_and(|(first, last)| first >= last || last > DAY_MINUTES) {
            let detail = "A day opens before it closes, between 0 and 1440 minutes after midnight.";
            fields.fault(&format!("opening_hours.{index}"), "out_of_range", detail);
        }
    }
    let week = minutes.try_into().ok();
    if week.is_none() {
        fields.fault("opening_hours", "out_of_range", "Say it for seven weekdays from Monday.");
    }
    week
}
