//! One peer: the transport of one client, from its first check to its last.

use super::dtls::{Dtls, DtlsError, Progress};
use super::ice::{Ice, Path, StunRefused, StunRequest};
use super::identity::Identity;
use super::session::Session;
use super::srtp::{PlainRtp, SealedAt, Srtp, SrtpError, SrtpProfile};
use bytes::BytesMut;
use std::sync::Arc;
use std::time::Instant;

/// What a peer's transport came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerEvent {
    /// SRTP is keyed: media can flow both ways.
    Connected(SrtpProfile),
    /// The client said goodbye.
    Closed,
    /// The handshake failed, or the certificate is another than the offer's.
    Failed(DtlsError),
    /// No authenticated check for as long as RFC 7675 allows.
    ConsentExpired,
}

/// The transport of one client.
///
/// Feed it what arrives with the `handle_*` methods, and after each drain [`Self::poll_transmit`] (datagrams for the
/// [`Self::path`]) and [`Self::poll_event`]. Call [`Self::handle_timeout`] when [`Self::poll_timeout`] is due. Media
/// is opened and sealed in place by [`Self::open_rtp`] and its kin.
pub struct Peer {
    session: Arc<Session>,
    identity: Arc<Identity>,
    ice: Ice,
    dtls: Dtls,
    srtp: Option<Srtp>,
    event: Option<PeerEvent>,
    ended: bool,
}

impl Peer {
    #[must_use]
    pub fn new(session: Arc<Session>, identity: Arc<Identity>, now: Instant) -> Self {
        Self {
            ice: Ice::new(session.local.clone(), session.remote.clone(), now),
            dtls: Dtls::new(Arc::clone(&identity), session.fingerprints.clone()),
            session,
            identity,
            srtp: None,
            event: None,
            ended: false,
        }
    }

    /// What was agreed with the client.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The client offered again: new ICE credentials restart ICE; the DTLS association stays.
    pub fn renegotiate(&mut self, session: Arc<Session>) {
        self.ice.restart(session.local.clone(), session.remote.clone());
        self.session = session;
    }

    /// Where to send to this client; `None` before its first check.
    #[must_use]
    pub fn path(&self) -> Option<Path> {
        self.ice.selected()
    }

    /// The paths from which datagrams are this client's; at most 8.
    pub fn paths(&self) -> impl Iterator<Item = Path> + '_ {
        self.ice.paths()
    }

    /// Whether datagrams from this path are this client's.
    #[must_use]
    pub fn accepts(&self, path: Path) -> bool {
        self.ice.accepts(path)
    }

    /// Whether media can flow.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.srtp.is_some() && !self.ended
    }

    /// Answers a connectivity check. The result is the response, for the path that the check came from, and a path
    /// that is no longer accepted because this one took its place.
    ///
    /// # Errors
    /// Where the check is not this client's: it is not answered.
    pub fn handle_check(
        &mut self,
        now: Instant,
        path: Path,
        request: StunRequest,
    ) -> Result<(Vec<u8>, Option<Path>), StunRefused> {
        self.ice.check(now, path, request, self.identity.crypto.as_ref())
    }

    /// A path closed (ICE-TCP).
    pub fn forget_path(&mut self, path: Path) {
        self.ice.forget(path);
    }

    /// Takes a DTLS datagram from an accepted path.
    ///
    /// # Errors
    /// Where the datagram had no effect because it is not DTLS in its place.
    pub fn handle_dtls(&mut self, now: Instant, datagram: &[u8]) -> Result<(), DtlsError> {
        match self.dtls.handle(now, datagram) {
            Ok(Progress::Nothing) => Ok(()),
            Ok(Progress::Keys { profile, material }) => {
                match Srtp::new(profile, &material, self.identity.crypto.crypto()) {
                    Ok(srtp) => {
                        self.srtp = Some(srtp);
                        self.event = Some(PeerEvent::Connected(profile));
                    }
                    Err(_) => self.end(PeerEvent::Failed(DtlsError::HandshakeFailed)),
                }
                Ok(())
            }
            Ok(Progress::Closed) => {
                self.end(PeerEvent::Closed);
                Ok(())
            }
            Err(error @ (DtlsError::Malformed | DtlsError::TooManyFragments)) => Err(error),
            Err(error) => {
                self.end(PeerEvent::Failed(error));
                Ok(())
            }
        }
    }

    /// Opens an SRTP packet in place; what is left of it is `packet[..result]`.
    ///
    /// # Errors
    /// Where it is malformed, forged or seen before, or the handshake has not finished.
    pub fn open_rtp(&mut self, packet: &mut [u8]) -> Result<usize, SrtpError> {
        self.srtp.as_mut().ok_or(SrtpError::NotReady)?.open_rtp(packet)
    }

    /// Opens an SRTCP compound in place; what is left of it is `packet[..result]`.
    ///
    /// # Errors
    /// As [`Self::open_rtp`].
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, SrtpError> {
        self.srtp.as_mut().ok_or(SrtpError::NotReady)?.open_rtcp(packet)
    }

    /// Appends an RTP packet to the arena, sealed.
    ///
    /// # Errors
    /// Where the handshake has not finished.
    pub fn seal_rtp(&mut self, arena: &mut Vec<u8>, packet: &PlainRtp<'_>) -> Result<SealedAt, SrtpError> {
        self.srtp.as_mut().ok_or(SrtpError::NotReady)?.seal_rtp(arena, packet)
    }

    /// Appends an RTCP compound to the arena, sealed.
    ///
    /// # Errors
    /// Where the handshake has not finished.
    pub fn seal_rtcp(&mut self, arena: &mut Vec<u8>, compound: &[u8]) -> Result<SealedAt, SrtpError> {
        self.srtp.as_mut().ok_or(SrtpError::NotReady)?.seal_rtcp(arena, compound)
    }

    /// The next datagram for [`Self::path`].
    pub fn poll_transmit(&mut self) -> Option<BytesMut> {
        self.dtls.poll_transmit()
    }

    /// What the transport came to since the last call.
    pub fn poll_event(&mut self) -> Option<PeerEvent> {
        self.event.take()
    }

    /// When [`Self::handle_timeout`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.ended {
            return None;
        }
        let consent = self.ice.consent_until();
        Some(self.dtls.poll_timeout().map_or(consent, |retransmit| retransmit.min(consent)))
    }

    /// Does what is due: DTLS retransmissions, the end of consent.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.ended {
            return;
        }
        if now >= self.ice.consent_until() {
            self.end(PeerEvent::ConsentExpired);
        } else if let Err(error) = self.dtls.handle_timeout(now) {
            self.end(PeerEvent::Failed(error));
        }
    }

    /// Says goodbye; drain [`Self::poll_transmit`] once more.
    pub fn close(&mut self, now: Instant) {
        self.dtls.close(now);
        self.ended = true;
    }

    fn end(&mut self, event: PeerEvent) {
        self.ended = true;
        self.event = Some(event);
    }
}
