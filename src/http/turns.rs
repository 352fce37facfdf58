//! Turns: how many requests read records at once. When a country opens its timetables at the same minute, they wait
//! here for one another, and not in the store's queue, where the people who are in lessons would wait among them.

use super::Shared;
use super::problem::Refused;
use crate::protocol::ErrorCode;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many requests read records at once: a few for each connection to the database, so that none of those is idle.
const AT_ONCE: usize = 32;

/// How long a request waits for its turn before it is refused: browsers and people try again about then.
const WAIT: Duration = Duration::from_secs(15);

/// The turns of one server.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

/// Lets a request through when it is its turn, in the order in which they came.
pub async fn wait(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    if !takes_a_turn(&request) {
        return next.run(request).await;
    }
    match timeout(WAIT, shared.turns.0.acquire()).await {
        // The turn ends when the answer begins: who reads it slowly keeps nobody waiting.
        Ok(Ok(_turn)) => next.run(request).await,
        _ => {
            let why = "the server has more to read than it can just now; try again in a moment";
            Refused::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::TooMany, why).into_response()
        }
    }
}

/// What reads records for a page. Not what leads into a lesson; and nothing that has a body, which its sender could
/// take all day to send.
fn takes_a_turn(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::GET && path.starts_with("/api/") && !path.starts_with("/api/lessons/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn pages_take_turns_and_what_leads_into_a_lesson_does_not() {
        let asked = |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            takes_a_turn(&request)
        };
        assert!(asked("GET", "/api/me/today"));
        assert!(asked("GET", "/api/institutions/1/lessons?from=2026-11-30"));
        assert!(asked("GET", "/api/catalogue?search=a"));
        assert!(!asked("GET", "/api/lessons/1/participants/2"));
        assert!(!asked("POST", "/api/lessons/1/join"));
        assert!(!asked("POST", "/api/institutions/1/imports/people"), "its sender may take all day");
        assert!(!asked("GET", "/healthz"));
        assert!(!asked("GET", "/ws"));
    }
}
