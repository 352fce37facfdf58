//! `Idempotency-Key`: a request that is sent again, because its answer got lost, is answered again and does nothing
//! twice (draft-ietf-httpapi-idempotency-key-header).
//!
//! Only what is about an institution's records: other requests may hold passwords, of which not even a hash is kept.

use super::Shared;
use super::acting::{Acting, Who};
use super::problem::Refused;
use crate::protocol::ErrorCode;
use crate::store::{KeptAnswer, KnownRequest, SecretHash};
use crate::time::Timestamp;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3_600);

/// How often what is older is thrown away.
const SWEPT_EVERY: Duration = Duration::from_secs(3_600);

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// The largest request with a key, in bytes: it is held as a whole.
const REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The largest answer that is kept, in bytes; one that is larger is not given a second time.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The headers that are kept.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// An answer with a secret in it, which is shown this once and kept nowhere: asked for again it is `under_way`.
#[derive(Clone, Copy, Debug)]
struct ShownOnce;

/// Marks an answer as one that is not kept, because it has a secret in it.
pub fn shown_once(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.extensions_mut().insert(ShownOnce);
    response
}

/// Serves a request that came with a key.
pub async fn serve(shared: &Shared, acting: &Acting, request: Request, next: Next) -> Response {
    match serve_once(shared, acting, request, next).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(),
    }
}

async fn serve_once(shared: &Shared, acting: &Acting, request: Request, next: Next) -> Result<Response, Refused> {
    let key = key_of(&request)?;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, REQUEST_BYTES_MAX).await.map_err(|_| {
        let detail = format!("A request with an Idempotency-Key has at most {REQUEST_BYTES_MAX} bytes.");
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BadRequest, detail)
    })?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let hash = hash_of(&[parts.method.as_str().as_bytes(), path.as_bytes(), &body]);
    let actor = match &acting.who {
        Who::Person(member) => member.person.to_string(),
        Who::Key(key) => key.to_string(),
    };
    let forgotten = Timestamp(acting.at.micros().saturating_sub(micros(KEPT_FOR)));
    sweep(shared, acting.at, forgotten).await;
    match acting.store.begin_request(&actor, &key, &hash, acting.at, forgotten).await? {
        KnownRequest::New => {}
        KnownRequest::Answered(answer) => return Ok(again(answer)),
        KnownRequest::UnderWay => {
            let detail = "The request with this Idempotency-Key is still being served, broke off, or had an answer that \
                          is not kept; look whether it was done before you ask anew with another key.";
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::UnderWay, detail));
        }
        KnownRequest::Other => {
            let detail = "This Idempotency-Key was sent with another request; make a new key for each.";
            return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::KeyReused, detail));
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !response.status().is_success() {
        // Nothing was done: the same key may be tried again, with what was wrong put right.
        acting.store.forget_request(&actor, &key).await?;
        return Ok(response);
    }
    if response.extensions().get::<ShownOnce>().is_some() {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.map_err(|_| Refused::bad_request("The answer broke off."))?;
    if let Some(answer) = kept(&parts, &whole) {
        acting.store.answer_request(&actor, &key, &answer).await?;
    }
    Ok(Response::from_parts(parts, Body::from(whole)))
}

fn key_of(request: &Request) -> Result<String, Refused> {
    let key = request.headers().get(&IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_good = (1..=KEY_BYTES_MAX).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let detail = "An Idempotency-Key has 1 to 200 characters of ASCII.";
    is_good.then(|| key.to_owned()).ok_or_else(|| Refused::bad_request(detail))
}

fn kept(parts: &axum::http::response::Parts, body: &Bytes) -> Option<KeptAnswer> {
    if body.len() > ANSWER_BYTES_MAX {
        return None;
    }
    let body = String::from_utf8(body.to_vec()).ok()?;
    let headers: Vec<(&str, &str)> =
        KEPT_HEADERS.iter().filter_map(|name| Some((name.as_str(), parts.headers.get(name)?.to_str().ok()?))).collect();
    let headers = serde_json::to_string(&headers).ok()?;
    Some(KeptAnswer { status: parts.status.as_u16(), headers, body })
}

/// The answer that was given.
fn again(answer: KeptAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers: Vec<(String, String)> = serde_json::from_str(&answer.headers).unwrap_or_default();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// SHA-256 of parts, each with its length before it.
fn hash_of(parts: &[&[u8]]) -> SecretHash {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let mut hash = SecretHash([0; 32]);
    for (byte, from) in hash.0.iter_mut().zip(context.finish().as_ref()) {
        *byte = *from;
    }
    hash
}

/// Throws old answers away, now and then.
async fn sweep(shared: &Shared, now: Timestamp, forgotten: Timestamp) {
    let last = shared.swept_at.load(Ordering::Relaxed);
    let is_due = now.micros().saturating_sub(last) >= micros(SWEPT_EVERY);
    // Of those who come at once, one does it.
    if is_due
        && shared.swept_at.compare_exchange(last, now.micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
        && let Err(error) = shared.app.store.forget_requests(forgotten).await
    {
        tracing::warn!(%error, "old answers can't be thrown away");
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// When old answers were thrown away last.
pub type SweptAt = std::sync::Arc<AtomicI64>;
