//! Links for guests: outside experts and others without an account, who come to one lesson.

use crate::auth::{Secret, new_id};
use crate::http::Shared;
use crate::http::acting::{Acting, Duty};
use crate::http::extract::{Ids, JsonBody};
use crate::http::idempotency::shown_once;
use crate::http::problem::Refused;
use crate::http::record::{Asked, Created, Fields, Page, PageQuery};
use crate::ids::{InstitutionId, InvitationId, LessonId};
use crate::protocol::{ErrorCode, Phase, Problem, Role};
use crate::store::{GuestLink, LessonRecord};
use crate::text::Name;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

/// How many guest links of one lesson are good at once.
const LINKS_MAX: u32 = 100;

/// How long after a lesson's planned end a link may be good.
const AFTER_END: Duration = Duration::from_secs(24 * 3_600);

/// A guest's way into a lesson.
#[derive(Serialize, ToSchema)]
pub struct GuestLinkCard {
    id: String,
    /// `trainer` or `trainee`.
    #[schema(value_type = String)]
    role: Role,
    /// The guest's name; absent where they say it at the door.
    name: Option<String>,
    created_at: i64,
    expires_at: i64,
    /// How many browsers came by it.
    used: u32,
}

/// A guest link that was made. Its address is told this once.
#[derive(Serialize, ToSchema)]
pub struct NewGuestLinkCard {
    #[serde(flatten)]
    link: GuestLinkCard,
    /// The address to send to the guest.
    url: String,
}

/// A guest link to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuestLink {
    /// 1 to 80 characters; without it, the guest says their name at the door.
    name: Option<String>,
    /// `trainer`, who may speak and share at any time, or `trainee`.
    #[schema(value_type = String)]
    role: String,
    /// Until when it is good, in microseconds since 1970-01-01T00:00:00Z: at most a day after the lesson's end, which
    /// it is unless said.
    expires_at: Option<i64>,
}

fn card(link: GuestLink) -> GuestLinkCard {
    GuestLinkCard {
        id: link.id.to_string(),
        role: link.role,
        name: link.name,
        created_at: link.created_at.micros(),
        expires_at: link.expires_at.micros(),
        used: link.used,
    }
}

/// The guest links of a lesson that were not revoked.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/guest-links", tag = "own",
    params(("institution" = String, Path), ("lesson" = String, Path), PageQuery),
    responses((status = 200, body = Page<GuestLinkCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn list(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<GuestLinkCard>>, Refused> {
    let limit = query.limit()?;
    own(&shared, &acting, lesson).await?;
    let links = acting.store.guest_links(lesson, query.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(links, limit, |link| (link.created_at.micros(), link.id.to_string()), card)))
}

/// Makes a guest link.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/lessons/{lesson}/guest-links", tag = "own",
    params(("institution" = String, Path), ("lesson" = String, Path)), request_body = NewGuestLink,
    responses((status = 201, body = NewGuestLinkCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn create(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, lesson): Ids<InstitutionId, LessonId>,
    JsonBody(asked): JsonBody<NewGuestLink>,
) -> Result<Response, Refused> {
    let record = own(&shared, &acting, lesson).await?;
    let mut fields = Fields::default();
    let name = asked.name.and_then(|name| fields.take("name", Name::parse(&name)).map(String::from));
    let role = role_of(&mut fields, &asked.role);
    let latest = record.card.ends_at.max(acting.at).plus(AFTER_END);
    let expires_at = asked.expires_at.map_or(record.card.ends_at.max(acting.at.plus(AFTER_END)), Timestamp);
    if expires_at <= acting.at {
        fields.fault("expires_at", "in_the_past", "A link must be good for some time.");
    } else if expires_at > latest {
        fields.fault("expires_at", "too_far", "A link is good until a day after the lesson at most.");
    }
    fields.done()?;
    if matches!(record.phase, Phase::Ended { .. }) {
        return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::LessonEnded, "The lesson is over."));
    }
    if record.is_cancelled {
        return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::LessonCancelled, "The lesson was called off."));
    }
    if acting.store.guest_links_open(lesson, acting.at).await? >= LINKS_MAX {
        let detail = format!("A lesson has at most {LINKS_MAX} guest links; revoke those that are not needed.");
        return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::TooMany, detail));
    }
    let secret = Secret::random()?;
    let id = InvitationId(new_id(acting.at)?);
    let link = GuestLink { id, lesson, role, name, created_at: acting.at, expires_at, revoked_at: None, used: 0 };
    let by = acting.change("guest_link.create", id, serde_json::json!({ "lesson": lesson, "role": role }));
    acting.store.create_guest_link(&link, &secret.hash(), &by).await?;
    let base_url = shared.app.options.base_url.as_deref().unwrap_or_default();
    // The secret stands in the fragment, which browsers send to nobody.
    let url = format!("{base_url}/join#{}", secret.text());
    let location = format!("/api/institutions/{}/lessons/{lesson}/guest-links/{id}", acting.institution);
    Ok(shown_once(Created { location, version: 1, record: NewGuestLinkCard { link: card(link), url } }))
}

/// Ends a guest link at once. Who came by it and is in the lesson stays there until they leave.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/lessons/{lesson}/guest-links/{link}", tag = "own",
    params(("institution" = String, Path), ("lesson" = String, Path), ("link" = String, Path)),
    responses((status = 204, description = "It opens nothing any more"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn revoke(
    State(shared): State<Shared>,
    acting: Acting,
    path: Result<Path<(String, String, String)>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let Path((_, lesson, link)) = path.map_err(|_| Refused::no_record())?;
    let (Ok(lesson), Ok(link)) = (lesson.parse::<LessonId>(), link.parse::<InvitationId>()) else {
        return Err(Refused::no_record());
    };
    own(&shared, &acting, lesson).await?;
    let by = acting.change("guest_link.revoke", link, serde_json::json!({ "lesson": lesson }));
    acting.store.revoke_guest_link(lesson, link, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The lesson, where it is the institution's, and a trainer's own.
async fn own(shared: &Shared, acting: &Acting, lesson: LessonId) -> Result<LessonRecord, Refused> {
    let record = shared.app.store.lesson(lesson).await?;
    let record = record.filter(|record| record.institution == acting.institution).ok_or_else(Refused::no_record)?;
    if acting.may(Duty::Administrator) {
        return Ok(record);
    }
    let person = acting.person().ok_or_else(Refused::no_record)?;
    let standing = shared.app.store.standing(person, lesson).await?;
    if standing.is_some_and(|standing| standing.gives) { Ok(record) } else { Err(Refused::no_record()) }
}

fn role_of(fields: &mut Fields, word: &str) -> Role {
    match word {
        "trainer" => Role::Trainer,
        "trainee" => Role::Trainee,
        _ => {
            fields.fault("role", "unknown", "A guest comes as `trainer` or as `trainee`.");
            Role::Trainee
        }
    }
}
