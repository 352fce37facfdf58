//! Encoders and players that came by WHIP and WHEP.

use super::link::{Link, PeerLink, connect, disconnect, offer_refused, refusal};
use super::media::Agreed;
use super::task::{RoomTask, entrant};
use crate::auth::{Admission, Refusal};
use crate::classroom::Request;
use crate::ids::ParticipantId;
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
    Trickle { etag: String },
    Restart { ufrag: String, password: String },
    Leave,
}

/// What a room keeps of a device.
pub(super) struct Device {
    key: DeviceKey,
    etag: String,
    /// The offer as it would be made now: an ICE restart brings only its credentials.
    offer: String,
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
        let (peer, agreed) = connect(&self.shared, self.lesson, offer)?;
        let sources = match sources_of(&agreed, direction) {
            Ok(sources) => sources,
            Err(why) => {
                disconnect(&self.shared, peer);
                return Err(why);
            }
        };
        let session = DeviceSession { device, answer: agreed.answer.clone(), etag: etag_of(&agreed.answer) };
        let publishing = sources.keys().map(|source| Request::Command {
            by: device,
            command: Command::Publish { source: *source },
            fresh: self.shared.fresh_publication(),
        });
        let requests: Vec<Request> = [Request::Join(entrant(admission))].into_iter().chain(publishing).collect();
        let kept = Device { key, etag: session.etag.clone(), offer: offer.to_owned() };
        let link =
            Link { device: Some(kept), peer: Some(PeerLink::new(peer, agreed, offer, sources)), ..Link::default() };
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
    ) -> Result<Option<DeviceSession>, DeviceRefusal> {
        let kept = self.links.get(&device).and_then(|link| link.device.as_ref()).ok_or(DeviceRefusal::NotFound)?;
        if kept.key != key {
            return Err(DeviceRefusal::WrongToken);
        }
        match request {
            DeviceRequest::Trickle { etag } if etag == kept.etag => Ok(None),
            DeviceRequest::Trickle { .. } => Err(DeviceRefusal::StaleEtag),
            DeviceRequest::Restart { ufrag, password } => self.restart_device(device, &ufrag, &password).map(Some),
            DeviceRequest::Leave => {
                self.commit([Request::Leave { participant: device }]).await?;
                Ok(None)
            }
        }
    }

    fn restart_device(
        &mut self,
        device: ParticipantId,
        ufrag: &str,
        password: &str,
    ) -> Result<DeviceSession, DeviceRefusal> {
        let link = self.links.get_mut(&device).ok_or(DeviceRefusal::NotFound)?;
        let (Some(kept), Some(peer)) = (&mut link.device, &mut link.peer) else { return Err(DeviceRefusal::NotFound) };
        let offer = with_credentials(&kept.offer, ufrag, password);
        let agreed = self.shared.media.renegotiate(peer.id, &peer.agreed, &offer);
        let agreed = agreed.map_err(|rejected| offer_refused(&rejected))?;
        kept.offer = offer;
        kept.etag = etag_of(&agreed.answer);
        let session = DeviceSession { device, answer: agreed.answer.clone(), etag: kept.etag.clone() };
        let sources = peer.sources.clone();
        peer.renew(agreed, sources);
        Ok(session)
    }
}

/// What a device's m-lines carry: the first sound is a microphone, the first picture a camera, the second ones the
/// screen's.
fn sources_of(agreed: &Agreed, direction: Direction) -> Result<BTreeMap<Source, Mid>, Refusal> {
    let agreement = &agreed.agreement;
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

/// The server's user name fragment in an answer, which changes with every ICE session.
fn etag_of(answer: &str) -> String {
    let ufrag = answer.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:"));
    ufrag.unwrap_or_default().to_owned()
}

/// The offer, with other ICE credentials.
fn with_credentials(offer: &str, ufrag: &str, password: &str) -> String {
    let mut text = String::with_capacity(offer.len() + ufrag.len() + password.len());
    for line in offer.lines() {
        if line.starts_with("a=ice-ufrag:") {
            text.push_str("a=ice-ufrag:");
            text.push_str(ufrag);
        } else if line.starts_with("a=ice-pwd:") {
            text.push_str("a=ice-pwd:");
            text.push_str(password);
        } else if line.starts_with("a=candidate:") || line.starts_with("a=end-of-candidates") {
            continue;
        } else {
            text.push_str(line.trim_end());
        }
        text.push_str("\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_changes_the_credentials_and_nothing_else() {
        let offer = "v=0\r\na=ice-ufrag:old1\r\na=ice-pwd:oldpassword\r\nm=audio 9 X 111\r\na=candidate:1 1 udp 1 h 9\r\na=mid:0\r\n";
        let expected = "v=0\r\na=ice-ufrag:new1\r\na=ice-pwd:newpassword\r\nm=audio 9 X 111\r\na=mid:0\r\n";
        assert_eq!(with_credentials(offer, "new1", "newpassword"), expected);
        assert_eq!(etag_of(expected), "new1");
    }
}
