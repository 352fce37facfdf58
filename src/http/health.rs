//! Whether the server can do its work, as a load balancer or an operator asks.

use super::Shared;
use crate::net::LoopFault;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use utoipa::{OpenApi, ToSchema};

/// How long the database may take to answer before it counts as gone.
const PING_WAIT: Duration = Duration::from_secs(2);

/// For how long a media loop's end is told again: two handshakes are not for everybody to ask for, many times a second.
const LOOP_HOLDS: Duration = Duration::from_secs(5);

/// How the media loop ended last, and when. Whoever asks while one is on its way waits for it.
pub(super) type LastLoop = Arc<Mutex<Option<(Instant, Result<Duration, LoopFault>)>>>;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or `failing` where anything below does.
    status: &'static str,
    store: &'static str,
    /// Whether a voice came through every shard, from one client of the server's own to another, by the media port.
    media: &'static str,
    /// How long one of that voice's packets took, in milliseconds: the slowest shard's.
    media_loop_ms: Option<f64>,
    /// Where the media loop broke.
    media_fault: Option<String>,
    /// How many rooms are open.
    rooms: usize,
}

/// Whether the server can do its work. The media loop that it makes for that holds for 5 s.
#[utoipa::path(
    get, path = "/healthz", tag = "service",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
pub async fn health(State(shared): State<Shared>) -> Response {
    let word = |works: bool| if works { "ok" } else { "failing" };
    let store = matches!(timeout(PING_WAIT, shared.app.store.ping()).await, Ok(Ok(())));
    let looped = loop_media(&shared).await;
    let works = store && looped.is_ok();
    let health = Health {
        status: word(works),
        store: word(store),
        media: word(looped.is_ok()),
        media_loop_ms: looped.as_ref().ok().map(|took| took.as_secs_f64() * 1_000.0),
        media_fault: looped.err().map(|fault| fault.to_string()),
        rooms: shared.app.rooms.open_count(),
    };
    let status = if works { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}

async fn loop_media(shared: &Shared) -> Result<Duration, LoopFault> {
    let mut last = shared.last_loop.lock().await;
    if let Some((at, ended)) = &*last
        && at.elapsed() < LOOP_HOLDS
    {
        return ended.clone();
    }
    let ended = shared.app.rooms.loop_media().await;
    if let Err(fault) = &ended {
        tracing::error!(%fault, "the media loop broke");
    }
    shared.app.insight.media_looped(ended.as_ref().ok().copied());
    *last = Some((Instant::now(), ended.clone()));
    ended
}

#[derive(OpenApi)]
#[openapi(paths(health), components(schemas(Health)))]
pub struct Described;
