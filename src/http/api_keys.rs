//! Keys by which other programs act for an institution.

use super::acting::{Acting, Duty, Scope};
use super::extract::{Ids, JsonBody};
use super::idempotency::shown_once;
use super::problem::Refused;
use super::record::{Asked, Created, Fields, Page, PageQuery};
use super::routes::{Access, Route};
use crate::auth::{API_KEY_PREFIX, Secret, new_id};
use crate::ids::{ApiKeyId, InstitutionId};
use crate::protocol::Problem;
use crate::store::{ApiKey, NewApiKey};
use crate::text::Name;
use crate::time::Timestamp;
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

const ADMINISTRATOR: Access = Access::Within(Duty::Administrator, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/api-keys",
            methods: &[("GET", ADMINISTRATOR), ("POST", ADMINISTRATOR)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/api-keys/{key}",
            methods: &[("DELETE", ADMINISTRATOR)],
            handler: delete(revoke),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, revoke))]
pub(super) struct Described;

/// A key; its secret was shown when it was made.
#[derive(Serialize, ToSchema)]
pub struct ApiKeyCard {
    id: String,
    name: String,
    /// What it may do, such as `timetable:read`.
    scopes: Vec<String>,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    #[schema(value_type = Option<i64>)]
    expires_at: Option<Timestamp>,
    /// To some minutes.
    #[schema(value_type = Option<i64>)]
    last_used_at: Option<Timestamp>,
    #[schema(value_type = Option<i64>)]
    revoked_at: Option<Timestamp>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
pub struct NewApiKeyCard {
    #[serde(flatten)]
    key: ApiKeyCard,
    /// For `Authorization: Bearer`; shown this one time.
    secret: String,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyWish {
    /// What it is for: 1 to 80 characters.
    name: String,
    /// One at least of `people:read`, `people:write`, `courses:read`, `courses:write`, `timetable:read`,
    /// `timetable:write`, `announcements:read`, `announcements:write` and `alarms:read`.
    scopes: Vec<String>,
    /// Until when it is good; for ever unless said.
    #[schema(value_type = Option<i64>)]
    expires_at: Option<Timestamp>,
}

fn card(key: ApiKey) -> ApiKeyCard {
    let ApiKey { id, name, scopes, created_at, expires_at, last_used_at, revoked_at, .. } = key;
    ApiKeyCard { id: id.to_string(), name, scopes, created_at, expires_at, last_used_at, revoked_at }
}

/// The institution's keys, revoked ones included.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/api-keys", tag = "programs",
    params(("institution" = String, Path), PageQuery),
    responses((status = 200, body = Page<ApiKeyCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<PageQuery>) -> Result<Json<Page<ApiKeyCard>>, Refused> {
    let limit = query.limit()?;
    let keys = acting.store.api_keys(query.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(keys, limit, |key| (key.created_at.micros(), key.id.to_string()), card)))
}

/// Makes a key. Its secret is in this answer alone.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/api-keys", tag = "programs",
    params(("institution" = String, Path)), request_body = ApiKeyWish,
    responses((status = 201, body = NewApiKeyCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(acting: Acting, JsonBody(asked): JsonBody<ApiKeyWish>) -> Result<Response, Refused> {
    let created_by = acting.person().ok_or_else(Refused::forbidden)?;
    let mut fields = Fields::default();
    let name = fields.take("name", Name::parse(&asked.name)).map(String::from);
    let scopes = scopes_of(&mut fields, &asked.scopes);
    if asked.expires_at.is_some_and(|until| until <= acting.at) {
        fields.fault("expires_at", "in_the_past", "A key ends in the future, or never.");
    }
    fields.done()?;
    let id = ApiKeyId(new_id(acting.at)?);
    let secret = Secret::random()?;
    let expires_at = asked.expires_at;
    let key = NewApiKey { id, name: name.unwrap_or_default(), scopes, created_by, expires_at };
    let by = acting.change("api_key.create", id, serde_json::json!({ "scopes": key.scopes, "expires_at": expires_at }));
    acting.store.create_api_key(&key, &secret.hash(), &by).await?;
    let made = ApiKey {
        id,
        institution: acting.institution,
        name: key.name,
        scopes: key.scopes,
        created_by,
        created_at: acting.at,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    let record = NewApiKeyCard { key: card(made), secret: format!("{API_KEY_PREFIX}{}", secret.text()) };
    let location = format!("/api/institutions/{}/api-keys/{id}", acting.institution);
    Ok(shown_once(Created { location, version: 1, record }))
}

/// Ends a key at once.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/api-keys/{key}", tag = "programs",
    params(("institution" = String, Path), ("key" = String, Path)),
    responses((status = 204, description = "It opens nothing any more"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn revoke(acting: Acting, Ids(_, key): Ids<InstitutionId, ApiKeyId>) -> Result<StatusCode, Refused> {
    let by = acting.change("api_key.revoke", key, serde_json::json!({}));
    acting.store.revoke_api_key(key, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The scopes, each once and in one order.
fn scopes_of(fields: &mut Fields, asked: &[String]) -> Vec<String> {
    if asked.is_empty() {
        fields.fault("scopes", "empty", "A key may do one thing at least.");
    }
    if asked.iter().any(|word| Scope::ALL.iter().all(|scope| scope.word() != word)) {
        fields.fault("scopes", "unknown_scope", "Scopes are such as timetable:read; the description has all of them.");
    }
    let wanted = Scope::ALL.iter().filter(|scope| asked.iter().any(|word| word == scope.word()));
    wanted.map(|scope| scope.word().to_owned()).collect()
}
