//! Deliveries to webhooks, signed as Standard Webhooks 1.0 has it, so that whoever receives them has a library for it.

use super::{BATCH, shortened, try_again};
use crate::store::{Attempt, DueDelivery, Store, StoreError};
use crate::time::Clock;
use crate::web::{Call, Web};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt, TryStreamExt, stream};

/// How many deliveries are under way at once: servers that do not answer hold up no more than that.
const AT_ONCE: usize = 16;

/// Sends what is due.
pub(super) async fn send_due(store: &Store, clock: &dyn Clock, web: &Web) -> Result<(), StoreError> {
    loop {
        let due = store.deliveries_due(clock.now(), BATCH).await?;
        let count = due.len();
        let deliveries = due.into_iter().map(|delivery| deliver(store, clock, web, delivery));
        stream::iter(deliveries).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        if u32::try_from(count).is_ok_and(|sent| sent < BATCH) {
            return Ok(());
        }
    }
}

async fn deliver(store: &Store, clock: &dyn Clock, web: &Web, delivery: DueDelivery) -> Result<(), StoreError> {
    let (attempt, status) = send(&delivery, clock, web).await;
    if let Attempt::Again { error, .. } | Attempt::Failed { error, .. } = &attempt {
        tracing::warn!(delivery = %delivery.id, institution = %delivery.institution, error, "not delivered");
    }
    store.note_delivery(delivery.id, &attempt, status).await
}

async fn send(delivery: &DueDelivery, clock: &dyn Clock, web: &Web) -> (Attempt, Option<u16>) {
    let now = clock.now();
    let Some(headers) = headers(delivery, now.seconds()) else {
        return (Attempt::Failed { at: now, error: "the delivery can't be signed".into() }, None);
    };
    let body = delivery.payload.clone().into_bytes();
    match web.send(Call { method: Method::POST, url: delivery.url.clone(), headers, body }).await {
        Ok(answer) if answer.status.is_success() => (Attempt::Done { at: clock.now() }, Some(answer.status.as_u16())),
        Ok(answer) => {
            let said = String::from_utf8_lossy(&answer.body);
            let error = format!("{}: {}", answer.status, shortened(&said));
            (try_again(delivery.attempts, clock.now(), &error), Some(answer.status.as_u16()))
        }
        Err(error) => (try_again(delivery.attempts, clock.now(), &error.to_string()), None),
    }
}

fn headers(delivery: &DueDelivery, seconds: i64) -> Option<HeaderMap> {
    let id = delivery.id.to_string();
    let signature = signature(&delivery.secret, &id, seconds, &delivery.payload)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in
        [("webhook-id", id), ("webhook-timestamp", seconds.to_string()), ("webhook-signature", signature)]
    {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?);
    }
    Some(headers)
}

/// HMAC-SHA-256 over id, time and body; the key is what follows `whsec_`, in base64.
fn signature(secret: &str, id: &str, seconds: i64, payload: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    let tag = ring::hmac::sign(&key, format!("{id}.{seconds}.{payload}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the Standard Webhooks specification.
    #[test]
    fn a_signature_is_what_others_expect() {
        let signature = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }
}
