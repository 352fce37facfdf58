//! Courses: what an institution teaches, and what it offers in the public catalogue.

mod content;
mod download;
mod materials;
mod programme;

use super::acting::{Acting, Duty, Scope, SignedIn};
use super::extract::{Ids, JsonBody};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned, present};
use super::routes::{Access, Route};
use super::{Shared, applications};
use crate::auth::new_id;
use crate::ids::{CourseId, InstitutionId, PersonId};
use crate::protocol::Problem;
use crate::store::{CourseFilter, CourseRecord, StoreError};
use crate::text::{Description, Language, Line, Title};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::routing::{get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// The longest sector and level, in Unicode scalar values.
const WORD_CHARS_MAX: usize = 80;

/// More than follow any course at once.
const CAPACITY_MAX: u32 = 100_000;

/// 2100-01-01: times after it are slips of the hand.
const TIME_MAX: i64 = 4_102_444_800_000_000;

const READ: Access = Access::Within(Duty::Anyone, Some(Scope::ReadCourses));
const TEACH: Access = Access::Within(Duty::Staff, Some(Scope::WriteCourses));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WriteCourses));

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route {
            path: "/api/institutions/{institution}/courses",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/courses/{course}",
            methods: &[("GET", READ), ("PATCH", WRITE)],
            handler: get(one).patch(change),
        },
        Route { path: "/api/me/courses", methods: &[("GET", Access::SignedIn)], handler: get(own) },
        Route {
            path: "/api/institutions/{institution}/courses/{course}/units",
            methods: &[("PUT", WRITE)],
            handler: put(programme::replace),
        },
        Route {
            path: "/api/institutions/{institution}/courses/{course}/trainers/{person}",
            methods: &[("PUT", WRITE), ("DELETE", WRITE)],
            handler: put(programme::add_trainer).delete(programme::remove_trainer),
        },
    ];
    routes.extend(materials::routes());
    routes
}

#[derive(OpenApi)]
#[openapi(paths(
    list,
    create,
    one,
    change,
    own,
    programme::replace,
    programme::add_trainer,
    programme::remove_trainer,
    materials::list,
    materials::add_link,
    materials::add_file,
    materials::remove,
    download::file
))]
pub(super) struct Described;

/// A course.
#[derive(Serialize, ToSchema)]
pub struct CourseCard {
    id: String,
    title: String,
    /// The language it is taught in: `ar`, `fr` or `en`.
    #[schema(value_type = String)]
    language: &'static str,
    /// Empty where nobody said.
    sector: String,
    level: String,
    description: String,
    /// Whether the public catalogue offers it.
    offered: bool,
    /// Until when people may apply, in microseconds since 1970; without end where absent.
    apply_until: Option<i64>,
    /// How many trainees it takes; as many as come where absent.
    capacity: Option<u32>,
    archived: bool,
}

/// A course with its programme and its people.
#[derive(Serialize, ToSchema)]
pub struct CoursePage {
    course: CourseCard,
    units: Vec<programme::UnitCard>,
    trainers: Vec<programme::TrainerCard>,
    groups: Vec<programme::GroupOfCourseCard>,
    /// Whether who asks may change its materials.
    may_teach: bool,
}

/// A course to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCourse {
    /// 1 to 160 characters.
    title: String,
    /// `ar`, `fr` or `en`.
    language: String,
    /// At most 80 characters.
    sector: Option<String>,
    /// At most 80 characters.
    level: Option<String>,
    /// At most 8 000 characters.
    description: Option<String>,
    offered: Option<bool>,
    /// In microseconds since 1970.
    apply_until: Option<i64>,
    /// 1 to 100 000.
    capacity: Option<u32>,
}

/// What is to be changed of a course; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseChange {
    title: Option<String>,
    language: Option<String>,
    sector: Option<String>,
    level: Option<String>,
    description: Option<String>,
    offered: Option<bool>,
    /// Null: without end.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    apply_until: Option<Option<i64>>,
    /// Null: as many as come.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    capacity: Option<Option<u32>>,
    archived: Option<bool>,
}

/// Which courses are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CourseQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those that have these words, however they are written.
    search: Option<String>,
    sector: Option<String>,
    level: Option<String>,
    /// `ar`, `fr` or `en`.
    language: Option<String>,
    /// The archived ones, instead of the others.
    archived: Option<bool>,
}

fn card(course: CourseRecord) -> CourseCard {
    CourseCard {
        id: course.id.to_string(),
        title: course.title,
        language: course.language.tag(),
        sector: course.sector,
        level: course.level,
        description: course.description,
        offered: course.offered,
        apply_until: course.apply_until.map(Timestamp::micros),
        capacity: course.capacity,
        archived: course.archived_at.is_some(),
    }
}

impl From<CourseRecord> for Versioned<CourseCard> {
    fn from(course: CourseRecord) -> Self {
        Self { version: course.version, record: card(course) }
    }
}

/// The institution's courses; trainees are shown those that they follow.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/courses", tag = "courses",
    params(("institution" = String, Path), CourseQuery),
    responses((status = 200, body = Page<CourseCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<CourseQuery>) -> Result<Json<Page<CourseCard>>, Refused> {
    let page = PageQuery { after: query.after, limit: query.limit, search: query.search };
    let limit = page.limit()?;
    let mut fields = Fields::default();
    let language = query.language.and_then(|tag| language_of(&mut fields, &tag));
    fields.done()?;
    let filter = CourseFilter {
        search: page.search.clone().unwrap_or_default(),
        sector: query.sector.unwrap_or_default(),
        level: query.level.unwrap_or_default(),
        language,
        archived: query.archived.unwrap_or_default(),
        of: only_own(&acting),
    };
    let courses = acting.store.courses(&filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(courses, limit, |course| (course.title.clone(), course.id.to_string()), card)))
}

/// The courses that who signed in teaches or follows.
#[utoipa::path(
    get, path = "/api/me/courses", tag = "courses", params(PageQuery),
    responses((status = 200, body = Page<CourseCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn own(
    acting: Acting,
    SignedIn(member): SignedIn,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<CourseCard>>, Refused> {
    let limit = page.limit()?;
    let search = page.search.clone().unwrap_or_default();
    let filter = CourseFilter { search, of: Some(member.person), ..CourseFilter::default() };
    let courses = acting.store.courses(&filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(courses, limit, |course| (course.title.clone(), course.id.to_string()), card)))
}

/// Makes a course.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/courses", tag = "courses",
    params(("institution" = String, Path)), request_body = NewCourse,
    responses((status = 201, body = CourseCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<NewCourse>) -> Result<Created<CourseCard>, Refused> {
    let id = CourseId(new_id(acting.at)?);
    let blank = CourseRecord {
        id,
        title: String::new(),
        language: Language::Arabic,
        sector: String::new(),
        level: String::new(),
        description: String::new(),
        offered: false,
        apply_until: None,
        capacity: None,
        archived_at: None,
        version: 1,
    };
    let wanted = CourseChange {
        title: Some(asked.title),
        language: Some(asked.language),
        sector: asked.sector,
        level: asked.level,
        description: asked.description,
        offered: asked.offered,
        apply_until: Some(asked.apply_until),
        capacity: Some(asked.capacity),
        archived: None,
    };
    let course = changed(blank, wanted, acting.at)?;
    let by = acting.change("course.create", id, serde_json::json!({ "offered": course.offered }));
    acting.store.add_course(&course, &by).await?;
    let location = format!("/api/institutions/{}/courses/{id}", acting.institution);
    Ok(Created { location, version: course.version, record: card(course) })
}

/// One course, with its programme and its people.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/courses/{course}", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path)),
    responses((status = 200, body = CoursePage), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting, Ids(_, course): Ids<InstitutionId, CourseId>) -> Result<Versioned<CoursePage>, Refused> {
    let course = visible(&acting, course).await?;
    let page = CoursePage {
        units: acting.store.units_of(course.id).await?.into_iter().map(Into::into).collect(),
        trainers: acting.store.trainers_of(course.id).await?.into_iter().map(Into::into).collect(),
        groups: acting.store.groups_of(course.id).await?.into_iter().map(Into::into).collect(),
        may_teach: may_teach(&acting, course.id).await?,
        course: card(course.clone()),
    };
    Ok(Versioned { version: course.version, record: page })
}

/// Changes a course; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/courses/{course}", tag = "courses",
    params(("institution" = String, Path), ("course" = String, Path), ("If-Match" = String, Header)),
    request_body = CourseChange,
    responses((status = 200, body = CourseCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, course): Ids<InstitutionId, CourseId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<CourseChange>,
) -> Result<Versioned<CourseCard>, Refused> {
    let before = there(&acting, course).await?;
    let wanted = changed(CourseRecord { version, ..before }, asked, acting.at)?;
    let detail = serde_json::json!({ "offered": wanted.offered, "archived": wanted.archived_at.is_some() });
    let by = acting.change("course.change", course, detail);
    match acting.store.change_course(&wanted, &by).await {
        Err(StoreError::Stale) => return Err(Refused::stale(card(there(&acting, course).await?))),
        written => written?,
    }
    // It may take more than before.
    applications::move_up(&shared, &acting.store, course).await?;
    Ok(CourseRecord { version: version.saturating_add(1), ..wanted }.into())
}

/// The course that a change makes of another.
fn changed(before: CourseRecord, asked: CourseChange, now: Timestamp) -> Result<CourseRecord, Refused> {
    let mut fields = Fields::default();
    let title =
        asked.title.map_or(Some(before.title), |title| fields.take("title", Title::parse(&title)).map(String::from));
    let language = asked.language.map_or(Some(before.language), |tag| language_of(&mut fields, &tag));
    let sector = asked.sector.map_or(Some(before.sector), |text| optional(&mut fields, "sector", &text, word));
    let level = asked.level.map_or(Some(before.level), |text| optional(&mut fields, "level", &text, word));
    let description = asked.description.map_or(Some(before.description), |text| {
        optional(&mut fields, "description", &text, |text| Description::parse(text).map(String::from))
    });
    let apply_until = asked.apply_until.map_or(before.apply_until, |until| until.map(Timestamp));
    if apply_until.is_some_and(|until| !(0..=TIME_MAX).contains(&until.micros())) {
        fields.fault("apply_until", "out_of_range", "Choose a day before the year 2100.");
    }
    let capacity = asked.capacity.unwrap_or(before.capacity);
    if capacity.is_some_and(|capacity| !(1..=CAPACITY_MAX).contains(&capacity)) {
        fields.fault("capacity", "out_of_range", format!("A course takes 1 to {CAPACITY_MAX} trainees."));
    }
    fields.done()?;
    let archived_at = match asked.archived {
        None => before.archived_at,
        Some(true) => before.archived_at.or(Some(now)),
        Some(false) => None,
    };
    Ok(CourseRecord {
        id: before.id,
        title: title.unwrap_or_default(),
        language: language.unwrap_or(Language::Arabic),
        sector: sector.unwrap_or_default(),
        level: level.unwrap_or_default(),
        description: description.unwrap_or_default(),
        offered: asked.offered.unwrap_or(before.offered),
        apply_until,
        capacity,
        archived_at,
        version: before.version,
    })
}

fn word(text: &str) -> Result<String, crate::text::TextFault> {
    Line::<WORD_CHARS_MAX>::parse(text).map(String::from)
}

/// A text that may be empty.
fn optional(
    fields: &mut Fields,
    field: &str,
    text: &str,
    parse: impl Fn(&str) -> Result<String, crate::text::TextFault>,
) -> Option<String> {
    if text.trim().is_empty() { Some(String::new()) } else { fields.take(field, parse(text)) }
}

pub(super) fn language_of(fields: &mut Fields, tag: &str) -> Option<Language> {
    let language = Language::parse(tag).ok();
    if language.is_none() {
        fields.fault("language", "unknown_language", "Choose one of the languages ar, fr and en.");
    }
    language
}

async fn there(acting: &Acting, course: CourseId) -> Result<CourseRecord, Refused> {
    acting.store.course(course).await?.ok_or_else(Refused::no_record)
}

/// Whose courses who asks may see alone; absent where all of the institution's.
fn only_own(acting: &Acting) -> Option<PersonId> {
    let sees_all = acting.may(Duty::Staff) || acting.may(Duty::Oversight);
    acting.person().filter(|_| !sees_all)
}

/// The course, where who asks may see it: the others are not there for them.
async fn visible(acting: &Acting, course: CourseId) -> Result<CourseRecord, Refused> {
    let record = there(acting, course).await?;
    if let Some(person) = only_own(acting)
        && !acting.store.is_of_course(person, course).await?
    {
        return Err(Refused::no_record());
    }
    Ok(record)
}

/// Whether who asks may change what a course teaches with: its trainers, and administrators.
async fn may_teach(acting: &Acting, course: CourseId) -> Result<bool, Refused> {
    if acting.may(Duty::Administrator) {
        return Ok(true);
    }
    match acting.person() {
        Some(person) if acting.may(Duty::Staff) => Ok(acting.store.is_course_trainer(person, course).await?),
        _ => Ok(false),
    }
}
