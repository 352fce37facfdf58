//! Groups of trainees, and who is in them.

use super::acting::{Acting, Duty, Scope};
use super::extract::{Ids, JsonBody, ThreeIds};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned, present};
use super::routes::{Access, Route};
use super::{Shared, applications};
use crate::auth::new_id;
use crate::ids::{CourseId, GroupId, InstitutionId, PersonId};
use crate::protocol::Problem;
use crate::store::{Group, GroupFilter, GroupMember, GroupRecord, StoreError};
use crate::text::Title;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// The most members of a group.
const CAPACITY_MAX: u32 = 10_000;

const READ: Access = Access::Within(Duty::Anyone, Some(Scope::ReadCourses));
const WRITE: Access = Access::Within(Duty::Administrator, Some(Scope::WriteCourses));
const READ_MEMBERS: Access = Access::Within(Duty::Staff, Some(Scope::ReadPeople));
const WRITE_MEMBERS: Access = Access::Within(Duty::Administrator, Some(Scope::WritePeople));

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/groups",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/groups/{group}",
            methods: &[("GET", READ), ("PATCH", WRITE)],
            handler: get(one).patch(change),
        },
        Route {
            path: "/api/institutions/{institution}/groups/{group}/members",
            methods: &[("GET", READ_MEMBERS)],
            handler: get(members),
        },
        Route {
            path: "/api/institutions/{institution}/groups/{group}/members/{person}",
            methods: &[("PUT", WRITE_MEMBERS), ("DELETE", WRITE_MEMBERS)],
            handler: put(add).delete(remove),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change, members, add, remove))]
pub(super) struct Described;

/// A group.
#[derive(Serialize, ToSchema)]
pub struct GroupCard {
    id: String,
    course: String,
    course_title: String,
    name: String,
    /// How many members it takes; as many as come where it is null.
    capacity: Option<u32>,
    members: u32,
    /// Whether its members count as minors, whose records are kept for a shorter time; as the institution says where it
    /// is null.
    minors: Option<bool>,
    archived_at: Option<i64>,
}

/// Somebody in a group.
#[derive(Serialize, ToSchema)]
pub struct MemberCard {
    person: String,
    name: String,
    external_id: Option<String>,
    since: i64,
}

/// A group to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    course: String,
    /// 1 to 160 characters.
    name: String,
    /// 1 to 10 000; as many as come where it is absent.
    capacity: Option<u32>,
}

/// What is to be changed of a group; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    name: Option<String>,
    /// Null: as many as come.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    capacity: Option<Option<u32>>,
    /// Null: as the institution says.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<bool>)]
    minors: Option<Option<bool>>,
    /// Whether it is out of use.
    archived: Option<bool>,
}

/// Which groups are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GroupQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Words of the group's name or its course's title, however they are written.
    search: Option<String>,
    course: Option<String>,
    /// Only those that this person is in.
    member: Option<String>,
    /// Those out of use, instead of the others.
    archived: Option<bool>,
}

impl From<GroupRecord> for Versioned<GroupCard> {
    fn from(group: GroupRecord) -> Self {
        Self { version: group.version, record: card(group) }
    }
}

fn card(group: GroupRecord) -> GroupCard {
    GroupCard {
        id: group.id.to_string(),
        course: group.course.to_string(),
        course_title: group.course_title,
        name: group.name,
        capacity: group.capacity,
        members: group.members,
        minors: group.minors,
        archived_at: group.archived_at.map(Timestamp::micros),
    }
}

fn member_card(member: GroupMember) -> MemberCard {
    let GroupMember { person, name, external_id, since } = member;
    MemberCard { person: person.to_string(), name, external_id, since: since.micros() }
}

/// The institution's groups.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/groups", tag = "groups",
    params(("institution" = String, Path), GroupQuery),
    responses((status = 200, body = Page<GroupCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<GroupQuery>) -> Result<Json<Page<GroupCard>>, Refused> {
    let mut fields = Fields::default();
    let course = query.course.and_then(|id| fields.word("course", &id, id.parse().ok(), "unknown_course"));
    let member = query.member.and_then(|id| fields.word("member", &id, id.parse().ok(), "unknown_person"));
    fields.done()?;
    if member.is_some() && member != acting.person() && !acting.may(Duty::Oversight) {
        return Err(Refused::forbidden());
    }
    let page = PageQuery { after: query.after, limit: query.limit, search: query.search };
    let limit = page.limit()?;
    let archived = query.archived.unwrap_or_default();
    let filter = GroupFilter { course, member, archived, search: page.search.clone().unwrap_or_default() };
    let groups = acting.store.groups(&filter, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(groups, limit, |group| (group.name.clone(), group.id.to_string()), card)))
}

/// Makes a group of a course.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/groups", tag = "groups",
    params(("institution" = String, Path)), request_body = NewGroup,
    responses((status = 201, body = GroupCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<NewGroup>) -> Result<Created<GroupCard>, Refused> {
    let mut fields = Fields::default();
    let name = fields.take("name", Title::parse(&asked.name)).map(String::from).unwrap_or_default();
    check_capacity(&mut fields, asked.capacity);
    let course: Option<CourseId> = fields.word("course", &asked.course, asked.course.parse().ok(), "unknown_course");
    let (Some(course), true) = (course, fields.are_good()) else {
        return Err(fields.done().err().unwrap_or_else(Refused::no_record));
    };
    let id = GroupId(new_id(acting.at)?);
    let detail = serde_json::json!({ "course": course.to_string(), "capacity": asked.capacity });
    let by = acting.change("group.create", id, detail);
    match acting.store.add_group(&Group { id, course, name }, asked.capacity, &by).await {
        Err(StoreError::Missing) => {
            fields.fault("course", "unknown_course", "The institution gives no such course.");
            fields.done()?;
        }
        added => added?,
    }
    let location = format!("/api/institutions/{}/groups/{id}", acting.institution);
    Ok(Created { location, version: 1, record: card(there(&acting, id).await?) })
}

/// One group.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/groups/{group}", tag = "groups",
    params(("institution" = String, Path), ("group" = String, Path)),
    responses((status = 200, body = GroupCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(acting: Acting, Ids(_, group): Ids<InstitutionId, GroupId>) -> Result<Versioned<GroupCard>, Refused> {
    Ok(there(&acting, group).await?.into())
}

/// Changes a group, or takes it out of use; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/groups/{group}", tag = "groups",
    params(("institution" = String, Path), ("group" = String, Path), ("If-Match" = String, Header)),
    request_body = GroupChange,
    responses((status = 200, body = GroupCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, group): Ids<InstitutionId, GroupId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<GroupChange>,
) -> Result<Versioned<GroupCard>, Refused> {
    let mut wanted = there(&acting, group).await?;
    wanted.version = version;
    let mut fields = Fields::default();
    if let Some(name) = asked.name {
        wanted.name = fields.take("name", Title::parse(&name)).map(String::from).unwrap_or_default();
    }
    if let Some(capacity) = asked.capacity {
        check_capacity(&mut fields, capacity);
        wanted.capacity = capacity;
    }
    wanted.minors = asked.minors.unwrap_or(wanted.minors);
    if let Some(archived) = asked.archived {
        wanted.archived_at = if archived { wanted.archived_at.or(Some(acting.at)) } else { None };
    }
    let detail = serde_json::json!({
        "capacity": wanted.capacity, "minors": wanted.minors, "archived": wanted.archived_at.is_some()
    });
    let members = wanted.members;
    if wanted.capacity.is_some_and(|capacity| members > capacity) {
        fields.fault("capacity", "too_few", format!("The group has {members} members; take some out of it first."));
    }
    fields.done()?;
    let by = acting.change("group.change", group, detail);
    match acting.store.change_group(&wanted, &by).await {
        Err(StoreError::Stale) => return Err(Refused::stale(card(there(&acting, group).await?))),
        changed => changed?,
    }
    // It may take more than before.
    applications::move_up(&shared, &acting.store, wanted.course).await?;
    Ok(GroupRecord { version: version.saturating_add(1), ..wanted }.into())
}

/// Who is in a group.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/groups/{group}/members", tag = "groups",
    params(("institution" = String, Path), ("group" = String, Path), PageQuery),
    responses((status = 200, body = Page<MemberCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn members(
    acting: Acting,
    Ids(_, group): Ids<InstitutionId, GroupId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<MemberCard>>, Refused> {
    there(&acting, group).await?;
    let limit = query.limit()?;
    let members = acting.store.members(group, query.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(members, limit, |member| (member.name.clone(), member.person.to_string()), member_card)))
}

/// Puts somebody into a group.
#[utoipa::path(
    put, path = "/api/institutions/{institution}/groups/{group}/members/{person}", tag = "groups",
    params(("institution" = String, Path), ("group" = String, Path), ("person" = String, Path)),
    responses((status = 204, description = "They are in it"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn add(
    acting: Acting,
    ThreeIds(_, group, person): ThreeIds<InstitutionId, GroupId, PersonId>,
) -> Result<StatusCode, Refused> {
    let by = acting.change("group.add_member", group, serde_json::json!({ "person": person.to_string() }));
    acting.store.add_member(group, person, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody out of a group; whoever waits longest for the place gets it.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/groups/{group}/members/{person}", tag = "groups",
    params(("institution" = String, Path), ("group" = String, Path), ("person" = String, Path)),
    responses((status = 204, description = "They are not in it"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn remove(
    acting: Acting,
    State(shared): State<Shared>,
    ThreeIds(_, group, person): ThreeIds<InstitutionId, GroupId, PersonId>,
) -> Result<StatusCode, Refused> {
    let by = acting.change("group.remove_member", group, serde_json::json!({ "person": person.to_string() }));
    acting.store.remove_member(group, person, &by).await?;
    if let Some(group) = acting.store.group(group).await? {
        applications::move_up(&shared, &acting.store, group.course).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn there(acting: &Acting, group: GroupId) -> Result<GroupRecord, Refused> {
    acting.store.group(group).await?.ok_or_else(Refused::no_record)
}

fn check_capacity(fields: &mut Fields, capacity: Option<u32>) {
    if capacity.is_some_and(|capacity| !(1..=CAPACITY_MAX).contains(&capacity)) {
        fields.fault("capacity", "out_of_range", format!("A group takes 1 to {CAPACITY_MAX} members."));
    }
}
