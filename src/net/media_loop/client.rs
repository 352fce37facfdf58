//! One end of a media loop: a client with a voice or an ear, and no more of WebRTC than that takes.

use super::LoopFault;
use crate::ids::PeerId;
use crate::net::MediaPlane;
use crate::peer::Session;
use crate::shard::Command;
use bytes::BytesMut;
use rtc::crypto::RTCCryptoProvider;
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType};
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
use std::fmt::Display;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout_at};

/// After how long without an answer a datagram is sent again.
const RESEND_AFTER: Duration = Duration::from_millis(100);

/// The largest datagram that the server sends.
const DATAGRAM_BYTES_MAX: usize = 1_500;

const PAYLOAD_TYPE: u8 = 111;
const SSRC: u32 = 1;
/// RTP clock ticks of 20 ms of Opus (RFC 7587 §4.1).
const PACKET_TICKS: u32 = 960;
/// How many bytes a packet's voice has: more than those of silence.
const VOICE_BYTES: usize = 40;

struct Identity {
    certificate: Certificate,
    crypto: Arc<dyn RTCCryptoProvider>,
}

/// One certificate serves all loops: making one costs more than a handshake.
fn identity() -> Result<&'static Identity, LoopFault> {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    if let Some(identity) = IDENTITY.get() {
        return Ok(identity);
    }
    let crypto = rtc::crypto::default_provider().map_err(cryptography)?;
    let certificate =
        Certificate::generate_self_signed(vec!["loop".to_owned()], crypto.crypto()).map_err(cryptography)?;
    Ok(IDENTITY.get_or_init(|| Identity { certificate, crypto }))
}

fn cryptography(error: impl Display) -> LoopFault {
    LoopFault::Cryptography(error.to_string())
}

fn socket(error: impl Display) -> LoopFault {
    LoopFault::Socket(error.to_string())
}

/// An offer of one m-line with sound that goes one way.
pub(super) fn offer(mid: &str, way: &str) -> Result<String, LoopFault> {
    let certificate = identity()?.certificate.certificate.first();
    let der = certificate.ok_or_else(|| cryptography("the certificate is empty"))?;
    let hash = ring::digest::digest(&ring::digest::SHA256, der.as_ref());
    let digits: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mid}\r\na=ice-ufrag:loop\r\n\
         a=ice-pwd:{:0>22}\r\na=fingerprint:sha-256 {}\r\na=setup:actpass\r\n\
         m=audio 9 UDP/TLS/RTP/SAVPF {PAYLOAD_TYPE}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=rtcp-mux\r\n\
         a=rtpmap:{PAYLOAD_TYPE} opus/48000/2\r\na=ssrc:{SSRC} cname:loop\r\na={way}\r\n",
        0,
        digits.join(":")
    ))
}

/// A client of one peer of the media plane; the peer ends with it.
pub(super) struct Client {
    plane: MediaPlane,
    peer: PeerId,
    session: Arc<Session>,
    server: SocketAddr,
    socket: UdpSocket,
    keys: Option<Keys>,
}

struct Keys {
    seal: Context,
    open: Context,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.plane.send(Command::Disconnect { peer: self.peer });
    }
}

impl Client {
    pub async fn new(
        plane: MediaPlane,
        peer: PeerId,
        session: Arc<Session>,
        server: SocketAddr,
    ) -> Result<Self, LoopFault> {
        let own = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let opened = UdpSocket::bind(SocketAddr::new(own, 0)).await;
        let connected = match opened {
            Ok(socket) => socket.connect(server).await.map(|()| socket),
            Err(error) => Err(error),
        };
        match connected {
            Ok(socket) => Ok(Self { plane, peer, session, server, socket, keys: None }),
            Err(error) => {
                plane.send(Command::Disconnect { peer });
                Err(socket(error))
            }
        }
    }

    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// Sends connectivity checks until one is answered (RFC 8445 §7.2).
    pub async fn check(&mut self) -> Result<(), LoopFault> {
        loop {
            let request = self.request()?;
            self.send(&request).await?;
            let resend_at = Instant::now() + RESEND_AFTER;
            while let Ok(datagram) = timeout_at(resend_at, self.receive()).await {
                let mut message = Message::new();
                if message.unmarshal_binary(&datagram?).is_ok() && message.typ == BINDING_SUCCESS {
                    return Ok(());
                }
            }
        }
    }

    fn request(&self) -> Result<Vec<u8>, LoopFault> {
        let Session { local, remote, .. } = &*self.session;
        let crypto = identity()?.crypto.crypto();
        let integrity = MessageIntegrity::new_short_term_integrity_with_provider(local.password.clone(), crypto);
        let user = format!("{}:{}", local.ufrag, remote.ufrag);
        let mut message = Message::new();
        message
            .build(&[
                Box::new(BINDING_REQUEST),
                Box::new(TransactionId::new()),
                Box::new(TextAttribute::new(ATTR_USERNAME, user)),
                Box::new(UseCandidate),
                Box::new(integrity),
                Box::new(FINGERPRINT),
            ])
            .map_err(cryptography)?;
        Ok(message.raw)
    }

    /// The client's end of the DTLS handshake, until it has keys.
    pub async fn shake_hands(&mut self) -> Result<(), LoopFault> {
        let Identity { certificate, crypto } = identity()?;
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(crypto))
            .with_certificates(vec![certificate.clone()])
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            // The other end is this process.
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .build(true, Some(self.server))
            .map_err(cryptography)?;
        let mut endpoint = Endpoint::new(self.server, TransportProtocol::UDP, None);
        let now = || Instant::now().into_std();
        endpoint.connect(now(), self.server, Arc::new(config), None).map_err(cryptography)?;
        let mut flight: Vec<BytesMut> = Vec::new();
        while self.keys.is_none() {
            let written: Vec<BytesMut> =
                std::iter::from_fn(|| endpoint.poll_transmit()).map(|transmit| transmit.message).collect();
            if !written.is_empty() {
                flight = written;
            }
            for datagram in &flight {
                self.send(datagram).await?;
            }
            let Ok(datagram) = timeout_at(Instant::now() + RESEND_AFTER, self.receive()).await else { continue };
            let datagram = datagram?;
            if !matches!(datagram.first(), Some(20..=63)) {
                continue;
            }
            let read = endpoint.read(now(), self.server, None, BytesMut::from(&*datagram)).map_err(cryptography)?;
            if read.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete)) {
                self.keys = Some(keys(&endpoint, self.server)?);
            }
        }
        // What ends the handshake on the other side.
        while let Some(transmit) = endpoint.poll_transmit() {
            self.send(&transmit.message).await?;
        }
        Ok(())
    }

    /// Sends a packet of voice with this number in it.
    pub async fn say(&mut self, number: u16) -> Result<(), LoopFault> {
        let Some(keys) = &mut self.keys else { return Ok(()) };
        let mut packet = vec![0x80, PAYLOAD_TYPE];
        packet.extend(number.to_be_bytes());
        packet.extend(u32::from(number).wrapping_mul(PACKET_TICKS).to_be_bytes());
        packet.extend(SSRC.to_be_bytes());
        packet.extend(number.to_be_bytes().iter().cycle().take(VOICE_BYTES));
        let sealed = keys.seal.encrypt_rtp(&packet).map_err(cryptography)?;
        self.send(&sealed).await
    }

    /// Waits for a packet of voice, and gives the number in it.
    pub async fn hear(&mut self) -> Result<u16, LoopFault> {
        loop {
            let datagram = self.receive().await?;
            let Some(keys) = &mut self.keys else { continue };
            let is_rtp = matches!(datagram.as_slice(), [128..=191, second, ..] if !(192..=223).contains(second));
            if !is_rtp {
                continue;
            }
            let Ok(packet) = keys.open.decrypt_rtp(&datagram) else { continue };
            if let Some([high, low]) = packet.last_chunk::<2>() {
                return Ok(u16::from_be_bytes([*high, *low]));
            }
        }
    }

    async fn send(&mut self, datagram: &[u8]) -> Result<(), LoopFault> {
        self.socket.send(datagram).await.map(drop).map_err(socket)
    }

    async fn receive(&mut self) -> Result<Vec<u8>, LoopFault> {
        let mut datagram = vec![0; DATAGRAM_BYTES_MAX];
        let length = self.socket.recv(&mut datagram).await.map_err(socket)?;
        datagram.truncate(length);
        Ok(datagram)
    }
}

/// The mark of the path that is to be used (RFC 8445 §7.1.2).
struct UseCandidate;

impl Setter for UseCandidate {
    fn add_to(&self, message: &mut Message) -> rtc::shared::error::Result<()> {
        message.add(ATTR_USE_CANDIDATE, &[]);
        Ok(())
    }
}

/// The client's SRTP keys from the handshake (RFC 5764 §4.2).
fn keys(endpoint: &Endpoint, server: SocketAddr) -> Result<Keys, LoopFault> {
    let state = endpoint.get_connection_state(server).ok_or_else(|| cryptography("no association"))?;
    let profile = ProtectionProfile::AeadAes128Gcm;
    let mut config = Config { profile, ..Config::default() };
    let material = state
        .export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len())
        .map_err(cryptography)?;
    config.set_session_keys_from_keying_material(&material.into_bytes(), true).map_err(cryptography)?;
    let crypto = identity()?.crypto.crypto();
    let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, profile, None, None, crypto).map_err(cryptography);
    let keys = &config.keys;
    Ok(Keys {
        seal: context(&keys.local_master_key, &keys.local_master_salt)?,
        open: context(&keys.remote_master_key, &keys.remote_master_salt)?,
    })
}
