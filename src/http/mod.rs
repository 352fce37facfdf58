//! The HTTP side: REST calls, WHIP and WHEP, the WebSocket's upgrade, health, metrics and the web client's files.

use crate::auth::Auth;
use crate::insight::Insight;
use crate::rooms::Rooms;
use crate::store::Store;
use crate::time::Clock;
use std::sync::Arc;

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
}

/// All routes. Serve it with the peer's address (`into_make_service_with_connect_info::<SocketAddr>()`), or without.
pub fn router(state: AppState) -> axum::Router {
    axum::Router::new().with_state(state)
}
