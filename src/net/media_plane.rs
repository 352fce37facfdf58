use crate::ids::{LessonId, PeerId};
use crate::peer::Session;
use crate::shard::{Command, Event};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// How the media plane is set up.
#[derive(Clone, Debug)]
pub struct MediaPlaneOptions {
    /// Where media is received, UDP and passive ICE-TCP alike; shard n listens on this port plus n. A port of 0 takes
    /// any free one.
    pub listen: SocketAddr,
    /// The addresses to announce as candidates where the machine's own are not the ones clients reach (NAT).
    pub public_addresses: Vec<IpAddr>,
    /// How many shards, one thread each.
    pub shards: usize,
}

/// A handle on the running media plane; cheap to clone.
#[derive(Clone)]
pub struct MediaPlane {}

/// An offer that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The answer's SDP.
    pub answer: String,
    /// Keep it to answer the same peer's next offer.
    pub session: Arc<Session>,
}

/// Why an offer can't be used; the text says which part.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OfferRejected(pub String);

/// Why the media plane does not start; the text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl MediaPlane {
    /// Opens the sockets and starts the shards' threads. Events of all shards arrive in order on one channel, bounded;
    /// where it overflows, figures are dropped first.
    ///
    /// # Errors
    /// Where a port can't be opened.
    pub fn start(_options: MediaPlaneOptions) -> Result<(Self, tokio::sync::mpsc::Receiver<Event>), StartError> {
        Err(StartError("not yet".into()))
    }

    /// The address where shard 0 receives media.
    #[must_use]
    pub fn local_address(&self) -> SocketAddr {
        SocketAddr::from(([0, 0, 0, 0], 0))
    }

    /// A peer id that no other peer of this process has.
    #[must_use]
    pub fn new_peer(&self) -> PeerId {
        PeerId(0)
    }

    /// Answers a new peer's offer and connects it to a room.
    ///
    /// # Errors
    /// Where the offer can't be used.
    pub fn connect(&self, _peer: PeerId, _room: LessonId, _offer: &str) -> Result<Accepted, OfferRejected> {
        Err(OfferRejected("not yet".into()))
    }

    /// Answers a connected peer's next offer: an ICE restart, or more slots.
    ///
    /// # Errors
    /// Where the offer can't be used; the connection stays as it was.
    pub fn renegotiate(&self, _peer: PeerId, _previous: &Session, _offer: &str) -> Result<Accepted, OfferRejected> {
        Err(OfferRejected("not yet".into()))
    }

    /// Hands a command to the shard it concerns. Never blocks.
    pub fn send(&self, _command: Command) {}
}
