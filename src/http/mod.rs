//! The HTTP side: REST calls, WHIP and WHEP, the WebSocket's upgrade, health, metrics and the web client's files.
//!
//! Owns what is HTTP: routes and who may use them, cookies, headers, statuses, problems. Refuses to decide who comes
//! in, which is `auth`'s, and what happens there, which is `rooms`'.

mod account;
mod acting;
mod cookie;
mod devices;
mod extract;
mod files;
mod headers;
mod own;
mod places;
mod problem;
mod record;
mod routes;
mod sdp_fragment;
mod service;
mod venues;

pub use acting::{Duty, Scope};
pub use routes::{Access, Route, routes};

use crate::auth::Auth;
use crate::insight::Insight;
use crate::rooms::Rooms;
use crate::signalling::Signalling;
use crate::store::Store;
use crate::time::Clock;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use std::sync::Arc;

/// The largest body of a request, in bytes: a session description of a browser with all slots is about 12 kB.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// What the routes work with; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub auth: Auth,
    pub rooms: Rooms,
    pub clock: Arc<dyn Clock>,
    pub insight: Insight,
    pub options: Arc<HttpOptions>,
}

/// How the HTTP side is set up.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// Where people reach the server, for example `https://qism.example`, without a slash at the end; also an origin
    /// from which the WebSocket may be opened. Without it, only pages of the host that the request names may.
    pub base_url: Option<String>,
    /// Whether people reach the server over TLS (its own, or a proxy's): makes the session's cookie `Secure`.
    pub secure: bool,
    /// Whether mail is sent: what is not sent is not queued either.
    pub mail: bool,
}

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Shared {
    app: AppState,
    signalling: Signalling,
}

/// All routes.
pub fn router(state: AppState) -> axum::Router {
    let AppState { auth, rooms, clock, insight, .. } = state.clone();
    let shared = Shared { app: state, signalling: Signalling::new(auth, rooms, clock, insight) };
    let mut router = axum::Router::new();
    for route in routes() {
        let guard = acting::Guard { shared: shared.clone(), methods: route.methods };
        let guarded = route.handler.route_layer(middleware::from_fn_with_state(guard, acting::guard));
        router = router.route(route.path, guarded);
    }
    router
        .fallback(files::file)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(shared.clone(), headers::finish))
        .with_state(shared)
}
