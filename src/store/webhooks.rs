//! Webhooks: addresses that are told what happens, and what they were told.

use super::fault::failed;
use super::mail::Attempt;
use super::records::{Change, StoreError};
use super::rows::{found, id, unchanged};
use super::{InstitutionStore, Store};
use crate::ids::{DeliveryId, InstitutionId, WebhookId};
use crate::time::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};
use uuid::Uuid;

/// What a webhook can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebhookEvent {
    LessonStarted,
    LessonEnded,
    AttendanceReady,
    AlarmRaised,
}

impl WebhookEvent {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::LessonStarted, Self::LessonEnded, Self::AttendanceReady, Self::AlarmRaised];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LessonStarted => "lesson.started",
            Self::LessonEnded => "lesson.ended",
            Self::AttendanceReady => "attendance.ready",
            Self::AlarmRaised => "alarm.raised",
        }
    }

    /// The event that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }
}

/// An address that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    pub events: Vec<WebhookEvent>,
    pub created_at: Timestamp,
    /// It is told nothing since.
    pub disabled_at: Option<Timestamp>,
    /// From 1 up, one more with each change.
    pub version: i64,
}

#[derive(FromRow)]
struct WebhookRow {
    id: String,
    url: String,
    events: String,
    created_at: i64,
    disabled_at: Option<i64>,
    version: i64,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            url: row.url,
            events: row.events.split(' ').filter_map(WebhookEvent::parse).collect(),
            created_at: Timestamp(row.created_at),
            disabled_at: row.disabled_at.map(Timestamp),
            version: row.version,
        })
    }
}

/// One thing that a webhook is told, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub event: String,
    /// JSON.
    pub payload: String,
    pub created_at: Timestamp,
    /// When the next attempt is due, where there is to be one.
    pub due_at: Option<Timestamp>,
    pub attempts: u32,
    pub delivered_at: Option<Timestamp>,
    /// Given up.
    pub failed_at: Option<Timestamp>,
    /// The HTTP status of the last answer.
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
}

#[derive(FromRow)]
struct DeliveryRow {
    id: String,
    event: String,
    payload: String,
    created_at: i64,
    due_at: i64,
    attempts: i64,
    delivered_at: Option<i64>,
    failed_at: Option<i64>,
    last_status: Option<i64>,
    last_error: Option<String>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let waits = row.delivered_at.is_none() && row.failed_at.is_none();
        Ok(Self {
            id: id(&row.id)?,
            event: row.event,
            payload: row.payload,
            created_at: Timestamp(row.created_at),
            due_at: waits.then_some(Timestamp(row.due_at)),
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            delivered_at: row.delivered_at.map(Timestamp),
            failed_at: row.failed_at.map(Timestamp),
            last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            last_error: row.last_error,
        })
    }
}

/// A delivery that is due, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    pub id: DeliveryId,
    pub institution: InstitutionId,
    pub url: String,
    pub secret: String,
    pub payload: String,
    pub attempts: u32,
}

#[derive(FromRow)]
struct DueRow {
    id: String,
    institution: String,
    url: String,
    secret: String,
    payload: String,
    attempts: i64,
}

/// A connection within a transaction that notes what webhooks are to be told, together with what happened.
pub(super) trait WebhookQueue {
    async fn tell(
        &mut self,
        institution: &str,
        event: WebhookEvent,
        lesson: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// As [`Self::tell`], with more that the payload says: an object's fields.
    async fn tell_more(
        &mut self,
        institution: &str,
        event: WebhookEvent,
        lesson: &str,
        at: Timestamp,
        more: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), StoreError>;
}

macro_rules! webhook_queue {
    ($connection:ty) => {
        impl WebhookQueue for $connection {
            async fn tell(
                &mut self,
                institution: &str,
                event: WebhookEvent,
                lesson: &str,
                at: Timestamp,
            ) -> Result<(), StoreError> {
                self.tell_more(institution, event, lesson, at, &serde_json::Map::new()).await
            }

            async fn tell_more(
                &mut self,
                institution: &str,
                event: WebhookEvent,
                lesson: &str,
                at: Timestamp,
                more: &serde_json::Map<String, serde_json::Value>,
            ) -> Result<(), StoreError> {
                const WHOM: &str = "SELECT id FROM webhook
                                    WHERE institution = $1 AND disabled_at IS NULL AND ' ' || events || ' ' LIKE $2";
                const TELL: &str = "INSERT INTO webhook_delivery
                                        (id, institution, webhook, event, payload, created_at, due_at)
                                    VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING";
                let word = event.word();
                let webhooks: Vec<String> = sqlx::query_scalar(WHOM)
                    .bind(institution)
                    .bind(format!("% {word} %"))
                    .fetch_all(&mut *self)
                    .await
                    .map_err(failed)?;
                for webhook in webhooks {
                    let delivery = delivery_id(&webhook, word, lesson, at).to_string();
                    let mut payload = serde_json::json!({
                        "id": delivery, "event": word, "institution": institution, "lesson": lesson,
                        "at": at.micros(),
                    });
                    if let Some(fields) = payload.as_object_mut() {
                        fields.extend(more.clone());
                    }
                    let query = sqlx::query(TELL)
                        .bind(delivery)
                        .bind(institution)
                        .bind(&webhook)
                        .bind(word)
                        .bind(payload.to_string())
                        .bind(at.micros());
                    query.execute(&mut *self).await.map_err(failed)?;
                }
                Ok(())
            }
        }
    };
}

webhook_queue!(SqliteConnection);
webhook_queue!(PgConnection);

/// What follows from what is told: the same thing told twice is one delivery.
fn delivery_id(webhook: &str, event: &str, lesson: &str, at: Timestamp) -> Uuid {
    let text = format!("{webhook} {event} {lesson} {}", at.micros());
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *from;
    }
    // In order of time, as other ids are, so that lists are.
    let millis = u64::try_from(at.micros().div_euclid(1_000)).unwrap_or(0);
    let mut random = [0; 10];
    for (byte, from) in random.iter_mut().zip(bytes) {
        *byte = from;
    }
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

fn words(events: &[WebhookEvent]) -> String {
    events.iter().map(|event| event.word()).collect::<Vec<_>>().join(" ")
}

const VERSION: &str = "SELECT version FROM webhook WHERE institution = $1 AND id = $2";

impl InstitutionStore {
    /// All webhooks, the oldest first; an institution has a handful.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        const SQL: &str = "SELECT id, url, events, created_at, disabled_at, version FROM webhook
                           WHERE institution = $1 ORDER BY created_at, id";
        let rows: Vec<WebhookRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on))
                .map_err(failed)?;
        rows.into_iter().map(Webhook::try_from).collect()
    }

    pub async fn webhook(&self, webhook: WebhookId) -> Result<Option<Webhook>, StoreError> {
        Ok(self.webhooks().await?.into_iter().find(|each| each.id == webhook))
    }

    /// Makes a webhook; what it is told is signed with `secret`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the institution has `at_most` already.
    pub async fn create_webhook(
        &self,
        webhook: &Webhook,
        secret: &str,
        at_most: usize,
        by: &Change,
    ) -> Result<(), StoreError> {
        const COUNT: &str = "SELECT COUNT(*) FROM webhook WHERE institution = $1";
        const SQL: &str = "INSERT INTO webhook (id, institution, url, secret, events, created_at)
                           VALUES ($1, $2, $3, $4, $5, $6)";
        changing!(self, by, tx => {
            let there: i64 = sqlx::query_scalar(COUNT)
                .bind(self.institution.to_string())
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if usize::try_from(there).is_ok_and(|there| there >= at_most) {
                return Err(StoreError::Conflict);
            }
            sqlx::query(SQL)
                .bind(webhook.id.to_string())
                .bind(self.institution.to_string())
                .bind(&webhook.url)
                .bind(secret)
                .bind(words(&webhook.events))
                .bind(webhook.created_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Writes what `webhook` says over the version that it names.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn change_webhook(&self, webhook: &Webhook, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE webhook SET url = $1, events = $2, disabled_at = $3, version = version + 1
                           WHERE institution = $4 AND id = $5 AND version = $6";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&webhook.url)
                .bind(words(&webhook.events))
                .bind(webhook.disabled_at.map(Timestamp::micros))
                .bind(self.institution.to_string())
                .bind(webhook.id.to_string())
                .bind(webhook.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(self.institution.to_string())
                    .bind(webhook.id.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
        })
    }

    /// Removes a webhook and all that it was told.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where it is not there.
    pub async fn remove_webhook(&self, webhook: WebhookId, by: &Change) -> Result<(), StoreError> {
        const DELIVERIES: &str = "DELETE FROM webhook_delivery WHERE institution = $1 AND webhook = $2";
        const SQL: &str = "DELETE FROM webhook WHERE institution = $1 AND id = $2";
        changing!(self, by, tx => {
            for sql in [DELIVERIES, SQL] {
                let removed = sqlx::query(sql)
                    .bind(self.institution.to_string())
                    .bind(webhook.to_string())
                    .execute(&mut *tx).await.map_err(failed)?;
                if sql == SQL {
                    found(removed.rows_affected())?;
                }
            }
        })
    }

    /// At most `limit` deliveries of a webhook before one (all where it is absent), the newest first.
    pub async fn deliveries(
        &self,
        webhook: WebhookId,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        const SQL: &str = "
            SELECT id, event, payload, created_at, due_at, attempts, delivered_at, failed_at, last_status, last_error
            FROM webhook_delivery
            WHERE institution = $1 AND webhook = $2 AND (created_at, id) < ($3, $4)
            ORDER BY created_at DESC, id DESC LIMIT $5";
        let (created_at, last) = before.unwrap_or((i64::MAX, String::new()));
        let rows: Vec<DeliveryRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(webhook.to_string())
            .bind(created_at)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Delivery::try_from).collect()
    }

    /// Has a delivery tried again at once, whatever became of it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the webhook has no such delivery.
    pub async fn deliver_again(&self, webhook: WebhookId, delivery: DeliveryId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE webhook_delivery
                           SET due_at = $1, attempts = 0, delivered_at = NULL, failed_at = NULL
                           WHERE institution = $2 AND webhook = $3 AND id = $4";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(webhook.to_string())
                .bind(delivery.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }
}

impl Store {
    /// At most `limit` deliveries that are due, those that wait longest first.
    pub async fn deliveries_due(&self, now: Timestamp, limit: u32) -> Result<Vec<DueDelivery>, StoreError> {
        const SQL: &str = "
            SELECT webhook_delivery.id, webhook_delivery.institution, webhook.url, webhook.secret,
                   webhook_delivery.payload, webhook_delivery.attempts
            FROM webhook_delivery
            JOIN webhook ON webhook.institution = webhook_delivery.institution
                AND webhook.id = webhook_delivery.webhook
            WHERE webhook_delivery.delivered_at IS NULL AND webhook_delivery.failed_at IS NULL
              AND webhook_delivery.due_at <= $1 AND webhook.disabled_at IS NULL
            ORDER BY webhook_delivery.due_at, webhook_delivery.id LIMIT $2";
        let rows: Vec<DueRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        let due = rows.into_iter().map(|row| {
            Ok(DueDelivery {
                id: id(&row.id)?,
                institution: id(&row.institution)?,
                url: row.url,
                secret: row.secret,
                payload: row.payload,
                attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            })
        });
        due.collect()
    }

    /// Notes what became of an attempt to deliver, and what the other server answered, where it did.
    pub async fn note_delivery(
        &self,
        delivery: DeliveryId,
        attempt: &Attempt,
        status: Option<u16>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE webhook_delivery
                           SET delivered_at = $1, failed_at = $2, due_at = COALESCE($3, due_at), last_error = $4,
                               last_status = $5, attempts = attempts + 1
                           WHERE id = $6";
        let (delivered_at, failed_at, due_at, error) = match attempt {
            Attempt::Done { at } => (Some(at.micros()), None, None, None),
            Attempt::Again { due_at, error } => (None, None, Some(due_at.micros()), Some(error)),
            Attempt::Failed { at, error } => (None, Some(at.micros()), None, Some(error)),
        };
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(delivered_at)
            .bind(failed_at)
            .bind(due_at)
            .bind(error)
            .bind(status.map(i64::from))
            .bind(delivery.to_string())
            .execute(on))?;
        found(changed)
    }
}
