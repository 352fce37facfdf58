//! Webhooks: addresses of an institution that are told what happens.

use super::Shared;
use super::acting::{Acting, Duty};
use super::extract::{Ids, JsonBody};
use super::idempotency::shown_once;
use super::problem::Refused;
use super::record::{Asked, Created, Fields, IfMatch, Page, PageQuery, Versioned};
use super::routes::{Access, Route};
use crate::auth::{Secret, new_id};
use crate::ids::{DeliveryId, InstitutionId, WebhookId};
use crate::protocol::{ErrorCode, Problem};
use crate::store::{Delivery, StoreError, Webhook, WebhookEvent};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// How many webhooks an institution has at most.
const WEBHOOKS_MAX: usize = 20;

/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 2_000;

const ACCESS: Access = Access::Within(Duty::Administrator, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/webhooks",
            methods: &[("GET", ACCESS), ("POST", ACCESS)],
            handler: get(list).post(create),
        },
        Route {
            path: "/api/institutions/{institution}/webhooks/{webhook}",
            methods: &[("GET", ACCESS), ("PATCH", ACCESS), ("DELETE", ACCESS)],
            handler: get(one).patch(change).delete(remove),
        },
        Route {
            path: "/api/institutions/{institution}/webhooks/{webhook}/deliveries",
            methods: &[("GET", ACCESS)],
            handler: get(deliveries),
        },
        Route {
            path: "/api/institutions/{institution}/webhooks/{webhook}/deliveries/{delivery}/again",
            methods: &[("POST", ACCESS)],
            handler: post(again),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(list, create, one, change, remove, deliveries, again))]
pub(super) struct Described;

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookCard {
    id: String,
    url: String,
    /// `lesson.started`, `lesson.ended`, `attendance.ready`, `alarm.raised`.
    events: Vec<String>,
    /// Whether it is told anything.
    enabled: bool,
    #[schema(value_type = i64)]
    created_at: Timestamp,
}

/// A webhook that was made.
#[derive(Serialize, ToSchema)]
pub struct NewWebhookCard {
    #[serde(flatten)]
    webhook: WebhookCard,
    /// What deliveries are signed with (Standard Webhooks); it is shown this once.
    secret: String,
}

/// A webhook to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// https, of the public internet; or of a server that the operator allows.
    url: String,
    /// At least one of `lesson.started`, `lesson.ended`, `attendance.ready`, `alarm.raised`.
    events: Vec<String>,
}

/// What is to be changed of a webhook; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    url: Option<String>,
    events: Option<Vec<String>>,
    enabled: Option<bool>,
}

/// One thing that a webhook was told, or is to be.
#[derive(Serialize, ToSchema)]
pub struct DeliveryCard {
    id: String,
    event: String,
    /// The body that is sent.
    #[schema(value_type = Object)]
    payload: serde_json::Value,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    /// When the next attempt is due.
    #[schema(value_type = Option<i64>)]
    due_at: Option<Timestamp>,
    attempts: u32,
    #[schema(value_type = Option<i64>)]
    delivered_at: Option<Timestamp>,
    /// When it was given up.
    #[schema(value_type = Option<i64>)]
    failed_at: Option<Timestamp>,
    /// The HTTP status of the last answer.
    last_status: Option<u16>,
    last_error: Option<String>,
}

fn card(webhook: Webhook) -> WebhookCard {
    WebhookCard {
        id: webhook.id.to_string(),
        url: webhook.url,
        events: webhook.events.iter().map(|event| event.word().to_owned()).collect(),
        enabled: webhook.disabled_at.is_none(),
        created_at: webhook.created_at,
    }
}

fn delivery_card(delivery: Delivery) -> DeliveryCard {
    DeliveryCard {
        id: delivery.id.to_string(),
        event: delivery.event,
        payload: serde_json::from_str(&delivery.payload).unwrap_or_default(),
        created_at: delivery.created_at,
        due_at: delivery.due_at,
        attempts: delivery.attempts,
        delivered_at: delivery.delivered_at,
        failed_at: delivery.failed_at,
        last_status: delivery.last_status,
        last_error: delivery.last_error,
    }
}

impl From<Webhook> for Versioned<WebhookCard> {
    fn from(webhook: Webhook) -> Self {
        Self { version: webhook.version, record: card(webhook) }
    }
}

/// The institution's webhooks; there are few, and so one page.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/webhooks", tag = "webhooks",
    params(("institution" = String, Path)),
    responses((status = 200, body = Page<WebhookCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting) -> Result<Json<Page<WebhookCard>>, Refused> {
    let items = acting.store.webhooks().await?.into_iter().map(card).collect();
    Ok(Json(Page { items, next: None }))
}

/// Makes a webhook.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/webhooks", tag = "webhooks",
    params(("institution" = String, Path)), request_body = NewWebhook,
    responses((status = 201, body = NewWebhookCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn create(
    State(shared): State<Shared>,
    acting: Acting,
    JsonBody(asked): JsonBody<NewWebhook>,
) -> Result<Response, Refused> {
    let mut fields = Fields::default();
    check_url(&mut fields, &shared, &asked.url);
    let events = events_of(&mut fields, &asked.events);
    fields.done()?;
    let id = WebhookId(new_id(acting.at)?);
    let secret = Secret::random()?.webhook_key();
    let webhook = Webhook { id, url: asked.url, events, created_at: acting.at, disabled_at: None, version: 1 };
    let by = acting.change("webhook.create", id, serde_json::json!({ "events": asked.events }));
    match acting.store.create_webhook(&webhook, &secret, WEBHOOKS_MAX, &by).await {
        Err(StoreError::Conflict) => {
            let detail = format!("An institution has at most {WEBHOOKS_MAX} webhooks; remove one first.");
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::InUse, detail));
        }
        created => created?,
    }
    let location = format!("/api/institutions/{}/webhooks/{id}", acting.institution);
    Ok(shown_once(Created { location, version: 1, record: NewWebhookCard { webhook: card(webhook), secret } }))
}

/// One webhook.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/webhooks/{webhook}", tag = "webhooks",
    params(("institution" = String, Path), ("webhook" = String, Path)),
    responses((status = 200, body = WebhookCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(
    acting: Acting,
    Ids(_, webhook): Ids<InstitutionId, WebhookId>,
) -> Result<Versioned<WebhookCard>, Refused> {
    Ok(there(&acting, webhook).await?.into())
}

/// Changes a webhook; `If-Match` names the version.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/webhooks/{webhook}", tag = "webhooks",
    params(("institution" = String, Path), ("webhook" = String, Path), ("If-Match" = String, Header)),
    request_body = WebhookChange,
    responses((status = 200, body = WebhookCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    State(shared): State<Shared>,
    acting: Acting,
    Ids(_, webhook): Ids<InstitutionId, WebhookId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<WebhookChange>,
) -> Result<Versioned<WebhookCard>, Refused> {
    let before = there(&acting, webhook).await?;
    let mut fields = Fields::default();
    if let Some(url) = &asked.url {
        check_url(&mut fields, &shared, url);
    }
    let events = asked.events.map_or(before.events.clone(), |events| events_of(&mut fields, &events));
    fields.done()?;
    let disabled_at = match asked.enabled {
        Some(true) => None,
        Some(false) => before.disabled_at.or(Some(acting.at)),
        None => before.disabled_at,
    };
    let wanted = Webhook { url: asked.url.unwrap_or(before.url.clone()), events, disabled_at, version, ..before };
    let by = acting.change("webhook.change", webhook, serde_json::json!({ "enabled": disabled_at.is_none() }));
    match acting.store.change_webhook(&wanted, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(there(&acting, webhook).await?))),
        changed => {
            changed?;
            Ok(Webhook { version: version.saturating_add(1), ..wanted }.into())
        }
    }
}

/// Removes a webhook and the list of what it was told.
#[utoipa::path(
    delete, path = "/api/institutions/{institution}/webhooks/{webhook}", tag = "webhooks",
    params(("institution" = String, Path), ("webhook" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn remove(acting: Acting, Ids(_, webhook): Ids<InstitutionId, WebhookId>) -> Result<StatusCode, Refused> {
    let by = acting.change("webhook.remove", webhook, serde_json::json!({}));
    acting.store.remove_webhook(webhook, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a webhook was told, the newest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/webhooks/{webhook}/deliveries", tag = "webhooks",
    params(("institution" = String, Path), ("webhook" = String, Path), PageQuery),
    responses((status = 200, body = Page<DeliveryCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn deliveries(
    acting: Acting,
    Ids(_, webhook): Ids<InstitutionId, WebhookId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<Page<DeliveryCard>>, Refused> {
    there(&acting, webhook).await?;
    let limit = query.limit()?;
    let found = acting.store.deliveries(webhook, query.after()?, limit.saturating_add(1)).await?;
    let keys = |delivery: &Delivery| (delivery.created_at.micros(), delivery.id.to_string());
    Ok(Json(Page::of(found, limit, keys, delivery_card)))
}

/// Has a delivery sent again at once.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/webhooks/{webhook}/deliveries/{delivery}/again", tag = "webhooks",
    params(("institution" = String, Path), ("webhook" = String, Path), ("delivery" = String, Path)),
    responses((status = 204, description = "It is due"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn again(
    acting: Acting,
    Path((_, webhook, delivery)): Path<(String, String, String)>,
) -> Result<StatusCode, Refused> {
    let webhook: WebhookId = webhook.parse().map_err(|_| Refused::no_record())?;
    let delivery: DeliveryId = delivery.parse().map_err(|_| Refused::no_record())?;
    let by = acting.change("webhook.deliver_again", webhook, serde_json::json!({ "delivery": delivery }));
    acting.store.deliver_again(webhook, delivery, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn there(acting: &Acting, webhook: WebhookId) -> Result<Webhook, Refused> {
    acting.store.webhook(webhook).await?.ok_or_else(Refused::no_record)
}

fn check_url(fields: &mut Fields, shared: &Shared, url: &str) {
    if url.len() > URL_BYTES_MAX {
        fields.fault("url", "too_long", format!("An address has at most {URL_BYTES_MAX} bytes."));
    } else if let Err(fault) = shared.app.web.check(url) {
        fields.fault("url", "address", format!("This address can't be called: {fault}."));
    }
}

fn events_of(fields: &mut Fields, words: &[String]) -> Vec<WebhookEvent> {
    let mut events: Vec<WebhookEvent> = Vec::new();
    for word in words.iter().take(WebhookEvent::ALL.len() + 1) {
        match WebhookEvent::parse(word) {
            Some(event) if !events.contains(&event) => events.push(event),
            Some(_) => {}
            None => fields.fault(
                "events",
                "unknown",
                "Choose of lesson.started, lesson.ended, attendance.ready and alarm.raised.",
            ),
        }
    }
    if words.is_empty() {
        fields.fault("events", "empty", "Choose at least one event.");
    }
    events
}
