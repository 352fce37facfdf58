//! What the server counts about itself, as Prometheus metrics.
//!
//! Owns the registry and every metric's name. Services hold an [`Insight`] and count through its methods; shards hand
//! over values. Labels are fixed words of this program only: nothing that a client sent becomes one.

mod joins;
mod plain;
mod process;
mod shards;
#[cfg(test)]
mod tests;

pub use joins::TRACES;

use crate::protocol::Role;
use crate::shard;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use shards::Shards;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

/// How metrics are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// Prometheus' text format 0.0.4.
    Plain,
}

impl Format {
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

type Labels<const N: usize> = [(&'static str, &'static str); N];

/// The metrics of the process; cheap to clone.
#[derive(Clone)]
pub struct Insight {
    inner: Arc<Inner>,
}

struct Inner {
    joins: joins::Joins,
    registry: Registry,
    shards: Arc<Shards>,
    websocket_connections: Gauge,
    websocket_messages: Family<Labels<1>, Counter>,
    websocket_refusals: Family<Labels<1>, Counter>,
    websocket_closed: Family<Labels<1>, Counter>,
    http_requests: Family<[(&'static str, String); 3], Counter>,
    http_request_seconds: Family<Labels<1>, Histogram>,
    rooms: Gauge,
    participants: Family<Labels<1>, Gauge>,
    room_events: Family<Labels<1>, Counter>,
    room_commits: Family<Labels<1>, Counter>,
    room_commit_seconds: Histogram,
    media_events_dropped: Counter,
    media_loops: Family<Labels<1>, Counter>,
    media_loop_seconds: Gauge<f64, AtomicU64>,
}

impl Default for Insight {
    fn default() -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(process::Process));
        let shards = Arc::new(Shards::default());
        // Half a millisecond to about four seconds: from a commit on a fast disk to one that people notice.
        let room_commit_seconds = Histogram::new(exponential_buckets(0.000_5, 2.0, 14));
        let inner = Inner {
            joins: joins::Joins::default(),
            shards,
            websocket_connections: Gauge::default(),
            websocket_messages: Family::default(),
            websocket_refusals: Family::default(),
            websocket_closed: Family::default(),
            http_requests: Family::default(),
            // A millisecond to four seconds.
            http_request_seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 4.0, 7))),
            rooms: Gauge::default(),
            participants: Family::default(),
            room_events: Family::default(),
            room_commits: Family::default(),
            room_commit_seconds,
            media_events_dropped: Counter::default(),
            media_loops: Family::default(),
            media_loop_seconds: Gauge::default(),
            registry,
        };
        // Who watches for the first failure needs the zero before it.
        for result in ["ok", "failed"] {
            drop(inner.room_commits.get_or_create(&[("result", result)]));
            drop(inner.media_loops.get_or_create(&[("result", result)]));
        }
        Self { inner: Arc::new(inner.registered()) }
    }
}

impl Inner {
    fn registered(mut self) -> Self {
        let registry = self.registry.sub_registry_with_prefix("qism");
        registry.register_collector(Box::new(Arc::clone(&self.shards)));
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Which Qism this is", version);
        let open = self.websocket_connections.clone();
        registry.register("websocket_connections", "WebSocket connections that are open", open);
        let messages = self.websocket_messages.clone();
        registry.register("websocket_messages", "Messages received over WebSockets, by kind", messages);
        let refusals = self.websocket_refusals.clone();
        registry.register("websocket_refusals", "Errors sent over WebSockets, by code", refusals);
        let closed = self.websocket_closed.clone();
        registry.register("websocket_closed", "WebSocket connections that ended, by reason", closed);
        let requests = self.http_requests.clone();
        registry.register("http_requests", "HTTP requests answered, by route, method and status", requests);
        let seconds = self.http_request_seconds.clone();
        registry.register("http_request_seconds", "How long answers to HTTP requests took, by route", seconds);
        registry.register("rooms", "Rooms that are open", self.rooms.clone());
        let participants = self.participants.clone();
        registry.register("participants", "Participants with a connection to a room, by role", participants);
        registry.register("room_events", "Events appended to rooms' logs, by kind", self.room_events.clone());
        let commits = self.room_commits.clone();
        registry.register("room_commits", "Transactions on rooms' logs, by result", commits);
        let seconds = self.room_commit_seconds.clone();
        registry.register("room_commit_seconds", "How long a transaction on a room's log took", seconds);
        let dropped = self.media_events_dropped.clone();
        let help = "Events of the media plane that did not fit a room's queue";
        registry.register("media_events_dropped", help, dropped);
        let loops = self.media_loops.clone();
        registry.register("media_loops", "Media loops that the server made through itself, by result", loops);
        let seconds = self.media_loop_seconds.clone();
        let help = "How long a packet of the last media loop took; nothing where it broke";
        registry.register("media_loop_seconds", help, seconds);
        self
    }
}

impl Insight {
    /// All metrics.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = text::encode(&mut text, &self.inner.registry);
        match format {
            Format::OpenMetrics => text,
            Format::Plain => plain::of(&text),
        }
    }

    pub fn websocket_opened(&self) {
        self.inner.websocket_connections.inc();
    }

    /// A connection ended; `reason` is the `bye`'s word, or how it broke off.
    pub fn websocket_closed(&self, reason: &'static str) {
        self.inner.websocket_connections.dec();
        self.inner.websocket_closed.get_or_create(&[("reason", reason)]).inc();
    }

    pub fn websocket_message(&self, kind: &'static str) {
        self.inner.websocket_messages.get_or_create(&[("kind", kind)]).inc();
    }

    pub fn websocket_refusal(&self, code: &'static str) {
        self.inner.websocket_refusals.get_or_create(&[("code", code)]).inc();
    }

    /// `route` is the route's pattern, never the path that was asked for.
    pub fn http_request(&self, route: &'static str, method: &'static str, status: u16, took: Duration) {
        self.inner.http_request_seconds.get_or_create(&[("route", route)]).observe(took.as_secs_f64());
        let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
        self.inner.http_requests.get_or_create(&labels).inc();
    }

    pub fn room_opened(&self) {
        self.inner.rooms.inc();
    }

    pub fn room_closed(&self) {
        self.inner.rooms.dec();
    }

    pub fn participant_connected(&self, role: Role) {
        self.inner.participants.get_or_create(&[("role", role_word(role))]).inc();
    }

    pub fn participant_disconnected(&self, role: Role) {
        self.inner.participants.get_or_create(&[("role", role_word(role))]).dec();
    }

    pub fn room_event(&self, kind: &'static str) {
        self.inner.room_events.get_or_create(&[("event", kind)]).inc();
    }

    pub fn room_committed(&self, took: Duration) {
        self.inner.room_commits.get_or_create(&[("result", "ok")]).inc();
        self.inner.room_commit_seconds.observe(took.as_secs_f64());
    }

    pub fn room_commit_failed(&self, took: Duration) {
        self.inner.room_commits.get_or_create(&[("result", "failed")]).inc();
        self.inner.room_commit_seconds.observe(took.as_secs_f64());
    }

    pub fn media_event_dropped(&self) {
        self.inner.media_events_dropped.inc();
    }

    /// A media loop ended: how long its packet took, or `None` where it broke.
    pub fn media_looped(&self, took: Option<Duration>) {
        let result = if took.is_some() { "ok" } else { "failed" };
        self.inner.media_loops.get_or_create(&[("result", result)]).inc();
        self.inner.media_loop_seconds.set(took.map_or(0.0, |took| took.as_secs_f64()));
    }

    /// Takes over a shard's totals.
    pub fn shard(&self, figures: &shard::Figures) {
        self.inner.shards.take(figures);
    }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Trainer => "trainer",
        Role::Trainee => "trainee",
        Role::Committee => "committee",
    }
}
