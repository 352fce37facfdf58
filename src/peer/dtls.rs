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
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Our first retransmission; doubled by the association each time. RFC 6347 §4.2.4.1 has 1 s; media starts sooner on a
/// lossy network with the quarter of it.
const FLIGHT_INTERVAL: Duration = Duration::from_millis(250);
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
            .with_flight_interval(FLIGHT_INTERVAL)
            .build(false, None)
            .map_err(|_| DtlsError::HandshakeFailed)?;
        Ok(Endpoint::new(ASSOCIATION, TransportProtocol::UDP, Some(Arc::new(config))))
    }

    fn read(&mut self, now: Instant, datagram: BytesMut) -> Result<Progress, DtlsError> {
        let Some(endpoint) = &mut self.endpoint else { return Ok(Progress::Nothing) };
        let events = match endpoint.read(now, ASSOCIATION, None, datagram) {
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
        self.endpoint.as_mut()?.poll_transmit().map(|transmit| transmit.message)
    }

    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Handshaking(_) => self.endpoint.as_ref()?.poll_timeout(&ASSOCIATION),
            _ => None,
        }
    }

    /// Retransmits what is due.
    ///
    /// # Errors
    /// Where the handshake has used up its retransmissions.
    pub fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsError> {
        let Some(endpoint) = self.endpoint.as_mut().filter(|_| matches!(self.state, State::Handshaking(_))) else {
            return Ok(());
        };
        endpoint.handle_timeout(ASSOCIATION, now).map_err(|_| {
            self.state = State::Closed;
            DtlsError::HandshakeFailed
        })
    }

    /// Says goodbye (`close_notify`).
    pub fn close(&mut self, now: Instant) {
        if let Some(endpoint) = &mut self.endpoint {
            let _ = endpoint.close(now);
        }
        self.state = State::Closed;
    }
}
