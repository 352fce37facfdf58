//! A client's transport by the webrtc-rs family: ICE checks (RFC 8445, towards an ICE-lite server), DTLS as the client
//! (RFC 5764), SRTP. Sans-I/O; it shares no code with the server's own.

use super::sdp::Credentials;
use anyhow::{Context as _, Result, anyhow, ensure};
use bytes::BytesMut;
use rtc::crypto::RTCCryptoProvider;
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::srtp::config::{Config, LABEL_EXTRACTOR_DTLS_SRTP};
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a check is repeated until one is answered.
const CHECK_INTERVAL: Duration = Duration::from_millis(100);
/// How often consent is asked for then (RFC 7675 §5.1: 5 s, which browsers halve).
const CONSENT_INTERVAL: Duration = Duration::from_millis(2_500);
/// How often a flight of the handshake is repeated until it is answered (RFC 6347 §4.2.4.1). The crate gives up after
/// seven times, so a shorter time would count a server that is slow as one that fails.
const FLIGHT_INTERVAL: Duration = Duration::from_secs(1);

const QUIET: Duration = Duration::from_millis(5);

/// What all clients of a process share: making a certificate costs more than a handshake.
pub struct Identity {
    certificate: Certificate,
    crypto: Arc<dyn RTCCryptoProvider>,
    /// What `a=fingerprint` says: the hash's name and its value.
    pub fingerprint: String,
}

impl Identity {
    /// # Errors
    /// Where no certificate can be made.
    pub fn new() -> Result<Self> {
        let crypto = rtc::crypto::default_provider().context("no cryptography is built in")?;
        let certificate = Certificate::generate_self_signed(vec!["loadtest".to_owned()], crypto.crypto())?;
        let der = certificate.certificate.first().context("a certificate without content")?;
        let hash = ring::digest::digest(&ring::digest::SHA256, der.as_ref());
        let digits: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Self { certificate, crypto, fingerprint: format!("sha-256 {}", digits.join(":")) })
    }

    fn handshake(&self, server: SocketAddr) -> Result<HandshakeConfig> {
        Ok(ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&self.crypto))
            .with_certificates(vec![self.certificate.clone()])
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .with_flight_interval(FLIGHT_INTERVAL)
            .build(true, Some(server))?)
    }
}

/// What one datagram was.
pub enum Arrived<'a> {
    /// Of the transport itself, and dealt with.
    Nothing,
    /// The keys are there: media can flow.
    Connected,
    /// Sealed media or RTCP.
    Media(&'a [u8]),
}

/// Both directions' keys.
struct Keys {
    sealer: Context,
    opener: Context,
}

/// The transport of one client.
///
/// Feed it [`Self::handle_datagram`]; call [`Self::handle_timeout`] when [`Self::poll_timeout`] is due. Each appends
/// what is to be sent to the `out` that it is given.
pub struct Transport {
    identity: Arc<Identity>,
    local: Credentials,
    remote: Credentials,
    server: SocketAddr,
    next_check: Instant,
    /// The crate's timer may stay due after it was served; it is not asked again at once.
    quiet_until: Instant,
    checked: bool,
    /// Gone once the keys are there.
    handshake: Option<Box<Handshake>>,
    keys: Option<Box<Keys>>,
}

struct Handshake {
    endpoint: Endpoint,
    config: Arc<HandshakeConfig>,
    started: bool,
    flight: Vec<BytesMut>,
    resend_at: Instant,
}

impl Transport {
    /// # Errors
    /// Where the handshake can't be set up.
    pub fn new(
        now: Instant,
        identity: Arc<Identity>,
        local: Credentials,
        remote: Credentials,
        server: SocketAddr,
    ) -> Result<Self> {
        let handshake = Handshake {
            endpoint: Endpoint::new(server, TransportProtocol::UDP, None),
            config: Arc::new(identity.handshake(server)?),
            started: false,
            flight: Vec::new(),
            resend_at: now,
        };
        let handshake = Some(Box::new(handshake));
        let (next_check, quiet_until) = (now, now);
        Ok(Self { identity, local, remote, server, next_check, quiet_until, checked: false, handshake, keys: None })
    }

    #[must_use]
    pub fn server(&self) -> SocketAddr {
        self.server
    }

    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.keys.is_some()
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Instant {
        match &self.handshake {
            Some(handshake) if handshake.started => {
                let own = handshake.endpoint.poll_timeout(&self.server).unwrap_or(handshake.resend_at);
                own.min(self.next_check).max(self.quiet_until)
            }
            _ => self.next_check,
        }
    }

    /// # Errors
    /// Where the handshake fails for good.
    pub fn handle_timeout(&mut self, now: Instant, out: &mut Vec<BytesMut>) -> Result<()> {
        if now >= self.next_check {
            self.next_check = now + if self.checked { CONSENT_INTERVAL } else { CHECK_INTERVAL };
            out.push(self.check()?);
        }
        self.quiet_until = now + QUIET;
        let Some(handshake) = self.handshake.as_mut().filter(|handshake| handshake.started) else { return Ok(()) };
        match handshake.endpoint.poll_timeout(&self.server) {
            Some(at) if at <= now => {
                handshake.endpoint.handle_timeout(self.server, now)?;
                handshake.collect(now, out);
            }
            // Browsers repeat their last flight until it is answered; the crate's own timer stops for good when
            // anything incomplete arrives.
            None if now >= handshake.resend_at => {
                out.extend(handshake.flight.iter().cloned());
                handshake.resend_at = now + FLIGHT_INTERVAL;
            }
            _ => {}
        }
        Ok(())
    }

    /// # Errors
    /// Where the handshake fails for good.
    pub fn handle_datagram<'a>(
        &mut self,
        now: Instant,
        datagram: &'a [u8],
        out: &mut Vec<BytesMut>,
    ) -> Result<Arrived<'a>> {
        match datagram.first() {
            // RFC 7983 §7: what the first byte says.
            Some(0..=3) => self.handle_stun(now, datagram, out).map(|()| Arrived::Nothing),
            Some(20..=63) => self.handle_dtls(now, datagram, out),
            Some(128..=191) if self.keys.is_some() => Ok(Arrived::Media(datagram)),
            _ => Ok(Arrived::Nothing),
        }
    }

    fn handle_stun(&mut self, now: Instant, datagram: &[u8], out: &mut Vec<BytesMut>) -> Result<()> {
        let mut message = Message::new();
        if message.unmarshal_binary(datagram).is_err() {
            return Ok(());
        }
        if message.typ == BINDING_REQUEST {
            out.push(self.answer_check(&message)?);
            return Ok(());
        }
        if message.typ != BINDING_SUCCESS {
            return Ok(());
        }
        if !self.checked {
            self.checked = true;
            self.next_check = now + CONSENT_INTERVAL;
        }
        let Some(handshake) = self.handshake.as_mut().filter(|handshake| !handshake.started) else { return Ok(()) };
        handshake.started = true;
        handshake.endpoint.connect(now, self.server, Arc::clone(&handshake.config), None)?;
        handshake.collect(now, out);
        Ok(())
    }

    fn handle_dtls<'a>(&mut self, now: Instant, datagram: &[u8], out: &mut Vec<BytesMut>) -> Result<Arrived<'a>> {
        let Some(handshake) = self.handshake.as_mut() else { return Ok(Arrived::Nothing) };
        let events = handshake.endpoint.read(now, self.server, None, BytesMut::from(datagram))?;
        handshake.collect(now, out);
        if !events.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete)) {
            return Ok(Arrived::Nothing);
        }
        self.keys = Some(Box::new(handshake.keys(self.server, &self.identity)?));
        self.handshake = None;
        Ok(Arrived::Connected)
    }

    fn check(&self) -> Result<BytesMut> {
        struct UseCandidate;
        impl Setter for UseCandidate {
            fn add_to(&self, message: &mut Message) -> rtc::shared::error::Result<()> {
                message.add(ATTR_USE_CANDIDATE, &[]);
                Ok(())
            }
        }
        // RFC 8445 §7.2.2: the server's password signs what is sent to the server.
        let password = self.remote.password.clone();
        let integrity =
            MessageIntegrity::new_short_term_integrity_with_provider(password, self.identity.crypto.crypto());
        let username = format!("{}:{}", self.remote.ufrag, self.local.ufrag);
        let mut message = Message::new();
        message.build(&[
            Box::new(BINDING_REQUEST),
            Box::new(TransactionId::new()),
            Box::new(TextAttribute::new(ATTR_USERNAME, username)),
            Box::new(UseCandidate),
            Box::new(integrity),
            Box::new(FINGERPRINT),
        ])?;
        Ok(BytesMut::from(message.raw.as_slice()))
    }

    /// Answers a check. An ICE-lite agent should send none; Janus does, and waits for the answer.
    fn answer_check(&self, request: &Message) -> Result<BytesMut> {
        let password = self.local.password.clone();
        let integrity =
            MessageIntegrity::new_short_term_integrity_with_provider(password, self.identity.crypto.crypto());
        let mut message = Message::new();
        message.build(&[
            Box::new(BINDING_SUCCESS),
            Box::new(request.transaction_id),
            Box::new(XorMappedAddress { ip: self.server.ip(), port: self.server.port() }),
            Box::new(integrity),
            Box::new(FINGERPRINT),
        ])?;
        Ok(BytesMut::from(message.raw.as_slice()))
    }

    /// Opens a sealed RTP packet; nothing where it is not the server's.
    pub fn open_rtp(&mut self, datagram: &[u8]) -> Option<BytesMut> {
        self.keys.as_mut()?.opener.decrypt_rtp(datagram).ok()
    }

    /// Opens a sealed compound; nothing where it is not the server's.
    pub fn open_rtcp(&mut self, datagram: &[u8]) -> Option<BytesMut> {
        self.keys.as_mut()?.opener.decrypt_rtcp(datagram).ok()
    }

    /// Seals an RTP packet; nothing before the keys are there.
    pub fn seal_rtp(&mut self, packet: &[u8]) -> Option<BytesMut> {
        self.keys.as_mut()?.sealer.encrypt_rtp(packet).ok()
    }

    /// Seals a compound; nothing before the keys are there.
    pub fn seal_rtcp(&mut self, compound: &[u8]) -> Option<BytesMut> {
        self.keys.as_mut()?.sealer.encrypt_rtcp(compound).ok()
    }
}

impl Handshake {
    /// Takes what the association wrote, and keeps it to repeat it.
    fn collect(&mut self, now: Instant, out: &mut Vec<BytesMut>) {
        let mut written = Vec::new();
        while let Some(transmit) = self.endpoint.poll_transmit() {
            written.push(transmit.message);
        }
        if !written.is_empty() {
            out.extend(written.iter().cloned());
            self.flight = written;
            self.resend_at = now + FLIGHT_INTERVAL;
        }
    }

    fn keys(&self, server: SocketAddr, identity: &Identity) -> Result<Keys> {
        let state = self.endpoint.get_connection_state(server).context("an association without a state")?;
        let agreed = state.srtp_protection_profile();
        ensure!(
            agreed == SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            "the server chose {agreed:?} where AEAD_AES_128_GCM was offered"
        );
        let profile = ProtectionProfile::AeadAes128Gcm;
        let mut config = Config { profile, ..Config::default() };
        let material = state
            .export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len())
            .map_err(|error| anyhow!("no keys come out of the handshake: {error}"))?
            .into_bytes();
        config.set_session_keys_from_keying_material(&material, true)?;
        let crypto = identity.crypto.crypto();
        let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, profile, None, None, crypto);
        Ok(Keys {
            sealer: context(&config.keys.local_master_key, &config.keys.local_master_salt)?,
            opener: context(&config.keys.remote_master_key, &config.keys.remote_master_salt)?,
        })
    }
}
