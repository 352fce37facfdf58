use crate::ids::{LessonId, PeerId};
use crate::net::{Accepted, MediaPlane, OfferRejected};
use crate::peer::Session;
use crate::rtp::Agreement;
use crate::shard::Command;
use std::sync::Arc;

/// What rooms need of the media plane.
pub trait Media: Send + Sync {
    /// A peer id that no other peer of this process has.
    fn new_peer(&self) -> PeerId;

    /// Answers a new peer's offer and connects it to a room.
    ///
    /// # Errors
    /// Where the offer can't be used.
    fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Agreed, OfferRejected>;

    /// Answers a connected peer's next offer.
    ///
    /// # Errors
    /// Where the offer can't be used; the connection stays as it was.
    fn renegotiate(&self, peer: PeerId, previous: &Agreed, offer: &str) -> Result<Agreed, OfferRejected>;

    /// Hands a command to the shard it concerns. Never blocks.
    fn send(&self, command: Command);
}

/// An offer that was answered.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// The answer's SDP.
    pub answer: String,
    pub agreement: Agreement,
    /// What the media plane needs to answer the same peer again.
    pub session: Option<Arc<Session>>,
}

impl From<Accepted> for Agreed {
    fn from(accepted: Accepted) -> Self {
        Self { agreement: accepted.session.agreement.clone(), answer: accepted.answer, session: Some(accepted.session) }
    }
}

impl Media for MediaPlane {
    fn new_peer(&self) -> PeerId {
        Self::new_peer(self)
    }

    fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Agreed, OfferRejected> {
        Self::connect(self, peer, room, offer).map(Agreed::from)
    }

    fn renegotiate(&self, peer: PeerId, previous: &Agreed, offer: &str) -> Result<Agreed, OfferRejected> {
        let Some(session) = &previous.session else {
            return Err(OfferRejected("this connection has no earlier offer".into()));
        };
        Self::renegotiate(self, peer, session, offer).map(Agreed::from)
    }

    fn send(&self, command: Command) {
        Self::send(self, command);
    }
}
