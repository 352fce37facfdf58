//! Encoders and players that came by WHIP and WHEP.

use super::drafts::entrant;
use super::link::{Link, PeerLink, connect, disconnect, offer_refused, refusal};
use super::task::RoomTask;
use crate::auth::{Admission, Refusal};
use crate::classroom::Request;
use crate::ids::ParticipantId;
use crate::net::IceRestarted;
use crate::peer::{Credentials, Session};
use crate::protocol::{Command, ErrorCode, Source};
use crate::rtp::{MediaKind, Mid};
use std::collections::BTreeMap;

/// Which way a device's media goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It sends (WHIP).
    Publishes,
    /// It receives (WHEP).
    Plays,
}

/// The hash of the token a device came with: only who has the token may change the session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceKey(pub [u8; 32]);

/// A device's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSession {
    pub device: ParticipantId,
    /// The answer's SDP.
    pub answer: String,
    /// Names the current ICE session: the server's user name fragment.
    pub etag: String,
}

/// The server's side of an ICE session that was restarted; its user name fragment is the session's new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceIce {
    pub credentials: Credentials,
    /// `candidate` attributes, without `a=`.
    pub candidates: Vec<String>,
    /// The session's m-lines.
    pub mids: Vec<Mid>,
}

/// Why a device's request is refused.
#[derive(Debug, thiserror::Error)]
pub enum DeviceRefusal {
    #[error("No such session (any more).")]
    NotFound,
    #[error("This token did not open the session.")]
    WrongToken,
    #[error("The ICE session was restarted meanwhile.")]
    StaleEtag,
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What a device asks of its session.
pub(super) enum DeviceRequest {
    Ice { etag: Option<String>, credentials: Option<(String, String)> },
    Leave,
}

/// What came of it.
pub(super) enum DeviceDone {
    Done,
    Restarted(DeviceIce),
}

/// What a room keeps of a device.
pub(super) struct Device {
    key: DeviceKey,
}

impl RoomTask {
    pub(super) async fn connect_device(
        &mut self,
        admission: &Admission,
        direction: Direction,
        key: DeviceKey,
        offer: &str,
    ) -> Result<DeviceSession, Refusal> {
        let device = admission.participant;
        let (peer, accepted) = connect(&self.shared, self.lesson, offer)?;
        let sources = match sources_of(&accepted.session, direction) {
            Ok(sources) => sources,
            Err(why) => {
                disconnect(&self.shared, peer);
                return Err(why);
            }
        };
        let etag = accepted.session.local.ufrag.clone();
        let session = DeviceSession { device, answer: accepted.answer, etag };
        let publishing = sources.keys().map(|source| Request::Command {
            by: device,
            command: Command::Publish { source: *source },
            fresh: self.shared.fresh_publication(),
        });
        let requests: Vec<Request> = [Request::Join(entrant(admission))].into_iter().chain(publishing).collect();
        let peer_link = PeerLink::new(peer, accepted.session, offer, sources);
        let link = Link { device: Some(Device { key }), peer: Some(peer_link), ..Link::default() };
        // Before the commit, since what follows from it is sent on this link.
        self.links.insert(device, link);
        self.peers.insert(peer, device);
        if let Err(why) = self.commit(requests).await {
            self.drop_peer(device);
            self.links.remove(&device);
            return Err(why);
        }
        self.admissions.insert(device, admission.clone());
        self.show(device);
        Ok(session)
    }

    pub(super) async fn device(
        &mut self,
        device: ParticipantId,
        key: DeviceKey,
        request: DeviceRequest,
    ) -> Result<DeviceDone, DeviceRefusal> {
        let link = self.links.get(&device).ok_or(DeviceRefusal::NotFound)?;
        let (Some(kept), Some(peer)) = (&link.device, &link.peer) else { return Err(DeviceRefusal::NotFound) };
        if kept.key != key {
            return Err(DeviceRefusal::WrongToken);
        }
        match request {
            DeviceRequest::Ice { etag: Some(etag), .. } if etag != peer.session.local.ufrag => {
                Err(DeviceRefusal::StaleEtag)
            }
            DeviceRequest::Ice { credentials: Some((ufrag, password)), .. } if ufrag != peer.session.remote.ufrag => {
                self.restart_device(device, &ufrag, &password)
            }
            DeviceRequest::Ice { .. } => Ok(DeviceDone::Done),
            DeviceRequest::Leave => {
                self.commit([Request::Leave { participant: device }]).await?;
                Ok(DeviceDone::Done)
            }
        }
    }

    fn restart_device(
        &mut self,
        device: ParticipantId,
        ufrag: &str,
        password: &str,
    ) -> Result<DeviceDone, DeviceRefusal> {
        let peer = self.links.get_mut(&device).and_then(|link| link.peer.as_mut()).ok_or(DeviceRefusal::NotFound)?;
        let restarted = self.shared.media.restart_ice(peer.id, &peer.session, ufrag, password);
        let IceRestarted { session, candidates } = restarted.map_err(|rejected| offer_refused(&rejected))?;
        let agreement = &session.agreement;
        let lines = agreement.sending.iter().map(|line| line.mid).chain(agreement.slots.iter().map(|slot| slot.mid));
        let mids: Vec<Mid> = lines.collect();
        let credentials = session.local.clone();
        let sources = peer.sources.clone();
        peer.renew(session, sources);
        Ok(DeviceDone::Restarted(DeviceIce { credentials, candidates, mids }))
    }
}

/// What a device's m-lines carry: the first sound is a microphone, the first picture a camera, the second ones the
/// screen's.
fn sources_of(session: &Session, direction: Direction) -> Result<BTreeMap<Source, Mid>, Refusal> {
    let agreement = &session.agreement;
    let rejected = |why: &str| Err(refusal(ErrorCode::OfferRejected, why.into()));
    match direction {
        Direction::Plays if agreement.slots.is_empty() => rejected("A player's m-lines receive: a=recvonly."),
        Direction::Plays if !agreement.sending.is_empty() => rejected("A player sends nothing: a=recvonly."),
        Direction::Plays => Ok(BTreeMap::new()),
        Direction::Publishes if agreement.sending.is_empty() => rejected("An encoder's m-lines send: a=sendonly."),
        Direction::Publishes if !agreement.slots.is_empty() => rejected("An encoder receives nothing: a=sendonly."),
        Direction::Publishes => {
            let mut sounds = [Source::Microphone, Source::ScreenAudio].into_iter();
            let mut pictures = [Source::Camera, Source::Screen].into_iter();
            let mut sources = BTreeMap::new();
            for line in &agreement.sending {
                let next = match line.kind {
                    MediaKind::Audio => sounds.next(),
                    MediaKind::Video => pictures.next(),
                };
                let Some(source) = next else { return rejected("Send at most two sounds and two pictures.") };
                sources.insert(source, line.mid);
            }
            Ok(sources)
        }
    }
}
