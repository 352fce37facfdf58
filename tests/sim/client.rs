//! A WebRTC client in virtual time: checks, DTLS and SRTP by the webrtc-rs family, RTP by hand. It shares no code with
//! the server's own transport and media.

use bytes::BytesMut;
use qism::peer::{Fingerprint, Session};
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
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

const CHECK_INTERVAL: Duration = Duration::from_millis(200);
const RESEND_INTERVAL: Duration = Duration::from_millis(250);

/// One certificate serves all clients: making one costs more than a handshake.
static CERTIFICATE: LazyLock<(Certificate, Arc<dyn RTCCryptoProvider>)> = LazyLock::new(|| {
    let crypto = rtc::crypto::default_provider().expect("crypto");
    let certificate = Certificate::generate_self_signed(vec!["client".to_owned()], crypto.crypto()).expect("made");
    (certificate, crypto)
});

/// What `a=fingerprint` of every client's offer says.
pub fn fingerprint() -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, CERTIFICATE.0.certificate[0].as_ref());
    let digits: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    let text = format!("sha-256 {}", digits.join(":"));
    assert!(Fingerprint::parse(&text).is_some(), "the server reads {text}");
    text
}

/// The transport of one simulated client.
pub struct Client {
    session: Session,
    server: SocketAddr,
    endpoint: Endpoint,
    config: Arc<HandshakeConfig>,
    next_check: Instant,
    checked: bool,
    handshake_started: bool,
    srtp: Option<(Context, Context)>,
    pub negotiated: Option<SrtpProtectionProfile>,
    outbox: Vec<Vec<u8>>,
    flight: Vec<Vec<u8>>,
    resend_at: Instant,
}

/// What a client received, decrypted.
pub enum Received {
    Rtp(Vec<u8>),
    Rtcp(Vec<u8>),
}

impl Client {
    pub fn new(now: Instant, session: Session, server: SocketAddr, profiles: &[SrtpProtectionProfile]) -> Self {
        let (certificate, crypto) = &*CERTIFICATE;
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(crypto))
            .with_certificates(vec![certificate.clone()])
            .with_srtp_protection_profiles(profiles.to_vec())
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .with_flight_interval(RESEND_INTERVAL)
            .build(true, Some(server))
            .expect("a configuration");
        Self {
            session,
            server,
            endpoint: Endpoint::new(server, TransportProtocol::UDP, None),
            config: Arc::new(config),
            next_check: now,
            checked: false,
            handshake_started: false,
            srtp: None,
            negotiated: None,
            outbox: Vec::new(),
            flight: Vec::new(),
            resend_at: now,
        }
    }

    pub fn is_connected(&self) -> bool {
        self.srtp.is_some()
    }

    pub fn poll_transmit(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.outbox)
    }

    /// Takes what the association wrote, and keeps it: browsers repeat their last flight until it is answered, and
    /// the crate's own timer stops for good when anything incomplete arrives.
    fn collect(&mut self, now: Instant) {
        let mut written = Vec::new();
        while let Some(transmit) = self.endpoint.poll_transmit() {
            written.push(transmit.message.to_vec());
        }
        if !written.is_empty() {
            self.outbox.extend(written.iter().cloned());
            self.flight = written;
            self.resend_at = now + RESEND_INTERVAL;
        }
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        if now >= self.next_check {
            self.next_check = now + CHECK_INTERVAL;
            let check = self.check();
            self.outbox.push(check);
        }
        if self.srtp.is_some() || !self.handshake_started {
            return;
        }
        match self.endpoint.poll_timeout(&self.server) {
            Some(at) if at <= now => {
                self.endpoint.handle_timeout(self.server, now).expect("the handshake goes on");
                self.collect(now);
            }
            None if now >= self.resend_at => {
                self.outbox.extend(self.flight.iter().cloned());
                self.resend_at = now + RESEND_INTERVAL;
            }
            _ => {}
        }
    }

    fn check(&self) -> Vec<u8> {
        let Session { local, remote, .. } = &self.session;
        let integrity =
            MessageIntegrity::new_short_term_integrity_with_provider(local.password.clone(), CERTIFICATE.1.crypto());
        struct UseCandidate;
        impl Setter for UseCandidate {
            fn add_to(&self, message: &mut Message) -> rtc::shared::error::Result<()> {
                message.add(ATTR_USE_CANDIDATE, &[]);
                Ok(())
            }
        }
        let username = format!("{}:{}", local.ufrag, remote.ufrag);
        let mut message = Message::new();
        message
            .build(&[
                Box::new(BINDING_REQUEST),
                Box::new(TransactionId::new()),
                Box::new(TextAttribute::new(ATTR_USERNAME, username)),
                Box::new(UseCandidate),
                Box::new(integrity),
                Box::new(FINGERPRINT),
            ])
            .expect("a check");
        message.raw
    }

    pub fn handle(&mut self, now: Instant, datagram: &[u8]) -> Option<Received> {
        match datagram[0] {
            0..=3 => {
                let mut message = Message::new();
                message.unmarshal_binary(datagram).expect("a STUN response");
                assert_eq!(message.typ, BINDING_SUCCESS);
                self.checked = true;
                if !self.handshake_started {
                    self.handshake_started = true;
                    self.endpoint.connect(now, self.server, Arc::clone(&self.config), None).expect("a ClientHello");
                    self.collect(now);
                }
                None
            }
            20..=63 => {
                let events = self.endpoint.read(now, self.server, None, BytesMut::from(datagram)).expect("DTLS");
                self.collect(now);
                for event in events {
                    if matches!(event, EndpointEvent::HandshakeComplete) {
                        self.install_keys();
                    }
                }
                None
            }
            _ => {
                let (_, opener) = self.srtp.as_mut().expect("media comes after the handshake");
                if (192..=223).contains(&datagram[1]) {
                    Some(Received::Rtcp(opener.decrypt_rtcp(datagram).expect("sealed RTCP").to_vec()))
                } else {
                    Some(Received::Rtp(opener.decrypt_rtp(datagram).expect("sealed RTP").to_vec()))
                }
            }
        }
    }

    fn install_keys(&mut self) {
        let state = self.endpoint.get_connection_state(self.server).expect("an association");
        self.negotiated = Some(state.srtp_protection_profile());
        let profile = match state.srtp_protection_profile() {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
            _ => ProtectionProfile::Aes128CmHmacSha1_80,
        };
        let mut config = Config { profile, ..Config::default() };
        let material = state
            .export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len())
            .expect("keys")
            .into_bytes();
        config.set_session_keys_from_keying_material(&material, true).expect("keys that fit");
        let crypto = CERTIFICATE.1.crypto();
        let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, profile, None, None, crypto).expect("keys");
        let keys = &config.keys;
        self.srtp = Some((
            context(&keys.local_master_key, &keys.local_master_salt),
            context(&keys.remote_master_key, &keys.remote_master_salt),
        ));
    }

    pub fn send_rtp(&mut self, packet: &[u8]) {
        let (sealer, _) = self.srtp.as_mut().expect("connected");
        let sealed = sealer.encrypt_rtp(packet).expect("sealed");
        self.outbox.push(sealed.to_vec());
    }

    pub fn send_rtcp(&mut self, compound: &[u8]) {
        let (sealer, _) = self.srtp.as_mut().expect("connected");
        let sealed = sealer.encrypt_rtcp(compound).expect("sealed");
        self.outbox.push(sealed.to_vec());
    }
}
