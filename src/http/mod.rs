//! The HTTP side: REST calls, WHIP and WHEP, the WebSocket's upgrade, health, metrics and the web client's files.
//!
//! Owns what is HTTP: routes and who may use them, cookies, headers, statuses, problems. Refuses to decide who comes
//! in, which is `auth`'s, and what happens there, which is `rooms`'.

mod account;
mod account_links;
mod acting;
mod alarms;
mod announcements;
mod api_keys;
mod applications;
mod attachment;
mod audit;
mod board;
mod browser;
mod catalogue;
mod cookie;
mod courses;
mod devices;
mod extract;
mod files;
mod first_start;
mod groups;
mod headers;
mod health;
mod idempotency;
mod imports;
mod institutions;
mod lessons;
mod oidc;
mod own;
mod own_account;
mod people;
mod periods;
mod places;
mod problem;
mod record;
mod regions;
mod reports;
mod retention;
mod routes;
mod sdp_fragment;
mod second_factor;
mod service;
mod turns;
mod venues;
mod webhooks;

pub use acting::{Duty, Scope, SecondFactor};
pub use routes::{Access, Route, routes};

use crate::auth::Auth;
use crate::board::Board;
use crate::insight::Insight;
use crate::rooms::Rooms;
use crate::signalling::Signalling;
use crate::store::{MaterialFolder, Store};
use crate::time::Clock;
use crate::web::Web;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use std::net::IpAddr;
use std::sync::Arc;

/// The largest body of a request, in bytes: a session description of a browser with all slots is about 12 kB.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// What the routes work with; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub store: Store,
    pub auth: Auth,
    pub rooms: Rooms,
    pub board: Board,
    pub clock: Arc<dyn Clock>,
    pub insight: Insight,
    /// Calls the addresses that people give.
    pub web: Web,
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
    /// Proxies whose word on where a request comes from is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// Who besides this machine may read the metrics.
    pub metrics_for: Vec<IpAddr>,
    pub second_factor: SecondFactor,
    /// Where the files of courses' materials are; without it none are taken.
    pub materials: Option<MaterialFolder>,
}

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Shared {
    app: AppState,
    signalling: Signalling,
    /// When old answers to requests with a key were thrown away last.
    swept_at: idempotency::SweptAt,
    /// Holds up who applies for courses without end.
    applying: Arc<applications::Throttle>,
    turns: turns::Turns,
    last_loop: health::LastLoop,
}

/// All routes.
pub fn router(state: AppState) -> axum::Router {
    let AppState { auth, rooms, board, insight, .. } = state.clone();
    let shared = Shared {
        app: state,
        signalling: Signalling::new(auth, rooms, board, insight),
        swept_at: idempotency::SweptAt::default(),
        applying: Arc::default(),
        turns: turns::Turns::default(),
        last_loop: health::LastLoop::default(),
    };
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
        .layer(middleware::from_fn_with_state(shared.clone(), turns::wait))
        .layer(middleware::from_fn_with_state(shared.clone(), headers::finish))
        .with_state(shared)
}
