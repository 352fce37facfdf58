//! The DTLS side of a peer: the server's end of one association (RFC 5763, RFC 5764), over whatever path is selected.

use super::client_hello::{FRAGMENTS_MAX, HelloReader, OfferedProfiles, plaintext_fragments};
use super::identity::{Fingerprint, Identity};
use super::srtp::SrtpProfile;
use bytes::BytesMut;
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType};
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::srtp::config::LABEL_EXTRACTOR_DTLS_SRTP;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// When our flight is sent again for the first time; each further time after twice as long. RFC 6347 §4.2.4.1 has 1 s,
/// but media starts sooner on a lossy network with a fifth of it.
const RESEND_FIRST: Duration = Duration::from_millis(200);
const RESEND_LONGEST: Duration = Duration::from_secs(3);
/// After how many resends the handshake has failed: about 20 s.
const RESENDS_MAX: u32 = 10;
/// A client that repeats itself has not heard us: it is answered at once, but not more often than this.
const REPEAT_INTERVAL: Duration = Duration::from_millis(40);
/// How many datagrams of a ClientHello in pieces are kept until the last has come.
const HELLO_DATAGRAMS_MAX: usize = 8;
/// The association is bound to its peer, not to an address: paths change under it.
const ASSOCIATION: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// Why DTLS input had no effect, or ended the handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DtlsError {
    #[error("not a DTLS datagram in its place")]
    Malformed,
    #[error("more handshake fragments than any handshake needs")]
    TooManyFragments,
    #[error("the handshake failed")]
    HandshakeFailed,
    #[error("the certificate is not the one that the offer names")]
    WrongCertificate,
}

/// What the association reached.
#[derive(Debug)]
pub(super) enum Progress {
    Nothing,
    /// The keys for SRTP: exporter output for the profile.
    Keys {
        profile: SrtpProfile,
        material: Vec<u8>,
    },
    Closed,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    AwaitingHello,
    Handshaking(SrtpProfile),
    Established,
    Closed,
}

pub(super) struct Dtls {
    identity: Arc<Identity>,
    fingerprints: Vec<Fingerprint>,
    state: State,
    hello: HelloReader,
    waiting: Vec<BytesMut>,
    fragments: usize,
    endpoint: Option<Box<Endpoint>>,
    outbox: VecDeque<BytesMut>,
    flight: Flight,
}

/// What we sent last in the handshake. The association's own timer stops for good when anything arrives that does not
/// complete a flight, a client's repeated hello above all; so the last flight is kept and sent again here.
#[derive(Default)]
struct Flight {
    datagrams: Vec<BytesMut>,
    sent_at: Option<Instant>,
    resends: u32,
}

impl Flight {
    fn resend_at(&self) -> Option<Instant> {
        let wait = RESEND_FIRST.saturating_mul(1 << self.resends.min(8)).min(RESEND_LONGEST);
        self.sent_at.map(|sent_at| sent_at + wait)
    }
}

impl Dtls {
    pub fn new(identity: Arc<Identity>, fingerprints: Vec<Fingerprint>) -> Self {
        Self {
            identity,
            fingerprints,
            state: State::AwaitingHello,
            hello: HelloReader::default(),
            waiting: Vec::new(),
            fragments: 0,
            endpoint: None,
            outbox: VecDeque::new(),
            flight: Flight::default(),
        }
    }

    /// Takes a datagram from an accepted path. Drain [`Self::poll_transmit`] afterwards.
    ///
    /// # Errors
    /// [`DtlsError::Malformed`] and [`DtlsError::TooManyFragments`] leave the association as it was; the others end it.
    pub fn handle(&mut self, now: Instant, datagram: &[u8]) -> Result<Progress, DtlsError> {
        let fragments = plaintext_fragments(datagram).ok_or(DtlsError::Malformed)?;
        self.fragments = self.fragments.saturating_add(fragments);
        if self.fragments > FRAGMENTS_MAX {
            return Err(DtlsError::TooManyFragments);
        }
        match self.state {
            State::Closed => Ok(Progress::Nothing),
            State::AwaitingHello => self.await_hello(now, datagram),
            State::Handshaking(_) | State::Established => self.read(now, BytesMut::from(datagram)),
        }
    }

    fn await_hello(&mut self, now: Instant, datagram: &[u8]) -> Result<Progress, DtlsError> {
        if self.waiting.len() >= HELLO_DATAGRAMS_MAX {
            self.waiting.clear();
        }
        self.waiting.push(BytesMut::from(datagram));
        let Some(OfferedProfiles(offered)) = self.hello.read(datagram) else { return Ok(Progress::Nothing) };
        let profile = SrtpProfile::choose(&offered).ok_or(DtlsError::HandshakeFailed)?;
        self.endpoint = Some(Box::new(self.start(profile)?));
        self.state = State::Handshaking(profile);
        self.hello = HelloReader::default();
        let mut progress = Progress::Nothing;
        for datagram in std::mem::take(&mut self.waiting) {
            progress = self.read(now, datagram)?;
        }
        Ok(progress)
    }

    fn start(&self, profile: SrtpProfile) -> Result<Endpoint, DtlsError> {
        let profile = match profile {
            SrtpProfile::AeadAes128Gcm => SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProfile::Aes128CmHmacSha1_80 => SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
        };
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&self.identity.crypto))
            .with_certificates(vec![self.identity.certificate.clone()])
            .with_srtp_protection_profiles(vec![profile])
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            // The certificate is self-signed by nature: its fingerprint against the offer's is what counts.
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .build(false, None)
            .map_err(|_| DtlsError::HandshakeFailed)?;
        Ok(Endpoint::new(ASSOCIATION, TransportProtocol::UDP, Some(Arc::new(config))))
    }

    fn read(&mut self, now: Instant, datagram: BytesMut) -> Result<Progress, DtlsError> {
        let Some(endpoint) = &mut self.endpoint else { return Ok(Progress::Nothing) };
        let read = endpoint.read(now, ASSOCIATION, None, datagram);
        self.collect(now);
        let events = match read {
            Ok(events) => events,
            // An established association outlives what strangers on its path send.
            Err(_) if self.state == State::Established => return Err(DtlsError::Malformed),
            Err(error) => {
                tracing::debug!(%error, "a DTLS handshake failed");
                self.state = State::Closed;
                return Err(DtlsError::HandshakeFailed);
            }
        };
        let mut progress = Progress::Nothing;
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => progress = self.complete()?,
                EndpointEvent::PeerClosed => {
                    self.state = State::Closed;
                    progress = Progress::Closed;
                }
                // Application data would be SCTP, which no answer agrees to.
                _ => {}
            }
        }
        Ok(progress)
    }

    /// Takes what the association wrote in answer to what it read.
    fn collect(&mut self, now: Instant) {
        let Some(endpoint) = &mut self.endpoint else { return };
        let written: Vec<BytesMut> =
            std::iter::from_fn(|| endpoint.poll_transmit()).map(|transmit| transmit.message).collect();
        if !written.is_empty() {
            self.outbox.extend(written.iter().cloned());
            self.flight = Flight { datagrams: written, sent_at: Some(now), resends: 0 };
        } else if matches!(self.state, State::Handshaking(_))
            && self.flight.sent_at.is_some_and(|sent_at| now.saturating_duration_since(sent_at) >= REPEAT_INTERVAL)
        {
            self.resend(now);
        }
    }

    fn resend(&mut self, now: Instant) {
        self.outbox.extend(self.flight.datagrams.iter().cloned());
        self.flight.sent_at = Some(now);
    }

    fn complete(&mut self) -> Result<Progress, DtlsError> {
        let result = self.export();
        self.state = if result.is_ok() { State::Established } else { State::Closed };
        result
    }

    fn export(&self) -> Result<Progress, DtlsError> {
        let State::Handshaking(profile) = self.state else { return Err(DtlsError::HandshakeFailed) };
        let state = self.endpoint.as_ref().and_then(|endpoint| endpoint.get_connection_state(ASSOCIATION));
        let state = state.ok_or(DtlsError::HandshakeFailed)?;
        let certificate = state.peer_certificates.first().ok_or(DtlsError::WrongCertificate)?;
        if !self.fingerprints.iter().any(|fingerprint| fingerprint.is_of(certificate)) {
            return Err(DtlsError::WrongCertificate);
        }
        let material = state
            .export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], profile.keying_material_bytes())
            .map_err(|_| DtlsError::HandshakeFailed)?;
        Ok(Progress::Keys { profile, material: material.into_bytes() })
    }

    /// The next datagram to send on the selected path.
    pub fn poll_transmit(&mut self) -> Option<BytesMut> {
        self.outbox.pop_front()
    }

    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Handshaking(_) => self.flight.resend_at(),
            _ => None,
        }
    }

    /// Sends the last flight again if it is due.
    ///
    /// # Errors
    /// Where it was sent often enough.
    pub fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsError> {
        if self.poll_timeout().is_none_or(|at| now < at) {
            return Ok(());
        }
        self.flight.resends += 1;
        if self.flight.resends > RESENDS_MAX {
            self.state = State::Closed;
            return Err(DtlsError::HandshakeFailed);
        }
        self.resend(now);
        Ok(())
    }

    /// Says goodbye (`close_notify`).
    pub fn close(&mut self, now: Instant) {
        if let Some(endpoint) = &mut self.endpoint {
            let _ = endpoint.close(now);
        }
        self.state = State::Closed;
        self.collect(now);
    }
}
