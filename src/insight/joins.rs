//! A join as one trace: from the request for a ticket over the WebSocket's hello and the offer to the shard that has the
//! client's keys.
//!
//! The steps are taken in different tasks and for different connections; what they have in common is the participant.
//! Without a collector that is told of spans, nothing is kept.

use super::Insight;
use crate::ids::{ParticipantId, PeerId};
use crate::protocol::TransportKind;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Span;

/// What spans are under, for those who filter them.
pub const TRACES: &str = "qism::trace";

/// How many joins are followed at once; more are not followed.
const FOLLOWED_MAX: usize = 10_000;

/// How long a join is followed: as long as its ticket is good, and a media connection may take.
const FOLLOWED_FOR: Duration = Duration::from_secs(90);

#[derive(Default)]
pub(super) struct Joins {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    begun: HashMap<ParticipantId, (Span, Instant)>,
    /// What the shard is to do, until it says that it has done it.
    connecting: HashMap<PeerId, (Span, Instant)>,
}

impl Joins {
    fn state(&self) -> MutexGuard<'_, State> {
        // Spans only: whatever a panic interrupted is forgotten with time.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn sweep(&mut self, now: Instant) {
        self.begun.retain(|_, (_, at)| now.duration_since(*at) < FOLLOWED_FOR);
        self.connecting.retain(|_, (_, at)| now.duration_since(*at) < FOLLOWED_FOR);
    }
}

impl Insight {
    /// Somebody has a ticket. To be called within the request's span.
    pub fn join_begun(&self, participant: ParticipantId) {
        let span = tracing::info_span!(target: TRACES, "join", %participant);
        if span.is_disabled() {
            return;
        }
        let now = Instant::now();
        let mut state = self.inner.joins.state();
        if state.begun.len() >= FOLLOWED_MAX {
            state.sweep(now);
        }
        if state.begun.len() < FOLLOWED_MAX {
            state.begun.insert(participant, (span, now));
        }
    }

    /// The span of a step of their join: of the WebSocket's first message.
    #[must_use]
    pub fn join_said_hello(&self, participant: ParticipantId) -> Span {
        self.of_join(participant, |join| tracing::info_span!(target: TRACES, parent: join, "signalling hello"))
    }

    /// The span of a step of their join: of their offer's answer.
    #[must_use]
    pub fn join_offered(&self, participant: ParticipantId) -> Span {
        self.of_join(participant, |join| tracing::info_span!(target: TRACES, parent: join, "room offer"))
    }

    fn of_join(&self, participant: ParticipantId, step: impl FnOnce(&Span) -> Span) -> Span {
        self.inner.joins.state().begun.get(&participant).map_or_else(Span::none, |(join, _)| step(join))
    }

    /// A shard was given somebody's peer, whose checks and handshake it waits for.
    pub fn join_handed_over(&self, participant: ParticipantId, peer: PeerId) {
        let transport = tracing::field::Empty;
        let step = |join: &Span| tracing::info_span!(target: TRACES, parent: join, "shard connect", %peer, transport);
        let span = self.of_join(participant, step);
        if !span.is_disabled() {
            let mut state = self.inner.joins.state();
            state.begun.remove(&participant);
            state.connecting.insert(peer, (span, Instant::now()));
        }
    }

    /// A shard has a peer's keys: media can flow, and a join is done.
    pub fn media_connected(&self, peer: PeerId, transport: TransportKind) {
        if let Some((span, _)) = self.inner.joins.state().connecting.remove(&peer) {
            span.record("transport", tracing::field::debug(transport));
        }
    }

    /// A peer is gone, whether it had connected or not.
    pub fn media_disconnected(&self, peer: PeerId) {
        self.inner.joins.state().connecting.remove(&peer);
    }
}
