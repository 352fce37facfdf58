//! Announcements: what institutions tell, and what people are told.

use super::Shared;
use super::acting::{Acting, Duty, Scope, SignedIn, Who};
use super::extract::{Id, Ids, JsonBody};
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned, present};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{AnnouncementId, CourseId, GroupId, InstitutionId, RegionId};
use crate::protocol::Problem;
use crate::store::{Announcement, Audience, Listener, Member, Reach, StoreError, Told};
use crate::text::{Description, Title};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// 2100-01-01: times after it are slips of the hand.
const TIME_MAX: i64 = 4_102_444_800_000_000;

const READ: Access = Access::Within(Duty::Staff, Some(Scope::ReadAnnouncements));
const WRITE: Access = Access::Within(Duty::Staff, Some(Scope::WriteAnnouncements));

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/announcements",
            methods: &[("GET", READ), ("POST", WRITE)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/announcements/{announcement}",
            methods: &[("GET", READ), ("PATCH", WRITE)],
            handler: get(one).patch(change),
        },
        Route { path: "/api/me/announcements", methods: &[("GET", Access::SignedIn)], handler: get(told) },
        Route { path: "/api/me/announcements/unread", methods: &[("GET", Access::SignedIn)], handler: get(unread) },
        Route {
            path: "/api/me/announcements/{announcement}/read",
            methods: &[("POST", Access::SignedIn)],
            handler: post(read),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change, told, unread, read))]
pub(super) struct Described;

/// An announcement.
#[derive(Serialize, ToSchema)]
pub struct AnnouncementCard {
    id: String,
    institution: String,
    institution_name: String,
    /// `institution`, `region`, `ministry`, `course` or `group`.
    #[schema(value_type = String)]
    audience: &'static str,
    /// The region, course or group.
    audience_id: Option<String>,
    /// The course's or group's name.
    audience_name: Option<String>,
    title: String,
    body: String,
    /// Where somebody of the institution wrote it.
    author_name: Option<String>,
    /// The day that it is about, which puts it into calendars: 2026-11-30.
    day: Option<String>,
    by_mail: bool,
    published_at: i64,
    expires_at: Option<i64>,
    withdrawn: bool,
    /// Whether who asks may change it.
    may_change: bool,
}

/// An announcement as somebody is told it.
#[derive(Serialize, ToSchema)]
pub struct ToldCard {
    announcement: AnnouncementCard,
    unread: bool,
}

/// How many announcements somebody has not read.
#[derive(Serialize, ToSchema)]
pub struct UnreadCount {
    unread: u64,
}

/// An announcement to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    /// `institution`, `region`, `ministry`, `course` or `group`.
    audience: String,
    /// The course or group; for the ministry's administrators, the region (for a region's, it is theirs).
    audience_id: Option<String>,
    /// 1 to 160 characters.
    title: String,
    /// 1 to 8 000 characters.
    body: String,
    /// As 2026-11-30.
    day: Option<String>,
    /// Until when people are told it, in microseconds since 1970.
    expires_at: Option<i64>,
    /// Whether everybody with an address gets it by mail too.
    by_mail: Option<bool>,
}

/// What is to be changed of an announcement; what is absent stays. What went out by mail stays out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementChange {
    title: Option<String>,
    body: Option<String>,
    /// Null: about no day.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    day: Option<Option<String>>,
    /// Null: without end.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    expires_at: Option<Option<i64>>,
    /// Nobody is told it any more.
    withdrawn: Option<bool>,
}

fn card(announcement: Announcement, may_change: bool) -> AnnouncementCard {
    let audience_id = match announcement.audience {
        Audience::Institution | Audience::Ministry => None,
        Audience::Region(region) => Some(region.to_string()),
        Audience::Course(course) => Some(course.to_string()),
        Audience::Group(group) => Some(group.to_string()),
    };
    AnnouncementCard {
        id: announcement.id.to_string(),
        institution: announcement.institution.to_string(),
        institution_name: announcement.institution_name,
        audience: announcement.audience.word(),
        audience_id,
        audience_name: announcement.audience_name,
        title: announcement.title,
        body: announcement.body,
        author_name: announcement.author_name,
        day: announcement.day,
        by_mail: announcement.by_mail,
        published_at: announcement.published_at.micros(),
        expires_at: announcement.expires_at.map(Timestamp::micros),
        withdrawn: announcement.withdrawn_at.is_some(),
        may_change,
    }
}

/// Administrators change all of the institution's; trainers their own.
fn may_change(acting: &Acting, announcement: &Announcement) -> bool {
    let own = acting.person().is_some_and(|person| person.to_string() == announcement.author);
    own || acting.may(Duty::Administrator)
}

fn versioned(acting: &Acting, announcement: Announcement) -> Versioned<AnnouncementCard> {
    let may_change = may_change(acting, &announcement);
    Versioned { version: announcement.version, record: card(announcement, may_change) }
}

/// What the institution announced, the newest first; trainers see their own.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/announcements", tag = "announcements",
    params(("institution" = String, Path), PageQuery),
    responses((status = 200, body = Page<AnnouncementCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(page): Asked<PageQuery>) -> Result<Json<Page<AnnouncementCard>>, Refused> {
    let limit = page.limit()?;
    let author = acting.person().filter(|_| !acting.may(Duty::Administrator));
    let found = acting.store.announcements(author, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(
        found,
        limit,
        |one| (one.published_at.micros(), one.id.to_string()),
        |one| {
            let may_change = may_change(&acting, &one);
            card(one, may_change)
        },
    )))
}

/// Publishes an announcement. A trainer's goes to courses that they teach and groups of these; an administrator's to
/// their institution, or as far as it reaches.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/announcements", tag = "announcements",
    params(("institution" = String, Path)), request_body = NewAnnouncement,
    responses((status = 201, body = AnnouncementCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(
    acting: Acting,
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<NewAnnouncement>,
) -> Result<Created<AnnouncementCard>, Refused> {
    let mut fields = Fields::default();
    let audience = audience_of(&acting, &mut fields, &asked);
    let title = fields.take("title", Title::parse(&asked.title)).map(String::from);
    let body = fields.take("body", Description::parse(&asked.body)).map(String::from);
    let day = asked.day.and_then(|day| day_of(&mut fields, &day));
    let expires_at = asked.expires_at.map(Timestamp);
    check_expiry(&mut fields, expires_at, acting.at);
    fields.done()?;
    let audience = audience.ok_or_else(Refused::no_record)?;
    may_announce(&acting, audience).await?;
    let id = AnnouncementId(new_id(acting.at)?);
    let author = match &acting.who {
        Who::Person(member) => member.person.to_string(),
        Who::Key(key) => key.to_string(),
    };
    let announcement = Announcement {
        id,
        institution: acting.institution,
        institution_name: String::new(),
        audience,
        audience_name: None,
        title: title.unwrap_or_default(),
        body: body.unwrap_or_default(),
        author,
        author_name: None,
        day,
        // Where no mail is sent now, none is once it is switched on.
        by_mail: asked.by_mail.unwrap_or_default() && shared.app.options.mail,
        published_at: acting.at,
        expires_at,
        withdrawn_at: None,
        version: 1,
    };
    let detail = serde_json::json!({ "audience": audience.word(), "by_mail": announcement.by_mail });
    acting.store.announce(&announcement, &acting.change("announcement.create", id, detail)).await?;
    let written = there(&acting, id).await?;
    let location = format!("/api/institutions/{}/announcements/{id}", acting.institution);
    Ok(Created { location, version: written.version, record: card(written, true) })
}

/// One announcement.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/announcements/{announcement}", tag = "announcements",
    params(("institution" = String, Path), ("announcement" = String, Path)),
    responses((status = 200, body = AnnouncementCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(
    acting: Acting,
    Ids(_, announcement): Ids<InstitutionId, AnnouncementId>,
) -> Result<Versioned<AnnouncementCard>, Refused> {
    let announcement = there(&acting, announcement).await?;
    if !may_change(&acting, &announcement) {
        return Err(Refused::no_record());
    }
    Ok(versioned(&acting, announcement))
}

/// Changes or withdraws an announcement; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/announcements/{announcement}", tag = "announcements",
    params(("institution" = String, Path), ("announcement" = String, Path), ("If-Match" = String, Header)),
    request_body = AnnouncementChange,
    responses((status = 200, body = AnnouncementCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    acting: Acting,
    Ids(_, announcement): Ids<InstitutionId, AnnouncementId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<AnnouncementChange>,
) -> Result<Versioned<AnnouncementCard>, Refused> {
    let before = there(&acting, announcement).await?;
    if !may_change(&acting, &before) {
        return Err(Refused::no_record());
    }
    let mut fields = Fields::default();
    let title = asked
        .title
        .map_or(Some(before.title.clone()), |title| fields.take("title", Title::parse(&title)).map(String::from));
    let body = asked
        .body
        .map_or(Some(before.body.clone()), |body| fields.take("body", Description::parse(&body)).map(String::from));
    let day = asked.day.map_or(before.day.clone(), |day| day.and_then(|day| day_of(&mut fields, &day)));
    let expires_at = asked.expires_at.map_or(before.expires_at, |at| at.map(Timestamp));
    if asked.expires_at.is_some() {
        check_expiry(&mut fields, expires_at, before.published_at);
    }
    fields.done()?;
    let withdrawn_at = match asked.withdrawn {
        None => before.withdrawn_at,
        Some(true) => before.withdrawn_at.or(Some(acting.at)),
        Some(false) => None,
    };
    let (title, body) = (title.unwrap_or_default(), body.unwrap_or_default());
    let wanted = Announcement { title, body, day, expires_at, withdrawn_at, version, ..before };
    let detail = serde_json::json!({ "withdrawn": withdrawn_at.is_some() });
    match acting.store.change_announcement(&wanted, &acting.change("announcement.change", announcement, detail)).await {
        Err(StoreError::Stale) => {
            let current = there(&acting, announcement).await?;
            return Err(Refused::stale(card(current, true)));
        }
        written => written?,
    }
    Ok(versioned(&acting, Announcement { version: version.saturating_add(1), ..wanted }))
}

/// What concerns who signed in, the newest first.
#[utoipa::path(
    get, path = "/api/me/announcements", tag = "announcements", params(PageQuery),
    responses((status = 200, body = Page<ToldCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn told(
    acting: Acting,
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Asked(page): Asked<PageQuery>,
) -> Result<Json<Page<ToldCard>>, Refused> {
    let limit = page.limit()?;
    let listener = listener(&member);
    let found =
        shared.app.store.announcements_for(&listener, acting.at, page.after()?, limit.saturating_add(1)).await?;
    let keys = |told: &Told| (told.announcement.published_at.micros(), told.announcement.id.to_string());
    let told = |told: Told| ToldCard { unread: told.is_unread, announcement: card(told.announcement, false) };
    Ok(Json(Page::of(found, limit, keys, told)))
}

/// How many of them they have not read.
#[utoipa::path(
    get, path = "/api/me/announcements/unread", tag = "announcements",
    responses((status = 200, body = UnreadCount), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn unread(
    acting: Acting,
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
) -> Result<Json<UnreadCount>, Refused> {
    let unread = shared.app.store.unread_announcements(&listener(&member), acting.at).await?;
    Ok(Json(UnreadCount { unread }))
}

/// Notes that who signed in read an announcement.
#[utoipa::path(
    post, path = "/api/me/announcements/{announcement}/read", tag = "announcements",
    params(("announcement" = String, Path)),
    responses((status = 204, description = "It is read"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn read(
    acting: Acting,
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Id(announcement): Id<AnnouncementId>,
) -> Result<StatusCode, Refused> {
    let told = shared.app.store.announcement_for(&listener(&member), acting.at, announcement).await?;
    told.ok_or_else(Refused::no_record)?;
    acting.store.read_announcement(member.person, announcement, acting.at).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn listener(member: &Member) -> Listener {
    Listener { person: member.person, institution: member.institution, region: member.region }
}

async fn there(acting: &Acting, announcement: AnnouncementId) -> Result<Announcement, Refused> {
    acting.store.announcement(announcement).await?.ok_or_else(Refused::no_record)
}

fn audience_of(acting: &Acting, fields: &mut Fields, asked: &NewAnnouncement) -> Option<Audience> {
    let target = asked.audience_id.as_deref().unwrap_or_default();
    let audience = match asked.audience.as_str() {
        "institution" => Some(Audience::Institution),
        "ministry" => Some(Audience::Ministry),
        "region" => match (&acting.who, target.parse::<RegionId>()) {
            (_, Ok(region)) => Some(Audience::Region(region)),
            (Who::Person(member), Err(_)) if target.is_empty() => Some(Audience::Region(member.region)),
            _ => None,
        },
        "course" => target.parse::<CourseId>().ok().map(Audience::Course),
        "group" => target.parse::<GroupId>().ok().map(Audience::Group),
        _ => {
            let detail = "Name one of institution, region, ministry, course and group.";
            fields.fault("audience", "unknown", detail);
            return None;
        }
    };
    if audience.is_none() {
        fields.fault("audience_id", "unknown", "Say which region, course or group it is for.");
    }
    audience
}

async fn may_announce(acting: &Acting, audience: Audience) -> Result<(), Refused> {
    let allowed = match audience {
        Audience::Institution => acting.may(Duty::Administrator),
        Audience::Region(region) => reach_at_home(acting)
            .is_some_and(|(reach, own)| reach == Reach::Ministry || (reach == Reach::Region && own == region)),
        Audience::Ministry => reach_at_home(acting).is_some_and(|(reach, _)| reach == Reach::Ministry),
        Audience::Course(course) => may_tell_course(acting, course).await?,
        Audience::Group(group) => {
            let group = acting.store.group(group).await?.ok_or_else(Refused::no_record)?;
            may_tell_course(acting, group.course).await?
        }
    };
    if allowed { Ok(()) } else { Err(Refused::forbidden()) }
}

/// How far an administrator reaches who speaks for their own institution, and from which region.
fn reach_at_home(acting: &Acting) -> Option<(Reach, RegionId)> {
    match &acting.who {
        Who::Person(member) if member.institution == acting.institution && acting.may(Duty::Administrator) => {
            Some((member.reach, member.region))
        }
        _ => None,
    }
}

async fn may_tell_course(acting: &Acting, course: CourseId) -> Result<bool, Refused> {
    acting.store.course(course).await?.ok_or_else(Refused::no_record)?;
    match acting.person() {
        _ if acting.may(Duty::Administrator) => Ok(true),
        Some(person) => Ok(acting.store.is_course_trainer(person, course).await?),
        None => Ok(false),
    }
}

/// A day of the calendar, as 2026-11-30.
fn day_of(fields: &mut Fields, day: &str) -> Option<String> {
    let known = day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok_and(|date| date.to_string() == day);
    if !known {
        fields.fault("day", "not_a_day", "Write a day as 2026-11-30.");
    }
    known.then(|| day.to_owned())
}

fn check_expiry(fields: &mut Fields, expires_at: Option<Timestamp>, after: Timestamp) {
    if expires_at.is_some_and(|at| at <= after || at.micros() > TIME_MAX) {
        fields.fault("expires_at", "out_of_range", "Choose a time that is still to come.");
    }
}
