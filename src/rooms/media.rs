use crate::ids::{LessonId, PeerId};
use crate::net::{Accepted, IceRestarted, LoopFault, MediaPlane, OfferRejected};
use crate::peer::Session;
use crate::shard::Command;
use std::pin::Pin;
use std::time::Duration;

/// A media loop on its way: how long a packet took, or where it broke.
pub type Looping<'a> = Pin<Box<dyn Future<Output = Result<Duration, LoopFault>> + Send + 'a>>;

/// What rooms need of the media plane, so that a test can listen in on it. See [`MediaPlane`]'s methods of the same
/// names.
pub trait Media: Send + Sync {
    fn new_peer(&self) -> PeerId;

    /// # Errors
    /// Where the offer can't be used.
    fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Accepted, OfferRejected>;

    /// # Errors
    /// Where the offer can't be used; the connection stays as it was.
    fn renegotiate(&self, peer: PeerId, previous: &Session, offer: &str) -> Result<Accepted, OfferRejected>;

    /// # Errors
    /// Where the credentials can't be used; the connection stays as it was.
    fn restart_ice(
        &self,
        peer: PeerId,
        previous: &Session,
        ufrag: &str,
        password: &str,
    ) -> Result<IceRestarted, OfferRejected>;

    fn send(&self, command: Command);

    /// Sends a voice from one client of its own to another.
    fn loop_media(&self) -> Looping<'_>;
}

impl Media for MediaPlane {
    fn new_peer(&self) -> PeerId {
        Self::new_peer(self)
    }

    fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Accepted, OfferRejected> {
        Self::connect(self, peer, room, offer)
    }

    fn renegotiate(&self, peer: PeerId, previous: &Session, offer: &str) -> Result<Accepted, OfferRejected> {
        Self::renegotiate(self, peer, previous, offer)
    }

    fn restart_ice(
        &self,
        peer: PeerId,
        previous: &Session,
        ufrag: &str,
        password: &str,
    ) -> Result<IceRestarted, OfferRejected> {
        Self::restart_ice(self, peer, previous, ufrag, password)
    }

    fn send(&self, command: Command) {
        Self::send(self, command);
    }

    fn loop_media(&self) -> Looping<'_> {
        Box::pin(Self::loop_media(self))
    }
}
